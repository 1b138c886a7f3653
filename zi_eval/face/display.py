"""How the face shows its values: as a report does in a notebook, as a few lines elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Final

from zi_eval.errors import WorkspaceError
from zi_eval.period.folders import find_period
from zi_eval.report.page import Section

__all__ = ["NO_UNIT", "Guidance", "Shown", "advise"]

NO_UNIT: Final = (
    "Belum ada unit di {folder}.\nBuat unit di isi_lke.ipynb, atau ambil dari buku kerja: "
    "zi-eval import LKE.xlsx --unit dinas-kesehatan. Lalu jalankan notebook ini lagi."
)


def advise(nothing: str, folder: Path) -> str:
    """Return what to do where a period has nothing yet, and where a filled sample is."""
    lines = [nothing.format(folder=f"parameters/{folder.resolve().name}")]
    with suppress(WorkspaceError):
        sample = find_period("contoh")
        lines.append(f'Untuk melihat contoh, tulis "../parameters/{sample.name}" pada sel isian.')
    return "\n".join(lines)


class Shown(ABC):
    """A value that shows itself; Tab offers only what it names."""

    @abstractmethod
    def section(self) -> Section:
        """Return it as a part of a report."""

    @abstractmethod
    def __repr__(self) -> str:
        """Return it as a few lines of text."""

    def _repr_html_(self) -> str:
        return self.section().live_html

    def __dir__(self) -> list[str]:
        return [
            name
            for kind in reversed(type(self).__mro__)
            for name in vars(kind)
            if not name.startswith("_") and kind is not object
        ]


class Guidance(Shown):
    """What to do next, where there is nothing to show yet; any of its sections is empty.

    Parameters
    ----------
    text
        Sentences, one a line.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def section(self) -> Section:
        """Return the sentences as a box."""
        from markupsafe import Markup

        lines = Markup("").join(Markup("<p>{}</p>").format(x) for x in self.text.splitlines())
        return Section(Markup('<section class="hero unknown">{}</section>').format(lines))

    def __repr__(self) -> str:
        return self.text
