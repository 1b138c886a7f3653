"""What stands at the cells of an LKE beside their values: links, comments, percent, what is hidden.

Each is either taken, and said to be, or named by its cell: nothing is lost without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time

from zi_eval.core.problems import ProblemList
from zi_eval.core.text import quote
from zi_eval.lke.cells import is_open
from zi_eval.sheets.grid import Grid, cell_reference
from zi_eval.sheets.marks import Marks, Place
from zi_eval.sheets.numbers import held_number

__all__ = ["cell_text", "is_share", "linked_text", "list_cells", "shown_percent", "take_comments"]

SHOWN = 10
"""Cells that a sentence lists."""
SHOWN_COMMENT = 80
SAYS_NOTHING = (
    *("", "lihat", "buka", "unduh", "download", "klik", "klik di sini", "klik disini", "di sini"),
    *("disini", "here", "click here", "url", "link", "tautan", "bukti", "link bukti", "dokumen"),
    *("link bukti dukung", "bukti dukung", "data dukung", "google drive", "gdrive", "drive"),
)
"""Texts that only say that there is a link."""


def list_cells(places: Iterable[Place]) -> str:
    """Return ``K9, K12 dan 3 lagi`` for 0-based places, in the sheet's order."""
    names = [cell_reference(*place) for place in sorted(places)]
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" dan {more} lagi" if more > 0 else "")


def cell_text(value: object) -> str:
    """Return a cell as a text holds it: a date without the time of day no person typed."""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value).strip()


def is_share(marks: Marks, place: Place, value: object) -> bool:
    """Whether a cell shows its number as percent, so that it is neither an index nor a count.

    Zero is zero under any format.
    """
    return marks.is_percent(*place) and bool(held_number(value))


def shown_percent(value: object) -> str:
    """Return a share as the sheet shows it: 0.91 as ``91 %``."""
    return f"{(held_number(value) or 0) * 100:.6g} %".replace(".", ",")


def linked_text(text: str, address: str) -> str:
    """Return a text with the address it leads to beside it.

    A text that says nothing ("LIHAT"), or that is the address itself, gives way to the address.

    Examples
    --------
    >>> linked_text("LIHAT", "https://a.id/1"), linked_text("SK Tim", "https://a.id/1")
    ('https://a.id/1', 'SK Tim: https://a.id/1')
    """
    shown = text.strip()
    folded = shown.casefold().rstrip("!.…:>/ ")
    bare = address.casefold().partition("://")[2].rstrip("/")
    if not address or address in shown:
        return shown
    if folded in SAYS_NOTHING or (len(folded) > 5 and bare.startswith(folded)):
        return address
    if address.startswith("#"):
        return f"{shown} (lihat {address[1:]})"
    return f"{shown}\n{address}" if "\n" in shown else f"{shown.rstrip(' :')}: {address}"


def take_comments(
    grid: Grid,
    questions: Mapping[int, str],
    first: int,
    note: Callable[[str], str],
    problems: ProblemList[Place],
) -> dict[str, str]:
    """Return the comments that are read as the TPI's notes, by question, and name all others.

    Parameters
    ----------
    questions
        Which question each row belongs to.
    first
        The first column in which a comment speaks of an answer; left of it stands the question.
    note
        What the TPI's own column says of a question.
    """
    taken: dict[str, list[str]] = {}
    places: list[Place] = []
    elsewhere: list[Place] = []
    for place, comment in sorted(grid.marks.comments.items()):
        key = questions.get(place[0])
        if key is None or place[1] < first:
            elsewhere.append(place)
        elif is_open(written := note(key)):
            taken.setdefault(key, []).append(comment)
            places.append(place)
        elif " ".join(comment.split()) not in " ".join(written.split()):
            problems.warning(
                "komentar-tidak-dibaca",
                f"komentar selnya {quote(comment, SHOWN_COMMENT)!r} tidak dibaca karena catatan "
                "TPI pertanyaan ini sudah ada di kolomnya.",
                "Salin komentar itu ke kolom catatan TPI bila masih diperlukan.",
                at=place,
                key=key,
            )
    if places:
        problems.warning(
            "komentar-dibaca",
            f"{len(places)} komentar sel dibaca sebagai catatan TPI: {list_cells(places)}.",
            "Hapus dari catatan TPI bila komentar itu bukan dari TPI.",
            at=places[0],
        )
    if elsewhere:
        problems.warning(
            "komentar-tidak-dibaca",
            f"{len(elsewhere)} komentar di luar isian tidak dibaca: {list_cells(elsewhere)}.",
            at=elsewhere[0],
        )
    return {key: "\n".join(texts) for key, texts in taken.items()}
