"""Every kind of Word document that is made, opened by a word processor that is not ours."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest

from tests.office import SOFFICE, convert
from tests.sample import copy_sample, run_command

WRITER = SOFFICE and (Path(SOFFICE).resolve().parent / "swriter").exists()
ODT = {
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
}
COMMANDS = (
    ("lhe", "dpmptsp"),
    ("rencana", "report", "dpmptsp", "--quarter", "2"),
    ("survei", "report", "dpmptsp"),
    ("proposal", "dpmptsp"),
    ("tpn", "objection", "dpmptsp"),
    ("run", "dpmptsp"),
)
DECIDED = (
    "unit;tahap;keputusan;tanggal;kondisi\n"
    "dpmptsp;seleksi administrasi;tidak lulus;18/07/2026;Tautan LKE meminta izin.\n"
)


@pytest.mark.long
@pytest.mark.skipif(not WRITER, reason="LibreOffice Writer is not installed, so none opens")
def test_documents_open_with_their_headings_and_tables(tmp_path: Path) -> None:
    home = copy_sample(tmp_path / "kerja")
    stages = home / "parameters" / "2026" / "tpn"
    stages.mkdir(exist_ok=True)
    (stages / "keputusan.csv").write_text(DECIDED, encoding="utf-8")
    for command in COMMANDS:
        assert run_command(*command, "--period", "2026", "--folder", home) == 0, command
    made = sorted((home / "outputs").rglob("*.docx"))
    assert len(made) >= 10
    flat = tmp_path / "rata"
    flat.mkdir()
    documents = [
        Path(shutil.copy(path, flat / f"{number}-{path.name}")) for number, path in enumerate(made)
    ]
    for document, opened in zip(
        documents, convert(documents, tmp_path / "odt", "odt"), strict=True
    ):
        ours = docx.Document(str(document))
        with zipfile.ZipFile(opened) as parts:
            theirs = ET.fromstring(parts.read("content.xml"))
        assert ours.tables, document.name
        headings = [p.text for p in ours.paragraphs if p.style.name.startswith("Heading")]
        read = ["".join(h.itertext()) for h in theirs.iterfind(".//text:h", ODT)]
        assert read == headings, document.name
        tables = theirs.findall(".//table:table", ODT)
        assert len(tables) == len(ours.tables), document.name
        for own, table in zip(ours.tables, tables, strict=True):
            cells = ["".join(c.itertext()) for c in table.iterfind(".//table:table-cell", ODT)]
            said = [c.text.replace("\n", "").replace("\t", "") for r in own.rows for c in r.cells]
            assert cells == said, document.name
            has_head = "tblHeader" in own._element.xml
            assert (table.find(".//table:table-header-rows", ODT) is not None) == has_head
