"""The form's state: what the screen is told, and what it may ask; on a real store."""

from __future__ import annotations

import base64
import csv
import io
import itertools
import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.work import count_calls, opened_files
from zi_eval.core.assessment import NOT_APPLICABLE
from zi_eval.core.text import day_text, zone_name
from zi_eval.core.verdict import Status
from zi_eval.forms.state import FormState
from zi_eval.journal import live_unit
from zi_eval.journal.fields import FieldPlace, Person, Role

QUESTION = "A.I.1.ii.b"
BARE = "A.I.1.ii.c"  # without a note of the TPI
NUMBERS = itertools.count(1000)
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def unit_file(tmp_path: Path, root: Path) -> Path:
    folder = tmp_path / "parameters" / "2026"
    folder.mkdir(parents=True)
    for name in ("instansi", "dpmptsp"):
        shutil.copy(root / "parameters" / "2026" / f"{name}.yaml", folder)
    return folder / "dpmptsp.yaml"


@pytest.fixture
def state(unit_file: Path) -> Iterator[FormState]:
    state = FormState.open(unit_file, Person("Sari", Role.UNIT))
    yield state
    state.close()


def evaluator(path: Path, role: Role = Role.MEMBER, name: str = "Rina") -> FormState:
    return FormState.open(path, Person(name, role))


def ask(state: FormState, kind: str, **values: Any) -> dict[str, Any]:
    answer = state.answer({"type": kind, "view": "v", **values})
    assert answer["view"] == "v"
    json.dumps(answer)
    return answer


def change(state: FormState, *parts: tuple[str, str, Any]) -> dict[str, Any]:
    seen = [state.store.get(FieldPlace(key, field)) for key, field, _ in parts]
    made = [
        {"key": key, "field": field, "value": value, "seen": old}
        for (key, field, value), old in zip(parts, seen, strict=True)
    ]
    return ask(state, "change", number=next(NUMBERS), parts=made)


def test_the_whole_names_every_question_once_and_a_page_for_each(state: FormState) -> None:
    whole = ask(state, "open")
    shown = [
        question
        for page in whole["form"]["pages"]
        for section in page.get("sections", ())
        for question in section["questions"]
    ]
    assert shown == list(state.store.instrument.questions)
    assert set(whole["values"]) == set(shown) == set(whole["form"]["questions"])
    assert whole["progress"]["semua"] == {"done": 113, "total": 113, "text": "113/113"}
    assert whole["form"]["pages"][0]["title"] == "Identitas & prasyarat"


def test_the_panel_says_what_the_evaluation_says(state: FormState) -> None:
    score, evaluation = ask(state, "open")["score"], state.evaluation()
    assert evaluation.target.status is Status.MET
    assert score["verdict"] == "Memenuhi WBK"
    assert score["total"]["got"] == "83,74"
    assert [row["title"] for row in score["areas"]] == [
        area.title for area in state.store.instrument.areas
    ]
    assert len(score["areas"]) + len(score["results"]) + 1 == len(evaluation.target.rules)
    assert score["fails"] == []
    assert all(row["compare"] == "" for row in score["areas"])


def test_a_change_comes_back_as_only_what_it_changed(state: FormState) -> None:
    ask(state, "open")
    saved = change(state, (QUESTION, "unit", "C"))
    assert saved["type"] == "saved"
    assert set(saved["patch"]) == {"values", "score"}
    assert set(saved["patch"]["values"]) == {QUESTION}
    assert saved["patch"]["score"]["total"]["got"] == "83,41"
    assert (
        change(state, (QUESTION, "unit", None))["patch"]["progress"]["semua"]["text"] == "112/113"
    )
    assert "open" in state.answer({"type": "open"})["values"][QUESTION]["flags"]


def test_what_fails_is_said_in_words(state: FormState) -> None:
    ask(state, "open")
    score = change(state, ("B.I.a", "unit", 3.0))["patch"]["score"]
    assert any(text.startswith("IPAK: kurang") for text in score["fails"])
    assert score["status"] == "not_met"
    saved = change(state, ("syarat", "lama_zi", 0), ("syarat", "sakip_unit", None))
    fails = saved["patch"]["score"]["fails"]
    assert "Lama pembangunan Zona Integritas: 0\u00a0tahun, diminta 1\u00a0tahun" in fails
    assert "Predikat SAKIP unit dari evaluasi internal: belum dinyatakan" in fails
    assert saved["patch"]["identity"]["fields"]["syarat (lama_zi)"]["status"] == "not_met"


def test_the_hundredth_change_costs_what_the_first_did(
    state: FormState, unit_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In calls, which no other program slows; 10,000 for a change, its score and its words."""
    monkeypatch.setattr(live_unit, "SOON", 600.0)  # the file follows on a thread of its own
    ask(state, "open")

    def change_note(number: int) -> int:
        return count_calls(lambda: change(state, (QUESTION, "catatan", f"catatan {number}")))

    change_note(0)
    first = change_note(1)
    for number in range(2, 100):
        change(state, (QUESTION, "catatan", f"catatan {number}"))
    assert change_note(100) < 1.1 * first < 20_000
    with opened_files(unit_file.parent) as opened:
        change_note(101)
    # The lock, the journal, and the file while its time does not tell that it is as it was.
    assert len(opened) == len(set(opened)) <= 3, opened


def test_a_value_outside_its_scale_is_refused_in_a_sentence_and_nothing_changes(
    state: FormState,
) -> None:
    before = state.store.get(FieldPlace(QUESTION, "unit"))
    for value in ("Z", "<b>", 7, [1], {"a": 1}):
        refused = change(state, (QUESTION, "unit", value))
        assert refused["type"] == "refused"
        assert refused["current"] == [before]
        assert "\n" not in refused["text"]
    assert change(state, ("A.X.9", "unit", "A"))["type"] == "refused"
    assert state.store.get(FieldPlace(QUESTION, "unit")) == before


def test_a_unit_may_not_write_for_the_tpi(state: FormState) -> None:
    assert change(state, (QUESTION, "tpi", "A"))["type"] == "refused"
    assert ask(state, "finish", is_final=True)["type"] == "said"
    assert state.store.assessment.final is None


def test_the_second_sees_the_first_s_value_and_who_and_when(
    state: FormState, unit_file: Path
) -> None:
    other = FormState.open(unit_file, Person("Budi", Role.UNIT))
    change(other, (QUESTION, "catatan", SCRIPT))
    late = {"key": QUESTION, "field": "catatan", "value": "punya Sari", "seen": "yang lama"}
    conflict = ask(state, "change", number=7, parts=[late])
    assert conflict["type"] == "conflict"
    assert (conflict["who"], conflict["current"]) == ("Budi", SCRIPT)
    assert conflict["mine_text"] == "punya Sari"
    (theirs,) = state.store.history()
    assert conflict["time"] == pytest.approx(theirs.time.timestamp(), abs=1e-3)
    assert conflict["patch"]["values"][QUESTION]["note"] == SCRIPT
    again = {**late, "seen": SCRIPT}
    assert ask(state, "change", number=8, parts=[again])["type"] == "saved"
    other.close()


def test_others_changes_are_news_once(state: FormState, unit_file: Path) -> None:
    ask(state, "open")
    assert state.news() is None
    other = evaluator(unit_file)
    change(other, (QUESTION, "kembali", "Lampirkan SK yang baru."))
    news = state.news()
    assert news is not None
    assert "Rina (anggota)" in news["patch"]["news"]
    value = news["patch"]["values"][QUESTION]
    assert value["returned"] == "Lampirkan SK yang baru."
    assert value["state"]["text"] == "dikembalikan TPI"
    assert "Rina (anggota)" in value["returned_by"]
    assert state.news() is None
    other.close()


def test_no_object_is_saved_with_its_reason_and_emptied_as_one(state: FormState) -> None:
    question = "A.II.5.ii.a"
    change(state, (question, "unit", None))
    change(state, (question, "tidak_berlaku", "Tidak ada pengaduan."))
    assert state.store.assessment.answers[question].unit is NOT_APPLICABLE
    assert change(state, (question, "unit", None))["type"] == "saved"
    answer = state.store.assessment.answers[question]
    assert (answer.unit, answer.reason) == (None, "")


def test_undo_says_what_it_took_back(state: FormState) -> None:
    before = state.store.get(FieldPlace(QUESTION, "unit"))
    change(state, (QUESTION, "unit", "D" if before != "C" else "B"))
    if state.store.get(FieldPlace(QUESTION, "unit")) == before:
        change(state, (QUESTION, "unit", "C"))
    said = ask(state, "undo")
    assert said["key"] == QUESTION
    assert f"kembali menjadi {before}" in said["text"]
    assert state.store.get(FieldPlace(QUESTION, "unit")) == before
    assert "Tidak ada" in ask(state, "undo")["text"]


def test_history_shows_the_latest_first(state: FormState) -> None:
    change(state, (QUESTION, "catatan", "satu"))
    change(state, (QUESTION, "catatan", "dua"))
    rows = ask(state, "history", key=QUESTION)["changes"]
    assert [row["new"] for row in rows[:2]] == ["dua", "satu"]
    assert rows[0]["old"] == "satu"
    assert rows[0]["who"] == "Sari (unit)"


def test_an_export_is_a_csv_that_runs_nothing(state: FormState) -> None:
    change(state, (QUESTION, "catatan", '=HYPERLINK("x")'))
    change(state, (QUESTION, "catatan", 'kutip " dan ; titik koma'))
    file = ask(state, "export", since=str(date.today()))
    rows = list(csv.DictReader(io.StringIO(file["text"]), delimiter=";"))
    assert rows[0]["baru"] == '\'=HYPERLINK("x")'
    assert rows[1]["baru"] == 'kutip " dan ; titik koma'
    later = ask(state, "export", since=str(date.today() + timedelta(days=1)))
    assert len(later["text"].splitlines()) == 1
    assert ask(state, "export", since="besok")["type"] == "said"


def test_the_history_is_told_with_the_day_s_work_of_the_person(unit_file: Path) -> None:
    tpi = evaluator(unit_file)
    today = {"since": str(date.today())}
    assert ask(tpi, "changes", **today)["work"] == ["Belum ada perubahan oleh Anda hari ini."]
    ask(tpi, "agree", key=QUESTION, seen=_seen(tpi, QUESTION))
    change(tpi, (BARE, "tpi", "C"), (BARE, "catatan_tpi", "Tanpa tanggal."))
    change(tpi, ("A.I.1.i.b", "kembali", "Lampirkan SK."))
    ask(tpi, "undo")
    other = evaluator(unit_file, Role.LEADER, "Tono")
    change(other, (QUESTION, "catatan_tpi", SCRIPT))
    tpi.news()
    told = ask(tpi, "changes", **today)
    assert told["work"][:2] == [
        "2 pertanyaan diperiksa (1 setuju, 1 berbeda)",
        "1 catatan ditulis",
    ]
    assert told["work"][2].startswith("pukul ")
    assert [row["where"] for row in told["changes"]] == [
        QUESTION, "A.I.1.i.b", "A.I.1.i.b", BARE, BARE, QUESTION,
    ]  # fmt: skip
    assert told["changes"][0]["new"] == SCRIPT
    assert told["said"] == f"6 perubahan sejak {day_text(date.today())}."
    zone = zone_name(datetime.now().astimezone())
    assert all(row["when"].endswith(f" {zone}") for row in told["changes"])
    assert told["work"][2].endswith(f" {zone}")
    assert len(ask(tpi, "changes", mine=True, **today)["changes"]) == 5
    tomorrow = str(date.today() + timedelta(days=1))
    assert ask(tpi, "changes", since=tomorrow)["changes"] == []
    assert ask(tpi, "changes", since="kemarin")["type"] == "said"
    other.close()
    tpi.close()


def _seen(state: FormState, question: str) -> list[Any]:
    return [state.store.get(FieldPlace(question, field)) for field in ("unit", "tpi")]


def attach(state: FormState, name: str, content: bytes, part: int, **other: Any) -> dict[str, Any]:
    """Send a file in parts as the screen does; the last answer."""
    answer: dict[str, Any] = {}
    for start in range(0, max(1, len(content)), part):
        data = base64.b64encode(content[start : start + part]).decode()
        parts = {"start": start, "data": data, "size": len(content), "name": name}
        sent = {"key": QUESTION, "file": "f1", **parts, **other}
        answer = ask(state, "attach", number=next(NUMBERS), **sent)
    return answer


def test_a_file_that_is_dropped_is_kept_and_becomes_evidence_by_a_line_in_the_journal(
    state: FormState, unit_file: Path
) -> None:
    before = ask(state, "open")["values"][QUESTION]["evidence"]
    content = b"%PDF-1.7\n" + bytes(range(256)) * 10
    kept = attach(state, "../SK <b>.pdf", content, 1000)
    path = f"{QUESTION}/SK-b.pdf"
    assert (kept["type"], kept["path"]) == ("kept", path)
    assert (unit_file.parent / "bukti" / "dpmptsp" / path).read_bytes() == content
    value = change(state, (QUESTION, "bukti", [*before, path]))["patch"]["values"][QUESTION]
    assert value["taken"][-1] == "berkas, ada di folder bukti"
    (line,) = state.store.history()
    assert (line.person.name, line.place.field, line.new) == ("Sari", "bukti", [*before, path])
    assert attach(state, "SK b.pdf", content, 5000)["path"] == path


@pytest.mark.parametrize(
    ("name", "content", "other", "said"),
    [
        ("x.html", b"<p>", {}, "tidak diterima"),
        ("x.pdf", b"<html>", {}, "isinya bukan .pdf"),
        ("x.pdf", b"%PDF-", {"size": 10**9}, "lebih dari 20 MB"),
        ("x.pdf", b"%PDF-", {"size": "5"}, "lebih dari 20 MB"),
        ("x.pdf", b"%PDF-", {"size": 2}, "tidak sampai utuh"),
        ("x.pdf", b"%PDF-", {"start": 3}, "tidak sampai utuh"),
        ("x.pdf", b"%PDF-", {"data": "***"}, "tidak sampai utuh"),
        ("x.pdf", b"%PDF-", {"key": "../../x"}, "tidak ada"),
    ],
)
def test_a_file_that_may_not_be_kept_is_refused_in_a_sentence(
    state: FormState, unit_file: Path, name: str, content: bytes, other: dict[str, Any], said: str
) -> None:
    assert said in attach(state, name, content, 1000, **other)["text"]
    assert state.store.history() == ()
    assert not (unit_file.parent / "bukti").exists()


def test_only_the_unit_hands_over_files_and_not_when_it_is_final(unit_file: Path) -> None:
    tpi = evaluator(unit_file)
    assert "hanya unit" in attach(tpi, "x.pdf", b"%PDF-", 1000)["text"]
    assert not (unit_file.parent / "bukti").exists()
    tpi.close()


def test_evidence_says_what_it_was_taken_for(state: FormState) -> None:
    told = ["https://bukti.go.id/a", "sk.pdf", "../sk.pdf", "Notulen rapat", "http://10.0.0.1/a"]
    value = change(state, (QUESTION, "bukti", told))["patch"]["values"][QUESTION]
    assert value["taken"] == [
        "tautan",
        "berkas, belum ada di folder bukti",
        "berkas di luar folder bukti unit; tidak dapat dilihat",
        "keterangan, bukan tautan atau berkas",
        "tautan; '10.0.0.1' hanya terbuka di jaringan instansi",
    ]


def test_what_a_level_before_decided_is_said_to_the_next(unit_file: Path) -> None:
    member, leader = evaluator(unit_file), evaluator(unit_file, Role.LEADER, "Tono")
    before = ask(leader, "open")["values"][QUESTION]
    assert before["state"]["text"] == "diperiksa"  # it stands in the file, and nobody decided here
    ask(member, "agree", key=QUESTION, seen=_seen(member, QUESTION))
    leader.news()
    after = ask(leader, "open")["values"][QUESTION]
    assert after["state"]["text"] == "diperiksa anggota, belum oleh Anda"
    assert "unchecked" in after["flags"]
    member.close()
    leader.close()


def test_the_verdict_says_why_where_the_total_does_not(state: FormState) -> None:
    assert ask(state, "open")["score"]["why"] == ""
    score = change(state, ("B.I.a", "unit", 3.52), ("syarat", "lama_zi", 0))["patch"]["score"]
    assert score["total"]["words"].endswith("di atas ambang 75")
    assert score["why"] == ("Karena: IPAK \N{MINUS SIGN}0,35; Lama pembangunan Zona Integritas.")


def test_agreeing_takes_the_unit_s_answer_that_was_seen_and_counts_for_the_level(
    unit_file: Path, state: FormState
) -> None:
    leader = evaluator(unit_file, Role.LEADER)
    whole = ask(leader, "open")
    assert whole["form"]["mode"] == "tpi"
    value = whole["values"][QUESTION]
    assert "unchecked" not in value["flags"]  # the file holds what the TPI answered
    saved = ask(leader, "agree", key=QUESTION, seen=[value["unit"], value["tpi"]])
    assert saved["type"] == "saved"
    after = saved["patch"]["values"][QUESTION]
    assert "unchecked" not in after["flags"]
    assert [item["kind"] for item in after["decisions"]] == ["open", "done", "open"]
    assert "Rina" in after["decisions"][1]["text"]
    change(state, (QUESTION, "unit", "B" if value["unit"] != "B" else "A"))
    stale = ask(leader, "agree", key=QUESTION, seen=[value["unit"], value["tpi"]])
    assert "diubah orang lain" in stale["text"]
    leader.close()


def test_another_answer_of_the_tpi_needs_its_note_in_the_same_step(unit_file: Path) -> None:
    member = evaluator(unit_file)
    ask(member, "open")
    unit = member.store.get(FieldPlace(BARE, "unit"))
    other = "C" if unit != "C" else "B"
    assert change(member, (BARE, "tpi", other))["type"] == "refused"
    saved = change(member, (BARE, "tpi", other), (BARE, "catatan_tpi", "Bukti kurang."))
    value = saved["patch"]["values"][BARE]
    assert {"differs"} <= set(value["flags"])
    assert not value["needs_note"]
    assert "selisih" in saved["patch"]["score"]["total"]["compare"]
    member.close()


def test_only_the_supervisor_makes_it_final_and_then_nobody_changes_it(
    unit_file: Path, state: FormState
) -> None:
    supervisor = evaluator(unit_file, Role.SUPERVISOR, "Dewi")
    assert ask(supervisor, "open")["form"]["can_finish"] is True
    change(supervisor, (QUESTION, "kembali", "Perjelas."))
    refused = ask(supervisor, "finish", is_final=True)
    assert refused["type"] == "said"
    assert "1 dikembalikan ke unit" in refused["text"]
    assert "Tulis alasannya dulu." in refused["text"]
    final = ask(supervisor, "finish", is_final=True, reason="Diterima pimpinan.")
    assert "Dewi" in final["patch"]["final"]
    assert "Alasannya: Diterima pimpinan." in final["patch"]["final"]
    assert supervisor.store.assessment.final is not None
    assert supervisor.store.assessment.final.reason == "Diterima pimpinan."
    news = state.news()
    assert news is not None
    assert "final" in news["patch"]["final"]
    assert change(state, (QUESTION, "catatan", "terlambat"))["type"] == "refused"
    assert ask(supervisor, "finish", is_final=False)["patch"]["final"] == ""
    assert change(state, (QUESTION, "catatan", "masih sempat"))["type"] == "saved"
    supervisor.close()


@pytest.mark.parametrize(
    ("said", "reason", "refusal"),
    [
        ("  final: tolak\n", "Diterima.", "Selesaikan dulu."),
        ("  pengendali teknis: [Ratna, Wira]\n", "Diterima.", "tidak terdaftar sebagai"),
        ("  pengendali teknis: dewi\n", "Diterima.", ""),
        ("  final: alasan\n", " ", "Tulis alasannya dulu."),
    ],
)
def test_the_agency_says_who_makes_what_is_not_whole_final(
    unit_file: Path, said: str, reason: str, refusal: str
) -> None:
    agency = unit_file.with_name("instansi.yaml")
    agency.write_text(f"{agency.read_text('utf-8')}\ntpi:\n{said}", "utf-8")
    supervisor = evaluator(unit_file, Role.SUPERVISOR, "Dewi")
    ask(supervisor, "open")
    change(supervisor, (QUESTION, "kembali", "Perjelas."))
    answer = ask(supervisor, "finish", is_final=True, reason=reason)
    assert refusal in answer["text"]
    assert (supervisor.store.assessment.final is None) == bool(refusal)
    supervisor.close()


def test_no_change_of_a_place_makes_it_final(unit_file: Path) -> None:
    supervisor = evaluator(unit_file, Role.SUPERVISOR, "Dewi")
    ask(supervisor, "open")
    change(supervisor, ("evaluasi", "final", True))
    assert supervisor.store.assessment.final is None
    supervisor.close()


def test_agreeing_twice_is_one_line_in_the_journal(unit_file: Path) -> None:
    member = evaluator(unit_file)
    ask(member, "open")
    before = len(member.store.history())
    for _ in range(3):
        member.store.confirm(QUESTION)
    assert len(member.store.history()) == before + 1
    leader = evaluator(unit_file, Role.LEADER, "Wira")
    leader.store.confirm(QUESTION)
    assert len(leader.store.history()) == before + 2  # another level decides for itself
    member.close()
    leader.close()


def test_what_the_file_holds_of_the_tpi_was_looked_at(unit_file: Path) -> None:
    member = evaluator(unit_file)
    whole = ask(member, "open")
    assert whole["progress"]["semua"]["text"] == "113/113"
    assert whole["values"][QUESTION]["agree"] == "Sahkan jawaban TPI (S)"
    member.close()


def test_answered_again_shows_to_the_tpi(unit_file: Path, state: FormState) -> None:
    member = evaluator(unit_file)
    ask(member, "open")
    change(member, (QUESTION, "kembali", "Perjelas."))
    assert "again" not in ask(member, "open")["values"][QUESTION]["flags"]
    change(state, (QUESTION, "catatan", "Sudah diperjelas."))
    news = member.news()
    assert news is not None
    assert "again" in news["patch"]["values"][QUESTION]["flags"]
    assert ask(state, "open")["values"][QUESTION]["state"]["text"] == "dijawab lagi"
    member.close()


def test_a_change_that_is_sent_twice_is_made_once(state: FormState) -> None:
    seen = state.store.get(FieldPlace(QUESTION, "unit"))
    part = {"key": QUESTION, "field": "unit", "value": "C", "seen": seen}
    first = ask(state, "change", number=1, parts=[part])
    back = {**part, "value": seen, "seen": "C"}
    ask(state, "change", number=2, parts=[back])
    count = len(state.store.history())
    again = ask(state, "change", number=1, parts=[part])
    assert (again["type"], again["time"]) == ("saved", first["time"])
    assert state.store.get(FieldPlace(QUESTION, "unit")) == seen
    assert len(state.store.history()) == count


def test_an_unknown_message_is_answered_and_not_obeyed(state: FormState) -> None:
    for broken in ({}, {"parts": 3}, {"parts": [{"key": "A.I.1.i.a"}]}, {"parts": ["x"]}):
        assert ask(state, "change", **broken)["type"] == "said"
    assert ask(state, "format-disk")["type"] == "said"
    assert ask(state, "ping")["type"] == "pong"
