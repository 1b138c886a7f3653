"""Holders of predicates: read, carried on, contradicted by what is proposed, monitored in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import zi_eval as zi
from tests.sample import copy_sample, run_command
from zi_eval.calendar.load import load_deadlines
from zi_eval.case import Case
from zi_eval.checking import check_tables
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.verdict import Status
from zi_eval.face.books import agency_report
from zi_eval.national.holders import Aim, Holder, Holders, check_share, find_conflicts
from zi_eval.national.load import load_holders
from zi_eval.national.page.words import holder_text
from zi_eval.national.table.holders import FORM, read_holders
from zi_eval.pages.unit.sections import unit_report
from zi_eval.period.reading import Period
from zi_eval.proposal.load import load_proposal
from zi_eval.proposal.values import Fit
from zi_eval.report.made import Made

DAY = date(2026, 5, 31)
UNIT = "puskesmas-sukamaju"
HEAD = "unit;predikat;tanggal;dicabut;sebab\n"


def wbk(awarded: date | None = date(2023, 12, 15), revoked: date | None = None) -> Holders:
    return Holders((Holder("u", "WBK", awarded, revoked=revoked),), "tpn/pemegang.csv")


def codes(holders: Holders, target: str = "WBBM", states: bool | None = True) -> list[str]:
    found = find_conflicts(holders, [Aim("u", "Unit U", target, states)], DAY)
    assert all(unit == "u" for unit, _ in found)
    return [problem.code for _, problem in found]


@pytest.mark.parametrize(
    ("holders", "target", "states", "found"),
    [
        (wbk(), "WBBM", True, []),
        (wbk(date(2024, 5, 31)), "WBBM", True, []),
        (wbk(date(2024, 6, 15)), "WBBM", True, ["wbk-kurang-dua-tahun"]),
        (wbk(date(2025, 6, 15)), "WBBM", True, ["wbk-belum-cukup-lama"]),
        (wbk(None), "WBBM", True, ["wbk-tanpa-tanggal"]),
        (wbk(date(2026, 6, 1)), "WBBM", None, ["wbk-tidak-dipegang"]),
        (wbk(revoked=date(2025, 6, 10)), "WBBM", None, ["wbk-tidak-dipegang"]),
        (wbk(revoked=date(2025, 6, 10)), "WBBM", True,
         ["syarat-beda-pemegang", "wbk-tidak-dipegang"]),
        (wbk(revoked=date(2026, 6, 10)), "WBBM", True, []),
        (wbk(), "WBK", True, ["predikat-sudah-dipegang"]),
        (wbk(), "WBBM", False, ["syarat-beda-pemegang"]),
        (wbk(revoked=date(2025, 6, 10)), "WBK", False, ["predikat-dicabut"]),
        (Holders((Holder("v", "WBK"),), "t"), "WBK", False, []),
        (Holders((Holder("v", "WBK"),), "t"), "WBBM", None, ["wbk-tidak-dipegang"]),
        (Holders(), "WBBM", True, []),
    ],
)  # fmt: skip
def test_what_contradicts_a_target_is_found(
    holders: Holders, target: str, states: bool | None, found: list[str]
) -> None:
    assert codes(holders, target, states) == found


def test_a_revocation_after_the_proposals_close_counts_once_its_day_has_come() -> None:
    late, later = wbk(revoked=date(2026, 7, 15)), date(2026, 7, 15)
    assert codes(replace(late, today=date(2026, 7, 14))) == []
    known = replace(late, today=later)
    assert codes(known) == ["syarat-beda-pemegang", "wbk-tidak-dipegang"]
    assert codes(known, "WBK", False) == ["predikat-dicabut"]
    assert not known.active(DAY)
    # What is awarded after they close is not held for this proposal, whatever the day.
    assert codes(replace(wbk(date(2026, 6, 1)), today=later), states=None) == ["wbk-tidak-dipegang"]


def test_more_than_thirty_percent_is_strictly_more() -> None:
    units = [f"u{n}" for n in range(10)]
    three = Holders(tuple(Holder(unit, "WBK") for unit in units[:3]), "t")
    assert check_share(three, units, DAY) == ()
    four = Holders((*three.items, Holder("u3", "WBBM"), Holder("u3", "WBK")), "t")
    (problem,) = check_share(four, units, DAY)
    assert "4 dari 10 unit" in problem.message
    revoked = Holders((*three.items, Holder("u3", "WBK", revoked=date(2025, 1, 1))), "t")
    assert check_share(revoked, units, DAY) == ()
    # A holder without a file in the period counts on both sides.
    assert (
        "5 dari 11"
        in check_share(Holders((*four.items, Holder("x", "WBK")), "t"), units, DAY)[0].message
    )


def test_a_table_is_read_tolerantly_and_what_decides_must_be_readable(tmp_path: Path) -> None:
    path = tmp_path / "pemegang.csv"
    path.write_text("ID Unit;Kategori;SK;TMT;Pencabutan\nu;wbk;1/2024;15 Desember 2023;\n")
    (item,), problems = read_holders(path, 2026, ["u"])
    assert (item.predicate, item.awarded, item.decree) == ("WBK", date(2023, 12, 15), "1/2024")
    assert problems == ()
    assert item.next_due == date(2024, 12, 14)
    for row, code in (
        ("u;WBK;15/12/2023;kemarin;", "tanggal-menentukan"),
        ("u;WBKK;;;", "pilihan-tidak-dikenal"),
        ("u;WBK;1/1/2024;;\nu;WBK;1/1/2024;;", "pemegang-ganda"),
    ):
        path.write_text(f"{HEAD}{row}\n")
        items, problems = read_holders(path, 2026, ["u"])
        assert items == ()
        assert code in {p.code for p in problems if p.severity is Severity.ERROR}
    path.write_text(f"{HEAD}lama;WBK;1/1/2020;;\n")
    items, problems = read_holders(path, 2026, ["u"])
    assert [p.code for p in problems] == ["unit-tidak-ada"]
    assert items[0].unit == "lama"
    book, text = tmp_path / "a.xlsx", tmp_path / "a.csv"
    book.write_bytes(FORM.to_workbook())
    text.write_text(FORM.to_csv(), encoding="utf-8-sig")
    assert read_holders(book, 2026, []) == read_holders(text, 2026, []) == ((), ())
    assert all(FORM.find(column.name) == column.name for column in FORM.columns)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = copy_sample(tmp_path / "zi", UNIT, "dpmptsp", years=("2025", "2026"))
    (made / "parameters/2026/tpn").mkdir(exist_ok=True)
    (made / "parameters/2025/tpn").mkdir(exist_ok=True)
    return made / "parameters" / "2026"


def test_a_table_holds_on_and_results_since_then_are_added(home: Path) -> None:
    earlier = home.parent / "2025" / "tpn"
    (earlier / "pemegang.csv").write_text(f"{HEAD}{UNIT};WBK;15/12/2023;;\n")
    (earlier / "keputusan.csv").write_text(
        "unit;tahap;keputusan;tanggal\ndpmptsp;hasil;lulus;20/12/2025\n"
    )
    (home / "tpn" / "pemegang.csv").unlink(missing_ok=True)
    found = load_holders(home)
    assert found.file == "2025/tpn/pemegang.csv"
    assert found.names == ("2025",)
    assert [(i.unit, i.predicate, i.row) for i in found.items] == [
        (UNIT, "WBK", 2), ("dpmptsp", "WBK", 0),
    ]  # fmt: skip
    deadlines = {item.id: item for item in load_deadlines(Period.read(home))[0]}
    due = deadlines["monitoring-dpmptsp-wbk"]
    assert due.day == date(2026, 12, 20)
    assert "periksa surat edaran tahun ini" in due.source


def test_a_proposal_without_its_wbk_is_said_by_every_view(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1785000000")  # 25 July 2026, after proposals closed
    period = Period.read(home)
    assert Case(period, period.unit_files[UNIT], Stage.TPI).evaluation.target.status is Status.MET
    bad = "<b>pungli</b>"
    (home / "tpn" / "pemegang.csv").write_text(
        f"{HEAD}{UNIT};WBK;15/12/2023;15/07/2026;{bad}\ndpmptsp;WBK;15/12/2024;;\n"
    )
    period = Period(home)
    case = Case(period, period.unit_files[UNIT], Stage.TPI)
    target = case.evaluation.target
    assert target.status is Status.UNKNOWN
    assert any("WBBM, tetapi WBK-nya dicabut 15/07/2026" in doubt for doubt in target.doubts)
    report = unit_report(case, Made.now())
    assert "WBK-nya dicabut" in report.opening().html
    section = report.national().html
    assert "&lt;b&gt;pungli" in section
    assert bad not in section
    told = [str(problem) for problem in check_tables([home])]
    assert any("WBK-nya dicabut" in line for line in told)
    recap = agency_report(str(home))
    assert "1 dari 2 unit memegang predikat, lebih dari 30 %" in str(recap.masthead().html)
    assert "WBK-nya dicabut" in str(recap.national().html)
    proposal = load_proposal(home, [UNIT])
    (candidate,) = proposal.choice.chosen
    held = [check for check in candidate.checks if check.title == "Predikat yang dipegang"]
    assert Fit.MISFITS in {check.fit for check in held}
    (share,) = (check for check in proposal.checks if check.title == "Pemegang predikat")
    assert share.fit is Fit.MISFITS
    assert run_command("tpn", "holders", "--folder", home.parent.parent) == 0
    out = capsys.readouterr().out
    assert "WBK sejak 15/12/2023, dicabut 15/07/2026" in out
    assert "1 predikat dipegang" in out
    assert "! " in out
    assert zi.open_period(str(home)).holders()["active"].tolist() == [False, True]


def test_a_table_of_holders_that_cannot_be_read_makes_no_verdict_surer(home: Path) -> None:
    (home / "tpn" / "pemegang.csv").write_text(f"{HEAD}{UNIT};WBK;15/12/2023;kemarin;\n")
    period = Period(home)
    target = Case(period, period.unit_files[UNIT], Stage.TPI).evaluation.target
    assert target.status is Status.UNKNOWN
    assert any("tabel pemegang predikat tidak dapat dibaca" in d.lower() for d in target.doubts)


def test_a_predicate_of_a_coming_day_is_not_held_and_said() -> None:
    holders = Holders((Holder("u", "WBK", date(2026, 6, 1), row=2),), "tpn/pemegang.csv")
    (early,) = holders.dated_after(DAY)
    assert "01/06/2026 belum tiba" in str(early)
    assert not holders.active(DAY)
    assert holders.dated_after(date(2026, 6, 1)) == ()
    revoked = replace(holders.items[0], awarded=date(2023, 1, 1), revoked=date(2026, 7, 1))
    (coming,) = replace(holders, items=(revoked,)).dated_after(DAY)
    assert "dicabut 01/07/2026 belum tiba; masih dihitung memegang" in str(coming)
    assert "akan dicabut 01/07/2026" in holder_text(revoked, DAY)


def test_a_table_that_cannot_be_read_contradicts_nobody() -> None:
    broken = Problem(code="tabel-tak-terbaca", message="rusak", file="tpn/pemegang.csv")
    assert codes(Holders(file="tpn/pemegang.csv", problems=(broken,))) == []
