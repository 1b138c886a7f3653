from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.laws import law
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Final, Remark, Unit, Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Severity
from zi_eval.core.rules import RuleSet
from zi_eval.core.text import tidy_text
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.period.unit_file import UnitReading, parse_unit, read_unit
from zi_eval.period.unit_writer import render_unit
from zi_eval.yaml_files.source import parse_yaml

HEAD = """\
id: dinas-uji
nama: Dinas Uji
instrumen: zi-2021
target: WBK
"""


def read(text: str, instrument: Instrument, rules: RuleSet) -> UnitReading:
    source = parse_yaml(text.encode(), "parameters/2026/dinas-uji.yaml")
    return parse_unit(source, instrument, rules, "2026")


def test_plain_values_are_the_units_own_answers(instrument: Instrument, rules: RuleSet) -> None:
    text = HEAD + (
        "jawaban:\n  A.I.1.i.a: Ya\n  A.I.1.i.b: b\n  A.II.1.i.a: [7, 5]\n  B.I.a: 3.62\n"
        "  B.II.a: '3,62'\n  A.I.1.ii.a:\n"
    )
    reading = read(text, instrument, rules)
    assert reading.problems == ()
    assert reading.assessment is not None
    answers = reading.assessment.answers
    assert answers["A.I.1.i.a"].unit == "Ya"
    assert answers["A.I.1.i.b"].unit == "B"
    assert answers["A.II.1.i.a"].unit == (7, 5)
    assert answers["B.I.a"].unit == answers["B.II.a"].unit == 3.62
    assert answers["A.I.1.ii.a"].unit is None


def test_a_mapping_holds_both_answers_notes_and_evidence(
    instrument: Instrument, rules: RuleSet
) -> None:
    text = HEAD + (
        "jawaban:\n  A.I.1.i.b:\n    unit: A\n    tpi: B\n    catatan: 'satu: dua'\n"
        "    catatan_tpi: 007\n    bukti: [https://contoh.example/a.pdf, Bukti/b.pdf]\n"
        "  A.II.5.ii.a: {tidak_berlaku: Tidak ada pengaduan}\n"
    )
    reading = read(text, instrument, rules)
    assert reading.assessment is not None, reading.problems
    assert reading.assessment.answers["A.I.1.i.b"] == Answer(
        "A", "B", "satu: dua", "007", ("https://contoh.example/a.pdf", "Bukti/b.pdf")
    )
    answer = reading.assessment.answers["A.II.5.ii.a"]
    assert (answer.unit, answer.reason) == (NOT_APPLICABLE, "Tidak ada pengaduan")


@pytest.mark.parametrize(
    ("text", "line", "code", "said"),
    [
        ("id: dinas-uji\n" + HEAD[14:].replace("WBK", "WBX"), 4, "kata-tidak-dikenal", "WBK, WBBM"),
        (HEAD.replace("dinas-uji", "lain"), 1, "id-beda-nama-berkas", "dinas-uji"),
        (HEAD.replace("dinas-uji", "Dinas Uji"), 1, "id-tidak-sah", "huruf kecil"),
        (HEAD.replace("nama: Dinas Uji\n", ""), None, "wajib-diisi", "'nama'"),
        (HEAD + "namaa: x\n", 5, "kunci-tidak-dikenal", "'nama'"),
        (HEAD + "jawaban:\n  A.I.1.i.aa: Ya\n", 6, "butir-tidak-dikenal", "'A.I.1.i.a'"),
        (HEAD + "jawaban:\n  A.I.1.i: Ya\n", 6, "butir-tidak-dikenal", "kelompok"),
        (HEAD + "jawaban:\n  A.I.1.i.a: Yes\n", 6, "jawaban-tidak-sah", "Ya atau Tidak"),
        (HEAD + "jawaban:\n  A.I.1.i.a: true\n", 6, "jawaban-tidak-sah", "Ya atau Tidak"),
        (HEAD + "jawaban:\n  A.I.1.i.b: D\n", 6, "jawaban-tidak-sah", "A, B atau C"),
        (HEAD + "jawaban:\n  B.I.a: 4.2\n", 6, "jawaban-tidak-sah", "0 sampai 4"),
        (HEAD + "jawaban:\n  B.I.a: .nan\n", 6, "jawaban-tidak-sah", "0 sampai 4"),
        (HEAD + "jawaban:\n  A.II.1.i.a: [7]\n", 6, "jawaban-tidak-sah", "seharusnya 2"),
        (HEAD + "jawaban:\n  A.II.1.i.a: [7, -1]\n", 6, "jawaban-tidak-sah", "ke-2"),
        (HEAD + "jawaban:\n  A.II.1.i.a: [7, 1.5]\n", 6, "jawaban-tidak-sah", "bulat"),
        (HEAD + "jawaban:\n  A.II.1.i.a: 80%\n", 6, "jawaban-tidak-sah", "daftar jumlah"),
        (HEAD + "jawaban:\n  A.I.1.i.a: {unt: Ya}\n", 6, "kunci-tidak-dikenal", "'unit'"),
        (
            HEAD + "jawaban:\n  A.I.1.i.a:\n    tidak_berlaku: alasan\n",
            7,
            "tidak-berlaku-dilarang",
            "kosongkan",
        ),
        (
            HEAD + "jawaban:\n  A.II.5.ii.a: {unit: [1, 0, 1], tidak_berlaku: alasan}\n",
            6,
            "jawaban-ganda",
            "salah satu",
        ),
        (HEAD + "jawaban:\n  A.II.5.ii.a: {tidak_berlaku: }\n", 6, "tanpa-alasan", "alasan"),
        (HEAD + "syarat:\n  sakip_unit: BBB\n", 6, "syarat-tidak-sah", "CC, B, BB"),
        (HEAD + "syarat:\n  lhkpn: 120\n", 6, "syarat-tidak-sah", "100"),
        (HEAD + "jawaban: [1]\n", 5, "bukan-pemetaan", "id: jawaban"),
        (HEAD + "nama: Dua Kali\n", 5, None, "nama"),
        (HEAD + "jawaban:\n  A.I.1.i.a: {kembali: [1]}\n", 6, "bukan-teks", "'kembali'"),
        (HEAD + "evaluasi_final: ya\n", 5, "bukan-pemetaan", "evaluasi_final"),
        (HEAD + "evaluasi_final:\n  waktu: 2026-05-20T14:30:00Z\n", 5, "wajib-diisi", "'oleh'"),
        (HEAD + "evaluasi_final:\n  oleh: Sari\n  waktu: besok\n", 7, "waktu-tidak-sah", "zona"),
        (
            HEAD + "evaluasi_final:\n  oleh: Sari\n  waktu: 2026-05-20T14:30:00\n",
            7,
            "waktu-tidak-sah",
            "+07:00",
        ),
        (
            HEAD + "evaluasi_final: {oleh: Sari, waktu: 2026-05-20T14:30:00Z, ok: 1}\n",
            5,
            "kunci-tidak-dikenal",
            "oleh, waktu",
        ),
        (HEAD + "perlu_dicek: nanti\n", 5, "bukan-daftar", "daftar"),
        (HEAD + "perlu_dicek:\n  - nanti\n", 6, "bukan-pemetaan", "kunci"),
        (HEAD + "perlu_dicek:\n  -\n", None, "wajib-diisi", "kosong"),
        (HEAD + "perlu_dicek:\n  - sel: H12\n", 6, "wajib-diisi", "'sebab'"),
        (
            HEAD + "perlu_dicek:\n  - {sel: H12, sebab: x, butir: A.X}\n",
            6,
            "butir-tidak-dikenal",
            "A.X",
        ),
    ],
)
def test_each_mistake_is_named_with_its_line_and_what_is_allowed(
    text: str, line: int | None, code: str | None, said: str, instrument: Instrument, rules: RuleSet
) -> None:
    reading = read(text, instrument, rules)
    assert reading.assessment is None
    (problem,) = reading.problems
    assert code is None or problem.code == code
    assert line is None or problem.line == line
    assert said in str(problem)
    assert problem.file == "parameters/2026/dinas-uji.yaml"


def test_what_an_import_left_is_a_warning_until_its_entry_is_deleted(
    instrument: Instrument, rules: RuleSet
) -> None:
    first = "  - sel: LKE!H12\n    butir: A.I.1.i.b\n    sebab: isinya 'Z'\n"
    second = "  - sel: LKE!H99\n    sebab: baris tambahan\n"
    reading = read(HEAD + "perlu_dicek:\n" + first + second, instrument, rules)
    assert reading.assessment is not None
    assert reading.assessment.remarks == (
        Remark("LKE!H12", "isinya 'Z'", "A.I.1.i.b"),
        Remark("LKE!H99", "baris tambahan"),
    )
    assert [(p.code, p.severity, p.line, p.key) for p in reading.problems] == [
        ("perlu-dicek", Severity.WARNING, 6, "A.I.1.i.b"),
        ("perlu-dicek", Severity.WARNING, 9, ""),
    ]
    assert "sel LKE!H12: isinya 'Z'" in str(reading.problems[0])
    (left,) = read(HEAD + "perlu_dicek:\n" + second, instrument, rules).problems
    assert "LKE!H99" in left.message
    assert read(HEAD + "perlu_dicek:\n", instrument, rules).problems == ()


def test_all_problems_of_a_file_are_reported_together(
    instrument: Instrument, rules: RuleSet
) -> None:
    text = "id: dinas-uji\ntarget: X\njawaban:\n  A.I.1.i.a: 5\n  Z: 1\n  B.I.a: x\n"
    problems = read(text, instrument, rules).problems
    assert {(p.code, p.line) for p in problems if p.line and p.line > 1} == {
        ("kata-tidak-dikenal", 2),
        ("jawaban-tidak-sah", 4),
        ("butir-tidak-dikenal", 5),
        ("jawaban-tidak-sah", 6),
    }
    assert len(problems) == 6  # and the two required keys that are missing


def test_a_tpi_answer_that_differs_without_a_note_is_a_warning(
    instrument: Instrument, rules: RuleSet
) -> None:
    reading = read(HEAD + "jawaban:\n  A.I.1.i.b: {unit: A, tpi: B}\n", instrument, rules)
    (problem,) = reading.problems
    assert (problem.severity, problem.code) == (Severity.WARNING, "tanpa-catatan-tpi")
    assert reading.assessment is not None


def test_what_was_sent_back_and_the_final_evaluation_are_read(
    instrument: Instrument, rules: RuleSet
) -> None:
    text = HEAD + (
        "evaluasi_final:\n  oleh: Sari\n  waktu: 2026-05-20T14:30:00+07:00\n"
        "jawaban:\n  A.I.1.i.b: {unit: A, kembali: Lampirkan notula.}\n"
    )
    reading = read(text, instrument, rules)
    assert reading.assessment is not None, reading.problems
    assert reading.assessment.answers["A.I.1.i.b"].returned == "Lampirkan notula."
    time = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)
    assert reading.assessment.final == Final("Sari", time)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"- 1\n", b"a: [", b"5", b"x" * 100])
def test_a_file_that_is_no_unit_file_gives_problems_and_no_assessment(
    data: bytes, tmp_path: Path, instrument: Instrument, rules: RuleSet
) -> None:
    path = tmp_path / "u.yaml"
    path.write_bytes(data)
    reading = read_unit(path, instrument, rules)
    assert reading.assessment is None
    assert reading.problems


def values(question: Question) -> st.SearchStrategy[Value]:
    if question.scale.kind == "choice":
        return st.sampled_from(list(question.scale.values))
    if question.scale.kind == "index":
        return st.floats(0, question.scale.top, allow_nan=False)
    count = st.none() | st.integers(0, 500)
    return st.tuples(*(count for _ in question.asked_inputs))


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")),
    max_size=30,
).map(tidy_text)
NOTES = TEXTS | st.lists(TEXTS | st.just("kata " * 30), max_size=3).map("\n".join).map(tidy_text)
"""Of one line or of several, short or long, as they come from cells of workbooks."""


@law(40, HealthCheck.function_scoped_fixture)
@given(data=st.data())
def test_write_then_read_gives_the_same_assessment(
    data: st.DataObject, instrument: Instrument, rules: RuleSet
) -> None:
    chosen = data.draw(
        st.lists(st.sampled_from(list(instrument.questions)), unique=True, max_size=12)
    )
    answers = {}
    for identifier in sorted(chosen, key=list(instrument.questions).index):
        question = instrument.questions[identifier]
        unit = data.draw(st.none() | values(question))
        reason = ""
        if question.not_applicable and unit is None and data.draw(st.booleans()):
            unit, reason = NOT_APPLICABLE, "tidak ada objek: nihil"
        answers[identifier] = Answer(
            unit,
            data.draw(st.none() | values(question)),
            data.draw(NOTES),
            data.draw(NOTES),
            tuple(text for text in data.draw(st.lists(TEXTS, max_size=2)) if text),
            reason,
            data.draw(TEXTS),
            data.draw(st.none() | values(question)),
            data.draw(NOTES),
        )
    remarks = st.builds(
        Remark, TEXTS.filter(bool), TEXTS.filter(bool), st.sampled_from(["", "A.I.1.i.a"])
    )
    final = st.builds(Final, TEXTS.filter(bool), st.datetimes(timezones=st.just(UTC)))
    assessment = Assessment(
        Unit("dinas-uji", data.draw(TEXTS) or "x", "Dinas", data.draw(TEXTS)),
        instrument.id,
        "WBBM",
        "2026",
        {"layanan_inti": True, "lhkpn": 100.0, "sakip_unit": "BB"},
        answers,
        data.draw(st.none() | final.map(lambda f: replace(f, time=f.time.replace(microsecond=0)))),
        tuple(data.draw(st.lists(remarks, max_size=2))),
    )
    reading = read(render_unit(assessment, instrument, rules), instrument, rules)
    assert reading.assessment is not None, reading.problems
    again = reading.assessment
    assert again.remarks == assessment.remarks
    assert (again.unit, again.target, again.facts, again.final) == (
        assessment.unit,
        assessment.target,
        assessment.facts,
        assessment.final,
    )
    for identifier in instrument.questions:
        assert again.answers[identifier] == answers.get(identifier, Answer()), identifier


def test_a_note_of_several_lines_is_written_as_people_would(
    instrument: Instrument, rules: RuleSet
) -> None:
    answers = {
        "A.I.1.i.a": Answer("Ya", note="SK ada.\n\nNotula: belum", tpi_note="Benar: " + "ya " * 60),
        "A.I.1.i.b": Answer("A", evidence=("SK 12/2026", "foto: 3")),
    }
    unit = Unit("dinas-uji", "Dinas Uji", "Dinas", "")
    assessment = Assessment(unit, instrument.id, "WBK", "2026", {"lhkpn": 100.0}, answers)
    text = render_unit(assessment, instrument, rules)
    assert "    catatan: |-\n      SK ada.\n\n      Notula: belum\n" in text
    assert f"    catatan_tpi: '{answers['A.I.1.i.a'].tpi_note}'\n" in text
    assert "  A.I.1.i.b:\n    unit: A\n    bukti:\n      - SK 12/2026\n      - 'foto: 3'\n" in text
    assert "  lhkpn: 100          # " in text
    assert "\n  A.I.1.ii.a:\n" in text


AKIP_HEAD = "id: dinas-uji\nnama: Dinas Uji\ninstrumen: akip-2021\njawaban:\n"


def test_criteria_are_answered_beside_their_subcomponent_and_only_propose_its_grade() -> None:
    akip = load_instrument("akip-2021")
    said = "".join(f"  1.a.{n}: Ya\n" for n in range(1, 6))
    proof = "  1.a.6: {unit: Tidak, tpi: Ya, catatan_tpi: ada, bukti: [https://contoh.example/a]}\n"
    reading = read(f"{AKIP_HEAD}  1.a: B\n{said}{proof}", akip, load_rules("akip-2021"))
    assert reading.assessment is not None, reading.problems
    assert list(reading.assessment.answers) == ["1.a"]
    assert reading.assessment.criteria["1.a.6"].evidence == ("https://contoh.example/a",)
    (problem,) = reading.problems
    assert (problem.code, problem.key, problem.line) == ("usulan-kriteria", "1.a", 5)
    assert "6 dari 6 kriteria" in problem.message
    assert "Usulannya BB; jawabannya B." in problem.message
    text = render_unit(reading.assessment, akip, load_rules("akip-2021"))
    again = read(text, akip, load_rules("akip-2021")).assessment
    assert again is not None
    assert {k: a for k, a in again.criteria.items() if a != Answer()} == reading.assessment.criteria


def test_an_open_grade_whose_criteria_are_answered_stays_open() -> None:
    akip = load_instrument("akip-2021")
    said = "".join(f"  2.a.{n}: Ya\n" for n in range(1, 4))
    reading = read(AKIP_HEAD + said, akip, load_rules("akip-2021"))
    assert reading.assessment is not None
    assert "2.a" not in reading.assessment.answers
    assert "Usulannya BB; belum dijawab." in reading.problems[0].message


def test_a_criterion_that_is_not_there_names_the_nearest() -> None:
    akip = load_instrument("akip-2021")
    reading = read(f"{AKIP_HEAD}  2.a.4: Ya\n  2.a.1: Mungkin\n", akip, load_rules("akip-2021"))
    assert {problem.code for problem in reading.problems} == {
        "butir-tidak-dikenal", "jawaban-tidak-sah",
    }  # fmt: skip
