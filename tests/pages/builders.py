"""Small evaluations of the packaged instrument, made of invented answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from zi_eval.case import Case
from zi_eval.core.assessment import Agency, Answer, Assessment, Fact, Stage, Unit, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Question
from zi_eval.core.problems import Problem
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.pages.unit.sections import UnitReport, unit_report
from zi_eval.report.made import Made

INSTRUMENT = load_instrument("zi-2021")
RULES = load_rules("zi-2021")
TIME = datetime(2026, 1, 5, 14, 5, tzinfo=timezone(timedelta(hours=7)))
MADE = Made(TIME, "0.0.0")
EVIDENCE = ("https://contoh.example/bukti/1",)


def answer_at(question: Question, share: float) -> Value:
    """Return an answer to ``question`` worth about ``share`` of its value."""
    scale = question.scale
    if scale.kind == "choice":
        return min(scale.values, key=lambda code: (abs(scale.values[code] - share), code))
    if scale.kind == "index":
        return round(scale.top * share, 2)
    count = len(question.asked_inputs)
    asked = [10.0] * count
    rule = question.rule
    low = rule.part if hasattr(rule, "part") else rule.after
    numbers = [item.number for item in question.asked_inputs]
    whole = 10.0 * (count - 1) if low == 5 else 10.0
    value = share if hasattr(rule, "part") else 1 - share
    asked[numbers.index(low)] = round(whole * value)
    if question.id == "A.II.5.ii.a":
        asked[1] = 0.0  # none is in process beside those done
    return tuple(asked)


def answers_at(share: float, **fields: object) -> dict[str, Answer]:
    """Answer every question at about ``share`` of its value; the TPI agrees."""
    given = {"evidence": EVIDENCE, **fields}
    return {
        question.id: Answer(**{"unit": value, "tpi": value, **given})
        for question in INSTRUMENT.questions.values()
        for value in (answer_at(question, share),)
    }


def good_facts(who: str) -> dict[str, Fact]:
    """Return facts that satisfy every prerequisite of every predicate."""
    facts: dict[str, Fact] = {}
    for item in RULES.prerequisites_of(who).values():
        facts[item.id] = {"number": 100.0, "yes": True}.get(item.kind) or item.grades[-1]
    return facts


def build_evaluation(
    answers: Mapping[str, Answer],
    *,
    name: str = "Puskesmas Sukamaju",
    stage: Stage = Stage.TPI,
    target: str = "WBK",
    facts: Mapping[str, Fact] | None = None,
    remark: str = "",
    problems: tuple[Problem, ...] = (),
) -> Evaluation:
    """Evaluate a unit with the given answers; its prerequisites hold unless ``facts`` differ."""
    agency = Agency(
        name="Kabupaten Contoh",
        kind=RULES.agency_kinds[-1],
        rules=RULES.id,
        facts=good_facts("instansi"),
        remark=remark,
    )
    assessment = Assessment(
        unit=Unit("sukamaju", name, "puskesmas", "dr. Contoh"),
        instrument=INSTRUMENT.id,
        target=target,
        period="2026",
        facts=good_facts("unit") if facts is None else facts,
        answers=answers,
    )
    return evaluate(INSTRUMENT, RULES, assessment, agency, stage, problems, "ab" * 32)


def build_report(evaluation: Evaluation) -> UnitReport:
    """Return the report of an evaluation at a fixed time."""
    return unit_report(Case.known(evaluation), MADE)


NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "laporan_unit.ipynb"
SECTIONS = tuple(re.findall(r'"report\.(\w+)\(\)"', NOTEBOOK.read_text("utf-8")))
"""The sections of a report, in the order in which its notebook shows them."""


def build_notebook(report: UnitReport) -> NotebookNode:
    """Return the notebook of a report as if it had been run."""
    cells = []
    for name in SECTIONS:
        html = getattr(report, name)()._repr_html_()
        output = nbformat.v4.new_output("display_data", data={"text/html": html})
        cells.append(nbformat.v4.new_code_cell(f"report.{name}()", outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)
