"""A workbook or table of answers taken in: as a new unit file, or from somebody's upload."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from zi_eval.errors import WorkbookError
from zi_eval.instruments import DEFAULT_INSTRUMENT, load_instrument, load_workbook_layouts
from zi_eval.lke.layout import WorkbookReading, read_workbook

__all__ = ["WorkbookReading", "read_upload"]

LARGEST: Final = 20_000_000


def read_upload(name: str, data: bytes, instrument_id: str = DEFAULT_INSTRUMENT) -> WorkbookReading:
    """Read an uploaded workbook of an instrument.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all; the text is one sentence.
    InstrumentError
        Where the instrument has no workbook.
    """
    # The name comes from another computer: only its last part, and only to show it.
    shown = PureWindowsPath(PurePosixPath(name).name).name.strip(". ") or "LKE.xlsx"
    layouts = load_workbook_layouts(instrument_id)
    if len(data) > LARGEST:
        raise WorkbookError(f"{shown} lebih besar dari 20 MB; unggah lembar kerja tanpa gambar.")
    with tempfile.TemporaryDirectory(prefix="zi-eval-upload-") as folder:
        path = Path(folder) / shown
        try:
            path.write_bytes(data)
        except (OSError, ValueError) as error:
            raise WorkbookError(f"{shown} tidak dapat dibaca; beri nama lain.") from error
        return read_workbook(path, load_instrument(instrument_id), layouts)
