from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.form.test_store import period, table_of
from tests.screens import running_threads, tell
from tests.waiting import wait_until
from zi_eval.recommendations.form.screen import open_register_form
from zi_eval.recommendations.form.state import RegisterState
from zi_eval.recommendations.values import Origin, Recommendation

__all__ = ["period"]

UNIT, CARRIED, PAID = "dpmptsp", "LHE lhe 2025 2", "APIP 700 04 2026 1"
NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 11, 27, 9, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))


@pytest.fixture
def state(period: Path) -> RegisterState:
    def offers() -> dict[str, list[Recommendation]]:
        new = Recommendation("TPI-2026-A.I.1.i.a", Origin.TPI, "Tim ZI belum dari semua bagian")
        known = Recommendation("LHE-2025-2", Origin.LHE, "Sudah ada")
        return {"Catatan TPI": [new], "Rekomendasi LHE": [known]}

    state = RegisterState(period, UNIT, offers)
    ask(state, type="open")
    return state


def ask(state: RegisterState, **message: Any) -> dict[str, Any]:
    """Ask as the screen does, through JSON."""
    sent = json.loads(json.dumps({"view": "v", "person": "Ani", "role": "unit", **message}))
    answer: dict[str, Any] = json.loads(json.dumps(state.answer(sent)))
    return answer


def change(
    state: RegisterState, key: str, field: str, value: Any, seen: Any, **more: Any
) -> dict[str, Any]:
    parts = [{"key": key, "field": field, "value": value, "seen": seen}]
    return ask(state, type="change", number=next(NUMBERS), parts=parts, **more)


def test_the_screen_gets_what_is_open_first_and_what_earlier_periods_left(period: Path) -> None:
    whole = ask(RegisterState(period, UNIT), type="open")
    item = whole["items"][CARRIED]
    assert whole["order"][0] == CARRIED
    assert (item["label"], item["group"]) == ("Lewat waktu", "Belum")
    assert item["facts"] == "diberikan 10 November 2025 · umur 1 tahun · dari tabel 2025"
    assert item["values"]["batas_waktu"] == "30 Juni 2026"
    assert whole["unit"]["open"] == "1 dari 3"
    assert whole["unit"]["audit"]["text"] == "1 dari 1"
    assert [decision["ask"] for decision in whole["unit"]["decisions"]] == [
        "Batas waktunya 30 Juni 2026."
    ]
    assert {light["light"]: light["count"] for light in whole["unit"]["lights"]} == {
        "lewat waktu": 1, "lebih dari setahun": 1, "belum diperiksa": 0, "belum": 1, "proses": 0,
        "selesai": 2, "tidak dapat ditindaklanjuti": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({"light": "lebih dari setahun"}, [CARRIED]),
        ({"light": "selesai", "origin": "APIP"}, [PAID]),
        ({"owner": "Kepala Bidang Pengaduan"}, [CARRIED]),
        ({"query": "DINAS perjalanan"}, [PAID]),
        ({"light": "selesai", "query": "ruang"}, []),
    ],
)
def test_filters_go_together(state: RegisterState, wanted: dict[str, str], keys: list[str]) -> None:
    assert ask(state, type="list", filter=wanted)["keys"] == keys


def test_what_an_earlier_period_left_is_reported_in_this_one_and_taken_back(
    state: RegisterState, period: Path
) -> None:
    before, of_2025 = table_of(period).read_bytes(), table_of(period.parent / "2025").read_bytes()
    reply = change(state, CARRIED, "status", "proses", "belum")
    assert reply["type"] == "saved"
    item = reply["patch"]["items"][CARRIED]
    assert (item["group"], "dari tabel" in item["facts"]) == ("Proses", False)
    assert table_of(period).read_bytes().startswith(before)
    assert table_of(period.parent / "2025").read_bytes() == of_2025
    undone = ask(state, type="undo")
    assert undone["text"] == (
        "Diurungkan: 'LHE LHE-2025-2' kembali seperti di tabel periode sebelumnya."
    )
    assert undone["patch"]["items"][CARRIED]["values"]["status"] == "belum"


def test_only_the_tpi_says_that_it_looked_at_a_proof_and_only_of_what_is_settled(
    state: RegisterState,
) -> None:
    refused = ask(state, type="verify", key=CARRIED, person="Budi", role="anggota")
    assert "sudah selesai" in refused["text"]
    change(state, CARRIED, "status", "selesai", "belum")
    assert "dicatat oleh TPI" in ask(state, type="verify", key=CARRIED)["text"]
    reply = ask(state, type="verify", key=CARRIED, person="Budi", role="anggota")
    item = reply["patch"]["items"][CARRIED]
    assert (item["verified"], item["label"]) == ("Budi, 27 November 2026", "Tanpa bukti")
    reply = change(state, CARRIED, "bukti", "https://bukti.example/ruang.pdf", None)
    assert reply["remark"] == "Pemeriksaan sebelumnya tidak berlaku lagi untuk isi yang baru."
    item = reply["patch"]["items"][CARRIED]
    assert (item["verified"], item["label"], item["can_verify"]) == ("", "Belum diperiksa", True)
    rows = ask(state, type="history", key=CARRIED)["changes"]
    assert rows[0]["who"] == "Ani"
    assert {row["who"] for row in rows} == {"Ani", "Budi"}


def test_whoever_takes_an_item_over_second_is_told_of_the_first(
    state: RegisterState, period: Path
) -> None:
    change(RegisterState(period, UNIT), CARRIED, "status", "proses", "belum", person="Tuti")
    reply = change(state, CARRIED, "tindak_lanjut", "Dipindah", None)
    assert (reply["type"], reply["who"]) == ("conflict", "Tuti")
    assert change(state, CARRIED, "tindak_lanjut", "Dipindah", None)["type"] == "saved"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("batas_waktu", "kapan-kapan", "bukan tanggal"),
        ("status", "beres", "status 'beres' tidak dikenal"),
        ("rekomendasi", "Lain", "tidak dapat diubah di sini"),
    ],
)
def test_what_is_not_taken_is_said_and_nothing_changes(
    state: RegisterState, period: Path, field: str, typed: str, said: str
) -> None:
    before = table_of(period).read_bytes()
    assert said in change(state, PAID, field, typed, None)["text"]
    assert "nama Anda" in change(state, PAID, "keterangan", "x", None, person="")["text"]
    assert table_of(period).read_bytes() == before


def test_what_is_offered_or_described_is_added_and_goes_again(
    state: RegisterState, period: Path
) -> None:
    (group,) = ask(state, type="offer")["groups"]
    assert group["title"] == "Catatan TPI", "what is there already is not offered"
    typed = {
        "sumber": "BPK", "nomor": "12/LHP/2026", "rekomendasi": "Setor denda keterlambatan",
        "batas_waktu": "31/12/2026", "pertanyaan": "",
    }  # fmt: skip
    keys = [group["items"][0]["key"]]
    reply = ask(state, type="add", number=next(NUMBERS), keys=keys, typed=typed)
    assert reply["text"] == "2 rekomendasi ditambahkan ke dpmptsp.csv."
    assert reply["patch"]["unit"]["audit"]["text"] == "1 dari 2"
    found = {item.key: item for item in RegisterState(period, UNIT).register().items}
    assert found["BPK 12 lhp 2026"].due == date(2026, 12, 31)
    assert ask(state, type="offer")["groups"] == []
    assert "tidak jadi ditambahkan" in ask(state, type="undo")["text"]
    assert "BPK 12 lhp 2026" not in {item.key for item in state.register().items}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"nomor": ""}, "Tulis dulu nomornya"),
        ({"rekomendasi": ""}, "isi rekomendasinya"),
        ({"sumber": "Tetangga"}, "Pilih sumbernya"),
        ({"pertanyaan": "A.I.9.z"}, "bukan nomor pertanyaan LKE"),
        ({"tanggal": "kemarin"}, "bukan tanggal"),
        ({"sumber": "APIP", "nomor": "700/04/2026-1"}, "sudah ada di register"),
    ],
)
def test_an_item_that_is_not_whole_is_refused_with_what_to_do(
    state: RegisterState, wrong: dict[str, str], said: str
) -> None:
    typed = {"sumber": "BPK", "nomor": "1", "rekomendasi": "Setor", **wrong}
    assert said in ask(state, type="add", number=next(NUMBERS), typed=typed)["text"]


def test_a_unit_without_a_table_gets_one_with_its_first_item(period: Path) -> None:
    state = RegisterState(period, "instansi")
    assert ask(state, type="open")["items"] == {}
    typed = {"sumber": "BPK", "nomor": "1", "rekomendasi": "Tertibkan aset"}
    reply = ask(state, type="add", number=next(NUMBERS), typed=typed)
    assert reply["text"] == "1 rekomendasi ditambahkan ke instansi.xlsx."
    assert ask(RegisterState(period, "instansi"), type="open")["order"] == [reply["key"]]


def test_a_page_answers_and_tells_news_until_it_is_closed(period: Path) -> None:
    page = open_register_form(str(period), UNIT)
    sent: list[dict[str, Any]] = []
    page.send = sent.append
    tell(page, type="open", view="v")
    assert sent[-1]["type"] == "whole"
    change(RegisterState(period, UNIT), PAID, "keterangan", "Lunas", None)
    wait_until(lambda: len(sent) > 1)
    assert sent[-1]["patch"]["news"] == "Ani mengubah keterangan 'APIP 700/04/2026-1'."
    page.close()
    assert running_threads() == []
