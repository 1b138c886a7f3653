"""Plain cells are read by a pattern, and as what a call for each tag gives."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.laws import count_examples
from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import open_source
from zi_eval.sheets.grid import Grid
from zi_eval.sheets.marks import Format
from zi_eval.sheets.scan import SheetScan

STYLES: Mapping[str, Format] = {"1": "percent", "3": "text"}
LENGTHS = [3, 5, 0]
HEAD = (
    b'<?xml version="1.0"?>\n<worksheet xmlns="urn:x">'
    b'<cols><col min="2" max="3" hidden="1"/></cols>'
)
SLOW = b"<!-- as if people had written it -->"
"""With a comment in it nothing is read by the pattern."""


def cell(chance: random.Random, row: int, column: str) -> str:
    style = chance.choice(("", "", ' s="1"', ' s="3"', ' s="12"'))
    head = f'<c r="{column}{row}"{style}'
    return chance.choice(
        (
            f"{head}/>", f"{head} />", f"{head}></c>", f'{head} t="n"></c>', f"{head}><v/></c>",
            f"{head}><v>12.5</v></c>", f'{head} t="s"><v>1</v></c>', f'{head} t="s"><v> 2 </v></c>',
            f'{head} t="str"><v>abcé</v></c>', f'{head} t="b"><v>1</v></c>',
            f'{head} t="e"><v>#REF!</v></c>', f"{head}><f>A1+1</f><v>2</v></c>",
            f"{head}><f>A1+1</f></c>", f'{head} t="inlineStr"><is><t>teks</t></is></c>',
            f'{head} t="inlineStr"><is><r><t>te</t></r><r><t>ks</t></r></is></c>',
            f'{head} t="str"><v>a &amp; b</v></c>', f'{head} cm="1"><v>7</v></c>',
            f'{head}><f>HYPERLINK("https://x.id")</f><v>x</v></c>',
        )
    )  # fmt: skip


def sheet(seed: int) -> bytes:
    chance = random.Random(seed)
    rows = []
    for row in range(1, chance.randint(2, 9)):
        hidden = ' hidden="1"' if chance.random() < 0.2 else ""
        cells = "".join(cell(chance, row, letter) for letter in "ABCDE" if chance.random() < 0.8)
        rows.append(f'<row r="{row}"{hidden}>{cells}</row>')
    links = '<hyperlinks><hyperlink ref="A1" location="b"/></hyperlinks>'
    return HEAD + f"<sheetData>{''.join(rows)}</sheetData>{links}</worksheet>".encode()


def known(data: bytes) -> tuple[object, ...]:
    scan = SheetScan("lke.xlsx", "LKE", LENGTHS, STYLES)
    scan.read(data)
    return (
        scan.formulas, scan.errors, scan.formats, scan.hidden_rows, scan.hidden_columns,
        scan.hyperlinks, scan.link_formulas,
    )  # fmt: skip


@pytest.mark.law
def test_what_is_known_of_a_sheet_is_the_same_by_pattern_and_by_tags() -> None:
    for seed in range(count_examples(120)):
        data = sheet(seed)
        slow = data.replace(b"<sheetData>", SLOW + b"<sheetData>")
        assert slow != data
        assert known(data) == known(slow), seed


def test_empty_cells_are_left_out_and_plain_ones_known() -> None:
    cells = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{letter}{row}" s="1"><v>{row}</v></c>' for letter in "ABC")
        + f'<c r="Z{row}" s="2"/></row>'
        for row in range(1, 101)
    )
    data = HEAD + f"<sheetData>{cells}</sheetData></worksheet>".encode()
    scan = SheetScan("lke.xlsx", "LKE", LENGTHS, STYLES)
    shown = scan.read(data)
    assert b"Z1" not in shown
    assert shown.count(b"<v>") == len(scan.formats) == 300


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        '<c r="A1" t="s"><v>9</v></c>',
        '<c r="A0"><v>1</v></c>',
        '<c r="A1"><v>1</v></c></c>',
        '<c r="A1"><v>1</v></c><x a=\'<c r="A2"><v>1</v></c>\'/>',
    ],
)
def test_what_is_damaged_or_enormous_is_refused_either_way(cells: str) -> None:
    data = HEAD + f'<sheetData><row r="1">{cells}</row></sheetData></worksheet>'.encode()
    for xml in (data, data.replace(b"<sheetData>", SLOW + b"<sheetData>")):
        with pytest.raises(WorkbookError):
            known(xml)


@pytest.fixture
def odd(tmp_path: Path) -> Callable[[str], Grid]:
    """Return what reads a sheet with these cells in its first row."""

    def read(cells: str) -> Grid:
        book = Workbook()
        book.create_sheet("LKE", 0)
        book.save(tmp_path / "plain.xlsx")
        path = tmp_path / "lke.xlsx"
        with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    row = f'<row r="1">{cells}</row></sheetData>'
                    data = data.replace(b"</sheetData>", row.encode())
                    assert cells.encode() in data
                new.writestr(name, data)
        return open_source(path).grid("LKE")

    return read


@pytest.mark.parametrize(
    "value",
    [
        "<v>1<!--x-->2</v>", "<v><!--x-->2</v>", "<v>1<?x y?>2</v>", "<v>&#49;2</v>",
        "<f>A1</f><v>1&#50;</v>", "<v>1<![CDATA[2]]></v>",
    ],
)  # fmt: skip
def test_a_number_no_program_writes_so_is_refused_by_its_cell(
    odd: Callable[[str], Grid], value: str
) -> None:
    with pytest.raises(WorkbookError, match=r"lembar LKE sel B1 .*; buka di Excel"):
        odd(f'<c r="A1"><v>1</v></c><c r="B1">{value}</c><c r="C1"><v>3</v></c>')


def test_spaces_around_a_number_are_none_of_it_and_no_number_is_an_error(
    odd: Callable[[str], Grid],
) -> None:
    grid = odd(
        '<c r="A1"><v> 5 </v></c><c r="B1" t="n"><f>A1</f><v>\n4\n</v></c>'
        '<c r="C1" t="str"><v> 5 </v></c><!-- as told --><c r="D1" t="str"><v>a&#10;b</v></c>'
        '<c r="E1"><v>NaN</v></c><c r="F1"><v>1e400</v></c><c r="G1"><v>1e3</v></c>'
    )
    assert grid.rows == ((5, 4, " 5 ", "a\nb", "", "", 1000),)
    assert grid.errors == {(0, 4): "#NUM!", (0, 5): "#NUM!"}
    with pytest.raises(WorkbookError, match="lembar LKE sel A1 "):
        odd('<c r="A1" t="str"><v><![CDATA[a<b]]></v></c>')
