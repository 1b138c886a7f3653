from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.sample import copy_sample
from tests.screens import running_threads, tell
from tests.waiting import wait_until
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.performance.form.screen import open_performance_form
from zi_eval.performance.form.state import PerformanceState
from zi_eval.performance.form.view import filter_indicators

UNIT = "dpmptsp"
NUMBERS = itertools.count(1)
SLOW = "rata rata lama penerbitan izin / meningkatnya mutu layanan perizinan"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_sample(tmp_path, UNIT, plans=[UNIT]) / "parameters" / "2026"


@pytest.fixture
def state(folder: Path) -> PerformanceState:
    state = PerformanceState.open(folder, UNIT)
    ask(state, type="open")
    return state


def ask(state: PerformanceState, **message: Any) -> dict[str, Any]:
    """Ask as the screen does, through JSON."""
    sent = json.loads(json.dumps({"view": "v", "person": "Sari", **message}))
    answer: dict[str, Any] = json.loads(json.dumps(state.answer(sent)))
    return answer


def change(
    state: PerformanceState, field: str, value: Any, seen: Any, **more: Any
) -> dict[str, Any]:
    parts = [{"key": SLOW, "field": field, "value": value, "seen": seen}]
    return ask(state, type="change", **{"number": next(NUMBERS), **more}, parts=parts)


def test_the_screen_gets_the_unit_its_indicators_and_what_needs_a_decision(folder: Path) -> None:
    whole = ask(PerformanceState.open(folder, UNIT), type="open")
    unit = whole["unit"]
    assert unit["title"] == "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"
    assert unit["subtitle"].endswith("Kinerja 2026 · sampai TW III")
    assert {light["label"]: light["count"] for light in unit["lights"]} == {
        "Merah": 2, "Kuning": 1, "Hijau": 4, "Belum dilaporkan": 0, "Belum waktunya": 1,
    }  # fmt: skip
    assert [item["name"] for item in unit["decisions"]][:2] == [
        "Nilai realisasi investasi", "Rata-rata lama penerbitan izin",
    ]  # fmt: skip
    item = whole["items"][SLOW]
    assert whole["order"].index(SLOW) == 3
    assert item["values"]["realisasi_tw3"] == "7,2"
    assert item["targets"] == ["6", "5,5", "5", "5"]
    assert "<svg" in item["figure"]
    assert any(found["title"] == "Jauh dari jalur" for found in item["findings"])


def test_filters_go_together_and_words_may_stand_anywhere(state: PerformanceState) -> None:
    standing = state.standing()
    goal, owner = "Meningkatnya mutu layanan perizinan", "Kepala bidang perizinan"
    assert filter_indicators(standing) == tuple(range(8))
    assert filter_indicators(standing, light="merah") == (0, 3)
    assert filter_indicators(standing, light="merah", goal=goal) == (3,)
    assert filter_indicators(standing, owner=owner, goal=goal) == (2, 3)
    assert filter_indicators(standing, query="INVESTOR dua") == (0,)
    assert filter_indicators(standing, query="tidak ada yang begini") == ()
    found = ask(state, type="list", filter={"light": "merah", "goal": goal, "query": ""})
    assert found["keys"] == [SLOW]


def test_a_figure_moves_the_light_the_unit_and_the_decisions_in_one_answer(
    state: PerformanceState, folder: Path
) -> None:
    reply = change(state, "realisasi_tw3", "4,0 hari", "7,2")
    assert reply["type"] == "saved"
    patch = reply["patch"]
    assert set(patch["items"]) == {SLOW}, "only what differs is sent"
    assert patch["items"][SLOW]["label"] == "Hijau"
    assert patch["items"][SLOW]["values"]["realisasi_tw3"] == "4"
    assert "Rata-rata lama penerbitan izin" not in [d["name"] for d in patch["unit"]["decisions"]]
    assert PerformanceState.open(folder, UNIT).store.item(SLOW).results[2] == 4.0
    undone = ask(state, type="undo")
    assert undone["text"].endswith("realisasi TW III kembali menjadi 7,2.")
    assert undone["patch"]["items"][SLOW]["label"] == "Merah"


def test_what_cannot_be_read_is_refused_and_nothing_changes(state: PerformanceState) -> None:
    before = state.store.path.read_bytes()
    reply = change(state, "realisasi_tw3", "cepat", "7,2")
    assert (reply["type"], reply["current"]) == ("refused", ["7,2"])
    assert "'cepat' bukan angka" in reply["text"]
    assert state.store.path.read_bytes() == before


def test_nobody_without_a_name_changes_anything(state: PerformanceState) -> None:
    for name in ("", "  ", None, 7):
        reply = change(state, "sebab", "x", None, person=name)
        assert reply["type"] == "refused"
        assert "nama Anda" in reply["text"]


def test_the_first_figure_of_a_quarter_says_what_it_moves(state: PerformanceState) -> None:
    reply = change(state, "realisasi_tw4", "5", None)
    assert reply["remark"] == "Semua indikator kini dinilai sampai TW IV."


def test_a_conflict_shows_both_and_is_settled_by_writing_again(
    state: PerformanceState, folder: Path
) -> None:
    other = PerformanceState.open(folder, UNIT)
    change(other, "batas_waktu", "2026-12-20", None, person="Budi")
    reply = change(state, "batas_waktu", "2026-12-31", None)
    assert reply["type"] == "conflict"
    assert (reply["who"], reply["current"]) == ("Budi", "20 Desember 2026")
    assert reply["current_text"] == "20/12/2026"
    assert change(state, "batas_waktu", "2026-12-31", "2026-12-20")["type"] == "saved"


def test_news_of_other_processes_and_other_programs_name_who_and_what(
    state: PerformanceState, folder: Path
) -> None:
    assert state.news() is None
    change(PerformanceState.open(folder, UNIT), "sebab", "Berkas menumpuk", None, person="Budi")
    news = state.news()
    assert news is not None
    assert news["patch"]["news"] == ("Budi mengubah sebab 'Rata-rata lama penerbitan izin'.")
    assert news["patch"]["items"][SLOW]["values"]["sebab"] == "Berkas menumpuk"
    path = state.store.path
    path.write_bytes(path.read_bytes().replace(b"Berkas menumpuk", b"Kurang orang"))
    os.utime(path, (1, 1))
    news = state.news()
    assert news is not None
    assert news["patch"]["news"].startswith("Program lain mengubah sebab")


def test_a_refusal_brings_what_another_program_saved(state: PerformanceState) -> None:
    path = state.store.path
    path.write_bytes(path.read_bytes().replace(b"Ruang layanan baru", b"Dari Excel"))
    os.utime(path, (1, 1))
    reply = change(state, "realisasi_anggaran", "1", "2", person="")
    assert reply["type"] == "refused"
    state.store.change(Person("Budi", Role.UNIT), FieldPlace(SLOW, "sebab"), "Budi", None)
    reply = change(state, "sebab", "x", None, person="")
    assert "Dari Excel" in json.dumps(reply["patch"])


def test_a_second_view_opens_with_the_newest_and_the_first_hears_of_it(
    state: PerformanceState,
) -> None:
    path = state.store.path
    path.write_bytes(path.read_bytes().replace(b"Ruang layanan baru", b"Dari Excel"))
    os.utime(path, (1, 1))
    whole = ask(state, type="open", view="w")
    assert len(whole["items"]) == 8
    assert [item["values"]["sebab"] for item in whole["patch"]["items"].values()] == ["Dari Excel"]
    assert state.news() is None


def test_a_change_that_is_sent_twice_is_made_once(state: PerformanceState) -> None:
    first = change(state, "sebab", "Antrean panjang.", None, number=90)
    change(state, "sebab", "Sistem baru.", "Antrean panjang.", number=91)
    again = change(state, "sebab", "Antrean panjang.", None, number=90)
    assert (again["type"], again["time"]) == ("saved", first["time"])
    assert state.store.get(FieldPlace(SLOW, "sebab")) == "Sistem baru."
    assert len(state.store.of(SLOW)) == 2


def test_history_says_who_changed_what_from_what(state: PerformanceState) -> None:
    change(state, "realisasi_anggaran", "Rp 150.000.000", state.store.item(SLOW).spent and "")
    change(state, "sebab", "<script>alert(1)</script>", None)
    ask(state, type="undo")
    rows = ask(state, type="history", key=SLOW)["changes"]
    assert [row["what"] for row in rows][:2] == ["sebab (diurungkan)", "sebab"]
    assert rows[1]["new"] == "<script>alert(1)</script>"
    assert rows[1]["who"] == "Sari"


def test_texts_of_people_never_become_markup_of_the_figure(
    state: PerformanceState, folder: Path
) -> None:
    path = state.store.path
    path.write_bytes(path.read_bytes().replace(b"Nilai realisasi investasi", b"<script>x</script>"))
    whole = ask(PerformanceState.open(folder, UNIT), type="open")
    figures = "".join(item["figure"] for item in whole["items"].values())
    assert "<script" not in figures
    assert "&lt;script&gt;" in figures


@pytest.mark.parametrize(
    "message",
    [
        {"type": "change"}, {"type": "change", "parts": []}, {"type": "change", "parts": [{}]},
        {"type": "change", "parts": [{"key": SLOW, "field": "pagu", "value": "1"}]},
        {"type": "history"}, {"type": "list"}, {"type": "apa"}, {},
        {"type": "change", "parts": [{"key": "tidak ada", "field": "sebab", "value": "1"}]},
    ],
)  # fmt: skip
def test_a_broken_message_is_answered_with_a_sentence(
    state: PerformanceState, message: dict[str, Any]
) -> None:
    before = state.store.path.read_bytes()
    reply = ask(state, **message)
    assert reply["type"] in ("said", "refused")
    assert reply["text"]
    assert state.store.path.read_bytes() == before


def test_a_unit_file_with_errors_leaves_the_table_open(folder: Path) -> None:
    (folder / f"{UNIT}.yaml").write_text("nama: [", encoding="utf-8")
    (folder / "instansi.yaml").unlink()
    whole = ask(PerformanceState.open(folder, UNIT), type="open")
    assert whole["unit"]["title"] == UNIT
    assert change(PerformanceState.open(folder, UNIT), "sebab", "x", None)["type"] == "saved"


def test_the_form_tells_what_keeps_it_from_opening(folder: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"Mungkin maksudnya 'dpmptsp'"):
        open_performance_form(folder, "dpmpts")
    path = folder / "kinerja" / f"{UNIT}.csv"
    path.write_bytes(path.read_bytes().replace(b";161;", b";banyak;"))
    with pytest.raises(ParameterError, match="'banyak' bukan angka"):
        open_performance_form(folder, UNIT)


def test_a_page_answers_and_tells_news_until_it_is_closed(folder: Path) -> None:
    page = open_performance_form(str(folder), UNIT)
    sent: list[dict[str, Any]] = []
    page.send = sent.append
    tell(page, type="open", view="v")
    assert sent[-1]["type"] == "whole"
    other = PerformanceState.open(folder, UNIT)
    change(other, "sebab", "Berkas menumpuk", None, person="Budi")
    wait_until(lambda: len(sent) > 1)
    assert sent[-1]["patch"]["items"][SLOW]["values"]["sebab"] == "Berkas menumpuk"
    page.close()
    assert running_threads() == []
