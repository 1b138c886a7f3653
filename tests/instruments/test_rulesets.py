"""Rule sets: what an overlay changes, and one broken file for each mistake."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zi_eval.core.problems import Problem
from zi_eval.core.rules import RuleSet, Threshold
from zi_eval.errors import InstrumentError
from zi_eval.instruments import load_rules
from zi_eval.instruments.folders import instrument_folder

HEAD = """\
id: kota-2026
base: permenpanrb-90-2021
title: Aturan kota
date: '2026'
source: Peraturan wali kota
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(instrument_folder("zi-2021"), tmp_path / "zi-2021"))


@pytest.fixture
def overlay(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "aturan.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems_of(call: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(InstrumentError) as caught:
        call()
    return tuple(p for p in caught.value.problems if isinstance(p, Problem))


def rule(rules: RuleSet, identifier: str) -> dict[str, Threshold]:
    return dict(next(r for r in rules.rules if r.id == identifier).need)


def test_a_partial_rule_changes_only_what_it_names(
    overlay: Callable[[str], Path], rules: RuleSet
) -> None:
    text = "rules:\n  - {id: total, need: {WBBM: {points: 88}}, source: Perwali}\n"
    laid = load_rules("zi-2021", overlay=overlay(HEAD + text))
    assert rule(laid, "total") == {"WBK": Threshold(points=75), "WBBM": Threshold(points=88)}
    assert laid.rules[0].title == rules.rules[0].title
    assert laid.rules[0].source == "Perwali"
    assert laid.rules[1:] == rules.rules[1:]
    assert laid.prerequisites == rules.prerequisites
    assert (laid.id, laid.base) == ("kota-2026", "permenpanrb-90-2021")


def test_a_part_keeps_its_source_and_bands_and_tracks_are_laid_over_whole(
    overlay: Callable[[str], Path], rules: RuleSet
) -> None:
    text = (
        "rules:\n  - {id: total, need: {WBBM: {points: 88}}}\nprerequisites:\n"
        "  - {id: sakip_instansi, bands: {D: 31, C: 50, CC: 60, B: 70, BB: 80, A: 90, AA: 100}}\n"
        "tracks:\n  - {id: satu, title: Satu, source: Perwali, proposes: [WBK]}\n"
        "  - {id: dua, title: Dua, source: Perwali, proposes: [WBK]}\n"
    )
    laid = load_rules("zi-2021", overlay=overlay(HEAD + text))
    assert laid.rules[0].source == rules.rules[0].source
    assert laid.prerequisites_of("instansi")["sakip_instansi"].bands[0].upto == 31
    assert [track.id for track in laid.tracks] == ["satu", "dua"]


def test_every_part_that_is_not_whole_is_named(overlay: Callable[[str], Path]) -> None:
    text = (
        "rules:\n  - {id: satu, title: Satu}\n  - {id: dua, title: Dua}\nprerequisites:\n"
        "  - {id: tiga, title: Tiga}\n  - {id: empat, title: Empat}\ntracks:\n"
        + "  - {id: lima, title: Lima, source: s, proposes: [WBK]}\n"
        * 2
    )
    path = overlay(HEAD + text)
    problems = problems_of(lambda: load_rules("zi-2021", overlay=path))
    found = dict.fromkeys(problem.key for problem in problems)
    assert [*found] == ["satu", "dua", "tiga", "empat", "lima"]


def test_what_is_wrong_in_the_base_is_named_with_its_own_file(
    overlay: Callable[[str], Path], folder: Path
) -> None:
    base = folder / "thresholds.yaml"
    text = base.read_text(encoding="utf-8").replace("  - id: reguler", "  - judul: reguler")
    base.write_text(text, encoding="utf-8")
    path = overlay(HEAD)
    problems = problems_of(lambda: load_rules("zi-2021", overlay=path, folder=folder))
    assert {problem.file for problem in problems} == {str(base)}


def test_only_what_has_a_weight_is_offered_for_a_rule(overlay: Callable[[str], Path]) -> None:
    path = overlay(HEAD + "rules:\n  - id: A\n    nodes: [C]\n")
    (problem,) = problems_of(lambda: load_rules("zi-2021", overlay=path))
    offered = problem.hint.removeprefix("Yang boleh: ").rstrip(".").split(", ")
    assert {"A", "A.I.1", "B.I.a"} < set(offered)
    assert "A.I.1.i.a" not in offered


def test_null_takes_a_predicates_test_away(overlay: Callable[[str], Path]) -> None:
    text = (
        "rules:\n  - {id: B.II, need: {WBK: null}}\nprerequisites:\n"
        "  - {id: spip, need: {WBK: null}}\n"
    )
    laid = load_rules("zi-2021", overlay=overlay(HEAD + text))
    assert list(rule(laid, "B.II")) == ["WBBM"]
    spip = laid.prerequisites_of("instansi")["spip"]
    assert spip.need_for("WBK", "kota") is None
    assert spip.need_for("WBBM", "kota") == 3


def test_an_overlay_may_lie_on_a_packaged_overlay(overlay: Callable[[str], Path]) -> None:
    text = HEAD.replace("permenpanrb-90-2021", "portal-2025")
    laid = load_rules("zi-2021", overlay=overlay(text))
    assert laid.base == "portal-2025"
    assert "lama_wbk" in laid.prerequisites_of("unit")


def test_the_hash_covers_overlay_and_base(overlay: Callable[[str], Path], folder: Path) -> None:
    path = overlay(HEAD)
    first = load_rules("zi-2021", overlay=path, folder=folder).hash
    assert first == load_rules("zi-2021", overlay=path).hash
    base = folder / "thresholds.yaml"
    base.write_text(base.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load_rules("zi-2021", overlay=path, folder=folder).hash != first


@pytest.mark.parametrize(
    ("text", "line", "code", "words"),
    [
        (HEAD.replace("base: p", "base: q"), 2, "aturan-tidak-dikenal", "permenpanrb-90-2021"),
        (HEAD.replace("base:", "dasar:"), 2, "kunci-tidak-dikenal", "base"),
        (HEAD.replace("'2026'", "2026"), 4, "bukan-teks", "tanda kutip"),
        (HEAD + "rules:\n  - {id: baru, title: Baru}\n", 7, "kunci-kurang", "nodes, need, source"),
        (HEAD + "rules:\n  - {title: Baru}\n", 7, "kunci-kurang", "id"),
        (HEAD + "rules:\n  - id: A\n    nodes: [C]\n", 8, "simpul-tidak-ada", "A.I.1"),
        (HEAD + "rules:\n  - id: A\n    nodes: [A.I.1.i.a]\n", 8, "simpul-tidak-ada", "B.I.a"),
        (
            HEAD + "rules:\n  - id: A\n    need: {WBK: {points: 61}}\n",
            8,
            "ambang-di-luar-bobot",
            "60",
        ),
        (
            HEAD + "rules:\n  - id: A\n    need: {WBK: {percent: 101}}\n",
            8,
            "di-luar-batas",
            "paling besar 100",
        ),
        (
            HEAD + "rules:\n  - id: A\n    need: {WBK: {points: 4, percent: 5}}\n",
            8,
            "ambang-ganda",
            "points, percent",
        ),
        (HEAD + "rules:\n  - id: A\n    need: {WBK: {}}\n", 8, "ambang-ganda", "points, percent"),
        (HEAD + "rules:\n  - id: A\n    need: {WBK: 75}\n", 8, "bukan-pemetaan", "kunci: nilai"),
        (
            HEAD + "rules:\n  - id: A\n    need: {WBX: {points: 4}}\n",
            8,
            "kata-tidak-dikenal",
            "WBK, WBBM",
        ),
        (HEAD + "rules:\n  - id: A\n  - id: A\n", 8, "id-ganda", "satu kali"),
        (
            HEAD + "prerequisites:\n  - id: sakip_unit\n    need: {WBK: B+}\n",
            8,
            "kata-tidak-dikenal",
            "D, C, CC, B, BB, A, AA",
        ),
        (
            HEAD + "prerequisites:\n  - id: spip\n    need: {WBK: tiga}\n",
            8,
            "bukan-angka",
            "angka",
        ),
        (
            HEAD + "prerequisites:\n  - id: memegang_wbk\n    need: {WBBM: ya}\n",
            8,
            "bukan-ya",
            "true",
        ),
        (
            HEAD + "prerequisites:\n  - id: spip\n    need: {WBK: {desa: 3}}\n",
            8,
            "kata-tidak-dikenal",
            "provinsi, kabupaten, kota, kementerian, lembaga",
        ),
        (
            HEAD + "prerequisites:\n  - id: spip\n    need: {WBK: [3]}\n",
            8,
            "bentuk-salah",
            "peringkat, angka, atau true",
        ),
        (
            HEAD + "prerequisites:\n  - id: spip\n    kind: grade\n    need: {WBK: B}\n",
            7,
            "kunci-kurang",
            "grades",
        ),
        (
            HEAD + "prerequisites:\n  - id: spip\n    who: dinas\n",
            8,
            "nilai-tidak-dikenal",
            "instansi, unit",
        ),
        (HEAD + "rules: A\n", 6, "bukan-daftar", "daftar"),
        (HEAD + "title: lagi\n", 6, "kunci-ganda", "baris 3 dan 6"),
        ("", 1, "berkas-kosong", "contoh"),
        ("- id: x\n", 1, "bukan-pemetaan", "kunci: nilai"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_what_is_allowed(
    overlay: Callable[[str], Path], text: str, line: int, code: str, words: str
) -> None:
    path = overlay(text)
    problems = problems_of(lambda: load_rules("zi-2021", overlay=path))
    found = [p for p in problems if p.code == code]
    assert found, [str(p) for p in problems]
    assert (found[0].file, found[0].line) == (str(path), line)
    assert any(words in f"{p.message} {p.hint}" for p in found)


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("nodes: [A, B]", "nodes: [A, C]", "simpul-tidak-ada", "A.I.1"),
        ("{points: 85}", "{points: 850}", "ambang-di-luar-bobot", "100"),
        ("{WBK: WTP, WBBM", "{WBK: WTQ, WBBM", "kata-tidak-dikenal", "TMP, TW, WDP, WTP"),
        ("    source: PermenPANRB 90/2021, Tabel 6\n", "", "kunci-kurang", "source"),
    ],
)
def test_a_mistake_in_the_base_is_named_too(
    folder: Path, old: str, new: str, code: str, words: str
) -> None:
    path = folder / "thresholds.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = problems_of(lambda: load_rules("zi-2021", folder=folder))
    found = next(p for p in problems if p.code == code)
    assert found.file == str(path)
    assert found.line is not None
    assert words in f"{found.message} {found.hint}"


def test_an_unknown_rule_set_names_the_known_ones_and_claims_no_file() -> None:
    (problem,) = problems_of(lambda: load_rules("zi-2021", "portal-2052"))
    assert problem.code == "aturan-tidak-dikenal"
    assert problem.file == ""
    assert "permenpanrb-90-2021, portal-2024, portal-2025" in problem.message
    assert "'portal-2025'" in problem.hint


def test_bases_that_go_in_a_circle_are_refused(folder: Path) -> None:
    path = folder / "rules" / "portal-2025.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("base: portal-2024", "base: portal-2025"))
    problems = problems_of(lambda: load_rules("zi-2021", "portal-2025", folder=folder))
    assert [p.code for p in problems] == ["basis-melingkar"]


def test_a_rule_set_must_bear_its_files_name(folder: Path) -> None:
    path = folder / "rules" / "portal-2025.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("id: portal-2025", "id: portal-2026"))
    (problem,) = problems_of(lambda: load_rules("zi-2021", "portal-2025", folder=folder))
    assert (problem.code, problem.line) == ("id-tidak-cocok", 1)


def test_a_missing_overlay_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "tidak-ada.yaml"
    (problem,) = problems_of(lambda: load_rules("zi-2021", overlay=path))
    assert (problem.code, problem.file) == ("berkas-tidak-terbaca", str(path))
