from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.laws import law
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.journal.live_table import is_open_elsewhere
from zi_eval.performance.table.editor import (
    FIELDS,
    CellValue,
    PerformanceTable,
    field_value,
    read_table,
    set_cell,
)
from zi_eval.performance.table.headings import template_form
from zi_eval.sheets.book import open_source

ROWS: tuple[Mapping[str, str], ...] = (
    {
        "sasaran": 'Layanan "prima"', "indikator": "Izin tepat waktu", "satuan": "%",
        "jenis": "outcome", "arah": "naik", "penjumlahan": "rata-rata", "target_tw1": "92,5",
        "realisasi_tw1": "90,1", "realisasi_tw2": "", "pagu": "Rp 385.000.000",
        "realisasi_anggaran": "Rp 280.000.000", "penanggung_jawab": "Kepala bidang",
        "sebab": "Terlambat; dua dinas", "tindak_lanjut": "", "batas_waktu": "20/12/2026",
        "bukti": "",
    },
    {
        "sasaran": "", "indikator": "Investor baru", "satuan": "investor", "jenis": "output",
        "arah": "naik", "penjumlahan": "kumulatif", "target_tw1": "10", "realisasi_tw1": "12",
        "realisasi_tw2": "", "pagu": "", "realisasi_anggaran": "", "penanggung_jawab": "",
        "sebab": "baris\nkedua é", "tindak_lanjut": "", "batas_waktu": "", "bukti": "",
    },
)  # fmt: skip
WRITTEN = tuple(field for field in FIELDS if field in ROWS[0])
CP1252 = [
    c for c in bytes(range(256)).decode("cp1252", "ignore") if unicodedata.category(c) != "Cc"
]
TEXTS = (
    st.text(CP1252, max_size=30) | st.from_regex(r'[=+\-@;,\t"\n a-z0-9.]{1,12}', fullmatch=True)
).map(lambda text: text.strip() or None)
FIGURES = (
    st.integers(-(10**9), 10**12).map(float)
    | st.decimals(-(10**6), 10**9, places=3).map(float)
    | st.floats(1e-6, 1e9)
)
VALUES = {
    "text": st.none() | TEXTS,
    "number": st.none() | FIGURES,
    "date": st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
}


def csv_bytes(separator: str = ";", encoding: str = "utf-8-sig", end: str = "\r\n") -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(ROWS[0]), delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(ROWS)
    return stream.getvalue().encode(encoding)


def put(path: Path, data: bytes) -> PerformanceTable:
    path.write_bytes(data)
    return read_table(path, "dinas", 2026)


def fields_of(data: bytes, separator: str, encoding: str) -> list[list[str]]:
    text = io.StringIO(data.decode(encoding), newline="")
    return list(csv.reader(text, delimiter=separator))


@law(60, HealthCheck.function_scoped_fixture)
@given(
    separator=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"]),
    end=st.sampled_from(["\n", "\r\n"]),
    place=st.integers(0, 1),
    cell=st.sampled_from(WRITTEN).flatmap(lambda f: st.tuples(st.just(f), VALUES[FIELDS[f]])),
)
def test_a_changed_csv_gives_the_value_back_and_nothing_else_changes(
    tmp_path: Path, separator: str, encoding: str, end: str, place: int, cell: tuple[str, CellValue]
) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    before = put(tmp_path / "dinas.csv", mark + csv_bytes(separator, encoding, end))
    field, value = cell
    if field == "realisasi_anggaran" and isinstance(value, float) and value < 0:
        value = -value
    after = set_cell(before, before.plan.indicators[place], field, value)
    assert field_value(after.plan.indicators[place], field) == value
    codec = "utf-16" if encoding.startswith("utf-16") else encoding
    old, new = (fields_of(t.data, separator, codec) for t in (before, after))
    row, column = place + 1, list(ROWS[0]).index(field)
    written = new[row][column]
    new[row][column] = old[row][column]
    assert new == old
    assert isinstance(value, float) or not written.startswith(("=", "+", "-", "@"))
    # All bytes but those of the field itself: neither quotes nor line ends nor the mark move.
    same = _same_bytes(before.data, after.data)
    tail = _same_bytes(before.data[: same - 1 : -1], after.data[: same - 1 : -1])
    quoted = len(f'"{old[row][column]}"'.encode(codec)) + 2
    assert len(before.data) - same - tail <= quoted


def _same_bytes(one: bytes, other: bytes) -> int:
    shortest = min(len(one), len(other))
    return next((n for n in range(shortest) if one[n] != other[n]), shortest)


@cache
def template() -> bytes:
    return template_form(2026).to_workbook()


def book_bytes(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row, values in enumerate(ROWS, start=2):
        for name, text in values.items():
            number = text.removeprefix("Rp ").replace(".", "").replace(",", ".")
            is_number = FIELDS.get(name) == "number" or name in ("target_tw1", "pagu")
            cell = sheet.cell(row, heads[name])
            if is_number and number:
                cell.value = float(number)
            elif name == "batas_waktu" and text:
                cell.value = datetime(2026, 12, 20)
            else:
                cell.value = text or None
    sheet.delete_rows(len(ROWS) + 3, sheet.max_row)  # two hundred empty rows only take time
    change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells_of(data: bytes) -> dict[str, tuple[object, str, object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return {
        cell.coordinate: (cell.value, cell.number_format, cell.fill.fgColor.rgb)
        for row in sheet.iter_rows()
        for cell in row
    }


@cache
def columns() -> dict[object, str]:
    sheet = openpyxl.load_workbook(io.BytesIO(template())).worksheets[0]
    return {cell.value: cell.column_letter for cell in sheet[1]}


@pytest.fixture(scope="module")
def book() -> bytes:
    return book_bytes(lambda sheet: None)


@law(8, HealthCheck.function_scoped_fixture)
@given(
    cell=st.sampled_from(list(FIELDS)).flatmap(lambda f: st.tuples(st.just(f), VALUES[FIELDS[f]]))
)
def test_a_changed_workbook_gives_the_value_back_and_nothing_else_changes(
    tmp_path: Path, book: bytes, cell: tuple[str, CellValue]
) -> None:
    field, value = cell
    if isinstance(value, float):
        value = abs(value)
    before = put(tmp_path / "dinas.xlsx", book)
    after = set_cell(before, before.plan.indicators[0], field, value)
    assert field_value(after.plan.indicators[0], field) == value
    old, new = cells_of(before.data), cells_of(after.data)
    place = f"{columns()[field]}2"
    assert {k for k in old.keys() | new.keys() if old.get(k) != new.get(k)} <= {place}
    assert new[place][1:] == old[place][1:], "the format stays"
    parts = [zipfile.ZipFile(io.BytesIO(t.data)) for t in (before, after)]
    changed = {n for n in parts[0].namelist() if parts[0].read(n) != parts[1].read(n)}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}


def test_a_text_that_begins_like_a_formula_stays_text_in_a_workbook(
    tmp_path: Path, book: bytes
) -> None:
    text = "=cmd|' /C calc'!A0"
    before = put(tmp_path / "dinas.xlsx", book)
    after = set_cell(before, before.plan.indicators[0], "sebab", text)
    sheet = openpyxl.load_workbook(io.BytesIO(after.data)).worksheets[0]
    cell = sheet[f"{columns()['sebab']}2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert open_source(_saved(tmp_path, after)).grid("Kinerja").formulas == frozenset()
    assert after.plan.indicators[0].cause == text


def _saved(folder: Path, table: PerformanceTable) -> Path:
    path = folder / f"sesudah{table.path.suffix}"
    path.write_bytes(table.data)
    return path


def test_a_share_kept_as_a_fraction_of_one_is_written_as_excel_keeps_it(tmp_path: Path) -> None:
    column = columns()["realisasi_tw1"]

    def share(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for name in ("realisasi_tw1", "target_tw1"):
            sheet[f"{columns()[name]}2"] = 0.9
            sheet[f"{columns()[name]}2"].number_format = "0.0%"

    before = put(tmp_path / "dinas.xlsx", book_bytes(share))
    assert before.plan.indicators[0].results[0] == 90.0
    after = set_cell(before, before.plan.indicators[0], "realisasi_tw1", 91.1)
    assert cells_of(after.data)[f"{column}2"][0] == 0.911
    assert after.plan.indicators[0].results[0] == 91.1


def test_a_formula_is_never_overwritten(tmp_path: Path) -> None:
    column = columns()["sebab"]

    def formula(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet[f"{column}2"] = '="Lihat "&A2'

    before = put(tmp_path / "dinas.xlsx", book_bytes(formula))
    with pytest.raises(ZiEvalError, match=rf"Kinerja!{column}2 berisi rumus.*isi lagi"):
        set_cell(before, before.plan.indicators[0], "sebab", "lain")


def test_a_cell_below_a_merged_one_is_not_filled_unseen(tmp_path: Path) -> None:
    column = columns()["penanggung_jawab"]
    data = book_bytes(lambda sheet: sheet.merge_cells(f"{column}2:{column}3"))
    before = put(tmp_path / "dinas.xlsx", data)
    with pytest.raises(ZiEvalError, match="digabung"):
        set_cell(before, before.plan.indicators[1], "penanggung_jawab", "Kepala seksi")
    after = set_cell(before, before.plan.indicators[0], "penanggung_jawab", "Kepala seksi")
    assert after.plan.indicators[0].owner == "Kepala seksi"


def test_a_column_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    before = put(tmp_path / "dinas.csv", csv_bytes())
    with pytest.raises(ZiEvalError, match="tidak punya kolom 'realisasi_tw4'"):
        set_cell(before, before.plan.indicators[0], "realisasi_tw4", 1.0)


def test_a_letter_the_encoding_lacks_is_named(tmp_path: Path) -> None:
    before = put(tmp_path / "dinas.csv", csv_bytes(encoding="cp1252"))
    with pytest.raises(ZiEvalError, match=r"Huruf '≥' tidak ada.*CSV UTF-8"):
        set_cell(before, before.plan.indicators[0], "sebab", "nilai ≥ 3")


def test_a_figure_the_reader_refuses_is_refused_with_its_reason(tmp_path: Path) -> None:
    before = put(tmp_path / "dinas.csv", csv_bytes())
    with pytest.raises(ZiEvalError, match="realisasi_anggaran tidak boleh negatif"):
        set_cell(before, before.plan.indicators[0], "realisasi_anggaran", -5.0)


@pytest.mark.parametrize(
    ("separator", "value", "written"),
    [(";", 91.125, "91,1250"), (";", 91.5, "91,5"), (",", 1250.0, "1250"), (";", 0.125, "0,125")],
)
def test_a_figure_is_written_as_the_file_writes_figures(
    tmp_path: Path, separator: str, value: float, written: str
) -> None:
    before = put(tmp_path / "dinas.csv", csv_bytes(separator))
    after = set_cell(before, before.plan.indicators[0], "realisasi_tw1", value)
    rows = fields_of(after.data, separator, "utf-8-sig")
    assert rows[1][list(ROWS[0]).index("realisasi_tw1")] == written


def test_money_keeps_the_look_of_its_column(tmp_path: Path) -> None:
    before = put(tmp_path / "dinas.csv", csv_bytes())
    after = set_cell(before, before.plan.indicators[1], "realisasi_anggaran", 1250000.0)
    assert b";Rp 1.250.000;" in after.data
    assert [p.code for p in after.problems] == [p.code for p in before.problems]


def test_a_table_with_points_for_decimals_gets_points(tmp_path: Path) -> None:
    data = csv_bytes(",").replace(b'"92,5"', b"92.5").replace(b'"90,1"', b"90.1")
    before = put(tmp_path / "dinas.csv", data)
    after = set_cell(before, before.plan.indicators[0], "realisasi_tw2", 88.25)
    assert b"90.1,88.25," in after.data


def test_a_short_record_is_filled_up_to_the_cell(tmp_path: Path) -> None:
    data = csv_bytes(end="\n").replace('kedua é";;;\n'.encode(), 'kedua é"\n'.encode())
    before = put(tmp_path / "dinas.csv", b"sep=;\n" + data.removeprefix(b"\xef\xbb\xbf"))
    after = set_cell(before, before.plan.indicators[1], "bukti", "laporan.pdf")
    assert after.data.decode().endswith('kedua é";;;laporan.pdf\n')


def test_a_table_with_errors_is_not_edited(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"dinas\.csv.*bukan angka"):
        put(tmp_path / "dinas.csv", csv_bytes().replace(b"90,1", b"banyak"))


def test_a_table_open_in_excel_or_libreoffice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dinas.xlsx"
    assert not is_open_elsewhere(path)
    for sign in ("~$dinas.xlsx", ".~lock.dinas.xlsx#"):
        (tmp_path / sign).touch()
        assert is_open_elsewhere(path)
        (tmp_path / sign).unlink()


def test_of_sheets_of_several_years_that_of_the_plan_is_changed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in ("PK 2025", "PK 2026"):
        sheet = book.create_sheet(name)
        sheet.append(list(ROWS[0]))
        sheet.append(list(ROWS[0].values()))
    path = tmp_path / "d.xlsx"
    book.save(path)
    table = read_table(path, "d", 2026)
    path.write_bytes(set_cell(table, table.plan.indicators[0], "sebab", "antrean").data)
    after = openpyxl.load_workbook(path)
    said = {name: [c.value for c in after[name][2]] for name in after.sheetnames}
    assert "antrean" in said["PK 2026"]
    assert "antrean" not in said["PK 2025"]
