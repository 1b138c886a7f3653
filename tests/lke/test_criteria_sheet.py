"""The worksheet of criteria: read by structure, and nothing of it wrong or lost in silence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.lke.criteria_sheets import AKIP, worksheet
from tests.sample import copy_sample, run_command
from zi_eval.errors import WorkbookError
from zi_eval.lke.criteria_sheet import read_criteria
from zi_eval.lke.reader import WorkbookReading
from zi_eval.period.evaluations import load_evaluation


def read(content: bytes, **options: object) -> WorkbookReading:
    return read_criteria("LKE.xlsx", AKIP, content=content, **options)  # type: ignore[arg-type]


def test_every_criterion_is_read_with_proof_note_and_the_evaluators_word() -> None:
    def prove(sheet: Worksheet, rows: Mapping[str, int]) -> None:
        sheet.cell(rows["1.a.1"], 6, "ditetapkan 2025")
        sheet.cell(rows["1.a.1"], 7, "SK Renstra").hyperlink = "https://bukti.example/renstra"

    reading = read(
        worksheet(("Y", "T"), grades={"1.a": "bb"}, tpi={"1.a.2": ("Y", "ada")}, change=prove)
    )
    assert reading.problems == ()
    assert list(reading.criteria) == list(AKIP.criteria)
    first, second = reading.criteria["1.a.1"], reading.criteria["1.a.2"]
    assert (first.unit, first.note) == ("Ya", "ditetapkan 2025")
    assert first.evidence == ("SK Renstra: https://bukti.example/renstra",)
    assert (second.unit, second.tpi, second.tpi_note) == ("Tidak", "Ya", "ada")
    assert {key: answer.unit for key, answer in reading.answers.items()} == {"1.a": "BB"}
    assert (reading.answered, reading.answered_by_tpi) == (1, 0)


@pytest.mark.parametrize(
    "label",
    [
        lambda key: (key, None),
        lambda key: (key[-1], None),
        lambda key: (f"{key[-1]}.", None),
        lambda key: (None, f"{key[0]}{key[-1]}"),
        lambda key: (f"{('I', 'II', 'III', 'IV')[int(key[0]) - 1]}.{key[-1]}", None),
    ],
)
def test_subcomponents_are_found_however_they_are_lettered(label: object) -> None:
    reading = read(worksheet(("Ya",), label=label))  # type: ignore[arg-type]
    assert reading.problems == ()
    assert {answer.unit for answer in reading.criteria.values()} == {"Ya"}
    assert len(reading.criteria) == len(AKIP.criteria)


def test_another_list_of_criteria_is_named_and_left_open() -> None:
    reading = read(worksheet(("Y",), skipped=("2.b.3",)))
    (problem,) = reading.problems
    assert (problem.code, problem.key) == ("kriteria-berbeda", "2.b")
    assert "1, 2, 4, 5, 6, 7" in problem.message
    assert not any(key.startswith("2.b.") for key in reading.criteria)
    assert len(reading.criteria) == len(AKIP.criteria) - 7


def test_a_text_that_is_another_criterions_is_not_read_by_its_number() -> None:
    def swap(sheet: Worksheet, rows: Mapping[str, int]) -> None:
        one, two = (sheet.cell(rows[key], 3) for key in ("1.a.2", "1.a.6"))
        one.value, two.value = two.value, one.value

    reading = read(worksheet(("Y",), change=swap))
    assert {problem.key for problem in reading.problems} == {"1.a.2", "1.a.6"}
    assert "1.a.2" not in reading.criteria
    assert reading.criteria["1.a.3"].unit == "Ya"


@pytest.mark.parametrize("value", ["mungkin", 1, 0.5, "AA", "#REF!"])
def test_what_is_neither_yes_nor_no_is_named_with_its_cell(value: object) -> None:
    def spoil(sheet: Worksheet, rows: Mapping[str, int]) -> None:
        sheet.cell(rows["3.c.4"], 5, value)

    reading = read(worksheet(("Y",), change=spoil))
    (problem,) = reading.problems
    assert problem.key == "3.c.4"
    assert problem.cell.startswith("LKE AKIP!E")
    assert "3.c.4" not in reading.criteria


def test_comments_are_named_and_not_lost() -> None:
    def remark(sheet: Worksheet, rows: Mapping[str, int]) -> None:
        sheet.cell(rows["1.a.1"], 5).comment = Comment("cek lagi", "Rina")

    (problem,) = read(worksheet(("Y",), change=remark)).problems
    assert problem.code == "komentar-tidak-diambil"
    assert "cek lagi" in problem.message


def test_two_columns_that_could_be_the_answer_are_refused_until_one_is_named() -> None:
    def double(sheet: Worksheet, rows: Mapping[str, int]) -> None:
        for row in rows.values():
            sheet.cell(row, 6, "T")
        sheet.cell(5, 6, "Y/T lama")

    content = worksheet(("Y",), change=double)
    with pytest.raises(WorkbookError, match="kolom E dan F"):
        read(content)
    reading = read(content, chosen={"answer": 4})
    assert {answer.unit for answer in reading.criteria.values()} == {"Ya"}


def test_an_empty_worksheet_answers_nothing() -> None:
    reading = read(worksheet())
    assert reading.criteria == reading.answers == {}


def test_import_writes_the_criteria_and_no_grade(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_sample(tmp_path, years=("2026-akip",))
    path = tmp_path / "LKE.xlsx"
    path.write_bytes(worksheet(("Y",)))
    wanted = ("--unit", "dinas-uji", "--period", "2026-akip", "--folder", tmp_path)
    assert run_command("import", path, *wanted) == 0
    assert "80 kriteria" in capsys.readouterr().out
    unit_file = tmp_path / "parameters" / "2026-akip" / "dinas-uji.yaml"
    evaluation = load_evaluation(unit_file)
    assert evaluation.card.total.score is None
    assert len(evaluation.assessment.criteria) == 80
    assert run_command("check", "dinas-uji", "--period", "2026-akip", "--folder", tmp_path) == 0
    said = capsys.readouterr()
    assert (said.out + said.err).count("Usulannya BB; belum dijawab.") == 12
    assert folder is not None
