"""The efforts of a period as a unit's report uses them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from zi_eval.case import load_case
from zi_eval.core.problems import Severity
from zi_eval.errors import ArgumentError, ParameterError, ZiEvalError
from zi_eval.improvement.load import find_ways
from zi_eval.pages.unit.sections import unit_report
from zi_eval.period.evaluations import load_agency_evaluation
from zi_eval.report.made import Made


@pytest.fixture
def unit_file(tmp_path: Path, root: Path) -> Path:
    home = tmp_path / "2026"
    home.mkdir()
    for name in ("instansi", "dinas-dukcapil"):
        shutil.copy(root / "parameters" / "2026" / f"{name}.yaml", home)
    return home / "dinas-dukcapil.yaml"


def shown(unit_file: Path) -> tuple[str, str]:
    """Return the plan and the warnings of the unit's report."""
    report = unit_report(load_case(unit_file), Made.now())
    return str(report.action_plan().html), str(report.warnings().html)


def test_the_report_counts_by_the_teams_estimates(unit_file: Path) -> None:
    assert "perkiraan bawaan" in shown(unit_file)[0]
    own = unit_file.with_name("upaya.yaml")
    own.write_text("judul: perkiraan tim kami\n", encoding="utf-8")
    plan, _ = shown(unit_file)
    assert "perkiraan tim kami" in plan
    assert "perkiraan bawaan" not in plan


def test_a_limit_of_the_unit_is_kept_to_and_named(unit_file: Path) -> None:
    own = unit_file.with_name("upaya.yaml")
    own.write_text("unit:\n  dinas-dukcapil: {A: tetap, B: tetap}\n", encoding="utf-8")
    plan, _ = shown(unit_file)
    assert "tidak dapat dicapai dengan batas yang ditetapkan" in plan


def test_a_mistake_in_the_teams_file_is_a_warning_with_its_line_and_said_beside_the_plan(
    unit_file: Path,
) -> None:
    own = unit_file.with_name("upaya.yaml")
    own.write_text("judul: x\nbatas:\n  A.II.9: 1\n", encoding="utf-8")
    (problem,) = [p for p in load_case(unit_file).problems if p.file == str(own)]
    assert (problem.line, problem.severity) == (3, Severity.WARNING)
    plan, warnings = shown(unit_file)
    assert "upaya.yaml tidak dipakai karena salah" in plan
    assert "A.II.9" in warnings


def test_the_file_is_taken_for_no_unit(unit_file: Path) -> None:
    unit_file.with_name("upaya.yaml").write_text("judul: x\n", encoding="utf-8")
    agency = load_agency_evaluation(unit_file.parent)
    assert [item.assessment.unit.id for item in agency.evaluations] == ["dinas-dukcapil"]
    assert agency.failures == {}


def test_ways_of_units_are_found_within_typed_limits(root: Path) -> None:
    folder = root / "parameters" / "2026"
    ((evaluation, free),) = find_ways(folder, ["dpmptsp", "dpmptsp"], target="WBBM")
    assert evaluation.assessment.unit.id == "dpmptsp"
    assert free.predicate == "WBBM"
    assert free.way is not None
    moved = free.way.moves[0].question.id
    ((_, held),) = find_ways(folder, ["dpmptsp"], target="WBBM", most={moved: "tetap"})
    assert held.way is None or moved not in {move.question.id for move in held.way.moves}


@pytest.mark.parametrize(
    ("typed", "error", "said"),
    [
        ({"most": {"A.I.1": "dua"}}, ArgumentError, "banyaknya langkah"),
        ({"fixed": {"B.I.a": "9"}}, ArgumentError, "angka dari 0 sampai 4"),
        ({"fixed": {"A.I.9.z": "A"}}, ParameterError, r"A\.I\.9\.z"),
        ({"target": "WBKK"}, ZiEvalError, "pilih salah satu"),
    ],
)
def test_limits_that_cannot_be_read_are_refused(
    root: Path, typed: dict[str, Any], error: type[ZiEvalError], said: str
) -> None:
    with pytest.raises(error, match=said):
        find_ways(root / "parameters" / "2026", ["dpmptsp"], **typed)
