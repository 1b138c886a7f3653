"""A file with as many mistakes as it has room for costs what its size costs, and no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.units import TEXT
from tests.sample import copy_sample
from tests.work import count_calls
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import MOST, Problem, ProblemList, Severity, sort_problems
from zi_eval.core.rules import RuleSet
from zi_eval.performance.table.reader import read_plan
from zi_eval.period.unit_file import UnitReading, parse_unit
from zi_eval.yaml_files.source import parse_yaml

ONE = 150
"""Calls that one more mistake may cost: it is read, looked up and counted."""


def added(work: Callable[[int], object], few: int = 400) -> float:
    """Return how many calls each mistake costs beyond the first few hundred."""
    work(few)  # what is found out once
    one, two = (count_calls(lambda n=n: work(n)) for n in (few, 3 * few))
    return (two - one) / (2 * few)


@pytest.fixture
def read(instrument: Instrument, rules: RuleSet) -> Callable[[str], UnitReading]:
    return lambda text: parse_unit(
        parse_yaml(text.encode(), "dinas-uji.yaml"), instrument, rules, "2026"
    )


def test_unknown_keys_and_questions_cost_no_search_each(
    read: Callable[[str], UnitReading],
) -> None:
    def keys(count: int) -> UnitReading:
        return read(TEXT + "".join(f"  A.I.1.i.{n}: Ya\n" for n in range(count)))

    def tops(count: int) -> UnitReading:
        return read("".join(f"namaa{n}: x\n" for n in range(count)) + TEXT)

    def answers(count: int) -> UnitReading:
        return read("".join(f"jawabann{n}: {{unitt: 1}}\n" for n in range(count)) + TEXT)

    for work in (keys, tops, answers):
        assert added(work) < ONE
        problems = work(2_445).problems
        assert len(problems) <= MOST + 2
        assert "dan 2.345 lainnya." in problems[MOST].message


def test_unknown_headings_cost_no_search_each(tmp_path: Path) -> None:
    period = copy_sample(tmp_path, "dpmptsp", plans=["dpmptsp"]) / "parameters" / "2026"
    table = (period / "kinerja" / "dpmptsp.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))

    def work(count: int) -> tuple[Problem, ...]:
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            writer.writerow([*rows[0], *(f"realisasi_tww{n}" for n in range(count))])
            writer.writerow([*rows[1], *["1"] * count])
        return read_plan(path, "dpmptsp", 2026).problems

    assert added(work) < ONE
    assert "dan 300 lainnya." in work(400)[MOST].message


def test_every_error_counts_also_behind_many_warnings() -> None:
    problems: ProblemList[None] = ProblemList("u.yaml")
    for _ in range(3 * MOST):
        problems.warning("x", "perhatian")
    problems.error("y", "salah")
    assert len(problems) == MOST + 2
    assert [p.message for p in problems if p.severity is Severity.ERROR] == ["salah"]
    assert sort_problems(problems)[-1].message == f"dan {2 * MOST} lainnya."
    assert problems.nearest("namaa", ["nama"]) is None


def test_a_word_as_long_as_a_file_is_near_nothing(read: Callable[[str], UnitReading]) -> None:
    text = f"{'nama' * 100_000}: 1\n" + TEXT
    once = count_calls(lambda: read(TEXT + "x: 1\n"))
    assert count_calls(lambda: read(text)) < once * 1.2
