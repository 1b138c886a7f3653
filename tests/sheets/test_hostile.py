"""Files made to harm are refused or read safely, each in a process of its own.

What is tested is the refusal and how much was unpacked for it. Those at full size are long.
"""

from __future__ import annotations

import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.lke.builder import build
from tests.lke.test_reader import INSTRUMENT, LKE, all_answers
from tests.sheets.reading import read
from tests.sheets.xlsb import record, write_xlsb
from tests.waiting import NET
from zi_eval.runs.pool import Call, Limits, can_fork, run_calls
from zi_eval.sheets.limits import MAX_XML

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet2.xml"

MEMORY = 1200 * 2**20
"""Address space a reading may take before it is ended: a net, three times what it needs."""


def measure(path: Path) -> tuple[int | None, str]:
    """Read a file in a process of its own; return the number of answers, or the refusal."""
    if can_fork():
        (ended,) = run_calls([Call("read", read, (path,))], Limits(NET, MEMORY))
        assert ended.error is None, ended.error
        assert ended.stopped == ""
        reading = ended.value
    else:
        reading = read(path)
    # Once to check the sizes, once for the content, and the parts that say where the sheets are.
    assert reading.unpacked <= 2.2 * MAX_XML
    if reading.refusal:
        assert "\n" not in reading.refusal
        assert reading.refusal.endswith(".")
        assert len(reading.refusal) < 400
    return reading.answers, reading.refusal


def changed(folder: Path, edits: dict[str, Callable[[bytes], bytes]], **added: bytes) -> Path:
    """Write a good workbook with some parts changed; a part that is absent starts empty."""
    source = build(INSTRUMENT, LKE, all_answers()).save(folder, "good.xlsx")
    path = folder / "lke.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        names = [*old.namelist(), *(name for name in edits if name not in old.namelist())]
        for name in names:
            data = old.read(name) if name in old.namelist() else b""
            new.writestr(name, edits[name](data) if name in edits else data)
        for name, data in added.items():
            new.writestr(name, data)
    return path


def in_sheet(text: bytes, before: bytes = b"</sheetData>") -> Callable[[bytes], bytes]:
    return lambda data: data.replace(before, text + before, 1)


def many(pattern: str, numbers: range) -> bytes:
    return "".join(pattern % number for number in numbers).encode()


def high_ratio(folder: Path) -> Path:
    return changed(folder, {"xl/sharedStrings.xml": lambda _: b" " * 90_000_000})


def nested_zips(folder: Path) -> Path:
    inner = folder / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(9):
            archive.writestr(f"{number}", b"\0" * 9_000_000)
    data = inner.read_bytes()
    # Never unpacked.
    return changed(folder, {f"xl/embeddings/{n}.zip": lambda _: data for n in range(16)})


def overlapping_entries(folder: Path) -> Path:
    """All entries of the directory point at the same bytes, as in Fifield's bomb."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b"<a>" + b"x" * 9_000_000 + b"</a>"
    body = packed.compress(plain) + packed.flush()
    sizes = struct.pack("<III", zlib.crc32(plain), len(body), len(plain))
    local = struct.pack("<IHHHHH", 0x04034B50, 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 1, 0)
    data, directory, count = local + b"a" + body, b"", 40
    for number in range(count):
        name = b"a" if not number else f"xl/{number}.xml".encode()
        head = struct.pack("<IHHHHHH", 0x02014B50, 20, 20, 0, 8, 0, 0) + sizes
        directory += head + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(data), 0)
    path = folder / "overlap.xlsx"
    path.write_bytes(data + directory + end)
    return path


def huge_directory(folder: Path) -> Path:
    return changed(folder, {f"x/{number}": lambda _: b"" for number in range(20_000)})


def declared_size(folder: Path) -> Path:
    dimension = b'<dimension ref="A1:XFD1048576"/>'
    return changed(folder, {SHEET: lambda data: re.sub(rb"<dimension[^>]*/>", dimension, data)})


def last_cell(folder: Path) -> Path:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return changed(folder, {SHEET: in_sheet(row)})


def impossible_cell(folder: Path) -> Path:
    row = b'<row r="999999999"><c r="A999999999"><v>1</v></c></row>'
    return changed(folder, {SHEET: in_sheet(row)})


MANIFEST = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def laughs_in_the_sheet(folder: Path) -> Path:
    def edit(data: bytes) -> bytes:
        start = data.index(b"<worksheet")
        return data[:start] + LAUGHS + data[start:].replace(b"</sheetData>", b"&j;</sheetData>")

    return changed(folder, {SHEET: edit})


def laughs_in_the_strings(folder: Path) -> Path:
    strings = LAUGHS + f'<sst xmlns="{MAIN}"><si><t>&j;</t></si></sst>'.encode()
    return changed(folder, {"xl/sharedStrings.xml": lambda _: strings})


def foreign_entity(folder: Path) -> Path:
    strings = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'
    )
    return changed(folder, {"xl/sharedStrings.xml": lambda _: strings})


def blank_rows(folder: Path) -> Path:
    """A million formatted rows without content below the questions."""
    rows = many('<row r="%d" ht="15" customHeight="1"/>', range(400, 1_048_577))
    return changed(folder, {SHEET: in_sheet(rows)})


def blank_cells(folder: Path) -> Path:
    """The same with a formatted empty cell in each row."""
    rows = many('<row r="%d"><c s="0"/></row>', range(400, 1_048_577))
    return changed(folder, {SHEET: in_sheet(rows)})


def filled_rows(folder: Path) -> Path:
    rows = many('<row r="%d"><c><v>1</v></c></row>', range(400, 600_000))
    return changed(folder, {SHEET: in_sheet(rows)})


def many_elements(folder: Path) -> Path:
    cells = b"".join(b'<c s="%d"/>' % number for number in range(4_500_000))
    return changed(folder, {SHEET: in_sheet(b"<row>" + cells + b"</row>")})


def labelled_rows(folder: Path) -> Path:
    pattern = (
        '<row r="%d"><c r="F{0}" t="inlineStr"><is><t>a.</t></is></c>'
        '<c r="J{0}" t="inlineStr"><is><t>A/B/C</t></is></c></row>'
    )
    rows = "".join(pattern.format(n) % n for n in range(400, 30_000)).encode()
    return changed(folder, {SHEET: in_sheet(rows)})


def wide_row(folder: Path) -> Path:
    cells = b'<row r="400">' + b"<c><v>1</v></c>" * 16_384 + b"</row>"
    return changed(folder, {SHEET: in_sheet(cells)})


def wide_heading(folder: Path) -> Path:
    """The second row filled up to the last column; not too large a rectangle on its own."""

    def edit(data: bytes) -> bytes:
        cell = b'<c t="inlineStr"><is><t>Jawaban</t></is></c>'
        return re.sub(
            rb'(<row r="2".*?)</row>', lambda m: m[1] + cell * 2_000 + b"</row>", data, count=1
        )

    return changed(folder, {SHEET: edit})


def deep_elements(folder: Path) -> Path:
    return changed(folder, {SHEET: in_sheet(b"<a>" * 900_000 + b"</a>" * 900_000)})


def wide_merges(folder: Path) -> Path:
    merges = many('<mergeCell ref="A%d:XFD1048576"/>', range(1, 200_000))
    return changed(
        folder, {SHEET: in_sheet(b"<mergeCells>" + merges + b"</mergeCells>", b"</worksheet>")}
    )


def long_text(folder: Path) -> Path:
    row = b'<row r="400"><c t="inlineStr"><is><t>%s</t></is></c></row>' % (
        random.Random(1).randbytes(2**24).hex().encode()
    )
    return changed(folder, {SHEET: in_sheet(row)})


def shared_long_text(folder: Path) -> Path:
    """A text of 1 MB that 2,000 cells share: 2 GB once each has its copy."""
    text = "".join(chr(97 + n * 7 % 26) for n in range(1_000_000))
    strings = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'.encode()
    rows = many('<row r="%d"><c t="s"><v>0</v></c></row>', range(400, 2_400))
    return changed(folder, {"xl/sharedStrings.xml": lambda _: strings, SHEET: in_sheet(rows)})


def cyclic_formulas(folder: Path) -> Path:
    cells = (
        b'<row r="400"><c r="A400"><f t="shared" ref="A400:B400" si="0">B400</f></c>'
        b'<c r="B400"><f t="shared" si="0"/></c><c r="C400"><f>C400</f><v>1</v></c></row>'
    )
    return changed(folder, {SHEET: in_sheet(cells)})


def dde(folder: Path) -> Path:
    cells = (
        b'<row r="400"><c r="A400" t="str"><f>cmd|\'/c calc\'!A1</f><v>x</v></c>'
        b'<c r="B400"><f>WEBSERVICE("http://127.0.0.1:9/"&amp;A1)</f><v>1</v></c></row>'
    )
    return changed(folder, {SHEET: in_sheet(cells)})


def external_links(folder: Path) -> Path:
    link = (
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="x" r:id="rId1"/></externalLink>'
    ).encode()
    target = (
        b'<Relationships><Relationship Id="rId1" Type="externalLinkPath" '
        b'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    return changed(
        folder,
        {
            "xl/externalLinks/externalLink1.xml": lambda _: link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": lambda _: target,
        },
    )


def macros(folder: Path) -> Path:
    return changed(folder, {"xl/vbaProject.bin": lambda _: b"\xd0\xcf\x11\xe0" + b"Auto_Open" * 99})


def traversal(folder: Path) -> Path:
    return changed(
        folder,
        {name: lambda _: b"jahat" for name in ("../../jahat.xml", "/etc/jahat", "C:\\jahat.xml")},
    )


def cut_off(folder: Path) -> Path:
    path = changed(folder, {})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def doubled(folder: Path) -> Path:
    path = changed(folder, {})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet><sheetData/></worksheet>")
    return path


def bzip2(folder: Path) -> Path:
    path = changed(folder, {})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/comments1.xml", b" " * 9_000_000)
    return path


def wide_encoding(folder: Path) -> Path:
    """Text a second reader might take for other text."""
    return changed(folder, {SHEET: lambda data: data.decode().encode("utf-16")})


def circular_sectors(folder: Path) -> Path:
    """An old workbook whose chain of sectors is a circle."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<III", head, 44, 1, 1, 0)
    struct.pack_into("<IIIII", head, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 1, *[0xFFFFFFFF] * 126)
    path = folder / "lke.xls"
    path.write_bytes(bytes(head) + table + bytes(512) * 3)
    return path


def huge_xlsb(folder: Path) -> Path:
    """Two cells of a binary workbook in its first and last corner."""
    book = Workbook()
    book.active.title, book.active["A1"] = "LKE ZI", "A"
    path = write_xlsb(folder / "lke.xlsb", book)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    far = record(0, struct.pack("<IIHBBBI", 1_048_575, 0, 300, 0, 0, 0, 0))
    far += record(5, struct.pack("<IId", 16_383, 0, 1.0))
    name = "xl/worksheets/sheet1.bin"
    parts[name] = parts[name].replace(record(146), far + record(146))
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


def repeated_ods(folder: Path) -> Path:
    """Sixty million filled cells, said in two attributes."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        '<table:table table:name="LKE ZI"><table:table-row table:number-rows-repeated="60000">'
        '<table:table-cell table:number-columns-repeated="1000" office:value-type="string">'
        "<text:p>panjang sekali</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = folder / "lke.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {MANIFEST}/>")
        archive.writestr("content.xml", content)
    return path


def endless_text(folder: Path) -> Path:
    path = folder / "lke.csv"
    path.write_bytes(b"id;jawaban\n" + b"A.I.1.i.a;Ya\n\n\n" * 3_000_000)
    return path


def blank_lines(folder: Path) -> Path:
    path = folder / "lke.csv"
    path.write_bytes(b"id;jawaban\nA.I.1.i.a;Ya\n" + b"\n" * 19_000_000)
    return path


def endless_fields(folder: Path) -> Path:
    path = folder / "lke.csv"
    path.write_bytes(b"id;jawaban\nA.I.1.i.a;Ya\n" + b";" * 19_000_000)
    return path


def open_quote(folder: Path) -> Path:
    path = folder / "lke.csv"
    path.write_bytes(b'id;jawaban;catatan\nA.I.1.i.a;Ya;"tidak ditutup\n' + b"A.I.1.i.b;A;\n" * 9)
    return path


REFUSED = {
    high_ratio: "kali lipat",
    overlapping_entries: "MB",
    huge_directory: "bagian",
    last_cell: "1048576",
    impossible_cell: "rusak",
    laughs_in_the_sheet: "rusak",
    laughs_in_the_strings: "rusak",
    foreign_entity: "rusak",
    filled_rows: "terisi sampai",
    many_elements: "tag XML",
    labelled_rows: "baris berlabel",
    wide_row: "terisi sampai",
    long_text: "huruf",
    shared_long_text: "huruf",
    cut_off: "rusak",
    doubled: "dua bagian",
    bzip2: "rusak",
    wide_encoding: "rusak",
    circular_sectors: "",
    huge_xlsb: "memori",
    repeated_ods: "memori",
    endless_text: "huruf",
    open_quote: "tanda kutip",
}
READ = (
    declared_size,
    blank_rows,
    blank_cells,
    wide_heading,
    deep_elements,
    wide_merges,
    cyclic_formulas,
    dde,
    external_links,
    macros,
    traversal,
    nested_zips,
)

FULL_SIZE = (
    blank_rows,
    blank_cells,
    many_elements,
    filled_rows,
    labelled_rows,
    long_text,
    shared_long_text,
    endless_text,
    blank_lines,
    endless_fields,
)
"""Millions of rows, cells or letters, each of which has to be made first."""


def each(makers: Iterable[Callable[[Path], Path]]) -> pytest.MarkDecorator:
    """Run a test with each file, those at full size as long ones."""
    marks = {make: [pytest.mark.long] if make in FULL_SIZE else [] for make in makers}
    given = [pytest.param(make, marks=marks[make], id=make.__name__) for make in marks]
    return pytest.mark.parametrize("make", given)


@each(REFUSED)
def test_a_file_made_to_harm_is_refused(make, tmp_path):
    answers, said = measure(make(tmp_path))
    assert answers is None
    assert REFUSED[make] in said


@each(READ)
def test_a_file_with_harmless_excess_is_read(make, tmp_path):
    answers, said = measure(make(tmp_path))
    assert (answers, said) == (len(INSTRUMENT.questions), "")


@each([blank_lines, endless_fields])
def test_a_text_of_empty_fields_is_read(make, tmp_path):
    assert measure(make(tmp_path)) == (1, "")


def test_nothing_is_written_beside_a_hostile_file(tmp_path):
    (deep := tmp_path / "satu" / "dua" / "tiga").mkdir(parents=True)
    path = traversal(deep)
    before = sorted(tmp_path.rglob("*"))
    measure(path)
    assert sorted(tmp_path.rglob("*")) == before
