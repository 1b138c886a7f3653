"""The kit of live screens: a widget whose script shows the state and sends what people do."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, Final

import anywidget

from zi_eval.screen.state import LiveState

__all__ = ["LivePage", "screen_text"]

PACKAGE: Final = Path(__file__).resolve().parent.parent
NEWS_EVERY = 0.7
"""Seconds between two looks for the changes of others."""
SLEEP_AFTER = 30.0
"""Seconds without a sign of life of any screen after which nobody looks any more."""


def screen_text(*names: str) -> str:
    """Return scripts or styles as one text; each is named by its path in the package."""
    return "\n".join((PACKAGE / name).read_text(encoding="utf-8") for name in names)


class LivePage(anywidget.AnyWidget):
    """A screen that asks for the whole state when it opens, and is told what others change.

    Nothing is kept in the widget's traits, so a reloaded page shows what is saved. The thread that
    tells the news sleeps while no screen is open and ends with :meth:`close`.
    """

    def __init__(self, state: LiveState) -> None:
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
