"""A table of the TPN's decisions: one row a unit and stage, every problem with its cell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import quote
from zi_eval.errors import WorkbookError
from zi_eval.national.table.headings import FORM
from zi_eval.national.values import Decision, NationalStage, Outcome
from zi_eval.sheets.rows import RowReader, unreadable

__all__ = ["read_decisions"]


def read_decisions(
    path: Path, year: int, units: Collection[str], sheet: str = ""
) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """Read a table; no decisions where anything is wrong with it.

    Parameters
    ----------
    units
        Ids of the period's units; another is an error, because its decision would be lost.
    """
    try:
        reader = _Reader(path, FORM, year, sheet)
    except WorkbookError as error:
        return (), (unreadable(path, error),)
    decisions = reader.read(units)
    problems = tuple(reader.problems)
    return (() if has_errors(problems) else tuple(decisions)), problems


class _Reader(RowReader):
    """Reads the decisions below the headings."""

    def read(self, units: Collection[str]) -> list[Decision]:
        """Return the decisions."""
        if not self.find_columns():
            return []
        found: list[Decision] = []
        seen: dict[tuple[str, NationalStage], int] = {}
        for row, values in self.data_rows(("unit",), ("tahap", "keputusan")):
            unit = self.text(values, "unit")
            self.require_text(row, "unit", unit)
            stage, outcome = (self.choice(row, values, name) for name in ("tahap", "keputusan"))
            if unit and unit not in units:
                near = self.problems.nearest(unit, units)
                self.problems.error(
                    "unit-tidak-ada",
                    f"tidak ada unit '{quote(unit)}'.",
                    f"Mungkin maksudnya '{near}'." if near else "Tulis id unit, bukan namanya.",
                    at=(row, self.columns["unit"]),
                    key="unit",
                )
            if not (unit and stage and outcome):
                continue
            item = Decision(
                unit=unit,
                stage=NationalStage(stage),
                outcome=Outcome(outcome),
                day=self.date(row, values, "tanggal", "tanggalnya"),
                condition=self.text(values, "kondisi"),
                recommendation=self.text(values, "rekomendasi"),
                row=row + 1,
                cell=self.cell_of(row, "tanggal"),
            )
            if (first := seen.setdefault((unit, item.stage), row + 1)) != row + 1:
                self.problems.error(
                    "keputusan-ganda",
                    f"tahap {item.stage} unit {unit} sudah ada di baris {first}.",
                    "Hapus salah satunya.",
                    at=(row, self.columns["tahap"]),
                    key="tahap",
                )
            found.append(item)
        self._check_order(found)
        return found

    def _check_order(self, found: list[Decision]) -> None:
        """Warn of what cannot be: a stage before an earlier one, or one after a failure."""
        by_unit: dict[str, list[Decision]] = {}
        for item in sorted(found, key=lambda item: item.stage.number):
            before = by_unit.setdefault(item.unit, [])
            last: date | None = max((d.day for d in before if d.day is not None), default=None)
            place = (item.row - 1, self.columns["tahap"])
            if last is not None and item.day is not None and item.day < last:
                self.problems.warning(
                    "urutan-tanggal",
                    f"{item.stage} {item.unit} bertanggal sebelum tahap sebelumnya.",
                    at=place,
                    key="tanggal",
                )
            is_over = bool(before) and before[-1].outcome is Outcome.FAILED
            if is_over and item.stage is not NationalStage.OBJECTION:
                self.problems.warning(
                    "sesudah-tidak-lulus",
                    f"{item.unit} tidak lulus {before[-1].stage}, tetapi ada {item.stage}.",
                    "Tulis sanggah yang diterima, atau betulkan keputusannya.",
                    at=place,
                    key="tahap",
                )
            before.append(item)
