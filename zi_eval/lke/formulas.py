"""The formulas an LKE sheet should hold: one source for writing them and for auditing them.

They give what :mod:`zi_eval.core.scoring` gives, shown as "Blm Diisi" where nothing is answered, so
that no answer never looks like zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Input, Instrument, Question, Scale, Share
from zi_eval.lke.cells import NOT_APPLICABLE_TEXT
from zi_eval.lke.match import input_key
from zi_eval.lke.tables import INDEX, PERCENT
from zi_eval.sheets.grid import cell_reference

__all__ = [
    "OPEN_TEXT",
    "CellFormula",
    "SheetPlan",
    "answer_cells",
    "recap_rows",
    "sheet_formulas",
    "type_text",
]

OPEN_TEXT = "Blm Diisi"
OPEN = f'"{OPEN_TEXT}"'
ABSENT = f'"{NOT_APPLICABLE_TEXT}"'

Role = Literal["ratio", "derived", "value", "input", "node", "percent", "total"]
"""``ratio`` and ``derived``: in the answer column, the ratio and a total of counts. In the value
column: ``value`` of a question, ``input`` (never a number), ``node``, ``total``. ``percent``."""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """Where things stand in one sheet; all 0-based.

    Attributes
    ----------
    rows
        Row of each node, question and input (``A.II.1.i.a.1``).
    totals
        Row of each component's total, and of ``"total"``.
    weight, answer, value
        Columns of weights, answers and values.
    percent
        Column of the share of the weight, None where there is none.
    fallback
        Value column that counts where the answer here is empty (the unit's beside the TPI's).
    """

    rows: Mapping[str, int]
    totals: Mapping[str, int]
    weight: int
    answer: int
    value: int
    percent: int | None = None
    fallback: int | None = None


@dataclass(frozen=True, slots=True)
class CellFormula:
    """A formula with what it is for: its role and the id it belongs to."""

    role: Role
    key: str
    formula: str


class _Writer:
    """Writes the formulas of one plan."""

    def __init__(self, instrument: Instrument, plan: SheetPlan) -> None:
        self.instrument = instrument
        self.plan = plan

    def at(self, key: str, column: int) -> str:
        return cell_reference(self.plan.rows[key], column)

    def inputs(self, question: Question, items: Sequence[Input] | None = None) -> list[str]:
        """Return the answer cells of a ratio question's inputs (all, or some)."""
        chosen = question.inputs if items is None else items
        return [self.at(input_key(question, item), self.plan.answer) for item in chosen]

    def is_whole(self, question: Question) -> bool:
        """Whether every row the question needs is there."""
        keys = [question.id, *(input_key(question, item) for item in question.inputs)]
        return all(key in self.plan.rows for key in keys)

    def value(self, question: Question) -> str:
        """Return the formula of a question's value (points, where it has a weight of its own)."""
        plan, cell = self.plan, self.at(question.id, self.plan.answer)
        times = "" if question.weight is None else f"*{self.at(question.id, plan.weight)}"
        if question.scale.kind == "choice":
            inner = OPEN
            for code, value in reversed(list(question.scale.values.items())):
                inner = f'IF({cell}="{code}",{value:g}{times if value else ""},{inner})'
        elif question.scale.kind == "index":
            inner = f"IF(ISNUMBER({cell}),{cell}/{question.scale.top:g}{times},{OPEN})"
        else:
            inner = f"IF(ISNUMBER({cell}),{cell}{times},{OPEN})"
        if plan.fallback is None:
            return f"={inner}"
        return f'=IF({cell}="",{self.at(question.id, plan.fallback)},{inner})'

    def _guarded(self, question: Question, inner: str, absent: str) -> str:
        """Return ``inner`` with the cases before it: no object, and of the TPI nothing said."""
        asked = self.inputs(question, question.asked_inputs)
        if question.not_applicable:
            inner = f"IF({asked[0]}={ABSENT},{absent},{inner})"
        if self.plan.fallback is not None:
            inner = f'IF(COUNTA({",".join(asked)})=0,"",{inner})'
        return f"={inner}"

    def ratio(self, question: Question) -> str:
        """Return the formula of a ratio from its counts."""
        cells, rule = self.inputs(question), question.rule
        assert rule is not None
        if isinstance(rule, Share):
            part, whole = cells[rule.part - 1], cells[rule.whole - 1]
            inner = f"IF({whole}=0,{rule.empty:g},MIN(1,{part}/{whole}))"
        else:
            before, after = cells[rule.before - 1], cells[rule.after - 1]
            inner = f"IF({before}=0,IF({after}=0,1,0),MAX(0,({before}-{after})/{before}))"
        inner = f"IF(COUNT({','.join(cells)})<{len(cells)},{OPEN},{inner})"
        return self._guarded(question, inner, "1")

    def derived(self, question: Question, item: Input) -> str:
        """Return the formula of a count that adds up others."""
        parts = [part for part in question.inputs if part.number in item.sum_of]
        cells = self.inputs(question, parts)
        inner = f"IF(COUNT({','.join(cells)})<{len(cells)},{OPEN},{'+'.join(cells)})"
        return self._guarded(question, inner, ABSENT)

    def node(self, identifier: str) -> str:
        """Return the formula of a node: the mean of its questions by weight, or a sum."""
        children = [c for c in self.instrument.children[identifier] if c in self.plan.rows]
        cells = ",".join(self.at(child, self.plan.value) for child in children)
        if not cells:
            return f"={OPEN}"
        inner = f"SUM({cells})"
        if self.instrument.is_mean(identifier):
            inner = f"AVERAGE({cells})*{self.at(identifier, self.plan.weight)}"
        return f"=IF(COUNT({cells})=0,{OPEN},{inner})"

    def percent(self, identifier: str) -> str:
        """Return the formula of a node's share of its weight."""
        value = self.at(identifier, self.plan.value)
        return f'=IF(ISNUMBER({value}),{value}/{self.at(identifier, self.plan.weight)},"")'

    def cells(self) -> Iterator[tuple[tuple[int, int], CellFormula]]:
        """Yield every cell that holds a formula."""
        plan = self.plan
        for question in self.instrument.questions.values():
            key = question.id
            if key not in plan.rows or not self.is_whole(question):
                continue
            row = plan.rows[key]
            yield (row, plan.value), CellFormula("value", key, self.value(question))
            if not question.inputs:
                continue
            yield (row, plan.answer), CellFormula("ratio", key, self.ratio(question))
            for item in question.inputs:
                name = input_key(question, item)
                cell = self.at(name, plan.answer)
                if item.is_derived:
                    formula = self.derived(question, item)
                    yield (plan.rows[name], plan.answer), CellFormula("derived", name, formula)
                if plan.fallback is None:
                    shown = f'=IF({cell}="",{OPEN},"")'
                    yield (plan.rows[name], plan.value), CellFormula("input", name, shown)
        for identifier in self.instrument.nodes:
            if identifier in plan.rows:
                row = plan.rows[identifier]
                yield (row, plan.value), CellFormula("node", identifier, self.node(identifier))
                if plan.percent is not None:
                    formula = self.percent(identifier)
                    yield (row, plan.percent), CellFormula("percent", identifier, formula)
        roots = [root for root in self.instrument.roots if root in plan.rows]
        for root in roots:
            if root in plan.totals:
                formula = f"={self.at(root, plan.value)}"
                yield (plan.totals[root], plan.value), CellFormula("total", root, formula)
        if "total" in plan.totals and roots:
            cells = ",".join(self.at(root, plan.value) for root in roots)
            formula = f"=IF(COUNT({cells})=0,{OPEN},SUM({cells}))"
            yield (plan.totals["total"], plan.value), CellFormula("total", "total", formula)


def sheet_formulas(
    instrument: Instrument, plan: SheetPlan
) -> Mapping[tuple[int, int], CellFormula]:
    """Return the formula of every cell of a sheet that should compute something."""
    return dict(_Writer(instrument, plan).cells())


def answer_cells(question: Question, value: Value | None) -> dict[str, str | float | None]:
    """Return what stands in the answer column for a value, by the key of its row."""
    if not question.inputs:
        return {question.id: value if isinstance(value, str | float | int) else None}
    keys = [input_key(question, item) for item in question.asked_inputs]
    cells: dict[str, str | float | None] = dict.fromkeys(keys)
    if value is NOT_APPLICABLE:
        cells[keys[0]] = NOT_APPLICABLE_TEXT
    elif isinstance(value, tuple):
        cells |= dict(zip(keys, value, strict=True))
    return cells


def type_text(scale: Scale) -> str:
    """Return the answer type as the sheet shows it: ``Ya/Tidak``, ``%``, ``Nilai (0-4)``."""
    if scale.kind == "choice":
        return "/".join(scale.values)
    return PERCENT if scale.kind == "ratio" else f"{INDEX.capitalize()} (0-{scale.top:g})"


def recap_rows(
    instrument: Instrument, down_to: str, first: int
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Lay a recap sheet out as the official ones are.

    Below each component stand its nodes down to a kind and the questions that carry a weight of
    their own, then its total and an empty row; at the end the total of all.

    Parameters
    ----------
    down_to
        ``"area"`` or ``"subarea"``.
    first
        0-based row of the first node.

    Returns
    -------
    The row of each id, and of each total (``"total"`` for the whole).
    """
    rows: dict[str, int] = {}
    totals: dict[str, int] = {}
    kinds = ("component", "aspect", "area", "subarea")
    shown = kinds[: kinds.index(down_to) + 1]
    row = first
    for root in instrument.roots:
        for key in instrument.order:
            if key != root and not key.startswith(f"{root}."):
                continue
            node, question = instrument.nodes.get(key), instrument.questions.get(key)
            is_shown = node is not None and node.kind in shown
            if is_shown or (question is not None and question.weight is not None):
                rows[key] = row
                row += 1
        totals[root] = row
        row += 2
    totals["total"] = row
    return rows, totals
