"""Cells that no spreadsheet program writes, and sheets that are mostly nothing."""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.lke.builder import build
from tests.lke.test_reader import INSTRUMENT, LKE, all_answers
from tests.work import count_calls
from zi_eval.errors import ZiEvalError
from zi_eval.instruments import load_workbook_layouts
from zi_eval.lke.audit import audit_workbook
from zi_eval.lke.reader import read_workbook
from zi_eval.lke.style import set_print
from zi_eval.sheets.book import open_book, open_source
from zi_eval.sheets.cells import read_cells
from zi_eval.sheets.edit import CellEdit, edit_workbook
from zi_eval.sheets.grid import LONGEST_CELL
from zi_eval.survey.privacy import mask_text

LAYOUTS = load_workbook_layouts("zi-2021")


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return build(INSTRUMENT, LKE, all_answers()).save(tmp_path, "lke.xlsx")


def with_sheet(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """Return a copy in which the XML of each sheet is changed."""
    made = path.with_name("ubah.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            data = old.read(entry)
            new.writestr(entry, change(data) if "worksheets/sheet" in entry else data)
    return made


@pytest.mark.parametrize("number", ["NaN", "INF", "-INF", "1e999", "-0", "1e308"])
def test_a_number_that_is_none_in_any_cell_gives_no_traceback(whole: Path, number: str) -> None:
    cell = re.compile(rb"<c ([^>]*?)(?: t=\"[a-zA-Z]+\")?((?: s=\"[0-9]+\")?)><(?:is|v).*?</c>")

    def change(data: bytes) -> bytes:
        made = b"<c \\1\\2><v>" + number.encode() + b"</v></c>"
        return cell.sub(made, data)

    path = with_sheet(whole, change)
    for read in (read_workbook, audit_workbook):
        with contextlib.suppress(ZiEvalError):
            read(path, INSTRUMENT, LAYOUTS)


@pytest.mark.parametrize("column", ["C", "D", "E", "F"])
def test_a_label_that_is_no_number_is_no_label(whole: Path, column: str) -> None:
    cell = re.compile(rb'<c r="(%s[0-9]+)"[^>]*>.*?</c>' % column.encode())

    def change(data: bytes) -> bytes:
        found = [*cell.finditer(data)]
        if not found:
            return data
        start, end = found[len(found) // 2].span()
        return data[:start] + b'<c r="%s"><v>NaN</v></c>' % found[len(found) // 2][1] + data[end:]

    path = with_sheet(whole, change)
    assert path.stat().st_size != whole.stat().st_size
    with contextlib.suppress(ZiEvalError):
        read_workbook(path, INSTRUMENT, LAYOUTS)


def test_a_cell_longer_than_excels_is_cut_with_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "panjang.csv"
    path.write_text("a;b\n1;" + "x" * 2_000_000 + "\n", "utf-8")
    (grid,) = open_source(path).grids.values()
    assert grid.stripped == (1, 1)
    assert len(str(grid.value(1, 1))) == LONGEST_CELL


def empty_rows(count: int) -> bytes:
    return b"".join(b'<row r="%d"/>' % (n + 1000) for n in range(count)) + b"</sheetData>"


def test_empty_rows_cost_nothing_to_an_audit(whole: Path) -> None:
    def work(count: int) -> int:
        path = with_sheet(whole, lambda data: data.replace(b"</sheetData>", empty_rows(count)))
        return count_calls(lambda: read_cells(open_book(path)))

    assert work(40_000) <= work(2_000) * 1.02


def test_a_sheet_of_empty_rows_is_not_filled_and_says_what_to_do(whole: Path) -> None:
    path = with_sheet(whole, lambda data: data.replace(b"</sheetData>", empty_rows(210_000)))
    book = open_book(path)
    sheet = next(iter(book.parts))
    with pytest.raises(ZiEvalError, match="Hapus baris kosong"):
        edit_workbook(book.data, book.parts, {sheet: {(0, 0): CellEdit("x")}})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hubungi 0\u200b8\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7", "hubungi [nomor]"),
        ("ke budi (at) contoh (dot) com ya", "ke [surel] ya"),
        ("ke budi[at]contoh[dot]go[dot]id", "ke [surel]"),
        ("lihat a@b. Terima kasih", "lihat a@b. Terima kasih"),
    ],
)
def test_hidden_digits_and_spelled_addresses_are_masked(text: str, kept: str) -> None:
    assert mask_text(text) == kept


@pytest.mark.parametrize("length", range(96, 101))
def test_a_footer_cut_at_an_ampersand_keeps_its_other_half(length: int) -> None:
    sheet = Workbook().create_sheet()
    set_print(sheet, "A1:B2", "1:1", "x" * length + "&" * 20)
    text = sheet.oddFooter.left.text
    assert len(text.replace("&&", "")) == length
    assert text.count("&") % 2 == 0
