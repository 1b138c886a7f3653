"""One unit, known whole: each file is opened once, each part computed once, nothing stops it."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.work import opened_files
from zi_eval.case import Case, load_case
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Severity
from zi_eval.errors import WorkspaceError
from zi_eval.pages.unit.sections import unit_report
from zi_eval.period.reading import Period
from zi_eval.report.made import Made
from zi_eval.runs.shares import compute_shares

UNITS = ("dpmptsp", "dinas-dukcapil", "dinas-perhubungan")
SECTIONS = (
    "opening", "rules", "chance", "action_plan", "areas", "results", "trends", "surveys",
    "performance", "proposals", "improvements", "differences", "missing_evidence", "answers",
    "warnings", "origin",
)  # fmt: skip


def opens(home: Path, run: str) -> Counter[str]:
    """Return how often a full unit's report opens each file of a folder."""
    with opened_files(home) as opened:
        report = unit_report(load_case(home / "2026" / "dpmptsp.yaml", "tpi", run), Made.now())
        for name in SECTIONS:
            assert getattr(report, name)(), name
    return Counter(path.relative_to(home).as_posix() for path in opened)


@pytest.fixture
def sample(tmp_path: Path, root: Path) -> Path:
    """The sample agency, its unit with a plan, three surveys and an earlier year, in team files."""
    home = tmp_path / "parameters"
    shutil.copytree(root / "parameters", home)
    agency = home / "2026" / "instansi.yaml"
    text = agency.read_text("utf-8").replace("permenpanrb-90-2021", "aturan-kami.yaml")
    agency.write_text(text, "utf-8")
    (home / "2026" / "aturan-kami.yaml").write_text(
        "id: kami\nbase: permenpanrb-90-2021\ntitle: kami\ndate: '2026'\nsource: kami\n", "utf-8"
    )
    (home / "2026" / "upaya.yaml").write_text("judul: perkiraan kami\n", "utf-8")
    return home


def test_a_full_unit_opens_each_file_once_from_its_file_to_its_report(sample: Path) -> None:
    seen = opens(sample, "")
    assert {name for name, times in seen.items() if times > 1} == set()
    assert {
        "2026/instansi.yaml", "2026/aturan-kami.yaml", "2026/upaya.yaml", "2026/dpmptsp.yaml",
        "2026/kinerja/dpmptsp.csv", "2026/survei/dpmptsp.ipak.csv", "2026/survei/ipak.yaml",
        "2025/dpmptsp.yaml", "2026-akip/dpmptsp.yaml",
    } <= set(seen)  # fmt: skip
    # What its plan is compared with stands on the page of the performance alone.
    assert "2026/kinerja/bapenda.csv" not in seen


def test_a_unit_of_a_run_opens_no_file_of_another_unit(sample: Path, tmp_path: Path) -> None:
    compute_shares(Period(sample / "2026")).write(tmp_path / "run")
    seen = opens(sample, str(tmp_path / "run"))
    assert {name for name, times in seen.items() if times > 1} == set()
    stems = {name.rpartition("/")[2].partition(".")[0] for name in seen}
    of_all = {"instansi", "aturan-kami", "upaya", "ipak", "ipkp", "skm", "keputusan", "pemegang"}
    assert stems == ({"dpmptsp"} | of_all) & stems
    assert "dpmptsp" in stems


def test_a_verdict_on_settled_answers_opens_no_unit_of_earlier_periods(sample: Path) -> None:
    case, earlier = load_case(sample / "2026" / "dpmptsp.yaml"), sample / "2025"
    units = {path.name for path in earlier.glob("*.yaml")} - {"instansi.yaml"}
    with opened_files(earlier) as opened:
        assert case.verdicts["WBK"].doubts
    assert units & {path.name for path in opened} == set()
    with opened_files(earlier) as opened:  # for what a page says of the TPI's corrections
        assert case.chance is not None
        assert (case.chance.periods, case.chance.is_alone) == (1, False)
    assert units & {path.name for path in opened} == units


@pytest.fixture
def period(tmp_path: Path, root: Path) -> Path:
    source, target = root / "parameters" / "2026", tmp_path / "parameters" / "2026"
    (target / "kinerja").mkdir(parents=True)
    for name in ("instansi", *UNITS, "kecamatan-merdeka"):
        shutil.copy(source / f"{name}.yaml", target)
    for name in UNITS:
        shutil.copy(source / "kinerja" / f"{name}.csv", target / "kinerja")
    return target


def damage(table: Path) -> None:
    """Put a word where a target belongs: an error with a cell."""
    head, first, *rest = table.read_text("utf-8-sig").splitlines()
    place = head.split(";").index("target_tw1")
    cells = first.split(";")
    cells[place] = "banyak"
    table.write_text("\n".join([head, ";".join(cells), *rest]), "utf-8")


def test_a_section_is_rendered_once(period: Path) -> None:
    report = unit_report(load_case(period / "dpmptsp.yaml"), Made.now())
    assert report.opening() is report.opening()
    assert report.performance() is report.performance()


def test_a_part_is_computed_once_and_kept(period: Path) -> None:
    case = load_case(period / "dpmptsp.yaml")
    for name in ("evaluation", "performance", "proposals", "problems", "improvement", "steps_up"):
        assert getattr(case, name) is getattr(case, name)


def test_a_broken_table_stops_nobody_and_is_told_with_its_cell(period: Path) -> None:
    damage(period / "kinerja" / "dinas-dukcapil.csv")
    assert load_case(period / "dpmptsp.yaml").problems == ()
    own = load_case(period / "dinas-dukcapil.yaml")
    assert own.performance is None
    assert own.proposals == ()
    assert own.evaluation.card.total.answered
    assert all(problem.severity is Severity.WARNING for problem in own.problems)
    assert any(problem.cell and "banyak" in problem.message for problem in own.problems)


def test_proposals_name_their_table_and_follow_the_instrument(period: Path) -> None:
    proposals = load_case(period / "dpmptsp.yaml").proposals
    assert {proposal.source for proposal in proposals} == {"kinerja/dpmptsp.csv"}
    questions = [proposal.question for proposal in proposals]
    assert {"B.I.b", "A.II.4.i.a", "A.I.4.i.c"} <= set(questions)
    assert questions == sorted(questions)
    assert all(proposal.reasons for proposal in proposals)


def test_nothing_is_proposed_for_questions_of_another_instrument(
    tmp_path: Path, root: Path
) -> None:
    period = tmp_path / "2026-akip"
    shutil.copytree(root / "parameters" / "2026-akip", period)
    (period / "kinerja").mkdir()
    unit = next(path for path in sorted(period.glob("*.yaml")) if path.stem != "instansi")
    table = root / "parameters" / "2026" / "kinerja" / "dpmptsp.csv"
    shutil.copy(table, period / "kinerja" / f"{unit.stem}.csv")
    case = load_case(unit)
    assert case.performance is not None
    assert case.proposals == ()


def test_a_folder_without_a_year_leaves_the_answers_alone(period: Path) -> None:
    other = period.rename(period.with_name("coba"))
    agency = other / "instansi.yaml"
    lines = agency.read_text("utf-8").splitlines()
    agency.write_text("\n".join(x for x in lines if not x.startswith("tahun:")), "utf-8")
    case = load_case(other / "dpmptsp.yaml")
    assert "tidak memuat tahun" in case.problems[0].message
    assert case.evaluation.card.total.answered


def test_a_unit_without_data_has_none(period: Path) -> None:
    case = load_case(period / "kecamatan-merdeka.yaml")
    assert (case.performance, case.surveys, case.proposals, case.problems) == (None, None, (), ())


def test_a_file_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"tiada.yaml tidak ada"):
        load_case(tmp_path / "tiada.yaml")


def test_of_a_known_evaluation_the_rest_is_empty(period: Path) -> None:
    evaluation = load_case(period / "dpmptsp.yaml", Stage.UNIT).evaluation
    case = Case.known(evaluation)
    assert case.stage is Stage.UNIT
    assert (case.performance, case.improvement, case.trends) == (None, None, None)
    assert case.chance is None
