"""Plain cells are read by a pattern, and as what a call for each tag gives."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from tests.laws import count_examples
from zi_eval.errors import WorkbookError
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
