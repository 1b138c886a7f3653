"""A live screen in a real browser without Jupyter: its own script, style and state, nothing else.

What JupyterLab does between the two, carrying messages, a few lines do here, so that the many
states of a form are opened in a moment. That the notebooks show the same is tested beside it, in
a real JupyterLab and in the app.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.waiting import NET
from zi_eval.screen.live_page import LivePage
from zi_eval.screen.state import LiveState

__all__ = ["Stage", "open_on_stage"]

SHELL = """<!doctype html><html lang="id"><head><title>Formulir</title>
<meta name="viewport" content="width=device-width">
<style>body {{ margin: 0; background: {back}; }} main {{ padding: 8px; }}
h1 {{ position: absolute; clip-path: inset(50%); }}</style><style>{style}</style></head>
<body data-jp-theme-light="{light}">
<main><h1>Formulir</h1><div id="place"></div></main></body></html>"""
MOUNT = """async (script) => {
  const listeners = new Set();
  window.stageTold = (message) => listeners.forEach((tell) => tell(message));
  const model = {
    send: async (message) => {
      for (const answer of await window.stageAsk(message)) window.stageTold(answer);
    },
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
  };
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: screen } = await import(address);
  screen.render({ model, el: document.getElementById("place") });
}"""


class Stage:
    """The pages of a browser, each lent to one screen after another.

    Making a page takes the browser as long as most tests take for all they do. Each has a window
    of its own: one that lies behind another is painted once a second, and a click waits for two.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: list[Page] = []
        self._states: dict[Page, LiveState] = {}
        self._heard: dict[Page, list[str]] = {}

    @contextmanager
    def show(
        self,
        kind: type[LivePage],
        state: LiveState,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
    ) -> Iterator[Page]:
        """Lend a page with a screen that can be used, and close both in the end.

        Parameters
        ----------
        kind
            Whose script and style are shown.
        state
            Who answers its messages; closed with the page.
        dark
            Whether the page says what JupyterLab's dark theme says.

        Raises
        ------
        AssertionError
            Where a script of the screen failed.
        """
        page = self._idle.pop() if self._idle else self._make()
        errors: list[str] = []

        def note(error: Exception) -> None:
            errors.append(str(error))

        page.on("pageerror", note)
        self._states[page], self._heard[page] = state, []
        try:
            page.set_viewport_size({"width": width, "height": height})
            _mount(page, kind, dark)
            yield page
        except BaseException:
            page.close()
            state.close()
            raise
        page.goto("about:blank")
        page.remove_listener("pageerror", note)
        state.close()
        self._idle.append(page)
        assert errors == [], errors

    def tell_news(self, page: Page) -> None:
        """Tell a screen what others changed, as a form does by itself now and then."""
        news = self._states[page].news()
        if news is not None:
            page.evaluate("(news) => window.stageTold(news)", news)

    def heard(self, page: Page) -> list[str]:
        """Return the kinds of messages that a screen has sent, the list that grows."""
        return self._heard[page]

    def close(self) -> None:
        """Close all pages."""
        for page in self._idle:
            page.close()

    def _make(self) -> Page:
        page = self._browser.new_page()  # in a window of its own
        page.set_default_timeout(NET * 1000)
        page.expose_function("stageAsk", lambda message: self._answer(page, message))
        return page

    def _answer(self, page: Page, message: dict[str, Any]) -> list[dict[str, Any]]:
        state = self._states[page]
        self._heard[page].append(message.get("type", ""))
        return _answers(state, message)


def open_on_stage(
    page: Page, kind: type[LivePage], state: LiveState, *, dark: bool = False
) -> None:
    """Show a screen on a page of its own; who calls closes the state."""
    page.expose_function("stageAsk", lambda message: _answers(state, message))
    _mount(page, kind, dark)


def _answers(state: LiveState, message: dict[str, Any]) -> list[dict[str, Any]]:
    answer = state.answer(message)
    if message.get("type") == "ping":
        refresh = getattr(state, "refresh_proposals", None)
        if refresh is not None:
            refresh()
    ways = getattr(state, "ways", None)
    way = ways.find() if ways is not None and ways.is_asked else None
    news = state.news() if message.get("type") == "ping" else None
    return [item for item in (answer, way, news) if item]


def _mount(page: Page, kind: type[LivePage], dark: bool) -> None:
    """Put a screen's script and style on a page and wait until it can be used."""
    page.set_content(
        SHELL.format(
            style=kind._css,  # noqa: SLF001
            back="#111" if dark else "#fff",
            light=str(not dark).lower(),
        )
    )
    page.evaluate(MOUNT, kind._esm)  # noqa: SLF001
    page.wait_for_selector(".zi-form[data-ready]")
