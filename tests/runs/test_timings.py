"""Where the time of a run goes, and what the warm process leaves out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import evaluate
from zi_eval.period import reading
from zi_eval.period.reading import Period
from zi_eval.period.share import FOLDER as RUN
from zi_eval.runs.batch import make_unit, plan_recap, plan_units
from zi_eval.runs.jobs import make_recap
from zi_eval.runs.ledger import State, is_all_done, open_ledger
from zi_eval.runs.pool import Call, run_calls, warm_times
from zi_eval.runs.shares import compute_shares
from zi_eval.runs.timings import Stopwatch


def test_a_stopwatch_keeps_phases_in_the_order_in_which_they_ended() -> None:
    times = Stopwatch()
    times.end_start("memuat program")
    with times.phase("luar"), times.phase("dalam"):
        pass
    times.add("gladi", 2.0, 1.5, is_beside=True)
    assert [phase.name for phase in times.phases] == ["memuat program", "dalam", "luar", "gladi"]
    assert [phase.is_beside for phase in times.phases] == [False, False, False, True]
    assert times.phases[1].wall <= times.phases[2].wall
    assert times.has_any("gladi")
    assert not times.has_any("rekap")


def what_is_warm() -> tuple[list[str], bool, bool]:
    names = [name for name, _, _ in warm_times()]
    return names, "jsonschema" in sys.modules, "rfc3987_syntax" in sys.modules


@pytest.mark.kernel
def test_a_forked_process_knows_what_warmed_it_which_built_no_grammar_and_hid_no_module() -> None:
    (ended,) = run_calls([Call("x", what_is_warm)])
    assert ended.value == (["memuat pustaka", "gladi laporan"], True, False)
    assert ended.processor > 0


def imported_by(function: Callable[[Any], object], job: Any) -> list[str]:
    before = set(sys.modules)
    function(job)
    return sorted(set(sys.modules) - before)


def compiled_by(function: Callable[[Any], object], job: Any) -> list[str]:
    """Return the templates that a job compiles."""
    seen: list[str] = []
    compile_one = Environment.compile

    def note(self: Environment, source: Any, name: str | None = None, *rest: Any) -> Any:
        seen.append(str(name))
        return compile_one(self, source, name, *rest)

    Environment.compile = note  # type: ignore[method-assign,assignment]
    function(job)
    return seen


def evaluated_by(function: Callable[[Any], object], job: Any) -> list[str]:
    """Return each evaluation that a job makes: period and unit."""
    seen: list[str] = []

    def note(*parts: Any) -> Any:
        seen.append(f"{parts[2].period}/{parts[2].unit.id}")
        return evaluate(*parts)

    reading.evaluate = note  # type: ignore[attr-defined]
    function(job)
    return sorted(seen)


@pytest.fixture
def tasks(folder: Path) -> list[tuple[Callable[[Any], object], Any]]:
    """The jobs of a full unit and of the recap."""
    period, outputs = Period(folder / "parameters" / "2026"), folder / "outputs" / "2026"
    shares = compute_shares(period)
    shares.write(outputs / RUN)
    (job,) = plan_units(folder, period, ["dpmptsp"], Stage.TPI, outputs, shares=shares)
    return [(make_unit, job), (make_recap, plan_recap(folder, period, Stage.TPI, outputs))]


@pytest.mark.kernel
def test_a_job_imports_nothing_since_the_warm_process_has_it(
    tasks: list[tuple[Callable[[Any], object], Any]],
) -> None:
    ended = list(run_calls([Call(task[0].__name__, imported_by, task) for task in tasks]))
    assert [item.error for item in ended] == [None] * 2
    assert {item.key: item.value for item in ended if item.value} == {}


@pytest.mark.kernel
def test_no_unit_compiles_a_template(tasks: list[tuple[Callable[[Any], object], Any]]) -> None:
    (unit,) = run_calls([Call("unit", compiled_by, tasks[0])])
    assert (unit.error, unit.value) == (None, [])


@pytest.mark.kernel
def test_a_job_evaluates_nothing_twice_though_its_notebooks_show_it(
    tasks: list[tuple[Callable[[Any], object], Any]],
) -> None:
    unit, recap = run_calls([Call(task[0].__name__, evaluated_by, task) for task in tasks])
    assert (unit.error, recap.error) == (None, None)
    assert unit.value == ["2025/dpmptsp", "2026-akip/dpmptsp", "2026/dpmptsp"]
    assert len(recap.value) == len(set(recap.value))
    assert {f"2026/{name}" for name in ("bapenda", "dpmptsp")} <= set(recap.value)


def test_a_plan_needs_no_library_that_is_heavy() -> None:
    said = "import sys, zi_eval.runs.batch; heavy = {'asyncio', 'numpy', 'openpyxl', 'pydantic'};"
    said += "sys.exit(bool(heavy & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", said], check=True)


def test_a_folder_is_all_done_where_each_job_of_the_last_run_is(tmp_path: Path) -> None:
    assert not is_all_done(tmp_path)
    with open_ledger(tmp_path) as ledger:
        ledger.record("a", "1", State.DONE)
        assert is_all_done(tmp_path)
        ledger.record("b", "1", State.FAILED)
        assert not is_all_done(tmp_path)
