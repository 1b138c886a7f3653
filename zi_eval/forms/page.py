"""The screen in the browser: one widget whose script shows the state and sends what people do."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import anywidget

from zi_eval.forms.follower import Follower
from zi_eval.forms.state import FormState

__all__ = ["FormPage", "LivePage", "PageState"]

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


class PageState(Protocol):
    """What a screen shows and sends changes to."""

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one message of a screen."""

    def news(self) -> dict[str, Any] | None:
        """Return what open screens should be told, None where there is nothing."""

    def close(self) -> None:
        """Write what is left."""


class LivePage(anywidget.AnyWidget):
    """A screen that asks for the whole state when it opens, and is told what others change.

    Nothing is kept in the widget's traits, so a reloaded page shows what is saved. The thread that
    tells the news sleeps while no screen is open and ends with :meth:`close`.
    """

    def __init__(self, state: PageState) -> None:
        super().__init__()
        self._shown = state
        self._heard = 0.0
        self._sending = threading.Lock()  # what is told later must also arrive later
        self._ended = threading.Event()
        self._awake = threading.Event()
        self.on_msg(self._receive)
        self._listener = threading.Thread(target=self._listen, name="zi-eval-news", daemon=True)
        self._listener.start()

    @property
    def is_open(self) -> bool:
        """Whether a screen has shown a sign of life lately."""
        return time.monotonic() - self._heard < SLEEP_AFTER

    def _receive(self, _: Any, message: dict[str, Any], __: Any) -> None:
        self._heard = time.monotonic()
        self._awake.set()
        with self._sending:
            self.send(self._shown.answer(message))

    def _listen(self) -> None:
        while not self._ended.wait(NEWS_EVERY):
            if not self.is_open:
                self._awake.clear()
                if not self._ended.is_set():
                    self._awake.wait()
                continue
            self._prepare_news()
            with self._sending:
                news = self._shown.news()
                if news is not None:
                    self.send(news)

    def _prepare_news(self) -> None:
        """Do what the next news need and no answer should wait for."""

    def _end(self) -> None:
        """End what else is under way, before the state is closed."""

    def close(self) -> None:
        """End the screen: write what is left, stop looking for changes."""
        if not self._ended.is_set():
            self._ended.set()
            self._awake.set()
            if threading.current_thread() is not self._listener:
                self._listener.join()
            self._end()
            self._shown.close()
        super().close()


class FormPage(LivePage):
    """Shows a :class:`FormState` and lets people change it.

    Soon after a screen opened it is told what data propose; a thread of its own finds the way to
    the predicate for screens that ask, so that no answer waits for it.
    """

    _esm = "\n".join((SCREEN / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    _css = (SCREEN / "page.css").read_text(encoding="utf-8")

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
