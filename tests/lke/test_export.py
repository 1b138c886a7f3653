"""An exported LKE: laid out as the official one, right at every node, read back unchanged."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.laws import count_examples
from tests.lke.samples import (
    TEXTS,
    draw_assessment,
    load_book,
    shown_values,
)
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Stage, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.core.scoring import score_assessment
from zi_eval.instruments import WorkbookLayout, load_workbook_layouts
from zi_eval.lke.export import export_workbook
from zi_eval.lke.reader import read_workbook
from zi_eval.sheets.edit import TEXT_LIMIT

CLOSE = 1e-9
OPEN = "Blm Diisi"
EXAMPLES = count_examples(15)
"""Random assessments out and back."""


@pytest.fixture(scope="module")
def layouts() -> tuple[WorkbookLayout, ...]:
    return load_workbook_layouts("zi-2021")


@pytest.fixture(scope="module")
def layout(layouts: tuple[WorkbookLayout, ...]) -> WorkbookLayout:
    return next(layout for layout in layouts if layout.totals)


def write(
    path: Path, assessment: Assessment, instrument: Instrument, layout: WorkbookLayout
) -> Path:
    path.write_bytes(export_workbook(assessment, instrument, layout).data)
    return path


def one_answer(key: str, **parts: Any) -> Assessment:
    return Assessment(Unit("u", "Unit"), "zi-2021", "WBK", answers={key: Answer(**parts)})


def cells_of(assessment: Assessment, instrument: Instrument, layout: WorkbookLayout) -> Any:
    data = export_workbook(assessment, instrument, layout).data
    return load_book(data)[layout.sheet]


def check_figures(
    shown: Mapping[str, Mapping[str, Any]],
    assessment: Assessment,
    instrument: Instrument,
    layout: WorkbookLayout,
) -> int:
    """Compare every figure of both stages with ours; return how many were compared."""
    compared = 0
    main, columns = shown[layout.sheet], layout.columns
    stages = (
        (Stage.UNIT, columns.value, columns.percent, "I"),
        (Stage.TPI, columns.tpi_value, columns.tpi_percent, "N"),
    )
    for stage, value, percent, recap in stages:
        card = score_assessment(instrument, assessment, stage)
        expected = {
            **{
                f"{value}{layout.node_rows[key]}": card.nodes[key].score for key in instrument.nodes
            },
            **{f"{value}{layout.rows[key]}": card.nodes[key].score for key in instrument.questions},
            **{
                f"{value}{layout.totals[root]}": card.nodes[root].score for root in instrument.roots
            },
            f"{value}{layout.totals['total']}": card.total.score,
        }
        for cell, score in expected.items():
            if score is None:
                assert main[cell] == OPEN, (stage, cell, main[cell])
            else:
                assert main[cell] == pytest.approx(score, abs=CLOSE), (stage, cell)
        for key, node in instrument.nodes.items():
            score = card.nodes[key].score
            share = main.get(f"{percent}{layout.node_rows[key]}", "")
            assert share == ("" if score is None else pytest.approx(score / node.weight)), key
        total = OPEN if card.total.score is None else pytest.approx(card.total.score, abs=CLOSE)
        assert shown["Utama"][f"{recap}28"] == total
        below = [card.nodes[key].score for key in ("A", "A.I", "A.I.1", "A.I.2")]
        for row, score in enumerate(below, start=3):
            there = shown["Utama"][f"{recap}{row}"]
            assert there == (OPEN if score is None else pytest.approx(score, abs=CLOSE))
        last = [shown["Ctt Eval"][f"{recap}{row}"] for row in (60, 68, 70)]
        scores = [card.nodes["A"].score, card.nodes["B"].score, card.total.score]
        assert last == [OPEN if s is None else pytest.approx(s, abs=CLOSE) for s in scores]
        compared += len(expected)
    return compared


@pytest.mark.law
def test_what_goes_out_comes_back_unchanged_and_its_saved_figures_are_ours(
    instrument: Instrument, layouts: tuple[WorkbookLayout, ...], tmp_path: Path
) -> None:
    path = tmp_path / "lke.xlsx"
    for seed in range(EXAMPLES):
        assessment = draw_assessment(random.Random(seed), instrument)
        reading = read_workbook(
            write(path, assessment, instrument, layouts[0]), instrument, layouts
        )
        assert dict(reading.answers) == dict(assessment.answers), seed
        assert reading.problems == (), seed
        if seed % 3 == 0:  # at every node and stage
            compared = check_figures(shown_values(path), assessment, instrument, layouts[0])
            assert compared == 2 * 176, seed


def test_no_answer_is_not_zero(
    instrument: Instrument, layout: WorkbookLayout, tmp_path: Path
) -> None:
    empty = Assessment(Unit("u", "Unit"), instrument.id, "WBK")
    shown = shown_values(write(tmp_path / "lke.xlsx", empty, instrument, layout))
    values = [shown["LKE ZI"][f"L{row}"] for row in (*layout.node_rows.values(), 198, 206, 208)]
    assert set(values) == {OPEN}
    one = one_answer("A.I.1.i.a", unit="Tidak")
    shown = shown_values(write(tmp_path / "lke.xlsx", one, instrument, layout))["LKE ZI"]
    assert [shown[cell] for cell in ("L8", "L9", "L7", "L208")] == [0, OPEN, 0, 0]
    assert (shown["L10"], shown["L200"]) == (OPEN, OPEN)


@pytest.fixture(scope="module")
def sheet(instrument: Instrument, layout: WorkbookLayout) -> Any:
    """The sheet of one answer and one note, of a unit that is named like a formula."""
    answers = {"A.II.1.i.a": Answer(unit=(4.0, 2.0))}
    unit = Unit("u", "=HYPERLINK(1)")
    return cells_of(Assessment(unit, "zi-2021", "WBK", "2026", answers=answers), instrument, layout)


def test_everything_stands_where_the_official_workbook_has_it(sheet: Any) -> None:
    book = sheet.parent
    assert book.sheetnames == ["Utama", "Ctt Eval", "LKE ZI"]
    assert [sheet[f"{c}2"].value for c in "BHIJKLMOP"] == [
        "Penilaian", "Bobot", "Penjelasan", "Pilihan Jawaban", "Jawaban", "Nilai", "%",
        "Catatan/Keterangan", "Bukti Dukung (tautan)",
    ]  # fmt: skip
    assert [sheet[c].value for c in ("B4", "C5", "D6", "E7", "F8", "J8", "J202")] == [
        "A.", "I.", "1.", "i.", "a.", "Ya/Tidak", "Nilai (0-4)",
    ]  # fmt: skip
    assert [sheet[c].value for c in ("H4", "H5", "H6", "H7", "H203")] == [60, 30, 4, 0.5, 5]
    assert [sheet[c].value for c in ("K129", "K130", "K178")] == [
        4, 2, '=IF(K179="Tidak berlaku","Tidak berlaku",'
        'IF(COUNT(K179,K180,K181)<3,"Blm Diisi",K179+K180+K181))',
    ]  # fmt: skip
    assert sheet["L7"].value == '=IF(COUNT(L8,L9)=0,"Blm Diisi",AVERAGE(L8,L9)*H7)'
    assert sheet["L175"].value == '=IF(COUNT(L177,L184)=0,"Blm Diisi",AVERAGE(L177,L184)*H175)'
    assert sheet["M7"].value == '=IF(ISNUMBER(L7),L7/H7,"")'
    assert sheet["B208"].value == "NILAI EVALUASI ZONA INTEGRITAS"
    assert [book["Utama"][c].value for c in ("D5", "E5", "I5", "B28", "I28")] == [
        "1.", "MANAJEMEN PERUBAHAN", "='LKE ZI'!L6", "NILAI EVALUASI ZONA INTEGRITAS",
        "='LKE ZI'!L208",
    ]  # fmt: skip
    assert sheet.freeze_panes == "H4"
    assert sheet.print_title_rows == "$2:$2"
    assert not any(s.protection.sheet for s in book)


def test_every_answer_cell_takes_only_what_its_question_allows(
    sheet: Any, instrument: Instrument, layout: WorkbookLayout
) -> None:
    rules = {
        str(cell): rule.formula1
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        for row in area.rows
        for cell in (f"{openpyxl.utils.get_column_letter(c)}{r}" for r, c in row)
    }
    for question in instrument.questions.values():
        for column in (layout.columns.answer, layout.columns.tpi_answer):
            cell = f"{column}{layout.rows[question.id]}"
            if question.scale.kind == "choice":
                assert rules[cell] == f'"{",".join(question.scale.values)}"'
            elif question.scale.kind == "index":
                assert rules[cell] == "0"
            else:
                assert cell not in rules
    assert "Tidak berlaku" in rules["K172"]
    assert "Tidak berlaku" not in rules["K173"]


def test_text_stays_text_whatever_it_begins_with(
    instrument: Instrument, layouts: tuple[WorkbookLayout, ...], tmp_path: Path
) -> None:
    texts = dict(
        zip(instrument.questions, [*TEXTS[1:5], "\t=1+1", "\r=1+1", "#REF!", "'=1"], strict=False)
    )
    answers = {
        key: Answer(unit="Ya", note=text, evidence=(text.strip(),)) for key, text in texts.items()
    }
    assessment = Assessment(Unit("u", "Unit"), "zi-2021", "WBK", answers=answers)
    path = write(tmp_path / "lke.xlsx", assessment, instrument, layouts[0])
    sheet = load_book(path)[layouts[0].sheet]
    reading = read_workbook(path, instrument, layouts)
    for key, text in texts.items():
        note, evidence = (sheet[f"{column}{layouts[0].rows[key]}"] for column in "OP")
        assert (note.data_type, evidence.data_type) == ("s", "s"), text
        assert note.quotePrefix or text[0] in "#'\r", text
        assert reading.answers[key].note == text.strip()
    assert len(texts) == 8


def test_a_unit_named_like_a_formula_is_written_as_text(sheet: Any) -> None:
    named = sheet.parent["Utama"]["G30"]
    assert (named.value, named.data_type) == ("=HYPERLINK(1)", "s")


def test_control_characters_are_left_out_and_the_rest_stays(
    instrument: Instrument, layouts: tuple[WorkbookLayout, ...], tmp_path: Path
) -> None:
    assessment = one_answer("A.I.1.i.a", note="a\x00b\x0b\x1fc\ud800d\ufffee\r\nf")
    path = write(tmp_path / "lke.xlsx", assessment, instrument, layouts[0])
    assert read_workbook(path, instrument, layouts).answers["A.I.1.i.a"].note == "abcde\nf"


def test_a_text_longer_than_a_cell_is_cut_and_said(
    instrument: Instrument, layout: WorkbookLayout
) -> None:
    longest = "😀" * (TEXT_LIMIT // 2)
    texts = {"A.I.1.i.a": longest, "A.I.1.i.b": f"{longest}ab"}
    answers = {key: Answer(note=text) for key, text in texts.items()}
    made = export_workbook(
        Assessment(Unit("u", "Unit"), "zi-2021", "WBK", answers=answers), instrument, layout
    )
    sheet = load_book(made.data)[layout.sheet]
    whole, cut = (sheet[cell].value for cell in ("O8", "O9"))
    assert whole == longest
    assert cut != texts["A.I.1.i.b"]
    assert len(cut.encode("utf-16-le")) // 2 <= TEXT_LIMIT
    assert [(p.code, p.cell, p.key) for p in made.problems] == [
        ("teks-terpotong", "LKE ZI!O9", "A.I.1.i.b")
    ]


def test_at_the_units_stage_nothing_of_the_tpi_goes_out(
    instrument: Instrument, layouts: tuple[WorkbookLayout, ...], tmp_path: Path
) -> None:
    answer = Answer(unit="Ya", tpi="Tidak", note="n", tpi_note="rahasia", returned="perbaiki")
    assessment = one_answer("A.I.1.i.a")
    assessment = replace(assessment, answers={"A.I.1.i.a": answer})
    path = tmp_path / "lke.xlsx"
    path.write_bytes(export_workbook(assessment, instrument, layouts[0], Stage.UNIT).data)
    reading = read_workbook(path, instrument, layouts)
    assert reading.answers == {"A.I.1.i.a": Answer(unit="Ya", note="n")}
    with zipfile.ZipFile(path) as archive:
        assert not any(b"rahasia" in archive.read(name) for name in archive.namelist())


def test_the_tpns_answers_go_out_at_its_stage_only_and_come_back(
    instrument: Instrument, layouts: tuple[WorkbookLayout, ...], tmp_path: Path
) -> None:
    answers = {
        "A.I.1.i.a": Answer(unit="Ya", tpi="Ya", tpn="Tidak", tpn_note="tim tidak bekerja"),
        "A.II.5.iii.a": Answer(unit=(4.0, 4.0, 4.0, 4.0), tpn=(4.0, 3.0, 4.0, 4.0)),
        "B.I.a": Answer(tpi=3.7, tpn=3.61),
    }
    assessment = replace(one_answer("A.I.1.i.a"), answers=answers)
    path = tmp_path / "lke.xlsx"
    for stage in (Stage.TPN, Stage.TPI):
        path.write_bytes(export_workbook(assessment, instrument, layouts[0], stage).data)
        reading = read_workbook(path, instrument, layouts)
        kept = answers
        if stage is Stage.TPI:
            kept = {key: replace(a, tpn=None, tpn_note="") for key, a in answers.items()}
        assert reading.answers == kept
        assert reading.answered_by_tpn == (3 if stage is Stage.TPN else 0)


def test_no_object_counts_fully_for_both_sides(
    instrument: Instrument, layout: WorkbookLayout, tmp_path: Path
) -> None:
    assessment = one_answer(
        "A.II.5.iii.a", unit=NOT_APPLICABLE, reason="Tidak ada wajib lapor", tpi=NOT_APPLICABLE
    )
    path = write(tmp_path / "lke.xlsx", assessment, instrument, layout)
    shown = shown_values(path)["LKE ZI"]
    assert [shown[c] for c in ("K179", "K178", "K177", "L177", "L175", "Q177")] == [
        "Tidak berlaku", "Tidak berlaku", 1, 1, 2, "Tidak ada wajib lapor",
    ]  # fmt: skip
    assert [shown[c] for c in ("R179", "R177", "S177", "S175")] == ["Tidak berlaku", 1, 1, 2]


def test_the_same_assessment_gives_the_same_bytes(
    instrument: Instrument, layout: WorkbookLayout
) -> None:
    made = [
        export_workbook(draw_assessment(random.Random(5), instrument), instrument, layout).data
        for _ in range(2)
    ]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"fullCalcOnLoad" in archive.read("xl/workbook.xml")
