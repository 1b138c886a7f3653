"""An LKE sheet as it should be: its formulas compared by what they give, not by how they look.

A formula is right when it gives what the expected one gives for every one of a set of random
answers; so ``$`` signs, ranges, ``SUM`` or ``+`` and other ways of nesting make no difference.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.lke.formulas import (
    CellFormula,
    SheetPlan,
    answer_cells,
    sheet_formulas,
    type_text,
)
from zi_eval.lke.match import input_key
from zi_eval.sheets.calc import Calculator, Scalar, compile_formula
from zi_eval.sheets.cells import CellPlace, SheetCell
from zi_eval.sheets.functions import ErrorValue

__all__ = ["Expected", "Model", "is_same", "sheet_model"]

CLOSE = 1e-9
PROBES = 12


@dataclass(frozen=True, slots=True)
class Expected:
    """What a cell should hold: a formula, or a value where ``formula`` is empty.

    ``role`` is that of :class:`~zi_eval.lke.formulas.CellFormula`, or ``weight``,
    ``type`` or ``recap`` (a figure of a recap sheet).
    """

    role: str
    key: str
    formula: str = ""
    value: Scalar = None

    @property
    def cell(self) -> SheetCell:
        """The cell itself."""
        return SheetCell(self.value, self.formula)


@dataclass
class Model:
    """A workbook's cells, and what those that matter should hold.

    Attributes
    ----------
    cells
        The workbook as it is.
    expected
        What should stand where.
    plans
        The planned columns of the main sheet: the unit's, and the TPI's where it has formulas.
    """

    instrument: Instrument
    sheet: str
    cells: Mapping[CellPlace, SheetCell]
    plans: list[SheetPlan]
    expected: dict[CellPlace, Expected] = field(default_factory=dict)
    _probes: list[Calculator] = field(default_factory=list)

    @property
    def total(self) -> CellPlace | None:
        """Where the sheet shows its total."""
        row = self.plans[0].totals.get("total") if self.plans else None
        return None if row is None else (self.sheet, row, self.plans[0].value)

    def right(self) -> dict[CellPlace, SheetCell]:
        """Return the workbook's cells with every expected one in its place."""
        return {**self.cells, **{place: item.cell for place, item in self.expected.items()}}

    def probes(self) -> list[Calculator]:
        """Return the right workbook under several random sets of answers."""
        if not self._probes:
            right = self.right()
            for seed in range(PROBES):
                answers = dict(_random_answers(self, random.Random(seed), seed / PROBES / 2))
                self._probes.append(Calculator(right, answers))
        return self._probes

    def is_right(self, place: CellPlace, formula: str) -> bool:
        """Whether a formula gives at its place what the expected one gives.

        Raises
        ------
        UnknownFormula
            Where it holds something that is not understood.
        """
        expected = self.expected[place]
        if _plain(formula) == _plain(expected.formula):
            return True
        run = compile_formula(formula)
        for probe in self.probes():
            found = run(probe.value, place[0])
            if not isinstance(found, float | int | str | bool | ErrorValue | type(None)):
                return False
            if not _agree(expected.role, found, probe.value(place)):
                return False
        return True


def _plain(formula: str) -> str:
    return formula.replace("$", "").replace(" ", "").upper()


def _is_number(value: Scalar) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def is_same(one: Scalar, other: Scalar, close: float = CLOSE) -> bool:
    """Whether two values are the same figure; texts, errors and empty cells are all no figure."""
    if _is_number(one) and _is_number(other):
        return abs(float(one) - float(other)) <= close * max(1.0, abs(float(other)))  # type: ignore[arg-type]
    return not _is_number(one) and not _is_number(other)


def _agree(role: str, found: Scalar, right: Scalar) -> bool:
    if is_same(found, right):
        return True
    if _is_number(right):
        # Division by zero, which the official workbook leaves an error and we rule.
        return role == "ratio" and found == ErrorValue("#DIV/0!")
    # Nothing below is answered: the official sums give 0.
    return role in ("node", "total", "percent", "recap") and found == 0


def _random_value(chance: random.Random, question: Question) -> Value:
    kind = question.scale.kind
    if kind == "choice":
        return chance.choice(tuple(question.scale.values))
    if kind == "index":
        return chance.uniform(0, question.scale.top)
    return tuple(float(chance.randint(0, 40)) for _ in question.asked_inputs)


def _random_answers(
    model: Model, chance: random.Random, open_share: float
) -> Iterator[tuple[CellPlace, SheetCell]]:
    for plan in model.plans:
        for question in model.instrument.questions.values():
            value: Value | None = _random_value(chance, question)
            if chance.random() < open_share:
                value = None
            elif isinstance(value, tuple) and chance.random() < open_share:
                value = (None, *value[1:])
            for key, content in answer_cells(question, value).items():
                if key in plan.rows:
                    yield (model.sheet, plan.rows[key], plan.answer), SheetCell(content)


def sheet_model(
    instrument: Instrument,
    sheet: str,
    cells: Mapping[CellPlace, SheetCell],
    plans: list[SheetPlan],
    types: int,
) -> Model:
    """Return the model of a main sheet; ``types`` is the column of the answer types."""
    model = Model(instrument, sheet, cells, plans)
    if not plans:
        return model
    rows, weight = plans[0].rows, plans[0].weight
    for key, node in instrument.nodes.items():
        if key in rows:
            place = (sheet, rows[key], weight)
            model.expected[place] = Expected("weight", key, value=node.weight)
    for question in instrument.questions.values():
        if question.id in rows:
            place = (sheet, rows[question.id], types)
            model.expected[place] = Expected("type", question.id, value=type_text(question.scale))
            if question.weight is not None:
                place = (sheet, rows[question.id], weight)
                model.expected[place] = Expected("weight", question.id, value=question.weight)
        for item in question.inputs:
            key = input_key(question, item)
            if key in rows:
                place = (sheet, rows[key], types)
                model.expected[place] = Expected("type", key, value="Jumlah")
    for plan in plans:
        found: Mapping[tuple[int, int], CellFormula] = sheet_formulas(instrument, plan)
        for (row, column), item_ in found.items():
            place = (sheet, row, column)
            model.expected[place] = Expected(item_.role, item_.key, item_.formula)
    return model
