"""The proposal packet: who is chosen and why, what the letters hold, one folder and zip."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from tests.sample import copy_sample, run_command
from zi_eval.checking import check_files
from zi_eval.errors import ArgumentError, ParameterError, StorageError, WorkspaceError
from zi_eval.evidence import online
from zi_eval.evidence.online import Reach
from zi_eval.letters.proposal_file import CRITERIA as NAMES
from zi_eval.proposal.documents import Proposal
from zi_eval.proposal.forms import FORMS
from zi_eval.proposal.load import load_proposal
from zi_eval.proposal.ranking import CRITERIA, choose, parse_order, rank
from zi_eval.proposal.values import Candidate, Check, Fit
from zi_eval.proposal.write import build_packet, write_packet, write_templates
from zi_eval.report.made import Made

MADE = Made(datetime(2026, 5, 20, 9, 0, tzinfo=UTC), "1.2.3")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    """Return the proposal of the sample agency, by itself."""
    return load_proposal(ROOT / "parameters" / "2026")


@pytest.fixture(scope="module")
def named() -> Proposal:
    """Return that of two units whatever the ranking says."""
    return load_proposal(ROOT / "parameters" / "2026", ["dpmptsp", "puskesmas-sukamaju"])


@pytest.fixture(scope="module")
def packet(named: Proposal) -> dict[str, bytes]:
    return build_packet(named, MADE)


def text_of(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


# --- who is chosen ---


def test_who_fits_is_chosen_and_who_lacks_only_a_prerequisite_is_named_apart(
    proposal: Proposal,
) -> None:
    choice = proposal.choice
    assert [item.unit for item in choice.chosen] == ["puskesmas-sukamaju"]
    assert [item.unit for item in choice.nearly] == ["smpn-1-contoh"]
    assert len(choice.all) == len({item.unit for item in choice.all}) == 8
    assert all(not item.fits for item in choice.others)


def candidate(proposal: Proposal, unit: str, **fields: object) -> Candidate:
    """Return a unit of the sample to which nothing is an obstacle, but for ``fields``."""
    item = next(item for item in proposal.choice.all if item.unit == unit)
    return replace(item, **({"checks": (), "doubts": 0} | fields))  # type: ignore[arg-type]


def test_the_first_criterion_decides_and_the_quota_holds_by_predicate(proposal: Proposal) -> None:
    sure = candidate(proposal, "dpmptsp", chance=0.9)
    wide = candidate(proposal, "smpn-1-contoh", chance=0.5)
    best = candidate(proposal, "puskesmas-sukamaju", chance=None)
    given = [best, wide, sure]
    assert [c.unit for c in rank(given, ["peluang"])] == [
        "dpmptsp", "smpn-1-contoh", "puskesmas-sukamaju",
    ]  # fmt: skip
    assert rank(given, ["nilai"])[0] is best
    assert rank(given, ["selisih"])[0] is wide
    choice = choose(rank(given, ["peluang"]), {"WBK": 1, "WBBM": 1})
    assert {c.unit for c in choice.chosen} == {"dpmptsp", "puskesmas-sukamaju"}
    assert [c.unit for c in choice.over_quota] == ["smpn-1-contoh"]


def test_named_units_are_proposed_whatever_stands_in_the_way(named: Proposal) -> None:
    assert {c.unit for c in named.choice.chosen} == {"dpmptsp", "puskesmas-sukamaju"}
    assert {who for who, _ in named.misfits} == {c.name for c in named.choice.chosen}


@pytest.mark.parametrize(
    ("kind", "fit", "fits"),
    [
        ("lke", Fit.MISFITS, False),
        ("prasyarat", Fit.UNKNOWN, False),
        ("keraguan", Fit.UNKNOWN, False),
        ("survei", Fit.MISFITS, False),
        ("survei", Fit.UNKNOWN, True),
        ("final", Fit.MISFITS, True),
        ("tautan", Fit.MISFITS, True),
    ],
)
def test_what_is_due_on_the_day_of_sending_keeps_nobody_out(
    proposal: Proposal, kind: str, fit: Fit, fits: bool
) -> None:
    assert candidate(proposal, "dpmptsp", checks=(Check(kind, "x", fit, "y"),)).fits is fits


def test_every_criterion_that_can_be_named_ranks() -> None:
    assert tuple(CRITERIA) == NAMES


def test_an_unknown_criterion_names_the_nearest() -> None:
    assert parse_order("Peluang, selisih,peluang") == ("peluang", "selisih")
    with pytest.raises(ArgumentError, match="selisih"):
        parse_order("selsih")


# --- the administrative selection ---


def test_open_finding_in_the_register_makes_the_follow_up_unknown(tmp_path: Path) -> None:
    home = copy_sample(tmp_path, "dpmptsp") / "parameters" / "2026"
    (home / "tindak-lanjut").mkdir()
    (home / "tindak-lanjut" / "dpmptsp.csv").write_text(
        "nomor;sumber;rekomendasi;status\n1;BPK;Setor;proses\n", encoding="utf-8"
    )
    (item,) = load_proposal(home, ["dpmptsp"]).choice.chosen
    (check,) = (c for c in item.checks if c.title.startswith("Tindak lanjut temuan"))
    assert check.fit is Fit.UNKNOWN
    assert "0 dari 1 temuan selesai" in check.why


def test_links_are_tested_by_form_and_opened_only_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_sample(tmp_path, "dpmptsp") / "parameters" / "2026"
    file = home / "instansi.yaml"
    text = file.read_text("utf-8")
    bad = text.replace("sptjm: https://", "sptjm: file://").replace(
        "https://bukti.kabupaten-contoh.example/usulan/2026/tlhp.pdf", "http://localhost/tlhp.pdf"
    )
    file.write_text(bad, encoding="utf-8")
    asked: list[str] = []

    def reach(links: object) -> dict[str, Reach]:
        asked.extend(links)  # type: ignore[call-overload]
        return {link: Reach.SIGN_IN if "lke" in link else Reach.OPEN for link in asked}

    monkeypatch.setattr(online, "reach_links", reach)
    quiet = load_proposal(home, ["dpmptsp"])
    assert asked == []
    fits = {check.title: check.fit for check in quiet.checks if check.kind == "tautan"}
    assert fits["Tautan SPTJM"] is Fit.MISFITS
    assert fits["Tautan pernyataan tindak lanjut (TLHP)"] is Fit.MISFITS
    assert fits["Tautan surat usulan"] is Fit.FITS
    found = load_proposal(home, ["dpmptsp"], is_online=True)
    assert not any("localhost" in link or link.startswith("file") for link in asked)
    (item,) = found.choice.chosen
    assert next(c for c in item.checks if c.kind == "tautan").fit is Fit.MISFITS


def test_more_than_the_quota_does_not_fit(tmp_path: Path) -> None:
    home = copy_sample(tmp_path, "dpmptsp") / "parameters" / "2026"
    file = home / "instansi.yaml"
    file.write_text(file.read_text("utf-8").replace("{WBK: 2, WBBM: 1}", "{WBK: 0}"), "utf-8")
    (check,) = (c for c in load_proposal(home, ["dpmptsp"]).checks if c.title == "Kuota")
    assert (check.fit, check.why) == (Fit.MISFITS, "WBK: 1 diusulkan, kuota 0.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kuota: {WBK: 2, WBBM: 1}", "kuota: {WBK: dua}"),
        ("kuota: {WBK: 2, WBBM: 1}", "urutan: [keberuntungan]"),
        ("surat_usulan:", "surat_usul:"),
        ("kota: Contoh\n  jabatan: Bupati", "kotta: Contoh\n  jabatan: Bupati"),
    ],
)
def test_what_is_wrong_in_the_agency_file_is_named_with_its_line(
    tmp_path: Path, old: str, new: str
) -> None:
    home = copy_sample(tmp_path, "dpmptsp") / "parameters" / "2026"
    file = home / "instansi.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ParameterError) as raised:
        load_proposal(home)
    assert all(problem.line for problem in raised.value.problems)
    assert {p.code for p in raised.value.problems} <= {p.code for p in check_files([file])}


# --- the packet ---


def test_letters_hold_what_is_stated_and_places_for_what_is_not(packet: dict[str, bytes]) -> None:
    letter = text_of(packet["surat-usulan.docx"])
    for said in ("000.8.3/112/ORG/2026", "Bupati Contoh", "2 unit kerja (1 WBBM, 1 WBK)",
                 "lke-dpmptsp.xlsx", "DRAF, belum untuk dikirim"):  # fmt: skip
        assert said in letter
    assert "[Isi: meterai]" in text_of(packet["sptjm.docx"])
    assert "[Isi: jumlah temuan]" in text_of(packet["tlhp.docx"])
    checks = text_of(packet["daftar-periksa.docx"])
    assert "belum dinyatakan final" in checks
    assert "makin sedikit yang tidak sesuai" in checks
    assert not any("{{" in text_of(packet[f"{key}.docx"]) for key in FORMS)


def test_every_unit_has_its_workbook_and_its_survey_report(packet: dict[str, bytes]) -> None:
    for unit in ("dpmptsp", "puskesmas-sukamaju"):
        book = openpyxl.load_workbook(io.BytesIO(packet[f"unit/{unit}/lke.xlsx"]))
        assert book.worksheets
    report = text_of(packet["unit/dpmptsp/laporan-survei.docx"])
    assert "INDEKS PERSEPSI ANTI KORUPSI" in report
    assert "96; diminta sedikitnya 30" in report
    nothing = text_of(packet["unit/puskesmas-sukamaju/laporan-survei.docx"])
    assert "[Isi: hasil survei" in nothing


def test_documents_are_accessible(packet: dict[str, bytes]) -> None:
    for name, content in packet.items():
        if not name.endswith(".docx"):
            continue
        document = docx.Document(io.BytesIO(content))
        assert document.core_properties.title, name
        assert document.core_properties.language == "id-ID"
        levels = [
            int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")
        ]
        assert all(p.text.strip() for p in document.paragraphs if p.style.name.startswith("Head"))
        assert all(after <= before + 1 for before, after in pairwise(levels))
        for table in document.tables:
            first = table.rows[0]._tr.trPr
            headed = first is not None and first.find(qn("w:tblHeader")) is not None
            assert headed or len(table.columns) == 2  # a grid of facts has no head
            assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
        assert not list(document.element.body.iter(qn("w:drawing")))  # nothing without words


def test_the_ranking_is_a_table_for_excel(packet: dict[str, bytes]) -> None:
    rows = list(csv.reader(packet["peringkat.csv"].decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][:4] == ["Urutan", "Kode unit", "Nama unit", "Kategori"]
    assert len(rows) == 9
    assert {len(row) for row in rows} == {11}


def test_the_manifest_names_every_file_by_its_hash(
    packet: dict[str, bytes], named: Proposal
) -> None:
    said = json.loads(packet["manifes.json"])
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in packet.items()}
    own = {name: item["sha256"] for name, item in said["berkas"].items()}
    assert own == {n: h for n, h in hashes.items() if n not in ("manifes.json", "SHA256SUMS")}
    sums = dict(line.split("  ")[::-1] for line in packet["SHA256SUMS"].decode().splitlines())
    assert sums == {n: h for n, h in hashes.items() if n != "SHA256SUMS"}
    assert build_packet(named, MADE) == packet


def test_folder_and_zip_hold_the_same_and_the_zip_is_the_same_again(
    tmp_path: Path, packet: dict[str, bytes]
) -> None:
    target, packed = write_packet(tmp_path / "usulan", packet)
    first = packed.read_bytes()
    with zipfile.ZipFile(io.BytesIO(first)) as opened:
        held = {n.removeprefix("usulan/"): opened.read(n) for n in opened.namelist()}
    on_disk = {
        p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()
    }
    assert held == on_disk == packet
    with pytest.raises(WorkspaceError, match="sudah ada"):
        write_packet(tmp_path / "usulan", packet)
    write_packet(tmp_path / "usulan", packet, force=True)
    assert packed.read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["usulan", "usulan.zip"]


def test_a_packet_that_cannot_be_written_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_packet(tmp_path / "usulan", {"a.txt": b"lama"})
    true_write = Path.write_bytes

    def refuse(path: Path, data: bytes) -> int:
        if path.name == "b.txt":
            raise OSError(28, "No space left on device")
        return true_write(path, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StorageError, match="ruang penyimpanan habis"):
        write_packet(tmp_path / "usulan", {"a.txt": b"baru", "b.txt": b"x"}, force=True)
    assert (tmp_path / "usulan" / "a.txt").read_bytes() == b"lama"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["usulan", "usulan.zip"]


def test_a_team_has_its_own_words_in_a_letter(tmp_path: Path, named: Proposal) -> None:
    paths = write_templates(tmp_path, MADE)
    assert {path.stem for path in paths} == set(FORMS)
    own = docx.Document()
    own.add_paragraph("Dengan hormat, {{ nama_instansi }} mengusulkan {{ jumlah_calon }}.")
    own.save(str(tmp_path / "surat-usulan.docx"))
    files = build_packet(named, MADE, tmp_path)
    assert text_of(files["surat-usulan.docx"]).startswith(
        "Dengan hormat, Pemerintah Kabupaten Contoh mengusulkan 2 unit kerja"
    )
    own.add_paragraph("{{ nama_instanzi }}")
    own.save(str(tmp_path / "surat-usulan.docx"))
    with pytest.raises(ParameterError, match="nama_instansi"):
        build_packet(named, MADE, tmp_path)


def test_the_command_checks_without_writing_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_sample(tmp_path, "dpmptsp", "smpn-1-contoh")
    assert run_command("proposal", "--check", "--order", "nilai", "--folder", folder) == 0
    said = capsys.readouterr().out
    assert said.index("smpn-1-contoh") < said.index("dpmptsp ")
    assert not (folder / "outputs").exists()
