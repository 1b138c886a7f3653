from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import docx
import pytest

from tests.sample import run_command

run = partial(run_command, "lhe")


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_help_is_indonesian_and_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    text = capsys.readouterr().out
    assert "Pemakaian:" in text
    assert "Contoh:" in text
    assert not re.search(r"Usage|Options|Show this message", text)


def test_a_letter_is_written_for_each_unit_with_what_the_agency_states(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agency = folder / "parameters" / "2026" / "instansi.yaml"
    stated, _, _ = agency.read_text(encoding="utf-8").partition("\nlhe:")
    agency.write_text(
        f"{stated}\nlhe:\n  penerbit: Inspektorat Kabupaten Contoh\n"
        "  nomor: {dpmptsp: 700/12/ITDA/2026}\n  nip: 19700101 199001 1 001\n"
        "  tim: [Sri Contoh (ketua tim)]\n",
        encoding="utf-8",
    )
    assert run("dpmptsp", "dinas-perhubungan", "--folder", str(folder)) == 0
    said = capsys.readouterr()
    home = folder / "outputs" / "2026"
    assert sorted(path.name for path in home.iterdir()) == [
        "dinas-perhubungan.lhe.docx", "dinas-perhubungan.lhe.html",
        "dpmptsp.lhe.docx", "dpmptsp.lhe.html",
    ]  # fmt: skip
    own, other = (text_of(home / f"{u}.lhe.docx") for u in ("dpmptsp", "dinas-perhubungan"))
    assert "700/12/ITDA/2026" in own
    assert "700/12/ITDA/2026" not in other
    assert "[Isi: nomor surat]" in other
    assert "Sri Contoh" in own
    assert "ketua tim" in own
    assert "belum dinyatakan final" in said.err
    page = (home / "dinas-perhubungan.lhe.html").read_text(encoding="utf-8")
    assert "belum memenuhi kriteria WBK" in page
    assert "agar memastikan hal-hal berikut" in page


def test_a_letter_that_may_have_been_edited_is_never_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dpmptsp", "--folder", str(folder)) == 0
    path = folder / "outputs" / "2026" / "dpmptsp.lhe.docx"
    path.write_bytes(b"disunting")
    assert run("dinas-perhubungan", "dpmptsp", "--folder", str(folder)) == 1
    assert "sudah ada; tidak ditulis" in capsys.readouterr().err
    assert path.read_bytes() == b"disunting"
    assert not (path.parent / "dinas-perhubungan.lhe.docx").exists()
    assert run("dpmptsp", "--folder", str(folder), "--force") == 0
    assert path.read_bytes() != b"disunting"


def test_the_shipped_template_is_written_with_all_placeholders_and_can_be_used(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder / "lhe-kami.docx"
    assert run("--template-out", str(own)) == 0
    listed = capsys.readouterr().out
    assert "{{ nama_unit }}" in listed
    assert "{{ daftar_rekomendasi }}" in listed
    assert run("--template-out", str(own)) == 1
    document = docx.Document(str(own))
    document.add_paragraph("Kalimat kami tentang {{ nama_unit }}.")
    document.save(str(own))
    place = folder / "surat"
    assert run("dpmptsp", "--folder", str(folder), "--template", str(own), "-o", str(place)) == 0
    text = text_of(place / "dpmptsp.lhe.docx")
    assert "Kalimat kami tentang Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu." in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "sebut unitnya"),
        (("dpmptspp",), "Mungkin maksudnya 'dpmptsp'"),
        (("dpmptsp", "--template", "tidak-ada.docx"), "tidak dapat dibaca"),
        (("dpmptsp", "--period", "2019"), "tidak ada"),
        (("dpmptsp", "--period", "2026-akip"), "hanya untuk Zona Integritas"),
    ],
)
def test_a_wrong_call_says_what_to_do_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert run(*arguments, "--folder", str(folder)) in (1, 2)
    assert said in capsys.readouterr().err
    assert not list(folder.glob("outputs/*/*.lhe.*"))


def test_a_template_with_an_unknown_placeholder_stops_before_anything_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder / "lhe-kami.docx"
    document = docx.Document()
    document.add_paragraph("Nilai {{ nilai_tpii }}")
    document.save(str(own))
    assert run("dpmptsp", "--folder", str(folder), "--template", str(own)) == 1
    assert "Mungkin maksudnya 'nilai_tpi'" in capsys.readouterr().err
    assert not (folder / "outputs").exists()


def test_a_broken_survey_leaves_a_place_and_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (folder / "parameters" / "2026" / "survei").glob("dpmptsp.*"):
        path.write_bytes(b"\x00\x01\x02")
    assert run("dpmptsp", "--folder", str(folder)) == 0
    capsys.readouterr()
    text = text_of(folder / "outputs" / "2026" / "dpmptsp.lhe.docx")
    assert "[Isi: jumlah responden]" in text
