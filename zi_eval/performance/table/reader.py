"""A performance table (CSV or a workbook): one row an indicator, every problem with its cell.

Anything doubtful is named: a figure that is none, one that can be read in two ways, a heading
nobody knows. With an error there is no plan; a figure is never guessed into a score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import fold, quote, tidy_text
from zi_eval.errors import WorkbookError
from zi_eval.performance.plan import (
    QUARTERS,
    Accrual,
    Direction,
    Indicator,
    Kind,
    Plan,
    Quarters,
    figure_text,
)
from zi_eval.performance.table.headings import (
    CHOICES,
    COLUMNS,
    IGNORED,
    NAMES,
    SYNONYMS,
    TEMPLATE_HINT,
    YEAR,
    find_heading,
    find_sheet,
)
from zi_eval.sheets.book import open_source
from zi_eval.sheets.container import read_file
from zi_eval.sheets.dates import parse_date
from zi_eval.sheets.grid import Grid, column_letter, row_problems, warn_stripped
from zi_eval.sheets.numbers import (
    LARGEST,
    NumberStyle,
    decimal_number,
    find_style,
    held_number,
    parse_number,
)
from zi_eval.sheets.strange import (
    describe_rows,
    is_numbering,
    names_statistic,
    repeats_headings,
)
from zi_eval.sheets.table import long_rows, percent_cells

__all__ = ["PlanReading", "read_plan"]

BOUND = re.compile(r"(?:[≤≥<>]=?|maks(?:imal|\.)?|min(?:imal|\.)?)\s*(?=\d)", re.IGNORECASE)
"""What stands before a target that is a limit: ``≤ 3 hari``."""
MEASURE = re.compile(r"(.*\d)\s*([^\W\d].*)")
NEEDED = tuple(column.name for column in COLUMNS if column.is_required)
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
        content = read_file(path)
        book = open_source(path, content)
        grid, top = find_sheet(book, year, sheet)
    except WorkbookError as error:
        return PlanReading(
            None, (Problem(code="tabel-tak-terbaca", message=str(error), file=str(path)),)
        )
    reader = _Reader(str(path), grid, year, percent_cells(grid))
    reader.separator = book.separator
    # Only commas are decimal signs too.
    for row in long_rows(content, book, top) if book.separator == "," else ():
        reader.problems.error(
            "kolom-berlebih",
            "barisnya punya lebih banyak kolom daripada judulnya.",
            "Beri tanda kutip pada isi yang memuat koma, atau simpan dengan pemisah titik koma.",
            at=(row, None),
        )
    warn_stripped(reader.problems, grid)
    indicators = reader.read(top)
    if not indicators and not has_errors(reader.problems):
        reader.problems.error(
            "tabel-kosong", "belum ada indikator di bawah judul kolom.", at=(top, None)
        )
    plan = Plan(unit, name or unit, year, tuple(indicators), kind)
    return PlanReading(None if has_errors(reader.problems) else plan, tuple(reader.problems))


class _Reader:
    """Reads the rows below the headings; ``problems`` grows."""

    def __init__(
        self, file: str, grid: Grid, year: int, percent: frozenset[tuple[int, int]]
    ) -> None:
        self.grid = grid
        self.problems = row_problems(file, grid.sheet)
        self.year, self.percent = year, percent
        self.style = NumberStyle()
        self.separator = ""
        self.columns: dict[str, int] = {}

    def read(self, top: int) -> list[Indicator]:
        """Return the indicators below the headings of row ``top``."""
        self._find_columns(top)
        if has_errors(self.problems):
            return []
        numbers = [c for name, c in self.columns.items() if self._is_number(name)]
        rows = self.grid.rows[top + 1 :]
        style = find_style(
            value for row in rows for c in numbers if isinstance(value := row[c], str) and value
        )
        # Excel separates by semicolons exactly where the comma is the decimal sign.
        self.style = replace(style, commas=style.commas + (self.separator == ";"))
        strange = self._strange_rows(top)
        indicators: list[Indicator] = []
        seen: dict[tuple[str, str], int] = {}
        goal = ""
        for row, values in enumerate(rows, top + 1):
            if row in strange or not any(value not in ("", None) for value in values):
                continue
            if self._is_goal(row, values):
                goal = self._text(values, "sasaran")
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

    def _strange_rows(self, top: int) -> Mapping[int, str]:
        """Return the rows that are no indicator, and what they are; they are said once."""
        strange: dict[int, str] = {}
        for row, values in enumerate(self.grid.rows[top + 1 :], top + 1):
            names = [self._text(values, name) for name in ("sasaran", "indikator")]
            if is_numbering(values):
                strange[row] = "penomoran kolom"
            elif repeats_headings(values, self.grid.rows[top]):
                strange[row] = "judul berulang"
            elif any(map(names_statistic, names)) and not any(
                self._text(values, name) for name in (*CHOICES, "satuan")
            ):
                strange[row] = "hitungan"
            elif self._is_beside(row, values):
                strange[row] = "bukan indikator"
        if strange:
            self.problems.warning(
                "bukan-baris-data",
                f"bukan baris data, tidak dibaca: baris {describe_rows(strange)}.",
                at=(min(strange), None),
            )
        return strange

    def _is_beside(self, row: int, values: Sequence[object]) -> bool:
        """Whether a row is words beside the table, as a signature: of no indicator, no figure."""
        own = set(self.columns.values())
        filled = {column for column, value in enumerate(values) if value not in ("", None)}
        has_figure = any((row, column) in self.grid.errors for column in own) or any(
            decimal_number(values[column]) is not None for column in filled & own
        )
        is_goal = filled & own == {self.columns["sasaran"]}
        named = self._text(values, "indikator") or has_figure or is_goal
        return bool(filled) and not named and 2 * len(filled & own) < len(NEEDED)

    def _is_goal(self, row: int, values: Sequence[object]) -> bool:
        """Whether a row names the goal of the indicators below it and nothing else."""
        filled = [column for column in self.columns.values() if values[column] not in ("", None)]
        has_error = any((row, column) in self.grid.errors for column in self.columns.values())
        return filled == [self.columns["sasaran"]] and not has_error

    @staticmethod
    def _is_number(name: str) -> bool:
        return name not in NAMES or NAMES[name].kind == "number"

    def _find_columns(self, top: int) -> None:
        for column, value in enumerate(self.grid.rows[top]):
            text = str(value).strip()
            if not text:
                if any(row[column] not in ("", None) for row in self.grid.rows[top + 1 :]):
                    self.problems.error(
                        "judul-kosong",
                        f"kolom {column_letter(column)} berisi tetapi tanpa judul.",
                        "Beri judul, atau kosongkan kolomnya.",
                        at=(top, column),
                    )
                continue
            name = find_heading(text, self.year)
            if name in IGNORED:
                continue
            if not name:
                near = self.problems.nearest(text, NAMES)
                hint = f"Mungkin maksudnya '{near}'." if near else "Isinya tidak dibaca."
                is_doubtful = near or self.problems.is_full
                report = self.problems.error if is_doubtful else self.problems.warning
                said = f"judul '{quote(text)}' tidak dikenal."
                report("judul-tidak-dikenal", said, hint, at=(top, column))
            elif name in self.columns:
                first = column_letter(self.columns[name])
                self.problems.error(
                    "judul-ganda",
                    f"judul '{name}' sudah ada di kolom {first}.",
                    "Hapus atau ganti salah satunya.",
                    at=(top, column),
                )
            else:
                self.columns[name] = column
                match = YEAR.fullmatch(name)
                if match and int(match[2]) >= self.year:
                    self.problems.error(
                        "tahun-bukan-lalu",
                        f"'{name}' bukan tahun sebelum {self.year}.",
                        "Tahun berjalan ditulis per triwulan.",
                        at=(top, column),
                    )
        for wanted in COLUMNS:
            if wanted.is_required and wanted.name not in self.columns:
                self.problems.error(
                    "kolom-tidak-ada",
                    f"kolom '{wanted.name}' tidak ada.",
                    TEMPLATE_HINT,
                    at=(top, None),
                    key=wanted.name,
                )

    def _indicator(self, row: int, values: Sequence[object], goal_above: str) -> Indicator:
        years: dict[str, dict[int, float]] = {"realisasi": {}, "target": {}}
        for name in self.columns:
            if name not in NAMES and (match := YEAR.fullmatch(name)):
                figure = self._number(row, values, name)
                if figure is not None:
                    years[match[1]][int(match[2])] = figure

        def text(name: str) -> str:
            return self._text(values, name)

        def number(name: str) -> float | None:
            return self._number(row, values, name)

        goal = text("sasaran") or goal_above
        for name, given in (("sasaran", goal), ("indikator", text("indikator"))):
            if not given:
                self.problems.error(
                    "wajib-diisi", f"{name} wajib diisi.", at=(row, self.columns[name]), key=name
                )
        item = Indicator(
            goal=goal,
            name=text("indikator"),
            formula=text("rumus"),
            unit_of_measure=text("satuan"),
            kind=Kind(self._choice(row, values, "jenis") or Kind.OUTCOME),
            direction=Direction(self._choice(row, values, "arah") or Direction.UP),
            accrual=Accrual(self._choice(row, values, "penjumlahan") or Accrual.LAST),
            is_key=self._choice(row, values, "iku") != "Tidak",
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
            due=self._date(row, values),
            evidence=self._evidence(row, values),
            row=row + 1,
        )  # fmt: skip
        self._check_shares(row, item)
        return item

    def _quarters(self, row: int, values: Sequence[object], what: str) -> Quarters:
        one, two, three, four = (self._number(row, values, f"{what}_tw{q}") for q in QUARTERS)
        return one, two, three, four

    def _text(self, values: Sequence[object], name: str) -> str:
        column = self.columns.get(name)
        value = "" if column is None else values[column]
        return "" if value is None else tidy_text(str(value))

    def _evidence(self, row: int, values: Sequence[object]) -> str:
        """Return the evidence: its text, and where the cell leads if the text does not say so."""
        text, column = self._text(values, "bukti"), self.columns.get("bukti")
        link = "" if column is None else self.grid.marks.links.get((row, column), "")
        return " ".join(filter(None, (text, link if "://" in link and link not in text else "")))

    def _number(self, row: int, values: Sequence[object], name: str) -> float | None:
        column = self.columns.get(name)
        if column is None:
            return None
        value = values[column]
        if value in ("", None):
            if (row, column) in self.grid.errors:
                self.problems.error(
                    "rumus-galat",
                    "rumusnya tidak menghasilkan angka.",
                    "Hitung ulang di Excel, lalu simpan.",
                    at=(row, column),
                    key=name,
                )
            return None
        held = held_number(value)
        if held is not None and abs(held) <= LARGEST:
            # Excel keeps 12,5 % as 0.125; the twelfth decimal takes away what binary adds.
            return round(held * 100, 12) if (row, column) in self.percent else held
        typed = self._bare_figure(str(value).strip(), name, self._text(values, "satuan"))
        try:
            figure, is_doubtful = parse_number(typed, self.style)
        except ValueError:
            self.problems.error(
                "bukan-angka",
                f"'{quote(value)}' bukan angka.",
                "Predikat tidak dapat dihitung; tulis nilai angkanya, mis. 72,5."
                if GRADE.fullmatch(typed)
                else "Tulis angkanya saja, mis. 1250 atau 12,5.",
                at=(row, column),
                key=name,
            )
            return None
        if is_doubtful and figure is not None:
            # A file that writes both ways tells nothing: then it is refused, not read by chance.
            is_mixed = self.style.is_mixed
            read = "dapat dibaca dua cara" if is_mixed else f"dibaca {figure_text(figure)}"
            (self.problems.error if is_mixed else self.problems.warning)(
                "angka-meragukan",
                f"'{quote(value)}' {read}.",
                "Tulis tanpa pemisah ribuan agar pasti.",
                at=(row, column),
                key=name,
            )
        return figure

    @staticmethod
    def _bare_figure(typed: str, name: str, measure: str) -> str:
        """Return a typed figure without its unit of measure, a target without its "at most"."""
        if name not in NAMES or name.startswith("target"):
            typed = BOUND.sub("", typed, count=1) if BOUND.match(typed) else typed
        if measure and typed.casefold().endswith(measure.casefold()):
            return typed[: -len(measure)].strip()
        said = MEASURE.fullmatch(typed)
        # "3 hari" of what is measured in "Hari kerja".
        is_part = said is not None and f" {fold(measure)} ".startswith(f" {fold(said[2])} ")
        return said[1] if said is not None and is_part else typed

    def _money(self, row: int, values: Sequence[object], name: str) -> float | None:
        figure = self._number(row, values, name)
        if figure is not None and figure < 0:
            self.problems.error(
                "uang-negatif",
                f"{name} tidak boleh negatif.",
                at=(row, self.columns[name]),
                key=name,
            )
            return None
        return figure

    def _choice(self, row: int, values: Sequence[object], name: str) -> str:
        column, allowed = self.columns.get(name), CHOICES[name]
        given = self._text(values, name)
        if column is None or (not given and not NAMES[name].is_required):
            return ""
        folded = " ".join(given.casefold().replace("_", " ").split())
        known: Mapping[str, str] = {a.casefold(): a for a in allowed} | dict(SYNONYMS[name])
        if folded in known:
            return known[folded]
        near = self.problems.nearest(folded, known) if folded else None
        hint = f"Mungkin maksudnya '{known[near]}'." if near else f"Pilih {_either(allowed)}."
        said = f"'{quote(given)}' tidak dikenal." if given else f"{name} wajib diisi."
        self.problems.error(
            "pilihan-tidak-dikenal" if given else "wajib-diisi",
            said,
            hint,
            at=(row, column),
            key=name,
        )
        return ""

    def _date(self, row: int, values: Sequence[object]) -> date | None:
        column = self.columns.get("batas_waktu")
        value = "" if column is None else values[column]
        if value in ("", None):
            return None
        day = parse_date(value, self.year)
        if day is None:
            # No figure depends on it.
            self.problems.warning(
                "bukan-tanggal",
                f"'{quote(value)}' bukan tanggal; batas waktunya tidak dibaca.",
                "Tulis seperti 30/11/2026.",
                at=(row, column),
                key="batas_waktu",
            )
        return day

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


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} atau {last}"
