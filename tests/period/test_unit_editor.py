from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.laws import count_examples, law
from zi_eval.core.assessment import Assessment, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.period.unit_editor import EditError, decode_unit, edit_unit
from zi_eval.period.unit_file import parse_unit
from zi_eval.period.unit_writer import render_unit
from zi_eval.yaml_files.source import parse_yaml

HEAD = "id: u\nnama: Dinas Uji   # seperti di SK\ninstrumen: zi-2021\ntarget: WBK\n"
QUESTIONS = ("A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.a", "A.II.1.i.a", "B.I.a")
SAMPLES = sorted((Path(__file__).parents[2] / "parameters" / "2026").glob("*.yaml"))


def answer(field: str, question: str = "A.I.1.i.b") -> tuple[str, ...]:
    return ("jawaban", question, field)


def changed_lines(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in list(lines)[2:] if line[0] in "+-"]


def edit(old: str, edits: dict[tuple[str, ...], Any]) -> list[str]:
    return changed_lines(old, edit_unit(old, edits, QUESTIONS))


MAPPING = HEAD + (
    "jawaban:\n"
    "  # satu\n"
    "  A.I.1.i.a: Ya  # sudah dicek\n"
    "\n"
    "  A.I.1.i.b:\n"
    "    unit: A   # lama\n"
    "    catatan: >-\n"
    "      Teks panjang\n"
    "      dua baris.\n"
    "    # bukti lengkap\n"
    "    bukti:\n"
    "      - a.pdf  # halaman 2\n"
    "      - 'b c.pdf'\n"
    "  # penutup\n"
)


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        ({answer("unit"): "B"}, ["-    unit: A   # lama", "+    unit: B   # lama"]),
        ({answer("tpi"): "B"}, ["+    tpi: B"]),
        (
            {answer("catatan"): "Pendek."},
            [
                "-    catatan: >-",
                "+    catatan: Pendek.",
                "-      Teks panjang",
                "-      dua baris.",
            ],
        ),
        (
            {answer("catatan"): None},
            ["-    catatan: >-", "-      Teks panjang", "-      dua baris."],
        ),
        ({answer("bukti"): ["a.pdf", "b c.pdf", "c.pdf"]}, ["+      - c.pdf"]),
        ({answer("bukti"): ["a.pdf"]}, ["-      - 'b c.pdf'"]),
        ({answer("bukti"): ["b c.pdf"]}, ["-      - a.pdf  # halaman 2", "+      # halaman 2"]),
        ({answer("kembali"): "Lengkapi: notula"}, ["+    kembali: 'Lengkapi: notula'"]),
        ({answer("unit"): None}, ["-    unit: A   # lama", "+    # lama"]),
        (
            {answer("unit", "A.I.1.i.a"): "Tidak"},
            ["-  A.I.1.i.a: Ya  # sudah dicek", "+  A.I.1.i.a: Tidak  # sudah dicek"],
        ),
        (
            {answer("tpi", "A.I.1.i.a"): "Ya"},
            [
                "-  A.I.1.i.a: Ya  # sudah dicek",
                "+  A.I.1.i.a:",
                "+    # sudah dicek",
                "+    unit: Ya",
                "+    tpi: Ya",
            ],
        ),
        ({answer("unit", "B.I.a"): 3.5}, ["+  B.I.a: 3.5"]),
        ({answer("unit", "B.I.a"): 0.0}, ["+  B.I.a: 0.0"]),
        ({("kepala",): "Sari"}, ["+kepala: Sari"]),
        (
            {("nama",): "Dinas Baru"},
            ["-nama: Dinas Uji   # seperti di SK", "+nama: Dinas Baru   # seperti di SK"],
        ),
        (
            {("evaluasi_final",): {"oleh": "Sari", "waktu": "2026-05-20T14:30:00+07:00"}},
            ["+evaluasi_final:", "+  oleh: Sari", "+  waktu: '2026-05-20T14:30:00+07:00'"],
        ),
        ({("syarat", "lhkpn"): 100}, ["+syarat:", "+  lhkpn: 100"]),
    ],
)
def test_only_the_lines_of_a_changed_value_change(
    edits: dict[tuple[str, ...], Any], lines: list[str]
) -> None:
    assert sorted(edit(MAPPING, edits)) == sorted(lines)


def test_a_new_answer_stands_in_official_order() -> None:
    text = HEAD + "jawaban:\n  A.I.1.i.a: Ya\n  B.I.a: 3.5\n"
    new = edit_unit(text, {answer("unit"): "A", answer("catatan"): "x"}, QUESTIONS)
    assert new == HEAD + (
        "jawaban:\n  A.I.1.i.a: Ya\n  A.I.1.i.b:\n    unit: A\n    catatan: x\n  B.I.a: 3.5\n"
    )


@pytest.mark.parametrize("start", ["", "jawaban:\n", "jawaban:   # nanti\n", "syarat:\n"])
def test_the_first_answer_of_a_file_finds_its_place(start: str) -> None:
    new = edit_unit(HEAD + start, {answer("unit", "A.II.1.i.a"): [3, None]}, QUESTIONS)
    assert "jawaban:" in new
    assert new.endswith("  A.II.1.i.a: [3, null]\n")
    assert start.rstrip() in new


def test_an_answer_in_braces_is_written_out_and_keeps_its_values_and_comment() -> None:
    text = HEAD + "jawaban:\n  A.I.1.i.b: {unit: A, bukti: ['x, y', z], tpi: B}  # dua\n"
    assert edit(text, {answer("catatan_tpi"): "Kurang."})[1:] == [
        "+  A.I.1.i.b:",
        "+    # dua",
        "+    unit: A",
        "+    tpi: B",
        "+    catatan_tpi: Kurang.",
        "+    bukti: ['x, y', z]",
    ]


def test_line_ends_and_byte_order_mark_stay() -> None:
    data = ("\ufeff" + MAPPING.replace("\n", "\r\n")).encode()
    new = edit_unit(decode_unit(data), {answer("unit"): "C", answer("tpi"): "A"}, QUESTIONS)
    assert new.startswith("\ufeffid")
    assert new.count("\n") == new.count("\r\n") == MAPPING.count("\n") + 1
    assert decode_unit("id: x\n".encode("utf-16")) == "id: x\n"


@pytest.mark.parametrize("text", ['{"id": "u", "nama": "x"}', HEAD + "jawaban: {A.I.1.i.b: A}\n"])
def test_a_file_in_braces_cannot_be_edited_in_place(text: str) -> None:
    with pytest.raises(EditError):
        edit_unit(text, {answer("unit"): "B"}, QUESTIONS)


@pytest.mark.law
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_answers_of_the_samples_are_edited_and_set_back_without_touching_another(
    path: Path, instrument: Instrument
) -> None:
    old = decode_unit(path.read_bytes())
    questions = tuple(instrument.questions)
    source = parse_yaml(old.encode(), "x")
    answers = source.value.get("jawaban") or {}
    step = max(1, len(answers) // count_examples(28))
    for question, value in list(answers.items())[::step]:
        note = "Catatan yang baru: " + "cukup panjang untuk dilipat " * 6
        edits: dict[tuple[str, ...], Any] = {("jawaban", question, "catatan"): note.strip()}
        new = edit_unit(old, edits, questions)
        removed = [line for line in changed_lines(old, new) if line[0] == "-"]
        before = value.get("catatan", "") if isinstance(value, dict) else ""
        assert len(removed) <= 2 + len(before) // 60, removed
        assert all("#" not in line or ": #" in line for line in removed), removed
        known = source.texts.get(("jawaban", question, "catatan"))
        back = edit_unit(new, {("jawaban", question, "catatan"): known}, questions)
        assert [line for line in changed_lines(old, back) if "#" in line] == []


def test_the_blank_file_of_a_new_unit_keeps_its_headings(
    instrument: Instrument, rules: RuleSet
) -> None:
    old = render_unit(Assessment(Unit("u", "U"), "zi-2021", "WBK", "2026"), instrument, rules)
    edits: dict[tuple[str, ...], Any] = {
        ("jawaban", "A.I.1.i.b", "unit"): "A",
        ("jawaban", "A.I.1.i.b", "catatan"): "x",
        ("jawaban", "B.I.a", "unit"): 3.5,
        ("syarat", "lhkpn"): 100,
    }
    lines = changed_lines(old, edit_unit(old, edits, tuple(instrument.questions)))
    title = rules.prerequisites_of("unit")["lhkpn"].title
    assert sorted(" ".join(line.split()) for line in lines) == sorted(
        (
            f"- lhkpn: # {title}",
            f"+ lhkpn: 100 # {title}",
            "+ unit: A",
            "+ catatan: x",
            "- B.I.a:",
            "+ B.I.a: 3.5",
        )
    )


TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")),
        st.sampled_from("\n:#-'\"[]{}!&*|>% 0123,"),
    ),
    max_size=150,
).map(str.strip)
FIELDS = {
    "unit": st.sampled_from([None, "A", "B", "C"]),
    "tpi": st.sampled_from([None, "A", "B", "C"]),
    "catatan": st.none() | TEXT,
    "catatan_tpi": st.none() | TEXT,
    "kembali": st.none() | TEXT,
    "bukti": st.none() | st.lists(TEXT.filter(bool), max_size=3),
}
EDITS = st.dictionaries(
    st.tuples(st.just("jawaban"), st.sampled_from(QUESTIONS[:3]), st.sampled_from(sorted(FIELDS))),
    st.none(),
    max_size=5,
).flatmap(lambda keys: st.fixed_dictionaries({key: FIELDS[key[2]] for key in keys}))
FORMS = (
    MAPPING,
    HEAD,
    HEAD + "jawaban:\n    A.I.1.i.b: {unit: A, catatan: 'a, b'} # c\n\n    A.I.1.ii.a:   # d",
    HEAD + "jawaban:\n  A.I.1.i.b:\n      unit: A\n      bukti: [a, b] # e\n      catatan: |\n"
    "        satu\n\n        dua\n\n  # f\n  A.I.1.ii.a: {\n    unit: A, # g\n    bukti: x }\n",
    HEAD + "jawaban:\n  A.I.1.i.b:\n    bukti:\n    - a # h\n    # i\n    - >-\n      b\n      c\n"
    "    catatan: satu\n      dua # j\n    unit:\n      A\n",
)


@law(150)
@given(start=st.sampled_from(FORMS), steps=st.lists(EDITS, min_size=1, max_size=4))
@example(start=HEAD, steps=[{answer("catatan"): "\u2028a\x85"}])
def test_any_edits_of_any_form_say_what_they_should_and_lose_no_comment(
    start: str, steps: list[dict[tuple[str, ...], Any]]
) -> None:
    text = start
    for edits in steps:
        text = edit_unit(text, edits, QUESTIONS)  # raises where the text says something else
    kept = [mark for mark in "cdefghij" if f"# {mark}" in start]
    assert all(f"# {mark}" in text for mark in kept), text


def test_what_was_edited_is_read_as_it_was_meant(instrument: Instrument, rules: RuleSet) -> None:
    texts = ["007", "~", "true", "- a", "a: b", "x # y", "'q'", 'd"q', "2026-01-02", "a\nb", "&x"]
    text = HEAD
    for question, note in zip(instrument.questions, texts, strict=False):
        text = edit_unit(text, {answer("catatan", question): note}, tuple(instrument.questions))
    reading = parse_unit(parse_yaml(text.encode(), "u.yaml"), instrument, rules, "2026")
    assert reading.assessment is not None, reading.problems
    assert [answer.note for answer in reading.assessment.answers.values()] == texts
