"""What a better answer takes: the packaged estimates, and a team's file laid over them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from zi_eval.checking import check_files
from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import InstrumentError
from zi_eval.improvement.effort import check_effort
from zi_eval.improvement.effort_file import load_effort
from zi_eval.instruments import available_instruments, load_instrument
from zi_eval.period.reading import OVERLAY_FILE, Period

INSTRUMENT = load_instrument("zi-2021")
CHOICE = INSTRUMENT.questions["A.I.1.i.b"]
PAST = ("A.II.3.iii.a", "A.II.5.ii.a", "A.II.5.iii.a", "A.II.5.iii.b")
RATIO = next(q for q in INSTRUMENT.questions.values() if q.scale.kind == "ratio")


def overlay(folder: Path, text: str) -> Path:
    path = folder / OVERLAY_FILE
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InstrumentError) as caught:
        load_effort(INSTRUMENT, path)
    return tuple(item for item in caught.value.problems if isinstance(item, Problem))


@pytest.mark.parametrize("name", available_instruments())
def test_every_packaged_instrument_has_an_effort_for_each_step(name: str) -> None:
    instrument, effort = load_instrument(name), load_effort(load_instrument(name)).effort
    assert check_effort(instrument, effort) == ()
    assert effort.title
    for question in instrument.questions.values():
        if question.scale.kind == "choice":
            upwards = list(reversed(tuple(question.scale.values)))[1:]
            assert all(effort.of_code(question, code) > 0 for code in upwards)
        else:
            assert effort.of_tenth(question) > 0


def test_without_a_file_of_the_team_the_packaged_estimates_hold(tmp_path: Path) -> None:
    assert load_effort(INSTRUMENT, tmp_path / OVERLAY_FILE) == load_effort(INSTRUMENT)


def test_a_teams_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    usual = load_effort(INSTRUMENT).effort
    scale = CHOICE.scale.id
    steps = ", ".join(f"{code}: 7" for code in list(reversed(tuple(CHOICE.scale.values)))[1:])
    path = overlay(
        tmp_path,
        f"judul: perkiraan tim\nlangkah: {{{scale}: {{{steps}}}, ratio: 0.1}}\n"
        "pengali: {A.I.1: 3}\n",
    )
    effort = load_effort(INSTRUMENT, path).effort
    code = next(iter(CHOICE.scale.values))
    assert effort.title == "perkiraan tim"
    assert effort.of_code(CHOICE, code) == 7 * 3
    times = effort.of_tenth(RATIO) / effort.tenths["ratio"]
    assert effort.of_tenth(RATIO) == Fraction(1, 10) * times  # as written, not as a binary float
    index = INSTRUMENT.questions["B.I.a"]
    assert effort.of_tenth(index) == usual.of_tenth(index)
    assert effort.hash != usual.hash


def test_a_unit_has_its_own_limits_over_those_of_all(tmp_path: Path) -> None:
    path = overlay(
        tmp_path,
        "batas: {B.I.a: tetap, A.II.2: 1}\nunit:\n  dpmptsp: {A.II.2: 2, A.I.1.i.a: tetap}\n",
    )
    loaded = load_effort(INSTRUMENT, path)
    usual = dict.fromkeys(PAST, 0)
    assert loaded.limits_of("lain").most == usual | {"B.I.a": 0, "A.II.2": 1}
    own = {"B.I.a": 0, "A.II.2": 2, "A.I.1.i.a": 0}
    assert loaded.limits_of("dpmptsp").most == usual | own


def test_what_has_happened_stays_unless_a_team_says_otherwise(tmp_path: Path) -> None:
    assert load_effort(INSTRUMENT).limits.most == dict.fromkeys(PAST, 0)
    path = overlay(tmp_path, "batas: {A.II.5.ii.a: 10}\n")
    assert load_effort(INSTRUMENT, path).limits.steps("A.II.5.ii.a") == 10
    assert load_effort(INSTRUMENT, path).limits.steps("A.II.3.iii.a") == 0


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("judul: x\nbatas:\n  B.I.a: 1\n  A.II.9: 1\n", 4, "A.II.9"),
        ("unit:\n  dpmptsp:\n    A.I.1.i.zz: tetap\n", 3, "A.I.1.i.zz"),
        ("judul: x\npengali:\n  A.9: 2\n", 3, "A.9"),
        ("pertanyaan:\n  B.I.a: {B: 2}\n", 2, "pertanyaan pilihan"),
        ("langkah:\n  abcd: {B: 1}\n", 2, "abcd"),
        ("batas:\n  B.I.a: -1\n", 2, "B.I.a"),
        ("langkah:\n  ratio: 0\n", 2, "0"),
        ("tanggal: 1\n", 1, "tanggal"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = overlay(tmp_path, text)
    problems = problems_of(path)
    assert {(problem.file, problem.line) for problem in problems} == {(str(path), line)}
    assert any(says in str(problem) for problem in problems)
    assert check_files([path]) == problems


def test_the_file_is_no_unit_and_is_checked_with_the_others(tmp_path: Path) -> None:
    path = overlay(tmp_path, "unit:\n  dpmtsp: {B.I.a: tetap}\n")
    (tmp_path / "dpmptsp.yaml").write_text("unit: {nama: x}\n", encoding="utf-8")
    assert list(Period.read(tmp_path).unit_files) == ["dpmptsp"]
    (problem,) = check_files([path])
    assert problem.severity is Severity.WARNING
    assert problem.line == 2
    assert "dpmptsp" in problem.hint
