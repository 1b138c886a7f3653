"""How large a file may be, and the sentences that refuse one: everything read is bounded here.

So a reading ends within some 5 seconds of processor time and 500 MB, whatever the file holds. The
official workbook has about 3,500 cells, 200 labelled rows and 0.4 MB of XML; each limit is at least
ten times what any LKE seen needs, and small enough that all of them together keep to that.
"""

from __future__ import annotations

from typing import Final

from zi_eval.errors import WorkbookError

__all__ = [
    "CHILD_MEMORY",
    "CHILD_SECONDS",
    "MAX_CELLS",
    "MAX_ENTRIES",
    "MAX_FILE",
    "MAX_MARKS",
    "MAX_MERGES",
    "MAX_RATIO",
    "MAX_ROWS",
    "MAX_SEARCHED",
    "MAX_SHEETS",
    "MAX_TAGS",
    "MAX_TEXT",
    "MAX_UNPACKED",
    "MAX_XML",
    "RATIO_FROM",
    "SAVE_AGAIN",
    "damaged",
    "too_large",
]

MB: Final = 1024**2

MAX_FILE: Final = 64 * MB
"""A file on disk: it is held in memory once. Pasted photos make an LKE large, never its answers."""
MAX_ENTRIES: Final = 5_000
"""Entries of a zip: each costs memory before anything is read; a workbook has 10 to 200."""
MAX_UNPACKED: Final = 200 * MB
"""What all entries of a zip declare together, photos included; those are never unpacked."""
MAX_XML: Final = 100 * MB
"""What its XML parts take unpacked: a million formatted empty rows take 40 to 90 MB."""
MAX_RATIO: Final = 200
RATIO_FROM: Final = 10 * MB
"""A part larger than this that shrinks more than ``MAX_RATIO`` times was made to explode."""
MAX_TAGS: Final = 4_000_000
"""Tags of one XML part: two seconds of parsing; a million rows with an empty cell are 3 million."""
MAX_CELLS: Final = 500_000
"""Cells of the used rectangle of a sheet: each takes time to look at, empty ones too."""
MAX_TEXT: Final = 20_000_000
"""Characters of a sheet, repeated ones counted each time: a text shared by cells is copied."""
MAX_ROWS: Final = 2_000
"""Rows of a sheet with a label or an answer type: each is compared with each question."""
MAX_MERGES: Final = 5_000
"""Merged ranges that are looked at; further ones are read as if they were not merged."""
MAX_MARKS: Final = 50_000
"""Links and comments of a sheet that are read; an LKE has a few hundred."""
MAX_SHEETS: Final = 40
MAX_SEARCHED: Final = 24 * MB
"""Sheets, and bytes of their XML, that are searched where none has a known name."""
CHILD_SECONDS: Final = 30.0
CHILD_MEMORY: Final = 400 * MB
"""Time and address space of the process that reads other kinds of workbooks than xlsx.

The memory bounds what it reads; the time is a net for what never ends, and generous, because a
busy machine must not refuse an honest file.
"""

SAVE_AGAIN: Final = "buka di Excel atau LibreOffice, lalu simpan sebagai Buku Kerja Excel (.xlsx)."


def damaged(name: str) -> WorkbookError:
    """Return the refusal of a file whose content breaks its own format."""
    return WorkbookError(
        f"{name} rusak dan tidak dapat dibaca; {SAVE_AGAIN[:-1]} atau minta salinan baru."
    )


def too_large(name: str, what: str) -> WorkbookError:
    """Return the refusal of a file beyond a limit; ``what`` says which, as a clause."""
    return WorkbookError(
        f"{name} tidak dibaca karena {what}, jauh lebih besar daripada LKE mana pun; "
        "salin isian ke lembar kerja LKE yang kosong, lalu coba lagi."
    )
