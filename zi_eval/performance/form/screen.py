"""The performance form that notebooks show: filter, open an indicator, fill in, see the light."""

from __future__ import annotations

from pathlib import Path

from zi_eval.performance.form.state import PerformanceState
from zi_eval.screen.table_page import TablePage, show_page, table_script, table_style

__all__ = ["PerformanceScreen", "open_performance_form"]


class PerformanceScreen(TablePage):
    """Shows a :class:`PerformanceState`."""

    _esm = table_script("performance/form/kinerja_indicator.js", "performance/form/kinerja.js")
    _css = table_style("performance/form/kinerja.css")


def open_performance_form(folder: str | Path, unit: str) -> PerformanceScreen:
    """Return the form in which a unit fills in realisation, causes and follow-up.

    Every change stands in the unit's performance table when the screen says that it is saved.

    Parameters
    ----------
    folder
        The period's folder, e.g. ``parameters/2026``.
    unit
        The unit's id.

    Raises
    ------
    WorkspaceError
        Where the unit has no performance table.
    ParameterError
        With every problem, where its table or the agency's file has errors.
    """
    return show_page(PerformanceScreen(PerformanceState.open(Path(folder), unit)))
