"""Wording from a team's workbook: taken, written, read strictly, refused where it differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import any_answers
from tests.laws import law
from tests.lke.builder import Sheet, build
from zi_eval.core.assessment import Answer, Assessment, Stage, Unit
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem, Severity, has_errors
from zi_eval.core.scoring import score_assessment
from zi_eval.core.wording import MAX_LENGTH, Wording, clean_text, reword
from zi_eval.instruments import load_instrument, load_workbook_layouts
from zi_eval.instruments.wording import parse_wording
from zi_eval.lke.wording import WordingReading, read_wording, render_wording
from zi_eval.yaml_files.source import parse_yaml

INSTRUMENT = load_instrument("zi-2021")
LAYOUT = load_workbook_layouts("zi-2021")[0]
GUIDE, EVIDENCE, TYPE = 9, 8, 10
CHOICE, YES, RATIO, INDEX = "A.I.1.i.b", "A.I.1.i.a", "A.II.1.i.a", "B.I.a"
NAME = "kalimat.yaml"


def sentence(question: Question) -> str:
    """Return an invented statement that has the subject of ours and is longer."""
    return f"Dengan ini dinyatakan bahwa {question.text.lower()} sebagaimana rekaan"


def explanation(question: Question) -> str:
    if not question.options:
        return f"Cara rekaan: {question.guide}"
    if "Ya" in question.options:
        return f"ya,jika {question.options['Ya']}"
    texts = question.options.values()
    return "\n".join(
        f"{letter}.{'' if letter == 'c' else ' '}Apabila {text}"
        for letter, text in zip("abcde", texts, strict=False)
    )


def workbook() -> Sheet:
    """Build a workbook in which every question has sentences that are not ours."""
    made = build(INSTRUMENT, LAYOUT)
    for question in INSTRUMENT.questions.values():
        row = made.rows[question.id]
        column = next(c for c in range(3, 9) if made.sheet.cell(row, c).value == question.text)
        made.sheet.cell(row, column).value = sentence(question)
        made.sheet.cell(row, GUIDE).value = explanation(question)
    return made


def read(made: Sheet, folder: Path) -> WordingReading:
    return read_wording(made.save(folder), INSTRUMENT, load_workbook_layouts("zi-2021"))


def render(reading: WordingReading) -> str:
    return render_wording(
        INSTRUMENT, reading, source="LKE rekaan.xlsx", sha256="ab" * 32, date="2026-01-05"
    )


def parse(text: str) -> tuple[Wording | None, tuple[Problem, ...]]:
    return parse_wording(parse_yaml(text.encode(), NAME), INSTRUMENT)


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    reading = read(workbook(), tmp_path_factory.mktemp("lke"))
    assert not reading.problems
    return render(reading)


@pytest.fixture(scope="module")
def reworded(text: str) -> Instrument:
    wording, problems = parse(text)
    assert wording is not None, problems
    return reword(INSTRUMENT, wording)


def test_every_question_gets_its_sentence_and_its_options(reworded: Instrument) -> None:
    for own in INSTRUMENT.questions.values():
        other = reworded.questions[own.id]
        assert other.text == sentence(own)
        if "Ya" in own.options:
            assert other.options == {"Ya": f"jika {own.options['Ya']}", **_rest(own)}
        else:
            assert other.options == {c: f"Apabila {t}" for c, t in own.options.items()}
        assert other.guide == (own.guide if own.options else f"Cara rekaan: {own.guide}")
        assert other.evidence == own.evidence


def _rest(question: Question) -> dict[str, str]:
    return {code: text for code, text in question.options.items() if code != "Ya"}


def test_the_file_says_which_texts_are_not_the_workbooks(text: str) -> None:
    own = sum("Tidak" in question.options for question in INSTRUMENT.questions.values())
    assert text.count('"Tidak": ') == own
    assert all(
        line.endswith("# kalimat zi-eval") for line in text.splitlines() if '"Tidak": ' in line
    )


def test_the_file_is_in_official_order_and_names_its_source(text: str) -> None:
    wording, problems = parse(text)
    assert wording is not None
    assert not problems
    assert list(wording.questions) == list(INSTRUMENT.questions)
    assert (wording.source, wording.date) == ("LKE rekaan.xlsx", "2026-01-05")


def test_only_texts_change(reworded: Instrument) -> None:
    bare = {
        key: replace(q, text="", options={}, guide="", evidence=(), inputs=())
        for key, q in INSTRUMENT.questions.items()
    }
    assert bare == {
        key: replace(q, text="", options={}, guide="", evidence=(), inputs=())
        for key, q in reworded.questions.items()
    }
    assert reworded.hash == INSTRUMENT.hash
    assert reworded.nodes == INSTRUMENT.nodes
    for own, other in zip(INSTRUMENT.questions.values(), reworded.questions.values(), strict=True):
        assert [(i.number, i.sum_of) for i in own.inputs] == [
            (i.number, i.sum_of) for i in other.inputs
        ]


@law(40)
@given(answers=any_answers(INSTRUMENT))
def test_scores_do_not_depend_on_the_wording(reworded: Instrument, answers: dict) -> None:
    assessment = Assessment(
        Unit("rekaan", "Rekaan"), "zi-2021", "WBK", "2026",
        answers={key: Answer(unit=value) for key, value in answers.items()},
    )  # fmt: skip
    assert score_assessment(INSTRUMENT, assessment, Stage.UNIT) == score_assessment(
        reworded, assessment, Stage.UNIT
    )


def test_usual_evidence_is_taken_from_a_column_with_such_a_heading(tmp_path: Path) -> None:
    made = workbook()
    made.sheet.cell(2, EVIDENCE).value = "Contoh Bukti Dukung"
    made.sheet.cell(made.rows[CHOICE], EVIDENCE).value = "- Notula rekaan\n- Daftar rekaan"
    question = read(made, tmp_path).questions[CHOICE]
    assert question.evidence == ("Notula rekaan", "Daftar rekaan")
    assert question.text == sentence(INSTRUMENT.questions[CHOICE])


def test_what_cannot_be_seen_is_taken_out(tmp_path: Path) -> None:
    made = workbook()
    guide = made.sheet.cell(made.rows[CHOICE], GUIDE)
    guide.value = guide.value.replace("Apabila", "Apa\u202ebila\u200b\u00a0\t", 1)
    reading = read(made, tmp_path)
    assert reading.questions[CHOICE].options["A"].startswith("Apabila ")
    assert parse(render(reading))[0] is not None


def test_an_explanation_without_options_stays_an_explanation(tmp_path: Path) -> None:
    made = workbook()
    made.sheet.cell(made.rows[CHOICE], GUIDE).value = "Lihat cara menghitung rekaan"
    made.sheet.cell(made.rows[YES], GUIDE).value = "Perhatikan:\na. satu\nb. dua"
    reading = read(made, tmp_path)
    assert not reading.problems
    for key, guide in (
        (CHOICE, "Lihat cara menghitung rekaan"),
        (YES, "Perhatikan: a. satu b. dua"),
    ):
        assert not reading.questions[key].options
        assert reading.questions[key].guide == guide


def test_a_local_question_in_between_is_only_named(tmp_path: Path) -> None:
    made = workbook()
    row = made.rows[CHOICE] + 1
    made.sheet.insert_rows(row)
    made.sheet.cell(row, 6).value = "z."
    made.sheet.cell(row, 7).value = "Pertanyaan lokal rekaan"
    made.sheet.cell(row, TYPE).value = "A/B/C"
    (problem,) = read(made, tmp_path).problems
    assert (problem.code, problem.severity) == ("baris-tidak-dikenal", Severity.WARNING)
    assert "Pertanyaan lokal rekaan" in problem.message


def set_type(made: Sheet) -> None:
    made.sheet.cell(made.rows[CHOICE], TYPE).value = "A/B/C/D"


def add_option(made: Sheet) -> None:
    made.sheet.cell(made.rows[CHOICE], GUIDE).value += "\nd. Apabila rekaan"


def drop_option(made: Sheet) -> None:
    cell = made.sheet.cell(made.rows[CHOICE], GUIDE)
    cell.value = cell.value.rpartition("\n")[0]


def drop_first(made: Sheet) -> None:
    cell = made.sheet.cell(made.rows[CHOICE], GUIDE)
    cell.value = cell.value.partition("\n")[2]


def drop_statement(made: Sheet) -> None:
    for column in range(7, 9):
        made.sheet.cell(made.rows[CHOICE], column).value = None


def lengthen(made: Sheet) -> None:
    made.sheet.cell(made.rows[CHOICE], GUIDE).value += "x" * MAX_LENGTH


def drop_row(made: Sheet) -> None:
    row = made.rows[CHOICE]
    for column in range(2, 16):
        made.sheet.cell(row, column).value = None


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (set_type, "tipe-berbeda"),
        (add_option, "pilihan-berbeda"),
        (drop_option, "pilihan-berbeda"),
        (drop_first, "pilihan-berbeda"),
        (drop_statement, "kosong"),
        (lengthen, "terlalu-panjang"),
        (drop_row, "butir-kurang"),
    ],
)
def test_a_workbook_with_another_question_is_refused_with_the_difference(
    damage: Callable[[Sheet], None], code: str, tmp_path: Path
) -> None:
    made = workbook()
    damage(made)
    errors = [p for p in read(made, tmp_path).problems if p.severity is Severity.ERROR]
    assert [(p.key, p.code) for p in errors] == [(CHOICE, code)]
    assert code == "butir-kurang" or f"{made.rows[CHOICE]}" in errors[0].cell


def test_another_number_of_counted_inputs_is_a_difference(tmp_path: Path) -> None:
    made = workbook()
    row = made.rows[f"{RATIO}.2"] + 1
    made.sheet.insert_rows(row)
    made.sheet.cell(row, 7).value = "- Jumlah rekaan"
    made.sheet.cell(row, TYPE).value = "Jumlah"
    errors = [p for p in read(made, tmp_path).problems if p.severity is Severity.ERROR]
    assert [(p.key, p.code) for p in errors] == [(RATIO, "masukan-berbeda")]


def test_all_differences_come_at_once(tmp_path: Path) -> None:
    made = workbook()
    add_option(made)
    made.sheet.cell(made.rows[YES], TYPE).value = "A/B/C"
    made.sheet.cell(made.rows[INDEX], TYPE).value = "A/B/C"
    keys = [p.key for p in read(made, tmp_path).problems if p.severity is Severity.ERROR]
    assert keys == [YES, CHOICE, INDEX]


def line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


def block(text: str, key: str) -> tuple[str, str, str]:
    """Split the file into what is before, in and after a question."""
    lines = text.splitlines(keepends=True)
    start = line_of(text, f"{key}:") - 1
    end = next(
        (n for n in range(start + 1, len(lines)) if not lines[n].startswith("    ")), len(lines)
    )
    return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])


def edit(text: str, key: str, change: Callable[[str], str]) -> str:
    before, inside, after = block(text, key)
    assert change(inside) != inside
    return before + change(inside) + after


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        (lambda t: edit(t, CHOICE, lambda b: ""), "butir-kurang", "questions:"),
        (
            lambda t: edit(t, CHOICE, lambda b: b.replace(CHOICE, "A.I.1.i.bb")),
            "butir-tidak-dikenal",
            "A.I.1.i.bb:",
        ),
        (lambda t: edit(t, CHOICE, lambda b: b.replace('"C":', '"D":')), "pilihan-berbeda", ""),
        (
            lambda t: edit(t, CHOICE, lambda b: b.replace("A/B/C", "A/B/C/D")),
            "tipe-berbeda",
            'type: "A/B/C/D"',
        ),
        (lambda t: edit(t, RATIO, lambda b: b.replace('"2":', '"3":')), "masukan-berbeda", ""),
        (
            lambda t: edit(t, CHOICE, lambda b: b.replace('"C": "', f'"C": "{"xx " * 1500}')),
            "terlalu-panjang",
            '"C": "xx',
        ),
        (
            lambda t: edit(t, CHOICE, lambda b: b.replace('"C": "', f'"C": "{"x" * 61}')),
            "terlalu-panjang",
            '"C": "xx',
        ),
        (
            lambda t: edit(t, CHOICE, lambda b: f'{b.partition("    text")[0]}    text: " "\n'),
            "kosong",
            'text: " "',
        ),
        (lambda t: t.replace("zi-2021", "zi-2019"), "instrumen-berbeda", "instrument:"),
        (lambda t: t.replace("source:", "sumber:"), "kunci-tidak-dikenal", "sumber:"),
    ],
)
def test_a_file_is_refused_with_the_line_of_what_is_wrong(
    change: Callable[[str], str], code: str, at: str, text: str
) -> None:
    changed = change(text)
    wording, problems = parse(changed)
    assert wording is None
    found = [problem for problem in problems if problem.code == code]
    assert len(found) == 1
    assert found[0].file == NAME
    assert found[0].line is not None
    if at:
        assert found[0].line == line_of(changed, at)


def test_an_unknown_question_is_named_with_the_nearest_id(text: str) -> None:
    _, problems = parse(edit(text, CHOICE, lambda b: b.replace(CHOICE, "A.I.1.i.bb")))
    (unknown,) = [problem for problem in problems if problem.code == "butir-tidak-dikenal"]
    assert "'A.I.1.i.b'" in unknown.hint


def test_a_sentence_with_nothing_in_common_is_only_a_warning(text: str) -> None:
    changed = edit(
        text, INDEX, lambda b: b.split("    text")[0] + '    text: "Resep kue lapis legit"\n'
    )
    wording, problems = parse(changed)
    assert wording is not None
    assert not has_errors(problems)
    assert [(p.key, p.code) for p in problems] == [(INDEX, "kalimat-asing")]
    assert problems[0].line == line_of(changed, 'text: "Resep')


@law(60)
@given(told=st.text(min_size=1, max_size=80))
def test_any_text_of_a_cell_comes_back_from_the_file(told: str, text: str) -> None:
    wording, _ = parse(text)
    assert wording is not None
    cleaned = clean_text(f"Rekaan {told}")
    one = replace(wording.questions[CHOICE], text=cleaned)
    reading = WordingReading({**wording.questions, CHOICE: one}, "LKE ZI", ())
    again, problems = parse(render(reading))
    assert again is not None, problems
    assert again.questions[CHOICE].text == cleaned
