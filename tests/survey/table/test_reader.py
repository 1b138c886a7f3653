from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import count_calls
from zi_eval.survey.definitions import load_survey
from zi_eval.survey.table.cells import ResponseError, parse_answer, parse_seconds
from zi_eval.survey.table.columns import find_roles
from zi_eval.survey.table.reader import SurveyReading, read_responses
from zi_eval.survey.table.template import render_csv, render_workbook
from zi_eval.survey.values import Survey, SurveyData

IPAK, SKM = load_survey("ipak"), load_survey("skm")
HEAD = "P1;P2;P3;P4;P5"


def read(path: Path, text: str | bytes, survey: Survey = IPAK) -> SurveyReading:
    path = path / "unit.ipak.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_responses(path, survey, "unit")


def good(reading: SurveyReading) -> SurveyData:
    assert reading.data is not None, reading.problems
    return reading.data


def said(reading: SurveyReading) -> str:
    assert reading.data is None
    return "\n".join(map(str, reading.problems))


def test_a_row_is_a_respondent_and_an_empty_cell_no_answer(tmp_path: Path) -> None:
    found = good(read(tmp_path, f"{HEAD}\n4;3;2;1;4\n\n;4;-;4;n/a\n"))
    assert [item.answers for item in found.responses] == [(4, 3, 2, 1, 4), (None, 4, None, 4, None)]
    assert [item.row for item in found.responses] == [2, 4]
    assert found.sha256


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_and_separator_is_read(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    text = "P1;P2;P3;P4;P5;komentar\n4;3;2;1;4;é baik\n".replace(";", separator)
    (item,) = good(read(tmp_path, text.encode(encoding))).responses
    assert (item.answers, item.comment) == ((4, 3, 2, 1, 4), "é baik")


def test_an_export_of_google_forms_is_read(tmp_path: Path) -> None:
    heads = ",".join(f'"{n}. {e.question}"' for n, e in enumerate(IPAK.elements, start=1))
    text = (
        f'Timestamp,Jenis layanan,{heads},"Saran dan masukan"\n'
        "2026/03/02 9:15:22 PM GMT+7,Izin,Sangat setuju,Setuju,Kurang setuju,4 - Sangat setuju,3,"
        '"Ramah, cepat"\n'
    )
    (item,) = good(read(tmp_path, text)).responses
    assert item.answers == (4, 3, 2, 4, 3)
    assert (item.service, item.comment) == ("Izin", "Ramah, cepat")
    assert item.time == datetime(2026, 3, 2, 21, 15, 22)


def test_a_grid_of_google_forms_is_read_by_what_stands_in_brackets(tmp_path: Path) -> None:
    heads = ";".join(f"Bagaimana pendapat Saudara? [{e.name}]" for e in IPAK.elements)
    assert good(read(tmp_path, f"{heads}\n4;4;4;3;3\n")).responses[0].answers == (4, 4, 4, 3, 3)


def test_an_export_of_microsoft_forms_is_read_and_its_people_are_not(tmp_path: Path) -> None:
    text = (
        "ID;Start time;Completion time;Email;Name;Diskriminasi;Kecurangan;Imbalan;Pungli;Calo\n"
        "1;2/13/26 9:15:22;2/13/26 9:17:02;anonymous;Danu Jayengrana;4;4;3;3;4\n"
        "2;2/3/26 10:00:00;2/3/26 10:00:05;anonymous;Sekar Wiraguna;4;4;3;3;4\n"
    )
    found = good(read(tmp_path, text))
    assert found.personal == ("Email", "Name")
    first, second = found.responses
    assert (first.seconds, second.seconds) == (100.0, 5.0)
    # Month first, as the 13th shows; "anonymous" is nobody's e-mail.
    assert second.time == datetime(2026, 2, 3, 10, 0, 5)
    assert second.same_person is None


def test_in_skm_the_element_time_is_told_from_the_time_of_answering(tmp_path: Path) -> None:
    heads = [e.name for e in SKM.elements]
    row = ["3"] * 9
    text = ";".join(["Waktu mulai", "Waktu penyelesaian", *heads]) + "\n"
    text += ";".join(["2026-03-02 09:00:00", "2026-03-02 09:02:00", *row]) + "\n"
    (item,) = good(read(tmp_path, text, SKM)).responses
    assert (item.seconds, item.answers) == (120.0, (3,) * 9)


def test_an_export_of_kobotoolbox_is_read(tmp_path: Path) -> None:
    text = (
        "start;end;survei/P1;survei/P2;survei/P3;survei/P4;survei/P5;_id;_uuid;_submission_time\n"
        "2026-03-02T09:15:22.000+07:00;2026-03-02T09:16:22.000+07:00;4;4;4;4;3;7;c0ffee;"
        "2026-03-02T02:16:30\n"
    )
    found = good(read(tmp_path, text))
    assert found.responses[0].seconds == 60.0
    assert found.ignored == ("_id", "_uuid", "_submission_time")


def test_answers_in_the_words_of_the_regulation_are_read(tmp_path: Path) -> None:
    text = ";".join(f"U{n}" for n in range(1, 10)) + "\n"
    text += "Sangat sesuai;Mudah;kurang cepat;Gratis;d. Sangat sesuai;c;SANGAT SOPAN DAN RAMAH;"
    text += "b. Cukup;Dikelola dengan baik\n"
    (item,) = good(read(tmp_path, text, SKM)).responses
    assert item.answers == (4, 3, 2, 4, 4, 3, 4, 2, 4)


def test_a_workbook_is_read_below_its_title_and_with_true_dates(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["Rekap survei IPAK"])
    sheet.append([])
    sheet.append(["No", "Waktu", "P1", "P2", "P3", "P4", "P5"])
    sheet.append([1, datetime(2026, 3, 2, 9, 15, 22), 4, 4, 3, 2, 1])
    path = tmp_path / "unit.ipak.xlsx"
    workbook.save(path)
    (item,) = good(read_responses(path, IPAK, "unit")).responses
    assert (item.row, item.answers) == (4, (4, 4, 3, 2, 1))
    assert item.time == datetime(2026, 3, 2, 9, 15, 22)


@pytest.mark.parametrize(
    "value", ["5", "0", "3,5", "empat", "44", "-1", "4 bintang", "3 atau 4", "3 - 4", "TRUE"]
)
def test_what_is_no_answer_is_named_by_cell_and_never_quoted(tmp_path: Path, value: str) -> None:
    text = said(read(tmp_path, f"{HEAD}\n4;4;{value};4;4\n"))
    assert ":2 [unit.ipak!C2]: salah: P3:" in text
    assert "bukan jawaban 1 sampai 4" in text
    if not value.replace(",", "").replace("-", "").isdigit():
        assert value not in text


def test_number_and_word_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    text = said(read(tmp_path, f"{HEAD}\n1 - Sangat setuju;4;4;4;4\n"))
    assert "skalanya terbalik" in text


def test_all_problems_are_told_and_a_flood_is_cut(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEAD}\n" + "9;9;9;9;9\n" * 300)
    assert len(reading.problems) == 101
    assert "dan 1.401 lainnya." in str(reading.problems[-1])
    assert "1500 jawaban di luar skala" in str(reading.problems[0])


def test_a_missing_element_is_named(tmp_path: Path) -> None:
    text = said(read(tmp_path, "P1;P2;P3;P4\n4;4;4;4\n"))
    assert "kolom P5 (Percaloan) tidak ada" in text


def test_an_element_in_two_columns_is_refused(tmp_path: Path) -> None:
    assert "P1 sudah ada di" in said(read(tmp_path, f"{HEAD};Diskriminasi\n4;4;4;4;4;4\n"))


def test_an_unquoted_separator_that_moves_answers_is_refused(tmp_path: Path) -> None:
    text = said(read(tmp_path, "komentar,P1,P2,P3,P4,P5\nramah, cepat,4,4,4,4,4\n"))
    assert "lebih banyak kolom daripada judulnya" in text


@pytest.mark.parametrize(
    "word",
    ["Jumlah", "Rata-rata", "TOTAL", "NRR per unsur", "Rerata", "Mean", "Median", "Modus",
     "Maksimum", "Minimum", "Nilai Unsur", "Σ Nilai/Unsur", "IKM Unit Pelayanan"],
)  # fmt: skip
def test_a_row_of_a_statistic_is_no_respondent_and_said_once(tmp_path: Path, word: str) -> None:
    reading = read(tmp_path, f"No;{HEAD}\n1;4;4;4;4;4\n{word};4;4;4;4;4\n")
    assert [item.row for item in good(reading).responses] == [2]
    (problem,) = reading.problems
    assert "bukan baris data, tidak dibaca: baris 3 (hitungan)." in problem.message


def test_rows_around_the_answers_are_named_once_by_what_they_are(tmp_path: Path) -> None:
    rows = [
        "No;nama;P1;P2;P3;P4;P5",
        "(1);(2);(3);(4);(5);(6);(7)",
        *(f"{n};Max;4;3;4;3;4" for n in range(1, 5)),
        ";;;;;;",
        "No;nama;P1;P2;P3;P4;P5",
        *(f"{n};Nilai Sari;3;3;4;3;2" for n in range(5, 9)),
        "9;;;;;;",
        ";;3,5;3;4;3;3",
        "Modus;;4;3;4;3;4",
        ";;;;;Mengetahui,;Kepala Dinas",
    ]
    reading = read(tmp_path, "\n".join(rows) + "\n")
    assert [item.row for item in good(reading).responses] == [3, 4, 5, 6, 9, 10, 11, 12]
    (problem,) = reading.problems
    assert problem.message == (
        "bukan baris data, tidak dibaca: baris 2 (penomoran kolom), 8 (judul berulang), "
        "13, 16 (tanpa jawaban), 14–15 (hitungan)."
    )


def test_answers_that_equal_a_statistic_stay_where_nothing_else_marks_a_respondent(
    tmp_path: Path,
) -> None:
    assert len(good(read(tmp_path, f"{HEAD}\n" + "4;4;4;4;4\n" * 9)).responses) == 9
    rows = "".join(f"{n};4;4;4;4;4\n" for n in range(9))
    assert len(good(read(tmp_path, f"No;{HEAD}\n{rows};4;4;4;4;4\n")).responses) == 9


def test_headings_are_judged_by_their_words_and_answers_off_the_scale_by_their_cells(
    tmp_path: Path,
) -> None:
    heads = ";".join(f"Pendapat tentang {e.name}" for e in SKM.elements)
    rows = "5;3;5;3;5;3;5;3;5\n" + "4;4;4;4;4;4;4;4;4\n" * 30
    first = read(tmp_path, f"{heads}\n{rows}", SKM).problems[0]
    assert first.code == "di-luar-skala"
    assert "5 jawaban di luar skala 1 sampai 4: A2, C2, E2, G2, I2." in first.message
    assert "'scale' di survei/skm.yaml" in first.hint
    assert "'scale: {lowest: 1, highest: 5}'" in first.hint


def test_guessed_headings_are_confirmed_once_for_the_file(tmp_path: Path) -> None:
    heads = ";".join(f"Pendapat tentang {e.name}" for e in SKM.elements)
    reading = read(tmp_path, f"{heads}\n4;4;4;4;4;4;4;4;4\n", SKM)
    assert good(reading).responses[0].answers == (4,) * 9
    (problem,) = reading.problems
    assert "A1 = U1, B1 = U2" in problem.message


BOTH = (
    "Informasi layanan tersedia;Persyaratan sesuai;Prosedur mudah;Waktu penyelesaian sesuai;"
    "Tarif sesuai;Sarana prasarana nyaman;Petugas merespons cepat;"
    "Konsultasi dan pengaduan mudah;Tidak ada diskriminasi;Tidak ada kecurangan;"
    "Tidak ada imbalan uang atau barang atau fasilitas di luar aturan;"
    "Tidak ada pungutan liar;Tidak ada percaloan"
)


@pytest.mark.parametrize(("key", "answers"), [("ipkp", (4,) * 8), ("ipak", (3,) * 5)])
def test_of_two_surveys_in_one_form_each_takes_its_own_columns(
    tmp_path: Path, key: str, answers: tuple[int, ...]
) -> None:
    reading = read(tmp_path, f"{BOTH}\n" + "4;4;4;4;4;4;4;4;3;3;3;3;3\n" * 31, load_survey(key))
    found = good(reading)
    assert {item.answers for item in found.responses} == {answers}
    assert len(found.responses) == 31
    others = [p for p in reading.problems if p.code == "survei-lain"]
    assert len(others) == 1
    assert f"{13 - len(answers)} kolom menanyakan" in others[0].message
    assert not any(p.code == "judul-tidak-dikenal" for p in reading.problems)


def test_a_form_of_one_survey_in_the_words_of_another_is_still_its_own(tmp_path: Path) -> None:
    heads = [e.question for e in SKM.elements]
    heads = [heads[0], heads[1], heads[2], heads[3], heads[5], heads[7], heads[8]]
    reading = read(tmp_path, ";".join(["Informasi layanan", *heads]) + "\n" + "4;" * 7 + "4\n",
                   load_survey("ipkp"))  # fmt: skip

    missing = {p.key for p in reading.problems if p.code == "kolom-tidak-ada"}
    assert missing.isdisjoint({"K1", "K2", "K3"})


def test_the_column_of_a_time_is_one_by_its_values_however_they_are_written(
    tmp_path: Path,
) -> None:
    heads = ";".join(["waktu", *(e.code for e in SKM.elements)])
    rows = "".join(f"{n} Januari 2026 10:07;" + "4;" * 8 + "4\n" for n in range(2, 30))
    reading = read(tmp_path, f"{heads}\n;{'4;' * 8}4\n{rows}", SKM)
    responses = good(reading).responses
    assert (responses[0].time, responses[1].time) == (None, datetime(2026, 1, 2, 10, 7))
    assert {item.answers for item in responses} == {(4,) * 9}


def test_unknown_columns_are_named_and_not_read(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEAD};Warna kesukaan\n4;4;4;4;4;biru\n")
    assert good(reading).ignored == ("Warna kesukaan",)
    assert "judul 'Warna kesukaan' tidak dikenal" in str(reading.problems[0])


def test_a_heading_close_to_a_question_is_read_and_told(tmp_path: Path) -> None:
    heads = [e.question for e in IPAK.elements]
    heads[0] = heads[0].replace("perlakuan", "tindakan")
    reading = read(tmp_path, ";".join(heads) + "\n4;3;3;3;3\n")
    assert good(reading).responses[0].answers[0] == 4
    assert "A1 = P1" in str(reading.problems[0])


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan?", "U1"),
        ("Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini", "U2"),
        ("3. Pendapat tentang kecepatan waktu dalam memberikan pelayanan", "U3"),
        ("Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan", "U4"),
        ("Pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan", "U6"),
        ("Perilaku petugas dalam pelayanan terkait kesopanan", "U7"),
        ("Bagaimana penanganan pengaduan pengguna layanan", "U9"),
        ("U8. Mutu sarana", "U8"),
        ("U9. Mutu sarana", "U8"),
        ("U8 Pengaduan", "U9"),
        ("U8 lain-lain", "U8"),
    ],
)
def test_headings_as_long_as_a_question_find_their_element(heading: str, code: str) -> None:
    role = find_roles(SKM).find(heading)
    assert (role.kind, role.name) == ("element", code)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Saran dan masukan untuk perbaikan layanan kami", "comment"),
        ("Jenis layanan yang Anda terima", "service"),
        ("Stempel waktu", "time"),
        ("Warna kesukaan", "unknown"),
        ("Nama lengkap", "personal"),
        ("Usia", "ignored"),
    ],
)
def test_other_headings_find_what_they_hold(heading: str, kind: str) -> None:
    assert find_roles(SKM).find(heading).kind == kind


def test_a_heading_like_a_question_counts_only_above_answers(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEAD};Percaloan yang Anda lihat\n4;4;4;4;4;di gerbang\n")
    assert good(reading).ignored == ("Percaloan yang Anda lihat",)


def test_a_word_that_forms_use_for_two_values_is_refused_with_what_to_do(tmp_path: Path) -> None:
    text = said(read(tmp_path, f"{HEAD}\n4;Tidak setuju;4;4;4\n"))
    assert "'tidak setuju' bernilai 1 di sebagian formulir dan 2 di yang lain" in text
    assert "survei/ipak.yaml" in text


def test_people_are_dropped_masked_and_still_told_apart(tmp_path: Path) -> None:
    text = (
        f"Nama;No HP;NIK;Email;Alamat;Jenis layanan;{HEAD};saran\n"
        "Danu Jayengrana;0812-0000-1111;3201010101900001;danu@surat.example;Jl. Melati 2;"
        "Izin Pak Seno;4;4;4;4;4;danu menunggu, hubungi 081200001111\n"
        "D. Jayengrana;+62 812 0000 1111;;;;Izin;4;3;4;4;4;\n"
        "Sekar;0813-0000-2222;;DANU@surat.example;;izin;4;3;4;4;4;\n"
    )
    found = good(read(tmp_path, text))
    assert found.personal == ("Nama", "No HP", "NIK", "Email", "Alamat")
    assert [item.same_person for item in found.responses] == [None, 2, 2]
    assert found.responses[0].comment == "[nama] menunggu, hubungi [nomor]"
    assert found.responses[0].service == "Izin Pak [nama]"
    assert found.responses[2].service == found.responses[1].service
    assert found.masked == 2
    shown = repr(found).casefold()
    for secret in (
        "danu",
        "jayengrana",
        "0812",
        "1111",
        "320101",
        "surat.example",
        "melati",
        "seno",
    ):
        assert secret not in shown


def test_a_phone_of_who_asks_makes_nobody_a_duplicate(tmp_path: Path) -> None:
    text = f"HP surveyor;{HEAD}\n" + "0812-0000-1111;4;4;3;4;4\n" * 2
    assert [r.same_person for r in good(read(tmp_path, text)).responses] == [None, None]


def test_a_name_in_an_answer_column_does_not_reach_a_message(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEAD};waktu\nDanu Jayengrana;4;4;4;4;Danu\n")
    assert "Danu" not in said(reading)


def test_an_empty_or_foreign_file_says_what_to_do(tmp_path: Path) -> None:
    assert "zi-eval survei template" in said(read(tmp_path, "a;b\n1;2\n"))
    assert "belum ada jawaban" in said(read(tmp_path, f"{HEAD}\n"))
    assert "unit.ipak.csv" in said(read(tmp_path, b"\x00\x01\x02"))
    assert "tidak berpasangan" in said(read(tmp_path, f'{HEAD}\n"4;4;4;4;4\n'))
    missing = read_responses(tmp_path / "tidak-ada.csv", IPAK, "unit")
    assert missing.data is None


def test_a_hostile_workbook_is_refused(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].cell(1_000_000, 16_000, "x")
    stream = io.BytesIO()
    workbook.save(stream)
    path = tmp_path / "unit.ipak.xlsx"
    path.write_bytes(stream.getvalue())
    assert "jauh lebih besar" in said(read_responses(path, IPAK, "unit"))


@pytest.mark.parametrize("key", ["ipak", "ipkp", "skm"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_template_is_read_back_when_filled(tmp_path: Path, key: str, suffix: str) -> None:
    survey = load_survey(key)
    path = tmp_path / f"unit.{key}.{suffix}"
    answers = [str(1 + n % 4) for n in range(len(survey.elements))]
    row = ["2026-03-02 09:15:22", "Izin", "Loket", *answers, "Ramah"]
    if suffix == "csv":
        path.write_text(render_csv(survey) + ";".join(row) + "\n", "utf-8-sig")
    else:
        workbook = openpyxl.load_workbook(io.BytesIO(render_workbook(survey)))
        assert workbook.sheetnames == ["Jawaban", "Petunjuk"]
        workbook["Jawaban"].append([int(v) if v.isdigit() else v for v in row])
        workbook.save(path)
    reading = read_responses(path, survey, "unit")
    (item,) = good(reading).responses
    assert reading.problems == ()
    assert [str(value) for value in item.answers] == answers
    assert (item.service, item.channel, item.comment) == ("Izin", "Loket", "Ramah")


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates()))
def test_no_cell_gives_an_answer_off_the_scale(value: object) -> None:
    try:
        answer = parse_answer(value, SKM, SKM.elements[0])
    except ResponseError:
        return
    assert answer is None or 1 <= answer <= 4


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("95", 95.0), ("1:35", 95.0), ("0:01:35", 95.0), ("95 detik", 95.0), (95, 95.0),
     ("lama", None), (-1, None), (True, None)],
)  # fmt: skip
def test_durations_are_read_as_forms_write_them(value: object, seconds: float | None) -> None:
    assert parse_seconds(value) == seconds


def test_every_heading_of_the_definitions_finds_its_element() -> None:
    for survey in (IPAK, SKM, load_survey("ipkp")):
        roles = find_roles(survey)
        for element in survey.elements:
            for text in (element.code, element.name, element.question, *element.headings):
                role = roles.find(text)
                assert (role.kind, role.name) == ("element", element.code), text


def test_the_work_of_reading_grows_with_the_rows(tmp_path: Path) -> None:
    heads = ";".join(f"U{n}" for n in range(1, 10))

    def calls(rows: int) -> int:
        text = "".join(f"4;3;4;3;4;3;4;3;{1 + n % 4};Izin;Antrean lama {n}\n" for n in range(rows))
        found = []
        count = count_calls(
            lambda: found.append(good(read(tmp_path, f"{heads};layanan;saran\n{text}", SKM)))
        )
        assert len(found[0].responses) == rows
        return count

    none, some, many = calls(1), calls(201), calls(401)
    assert many - some < 1.1 * (some - none)
    assert (many - some) / 200 < 600  # calls a row, of eleven cells


def test_of_sheets_of_two_years_that_of_the_period_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, answer in (("2025", 3), ("2026", 4)):
        sheet = book.create_sheet(name)
        sheet.append([e.code for e in IPAK.elements])
        sheet.append([answer] * 5)
    path = tmp_path / "unit.ipak.xlsx"
    book.save(path)
    found = good(read_responses(path, IPAK, "unit", year=2026))
    assert found.responses[0].answers == (4,) * 5
    assert "2025, 2026" in said(read_responses(path, IPAK, "unit", year=2027))


@pytest.mark.parametrize(("last", "is_named"), [("U8;U9", True), ("U8 Sarana;U9 Pengaduan", False)])
def test_elements_that_forms_number_otherwise_are_named_where_only_the_number_tells(
    tmp_path: Path, last: str, is_named: bool
) -> None:
    heads = ";".join(f"U{n}" for n in range(1, 8))
    reading = read(tmp_path, f"{heads};{last}\n{';'.join('4' * 7)};1;2\n", SKM)
    assert good(reading).responses[0].answers == (4,) * 7 + (1, 2)
    assert [e.name for e in SKM.elements[7:]] == [
        "Sarana dan prasarana",
        "Penanganan pengaduan, saran, dan masukan",
    ]
    warned = [str(p) for p in reading.problems if p.code == "urutan-unsur"]
    assert bool(warned) == is_named
    assert all("H1 = Sarana dan prasarana, I1 = Penanganan" in text for text in warned)
