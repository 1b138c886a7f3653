"""The forms that the notebooks show: the unit's, and the evaluators'."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets

from zi_eval.forms.chooser import Chooser
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person
from zi_eval.period.folders import find_parameters

__all__ = ["Workbench", "unit_form", "verification_form"]

_shown: list[Workbench] = []


class _Box(widgets.VBox):  # type: ignore[misc]
    def __repr__(self) -> str:
        return "Formulir: jalankan sel ini di JupyterLab, atau buka dengan 'zi-eval app'."


class Workbench:
    """A chooser above the page of the unit that was chosen.

    Parameters
    ----------
    is_tpi
        Whether it is for evaluators.
    folder
        Where to look for ``parameters/``; by default here and above.
    """

    def __init__(
        self, is_tpi: bool, period: str, unit: str, name: str, folder: Path | None = None
    ) -> None:
        self.page: FormPage | None = None
        self.place = widgets.VBox()
        parameters = find_parameters(folder or Path.cwd())
        self.chooser = Chooser(parameters, is_tpi, self.open, period=period, unit=unit, name=name)
        self.box = _Box([self.chooser.box, self.place])
        if self.chooser.unit.value and name.strip():
            self.chooser.open()

    def open(self, path: Path, person: Person) -> None:
        """Show a unit; the one shown before is closed once this one is open."""
        page = FormPage(FormState.open(path, person))
        self.close_page()
        self.page = page
        self.place.children = (page,)

    @property
    def is_open(self) -> bool:
        """Whether a browser shows a unit in it."""
        return self.page is not None and self.page.is_open

    def close_page(self) -> None:
        """End the page that is shown, with everything saved."""
        if self.page is not None:
            self.place.children = ()
            self.page.close()
            self.page = None


def _show(is_tpi: bool, period: str, unit: str, name: str) -> widgets.Widget:
    # A cell that is run again leaves a form behind; one that no browser shows any more is closed.
    for bench in [bench for bench in _shown if not bench.is_open]:
        bench.close_page()
        _shown.remove(bench)
    bench = Workbench(is_tpi, str(period), str(unit), str(name))
    _shown.append(bench)
    return bench.box


def unit_form(period: str = "", unit: str = "", nama: str = "") -> widgets.Widget:
    """Return the form in which a unit answers its questionnaire.

    Parameters
    ----------
    period, unit
        What to open; without a unit the form asks.
    nama
        Who fills it in; every change is kept with this name.
    """
    return _show(False, period, unit, nama)


def verification_form(period: str = "", unit: str = "", nama: str = "") -> widgets.Widget:
    """Return the form in which the TPI checks a unit's answers; see :func:`unit_form`."""
    return _show(True, period, unit, nama)
