"""Reading an LKE workbook or a table of questions in any shape: which sheet, then its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, ProblemList
from zi_eval.errors import WorkbookError
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.place import YEAR, NoSheetError, PlacedSheet, place_sheet
from zi_eval.lke.question_table import TEMPLATE_HINT, find_table
from zi_eval.lke.reading import WorkbookReading, read_sheet
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import BINARY, OLD, OPEN_DOCUMENT

__all__ = ["WorkbookReading", "read_workbook"]


def read_workbook(
    path: Path | str,
    instrument: Instrument,
    layouts: Sequence[WorkbookLayout],
    *,
    period: str = "",
    only: str = "",
    chosen: Mapping[str, int] = MappingProxyType({}),
    content: bytes | None = None,
) -> WorkbookReading:
    """Read the answers, notes and evidence of one LKE in any shape people have it.

    Parameters
    ----------
    path
        An ``.xlsx``, ``.xlsm``, ``.xls``, ``.xlsb`` or ``.ods`` workbook, a sheet of it exported as
        CSV, or a table of questions as CSV or in a workbook; known by its content.
    instrument
        What it should hold; rows are found by their labels, types and titles, or by their official
        numbers in a table.
    layouts
        The sheets in which the instrument circulates.
    period
        Whose year decides between sheets of several years.
    only
        The sheet to read, in any case of letters; else it is looked for.
    chosen
        Columns a person has named, see :func:`~zi_eval.lke.columns.parse_choice`.
    content
        The file's bytes, where they are read already.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all: another kind of file, protected, far too large, no sheet of
        a layout, a sheet of another instrument, or two columns that could be the unit's answer.
    """
    book = open_source(Path(path), content)
    sheet, others = _find_sheet(book, instrument, layouts, _named_sheet(book, only), chosen)
    if others:
        sheet, others = _choose_sheet(book, instrument, [sheet, *others], period)
    if sheet.columns.refusal:
        raise WorkbookError(
            f"Lembar {sheet.grid.sheet} di {book.name} tidak dibaca: {sheet.columns.refusal} "
            "hapus atau ganti judul salah satunya, atau pilih kolomnya dengan --columns jawaban=…, "
            "lalu ambil ulang."
        )
    reading = read_sheet(sheet, instrument, str(path))
    remarks = _source_problems(str(path), book, sheet, [other.grid.sheet for other in others])
    return replace(reading, problems=(*remarks, *reading.problems))


def _named_sheet(book: Book, name: str) -> str:
    if not name:
        return ""
    for sheet in book.parts:
        if sheet.strip().casefold() == name.strip().casefold():
            return sheet
    raise WorkbookError(
        f"{book.name} tidak memuat lembar '{name}'; yang ada: {', '.join(book.parts)}."
    )


def _choose_sheet(
    book: Book, instrument: Instrument, sheets: Sequence[PlacedSheet], period: str
) -> tuple[PlacedSheet, list[PlacedSheet]]:
    """Return the sheet of the period among several that hold the instrument, and the others.

    Raises
    ------
    WorkbookError
        Where neither the year nor the answers tell which one.
    """
    found = YEAR.search(period)
    own = [sheet for sheet in sheets if found and found[0] in _years(sheet)]
    answers = {
        sheet.grid.sheet: dict(read_sheet(sheet, instrument, book.name).answers)
        for sheet in sheets
        if not sheet.columns.refusal
    }
    filled = [sheet for sheet in sheets if answers.get(sheet.grid.sheet, True)]
    dated = {year for sheet in sheets for year in _years(sheet)}
    if len(own) == 1:
        chosen = own[0]
    elif len(filled) < 2 and not (dated and found and found[0] not in dated):
        chosen = filled[0] if filled else sheets[0]
    elif all(
        answers.get(sheet.grid.sheet) == answers.get(filled[0].grid.sheet) for sheet in filled
    ):
        chosen = sheets[0] if sheets[0] in filled else filled[0]
    else:
        names = ", ".join(f"'{sheet.grid.sheet}'" for sheet in sheets)
        raise WorkbookError(
            f"{book.name} memuat beberapa lembar LKE yang isinya berbeda ({names}) dan tidak "
            f"satu pun menyebut tahun {found[0] if found else 'periode'} sendirian; pilih dengan "
            f"--sheet, mis. --sheet {names.partition(',')[0]}."
        )
    return chosen, [sheet for sheet in sheets if sheet is not chosen]


def _years(sheet: PlacedSheet) -> frozenset[str]:
    """Return the years a sheet's name says, else those of the title above its questions."""
    named = YEAR.findall(sheet.grid.sheet)
    if named:
        return frozenset(named)
    top = min(sheet.placement.rows.values())
    texts = (value for row in sheet.grid.rows[:top] for value in row if isinstance(value, str))
    return frozenset(year for text in texts for year in YEAR.findall(text))


def _find_sheet(
    book: Book,
    instrument: Instrument,
    layouts: Sequence[WorkbookLayout],
    only: str,
    chosen: Mapping[str, int],
) -> tuple[PlacedSheet, list[PlacedSheet]]:
    """Return the sheet to read: one of a layout, or a table of questions."""
    table = find_table(book, instrument, only, chosen) if book.separator else None
    if table is not None:
        return table, []
    try:
        return place_sheet(book, instrument, layouts, only=only, chosen=chosen)
    except NoSheetError as error:
        if book.separator:
            raise WorkbookError(
                f"{book.name} bukan lembar LKE dan bukan tabel pertanyaan: tidak ada nomor seperti "
                f"{next(iter(instrument.questions))} di dalamnya; ekspor lembar "
                f"{' atau '.join(layout.sheet for layout in layouts)}, atau {TEMPLATE_HINT}."
            ) from error
        table = find_table(book, instrument, only, chosen)
        if table is None:
            raise
        return table, []


def _source_problems(
    file: str, book: Book, sheet: PlacedSheet, others: Sequence[str]
) -> list[Problem]:
    """Say what was decided about the file and its sheet."""
    name, problems = sheet.grid.sheet, ProblemList[None](file)

    if others:
        problems.warning(
            "beberapa-lembar",
            f"lembar {name} yang dibaca; {', '.join(others)} tidak dibaca.",
            "Bila keliru, pilih lembarnya dengan --sheet.",
        )
    if sheet.is_renamed and not book.separator:
        problems.warning(
            "lembar-diganti-nama",
            f"tidak ada lembar dengan nama resmi; lembar {name} dibaca karena isinya LKE.",
        )
    if book.encoding == "cp1252":
        problems.warning(
            "huruf-ditebak",
            "berkasnya bukan UTF-8 dan dibaca sebagai Windows-1252.",
            "Periksa huruf beraksen dan tanda kutip; bila salah, simpan sebagai CSV UTF-8.",
        )
    if book.kind in (OLD, BINARY, OPEN_DOCUMENT):
        problems.warning(
            "format-lain",
            f"dibaca dari {book.kind}: rumus tidak terlihat.",
            "Simpan sebagai .xlsx bila jawabannya diisi dengan rumus.",
        )
    return problems
