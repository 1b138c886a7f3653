"""The forms of the notebooks: the questionnaire of unit and TPI, and performance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zi_eval.face.books import NO_PLAN
from zi_eval.face.picker import choose_unit
from zi_eval.period.folders import find_period

if TYPE_CHECKING:
    import ipywidgets

__all__ = ["performance_form", "unit_form", "verification_form"]


def unit_form(period: str = "", unit: str = "", nama: str = "") -> ipywidgets.Widget:
    """Return the form in which a unit answers its questionnaire.

    Parameters
    ----------
    period, unit
        What to open; without a unit the form asks.
    nama
        Who fills it in; every change is kept with this name.
    """
    from zi_eval.forms import unit_form as form

    return form(period, unit, nama)


def verification_form(period: str = "", unit: str = "", nama: str = "") -> ipywidgets.Widget:
    """Return the form in which the TPI checks a unit's answers; see :func:`unit_form`."""
    from zi_eval.forms import verification_form as form

    return form(period, unit, nama)


class _Form:
    """A form that a list of units is shown above."""

    def __init__(self, folder: Path, unit: str) -> None:
        self._folder, self._unit = folder, unit

    def form(self) -> Any:
        from zi_eval.performance.form.screen import open_performance_form

        return open_performance_form(self._folder, self._unit)


def performance_form(parameters_folder: str = "", unit: str = "") -> Any:
    """Return the form in which a unit fills in results, causes and what it does about them.

    Parameters
    ----------
    parameters_folder, unit
        As :func:`~zi_eval.face.books.performance_report`.
    """
    from zi_eval.performance.load import find_plans

    if unit:
        folder = find_period(parameters_folder)
        return _Form(folder, unit).form()
    chosen = choose_unit(
        parameters_folder,
        lambda period: find_plans(period.folder),
        NO_PLAN,
        lambda period, name: _Form(period.folder, name),
    )
    return chosen.form()
