"""The evaluation letter (LHE) of a unit: looked at, and saved to be edited or read."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from zi_eval.case import evaluate_whole
from zi_eval.face.display import NO_UNIT, Shown, pick
from zi_eval.face.picker import choose_unit
from zi_eval.period.folders import find_period
from zi_eval.period.reading import Period
from zi_eval.report.page import Room, Section

__all__ = ["Letter", "letter_report"]

ROOM = Room("face")


class Letter(Shown):
    """The evaluation letter (LHE) of one unit: a page to read, a document to edit."""

    def __init__(self, period: Period, unit: str) -> None:
        self._period, self._unit = period, unit

    @cached_property
    def _made(self) -> tuple[bytes, str, tuple[str, ...]]:
        """The document, the page, and what the data lack or leave in doubt."""
        from zi_eval.letters.write import write_letters

        with tempfile.TemporaryDirectory(prefix="zi-eval-") as folder:
            (made,) = write_letters(
                self._period.folder, [self._unit], Path(folder), evaluate=evaluate_whole
            )
            missing = (*made.warnings, *filter(None, [made.trouble]))
            return made.word.read_bytes(), made.page.read_text(encoding="utf-8"), missing

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the letter: a document to edit (``.docx``) or a page to read (``.html``)."""
        from zi_eval.files import require_free, write_bytes

        output = Path(path)
        pick(output.suffix.lower(), (".docx", ".html"), "Jenis berkas")
        require_free(output, force)
        word, page, _ = self._made
        write_bytes(output, word if output.suffix.lower() == ".docx" else page.encode())
        return output

    def files(self) -> Section:
        """Return a heading, what is missing in it, and links that save it as document or page."""
        word, page, missing = self._made
        shown = ROOM.render(
            "letter",
            unit=self._unit,
            name=self._period.read_head(self._period.find(self._unit))[0] or self._unit,
            word=b64encode(word).decode(),
            page=b64encode(page.encode()).decode(),
            missing=missing,
        )
        return Section(Markup(shown))

    def page(self) -> Section:
        """Return the letter as its page shows it."""
        frame = '<iframe class="letter" title="LHE {}" srcdoc="{}"></iframe>'
        return Section(Markup(frame).format(self._unit, self._made[1]))

    def section(self) -> Section:
        """Return the links and the letter."""
        return Section(self.files().html + self.page().html)

    def __repr__(self) -> str:
        return f"LHE {self._unit}. Simpan dengan .save('lhe.docx') atau .save('lhe.html')."


def letter_report(period: str = "", unit: str = "") -> Letter:
    """Return the evaluation letter of a unit: ``files`` and ``page`` are its sections.

    Parameters
    ----------
    period
        Its name, or the path of its folder; the newest where empty.
    unit
        Its id; where empty, the units can be chosen.

    Raises
    ------
    WorkspaceError
        Where what was named is not there.
    """
    if unit:
        opened = Period(find_period(period))
        opened.find(unit)  # else an error with the nearest name
        return Letter(opened, unit)
    return choose_unit(period, lambda period: period.unit_files, NO_UNIT, Letter)
