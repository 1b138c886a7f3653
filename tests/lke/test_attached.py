"""What stands at a cell beside its value is taken or named: percent, link, comment, and so on."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.comments import Comment

from tests.lke.builder import Sheet, build
from tests.lke.test_reader import all_answers
from zi_eval.core.assessment import Answer
from zi_eval.instruments import load_instrument, load_workbook_layouts
from zi_eval.lke.attached import linked_text
from zi_eval.lke.reader import WorkbookReading, read_workbook

INSTRUMENT = load_instrument("zi-2021")
LAYOUTS = load_workbook_layouts("zi-2021")
LKE = next(layout for layout in LAYOUTS if layout.sheet == "LKE ZI")
COUNTED = "A.II.5.iii.a"


def read(made: Sheet, folder: Path) -> WorkbookReading:
    return read_workbook(made.save(folder), INSTRUMENT, LAYOUTS)


def share(made: Sheet, key: str, value: float) -> None:
    made.cell(key).value = value
    made.cell(key).number_format = "0.00%"


def test_an_index_or_a_count_under_a_percent_format_is_named_and_left_open(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    share(made, "B.I.a", 0.91)
    share(made, f"{COUNTED}.5", 1)

    reading = read(made, tmp_path)

    assert reading.answers["B.I.a"].unit is None
    counts = reading.answers[COUNTED].unit
    assert isinstance(counts, tuple)
    assert counts[-1] is None
    named = {problem.cell: problem.message for problem in reading.problems}
    assert "tampil sebagai 91 %" in named[made.name("B.I.a")]
    assert "tampil sebagai 100 %" in named[made.name(f"{COUNTED}.5")]


def test_where_every_index_is_a_percentage_it_is_read_and_said(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    share(made, "B.I.a", 0.91)
    share(made, "B.II.a", 0.0)

    reading = read(made, tmp_path)

    assert (reading.answers["B.I.a"].unit, reading.answers["B.II.a"].unit) == (3.64, 0.0)
    (problem,) = reading.problems
    assert problem.code == "indeks-persen"
    assert "K" in problem.message


def test_a_share_above_one_is_no_index_even_where_percent_is_usual(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    share(made, "B.I.a", 0.91)
    share(made, "B.II.a", 3.64)

    reading = read(made, tmp_path)

    assert reading.answers["B.I.a"].unit is None
    assert reading.answers["B.II.a"].unit is None


@pytest.mark.parametrize(
    ("text", "address", "evidence"),
    [
        ("LIHAT", "https://a.id/1", "https://a.id/1"),
        ("SK Tim", "https://a.id/1", "SK Tim: https://a.id/1"),
        ("SK: https://a.id/1", "https://a.id/1", "SK: https://a.id/1"),
        ("a.id/1...", "https://a.id/1", "https://a.id/1"),
        ("SK Tim", "#Bukti!A1", "SK Tim (lihat Bukti!A1)"),
        ("SK Tim", "", "SK Tim"),
    ],
)
def test_a_text_keeps_the_address_it_stands_on(text: str, address: str, evidence: str) -> None:
    assert linked_text(text, address) == evidence


def test_evidence_gives_the_link_of_its_cell(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    for key, text, address in (
        ("A.I.1.i.a", "LIHAT", "https://bukti.example/8"),
        ("A.I.1.i.b", "1. SK Tim\n2. Foto", "https://bukti.example/9"),
    ):
        made.cell(key, "evidence").value = text
        made.cell(key, "evidence").hyperlink = address
    made.cell("A.I.1.ii.a", "evidence").value = '=HYPERLINK("https://bukti.example/10","LIHAT")'
    made.cell("A.I.1.ii.b", "evidence").value = '=HYPERLINK(Utama!A1,"LIHAT")'
    made.cell("A.I.1.ii.c").hyperlink = "https://bukti.example/11"

    reading = read(made, tmp_path)

    found = {key: reading.answers[key].evidence for key in list(reading.answers)[:4]}
    assert found["A.I.1.i.a"] == ("https://bukti.example/8",)
    assert found["A.I.1.i.b"] == ("1. SK Tim", "2. Foto", "https://bukti.example/9")
    assert found["A.I.1.ii.a"] == ("https://bukti.example/10",)
    codes = {problem.code: problem.cell for problem in reading.problems}
    assert codes["tautan-tidak-terbaca"] == made.name("A.I.1.ii.b", "evidence")
    assert codes["tautan-tidak-dibaca"] == made.name("A.I.1.ii.c")


def test_a_comment_is_the_tpis_note_where_its_column_says_nothing(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.b": Answer("A", tpi_note="sudah")}, has_tpi=True)
    made.cell("A.I.1.i.a").comment = Comment("seharusnya B", "TPI")
    made.cell("A.I.1.i.b").comment = Comment("lengkapi SK", "TPI")
    made.cell("A.I.1.ii.a").comment = Comment("mengapa kosong?", "TPI")
    made.sheet.cell(1, 1).comment = Comment("versi 3", "Unit")

    reading = read(made, tmp_path)

    assert reading.answers["A.I.1.i.a"].tpi_note == "seharusnya B"
    assert reading.answers["A.I.1.i.b"].tpi_note == "sudah"
    assert reading.answers["A.I.1.ii.a"] == Answer(tpi_note="mengapa kosong?")
    assert list(reading.answers) == ["A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.a"], "official order"
    said = [(p.code, p.cell) for p in reading.problems]
    assert sorted(said) == [
        ("komentar-dibaca", made.name("A.I.1.i.a")),
        ("komentar-tidak-dibaca", "LKE ZI!A1"),
        ("komentar-tidak-dibaca", made.name("A.I.1.i.b")),
    ]


def test_an_error_or_an_uncomputed_formula_in_a_text_is_named(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.cell("A.I.1.i.a", "note").value = "=Utama!A1"
    made.cell("A.I.1.i.b", "evidence").value = "#REF!"
    made.cell("A.I.1.i.b", "evidence").data_type = "e"

    reading = read(made, tmp_path)

    said = {problem.cell: problem.message for problem in reading.problems}
    assert "rumus tanpa hasil tersimpan" in said[made.name("A.I.1.i.a", "note")]
    assert "galat #REF!" in said[made.name("A.I.1.i.b", "evidence")]


def test_numbers_kept_as_text_and_hidden_answers_are_read_and_said_once(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.cell("B.I.a").value = "3,62"
    made.cell(f"{COUNTED}.5").value = "1"
    made.sheet.row_dimensions[made.rows["B.I.a"]].hidden = True

    reading = read(made, tmp_path)

    assert reading.answers["B.I.a"].unit == 3.62
    said = {problem.code: problem.message for problem in reading.problems}
    assert set(said) == {"angka-berupa-teks", "sel-tersembunyi"}
    assert said["angka-berupa-teks"].startswith("2 angka")


def test_an_import_counts_what_a_score_counts(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.cell("A.II.4.i.a.1").value = "5 sasaran"

    reading = read(made, tmp_path)

    assert reading.answers["A.II.4.i.a"].unit is not None
    assert reading.answered == len(INSTRUMENT.questions) - 1
