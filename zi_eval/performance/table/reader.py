"""A performance table (CSV or a workbook): one row an indicator, every problem with its cell.

Anything doubtful is named: a figure that is none, one that can be read in two ways, a heading
nobody knows. With an error there is no plan; a figure is never guessed into a score.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import figure_text, fold
from zi_eval.errors import WorkbookError
from zi_eval.performance.plan import (
    QUARTERS,
    Accrual,
    Direction,
    Indicator,
    Kind,
    Plan,
    Quarters,
)
from zi_eval.performance.table.headings import CHOICES, YEAR, table_form
from zi_eval.sheets.grid import Cell
from zi_eval.sheets.rows import RowReader, unreadable

__all__ = ["PlanReading", "read_plan"]

BOUND = re.compile(r"(?:[≤≥<>]=?|maks(?:imal|\.)?|min(?:imal|\.)?)\s*(?=\d)", re.IGNORECASE)
"""What stands before a target that is a limit: ``≤ 3 hari``."""
MEASURE = re.compile(r"(.*\d)\s*([^\W\d].*)")
NAMED = ("sasaran", "indikator")
GRADE = re.compile(r"AA|A|BB|B|CC|C|D", re.IGNORECASE)
PERCENT = frozenset({"%", "persen", "persentase"})


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A plan with what was found; ``plan`` is None where anything is wrong."""

    plan: Plan | None
    problems: tuple[Problem, ...]


def read_plan(
    path: Path, unit: str, year: int, name: str = "", kind: str = "", sheet: str = ""
) -> PlanReading:
    """Read a unit's performance table.

    Parameters
    ----------
    path
        CSV in any usual encoding and with any usual separator, or a workbook (xlsx, xls, ods).
    unit, name, kind
        The unit's id, its name (default: the id) and its kind (``jenis``).
    year
        The year of the plan; columns such as ``realisasi_2025`` must be of years before.
    sheet
        Which sheet is read, where a person says so.
    """
    try:
        reader = _Reader(path, table_form(year), year, sheet)
    except WorkbookError as error:
        return PlanReading(None, (unreadable(path, error),))
    indicators = reader.read()
    if not indicators and not has_errors(reader.problems):
        reader.problems.error(
            "tabel-kosong", "belum ada indikator di bawah judul kolom.", at=(reader.top, None)
        )
    plan = Plan(unit, name or unit, year, tuple(indicators), kind)
    return PlanReading(None if has_errors(reader.problems) else plan, tuple(reader.problems))


class _Reader(RowReader):
    """Reads the indicators below the headings."""

    def read(self) -> list[Indicator]:
        """Return the indicators."""
        indicators: list[Indicator] = []
        seen: dict[tuple[str, str], int] = {}
        goal = ""
        found = self.find_columns()
        for row, values in self.data_rows(NAMED, (*CHOICES, "satuan")) if found else ():
            if self.is_only(row, values, "sasaran"):
                goal = self.text(values, "sasaran")
                continue
            item = self._indicator(row, values, goal)
            goal = item.goal
            key = (fold(item.goal), fold(item.name))
            if item.name and key in seen:
                self.problems.error(
                    "indikator-ganda",
                    f"indikator ini sudah ada di baris {seen[key]}.",
                    "Hapus salah satunya.",
                    at=(row, self.columns["indikator"]),
                    key="indikator",
                )
            seen.setdefault(key, row + 1)
            indicators.append(item)
        return indicators

    def found_column(self, name: str, column: int) -> None:
        """Check that a column of an earlier year is of one."""
        match = YEAR.fullmatch(name)
        if match and int(match[2]) >= self.year:
            self.problems.error(
                "tahun-bukan-lalu",
                f"'{name}' bukan tahun sebelum {self.year}.",
                "Tahun berjalan ditulis per triwulan.",
                at=(self.top, column),
            )

    def _indicator(self, row: int, values: Sequence[Cell], goal_above: str) -> Indicator:
        years: dict[str, dict[int, float]] = {"realisasi": {}, "target": {}}
        for name in self.columns:
            if name not in self.form.names and (match := YEAR.fullmatch(name)):
                figure = self.number(row, values, name)
                if figure is not None:
                    years[match[1]][int(match[2])] = figure

        def text(name: str) -> str:
            return self.text(values, name)

        def number(name: str) -> float | None:
            return self.number(row, values, name)

        goal = text("sasaran") or goal_above
        for name, given in (("sasaran", goal), ("indikator", text("indikator"))):
            self.require_text(row, name, given)
        item = Indicator(
            goal=goal,
            name=text("indikator"),
            formula=text("rumus"),
            unit_of_measure=text("satuan"),
            kind=Kind(self.choice(row, values, "jenis") or Kind.OUTCOME),
            direction=Direction(self.choice(row, values, "arah") or Direction.UP),
            accrual=Accrual(self.choice(row, values, "penjumlahan") or Accrual.LAST),
            is_key=self.choice(row, values, "iku") != "Tidak",
            targets=self._quarters(row, values, "target"),
            results=self._quarters(row, values, "realisasi"),
            annual_target=number("target_tahunan"),
            earlier_results=years["realisasi"],
            earlier_targets=years["target"],
            renstra_target=number("target_akhir_renstra"),
            national=number("standar_nasional"),
            ceiling=self._money(row, values, "pagu"),
            spent=self._money(row, values, "realisasi_anggaran"),
            renstra_goal=text("sasaran_renstra"),
            action=text("rencana_aksi"),
            individual=text("sasaran_individu"),
            owner=text("penanggung_jawab"),
            cause=text("sebab"),
            follow_up=text("tindak_lanjut"),
            due=self.date(row, values, "batas_waktu", "batas waktunya"),
            evidence=self.linked_text(row, values, "bukti"),
            row=row + 1,
        )  # fmt: skip
        self._check_shares(row, item)
        return item

    def _quarters(self, row: int, values: Sequence[Cell], what: str) -> Quarters:
        one, two, three, four = (self.number(row, values, f"{what}_tw{q}") for q in QUARTERS)
        return one, two, three, four

    def bare_figure(self, typed: str, name: str, values: Sequence[Cell]) -> str:
        """Return a typed figure without its unit of measure, a target without its "at most"."""
        measure = self.text(values, "satuan")
        if name not in self.form.names or name.startswith("target"):
            typed = BOUND.sub("", typed, count=1) if BOUND.match(typed) else typed
        if measure and typed.casefold().endswith(measure.casefold()):
            return typed[: -len(measure)].strip()
        said = MEASURE.fullmatch(typed)
        # "3 hari" of what is measured in "Hari kerja".
        is_part = said is not None and f" {fold(measure)} ".startswith(f" {fold(said[2])} ")
        return said[1] if said is not None and is_part else typed

    def figure_hint(self, typed: str) -> str:
        """Say what to write instead of a predicate."""
        if GRADE.fullmatch(typed):
            return "Predikat tidak dapat dihitung; tulis nilai angkanya, mis. 72,5."
        return super().figure_hint(typed)

    def _money(self, row: int, values: Sequence[Cell], name: str) -> float | None:
        figure = self.number(row, values, name)
        if figure is not None and figure < 0:
            self.problems.error(
                "uang-negatif",
                f"{name} tidak boleh negatif.",
                at=(row, self.columns[name]),
                key=name,
            )
            return None
        return figure

    def _check_shares(self, row: int, item: Indicator) -> None:
        """Name a share that seems to be typed as a fraction of 1 beside others out of 100."""
        if item.unit_of_measure.casefold() not in PERCENT:
            return
        names = [f"{what}_tw{q}" for what in ("target", "realisasi") for q in (1, 2, 3, 4)]
        figures = dict(zip(names, (*item.targets, *item.results), strict=True))
        known = [value for value in figures.values() if value is not None]
        largest = max(known, default=0.0)
        for name, value in figures.items():
            is_small = value is not None and 0 < value < 1
            # Beside figures out of 100, or where all are fractions of 1, as old formats keep them.
            if is_small and value is not None and (largest <= 1 or largest / value > 50):
                self.problems.warning(
                    "persen-meragukan",
                    f"{figure_text(value)} dibaca {figure_text(value)} %.",
                    f"Bila maksudnya {figure_text(value * 100)} %, tulis angka itu.",
                    at=(row, self.columns[name]),
                    key=name,
                )
