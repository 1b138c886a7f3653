"""The packet written: one folder and one zip with a manifest of hashes, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from zi_eval.errors import StorageError, WorkspaceError, describe_os_error
from zi_eval.files import file_stem, write_bytes
from zi_eval.formats import pack
from zi_eval.letters.docx import build_letter_template, render_letter_docx
from zi_eval.letters.template_file import read_template
from zi_eval.lke.write import unit_workbook
from zi_eval.proposal.documents import Proposal, proposal_content, ranking_csv
from zi_eval.proposal.forms import FORMS
from zi_eval.report.documents.docx import render_document_docx
from zi_eval.report.made import Made
from zi_eval.survey.page.document import survey_document
from zi_eval.survey.unit import UnitSurveys

__all__ = ["MANIFEST", "build_packet", "write_packet", "write_templates"]

MANIFEST: Final = "manifes.json"
SUMS: Final = "SHA256SUMS"


def build_packet(proposal: Proposal, made: Made, templates: Path | None = None) -> dict[str, bytes]:
    """Return the files of a packet by their path, the manifest and its sums last.

    Parameters
    ----------
    templates
        A folder with a team's own templates, named as the letters; ours for those not in it.

    Raises
    ------
    ParameterError
        Where a template cannot be used; every problem is named.
    """
    files: dict[str, bytes] = {}
    for key, form in FORMS.items():
        own = templates / f"{key}.docx" if templates is not None else None
        template = read_template(own) if own is not None and own.is_file() else None
        content = proposal_content(proposal, form.name, made)
        files[f"{key}.docx"] = render_letter_docx(content, template, f"{key}.docx", form)
    files["peringkat.csv"] = ranking_csv(proposal).encode("utf-8-sig")
    for item in proposal.choice.chosen:
        home = f"unit/{file_stem(item.unit)}"
        files[f"{home}/lke.xlsx"] = unit_workbook(item.evaluation).data
        unit = item.evaluation.assessment.unit
        agency = proposal.agency.agency
        nothing = UnitSurveys(unit.id, unit.name, (), agency=agency.name, remark=agency.remark)
        document = survey_document(
            item.surveys or nothing,
            proposal.agency.period,
            made,
            item.earlier,
            item.activities,
        )
        files[f"{home}/laporan-survei.docx"] = render_document_docx(document)
    files[MANIFEST] = _manifest(proposal, files, made)
    sums = (f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items())
    files[SUMS] = ("\n".join(sums) + "\n").encode()
    return files


def _manifest(proposal: Proposal, files: Mapping[str, bytes], made: Made) -> bytes:
    content = {
        "instansi": proposal.agency.agency.name,
        "periode": proposal.agency.period,
        "aturan": proposal.agency.rules.id,
        "dibuat": made.time.isoformat(),
        "zi_eval": made.version,
        "unit": [
            {"id": item.unit, "kategori": item.category, "sidik": item.evaluation.source_hash}
            for item in proposal.choice.chosen
        ],
        "berkas": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "ukuran": len(data)}
            for name, data in files.items()
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _pack(name: str, files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip below one folder; the same files give the same bytes."""
    parts = ((f"{name}/{path}", data) for path, data in sorted(files.items()))
    return pack(parts, mode=0o644)


def write_packet(
    target: Path,
    files: Mapping[str, bytes],
    force: bool = False,
    tell: Callable[[Path], None] = lambda path: None,
) -> tuple[Path, Path]:
    """Write the files of a packet as a folder and as ``<folder>.zip``.

    The folder is put in place in one step, whole; then the zip.

    Raises
    ------
    WorkspaceError
        Where the folder or the zip is there and ``force`` does not say to write over it.
    StorageError
        Where the disk does not take it; what was there stays.
    """
    packed = target.with_name(f"{target.name}.zip")
    taken = [str(path) for path in (target, packed) if path.exists()]
    if taken and not force:
        raise WorkspaceError(
            f"{', '.join(taken)} sudah ada; tidak ditulis, karena mungkin sudah disunting. Pakai "
            "--force untuk menimpanya, atau -o untuk folder lain."
        )
    data = _pack(target.name, files)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work:
            made = Path(work) / "baru"
            for name, content in files.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if target.exists():
                target.rename(Path(work) / "lama")
            try:
                made.rename(target)
            except OSError:
                if (Path(work) / "lama").exists():
                    (Path(work) / "lama").rename(target)
                raise
    except OSError as error:
        raise StorageError(
            f"{target} tidak dapat ditulis: {describe_os_error(error)}. Periksa ruang kosong dan "
            "izin tulis foldernya."
        ) from error
    write_bytes(packed, data)
    for path in (target, packed):
        tell(path)
    return target, packed


def write_templates(folder: Path, made: Made, force: bool = False) -> tuple[Path, ...]:
    """Write the shipped templates into a folder, to be changed in Word.

    Raises
    ------
    WorkspaceError
        Where one of them is there already and ``force`` does not say to write over it.
    """
    paths = {folder / f"{key}.docx": form for key, form in FORMS.items()}
    taken = [str(path) for path in paths if path.exists()]
    if taken and not force:
        raise WorkspaceError(f"{', '.join(taken)} sudah ada; pakai --force untuk menimpanya.")
    for path, form in paths.items():
        write_bytes(path, build_letter_template(made.time, form))
    return tuple(paths)
