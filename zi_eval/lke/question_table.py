"""A table of questions, one a row with its official number: found in a sheet, and its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from zi_eval.core.instrument import Instrument, Question
from zi_eval.errors import WorkbookError
from zi_eval.formats import render_csv
from zi_eval.instruments.layouts import WorkbookColumns, WorkbookLayout
from zi_eval.lke.cells import is_open
from zi_eval.lke.columns import ColumnRemark, Columns, find_columns
from zi_eval.lke.match import Placement, Row, input_key
from zi_eval.lke.place import PlacedSheet, place_answers
from zi_eval.lke.tables import COUNT, scale_type
from zi_eval.sheets.book import Book
from zi_eval.sheets.grid import Grid, column_letter
from zi_eval.sheets.limits import MAX_ROWS, too_large

__all__ = ["TABLE", "TEMPLATE_HINT", "find_table", "fold_number", "render_template"]

TABLE = "tabel-pertanyaan"
"""What a reading calls the layout of such a table."""
HEADINGS = (
    "id",
    "pertanyaan",
    "pilihan",
    "jawaban",
    "catatan",
    "bukti",
    "alasan_tidak_berlaku",
    "jawaban_tpi",
    "catatan_tpi",
    "dikembalikan_tpi",
)
SEARCHED_COLUMNS = 40
"""Columns among which the official numbers are looked for."""
QUOTE_HINT = "Beri tanda kutip pada isi yang memuat koma, atau simpan dengan pemisah titik koma."
LAYOUT = WorkbookLayout(
    id=TABLE,
    title="Tabel pertanyaan",
    sheet="",
    source="zi-eval",
    columns=WorkbookColumns(answer="", note="", evidence=""),
    rows={},
)
TEMPLATE_HINT = "buat contohnya dengan 'zi-eval import --template TABEL.csv'"


def fold_number(text: object) -> str:
    """Return an official number folded: ``"A. I. 1 .i.a)"`` and ``"a-i-1-i-a"`` are the same."""
    if not isinstance(text, str):
        return ""
    parts = "".join(c if c.isalnum() else " " for c in text[:60]).split()
    return ".".join(parts).casefold()


def _keys(instrument: Instrument) -> dict[str, str]:
    """Return what a row's number may be, folded: questions and their inputs."""
    keys = {fold_number(question): question for question in instrument.questions}
    for question in instrument.questions.values():
        for item in question.inputs:
            key = input_key(question, item)
            keys[fold_number(key)] = key
    return keys


def find_table(
    book: Book,
    instrument: Instrument,
    only: str = "",
    chosen: Mapping[str, int] = MappingProxyType({}),
) -> PlacedSheet | None:
    """Return the first sheet that is a table of questions, None where there is none.

    Parameters
    ----------
    only, chosen
        The one sheet to look at, and the columns that a person has named.

    Raises
    ------
    WorkbookError
        Where it is one, and has no heading for the answers or gives one number twice.
    """
    keys = _keys(instrument)
    for sheet in book.searched(()):
        if only not in ("", sheet):
            continue
        grid = book.grid(sheet)
        counts = [
            sum(fold_number(row[column]) in keys for row in grid.rows)
            for column in range(min(grid.width, SEARCHED_COLUMNS))
        ]
        if any(counts):
            return _place(book, grid, instrument, keys, counts.index(max(counts)), chosen)
    return None


def _place(
    book: Book,
    grid: Grid,
    instrument: Instrument,
    keys: Mapping[str, str],
    numbers: int,
    chosen: Mapping[str, int],
) -> PlacedSheet:
    rows: dict[str, int] = {}
    for row, values in enumerate(grid.rows):
        key = keys.get(fold_number(values[numbers]))
        if key in rows:
            raise WorkbookError(
                f"{book.name} memuat nomor {key} dua kali (baris {rows[key] + 1} dan {row + 1}); "
                "hapus salah satunya, lalu coba lagi."
            )
        if key is not None:
            rows[key] = row
    first = min(rows.values())
    columns = find_columns(
        place_answers(
            grid,
            instrument,
            rows,
            top=first,
            kind=numbers,
            labels_end=numbers,
            layout={},
            chosen=chosen,
        )
    )
    if not columns.is_found:
        raise WorkbookError(
            f"{book.name} memuat nomor pertanyaan di kolom {column_letter(numbers)}, tetapi tidak "
            f"ada judul kolom jawaban di atasnya; tulis judul seperti {', '.join(HEADINGS[3:6])} "
            f"pada baris pertama, atau {TEMPLATE_HINT}."
        )
    remarks = list(columns.remarks)
    for key, row in list(rows.items()):
        reason = _doubt(book, grid, instrument, key, row, columns, first)
        if reason:
            remarks.append(
                ColumnRemark(
                    "baris-meragukan", reason, row, columns.answer, QUOTE_HINT, is_error=True
                )
            )
            del rows[key]
    placed = set(rows.values()) | {remark.row for remark in remarks}
    nodes = {fold_number(node) for node in instrument.nodes}
    extra = [
        Row(row, None, "", str(values[numbers]).strip() or "tanpa nomor", "", frozenset())
        for row, values in enumerate(grid.rows[first:], first)
        if row not in placed
        and _has_content(values, columns, fold_number(values[numbers]) in nodes)
    ]
    if len(extra) > MAX_ROWS:
        raise too_large(book.name, f"memuat {len(extra)} baris tanpa nomor resmi")
    kinds = {q.id: scale_type(q.scale) for q in instrument.questions.values()}
    placement = Placement(
        rows, frozenset(), tuple(extra), {key: kinds.get(key, COUNT) for key in rows}
    )
    columns = replace(columns, remarks=tuple(remarks))
    return PlacedSheet(grid, LAYOUT, placement, columns, numbers, 0, is_table=True)


def _has_content(values: Sequence[object], columns: Columns, is_node: bool) -> bool:
    """Whether a row without a question's number says anything; a node's title says nothing."""
    if is_node:
        return any(not is_open(values[column]) for column in columns.used)
    return any(not is_open(value) for value in values)


def _doubt(
    book: Book,
    grid: Grid,
    instrument: Instrument,
    key: str,
    row: int,
    columns: Columns,
    first: int,
) -> str:
    """Say why a line of text may have been split wrongly, empty where nothing suggests it.

    A comma that is no separator (a decimal comma, one in a note) moves what follows to the right.
    """
    if not book.separator:
        return ""
    values = grid.rows[row]
    headed = max(
        (c for line in grid.rows[:first] for c, v in enumerate(line) if not is_open(v)), default=0
    )
    if any(not is_open(value) for value in values[headed + 1 :]):
        return "barisnya punya lebih banyak kolom daripada judulnya dan tidak dibaca."
    question = instrument.questions.get(key)
    if book.separator == "," and question is not None and question.scale.kind == "index":
        for column in (columns.answer, columns.tpi_answer):
            whole, rest = grid.value(row, column), grid.value(row, (column or 0) + 1)
            follows = column is not None and column + 1 in (columns.answer, columns.tpi_answer)
            if (
                column is not None
                and str(whole).strip().isdigit()
                and str(rest).strip().isdigit()
                and not (follows and len(str(rest).strip()) == 1)
            ):
                return (
                    f"isinya '{whole}' diikuti '{rest}', mungkin satu angka desimal "
                    f"'{whole},{rest}' yang terpotong; barisnya tidak dibaca."
                )
    return ""


def render_template(instrument: Instrument) -> str:
    """Return an empty table of all questions, to be filled in any spreadsheet program."""
    blank = [""] * (len(HEADINGS) - 3)
    rows: list[Sequence[str]] = [HEADINGS]
    for question in instrument.questions.values():
        rows.append([question.id, question.text, _allowed(question), *blank])
        for item in question.asked_inputs:
            rows.append([input_key(question, item), item.text, "bilangan bulat", *blank])
    return render_csv(rows, "\n")


def _allowed(question: Question) -> str:
    scale = question.scale
    if scale.kind == "choice":
        return "/".join(scale.values)
    if scale.kind == "index":
        return f"angka 0 sampai {scale.top:g}"
    return "isi jumlah pada baris-baris di bawahnya"
