"""The work-plan form that notebooks show: filter, open an activity, report it, add others."""

from __future__ import annotations

from pathlib import Path

from zi_eval.screen.table_page import TablePage, show_page, table_script, table_style
from zi_eval.workplan.form.state import Seeds, WorkPlanState

__all__ = ["WorkPlanScreen", "open_workplan_form"]


class WorkPlanScreen(TablePage):
    """Shows a :class:`WorkPlanState`."""

    _esm = table_script(
        "workplan/form/activity.js", "workplan/form/add.js", "workplan/form/workplan.js"
    )
    _css = table_style("workplan/form/workplan.css")


def open_workplan_form(folder: str | Path, unit: str, seeds: Seeds = tuple) -> WorkPlanScreen:
    """Return the form in which a unit reports its activities and adds others.

    Every change stands in the unit's table when the screen says that it is saved; a unit without a
    table gets one with the first activity.

    Parameters
    ----------
    folder
        The period's folder, e.g. ``parameters/2026``.
    unit
        The unit's id.
    seeds
        What may be added; asked for when a person wants to add something.

    Raises
    ------
    ParameterError
        With every problem, where its table or the agency's file has errors.
    """
    return show_page(WorkPlanScreen(WorkPlanState(Path(folder), unit, seeds)))
