from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import count_calls
from zi_eval.performance.plan import Accrual, Direction, Indicator, Kind
from zi_eval.performance.plan_checks import check_plan
from zi_eval.performance.table.headings import COLUMNS, table_form, template_form
from zi_eval.performance.table.reader import PlanReading, read_plan
from zi_eval.performance.watch import check_deviations, check_peers, evaluate_plan
from zi_eval.sheets.numbers import NumberStyle, find_style, parse_number

ROW = {
    "sasaran": "Meningkatnya layanan",
    "indikator": "Izin tepat waktu",
    "satuan": "%",
    "jenis": "outcome",
    "arah": "naik",
    "penjumlahan": "rata-rata",
    "target_tw1": "90",
    "realisasi_tw1": "91,5",
}


def write(path: Path, *rows: dict[str, str], separator: str = ";", encoding: str = "utf-8") -> Path:
    stream = io.StringIO(newline="")
    headings = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(stream, headings, delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def read(path: Path) -> PlanReading:
    return read_plan(path, "dinas", 2026, "Dinas Contoh", "Dinas")


def only(reading: PlanReading) -> Indicator:
    assert [str(p) for p in reading.problems] == []
    assert reading.plan is not None
    (item,) = reading.plan.indicators
    return item


def told(reading: PlanReading) -> list[tuple[str, str, str]]:
    return [(p.code, p.cell.partition("!")[2], p.severity.name) for p in reading.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.250.000,00", 1250000), ("Rp 1.250.000,00", 1250000), ("Rp1.250.000,-", 1250000),
        ("IDR 2.500.000", 2500000), ("12,5 %", 12.5), ("12.5%", 12.5), ("0,125", 0.125),
        ("1250", 1250), ("1,250,000.75", 1250000.75), ("-3,2", -3.2), ("(1.000.000)", -1000000),
        ("\u2212 4", -4), ("1\u00a0250\u00a0000", 1250000), ("1234,567", 1234.567), ("0", 0),
        ("  7 ", 7), ("98.60", 98.6),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert parse_number(text) == (value, False)


@pytest.mark.parametrize("text", ["", "-", "–", "n/a", "Belum ada"])
def test_what_stands_for_nothing_is_not_zero(text: str) -> None:
    assert parse_number(text) == (None, False)


@pytest.mark.parametrize(
    "text",
    [
        "dua",
        "12a",
        "1.2.3",
        "1,2,3",
        "1.25.000",
        "12,5,0",
        "nan",
        "inf",
        "1e5",
        "١٢",
        "9" * 400,
        "--",
        "Rp",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_number(text)


def test_a_doubtful_figure_is_read_by_the_style_of_its_file() -> None:
    comma, point = find_style(["12,5", "98,6"]), find_style(["12.5", "98.6"])
    assert parse_number("1.250", comma) == (1250, False)
    assert parse_number("1.250", point) == (1.25, False)
    assert parse_number("1,250", comma) == (1.25, False)
    assert parse_number("1,250", point) == (1250, False)
    assert parse_number("1.250") == (1250, True)
    assert parse_number("1.250", NumberStyle(1, 1)) == (1250, True)


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)))
def test_an_indonesian_figure_is_read_back(value: float) -> None:
    text = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_number(f"Rp {text}" if value >= 0 else text) == (value, False)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Target TW III", "target_tw3"), ("realisasi triwulan 2", "realisasi_tw2"),
        ("TARGET_TW_IV", "target_tw4"), ("Realisasi Tahun 2025", "realisasi_2025"),
        ("Sasaran Strategis", "sasaran"), ("Indikator Kinerja", "indikator"),
        ("target", ""), ("realisasi", ""), (None, ""), (12, ""), ("", ""),
    ],
)  # fmt: skip
def test_headings_are_recognised_as_people_spell_them(heading: object, name: str) -> None:
    assert table_form().find(heading) == name


def test_every_column_recognises_its_own_heading() -> None:
    assert [table_form().find(column.name) for column in COLUMNS] == [c.name for c in COLUMNS]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_in_the_encodings_and_separators_of_excel(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    row = ROW | {
        "pagu": "Rp 1.250.000,00", "realisasi_anggaran": "1.000.000", "realisasi_2025": "88,25 %",
        "target_2025": "87", "penanggung_jawab": "Kepala bidang – pelayanan é",
        "batas_waktu": "30/11/2026", "iku": "tidak",
    }  # fmt: skip
    item = only(read(write(tmp_path / "d.csv", row, separator=separator, encoding=encoding)))
    assert (item.kind, item.direction, item.accrual) == (Kind.OUTCOME, Direction.UP, Accrual.MEAN)
    assert (item.targets[0], item.results[0], item.results[1]) == (90, 91.5, None)
    assert (item.ceiling, item.spent) == (1250000, 1000000)
    assert (item.earlier_results, item.earlier_targets) == ({2025: 88.25}, {2025: 87})
    assert item.owner == "Kepala bidang – pelayanan é"
    assert (item.due, item.is_key, item.row) == (date(2026, 11, 30), False, 2)


def test_a_goal_left_empty_is_that_of_the_row_above(tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", ROW, ROW | {"sasaran": "", "indikator": "Lain"})
    plan = read(path).plan
    assert plan is not None
    assert [item.goal for item in plan.indicators] == ["Meningkatnya layanan"] * 2


def test_every_problem_of_every_cell_is_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "d.csv",
        ROW
        | {"arah": "niak", "target_tw1": "sembilan puluh", "pagu": "-5", "batas_waktu": "besok"},
        ROW | {"indikator": "", "penjumlahan": ""},
        ROW,
        ROW,
    )
    reading = read(path)
    assert reading.plan is None
    assert told(reading) == [
        ("pilihan-tidak-dikenal", "E2", "ERROR"),
        ("bukan-angka", "G2", "ERROR"),
        ("uang-negatif", "I2", "ERROR"),
        ("bukan-tanggal", "J2", "WARNING"),
        ("wajib-diisi", "B3", "ERROR"),
        ("wajib-diisi", "F3", "ERROR"),
        ("indikator-ganda", "B4", "ERROR"),
        ("indikator-ganda", "B5", "ERROR"),
    ]
    assert reading.problems[0].hint == "Mungkin maksudnya 'naik'."
    assert all(p.line and p.key and p.file == str(path) for p in reading.problems)


def test_headings_that_are_wrong_are_named_with_the_nearest(tmp_path: Path) -> None:
    row = {("indkator" if k == "indikator" else k): v for k, v in ROW.items()}
    reading = read(write(tmp_path / "d.csv", row | {"catatan bebas": "x", "realisasi_2026": "1"}))
    assert reading.plan is None
    hints = {p.code: p.hint for p in reading.problems if p.code == "judul-tidak-dikenal"}
    assert told(reading) == [
        ("judul-tidak-dikenal", "B1", "ERROR"),
        ("judul-tidak-dikenal", "I1", "WARNING"),
        ("tahun-bukan-lalu", "J1", "ERROR"),
        ("kolom-tidak-ada", "", "ERROR"),
    ]
    assert reading.problems[0].hint == "Mungkin maksudnya 'indikator'."
    assert hints


def test_a_column_given_twice_or_without_heading_is_named(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(
        "sasaran;indikator;jenis;arah;penjumlahan;target_tw1;Target TW I;\n"
        "S;I;outcome;naik;kumulatif;1;2;3\n"
    )
    assert told(read(path)) == [
        ("judul-ganda", "G1", "ERROR"),
        ("judul-kosong", "H1", "ERROR"),
    ]


def test_an_unquoted_decimal_comma_never_moves_figures_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(
        "sasaran,indikator,jenis,arah,penjumlahan,target_tw1,target_tw2,target_tw3,bukti\n"
        "S,I,outcome,naik,kumulatif,12,5,13,14,\n"
    )
    reading = read(path)
    assert reading.plan is None
    assert told(reading) == [("kolom-berlebih", "", "ERROR")]
    assert reading.problems[0].line == 2


def test_a_figure_that_can_be_read_in_two_ways_is_named(tmp_path: Path) -> None:
    row = ROW | {"satuan": "orang", "realisasi_tw1": "", "target_tw1": "1.250"}
    commas = read(write(tmp_path / "d.csv", row, separator=","))
    assert told(commas) == [("angka-meragukan", "G2", "WARNING")]
    assert commas.plan is not None
    assert commas.plan.indicators[0].targets[0] == 1250
    mixed = read(write(tmp_path / "m.csv", row | {"target_tw2": "12,5", "target_tw3": "12.5"}))
    assert told(mixed) == [("angka-meragukan", "G2", "ERROR")]
    assert mixed.plan is None


def test_a_share_typed_as_a_fraction_is_named(tmp_path: Path) -> None:
    row = ROW | {"target_tw1": "90", "target_tw2": "0,92"}
    assert told(read(write(tmp_path / "d.csv", row))) == [("persen-meragukan", "I2", "WARNING")]
    low = ROW | {"target_tw1": "2", "realisasi_tw1": "0,5"}
    assert told(read(write(tmp_path / "d.csv", low))) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "kosong"),
        (b"a;b;c\n1;2;3\n", "judul kolom"),
        (b'sasaran;indikator;arah;jenis\n"a;b;c;d\n', "kutip"),
        (b"%PDF-1.4", "PDF"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(content)
    reading = read(path)
    assert reading.plan is None
    assert [p.code for p in reading.problems] == ["tabel-tak-terbaca"]
    assert said in reading.problems[0].message


def test_a_table_without_rows_is_named(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(template_form(2026).to_csv())
    assert [p.code for p in read(path).problems] == ["tabel-kosong"]


def fill_template(path: Path, **cells: object) -> Path:
    workbook = openpyxl.load_workbook(io.BytesIO(template_form(2026).to_workbook()))
    sheet = workbook["Kinerja"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, value in {**ROW, "target_tw1": 90, "realisasi_tw1": 91.5, **cells}.items():
        cell = sheet.cell(2, columns[name])
        cell.value = value
        if name.startswith("target") and isinstance(value, float) and value < 1:
            cell.number_format = "0.0%"
    workbook.save(path)
    return path


def test_the_template_is_filled_in_and_read_back(tmp_path: Path) -> None:
    path = fill_template(tmp_path / "d.xlsx", pagu=1250000, batas_waktu=date(2026, 11, 30))
    item = only(read(path))
    assert (item.targets[0], item.results[0], item.ceiling) == (90, 91.5, 1250000)
    assert item.due == date(2026, 11, 30)


def test_a_share_that_excel_keeps_as_a_fraction_is_read_in_percent(tmp_path: Path) -> None:
    item = only(read(fill_template(tmp_path / "d.xlsx", target_tw1=0.125, target_tw2=0.29)))
    assert item.targets[:2] == (12.5, 29)


def test_the_template_offers_lists_formats_and_instructions() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(template_form(2026).to_workbook()))
    sheet, guide = workbook["Kinerja"], workbook["Petunjuk"]
    headings = [cell.value for cell in sheet[1]]
    assert {column.name for column in COLUMNS} <= set(headings)
    assert {"realisasi_2025", "target_2023"} <= set(headings)
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert '"kumulatif,rata-rata,posisi akhir"' in lists
    assert len(lists) == 4
    said = "\n".join(str(row[1].value) for row in guide.iter_rows())
    assert "bukan jumlah berjalan" in said
    assert csv.reader([template_form(2026).to_csv()], delimiter=";").__next__() == headings


def test_long_untrusted_text_does_not_fill_a_message(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "d.csv", ROW | {"target_tw1": "x" * 5000}))
    assert len(str(reading.problems[0])) < 400


def test_the_work_of_reading_scoring_and_projecting_grows_with_the_tables(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    names = [f"Indikator {number}" for number in range(10)]
    paths = []
    for unit in range(40):
        rows = []
        for name in names:
            target = [float(t) for t in np.sort(random.uniform(20, 95, 4))]
            result = [t * float(random.normal(1, 0.1)) for t in target[:3]]
            figures = {
                f"target_tw{q}": f"{t:.2f}".replace(".", ",") for q, t in enumerate(target, 1)
            }
            figures |= {
                f"realisasi_tw{q}": f"{r:.2f}".replace(".", ",") for q, r in enumerate(result, 1)
            }
            money = {"pagu": "Rp 125.000.000", "realisasi_anggaran": "Rp 93.750.000"}
            rows.append(ROW | {"indikator": name, "penjumlahan": "posisi akhir"} | figures | money)
        paths.append(write(tmp_path / f"u{unit}.csv", *rows))

    standings = []

    def work(paths: Sequence[Path]) -> None:
        plans = [read_plan(path, path.stem, 2026, kind="Dinas").plan for path in paths]
        standings[:] = [evaluate_plan(plan) for plan in plans if plan is not None]
        for standing in standings:
            check_plan(standing.plan)
            check_deviations(standing)
        check_peers(standings)

    work(paths[:1])
    half, whole = count_calls(lambda: work(paths[:20])), count_calls(lambda: work(paths))
    assert sum(len(s.watches) for s in standings) == 400
    assert all(watch.projection for s in standings for watch in s.watches)
    assert whole < 2.1 * half
    assert whole / 400 < 3000  # calls an indicator


def test_a_deadline_is_read_as_people_write_it_and_one_that_cannot_be_read_only_warns(
    tmp_path: Path,
) -> None:
    rows = [
        ROW | {"indikator": text, "batas_waktu": text}
        for text in ("30 Juni 2026", "2026-06-30 00:00:00", "TW II", "secepatnya")
    ]
    reading = read(write(tmp_path / "d.csv", *rows))
    assert told(reading) == [("bukan-tanggal", "I5", "WARNING")]
    assert reading.plan is not None
    day = date(2026, 6, 30)
    assert [item.due for item in reading.plan.indicators] == [day, day, day, None]


def test_a_date_of_a_book_that_counts_from_1904_is_that_day(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.append([*ROW, "batas_waktu"])
    sheet.append([*ROW.values(), date(2026, 6, 30)])
    book.save(tmp_path / "d.xlsx")
    assert only(read(tmp_path / "d.xlsx")).due == date(2026, 6, 30)


def test_figures_are_read_with_limits_units_and_thousands_of_either_kind(tmp_path: Path) -> None:
    row = ROW | {
        "satuan": "Hari kerja",
        "arah": "turun",
        "target_tw1": "≤ 3 hari",
        "target_tw2": "maksimal 2",
        "realisasi_tw1": "2,5 Hari Kerja",
        "realisasi_tw2": "n/a",
        "pagu": "Rp6,318,563,994",
    }
    item = only(read(write(tmp_path / "d.csv", row)))
    assert (item.targets[:2], item.results[:2]) == ((3, 2), (2.5, None))
    assert item.ceiling == 6318563994
    # How much "at most" was reached is no figure, and neither is a grade.
    reading = read(write(tmp_path / "g.csv", row | {"target_tw1": "BB", "realisasi_tw1": "< 3"}))
    assert told(reading) == [("bukan-angka", "G2", "ERROR"), ("bukan-angka", "H2", "ERROR")]
    assert "Predikat" in reading.problems[0].hint


def test_usual_headings_of_performance_tables_are_known_and_achievements_computed_anew(
    tmp_path: Path,
) -> None:
    names = {"indikator": "Indikator Kinerja Utama (IKU)", "sasaran": "Sasaran Kegiatan"}
    row = {"No": "1"} | {names.get(key, key): value for key, value in ROW.items()}
    item = only(
        read(
            write(
                tmp_path / "d.csv",
                row | {"Target 2026": "93", "Capaian": "97,8", "% Capaian TW I": "101,7"},
            )
        )
    )
    assert (item.name, item.annual_target) == ("Izin tepat waktu", 93)


def open_document(headings: Sequence[str], texts: Sequence[str], link: str) -> bytes:
    """Return an ods as LibreOffice writes it: a percentage is a fraction of a type of its own."""

    def cell(content: str, kind: str = 'office:value-type="string"') -> str:
        return f"<table:table-cell {kind}><text:p>{content}</text:p></table:table-cell>"

    shares = [
        cell(f"{share:.1%}", f'office:value-type="percentage" office:value="{share}"')
        for share in (0.9, 0.915, 0.93, 0.87)
    ]
    led = cell(f'<text:a xlink:href="{link}">SK Tim</text:a>')
    rows = ("".join(map(cell, headings)), "".join([*map(cell, texts), *shares, led]))
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<office:body><office:spreadsheet><table:table table:name="Kinerja">'
        f"{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            '><manifest:file-entry manifest:full-path="/" manifest:media-type="application/'
            'vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return stream.getvalue()


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_evidence_under_a_link_and_annual_targets_in_percent_are_read_from_any_workbook(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"d.{suffix}"
    headings = [*ROW, "target_tahunan", "target_2025", "bukti"]
    link = "https://drive.google.com/sk"
    if suffix == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(headings)
        sheet.append([*list(ROW.values())[:6], 0.9, 0.915, 0.93, 0.87, "SK Tim"])
        for column in "GHIJ":
            sheet[f"{column}2"].number_format = "0.0%"
        sheet["K2"].hyperlink = link
        book.save(path)
    else:
        path.write_bytes(open_document(headings, list(ROW.values())[:6], link))
    item = only(read(path))
    assert (item.targets[0], item.results[0]) == (90, 91.5)
    assert (item.annual_target, item.earlier_targets) == (93, {2025: 87})
    assert item.evidence == f"SK Tim {link}"


def test_rows_around_the_indicators_are_named_once_by_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    rows = [
        ";".join(ROW),
        "(1);(2);(3);(4);(5);(6);(7);(8)",
        "Meningkatnya layanan;;;;;;;",
        ";Izin tepat waktu;%;outcome;naik;rata-rata;90;91,5",
        ";".join(ROW),
        ";Pengaduan selesai;%;outcome;naik;rata-rata;80;85",
        ";Rata-rata capaian;;;;;;103,2",
        "Jumlah;;;;;;;",
        ";;;;;;;Kepala Dinas",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    reading = read(path)
    assert reading.plan is not None, reading.problems
    assert [item.row for item in reading.plan.indicators] == [4, 6]
    assert {item.goal for item in reading.plan.indicators} == {"Meningkatnya layanan"}
    (problem,) = reading.problems
    assert problem.message == (
        "bukan baris data, tidak dibaca: baris 2 (penomoran kolom), 5 (judul berulang), "
        "7–8 (hitungan), 9 (bukan indikator)."
    )


def test_an_indicator_called_like_a_statistic_stays_one(tmp_path: Path) -> None:
    row = ROW | {"indikator": "Indeks Pelayanan"}
    assert only(read(write(tmp_path / "d.csv", row))).name == "Indeks Pelayanan"


def test_of_sheets_of_several_years_that_of_the_plan_is_read_and_others_are_not_guessed(
    tmp_path: Path,
) -> None:
    def save(*names: str) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name in names:
            sheet = book.create_sheet(name)
            sheet.append(list(ROW))
            sheet.append([*list(ROW.values())[:-2], 90, float(name[-2:])])
        book.save(tmp_path / "d.xlsx")
        return tmp_path / "d.xlsx"

    assert only(read(save("PK 2025", "PK 2026"))).results[0] == 26
    assert only(read(save("PK 2025"))).results[0] == 25
    reading = read(save("PK 2024", "PK 2025"))
    assert reading.plan is None
    assert "PK 2024, PK 2025" in reading.problems[0].message
