"""Earlier periods: which folders they are, what is read, what never stops the present one."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zi_eval.case import Case, load_case
from zi_eval.chance.corrections import learn_corrections
from zi_eval.core.assessment import Stage
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Severity
from zi_eval.errors import InstrumentError, WorkspaceError
from zi_eval.instruments import load_instrument
from zi_eval.pages.unit.sections import unit_report
from zi_eval.period.earlier import earlier_folders
from zi_eval.period.reading import Period
from zi_eval.period.share import dump_share
from zi_eval.report.made import Made
from zi_eval.runs.batch import plan_recap, plan_units
from zi_eval.runs.identity import job_identity
from zi_eval.trends.earlier import Matching
from zi_eval.trends.load import (
    agency_files,
    dump_others,
    earlier_files,
    load_earlier,
    load_others,
    load_trends,
    parse_others,
)
from zi_eval.trends.matching_file import load_matching

SAMPLE = Path(__file__).parents[2] / "parameters"
MADE = Made(datetime(2026, 1, 1, tzinfo=UTC), "1")


@pytest.fixture
def home(tmp_path: Path, root: Path) -> Path:
    for year in ("2025", "2026"):
        folder = tmp_path / "parameters" / year
        folder.mkdir(parents=True)
        for name in ("instansi", "dpmptsp", "kecamatan-merdeka"):
            shutil.copy(root / "parameters" / year / f"{name}.yaml", folder)
    return tmp_path / "parameters"


@pytest.mark.parametrize(
    ("folder", "earlier"),
    [
        ("2026", ["2022", "2023", "2024", "2025"]),
        ("2024", ["2021", "2022", "2023"]),
        ("2026-akip", ["2025-akip"]),
        ("contoh", ["contoh-2025"]),
        ("contoh-2026", ["contoh-2025"]),
        ("2021", []),
    ],
)
def test_earlier_folders_are_of_the_same_kind_oldest_first(
    tmp_path: Path, folder: str, earlier: list[str]
) -> None:
    years = ("2021", "2022", "2023", "2024", "2025", "2026", "2027")
    for name in (*years, "2025-akip", "2026-akip", "contoh", "contoh-2025", "lain-2025"):
        (tmp_path / name).mkdir()
    (tmp_path / "2020").write_text("no folder")
    assert [path.name for path in earlier_folders(tmp_path / folder)] == earlier


def test_a_named_period_follows_the_plain_years_of_its_instrument(home: Path) -> None:
    shutil.copytree(home / "2026", home / "2026 final")
    assert [path.name for path in earlier_folders(home / "2026 final")] == ["2025"]
    assert load_trends(home / "2026 final", "dpmptsp").unit is not None
    # One of its own kind counts before, and another instrument's never.
    shutil.copytree(home / "2025", home / "2024 final")
    assert [path.name for path in earlier_folders(home / "2026 final")] == ["2024 final"]
    shutil.copytree(SAMPLE / "2026-akip", home / "2026-akip")
    assert earlier_folders(home / "2026-akip") == ()


def test_a_unit_is_read_in_every_earlier_period_that_has_it(home: Path) -> None:
    shutil.copytree(home / "2025", home / "2024")
    (home / "2024" / "kecamatan-merdeka.yaml").unlink()
    found = load_earlier(Period(home / "2026"), home / "2026" / "dpmptsp.yaml")
    assert [item.period for item in found.periods] == ["2024", "2025"]
    other = home / "2026" / "kecamatan-merdeka.yaml"
    assert len(load_earlier(Period(home / "2026"), other).periods) == 1
    assert found.problems == ()


def test_a_broken_earlier_file_is_a_warning_of_the_present_report(home: Path) -> None:
    path = home / "2025" / "dpmptsp.yaml"
    path.write_text(path.read_text("utf-8").replace("A.I.1.i.b: {unit: A", "A.I.1.i.b: {unit: Z"))
    data = load_case(home / "2026" / "dpmptsp.yaml")
    assert data.earlier == ()
    (problem,) = data.problems
    assert "2025" in problem.file
    assert problem.severity is Severity.WARNING
    assert "tidak ikut dibandingkan" in problem.hint
    with pytest.raises(WorkspaceError, match=r"Belum ada periode sebelumnya(.|\n)*'Z'"):
        load_trends(home / "2026", "dpmptsp")


def test_without_earlier_period_nothing_is_read_and_nothing_said(home: Path) -> None:
    data = load_case(home / "2025" / "dpmptsp.yaml")
    assert (data.earlier, data.problems) == ((), ())
    with pytest.raises(WorkspaceError, match="parameters/2024"):
        load_trends(home / "2025")


def test_files_of_earlier_periods_are_named_for_unit_and_agency(home: Path) -> None:
    (home / "2025" / "hilang.yaml").write_text("id: hilang")
    files = earlier_files(Period(home / "2026"), ["dpmptsp", "baru"])
    names = {unit: [f"{p.parent.name}/{p.name}" for p in paths] for unit, paths in files.items()}
    assert names == {"dpmptsp": ["2025/dpmptsp.yaml", "2025/instansi.yaml"], "baru": []}
    assert "hilang.yaml" in {path.name for path in agency_files(Period(home / "2026"))}


def test_the_stage_of_the_report_counts_for_earlier_periods_too(home: Path) -> None:
    text = (home / "2025" / "dpmptsp.yaml").read_text("utf-8")
    (home / "2025" / "dpmptsp.yaml").write_text(
        text.replace("A.I.1.i.b: {unit: A, tpi: A", "A.I.1.i.b: {unit: A, tpi: C")
    )
    path = home / "2026" / "dpmptsp.yaml"
    scores = [
        load_case(path, stage).earlier[0].evaluation.card.total.score for stage in ("unit", "tpi")
    ]
    assert scores[0] > scores[1]


def _other(instrument: Instrument) -> Instrument:
    return replace(instrument, id="zi-2019")


def test_instruments_match_by_their_data_file_alone(instrument: Instrument, tmp_path: Path) -> None:
    assert load_matching(_other(instrument), instrument, tmp_path) is None
    path = tmp_path / "earlier" / "zi-2019.yaml"
    path.parent.mkdir()
    path.write_text(
        "questions: {A.I.1.i.a: A.I.1.i.a, A.I.1.i.b: A.I.1.i.b}\n"
        "codes: {A.I.1.i.b: {A: B}}\nsource: contoh\n"
    )
    assert load_matching(_other(instrument), instrument, tmp_path) == Matching(
        {"A.I.1.i.a": "A.I.1.i.a", "A.I.1.i.b": "A.I.1.i.b"}, {"A.I.1.i.b": {"A": "B"}}
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("questions: {A.I.1.i.x: A.I.1.i.a}", "A.I.1.i.x tidak ada di zi-2021"),
        ("questions: {A.I.1.i.a: A.I.9.z}", "A.I.9.z tidak ada di zi-2019"),
        ("questions: {A.I.1.i.a: A.I.1.i.b, A.I.1.i.b: A.I.1.i.b}", "sudah dipadankan"),
        (
            "questions: {A.I.1.i.b: A.I.1.i.b}\ncodes: {A.I.1.i.b: {Q: A}}",
            "tidak ada pada skalanya",
        ),
        ("questions: {}\ncodes: {A.I.1.i.b: {A: A}}", "pertanyaannya tidak"),
    ],
)
def test_a_wrong_matching_is_refused_with_its_line(
    instrument: Instrument, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "earlier" / "zi-2019.yaml"
    path.parent.mkdir()
    path.write_text(f"{text}\nsource: contoh\n")
    with pytest.raises(InstrumentError, match=said):
        load_matching(_other(instrument), instrument, tmp_path)


def test_a_changed_earlier_file_makes_unit_and_recap_anew(home: Path) -> None:
    period, outputs = Period.read(home / "2026"), home.parent / "outputs" / "2026"

    def identities() -> list[str]:
        units = plan_units(home.parent, period, ["dpmptsp"], Stage.TPI, outputs)
        recap = plan_recap(home.parent, period, Stage.TPI, outputs)
        return [job_identity(job) for job in (*units, recap)]

    before = identities()
    assert identities() == before
    path = home / "2025" / "dpmptsp.yaml"
    path.write_text(path.read_text("utf-8") + "# x\n", "utf-8")
    assert all(new != old for new, old in zip(identities(), before, strict=True))


def test_a_report_states_the_chance_from_earlier_periods_and_is_silent_without_anything_uncertain(
    tmp_path: Path,
) -> None:
    file = SAMPLE / "2026" / "dpmptsp.yaml"
    shown = unit_report(load_case(file), MADE).chance()
    assert "Peluang WBK" in shown._repr_html_()
    alone = tmp_path / "2026" / "dpmptsp.yaml"
    alone.parent.mkdir()
    alone.write_bytes(file.read_bytes())
    (alone.parent / "instansi.yaml").write_bytes((SAMPLE / "2026" / "instansi.yaml").read_bytes())
    silent = unit_report(load_case(alone), MADE).chance()
    assert silent._repr_html_() == ""


def test_others_are_read_from_the_latest_earlier_period_and_broken_ones_left_out(
    tmp_path: Path,
) -> None:
    shutil.copytree(SAMPLE / "2025", tmp_path / "2025")
    (tmp_path / "2026").mkdir()
    whole = load_others(Period(tmp_path / "2026"))
    (tmp_path / "2025" / "dpmptsp.yaml").write_text("id: [", encoding="utf-8")
    left = load_others(Period(tmp_path / "2026"))
    assert {item.unit.id for item in whole} - {item.unit.id for item in left} == {"dpmptsp"}
    assert load_others(Period(tmp_path / "2025")) == ()


def test_what_a_run_hands_on_of_other_units_says_the_same_of_corrections() -> None:
    case = load_case(SAMPLE / "2026" / "dpmptsp.yaml")
    content = json.loads(dump_share(dump_others(case.others)))
    handed = parse_others(content, case.evaluation.instrument)
    whole = learn_corrections(case.evaluation.instrument, case.others)
    again = learn_corrections(case.evaluation.instrument, handed)
    assert (again.units, again.down.moved, again.up.moved) == (
        whole.units,
        whole.down.moved,
        whole.up.moved,
    )
    assert (again.down.rates == whole.down.rates).all()
    chances = [
        Case.known(case.evaluation, others=others).chance for others in (case.others, handed)
    ]
    assert chances[0].shares == chances[1].shares


def test_nothing_of_another_instrument_is_taken_for_an_answer() -> None:
    others = load_case(SAMPLE / "2026" / "dpmptsp.yaml").others
    content = json.loads(dump_share(dump_others(others)))
    other = load_instrument("akip-2021")
    assert [dict(item.answers) for item in parse_others(content, other)] == [{}] * len(others)
