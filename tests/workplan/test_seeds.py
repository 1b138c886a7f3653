from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.sample import copy_sample, run_command
from tests.workplan.samples import activity
from zi_eval.case import load_case
from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Question
from zi_eval.errors import InstrumentError
from zi_eval.instruments import load_instrument
from zi_eval.workplan.plan import Activity
from zi_eval.workplan.seeds import seed_activities
from zi_eval.workplan.table.reader import read_workplan
from zi_eval.workplan.table.template import render_workbook
from zi_eval.workplan.usual import load_usual_activities, read_activities

ZI = load_instrument("zi-2021")


@dataclass(frozen=True)
class Said:
    """A recommendation of some register."""

    number: str
    text: str
    questions: tuple[str, ...] = ()
    owner: str = ""
    due: date | None = None
    origin: str = "LHE"


@dataclass(frozen=True)
class Raised:
    """A step of some improvement plan."""

    question: Question
    then: Value


def months(item: Activity) -> list[int]:
    return [month for month, value in enumerate(item.targets, 1) if value]


def test_usual_activities_serve_every_area_with_answers_that_are_there() -> None:
    usual = load_usual_activities(ZI)
    assert all(item.aims.keys() == set(item.questions) and months(item) for item in usual)
    served = {key.split(".")[2] for item in usual for key in item.questions}
    assert served == {"1", "2", "3", "4", "5", "6"}
    names = [item.name for item in usual]
    assert len(set(names)) == len(names)
    assert load_usual_activities(load_instrument("akip-2021")) == ()


@pytest.mark.parametrize(
    ("aims", "code"),
    [("{A.I.1.ii.z: Ya}", "butir-tidak-dikenal"), ("{A.I.1.ii.a: A}", "butir-tidak-dikenal"),
     ("{A.I.1.ii.a: Ya}, monts: [1]", "kunci-tidak-dikenal")],
)  # fmt: skip
def test_a_file_of_activities_that_names_what_is_not_there_is_refused_with_its_line(
    tmp_path: Path, aims: str, code: str
) -> None:
    file = tmp_path / "activities.yaml"
    file.write_text(
        f"activities:\n- {{name: Rapat, months: [1], output: Notula, unit: kali, aims: {aims}}}\n"
    )
    with pytest.raises(InstrumentError) as caught:
        read_activities(ZI, file)
    assert [(p.code, p.line) for p in caught.value.problems] == [(code, 2)]


def test_recommendations_come_first_in_the_month_they_are_due() -> None:
    said = [
        Said("3", "Umumkan hasil survei", ("A.I.6.iv.b", "X.9"), "Sekretaris", date(2026, 5, 31)),
        Said("4", "Latih petugas", due=date(2025, 3, 1)),
    ]
    first, second = seed_activities(2026, ZI, {}, recommended=said)
    assert (first.name, first.questions, first.owner) == (
        "Umumkan hasil survei", ("A.I.6.iv.b",), "Sekretaris",
    )  # fmt: skip
    assert (months(first), first.source) == ([5], "LHE nomor 3")
    assert months(second) == [11]


def test_a_step_becomes_an_activity_that_aims_at_its_answer() -> None:
    step = Raised(ZI.questions["A.I.2.ii.a"], "A")
    counts = Raised(ZI.questions["A.II.1.i.b"], (4.0, 4.0))
    first, second = seed_activities(2026, ZI, {}, steps=[step, counts], predicate="WBBM")
    assert (first.questions, first.aims) == (("A.I.2.ii.a",), {"A.I.2.ii.a": "A"})
    assert first.source == "Jalan terpendek ke WBBM"
    assert first.is_priority
    assert second.aims == {}


def test_usual_activities_are_taken_for_answers_below_their_aim_alone() -> None:
    usual = [
        activity(
            questions=("A.I.1.ii.b", "A.I.1.ii.c"), aims={"A.I.1.ii.b": "A", "A.I.1.ii.c": "A"}
        )
    ]
    best: dict[str, Value] = {"A.I.1.ii.b": "A", "A.I.1.ii.c": "A"}
    assert seed_activities(2026, ZI, best, usual=usual) == ()
    (item,) = seed_activities(2026, ZI, {**best, "A.I.1.ii.c": "B"}, usual=usual)
    assert (item.questions, item.aims) == (("A.I.1.ii.c",), {"A.I.1.ii.c": "A"})
    step = Raised(ZI.questions["A.I.1.ii.b"], "A")
    found = seed_activities(2026, ZI, {}, steps=[step], usual=usual)
    assert [item.questions for item in found] == [("A.I.1.ii.b",), ("A.I.1.ii.c",)]


def test_seeds_have_names_of_their_own_and_read_back_without_a_problem(
    root: Path, tmp_path: Path
) -> None:
    twice = [Said("1", "Latih petugas"), Said("2", "latih  petugas")]
    names = [item.name for item in seed_activities(2026, ZI, {}, recommended=twice)]
    assert names == ["Latih petugas", "latih petugas (2)"]
    case = load_case(root / "parameters/2026/rsud-harapan.yaml")
    path = tmp_path / "rsud.xlsx"
    path.write_bytes(render_workbook(2026, case.seeds))
    reading = read_workplan(path, "rsud", 2026, ZI.questions)
    assert reading.problems == ()
    assert reading.plan is not None
    assert len(reading.plan.activities) == len(case.seeds) > 20


def test_a_plan_that_is_there_is_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp")
    table = home / "parameters/2026/rencana-zi/dpmptsp.xlsx"
    assert run_command("rencana", "seed", "dpmptsp", "--folder", home) == 0
    before = table.read_bytes()
    assert run_command("rencana", "seed", "dpmptsp", "--force", "--folder", home) == 1
    assert "sudah ada dan tidak disentuh" in capsys.readouterr().err
    assert table.read_bytes() == before
    assert run_command("rencana", "seed", "--folder", home) == 2
