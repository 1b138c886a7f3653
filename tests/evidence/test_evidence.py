"""Evidence looked at: kinds, the form of links, files of a unit's folder, and links asked for."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import law
from tests.pages.builders import answers_at, build_evaluation
from tests.sample import copy_sample, run_command
from zi_eval.core.assessment import Answer
from zi_eval.core.proven import score_proven
from zi_eval.evidence.files import look_at
from zi_eval.evidence.load import FOLDER, check_evidence
from zi_eval.evidence.online import Reach, is_public, reach_links
from zi_eval.evidence.pieces import Kind, link_fault, sort_pieces


def kinds(*texts: str) -> list[tuple[Kind, str]]:
    return [(p.kind, p.target) for p in sort_pieces({"A.I.1.i.a": Answer(evidence=texts)})]


def test_evidence_is_a_link_a_file_or_plain_text() -> None:
    assert kinds("https://a.go.id/x.pdf", "SK Tim.pdf", "SK pembentukan tim", " ") == [
        (Kind.LINK, "https://a.go.id/x.pdf"),
        (Kind.FILE, "SK Tim.pdf"),
        (Kind.TEXT, "SK pembentukan tim"),
    ]
    assert kinds("Laporan (https://a.go.id/1) dan https://a.go.id/2.") == [
        (Kind.LINK, "https://a.go.id/1"),
        (Kind.LINK, "https://a.go.id/2"),
    ]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://drive.google.com/file/d/1/view", ""),
        ("http://localhost/x", "jaringan instansi"),
        ("http://192.168.1.7/x", "jaringan instansi"),
        ("http://server-kantor/x", "jaringan instansi"),
        ("file:///C:/bukti.pdf", "komputer asalnya"),
        ("https://", "tidak ada nama situsnya"),
        ("https://a.go.id:abc/x", "salah tulis"),
        ("https://budi:rahasia@a.go.id/x", "kata sandi"),
    ],
)
def test_the_form_of_a_link_is_checked_without_opening_it(address: str, said: str) -> None:
    assert said in link_fault(address)
    assert bool(link_fault(address)) == bool(said)


def test_a_file_is_there_not_empty_and_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "baik.pdf").write_bytes(b"%PDF-1.7 isi")
    (tmp_path / "kosong.pdf").write_bytes(b"")
    (tmp_path / "salah.pdf").write_bytes(b"<html>")
    (tmp_path / "rusak.docx").write_bytes(b"PK rusak")
    (tmp_path.parent / "luar.pdf").write_bytes(b"%PDF-")
    assert look_at(tmp_path, "baik.pdf").fault == ""
    assert look_at(tmp_path, "baik.pdf").sha256
    for name, said in (
        ("kosong.pdf", "kosong"), ("salah.pdf", "bukan .pdf"), ("rusak.docx", "bukan .docx"),
        ("tiada.pdf", "tidak ada"), ("../luar.pdf", "di dalam folder"),
        ("/etc/passwd.pdf", "di dalam folder"), ("C:\\luar.pdf", "di dalam folder"),
    ):  # fmt: skip
        assert said in look_at(tmp_path, name).fault, name


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "luar.pdf").write_bytes(b"%PDF-")
    home = tmp_path / "unit"
    home.mkdir()
    (home / "dalam.pdf").symlink_to(tmp_path / "luar.pdf")
    assert look_at(home, "dalam.pdf").fault


def write_units(folder: Path, **evidence: list[str]) -> Path:
    """Name evidence at the first questions of units of the sample, one piece a question."""
    home = folder / "parameters" / "2026"
    for unit, texts in evidence.items():
        lines = [f"id: {unit}", f"nama: {unit}", "instrumen: zi-2021", "target: WBK", "jawaban:"]
        for place, text in enumerate(texts):
            key = ("A.I.1.i.a", "A.I.1.ii.a", "A.I.1.iv.a", "A.I.3.i.a", "A.I.3.i.c", "A.I.3.ii.a",
                   "A.I.3.iii.a")[place]  # fmt: skip
            lines += [f"  {key}:", "    unit: Ya", f'    bukti: ["{text}"]']
        (home / f"{unit}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


@pytest.fixture
def working(tmp_path: Path) -> Path:
    return copy_sample(tmp_path, "dpmptsp")


def test_files_are_compared_across_questions_and_units_and_dated(working: Path) -> None:
    home = write_units(
        working, satu=["sk.pdf"] * 6, dua=["salinan.pdf", "nanti.pdf", "https://a.go.id/x"]
    )
    for unit, name, content in (
        ("satu", "sk.pdf", b"%PDF-a"), ("dua", "salinan.pdf", b"%PDF-a"),
        ("dua", "nanti.pdf", b"%PDF-b"),
    ):  # fmt: skip
        path = home / FOLDER / unit / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (datetime(2026, 3, 1, tzinfo=UTC).timestamp(),) * 2)
    os.utime(
        home / FOLDER / "dua" / "nanti.pdf", (datetime(2027, 3, 1, tzinfo=UTC).timestamp(),) * 2
    )
    one, two = check_evidence(home, ("satu", "dua"))
    assert {p.code for p in one.problems} == {"berkas-unit-lain", "berkas-berulang"}
    assert {p.code for p in two.problems} == {"berkas-unit-lain", "berkas-sesudah-periode"}
    assert "dipakai pada 6 pertanyaan: A.I.1.i.a" in str(one.problems)
    assert dict(two.kinds) == {Kind.FILE: 2, Kind.LINK: 1}


def test_the_score_of_what_has_evidence_counts_the_others_as_none() -> None:
    full, half = answers_at(1.0), answers_at(1.0)
    for key in half:
        if key.startswith("A.I."):
            half[key] = Answer(unit=half[key].unit, tpi=half[key].tpi, evidence=(" ",))
    assert score_proven(build_evaluation(full)) == pytest.approx(100.0)
    assert score_proven(build_evaluation(half)) == pytest.approx(70.0)
    bare = {key: Answer(unit=a.unit, tpi=a.tpi) for key, a in full.items()}
    assert score_proven(build_evaluation(bare)) == 0.0


class Site(BaseHTTPRequestHandler):
    """A server with an open file, one behind a sign-in, one gone, and redirections."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status = {"/buka": 200, "/izin": 403, "/hilang": 404, "/rusak": 500}.get(self.path, 302)
        self.send_response(status)
        if status == 302:
            target = {"/pindah": "/buka", "/putar": "/putar", "/luar": "http://10.0.0.9/x"}
            self.send_header(
                "Location", target.get(self.path, "https://accounts.google.com/signin")
            )
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Site.asked.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_link_opens_asks_to_sign_in_or_is_gone(site: str) -> None:
    names = ("/buka", "/pindah", "/izin", "/masuk", "/hilang", "/rusak", "/putar", "/luar")
    found = reach_links(
        [f"{site}{name}" for name in names] * 2, may_ask=lambda host: host == "127.0.0.1"
    )
    assert [found[f"{site}{name}"] for name in names] == [
        Reach.OPEN, Reach.OPEN, Reach.SIGN_IN, Reach.SIGN_IN, Reach.GONE, Reach.FAILED,
        Reach.FAILED, Reach.INTERNAL,
    ]  # fmt: skip
    assert Site.asked.count("/izin") == 1


def test_nothing_within_a_network_is_asked(site: str) -> None:
    assert not is_public("127.0.0.1")
    assert reach_links([f"{site}/buka"]) == {f"{site}/buka": Reach.INTERNAL}
    assert Site.asked == []


def test_the_command_says_kinds_and_what_does_not_stand(
    working: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_units(working, satu=["tiada.pdf", "SK tim pembangunan", "http://server-kantor/x"])
    assert run_command("evidence", "check", "satu", "--folder", working) == 0
    said = "".join(capsys.readouterr())
    assert "satu: 1 tautan, 1 berkas, 1 teks" in said
    assert "tiada.pdf: tidak ada di folder bukti" in said
    assert "jaringan instansi" in said


@law(examples=20)
@given(keys=st.sets(st.sampled_from(sorted(answers_at(1.0)))))
def test_the_score_of_what_has_evidence_is_never_above_the_score(keys: set[str]) -> None:
    answers = {
        key: Answer(unit=a.unit, tpi=a.tpi, evidence=a.evidence if key in keys else ())
        for key, a in answers_at(0.7).items()
    }
    unit = build_evaluation(answers)
    assert unit.card.total.score is not None
    assert score_proven(unit) <= unit.card.total.floor + 1e-9
    assert score_proven(unit) <= unit.card.total.score + 1e-9
