"""A file with as many mistakes as it has room for costs what its size costs, and no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.units import TEXT
from tests.lke.builder import build
from tests.sample import copy_sample
from tests.work import count_calls
from zi_eval.calendar.load import parse_deadlines, usual_deadlines
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import (
    MOST,
    Problem,
    ProblemList,
    Severity,
    shorten,
    sort_problems,
)
from zi_eval.core.rules import RuleSet
from zi_eval.instruments import load_workbook_layouts
from zi_eval.lke.reader import read_workbook
from zi_eval.lke.reading import MOST_OF_A_KIND
from zi_eval.national.table.reader import read_decisions
from zi_eval.performance.table.reader import read_plan
from zi_eval.period.unit_file import UnitReading, parse_unit
from zi_eval.recommendations.table.reader import read_recommendations
from zi_eval.survey.definitions import load_survey
from zi_eval.survey.table.reader import read_responses
from zi_eval.workplan.table.reader import read_workplan
from zi_eval.yaml_files.source import parse_yaml

ONE = 150
"""Calls that one more mistake may cost: it is read, looked up and counted."""


def added(work: Callable[[int], object], few: int = 200) -> float:
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
        return read(TEXT + "".join(f"  zzz{n}: Ya\n" for n in range(count)))

    def tops(count: int) -> UnitReading:
        return read("".join(f"namaa{n}: x\n" for n in range(count)) + TEXT)

    def answers(count: int) -> UnitReading:
        return read("".join(f"jawabann{n}: {{unitt: 1}}\n" for n in range(count)) + TEXT)

    for work in (keys, tops, answers):
        assert added(work) < ONE
        problems = work(1_145).problems
        assert len(problems) <= MOST + 2
        assert "dan 1.045 lainnya." in problems[MOST].message


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


@pytest.mark.parametrize("cell", ["9", "xx", "#REF!"])
def test_a_survey_table_tells_a_hundred_of_its_mistakes(tmp_path: Path, cell: str) -> None:
    survey = load_survey("ipak")
    codes = [element.code for element in survey.elements]

    def work(count: int) -> tuple[Problem, ...]:
        path = tmp_path / f"{count}.csv"
        right = ";".join("3" for _ in codes)
        wrong = ";".join([cell, *["3"] * (len(codes) - 1)])
        lines = [";".join(codes), *[right] * count, *[wrong] * count]
        path.write_text("\n".join(lines), "utf-8")
        return read_responses(path, survey, "unit").problems

    assert added(work) < 4 * ONE  # two rows of five answers
    problems = work(600)
    assert len(problems) == MOST + 1
    told = 1 if cell == "9" else 0  # that the scale does not fit is said once more, for all
    assert problems[-1].message == f"dan {500 + told} lainnya."


TABLES: dict[str, tuple[str, str, Callable[[Path], tuple[Problem, ...]]]] = {
    "work plan": (
        "kegiatan;pertanyaan;target_jan;target_feb;realisasi_jan",
        "Kegiatan {n};A.I.1.i.a;x;1;1",
        lambda path: read_workplan(path, "unit", 2026, {}).problems,
    ),
    "register": (
        "nomor;sumber;rekomendasi;status",
        "{n};LHE;Lengkapi;entah",
        lambda path: read_recommendations(path, 2026)[1],
    ),
    "decisions": (
        "unit;tahap;keputusan",
        "unitt-{n};panel;lulus",
        lambda path: read_decisions(path, 2026, ("dpmptsp", "unit-satu"))[1],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_each_table_of_rows_tells_a_hundred_of_its_mistakes(tmp_path: Path, name: str) -> None:
    head, row, read = TABLES[name]

    def work(count: int) -> tuple[Problem, ...]:
        path = tmp_path / f"{count}.csv"
        path.write_text("\n".join([head, *(row.format(n=n) for n in range(count))]), "utf-8")
        return read(path)

    assert added(work) < 4 * ONE  # a row of several cells
    problems = [problem for problem in work(600) if problem.severity is Severity.ERROR]
    assert len(problems) == MOST + 1
    assert problems[-1].message.startswith("dan 5")


def test_a_calendar_tells_a_hundred_of_its_mistakes() -> None:
    usual = usual_deadlines(2026)

    def work(count: int) -> tuple[Problem, ...]:
        text = "".join(f"usulann{n}: tidak\n" for n in range(count))
        return parse_deadlines(parse_yaml(text.encode(), "kalender.yaml"), usual)[1]

    assert added(work) < ONE
    assert "'usulan'" in work(1)[0].hint
    assert work(600)[MOST].message == "dan 500 lainnya."


def test_unknown_headings_of_a_survey_cost_no_search_each(tmp_path: Path) -> None:
    survey = load_survey("ipak")
    codes = [element.code for element in survey.elements]

    def work(count: int) -> tuple[Problem, ...]:
        path = tmp_path / f"{count}.csv"
        heads = ";".join([*codes, *(f"kolom lain {n}" for n in range(count))])
        path.write_text(heads + "\n" + ";".join(["3"] * (len(codes) + count)), "utf-8")
        return read_responses(path, survey, "unit").problems

    assert added(work) < 10 * ONE  # it is compared with those of each kind of survey, once
    assert "dan 300 lainnya." in [problem.message for problem in work(400)]


def test_a_workbook_tells_two_hundred_of_the_rows_that_are_not_the_instruments(
    tmp_path: Path, instrument: Instrument
) -> None:
    layouts = load_workbook_layouts("zi-2021")
    made = build(instrument, layouts[0])
    for number in range(900):
        row = 250 + number
        made.sheet.cell(row, 5).value = f"Apakah hal lain nomor {number} sudah dilaksanakan?"
        made.sheet.cell(row, 10).value = "Ya/Tidak"
        made.sheet.cell(row, 11).value = "Ya"

    problems = read_workbook(made.save(tmp_path), instrument, layouts).problems

    rows = [problem for problem in problems if problem.code == "baris-tidak-dikenal"]
    assert len(rows) == MOST_OF_A_KIND
    assert problems[-1].message == "dan 700 lainnya."
    assert problems[-1].severity is Severity.WARNING


def test_shortening_counts_each_code_by_itself() -> None:
    problems = ProblemList[None]("u.xlsx", most=None)
    for code in "aab":
        problems.warning(code, "perhatian")
    problems.error("a", "salah")

    assert shorten(problems, 2, "u.xlsx") == tuple(problems)
    assert [str(p) for p in shorten(problems, 1, "u.xlsx")] == [
        "u.xlsx: perhatian: perhatian",
        "u.xlsx: perhatian: perhatian",
        "u.xlsx: salah: salah",
        "u.xlsx: perhatian: dan 1 lainnya. Perbaiki dulu yang disebut di atas.",
    ]


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
