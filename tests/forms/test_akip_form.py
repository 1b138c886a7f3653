"""The form on an instrument without targets, areas, prerequisites and workbook."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lke.criteria_sheets import worksheet
from zi_eval.core.assessment import Unit
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.forms.form import Workbench
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.store import AnswerStore, create_unit
from zi_eval.period.evaluations import load_evaluation

UNIT = Person("Sari", Role.UNIT)
NUMBERS = itertools.count(1)
OF_ZI = re.compile(
    r"\bWBK\b|\bWBBM\b|Zona Integritas|pengungkit|[Pp]emenuhan|[Rr]eform|Enam area|\bIPAK\b|survei"
)


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """Return a working folder with the sample agency of both instruments."""
    for name in ("2026", "2026-akip"):
        ignored = shutil.ignore_patterns("jurnal", "kinerja")
        target = tmp_path / "parameters" / name
        shutil.copytree(root / "parameters" / name, target, ignore=ignored)
    return tmp_path


@pytest.fixture
def unit_file(folder: Path) -> Path:
    return folder / "parameters" / "2026-akip" / "kecamatan-merdeka.yaml"


@pytest.fixture
def state(unit_file: Path) -> Iterator[FormState]:
    state = FormState.open(unit_file, UNIT)
    yield state
    state.close()


def ask(state: FormState, kind: str, **values: Any) -> dict[str, Any]:
    answer = state.answer({"type": kind, "view": "v", **values})
    json.dumps(answer)
    return answer


def change(state: FormState, key: str, field: str, value: Any) -> dict[str, Any]:
    part = {
        "key": key,
        "field": field,
        "value": value,
        "seen": state.store.get(FieldPlace(key, field)),
    }
    return ask(state, "change", number=next(NUMBERS), parts=[part])


def test_every_component_is_a_page_of_its_three_subcomponents(state: FormState) -> None:
    form = ask(state, "open")["form"]
    identity, *pages = form["pages"]
    assert identity["is_identity"]
    assert identity["title"] == "Identitas"
    assert [page["title"] for page in pages] == [
        node.title for node in state.store.instrument.nodes.values()
    ]
    assert {page["group"] for page in pages} == {"Komponen"}
    shown = [q for page in pages for section in page["sections"] for q in section["questions"]]
    assert shown == list(state.store.instrument.questions)
    question = form["questions"]["1.b"]
    assert [item["id"] for item in question["criteria"]] == [f"1.b.{n}" for n in range(1, 12)]
    assert [option["code"] for option in question["options"]] == [
        *("AA", "A", "BB", "B", "CC", "C", "D", "E")
    ]


def test_nothing_asks_for_a_target_or_for_prerequisites(state: FormState) -> None:
    whole = ask(state, "open")
    assert whole["form"]["facts"] == []
    assert [spec["field"] for spec in whole["form"]["identity"]] == ["nama", "jenis", "kepala"]
    assert whole["identity"]["agency"] == []
    assert whole["identity"]["subtitle"].startswith("Evaluasi AKIP · 2026-akip · ")


def test_the_screen_knows_no_zi(state: FormState) -> None:
    assert not OF_ZI.search(json.dumps(ask(state, "open"), ensure_ascii=False))


def test_the_panel_says_predicate_band_and_what_is_next(state: FormState) -> None:
    score = ask(state, "open")["score"]
    # 64.45 of the TPI, and 1.c and 2.c a grade higher: 15 x 0.1 + 15 x 0.1
    assert score["verdict"] == "Predikat B"
    assert (score["status"], score["icon"]) == ("plain", "")
    assert score["total"]["got"] == "67,45"
    assert score["total"]["words"] == "kurang 2,55 untuk BB (di atas 70)"
    assert score["total"]["mark"] is None
    assert score["areas_title"] == "Komponen"
    assert score["areas"][0]["title"] == "Perencanaan Kinerja"
    assert [row["got"] for row in score["areas"]] == [
        *("21,60 / 30", "19,50 / 30", "9,60 / 15", "16,75 / 25")
    ]
    assert score["results_title"] == "Rentang predikat"
    assert [(row["title"], row["need"]) for row in score["results"]] == [
        ("B", "di atas 60 sampai 70"),
        ("BB", "di atas 70 sampai 80"),
    ]
    assert score["fails"] == []


def test_a_better_grade_moves_the_predicate_and_is_in_the_file(
    state: FormState, unit_file: Path
) -> None:
    ask(state, "open")
    answer = change(state, "4.c", "unit", "BB")
    assert answer["type"] == "saved"
    assert answer["patch"]["score"]["verdict"] == "Predikat B"
    answer = change(state, "3.c", "unit", "A")
    assert answer["patch"]["score"]["verdict"] == "Predikat BB"
    assert answer["patch"]["score"]["total"]["got"] == "72,20"
    state.close()
    evaluation = load_evaluation(unit_file, "unit")
    assert evaluation.predicate == "BB"
    assert evaluation.assessment.target == ""


def test_an_emptied_grade_leaves_the_predicate_open(state: FormState) -> None:
    ask(state, "open")
    score = change(state, "4.c", "unit", None)["patch"]["score"]
    assert score["verdict"] == "Belum dapat disimpulkan"
    assert score["status"] == "unknown"
    assert "kelak antara 59,95 dan 72,45" in score["total"]["words"]


def test_a_target_cannot_be_given(state: FormState) -> None:
    ask(state, "open")
    answer = change(state, "identitas", "target", "A")
    assert answer["type"] == "refused"
    assert "predikatnya mengikuti nilai" in answer["text"]


def test_the_evaluator_sees_both_scores(unit_file: Path) -> None:
    state = FormState.open(unit_file, Person("Rina", Role.MEMBER))
    score = ask(state, "open")["score"]
    state.close()
    assert score["total"]["compare"] == "Unit 67,45, TPI 64,45, selisih −3,00"


def test_a_unit_of_another_instrument_is_not_opened(folder: Path) -> None:
    stray = folder / "parameters" / "2026-akip" / "smpn-1-contoh.yaml"
    shutil.copy(folder / "parameters" / "2026" / stray.name, stray)
    with pytest.raises(ParameterError, match="satu folder hanya untuk satu instrumen"):
        FormState.open(stray, UNIT)


def test_the_chooser_makes_units_without_a_target(folder: Path) -> None:
    bench = Workbench(False, "2026-akip", "", "Sari", folder)
    chooser = bench.chooser
    assert list(chooser.new_target.options) == []
    assert chooser.new_target.layout.display == "none"
    chooser.new_id.value, chooser.new_name.value = "dinas-uji", "Dinas Uji"
    chooser.make_unit()
    assert bench.page is not None
    bench.close_page()
    path = folder / "parameters" / "2026-akip" / "dinas-uji.yaml"
    assert load_evaluation(path).instrument.id == "akip-2021"
    chooser.period.value = "2026"
    assert list(chooser.new_target.options) == ["WBK", "WBBM"]
    assert chooser.new_target.value == "WBK"
    assert chooser.new_target.layout.display == ""


def test_a_period_is_offered_before_the_others_of_its_year(folder: Path) -> None:
    (folder / "parameters" / "2025").mkdir()
    bench = Workbench(False, "", "", "Sari", folder)
    assert list(bench.chooser.period.options) == ["2026", "2026-akip", "2025"]


def test_an_uploaded_worksheet_of_criteria_fills_what_is_open(
    folder: Path, unit_file: Path
) -> None:
    bench = Workbench(False, "2026-akip", "", "Sari", folder)
    bench.chooser.take([{"name": "LKE.xlsx", "content": memoryview(worksheet(("Y", "T", "Y")))}])
    assert "0 jawaban dan 80 kriteria ditemukan" in bench.chooser.said.value
    bench.chooser.unit.value = "kecamatan-merdeka"
    bench.chooser.import_into()
    evaluation = load_evaluation(unit_file)
    assert evaluation.assessment.criteria["1.a.2"].unit == "Tidak"
    assert evaluation.assessment.answers["1.a"].unit == "BB"
    bench.close_page()


def test_what_is_no_worksheet_is_refused_in_one_sentence(folder: Path) -> None:
    bench = Workbench(False, "2026-akip", "", "Sari", folder)
    bench.chooser.take([{"name": "LKE.csv", "content": memoryview(b"a,b\n1,2\n")}])
    assert "bukan lembar kriteria Evaluasi AKIP" in bench.chooser.said.value


def test_a_rebuilt_file_says_the_same(unit_file: Path) -> None:
    from zi_eval.journal.store import rebuild_unit

    with AnswerStore.open(unit_file, UNIT) as store:
        store.change(FieldPlace("2.a", "unit"), "A", store.get(FieldPlace("2.a", "unit")))
    assert rebuild_unit(unit_file) == unit_file.read_text(encoding="utf-8")


def test_a_new_unit_needs_a_valid_id_there_too(folder: Path) -> None:
    with pytest.raises(ZiEvalError, match="tidak sah"):
        create_unit(folder / "parameters" / "2026-akip", Unit("Dinas Uji", "Dinas"), "")


def test_criteria_are_answered_with_proof_and_move_only_what_is_proposed(
    state: FormState, unit_file: Path
) -> None:
    before = ask(state, "open")
    assert before["values"]["2.a"]["proposals"] == []
    for number, said in ((1, "Ya"), (2, "Ya"), (3, "Tidak")):
        reply = change(state, f"2.a.{number}", "unit", said)
    assert list(reply["patch"]["values"]) == ["2.a"]
    value = reply["patch"]["values"]["2.a"]
    assert [item["unit"] for item in value["criteria"]] == ["Ya", "Ya", "Tidak"]
    (proposal,) = value["proposals"]
    assert proposal["use"] == "CC"
    assert proposal["differs"]
    assert value["unit"] == before["values"]["2.a"]["unit"] == "B"
    assert "score" not in reply["patch"] or (
        reply["patch"]["score"]["total"] == before["score"]["total"]
    )
    reply = change(state, "2.a.1", "bukti", ["https://contoh.example/pedoman.pdf"])
    assert "2 kriteria terpenuhi tanpa bukti" not in str(reply)
    state.store.flush()
    text = unit_file.read_text(encoding="utf-8")
    assert "  2.a.1:\n    unit: Ya\n    bukti:\n      - https://contoh.example/pedoman" in text
    assert "  2.a.3: Tidak\n" in text
    undone = ask(state, "undo")
    assert undone["key"] == "2.a.1"
    assert change(state, "2.a.4", "unit", "Ya")["type"] == "refused"
    assert change(state, "2.a.3", "unit", "Mungkin")["type"] == "refused"


def test_the_tpi_judges_criteria_in_its_own_place(unit_file: Path) -> None:
    with AnswerStore.open(unit_file, UNIT) as store:
        for number in (1, 2, 3):
            store.change(FieldPlace(f"2.a.{number}", "unit"), "Ya", None)
    state = FormState.open(unit_file, Person("Rina", Role.MEMBER))
    ask(state, "open")
    refused = change(state, "2.a.3", "tpi", "Tidak")
    assert "tulis alasannya" in refused["text"]
    parts = [
        {"key": "2.a.3", "field": field, "value": value, "seen": None}
        for field, value in (("tpi", "Tidak"), ("catatan_tpi", "Belum ada mekanismenya."))
    ]
    reply = ask(state, "change", number=next(NUMBERS), parts=parts)
    value = reply["patch"]["values"]["2.a"]
    assert [(item["unit"], item["tpi"]) for item in value["criteria"]][2] == ("Ya", "Tidak")
    assert value["proposals"][0]["use"] == "CC"
    assert change(state, "2.a.3", "unit", "Tidak")["type"] == "refused"
    state.close()
