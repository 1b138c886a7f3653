"""A workbook that somebody drops into the form: read with its problems, never overwriting."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from zi_eval.core.assessment import Answer
from zi_eval.errors import WorkbookError
from zi_eval.instruments import DEFAULT_INSTRUMENT, load_instrument, load_workbook_layouts
from zi_eval.journal.fields import FieldPlace
from zi_eval.journal.store import AnswerStore
from zi_eval.lke.layout import WorkbookReading, read_workbook
from zi_eval.period.answers import dump_value

__all__ = ["fill_empty", "read_upload"]

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


def _parts(answer: Answer) -> dict[str, Any]:
    return {
        "unit": dump_value(answer.unit),
        "catatan": answer.note or None,
        "bukti": list(answer.evidence) or None,
    }


def fill_empty(store: AnswerStore, answers: Mapping[str, Answer]) -> int:
    """Put the unit's answers, notes and evidence where the unit has none yet, in one step.

    Returns
    -------
    How many values were taken; what was there stays.
    """
    changes = [
        (FieldPlace(question, field), value, None)
        for question, answer in answers.items()
        for field, value in _parts(answer).items()
        if value is not None and store.get(FieldPlace(question, field)) is None
    ]
    if changes:
        store.change_many(changes)
    return len(changes)
