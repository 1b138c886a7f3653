"""A cell is more than its value: format, link, comment, error and visibility, in any file."""

from __future__ import annotations

import struct
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.sheets.binary import write_xls
from tests.sheets.xlsb import write_xlsb
from zi_eval.sheets import biff8, biff12, opendocument
from zi_eval.sheets.book import open_source
from zi_eval.sheets.marks import Marks, format_kind

WEB = "https://bukti.example/1"


def _check(marks: Marks) -> None:
    """The same facts in every format: A1 percent, B1 a link, C1 a comment, row 4, column E."""
    assert marks.is_percent(0, 0)
    assert not marks.is_percent(1, 0)
    assert marks.links == {(0, 1): WEB}
    assert marks.comments == {(0, 2): "TPI: seharusnya B"}
    assert marks.errors == {(2, 1): "#DIV/0!"}
    assert marks.is_hidden_at(3, 0)
    assert marks.is_hidden_at(0, 4)
    assert not marks.is_hidden_at(0, 0)


def _error(path: Path) -> None:
    """Save an error with its formula, as a spreadsheet program does."""
    _rewrite(path, "xl/worksheets/sheet1.xml", b"<f>1/0</f><v></v>", b"<f>1/0</f><v>#DIV/0!</v>")
    _rewrite(path, "xl/worksheets/sheet1.xml", b'<c r="B3">', b'<c r="B3" t="e">')


def _rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part], parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.fixture
def xlsx(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "Satu"
    sheet["A1"], sheet["A2"], sheet["B1"], sheet["B3"] = 0.91, 3, "LIHAT", "=1/0"
    sheet["A1"].number_format = "0.00%"
    sheet["B1"].hyperlink = WEB
    sheet["C1"] = "B"
    sheet["C1"].comment = Comment("TPI: seharusnya B", "TPI")
    sheet["A4"], sheet["E1"] = 1, 1
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["E"].hidden = True
    book.create_sheet("Dua").sheet_state = "hidden"
    path = tmp_path / "buku.xlsx"
    book.save(path)
    _error(path)
    return path


def test_an_xlsx_tells_all_of_its_cells(xlsx: Path) -> None:
    book = open_source(xlsx)

    _check(book.grid("Satu").marks)
    assert book.grid("Dua").marks.is_hidden
    assert not book.grid("Satu").marks.is_hidden


def test_a_conversation_in_excel_stands_for_the_note_beside_it(xlsx: Path) -> None:
    office = "http://schemas.microsoft.com/office/2017/10/relationships"
    with zipfile.ZipFile(xlsx, "a") as archive:
        archive.writestr(
            "xl/threadedComments/threadedComment1.xml",
            '<ThreadedComments><threadedComment ref="C1" personId="p"><text>seharusnya B</text>'
            '</threadedComment><threadedComment ref="C1" personId="q"><text>setuju</text>'
            "</threadedComment></ThreadedComments>",
        )
        archive.writestr(
            "xl/persons/person.xml",
            '<personList><person id="p" displayName="Rina"/><person id="q" displayName="Adi"/>'
            "</personList>",
        )
    _rewrite(
        xlsx,
        "xl/worksheets/_rels/sheet1.xml.rels",
        b"</Relationships>",
        f'<Relationship Id="t" Type="{office}/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/></Relationships>'.encode(),
    )

    comments = open_source(xlsx).grid("Satu").marks.comments

    assert comments == {(0, 2): "Rina: seharusnya B\nAdi: setuju"}


@pytest.mark.parametrize(
    ("formula", "address"),
    [
        (f'=HYPERLINK("{WEB}","SK Tim")', WEB),
        ('=HYPERLINK(C1&"/1";"SK Tim")', WEB),
        ('=IF(A1="","",HYPERLINK(C1&"/1"))', WEB),
        ('=HYPERLINK(VLOOKUP(A1,X:Y,2),"SK")', ""),
    ],
)
def test_a_link_may_be_a_formula(tmp_path: Path, formula: str, address: str) -> None:
    book = Workbook()
    book.active["C1"], book.active["B1"] = WEB.removesuffix("/1"), formula
    book.save(tmp_path / "rumus.xlsx")

    links = open_source(tmp_path / "rumus.xlsx").grid("Sheet").marks.links

    assert links == {(0, 1): address}, "an address nobody can work out is an empty one, not none"


def test_a_place_inside_the_workbook_is_a_link_too(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "bukti"
    book.active["A1"].hyperlink = "#Bukti!A1"
    book.save(tmp_path / "dalam.xlsx")

    assert open_source(tmp_path / "dalam.xlsx").grid("Sheet").marks.links == {(0, 0): "#Bukti!A1"}


def test_an_ods_tells_the_same() -> None:
    def cell(content: str = "", kind: str = "string", more: str = "") -> str:
        return f'<table:table-cell office:value-type="{kind}" {more}>{content}</table:table-cell>'

    note = (
        "<office:annotation><dc:creator>TPI</dc:creator><text:p>TPI: seharusnya B</text:p>"
        "</office:annotation><text:p>B</text:p>"
    )
    link = f'<text:p><text:a xlink:href="{WEB}">LIHAT</text:a></text:p>'
    broken = cell("<text:p>#DIV/0!</text:p>", more='calcext:value-type="error"')
    content = (
        "<office:document-content><office:automatic-styles>"
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        '<table:table table:name="Satu" table:style-name="ta1">'
        '<table:table-column table:number-columns-repeated="4"/>'
        '<table:table-column table:visibility="collapse"/>'
        f"<table:table-row>{cell(kind='percentage')}{cell(link)}{cell(note)}</table:table-row>"
        f"<table:table-row>{cell(kind='float')}</table:table-row>"
        f"<table:table-row><table:table-cell/>{broken}</table:table-row>"
        '<table:table-row table:visibility="filter"><table:table-cell/></table:table-row>'
        '</table:table><table:table table:name="Dua" table:style-name="ta2"/>'
        "</office:document-content>"
    )
    path = _zip({"content.xml": content})

    marks = opendocument.read_marks(path, "buku.ods")

    _check(marks["Satu"])
    assert marks["Dua"].is_hidden
    assert not marks["Satu"].is_hidden


def test_an_ods_tells_what_is_merged() -> None:
    content = (
        "<office:document-content><table:table table:name='Satu'>"
        "<table:table-row table:number-rows-repeated='2'><table:table-cell/></table:table-row>"
        "<table:table-row><table:table-cell/><table:table-cell table:number-rows-spanned='3' "
        "table:number-columns-spanned='2'/><table:covered-table-cell/></table:table-row>"
        "</table:table></office:document-content>"
    )

    assert opendocument.read_marks(_zip({"content.xml": content}), "buku.ods")["Satu"].merges == (
        (2, 1, 4, 2),
    )


def _zip(parts: dict[str, str | bytes]) -> bytes:
    import io

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _xls(formula: bytes = b"") -> bytes:
    code = b"0.00%"
    shared = [
        (0x41E, struct.pack("<HHB", 164, len(code), 0) + code),
        (0xE0, struct.pack("<HH16x", 0, 0)),
        (0xE0, struct.pack("<HH16x", 0, 164)),
    ]
    address = WEB.encode("utf-16-le") + b"\x00\x00"
    moniker = biff8.URL_MONIKER + struct.pack("<I", len(address)) + address
    text = b"TPI: seharusnya B"
    first = [
        (0x7D, struct.pack("<HHHHHH", 4, 4, 0, 0, 1, 0)),
        (0x208, struct.pack("<HHHHHHI", 3, 0, 1, 300, 0, 0, 0x20)),
        (0x203, struct.pack("<HHHd", 0, 0, 1, 0.91)),
        (0x203, struct.pack("<HHHd", 1, 0, 0, 3)),
        (0x205, struct.pack("<HHHBB", 2, 1, 0, 0x07, 1)),
        (0x1B8, struct.pack("<HHHH16xII", 0, 0, 1, 1, 2, 3) + moniker),
        (0x5D, struct.pack("<HHHH14x", 0x15, 0x12, 0x19, 1)),
        (0x1B6, struct.pack("<10xHH4x", len(text), 16)),
        (0x3C, b"\x00" + text),
        (0x3C, bytes(16)),
        (0x1C, struct.pack("<HHHH", 0, 2, 0, 1)),
    ]
    if formula:
        first.append((0x06, struct.pack("<HHHdHIH", 1, 1, 0, 0, 0, 0, len(formula)) + formula))
    return write_xls([shared, first, []], [("Satu", 0), ("Dua", 1)])


def test_an_xls_tells_the_same() -> None:
    marks = biff8.read_marks(_xls(), "buku.xls")

    _check(marks["Satu"])
    assert marks["Dua"].is_hidden
    assert not marks["Satu"].is_hidden


def test_an_xls_tells_where_a_formula_leads() -> None:
    text = b"\x17" + bytes([len(WEB), 0]) + WEB.encode()
    call = b"\x17\x02\x00SK" + b"\x42\x02\x67\x01"

    known = biff8.read_marks(_xls(text + call), "buku.xls")["Satu"].links
    unknown = biff8.read_marks(_xls(b"\x24\x00\x00\x00\x00" + call), "buku.xls")["Satu"].links

    assert known[1, 1] == WEB
    assert unknown[1, 1] == ""


@pytest.mark.parametrize("end", [600, 1024, 1500, 2500])
def test_an_xls_that_is_cut_off_tells_nothing_wrong(end: int) -> None:
    marks = biff8.read_marks(_xls()[:end], "buku.xls")

    assert all(sheet.formats == {} or sheet.is_percent(0, 0) for sheet in marks.values())


def test_a_chain_of_sectors_that_is_a_circle_ends() -> None:
    data = bytearray(_xls())
    data[512 + 4 * 3 : 512 + 4 * 4] = struct.pack("<I", 2)  # the stream's second sector: back

    assert biff8.read_marks(bytes(data), "buku.xls") == {}


def test_an_xlsb_tells_the_same(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Satu"
    sheet["A1"], sheet["A2"], sheet["B1"], sheet["B3"] = 0.91, 3, "LIHAT", "#DIV/0!"
    sheet["A1"].number_format = "0.00%"
    sheet["B1"].hyperlink = WEB
    sheet["C1"] = "B"
    sheet["C1"].comment = Comment("TPI: seharusnya B", "TPI")
    sheet.row_dimensions[4].hidden = sheet.column_dimensions["E"].hidden = True
    sheet["A4"] = "tersembunyi"
    book.create_sheet("Dua").sheet_state = "hidden"

    marks = biff12.read_marks(write_xlsb(tmp_path / "buku.xlsb", book).read_bytes(), "buku.xlsb")

    _check(marks["Satu"])
    assert marks["Dua"].is_hidden
    assert not marks["Satu"].is_hidden


def test_an_xlsb_tells_where_a_formula_leads_and_what_is_merged(tmp_path: Path) -> None:
    book = Workbook()
    book.active["B2"] = f'=HYPERLINK("{WEB}","SK")'
    book.active.merge_cells("B2:C4")

    grid = open_source(write_xlsb(tmp_path / "buku.xlsb", book)).grid("Sheet")

    assert grid.value(1, 1) == "SK"
    assert grid.marks.links == {(1, 1): WEB}
    assert grid.merges == ((1, 1, 3, 2),)


def test_an_xlsb_whose_formula_only_a_program_can_follow_has_an_empty_address(
    tmp_path: Path,
) -> None:
    book = Workbook()
    book.active["A1"] = f'=HYPERLINK("{WEB}","SK")'
    path = write_xlsb(tmp_path / "buku.xlsb", book)
    text = WEB.encode("utf-16-le")
    literal = b"\x17" + struct.pack("<H", len(WEB)) + text
    _rewrite(path, "xl/worksheets/sheet1.bin", literal, literal.replace(b"\x17", b"\x24", 1))

    assert biff12.read_marks(path.read_bytes(), path.name)["Sheet"].links == {(0, 0): ""}


def test_a_date_is_known_by_its_format(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = datetime(2026, 6, 30)
    book.save(tmp_path / "tanggal.xlsx")

    assert open_source(tmp_path / "tanggal.xlsx").grid("Sheet").marks.formats == {(0, 0): "date"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("0%", "percent"),
        ('0.00" %"', None),
        (r"0\%", None),
        ("General", None),
        ("[Red]0.0%;-0.0%", "percent"),
        ("[$-421]dd mmmm yyyy", "date"),
        ('"Rp"#,##0', None),
        ("@", "text"),
    ],
)
def test_a_format_is_judged_by_what_it_does(code: str, kind: str | None) -> None:
    assert format_kind(code) == kind
