"""The performance form that notebooks show: filter, open an indicator, fill in, see the light."""

from __future__ import annotations

import time
from pathlib import Path

from zi_eval.performance.form.state import PerformanceState
from zi_eval.screen.live_page import LivePage, screen_text

__all__ = ["PerformanceScreen", "open_performance_form"]

_shown: list[PerformanceScreen] = []


class PerformanceScreen(LivePage):
    """Shows a :class:`PerformanceState`; told of and asked the same way as the answers' form."""

    _esm = screen_text(
        "screen/elements.js",
        "screen/app.js",
        "screen/start.js",
        "performance/form/kinerja_indicator.js",
        "performance/form/kinerja.js",
    )
    _css = screen_text("screen/colors.css", "screen/page.css", "performance/form/kinerja.css")

    def __init__(self, state: PerformanceState) -> None:
        super().__init__(state)
        self.state = state
        self._heard = time.monotonic()  # a browser needs a moment until it shows it


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
    # A cell that is run again leaves a form behind; one that no browser shows any more is closed.
    for page in [page for page in _shown if not page.is_open]:
        page.close()
        _shown.remove(page)
    page = PerformanceScreen(PerformanceState.open(Path(folder), unit))
    _shown.append(page)
    return page
