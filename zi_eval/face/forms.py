"""The forms of the notebooks: questionnaire of unit and TPI, performance, work plan, register."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zi_eval.face.books import NO_PLAN
from zi_eval.face.display import NO_UNIT
from zi_eval.face.picker import choose_unit
from zi_eval.period.folders import find_period
from zi_eval.period.reading import Period

if TYPE_CHECKING:
    import ipywidgets

    from zi_eval.recommendations.values import Recommendation
    from zi_eval.workplan.plan import Activity

__all__ = [
    "performance_form",
    "register_form",
    "unit_form",
    "verification_form",
    "workplan_form",
]


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

    def __init__(self, form: Callable[[], Any]) -> None:
        self.form = form


def _open_form(
    parameters_folder: str,
    unit: str,
    units: Callable[[Period], Iterable[str]],
    nothing: str,
    opening: Callable[[Path, str], Any],
    begun: Callable[[Period], Collection[str]] = lambda _: (),
) -> Any:
    """Return the form of a unit, or one below a list of units to choose from."""
    if unit:
        return opening(find_period(parameters_folder), unit)
    chosen = choose_unit(
        parameters_folder,
        units,
        nothing,
        lambda period, name: _Form(lambda: opening(period.folder, name)),
        begun,
    )
    return chosen.form()


def performance_form(parameters_folder: str = "", unit: str = "") -> Any:
    """Return the form in which a unit fills in results, causes and what it does about them.

    Parameters
    ----------
    parameters_folder, unit
        As :func:`~zi_eval.face.books.performance_report`.
    """
    from zi_eval.performance.form.screen import open_performance_form
    from zi_eval.performance.load import find_plans

    return _open_form(
        parameters_folder,
        unit,
        lambda period: find_plans(period.folder),
        NO_PLAN,
        open_performance_form,
    )


def workplan_form(parameters_folder: str = "", unit: str = "") -> Any:
    """Return the form in which a unit reports its activities of building ZI and adds others.

    Parameters
    ----------
    parameters_folder, unit
        As :func:`~zi_eval.face.books.workplan_report`; a unit without a plan begins one.
    """
    from zi_eval.workplan.files import TABLES
    from zi_eval.workplan.form.screen import open_workplan_form

    def opening(folder: Path, name: str) -> Any:
        return open_workplan_form(folder, name, lambda: _seeds(folder, name))

    return _open_form(
        parameters_folder,
        unit,
        lambda period: period.unit_files,
        NO_UNIT,
        opening,
        lambda period: TABLES.find_all(period.folder),
    )


def _seeds(folder: Path, unit: str) -> tuple[Activity, ...]:
    """Return what may be added to a unit's plan, by its file as it is now."""
    from zi_eval.case import load_case

    return load_case(Period(folder).find(unit)).seeds


def register_form(parameters_folder: str = "", unit: str = "") -> Any:
    """Return the form in which a unit reports what became of recommendations and the TPI verifies.

    Parameters
    ----------
    parameters_folder
        As :func:`~zi_eval.face.books.workplan_report`.
    unit
        A unit's id, or ``instansi``; where empty, a list is shown.
    """
    from zi_eval.recommendations.form.screen import open_register_form
    from zi_eval.recommendations.load import TABLES, load_registers
    from zi_eval.recommendations.values import AGENCY

    def opening(folder: Path, name: str) -> Any:
        return open_register_form(folder, name, lambda: _recommended(folder, name))

    def units(period: Period) -> list[str]:
        found = list(period.unit_files)
        return [*found, AGENCY] if found or TABLES.has(period.folder, AGENCY) else []

    return _open_form(parameters_folder, unit, units, NO_UNIT, opening, load_registers)


def _recommended(folder: Path, unit: str) -> dict[str, tuple[Recommendation, ...]]:
    """Return what may be added to a unit's register, by its file and decisions as they are now."""
    from zi_eval.case import evaluate_whole
    from zi_eval.letters.load import load_entries
    from zi_eval.national.load import load_stages
    from zi_eval.recommendations.load import decision_entries
    from zi_eval.recommendations.values import Origin
    from zi_eval.report.made import Made

    period = Period(folder)
    if period.find_unit(unit) is None:
        return {}
    evaluation, today = evaluate_whole(period, period.find(unit)), Made.now().time.date()
    found = {
        "Catatan TPI": load_entries(period, evaluation, Origin.TPI, today),
        "Rekomendasi LHE": load_entries(period, evaluation, Origin.LHE, today),
        "Keputusan TPN": decision_entries(load_stages(period), unit),
    }
    return {title: items for title, items in found.items() if items}
