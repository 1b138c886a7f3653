"""The invented sample agency keeps the fates its units were written for."""

from __future__ import annotations

from pathlib import Path

import pytest

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import NOT_APPLICABLE, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.workspace import check_files, load_agency_evaluation

FOLDER = Path(__file__).parents[1] / "parameters" / "2026"
FILES = sorted(FOLDER.glob("*.yaml"))
UNIT_FILES = [path for path in FILES if path.name != "instansi.yaml"]
MAX_BYTES = 40_000

FATES = {
    "puskesmas-sukamaju": ("WBBM", "met", "met"),
    "dpmptsp": ("WBK", "met", "not_met"),
    "dinas-dukcapil": ("WBK", "not_met", "not_met"),
    "rsud-harapan": ("WBK", "not_met", "not_met"),
    "kecamatan-merdeka": ("WBK", "unknown", "not_met"),
    "dinas-perhubungan": ("WBK", "not_met", "not_met"),
    "smpn-1-contoh": ("WBK", "not_met", "not_met"),
    "bapenda": ("WBK", "not_met", "not_met"),
}
"""Target, then the status for WBK and for WBBM, at the TPI's stage."""


def _by_id(agency: AgencyEvaluation) -> dict[str, Evaluation]:
    return {item.assessment.unit.id: item for item in agency.evaluations}


@pytest.fixture(scope="module")
def agency() -> AgencyEvaluation:
    return load_agency_evaluation(FOLDER)


@pytest.fixture(scope="module")
def units(agency: AgencyEvaluation) -> dict[str, Evaluation]:
    return _by_id(agency)


@pytest.fixture(scope="module")
def own_units() -> dict[str, Evaluation]:
    return _by_id(load_agency_evaluation(FOLDER, Stage.UNIT))


def _failed_rules(unit: Evaluation, predicate: str = "WBK") -> set[str]:
    return {outcome.rule.id for outcome in unit.verdicts[predicate].failed_rules}


def _failed_prerequisites(unit: Evaluation, predicate: str = "WBK") -> set[str]:
    return {item.prerequisite.id for item in unit.verdicts[predicate].failed_prerequisites}


def _differences(unit: Evaluation) -> list[str]:
    return [
        identifier
        for identifier, answer in unit.assessment.answers.items()
        if answer.tpi is not None and answer.tpi != answer.unit
    ]


def test_no_file_has_a_problem() -> None:
    assert [str(problem) for problem in check_files(FILES)] == []


def test_every_unit_is_evaluated(agency: AgencyEvaluation) -> None:
    assert agency.failures == {}
    assert set(_by_id(agency)) == set(FATES)


def test_no_answer_is_questionable(units: dict[str, Evaluation]) -> None:
    assert {str(problem) for unit in units.values() for problem in unit.problems} == set()


def test_agency_says_that_it_is_invented(agency: AgencyEvaluation) -> None:
    assert "rekaan" in agency.agency.remark


@pytest.mark.parametrize("path", UNIT_FILES, ids=lambda path: path.stem)
def test_unit_file_says_that_it_is_invented_and_stays_small(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert "rekaan" in first
    assert path.stat().st_size < MAX_BYTES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_links_lead_to_the_reserved_example_domain(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("://") == text.count("https://bukti.kabupaten-contoh.example/")


@pytest.mark.parametrize("unit", FATES)
def test_unit_has_its_fate(units: dict[str, Evaluation], unit: str) -> None:
    evaluation = units[unit]
    statuses = tuple(verdict.status.value for verdict in evaluation.verdicts.values())
    assert tuple(evaluation.verdicts) == ("WBK", "WBBM")
    assert (evaluation.assessment.target, *statuses) == FATES[unit]


def test_dpmptsp_falls_short_of_wbbm_by_score_as_well(units: dict[str, Evaluation]) -> None:
    unit = units["dpmptsp"]
    assert _failed_rules(unit, "WBBM") == {"total", "A", "area-2", "area-3", "B.II"}
    assert _failed_prerequisites(unit, "WBBM") == {"memegang_wbk"}


def test_dukcapil_fails_one_area_above_the_total(
    units: dict[str, Evaluation], own_units: dict[str, Evaluation]
) -> None:
    unit = units["dinas-dukcapil"]
    assert _failed_rules(unit) == {"area-5"}
    assert _failed_prerequisites(unit) == set()
    assert unit.card.total.score == pytest.approx(83.39, abs=0.01)
    assert _failed_rules(own_units["dinas-dukcapil"]) == set()


def test_rsud_fails_on_ipak_alone(units: dict[str, Evaluation]) -> None:
    unit = units["rsud-harapan"]
    assert _failed_rules(unit) == {"B.I.a"}
    assert _failed_prerequisites(unit) == set()
    assert unit.card.values["B.I.a"].answer == 3.52


def test_kecamatan_cannot_be_concluded(units: dict[str, Evaluation]) -> None:
    unit = units["kecamatan-merdeka"]
    verdict = unit.verdicts["WBK"]
    assert len(verdict.open_questions) == 20
    assert [item.prerequisite.id for item in verdict.unknown_prerequisites] == ["tindak_lanjut"]
    assert verdict.failed_prerequisites == ()


def test_tpi_takes_wbk_from_dinas_perhubungan(
    units: dict[str, Evaluation], own_units: dict[str, Evaluation]
) -> None:
    unit = units["dinas-perhubungan"]
    assert own_units["dinas-perhubungan"].verdicts["WBK"].status.value == "met"
    assert _failed_rules(unit) == {"total", "A", "area-2", "area-3", "area-5"}
    different = _differences(unit)
    assert 30 <= len(different) <= 40
    assert all(unit.assessment.answers[identifier].tpi_note for identifier in different)


def test_school_is_held_back_by_a_prerequisite_only(units: dict[str, Evaluation]) -> None:
    unit = units["smpn-1-contoh"]
    assert _failed_rules(unit) == set()
    assert _failed_prerequisites(unit) == {"lhkasn"}
    answer = unit.assessment.answers["A.II.5.ii.a"]
    assert answer.unit is NOT_APPLICABLE
    assert answer.reason


def test_bapenda_is_early_and_without_tpi(units: dict[str, Evaluation]) -> None:
    unit = units["bapenda"]
    assert all(answer.tpi is None for answer in unit.assessment.answers.values())
    assert unit.card.total.score == pytest.approx(57.99, abs=0.01)
    assert len(_failed_rules(unit)) == len(unit.verdicts["WBK"].rules)
