"""The packaged instrument's facts, and one broken file for each mistake the loader must name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.rules import RuleSet
from zi_eval.errors import InstrumentError
from zi_eval.instruments import (
    available_instruments,
    available_rules,
    load_instrument,
    load_portal_ids,
    load_rules,
    load_workbook_layouts,
)
from zi_eval.instruments.folders import instrument_folder
from zi_eval.instruments.rulesets import newest_rules

PACKAGED = instrument_folder("zi-2021")

# Subarea weights by area, typed apart from the data files so that a slip in either one shows.
SUBAREAS = {
    "A.I.1": (0.5, 1, 1, 1.5),
    "A.I.2": (1, 2, 0.5),
    "A.I.3": (0.25, 0.5, 1.25, 2, 0.75, 0.25),
    "A.I.4": (2.5, 2.5),
    "A.I.5": (1.5, 1.5, 1.5, 1.5, 1.5),
    "A.I.6": (1, 1, 1, 1, 1),
    "A.II.1": (2, 1, 1),
    "A.II.2": (0.5, 1, 2),
    "A.II.3": (1.5, 1.5, 2),
    "A.II.4": (2, 1.5, 1.5),
    "A.II.5": (2.5, 3, 2),
    "A.II.6": (2.5, 2.5),
}
AREAS = (4, 3.5, 5, 5, 7.5, 5)
SCALES = {"ya_tidak": 17, "abc": 36, "abcd": 33, "abcde": 17, "ratio": 8, "index_0_4": 2}
MINIMA = {  # WBK, WBBM in points
    "total": (75, 85),
    "A": (40, 48),
    "area-1": (4.8, 6),
    "area-2": (4.2, 5.25),
    "area-3": (6, 7.5),
    "area-4": (6, 7.5),
    "area-5": (9, 11.25),
    "area-6": (6, 7.5),
    "B.I": (18.25, 19.5),
    "B.I.a": (15.75, 15.75),
    "B.I.b": (2.5, 3.75),
    "B.II": (14, 15.75),
}


# ---------------------------------------------------------------- facts


def test_the_weights_are_those_of_the_regulation(instrument: Instrument) -> None:
    weights = {identifier: node.weight for identifier, node in instrument.nodes.items()}
    numerals = ("i", "ii", "iii", "iv", "v", "vi")
    expected: dict[str, float] = {
        "A": 60,
        "A.I": 30,
        "A.II": 30,
        "B": 40,
        "B.I": 22.5,
        "B.II": 17.5,
    }
    for aspect in ("A.I", "A.II"):
        expected |= {f"{aspect}.{n}": weight for n, weight in enumerate(AREAS, 1)}
    for area, parts in SUBAREAS.items():
        expected |= {f"{area}.{n}": w for n, w in zip(numerals, parts, strict=False)}
    assert weights == expected
    assert instrument.weight == 100


def test_there_are_113_questions_and_24_inputs_of_which_22_are_asked(
    instrument: Instrument,
) -> None:
    questions = instrument.questions.values()
    assert len(questions) == 113
    assert sum(len(q.inputs) for q in questions) == 24
    assert sum(len(q.asked_inputs) for q in questions) == 22
    counts = {scale: sum(q.scale.id == scale for q in questions) for scale in SCALES}
    assert counts == SCALES


def test_questions_come_in_official_order(instrument: Instrument) -> None:
    walked = [identifier for identifier in instrument.order if identifier in instrument.questions]
    assert list(instrument.questions) == walked
    assert (walked[0], walked[-1]) == ("A.I.1.i.a", "B.II.a")


def test_questions_of_b_carry_their_own_weights(instrument: Instrument) -> None:
    weighted = {q.id: q.weight for q in instrument.questions.values() if q.weight is not None}
    assert weighted == {"B.I.a": 17.5, "B.I.b": 5, "B.II.a": 17.5}


def test_areas_join_both_aspects(instrument: Instrument) -> None:
    joined = {area.id: area.nodes for area in instrument.areas}
    assert joined == {f"area-{n}": (f"A.I.{n}", f"A.II.{n}") for n in range(1, 7)}


def test_portal_ids_are_1_to_127(instrument: Instrument) -> None:
    ids = load_portal_ids("zi-2021")
    assert list(ids.values()) == list(range(1, 128))
    assert ids["A.I.1.i.a"] == 1
    assert ids["A.II.5.iii.a.2"] == 113
    assert "A.II.5.iii.a.1" not in ids
    assert ids["B.II.a"] == 127


def test_both_workbook_layouts_place_the_questions() -> None:
    old, new = load_workbook_layouts("zi-2021")
    assert (old.id, old.sheet, old.header_row) == ("lke-2021", "LKE ZI", 2)
    assert (old.columns.type, old.columns.answer, old.columns.evidence) == ("J", "K", "P")
    assert old.labels == ("B", "C", "D", "E", "F", "G")
    assert len(old.rows) == 113 + 24
    assert old.rows["A.II.5.iii.b.5"] == 189
    assert old.node_rows["A"] == 4
    assert (new.id, new.sheet, new.columns.tpi_note) == ("jawaban-2024", "Jawaban", "Q")
    assert len(new.rows) == 127
    assert new.rows["A.I.1.i.a"] == 6
    assert "A.II.1.i.a" not in new.rows


def test_only_agents_may_bring_more_changes_than_there_are_agents(instrument: Instrument) -> None:
    beyond = [
        q.id for q in instrument.questions.values() if getattr(q.rule, "within", True) is False
    ]
    assert beyond == ["A.II.1.i.a"]


def test_the_minima_are_those_of_table_6(instrument: Instrument, rules: RuleSet) -> None:
    found = {}
    for rule in rules.rules:
        weight = sum(
            instrument.nodes[n].weight if n in instrument.nodes else instrument.questions[n].weight
            for n in rule.nodes  # type: ignore[misc]
        )
        found[rule.id] = tuple(rule.need[p].need(weight) for p in ("WBK", "WBBM"))
    assert found.keys() == MINIMA.keys()
    for identifier, minima in MINIMA.items():
        assert found[identifier] == pytest.approx(minima, abs=1e-12)


@pytest.mark.parametrize(
    ("identifier", "kind", "wbk", "wbbm"),
    [
        ("opini_bpk", "kota", "WTP", "WTP"),
        ("sakip_instansi", "kota", "B", "BB"),
        ("indeks_rb", "provinsi", "CC", "B"),
        ("indeks_rb", "kabupaten", "CC", "B"),
        ("indeks_rb", "kementerian", "B", "BB"),
        ("indeks_rb", "lembaga", "B", "BB"),
        ("spip", "kota", 3, 3),
        ("layanan_inti", "kota", True, True),
        ("tindak_lanjut", "kota", 100, 100),
        ("lhkpn", "kota", 100, 100),
        ("lhkasn", "kota", 100, 100),
        ("lama_zi", "kota", 1, 1),
        ("memegang_wbk", "kota", None, True),
        ("sakip_unit", "kota", "B", "BB"),
    ],
)
def test_the_prerequisites_are_those_of_table_5(
    rules: RuleSet, identifier: str, kind: str, wbk: object, wbbm: object
) -> None:
    item = {p.id: p for p in rules.prerequisites}[identifier]
    assert item.need_for("WBK", kind) == wbk
    assert item.need_for("WBBM", kind) == wbbm
    assert item.source


def test_packaged_rule_sets() -> None:
    assert available_instruments() == ("akip-2021", "zi-2021")
    names = ("permenpanrb-90-2021", "portal-2024", "portal-2025")
    assert available_rules("zi-2021") == names
    assert newest_rules("zi-2021") == "portal-2025"
    base, first, last = (load_rules("zi-2021", name) for name in names)
    assert [(r.id, r.base, r.date) for r in (base, first, last)] == [
        ("permenpanrb-90-2021", "", "2021"),
        ("portal-2024", "permenpanrb-90-2021", "2024"),
        ("portal-2025", "portal-2024", "2025"),
    ]
    for overlay in (first, last):
        assert overlay.rules == base.rules
        assert overlay.prerequisites[:-1] == base.prerequisites
        assert overlay.prerequisites[-1].need_for("WBBM", "kota") == 2
        assert overlay.prerequisites[-1].need_for("WBK", "kota") is None
    assert len({rules.hash for rules in (base, first, last)}) == 3


# ---------------------------------------------------------------- copies


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGED, tmp_path / "zi-2021"))


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first ``old`` in a file; return the 1-based line where it stood."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    place = text.index(old)
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    return text.count("\n", 0, place) + 1


def problems_of(call: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(InstrumentError) as caught:
        call()
    assert all(isinstance(problem, Problem) for problem in caught.value.problems)
    return tuple(p for p in caught.value.problems if isinstance(p, Problem))


def test_a_copy_is_the_same_instrument(folder: Path, instrument: Instrument) -> None:
    assert load_instrument("zi-2021", folder) == instrument


def test_the_hash_changes_with_any_question_and_not_with_row_numbers(folder: Path) -> None:
    before = load_instrument("zi-2021", folder).hash
    edit(folder, "workbook.yaml", "header_row: 2", "header_row: 3")
    assert load_instrument("zi-2021", folder).hash == before
    edit(folder, "links.yaml", "  goals: A.II.4.i.a", "  goals: A.II.4.ii.a")
    changed = load_instrument("zi-2021", folder)
    assert (changed.hash, changed.links["performance"]["goals"]) == (before, "A.II.4.ii.a")
    edit(folder, "questions/B.yaml", "  text: ", "  text: Pokoknya ")
    assert load_instrument("zi-2021", folder).hash != before


Q1 = "questions/A.I.1.yaml"
MAIN, ROWS = "instrument.yaml", "workbook.yaml"
R1 = "questions/A.II.1.yaml"
MISTAKES = [
    # file, old, new, line offset, code, words that name what is allowed or what to do
    (Q1, "  scale: ya_tidak", "  scala: ya_tidak", 0, "kunci-tidak-dikenal", "'scale'"),
    (Q1, "  scale: ya_tidak", "  skor: ya_tidak", 0, "kunci-tidak-dikenal", "text, scale, options"),
    (Q1, "  scale: ya_tidak\n", "", -2, "kunci-kurang", "text, scale"),
    (Q1, "  scale: ya_tidak", "  scale: ya_tidak\n  scale: abc", 1, "kunci-ganda", "baris 3 dan 4"),
    (Q1, "  scale: ya_tidak", "  scale: abd", 0, "skala-tidak-dikenal", "ya_tidak, abc, abcd"),
    (Q1, "    Tidak: Tim", "    Nggak: Tim", -2, "pilihan-tidak-lengkap", "Ya, Tidak"),
    (
        Q1,
        "  options:\n    Ya: Tim pembangunan ZI sudah dibentuk di unit kerja\n"
        "    Tidak: Tim pembangunan ZI belum dibentuk di unit kerja\n",
        "",
        -3,
        "pilihan-tidak-lengkap",
        "Ya, Tidak",
    ),
    (Q1, "text: Unit kerja sudah", "text: 2021 #", 0, "bukan-teks", "tanda kutip"),
    (Q1, "text: Unit kerja sudah", "text: Catatan: unit", 0, "bukan-yaml", "tanda kutip"),
    (Q1, "  scale: ya_tidak", "\tscale: ya_tidak", 0, "bukan-yaml", "TAB"),
    (Q1, "A.I.1.i.a:", "A.I.2.i.z:", 0, "salah-berkas", "A.I.1.*"),
    (Q1, "A.I.1.i.b:", "A.I.1.ix.b:", 0, "induk-tidak-ada", "A.I.1.ix"),
    (Q1, "A.I.1.i.b:", "A.I.1.ii:", 0, "id-ganda", "satu kali"),
    (R1, "kind: share", "kind: shara", 0, "nilai-tidak-dikenal", "share, decrease"),
    (R1, "kind: share, ", "", 0, "kunci-kurang", "kind"),
    (R1, "part: 2", "part: 3", 0, "masukan-tidak-ada", "1, 2"),
    (R1, "part: 2", "bagian: 2", 0, "kunci-kurang", "kind, part, whole, empty"),
    (R1, "part: 2", "part: dua", 0, "bukan-angka", "bilangan bulat"),
    (R1, "empty: 0", "empty: 2", 0, "nilai-tidak-dikenal", "0, 1"),
    (R1, "within: false", "within: tidak", 0, "bukan-ya-tidak", "'true' atau 'false'"),
    (R1, "    2: {text: Jumlah p", "    dua: {text: Jumlah p", 0, "masukan-tidak-urut", "1, 2, 3"),
    (R1, "  scale: ratio", "  scale: abc", 2, "rumus-berlebih", "'ratio' dan 'inputs'"),
    ("questions/B.yaml", "weight: 5", "weight: lima", 0, "bukan-angka", "2.5"),
    ("questions/B.yaml", "weight: 5", "weight: '5'", 0, "bukan-angka", "tanpa tanda kutip"),
    ("questions/B.yaml", "weight: 5", "weight: -5", 0, "di-luar-batas", "lebih besar dari 0"),
    ("questions/B.yaml", "weight: 5", "weight: .inf", 0, "bukan-angka", "terhingga"),
    (
        "instrument.yaml",
        "abc: {kind: choice",
        "abc: {kind: pilih",
        0,
        "nilai-tidak-dikenal",
        "choice",
    ),
    (
        "instrument.yaml",
        "B: 0.67, C: 0.33",
        "B: 0.33, C: 0.67",
        0,
        "skala-tidak-turun",
        "1 sampai 0",
    ),
    (
        "instrument.yaml",
        "Kerja, weight: 0.5",
        "Kerja, weight: 0.6",
        -1,
        "bobot-tidak-cocok",
        "Samakan",
    ),
    (MAIN, "Kerja, weight: 0.5", "Kerja", 0, "kunci-kurang", "kind, title, weight"),
    (MAIN, "kind: subarea", "kind: subarae", 0, "nilai-tidak-dikenal", "'subarea'"),
    (MAIN, "[A.I.6, A.II.6]", "[A.I.6, A.II.9]", 0, "simpul-tidak-ada", "A.II.6"),
    (MAIN, "id: zi-2021", "id: zi-2022", 0, "id-tidak-cocok", "'zi-2021'"),
    (MAIN, "version: '2021.1'", "version: 2021.1", 0, "bukan-teks", "tanda kutip"),
    (MAIN, "sources:", "sumber:", 0, "kunci-tidak-dikenal", "sources"),
    (ROWS, "      A.I.1.i.a: 8\n", "", None, "tanpa-sel", "'null'"),
    (ROWS, "      A.I.1.i.a: 8", "      A.I.1.i.a: null", 0, "tanpa-sel", "dihitung"),
    (ROWS, "      A.II.1.i.a.1: 129\n", "", None, "tanpa-sel", "'null'"),
    (
        "workbook.yaml",
        "      A.I.1.i.a: 8",
        "      A.I.1.i.aa: 8",
        0,
        "butir-tidak-dikenal",
        "A.I.1.i.a",
    ),
    (ROWS, "      A.I.1.i.b: 9", "      A.I.1.i.b: 8", 0, "sel-ganda", "A.I.1.i.a"),
    (
        "workbook.yaml",
        "      A.I.1.i.b: 9",
        "      A.I.1.i.b: K9",
        0,
        "bukan-angka",
        "bilangan bulat",
    ),
    (ROWS, "answer: K", "answer: 11", 0, "bukan-teks", "teks"),
    (ROWS, "answer: K", "answer: kk", 0, "bentuk-salah", "A sampai ZZ"),
    (ROWS, "answer: K", "jawab: K", 0, "kunci-kurang", "answer, note, evidence"),
    ("links.yaml", "  goals:", "  targets:", 0, "kunci-tidak-dikenal", "achievement, goals"),
    ("links.yaml", "performance:", "survey:", 0, "kunci-tidak-dikenal", "performance"),
    ("links.yaml", "A.II.4.i.a ", "A.II.4.i.z ", 0, "butir-tidak-dikenal", "A.II.4.i.a"),
    ("links.yaml", "A.II.4.i.a ", "B.I.b ", 0, "butir-ganda", "achievement"),
    ("links.yaml", "A.II.4.i.a ", "[B.I.b] ", 0, "bukan-teks", "teks"),
    ("portal.yaml", "  B.II.a: 127\n", "", None, "tanpa-soal-id", "bilangan bulat"),
    ("portal.yaml", "  B.II.a: 127", "  B.II.a: 126", 0, "soal-id-ganda", "B.I.b"),
    ("portal.yaml", "  B.II.a: 127", "  B.II.z: 127", 0, "butir-tidak-dikenal", "nomor"),
    ("portal.yaml", "  B.II.a: 127", "  B.II.a: 0", 0, "di-luar-batas", "paling kecil 1"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "offset", "code", "words"),
    MISTAKES,
    ids=lambda value: None,
)
def test_a_mistake_is_named_with_file_line_and_what_is_allowed(
    folder: Path, file: str, old: str, new: str, offset: int | None, code: str, words: str
) -> None:
    line = edit(folder, file, old, new)
    if offset is None:  # shown at the mapping that lacks the entry
        keys = {"workbook.yaml": "    rows:", "portal.yaml": "soal_id:"}
        line = (folder / file).read_text(encoding="utf-8").split("\n").index(keys[file]) + 1
        offset = 0
    problems = problems_of(lambda: load_instrument("zi-2021", folder))
    found = [p for p in problems if p.code == code]
    assert found, [str(p) for p in problems]
    assert (found[0].file, found[0].line) == (str(folder / file), line + offset)
    said = " ".join(f"{p.message} {p.hint}" for p in found)
    assert words in said


def test_weights_that_do_not_add_up_are_shown_at_the_node_above(folder: Path) -> None:
    edit(folder, "questions/B.yaml", "weight: 17.5", "weight: 17")
    (problem,) = problems_of(lambda: load_instrument("zi-2021", folder))
    assert (problem.code, problem.key) == ("bobot-tidak-cocok", "B.I")
    assert problem.file == str(folder / "instrument.yaml")
    assert "22.5" in problem.message
    assert "22" in problem.message


def test_input_numbers_must_not_jump(folder: Path) -> None:
    line = edit(folder, R1, "    2: {text: Jumlah p", "    3: {text: Jumlah p")
    problems = problems_of(lambda: load_instrument("zi-2021", folder))
    jump = next(p for p in problems if p.code == "masukan-tidak-urut")
    assert (jump.key, jump.line) == ("A.II.1.i.a", line - 2)


def test_a_renamed_question_is_missed_in_every_layout_and_in_the_portal(folder: Path) -> None:
    edit(folder, Q1, "A.I.1.i.b:", "A.I.1.i.z:")
    problems = problems_of(lambda: load_instrument("zi-2021", folder))
    assert sorted({(p.code, p.key, Path(p.file).name) for p in problems}) == [
        ("butir-tidak-dikenal", "A.I.1.i.b", "portal.yaml"),
        ("butir-tidak-dikenal", "A.I.1.i.b", "workbook.yaml"),
        ("tanpa-sel", "A.I.1.i.z", "workbook.yaml"),
        ("tanpa-soal-id", "A.I.1.i.z", "portal.yaml"),
    ]
    assert len(problems) == 6


def test_problems_of_all_files_are_raised_together(folder: Path) -> None:
    edit(folder, Q1, "  scale: ya_tidak", "  skala: ya_tidak")
    edit(folder, R1, "part: 2", "part: dua")
    edit(folder, "portal.yaml", "soal_id:", "nomor:")
    edit(folder, "workbook.yaml", "sheet: LKE ZI", "sheet: 2021")
    problems = problems_of(lambda: load_instrument("zi-2021", folder))
    assert {Path(p.file).name for p in problems} == {
        "A.I.1.yaml",
        "A.II.1.yaml",
        "portal.yaml",
        "workbook.yaml",
    }


@pytest.mark.parametrize("file", ["instrument.yaml", "workbook.yaml", "portal.yaml"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    problems = problems_of(lambda: load_instrument("zi-2021", folder))
    assert ("berkas-tidak-terbaca", str(folder / file)) in [(p.code, p.file) for p in problems]


def test_a_question_file_that_is_no_node_is_named(folder: Path) -> None:
    (folder / "questions" / "A.I.1.yaml").rename(folder / "questions" / "A.I.1b.yaml")
    problems = problems_of(lambda: load_instrument("zi-2021", folder))
    assert problems[0].code == "salah-berkas"
    assert "A.I.1" in problems[0].hint


def test_an_unknown_instrument_names_the_known_ones() -> None:
    (problem,) = problems_of(lambda: load_instrument("zi-2012"))
    assert problem.code == "instrumen-tidak-dikenal"
    assert "zi-2021" in problem.message
