"""The widget of a table's screen: which scripts it is made of, and what a cell run again closes."""

from __future__ import annotations

import time
from typing import TypeVar

from zi_eval.screen.live_page import LivePage, screen_text
from zi_eval.screen.table_state import TableState

__all__ = ["TablePage", "show_page", "table_script", "table_style"]

_shown: list[TablePage] = []


def table_script(*names: str) -> str:
    """Return the script of a table's screen; ``names`` are its own parts, the screen last."""
    return screen_text(
        "screen/elements.js",
        "screen/app.js",
        "screen/start.js",
        "screen/table_row.js",
        "screen/table_form.js",
        "screen/table_add.js",
        *names,
    )


def table_style(*names: str) -> str:
    """Return the style of a table's screen with its own parts."""
    return screen_text("screen/colors.css", "screen/page.css", "screen/table_form.css", *names)


class TablePage(LivePage):
    """Shows a :class:`TableState`; told of and asked the same way as the answers' form."""

    def __init__(self, state: TableState) -> None:
        super().__init__(state)
        self.state = state
        self._heard = time.monotonic()  # a browser needs a moment until it shows it


P = TypeVar("P", bound=TablePage)


def show_page(page: P) -> P:
    """Return a page to be shown, and close those that no browser shows any more.

    A cell that is run again leaves a form behind.
    """
    for other in [other for other in _shown if not other.is_open]:
        other.close()
        _shown.remove(other)
    _shown.append(page)
    return page
