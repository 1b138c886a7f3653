"""Audits of whole folders, and the notebook that shows them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lke.samples import load_book
from zi_eval.core.assessment import Assessment, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.errors import WorkspaceError
from zi_eval.face.workbooks import audit
from zi_eval.instruments import load_workbook_layouts
from zi_eval.lke.export import export_workbook
from zi_eval.lke.load import load_audits
from zi_eval.runs.notebooks import run_notebook


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, instrument: Instrument) -> Path:
    """A folder with a clean workbook, one with a weight changed, and a letter in disguise."""
    folder = tmp_path_factory.mktemp("kiriman")
    (layout,) = (one for one in load_workbook_layouts(instrument.id) if one.totals)
    answers = Assessment(Unit("u", "Dinas <b>Contoh</b>"), instrument.id, "WBK", "2026")
    (folder / "bersih.xlsx").write_bytes(export_workbook(answers, instrument, layout).data)
    book = load_book(folder / "bersih.xlsx")
    book["LKE ZI"]["H6"] = 40
    book.save(folder / "rusak.xlsx")
    (folder / "surat.xlsx").write_bytes(b"Dengan hormat,")
    (folder / "~$rusak.xlsx").write_bytes(b"")
    return folder


def test_a_folder_gives_its_workbooks_worst_first(folder: Path) -> None:
    audits = load_audits(folder)
    assert [Path(audit.file).name for audit in audits][-1] == "bersih.xlsx"
    assert {Path(audit.file).name for audit in audits if audit.findings} == {"rusak.xlsx"}
    assert {Path(audit.file).name for audit in audits if audit.failure} == {"surat.xlsx"}
    empty = folder / "kosong"
    empty.mkdir()
    with pytest.raises(WorkspaceError, match="Tidak ada buku kerja"):
        load_audits(empty)


@pytest.mark.kernel
def test_the_notebook_shows_the_audit_as_a_section_and_not_in_a_frame(
    folder: Path, root: Path, tmp_path: Path
) -> None:
    shutil.copy(folder / "rusak.xlsx", tmp_path)
    notebook = root / "notebooks" / "audit_lke.ipynb"
    html, _ = run_notebook(notebook, {"lke": "rusak.xlsx"}, tmp_path, "Audit")
    assert "<iframe" not in html
    assert ".audit-table" in audit(folder / "rusak.xlsx")._repr_html_()
    assert "LKE ZI!H6" in html
