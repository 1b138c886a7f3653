"""The LKE form in the browser: the screen of a :class:`FormState`, and what it is told between."""

from __future__ import annotations

from typing import Any

from zi_eval.forms.state import FormState
from zi_eval.journal.follower import Follower
from zi_eval.screen.live_page import LivePage, screen_text

__all__ = ["FormPage"]

SCRIPTS = (
    "screen/elements.js",
    "forms/proposal.js",
    "forms/score.js",
    "improvement/form/what_if.js",
    "forms/changes.js",
    "forms/attach.js",
    "forms/criteria.js",
    "forms/question.js",
    "forms/identity.js",
    "screen/app.js",
    "screen/start.js",
    "forms/review.js",
    "forms/table.js",
    "forms/browse.js",
    "forms/page.js",
)
WAY_AGAIN = 0.3
"""Seconds until a way that was overtaken is looked for again."""


class FormPage(LivePage):
    """Shows a :class:`FormState` and lets people change it.

    Soon after a screen opened it is told what data propose; a thread of its own finds the way to
    the predicate for screens that ask, so that no answer waits for it.
    """

    _esm = screen_text(*SCRIPTS)
    _css = screen_text("screen/colors.css", "screen/page.css")

    def __init__(self, state: FormState) -> None:
        super().__init__(state)
        self.state = state
        self._ways = Follower(self._tell_way, "zi-eval-way")

    def _receive(self, sender: Any, message: dict[str, Any], buffers: Any) -> None:
        super()._receive(sender, message, buffers)
        if self.state.ways.is_asked:
            self._ways.call(0)

    def _prepare_news(self) -> None:
        self.state.refresh_proposals()

    def _tell_way(self) -> float | None:
        way = self.state.ways.find()
        if way is not None:
            with self._sending:
                self.send(way)
        return WAY_AGAIN if self.state.ways.is_asked else None

    def _end(self) -> None:
        self._ways.close()
