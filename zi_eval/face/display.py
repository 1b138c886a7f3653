"""How the face shows its values: as a report does in a notebook, as a few lines elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from zi_eval.core.problems import nearest
from zi_eval.errors import ArgumentError, WorkspaceError
from zi_eval.period.folders import find_period
from zi_eval.report.page import Section

__all__ = ["NO_UNIT", "Guidance", "SavedReport", "Shown", "advise", "pick"]

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


def pick(word: str, allowed: Iterable[str], what: str) -> str:
    """Return a word that is one of those allowed.

    Raises
    ------
    ArgumentError
        With the nearest of those allowed, where it is not.
    """
    known = [str(name) for name in allowed]
    if word in known:
        return word
    near = nearest(str(word), known)
    hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(known[:12])}."
    raise ArgumentError(f"{what} '{word}' tidak ada. {hint}")


class SavedReport(Shown):
    """A report that is shown here by its opening, and saved whole as a page.

    Parameters
    ----------
    opening
        What is shown.
    text
        The same in a line of text.
    notebook, parameters, title
        The notebook that makes the page, what it is given, and the page's title.
    root
        The working folder, whose own notebook is used where it has one.
    """

    def __init__(
        self, opening: Section, text: str, notebook: str, parameters: Mapping[str, str],
        title: str, root: Path,
    ) -> None:  # fmt: skip
        self._opening, self._text = opening, text
        self._notebook, self._parameters, self._title = notebook, parameters, title
        self._root = root

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the whole report as one page, as ``zi-eval run`` makes it.

        Parameters
        ----------
        force
            Write over a file that is there.
        """
        from zi_eval.runs.notebooks import write_page

        output = Path(path)
        write_page(self._notebook, self._parameters, self._root, self._title, output, force)
        return output

    def section(self) -> Section:
        """Return the opening of the report."""
        return self._opening

    def __repr__(self) -> str:
        return f"{self._text}\nSimpan dengan .save('laporan.html')."
