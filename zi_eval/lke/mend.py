"""A team's LKE with its formulas, weights and answer types put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zi_eval.lke.audit import AuditedWorkbook
from zi_eval.lke.verdicts import show
from zi_eval.sheets.calc import Calculator, Scalar
from zi_eval.sheets.cells import CellPlace, SheetCell
from zi_eval.sheets.edit import CellEdit, edit_workbook
from zi_eval.sheets.functions import UnknownFormula
from zi_eval.sheets.grid import cell_reference

__all__ = ["MendedWorkbook", "Mending", "mend_workbook"]


@dataclass(frozen=True, slots=True)
class Mending:
    """One cell that was mended: what stood there and what stands there now."""

    sheet: str
    cell: str
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MendedWorkbook:
    """The mended workbook's bytes and what was done."""

    data: bytes
    mendings: tuple[Mending, ...]


def _mended(audited: AuditedWorkbook) -> Iterator[tuple[CellPlace, SheetCell]]:
    """Yield the cells to put right, each as it should be."""
    for place, suspect in audited.suspects.items():
        expected = audited.model.expected.get(place)
        if suspect.is_fixable and expected is not None:
            is_constant = expected.role in ("weight", "type", "recap-weight")
            yield place, SheetCell(expected.value, "" if is_constant else expected.formula)


def mend_workbook(audited: AuditedWorkbook) -> MendedWorkbook:
    """Return a workbook in which formulas, weights and answer types are as they should be.

    Answers, notes and everything else stay. The values saved with all formulas are brought up to
    date, so that programs that do not calculate show the right figures too.
    """
    mended = dict(_mended(audited))
    calculator = Calculator(audited.cells, mended)
    edits: dict[str, dict[tuple[int, int], CellEdit]] = {}

    def value(place: CellPlace) -> tuple[bool, Scalar]:
        try:
            return True, calculator.value(place)
        except UnknownFormula:
            return False, None

    mendings: list[Mending] = []
    for place, cell in mended.items():
        before = audited.cells.get(place, SheetCell())
        shown = value(place)[1] if cell.formula else cell.value
        edits.setdefault(place[0], {})[place[1], place[2]] = CellEdit(shown, cell.formula)
        name, key = cell_reference(place[1], place[2]), audited.suspects[place].key
        mendings.append(Mending(place[0], name, key, show(before), show(cell)))
    for place, cell in audited.cells.items():
        if not cell.formula.startswith("=") or place in mended:
            continue
        is_known, now = value(place)
        if is_known and now != cell.value:
            edits.setdefault(place[0], {})[place[1], place[2]] = CellEdit(now, cell.formula)
    data = edit_workbook(audited.book.data, audited.book.parts, edits)
    return MendedWorkbook(data, tuple(mendings))
