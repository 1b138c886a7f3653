"""The screen in the browser: one widget whose script shows the state and sends what people do."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, Final

import anywidget

from zi_eval.forms.follower import Follower
from zi_eval.forms.state import FormState

__all__ = ["FormPage"]

SCREEN: Final = Path(__file__).parent / "screen"
SCRIPTS = (
    "elements",
    "proposal",
    "score",
    "what_if",
    "question",
    "identity",
    "app",
    "browse",
    "page",
)
NEWS_EVERY = 0.7
"""Seconds between two looks for the changes of others."""
WAY_AGAIN = 0.3
"""Seconds until a way that was overtaken is looked for again."""
SLEEP_AFTER = 30.0
"""Seconds without a sign of life of any screen after which nobody looks any more."""


class FormPage(anywidget.AnyWidget):
    """Shows a :class:`FormState` and lets people change it.

    Nothing is kept in the widget's traits: a screen asks for the whole state when it opens, so a
    reloaded page shows what is saved. A thread tells open screens what others changed and, soon
    after they opened, what data propose; another finds the way to the predicate for screens that
    ask, so that no answer waits for it. Both sleep while no screen is open and end with
    :meth:`close`.
    """

    _esm = "\n".join((SCREEN / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    _css = (SCREEN / "page.css").read_text(encoding="utf-8")

    def __init__(self, state: FormState) -> None:
        super().__init__()
        self.state = state
        self._heard = 0.0
        self._sending = threading.Lock()  # what is told later must also arrive later
        self._ended = threading.Event()
        self._awake = threading.Event()
        self.on_msg(self._receive)
        self._listener = threading.Thread(target=self._listen, name="zi-eval-news", daemon=True)
        self._listener.start()
        self._ways = Follower(self._tell_way, "zi-eval-way")

    @property
    def is_open(self) -> bool:
        """Whether a screen has shown a sign of life lately."""
        return time.monotonic() - self._heard < SLEEP_AFTER

    def _receive(self, _: Any, message: dict[str, Any], __: Any) -> None:
        self._heard = time.monotonic()
        self._awake.set()
        with self._sending:
            self.send(self.state.answer(message))
        if self.state.ways.is_asked:
            self._ways.call(0)

    def _listen(self) -> None:
        while not self._ended.wait(NEWS_EVERY):
            if not self.is_open:
                self._awake.clear()
                if not self._ended.is_set():
                    self._awake.wait()
                continue
            self.state.refresh_proposals()
            with self._sending:
                news = self.state.news()
                if news is not None:
                    self.send(news)

    def _tell_way(self) -> float | None:
        way = self.state.ways.find()
        if way is not None:
            with self._sending:
                self.send(way)
        return WAY_AGAIN if self.state.ways.is_asked else None

    def close(self) -> None:
        """End the screen: write what is left, stop looking for changes."""
        if not self._ended.is_set():
            self._ended.set()
            self._awake.set()
            if threading.current_thread() is not self._listener:
                self._listener.join()
            self._ways.close()
            self.state.close()
        super().close()
