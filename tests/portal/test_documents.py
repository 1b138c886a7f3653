from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.portal.builders import AGENCY, Clock, Service, make_assessment, write_period, write_unit
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.period.reading import Period
from zi_eval.portal.documents import DocumentStore
from zi_eval.portal.export import write_documents


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files evaluated so far."""
    names: list[str] = []
    real = Period.evaluate

    def evaluate(self: Period, path: Path, stage: Stage) -> Evaluation:
        names.append(path.stem)
        return real(self, path, stage)

    monkeypatch.setattr(Period, "evaluate", evaluate)
    return names


def test_only_what_changed_is_evaluated_again(service: Service, evaluated: list[str]) -> None:
    first = service.store.read()
    assert sorted(evaluated) == ["belum-final", "dinas-satu", "rsud-dua"]
    evaluated.clear()
    assert service.store.read() is first
    write_unit(service.period, make_assessment("dinas-satu", name="Nama Baru"))
    assert b"Nama Baru" in service.store.read().answers["dinas-satu"]
    assert evaluated == ["dinas-satu"]


def test_everything_is_judged_again_when_the_agency_or_its_rules_change(
    service: Service, evaluated: list[str]
) -> None:
    service.store.read()
    (service.period / "instansi.yaml").write_text(AGENCY.replace("spip: 4", "spip: 2"))
    evaluated.clear()
    assert service.store.read().answers == {}
    assert len(evaluated) == 3
    rules = service.period / "aturan.yaml"
    head = "id: kami\nbase: permenpanrb-90-2021\ntitle: Kami\ndate: '2026'\nsource: SE 1/2026\n"
    rule = "rules:\n  - {id: total, need: {WBK: {points: %s}}, source: SE 1/2026}\n"
    rules.write_text(head + rule % 75)
    agency = AGENCY.replace("permenpanrb-90-2021", "aturan.yaml")
    (service.period / "instansi.yaml").write_text(agency)
    assert len(service.store.read().answers) == 2
    rules.write_text(head + rule % "100, percent: 1")
    with pytest.raises(ParameterError):
        service.store.read()
    rules.write_text(head + rule % 100)
    write_unit(service.period, make_assessment("dinas-satu", changes={"B.I.a": 3.7}))
    assert list(service.store.read().answers) == ["rsud-dua"]


def test_files_are_looked_at_once_in_half_a_second(service: Service) -> None:
    clock = Clock()
    store = DocumentStore(service.period, clock.monotonic)
    first = store.read()
    write_unit(service.period, make_assessment("dinas-satu", final=None))
    clock.seconds = 0.49
    assert store.read() is first is store.fresh
    clock.seconds = 0.51
    assert store.fresh is None
    assert "dinas-satu" not in store.read().answers


def test_a_file_that_is_being_written_is_left_out_until_it_is_whole(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Period.evaluate
    path = service.period / "dinas-satu.yaml"

    def evaluate(self: Period, read: Path, stage: Stage) -> Evaluation:
        found = real(self, read, stage)
        if read == path:
            with path.open("a") as stream:
                stream.write("\n# masih ditulis\n")
        return found

    monkeypatch.setattr(Period, "evaluate", evaluate)
    documents = service.store.read()
    assert "dinas-satu" not in documents.answers
    assert "sedang ditulis" in documents.left_out["dinas-satu"]
    monkeypatch.setattr(Period, "evaluate", real)
    assert "dinas-satu" in service.store.read().answers


@pytest.mark.parametrize("error", [RecursionError(), MemoryError(), ValueError("x"), OSError("y")])
def test_whatever_a_unit_trips_over_only_that_unit_is_left_out(
    service: Service, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    real = Period.evaluate

    def evaluate(self: Period, path: Path, stage: Stage) -> Evaluation:
        if path.stem == "dinas-satu":
            raise error
        return real(self, path, stage)

    monkeypatch.setattr(Period, "evaluate", evaluate)
    documents = service.store.read()
    assert list(documents.answers) == ["rsud-dua"]
    assert type(error).__name__ in documents.left_out["dinas-satu"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_plain_file_is_no_unit(service: Service) -> None:
    os.mkfifo(service.period / "pipa.yaml")
    (service.period / "folder.yaml").mkdir()
    (service.period / "putus.yaml").symlink_to("tidak-ada")
    assert set(service.store.read().left_out) == set()


def test_nobody_waits_for_a_unit_that_takes_long(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One visitor reads; the others are given what was published last."""
    first = service.store.read()
    real, begun, go_on = Period.evaluate, threading.Event(), threading.Event()

    def evaluate(self: Period, path: Path, stage: Stage) -> Evaluation:
        begun.set()
        assert go_on.wait(60)
        return real(self, path, stage)

    monkeypatch.setattr(Period, "evaluate", evaluate)
    write_unit(service.period, make_assessment("dinas-satu", name="Nama Baru"))
    found = []
    reader = threading.Thread(target=lambda: found.append(service.store.read()))
    reader.start()
    assert begun.wait(60)
    assert service.store.read() is first
    go_on.set()
    reader.join()
    assert b"Nama Baru" in found[0].answers["dinas-satu"]


def test_an_export_keeps_what_was_sent_of_a_unit_whose_file_is_broken(
    service: Service, tmp_path: Path
) -> None:
    target = tmp_path / "keluar"
    write_documents(service.store.read(), target)
    file = target / "lke" / "jawaban-unit" / "dinas-satu.json"
    before = file.read_bytes()
    (service.period / "dinas-satu.yaml").write_text(": [")
    assert write_documents(DocumentStore(service.period).read(), target).removed == ()
    assert file.read_bytes() == before


def test_readers_never_see_half_of_a_change(service: Service) -> None:
    seen: set[tuple[bool, bool]] = set()
    done = threading.Event()
    units = [
        make_assessment("dinas-satu", final=final) for final in (None, make_assessment().final)
    ]
    texts = [write_unit(service.period, unit).read_bytes() for unit in units]

    def change() -> None:
        for number in range(12):
            part = service.period / ".part"
            part.write_bytes(texts[number % 2])
            part.replace(service.period / "dinas-satu.yaml")
        done.set()

    def read() -> None:
        while not done.is_set():
            documents = service.store.read()
            listed: Any = json.loads(documents.proposals["WBK"])["units"]
            seen.add((bool(listed), "dinas-satu" in documents.answers))

    threads = [threading.Thread(target=read) for _ in range(3)]
    threads.append(threading.Thread(target=change))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen
    assert all(listed == given for listed, given in seen)


def test_a_period_whose_name_is_no_year_is_refused(tmp_path: Path) -> None:
    for name in ("contoh", "2026-1", "٢٠٢٦", "20266"):
        (tmp_path / name).mkdir()
        with pytest.raises(WorkspaceError, match="bukan tahun"):
            DocumentStore(tmp_path / name)


def test_the_export_is_what_the_service_gives_and_the_same_each_time(
    service: Service, tmp_path: Path
) -> None:
    documents = service.store.read()
    target = tmp_path / "kirim"
    exported = write_documents(documents, target)
    client = service.client(service.add_token())
    addresses = {
        "pengusulan/unit-wbk.json": "/pengusulan/unit-wbk",
        "pengusulan/unit-wbbm.json": "/pengusulan/unit-wbbm",
        "lke/jawaban-unit/dinas-satu.json": "/lke/jawaban-unit/dinas-satu",
        "lke/jawaban-unit/rsud-dua.json": "/lke/jawaban-unit/rsud-dua",
    }
    assert {path.relative_to(target).as_posix() for path in exported.written} == set(addresses)
    before = {name: (target / name).read_bytes() for name in addresses}
    for name, address in addresses.items():
        assert client.get(address).content == before[name]
    again = DocumentStore(service.period).read()
    assert write_documents(again, target).removed == ()
    assert {name: (target / name).read_bytes() for name in addresses} == before


def test_the_export_takes_back_what_may_not_be_sent_any_more(
    service: Service, tmp_path: Path
) -> None:
    write_documents(service.store.read(), tmp_path / "kirim")
    answers = tmp_path / "kirim" / "lke" / "jawaban-unit"
    (answers / "Catatan Kami.json").write_text("{}")
    write_unit(service.period, make_assessment("dinas-satu", final=None))
    exported = write_documents(service.store.read(), tmp_path / "kirim")
    assert exported.removed == (answers / "dinas-satu.json",)
    assert sorted(path.name for path in answers.iterdir()) == [
        "Catatan Kami.json", "rsud-dua.json",
    ]  # fmt: skip


def test_an_agency_without_a_file_stops_everything(tmp_path: Path) -> None:
    period = write_period(tmp_path)
    (period / "instansi.yaml").unlink()
    with pytest.raises(WorkspaceError, match=r"instansi\.yaml tidak ada"):
        DocumentStore(period).read()
