from __future__ import annotations

import itertools
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.sample import copy_sample
from tests.screens import running_threads, tell
from tests.waiting import wait_until
from tests.workplan.samples import activity, by_month
from zi_eval.instruments import load_instrument
from zi_eval.workplan.form.screen import open_workplan_form
from zi_eval.workplan.form.state import WorkPlanState
from zi_eval.workplan.plan import Activity
from zi_eval.workplan.usual import load_usual_activities

UNIT, NONE = "dpmptsp", "kecamatan-merdeka"
SOP = "menyelaraskan 46 sop dengan peta proses bisnis baru"
NUMBERS = itertools.count(1)


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """A period's folder with two units, one of which has a plan."""
    period = copy_sample(tmp_path, UNIT, NONE) / "parameters" / "2026"
    (period / "rencana-zi").mkdir()
    shutil.copy(root / "parameters/2026/rencana-zi/dpmptsp.csv", period / "rencana-zi")
    return period


def offered() -> tuple[Activity, ...]:
    (first, *_) = load_usual_activities(load_instrument("zi-2021"))
    told = activity("Mengganti banner", source="LHE nomor 3", questions=("A.I.2.i.a",))
    usual = replace(first, source="Kegiatan lazim")
    return told, activity("Menyusun peta SOP", source="Jalan terpendek ke WBK"), usual


@pytest.fixture
def state(folder: Path) -> WorkPlanState:
    state = WorkPlanState(folder, UNIT, offered)
    ask(state, type="open")
    return state


def ask(state: WorkPlanState, **message: Any) -> dict[str, Any]:
    """Ask as the screen does, through JSON."""
    sent = json.loads(json.dumps({"view": "v", "person": "Sari", **message}))
    answer: dict[str, Any] = json.loads(json.dumps(state.answer(sent)))
    return answer


def change(state: WorkPlanState, field: str, value: Any, seen: Any, **more: Any) -> dict[str, Any]:
    parts = [{"key": SOP, "field": field, "value": value, "seen": seen}]
    return ask(state, type="change", **{"number": next(NUMBERS), **more}, parts=parts)


def test_the_screen_gets_the_unit_its_activities_by_area_and_what_presses(folder: Path) -> None:
    whole = ask(WorkPlanState(folder, UNIT), type="open")
    unit, item = whole["unit"], whole["items"][SOP]
    assert unit["subtitle"].endswith("Rencana kerja ZI 2026 · sampai September 2026")
    assert {light["label"]: light["count"] for light in unit["lights"]} == {
        "Terlambat": 3, "Tanpa bukti": 2, "Tanpa dampak": 6, "Sesuai rencana": 6, "Selesai": 7,
        "Belum waktunya": 1, "Tanpa jadwal": 0,
    }  # fmt: skip
    assert unit["decisions"][0]["key"] == SOP
    assert unit["forecast"]["then"] > unit["forecast"]["note"].split("sekarang ")[1][:5]
    groups = [whole["items"][key]["group"] for key in whole["order"]]
    assert groups == sorted(groups, key=unit["areas"].index), "area by area"
    assert item["reason"] == "Terlambat sejak April, kurang 22 SOP; terealisasi tanpa bukti."
    assert [month["target"] for month in item["months"]][3:8] == ["10", "10", "10", "8", "8"]
    assert {month["class"] for month in item["months"][3:8]} == {"late"}
    assert item["values"]["realisasi_apr"] == "4"
    assert item["questions"][0]["answer"] == "B, dituju A"
    assert item["brings"] == "± 0,11 poin bila selesai"


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"light": "terlambat"}, 3),
        ({"light": "tanpa bukti"}, 2),
        ({"light": "tanpa dampak"}, 6),
        ({"light": "terlambat", "area": "Penataan Tatalaksana"}, 1),
        ({"owner": "Kepala subbagian perencanaan", "month": "Mei"}, 1),
        ({"query": "PETA sop"}, 1),
        ({"query": "tidak ada yang begini"}, 0),
    ],
)
def test_filters_go_together(state: WorkPlanState, wanted: dict[str, str], count: int) -> None:
    assert len(ask(state, type="list", filter=wanted)["keys"]) == count


def test_a_month_moves_light_and_progress_and_goes_back_to_the_very_bytes(
    state: WorkPlanState, folder: Path
) -> None:
    table = folder / "rencana-zi/dpmptsp.csv"
    before = table.read_bytes()
    reply = change(state, "realisasi_okt", "22 SOP", None)
    assert (reply["type"], reply["remark"]) == ("saved", "Jangan lupa menyebut buktinya.")
    assert reply["patch"]["items"][SOP]["label"] == "Tanpa dampak"
    assert reply["patch"]["unit"]["subtitle"].endswith("sampai Oktober 2026")
    old, new = (data.splitlines() for data in (before, table.read_bytes()))
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 1
    rows = ask(state, type="history", key=SOP)["changes"]
    assert [(row["who"], row["what"], row["new"]) for row in rows] == [
        ("Sari", "realisasi Oktober", "22")
    ]
    undone = ask(state, type="undo")
    assert undone["text"].endswith("realisasi Oktober kembali menjadi kosong.")
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("realisasi_okt", "banyak", "'banyak' bukan angka"),
        ("realisasi_okt", "-1", "tidak boleh negatif"),
        ("realisasi_okt", "50 %", "Satuannya 'SOP', bukan persen"),
        ("target_okt", "1", "tidak dapat diubah di sini"),
    ],
)
def test_what_is_not_taken_is_said_and_nothing_changes(
    state: WorkPlanState, folder: Path, field: str, typed: str, said: str
) -> None:
    before = (folder / "rencana-zi/dpmptsp.csv").read_bytes()
    assert said in change(state, field, typed, None)["text"]
    assert "nama Anda" in change(state, "kendala", "x", "x", person=" ")["text"]
    assert (folder / "rencana-zi/dpmptsp.csv").read_bytes() == before


def test_what_is_offered_is_added_below_the_plan_and_offered_no_more(
    state: WorkPlanState, folder: Path
) -> None:
    groups = ask(state, type="offer")["groups"]
    assert [group["title"] for group in groups] == [
        "Rekomendasi yang belum selesai", "Jalan terpendek ke WBK",
        "Kegiatan lazim: Manajemen Perubahan",
    ]  # fmt: skip
    before = (folder / "rencana-zi/dpmptsp.csv").read_bytes()
    keys = [group["items"][0]["key"] for group in groups[:2]]
    reply = ask(state, type="add", number=next(NUMBERS), keys=keys)
    assert reply["is_added"]
    assert reply["text"] == "2 kegiatan ditambahkan ke dpmptsp.csv."
    assert reply["patch"]["items"][reply["key"]]["name"] == "Mengganti banner"
    assert reply["key"] in reply["patch"]["order"]
    assert (folder / "rencana-zi/dpmptsp.csv").read_bytes().startswith(before)
    assert ask(state, type="offer")["groups"] == groups[2:]
    undone = ask(state, type="undo")
    assert undone["text"] == (
        "Diurungkan: 'Menyusun peta SOP'; 'Mengganti banner' tidak jadi ditambahkan."
    )
    assert reply["key"] not in undone["patch"]["order"]


def test_a_unit_without_a_plan_begins_one_with_its_first_activity(folder: Path) -> None:
    state = WorkPlanState(folder, NONE)
    whole = ask(state, type="open")
    assert (whole["items"], whole["unit"]["title"]) == ({}, "Kecamatan Merdeka")
    assert ask(state, type="undo")["text"].startswith("Tidak ada perubahan Anda")
    assert not (folder / "rencana-zi" / f"{NONE}.xlsx").exists(), "opening writes nothing"
    typed = {
        "kegiatan": "Membuka kanal aduan", "pertanyaan": "a.i.5.iii.a", "jawaban_dituju": "A",
        "keluaran": "Kanal", "satuan": "kanal", "penanggung_jawab": "Sekcam", "target": "2 kanal",
        "bulan": [3, 6],
    }  # fmt: skip
    reply = ask(state, type="add", number=next(NUMBERS), typed=typed)
    assert reply["text"] == f"1 kegiatan ditambahkan ke {NONE}.xlsx."
    assert state.store is not None
    (item,) = state.store.plan.activities
    assert (item.aims, item.targets) == ({"A.I.5.iii.a": "A"}, by_month(mar=2.0, jun=2.0))
    other = WorkPlanState(folder, NONE)
    assert ask(other, type="open")["order"] == [reply["key"]]
    assert ask(state, type="undo")["patch"]["order"] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kegiatan": " "}, "nama kegiatannya"),
        ({"pertanyaan": "A.I.9.i.a"}, "bukan nomor pertanyaan LKE"),
        ({"pertanyaan": ""}, "Sebut pertanyaan LKE"),
        ({"jawaban_dituju": "Z"}, "'Z' bukan jawaban A.I.2.i.a"),
        ({"jawaban_dituju": "A; B"}, "2 jawaban untuk 1 pertanyaan"),
        ({"bulan": []}, "Pilih bulannya"),
        ({"target": "nol"}, "bukan angka"),
        ({"target": "0"}, "lebih dari 0"),
        ({"kegiatan": SOP}, "sudah ada di rencana"),
    ],
)
def test_an_activity_that_is_not_whole_is_refused_with_what_to_do(
    state: WorkPlanState, wrong: dict[str, Any], said: str
) -> None:
    typed = {"kegiatan": "Rapat", "pertanyaan": "A.I.2.i.a", "bulan": [3], **wrong}
    reply = ask(state, type="add", number=next(NUMBERS), typed=typed)
    assert said in reply["text"]
    assert "is_added" not in reply


def test_a_page_answers_and_tells_news_until_it_is_closed(folder: Path) -> None:
    page = open_workplan_form(str(folder), UNIT)
    sent: list[dict[str, Any]] = []
    page.send = sent.append
    tell(page, type="open", view="v")
    assert sent[-1]["type"] == "whole"
    other = WorkPlanState(folder, UNIT)
    change(other, "kendala", "Peta belum sah", other.store and other.store.item(SOP).obstacle)
    wait_until(lambda: len(sent) > 1)
    assert sent[-1]["patch"]["news"].startswith("Sari mengubah kendala 'Menyelaraskan 46 SOP")
    page.close()
    assert running_threads() == []
