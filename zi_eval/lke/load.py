"""Audits of the workbooks that files and folders hold, the worst first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from zi_eval.errors import WorkspaceError
from zi_eval.instruments import DEFAULT_INSTRUMENT, load_instrument, load_workbook_layouts
from zi_eval.lke.audit import audit_workbooks
from zi_eval.lke.findings import WorkbookAudit

__all__ = ["find_workbooks", "load_audits"]

FEW = 4
"""Workbooks for each process below which starting one costs more than it saves."""


def find_workbooks(paths: Iterable[Path]) -> list[Path]:
    """Return the files named and the workbooks in the folders named, without Excel's own.

    Raises
    ------
    WorkspaceError
        Where there is none, or one that is named is not there.
    """
    paths, files = list(paths), list[Path]()
    if missing := [str(path) for path in paths if not path.exists()]:
        raise WorkspaceError(f"Tidak ditemukan: {', '.join(missing)}. Periksa nama dan foldernya.")
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        files += sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in (".xlsx", ".xlsm")
            and not file.name.startswith(("~$", "."))
            and file.is_file()
        )
    if not files:
        where = ", ".join(map(str, paths)) or "sini"
        raise WorkspaceError(f"Tidak ada buku kerja (.xlsx) di {where}. Periksa nama foldernya.")
    return list(dict.fromkeys(files))


def load_audits(*paths: str | Path) -> list[WorkbookAudit]:
    """Audit workbooks and whole folders of them, several at once where there are many.

    Returns
    -------
    One audit a workbook, the worst first; one that cannot be read says why.
    """
    files = find_workbooks(map(Path, paths))
    processes = min(os.cpu_count() or 1, len(files) // FEW)
    if processes < 2:
        audits: Sequence[WorkbookAudit] = [_audit_one(file) for file in files]
    else:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            audits = list(pool.map(_audit_one, files, chunksize=FEW))
    return sorted(audits, key=lambda audit: audit.rank)


def _audit_one(file: Path) -> WorkbookAudit:
    instrument = load_instrument(DEFAULT_INSTRUMENT)
    layouts = load_workbook_layouts(DEFAULT_INSTRUMENT)
    return next(audit_workbooks([file], instrument, layouts))
