"""The register of recommendations: read tolerantly, carried over by itself, beside the facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.sample import copy_sample
from zi_eval.case import load_case
from zi_eval.core.assessment import Fact
from zi_eval.core.problems import Severity
from zi_eval.core.verdict import Status as Verdict
from zi_eval.period.reading import Period
from zi_eval.recommendations.load import (
    load_register,
    load_registers,
    register_files,
    stray_registers,
)
from zi_eval.recommendations.page.sections import register_recap, register_section
from zi_eval.recommendations.page.words import age_text, fact_text, finding_lines
from zi_eval.recommendations.table.headings import COLUMNS, FORM
from zi_eval.recommendations.table.reader import read_recommendations
from zi_eval.recommendations.values import (
    AGENCY,
    Origin,
    Recommendation,
    Register,
    Status,
    carry_over,
)

TODAY = date(2026, 11, 27)
HEAD = "nomor;sumber;rekomendasi;pertanyaan;tanggal;batas waktu;status;bukti;diverifikasi oleh\n"


def item(number: str, origin: Origin = Origin.LHE, **fields: object) -> Recommendation:
    return Recommendation(number, origin, "Isi", **fields)  # type: ignore[arg-type]


def write(folder: Path, period: str, unit: str, rows: str, head: str = HEAD) -> Path:
    path = folder / "parameters" / period / "tindak-lanjut" / f"{unit}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + rows, encoding="utf-8")
    return path


def read(tmp_path: Path, rows: str, head: str = HEAD) -> tuple[Recommendation, ...] | None:
    path = tmp_path / "dpmptsp.csv"
    path.write_text(head + rows, encoding="utf-8")
    return read_recommendations(path, 2026)[0]


# --- the table ---


def test_headings_and_statuses_are_read_as_people_write_them(tmp_path: Path) -> None:
    head = "No;Nomor Temuan;Pemeriksa;Uraian Temuan;Tgl LHP;Tanggal Laporan;Status TL;Data Dukung\n"
    head = head.replace("No;", "").replace("Tgl LHP;", "")
    found = read(
        tmp_path,
        "1.a;Inspektorat;Setor;3 Maret 2026;Belum sesuai;x\n2;LHP BPK;Lengkapi;;Tuntas;",
        head,
    )
    assert found is not None
    assert [(i.number, i.origin, i.status) for i in found] == [
        ("1.a", Origin.APIP, Status.STARTED),
        ("2", Origin.BPK, Status.DONE),
    ]
    assert found[0].issued == date(2026, 3, 3)


def test_empty_status_is_open_and_questions_are_split(tmp_path: Path) -> None:
    found = read(tmp_path, "1;LHE;Isi;A.I.1.i.a, A.I.1.i.b;;;;;\n")
    assert found is not None
    assert found[0].status is Status.OPEN
    assert found[0].questions == ("A.I.1.i.a", "A.I.1.i.b")
    assert found[0].question == "A.I.1.i.a"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("1;LHE;;;;;;;\n", "wajib-diisi"),
        (";LHE;Isi;;;;;;\n", "wajib-diisi"),
        ("1;;Isi;;;;;;\n", "wajib-diisi"),
        ("1;LHE;Isi;;;;nanti;;\n", "pilihan-tidak-dikenal"),
        ("1;LHE;Isi;;;;;;\n1;LHE;Lain;;;;;;\n", "nomor-ganda"),
    ],
)
def test_what_cannot_be_right_is_named_with_its_cell(tmp_path: Path, rows: str, code: str) -> None:
    path = tmp_path / "dpmptsp.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    found, problems = read_recommendations(path, 2026)
    assert found is None
    assert [p.code for p in problems if p.severity is Severity.ERROR] == [code]
    assert problems[0].cell.startswith("dpmptsp!")


def test_same_number_of_another_source_is_another_recommendation(tmp_path: Path) -> None:
    found = read(tmp_path, "1;LHE;Isi;;;;;;\n1;BPK;Isi;;;;;;\n")
    assert found is not None
    assert len(found) == 2


def test_unknown_question_is_warned_of_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEAD + "1;LHE;Isi;A.I.1.i.z;;;;;\n", encoding="utf-8")
    found, problems = read_recommendations(path, 2026, ["A.I.1.i.a"])
    assert found is not None
    assert found[0].questions == ("A.I.1.i.z",)
    assert [(p.code, p.severity) for p in problems] == [("butir-tidak-dikenal", Severity.WARNING)]


def test_templates_are_read_as_empty_tables(tmp_path: Path) -> None:
    book, text = tmp_path / "a.xlsx", tmp_path / "a.csv"
    book.write_bytes(FORM.to_workbook())
    text.write_text(FORM.to_csv(), encoding="utf-8-sig")
    assert read_recommendations(book, 2026) == ((), ())
    assert read_recommendations(text, 2026) == ((), ())
    assert all(FORM.find(column.name) == column.name for column in COLUMNS)
    heads = ("Status TL", "Nomor Temuan", "Anggaran")
    assert [FORM.find(head) for head in heads] == ["status", "nomor", ""]


# --- over the periods ---


def test_open_items_are_carried_over_and_a_later_row_says_what_became_of_them() -> None:
    first = [item("1"), item("2"), item("3", status=Status.DONE, issued=date(2025, 2, 1))]
    found = carry_over([("2025", first), ("2026", [item("2", status=Status.DONE), item("9")])])
    register = Register("x", "2026", found)
    assert [(i.number, i.period, i.since) for i in register.items] == [
        ("2", "2026", "2025"),
        ("9", "2026", "2026"),
        ("1", "2025", "2025"),
        ("3", "2025", "2025"),
    ]
    assert [i.number for i in register.carried] == ["1"]
    assert [i.number for i in register.shown] == ["2", "9", "1"]
    assert [i.number for i in register.before] == ["2", "1", "3"]


def test_date_of_the_first_table_stays_known() -> None:
    found = carry_over([("2025", [item("1", issued=date(2025, 2, 1))]), ("2026", [item("1")])])
    assert found[0].issued == date(2025, 2, 1)


def test_open_longer_than_a_year_counts_from_the_date_or_the_first_table() -> None:
    assert item("1", issued=date(2025, 11, 26)).is_old(TODAY)
    assert not item("1", issued=date(2025, 11, 27)).is_old(TODAY)
    assert not item("1", issued=date(2024, 1, 1), status=Status.DONE).is_old(TODAY)
    assert item("1", since="2024").is_old(TODAY)
    assert not item("1", since="2025").is_old(TODAY)
    assert not item("1").is_old(TODAY)


def test_age_is_said_in_years_and_months_or_since_which_period() -> None:
    assert age_text(item("1", issued=date(2026, 11, 20)), TODAY) == "7 hari"
    assert age_text(item("1", issued=date(2024, 11, 20)), TODAY) == "2 tahun"
    assert age_text(item("1", since="2024"), TODAY) == "sejak 2024"


def test_sample_unit_carries_what_last_year_left_open(tmp_path: Path, root: Path) -> None:
    register = load_register(root / "parameters" / "2026", "dpmptsp")
    assert [i.number for i in register.carried] == ["LHE-2025-2"]
    assert {i.number: i.status for i in register.before} == {
        "LHE-2025-1": Status.DONE,
        "LHE-2025-2": Status.OPEN,
        "LHE-2025-3": Status.DONE,
    }
    assert finding_lines(register, TODAY)[0].startswith("lewat batas waktu 30/06/2026: LHE-2025-2")


def test_broken_table_of_an_earlier_period_is_a_warning_only(folder: Path) -> None:
    write(folder, "2025", "bapenda", "1;LHE;;;;;;;\n")
    register = load_register(folder / "parameters" / "2026", "bapenda")
    assert not register
    assert [p.severity for p in register.problems] == [Severity.WARNING]


def test_two_tables_of_a_unit_are_named_and_none_counts(folder: Path) -> None:
    path = write(folder, "2026", "bapenda", "1;LHE;Isi;;;;;;\n")
    path.with_suffix(".xlsx").write_bytes(FORM.to_workbook())
    register = load_register(folder / "parameters" / "2026", "bapenda")
    assert [p.code for p in register.problems] == ["dua-tabel"]
    assert not register


def test_table_of_no_unit_is_astray_but_not_that_of_the_agency(folder: Path) -> None:
    write(folder, "2026", "dpmtpsp", "1;LHE;Isi;;;;;;\n")
    period = Period.read(folder / "parameters" / "2026")
    (problem,) = stray_registers(period)
    assert "dpmptsp" in problem.hint
    assert set(load_registers(period)) == {"dpmptsp", "kecamatan-merdeka", AGENCY}


def test_report_of_a_unit_depends_on_its_tables_of_all_periods(root: Path) -> None:
    period = Period.read(root / "parameters" / "2026")
    files = register_files(period, ["dpmptsp", "bapenda"])
    assert [p.parent.parent.name for p in files["dpmptsp"]] == ["2025", "2026"]
    assert files["bapenda"] == ()


# --- beside the facts ---


def followed(folder: Path, fact: Fact | None, rows: str) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict on a unit that meets WBK, and its doubts, with a register beside it."""
    copy_sample(folder, "puskesmas-sukamaju")
    unit = folder / "parameters" / "2026" / "puskesmas-sukamaju.yaml"
    said = "" if fact is None else f"{fact:g}"
    text = unit.read_text(encoding="utf-8")
    unit.write_text(text.replace("tindak_lanjut: 100", f"tindak_lanjut: {said}"), encoding="utf-8")
    write(folder, "2026", "puskesmas-sukamaju", rows)
    verdict = load_case(unit).evaluation.verdicts["WBK"]
    return verdict.status, verdict.doubts


DONE = "1;APIP;Isi;;;;selesai;https://x.example/a.pdf;Inspektorat\n"
OPEN = "2;BPK;Isi;;;;proses;;\n"


def test_open_finding_contradicts_a_file_that_says_all_are_settled(tmp_path: Path) -> None:
    status, doubts = followed(tmp_path, 100.0, DONE + OPEN)
    assert status is Verdict.UNKNOWN
    assert "register tindak lanjut (1 dari 2 temuan)" in " ".join(doubts)


def test_settled_findings_agree_with_the_file(tmp_path: Path) -> None:
    assert followed(tmp_path, 100.0, DONE)[0] is Verdict.MET


def test_lesser_shares_are_no_contradiction_because_a_register_need_not_have_all(
    tmp_path: Path,
) -> None:
    assert not any("register" in d for d in followed(tmp_path, 92.0, DONE + OPEN)[1])


def test_other_recommendations_say_nothing_of_audit_findings(tmp_path: Path) -> None:
    assert followed(tmp_path, 100.0, OPEN.replace("BPK", "LHE"))[0] is Verdict.MET


def test_empty_fact_is_proposed_and_never_filled_in(tmp_path: Path) -> None:
    followed(tmp_path, None, DONE + OPEN)
    case = load_case(tmp_path / "parameters" / "2026" / "puskesmas-sukamaju.yaml")
    assert case.register is not None
    assert "tindak_lanjut" not in case.evaluation.assessment.facts
    assert "usulan" in fact_text(case.register, None)


# --- pages ---


def test_texts_of_people_are_escaped_on_pages() -> None:
    bad = "<script>alert(1)</script>"
    found = Recommendation(
        bad, Origin.LHE, bad, (bad,), owner=bad, action=bad, period="2026", since="2024"
    )
    register = Register("x", "2026", (found,))
    for section in (
        register_section(register, None, TODAY),
        register_recap({"x": register}, {"x": bad}, TODAY),
    ):
        assert "&lt;script&gt;" in section.html
        assert "<script" not in section.html


def test_nothing_is_shown_where_nothing_was_recommended() -> None:
    assert not register_section(None, None, TODAY)
    assert not register_recap({}, {}, TODAY)
