"""Every kind of Word document that is made can be read by people who hear it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.accessible import accessibility_faults
from tests.sample import copy_sample, run_command
from tests.test_documents_in_writer import DECIDED
from zi_eval.performance.lkjip.document import lkjip_document
from zi_eval.performance.load import load_performance
from zi_eval.report.documents.docx import render_document_docx
from zi_eval.report.made import Made

UNIT = "dpmptsp"
COMMANDS = (
    ("lhe", UNIT),
    ("rencana", "report", UNIT, "--quarter", "2"),
    ("survei", "report", UNIT),
    ("proposal", UNIT),
    ("tpn", "objection", UNIT),
)
NAMES = (
    "dpmptsp.lhe", "dpmptsp.monev-tw2", "dpmptsp.survei", "dpmptsp.sanggah", "dpmptsp.lkjip",
    "daftar-calon", "daftar-periksa", "sptjm", "surat-usulan", "tlhp", "laporan-survei", "templat",
)  # fmt: skip


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return one document of each kind, by its name."""
    home = copy_sample(tmp_path_factory.mktemp("dokumen"))
    period = home / "parameters" / "2026"
    for file in period.glob("*.yaml"):  # the proposal would judge them all
        if file.stem not in (UNIT, "instansi"):
            file.unlink()
    (period / "tpn").mkdir(exist_ok=True)
    (period / "tpn" / "keputusan.csv").write_text(DECIDED, encoding="utf-8")
    for command in COMMANDS:
        assert run_command(*command, "--period", "2026", "--folder", home) == 0, command
    template = home / "outputs" / "templat.docx"
    assert run_command("lhe", "--template-out", template, "--folder", home) == 0
    made = {path.stem: path.read_bytes() for path in (home / "outputs").rglob("*.docx")}
    draft = lkjip_document(load_performance(period, UNIT), Made.now())
    return {**made, f"{UNIT}.lkjip": render_document_docx(draft)}


def test_every_kind_of_document_is_looked_at(documents: dict[str, bytes]) -> None:
    assert set(documents) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_keeps_nobody_out(documents: dict[str, bytes], name: str) -> None:
    assert accessibility_faults(documents[name]) == ()


def _of(document: Any, tag: str) -> Any:
    return next(document.element.body.iter(qn(tag)))


def _drop(tag: str) -> Callable[[Any], None]:
    def spoil(document: Any) -> None:
        found = _of(document, tag)
        found.getparent().remove(found)

    return spoil


def _draw(document: Any) -> None:
    inline = '<wp:inline><wp:docPr id="1" name="a"/></wp:inline>'
    drawn = f"<w:r {nsdecls('w', 'wp')}><w:drawing>{inline}</w:drawing></w:r>"
    _of(document, "w:p").append(parse_xml(drawn))


def _lift(document: Any) -> None:
    next(p for p in document.paragraphs if p.style.name == "Heading 1").style = "Heading 3"


def _pretend(document: Any) -> None:
    document.add_paragraph().add_run("Kesimpulan").bold = True


def _mislead(document: Any) -> None:
    _of(document, "w:hyperlink").set(qn("w:anchor"), "hilang")


def _empty(document: Any) -> None:
    row = _of(document, "w:tblHeader").getparent().getparent()
    for text in row.find(qn("w:tc")).iter(qn("w:t")):
        text.text = ""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_drop("w:tblCaption"), "has no description"),
        (_drop("w:tblHeader"), "neither a row nor a column of headings"),
        (_empty, "heading 1 of table"),
        (_draw, "a picture has no alternative text"),
        (_lift, "of level 3 follows level 0"),
        (_pretend, "'Kesimpulan' looks like a heading"),
        (_mislead, "leads to 'hilang'"),
        (lambda document: setattr(document.core_properties, "title", ""), "has no title"),
    ],
)
def test_what_keeps_people_out_is_named(
    documents: dict[str, bytes], spoil: Callable[[Any], None], said: str
) -> None:
    document = docx.Document(io.BytesIO(documents[f"{UNIT}.lkjip"]))
    spoil(document)
    written = io.BytesIO()
    document.save(written)
    assert any(said in fault for fault in accessibility_faults(written.getvalue()))
