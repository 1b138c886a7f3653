"""JupyterLab's pages in one browser window, loaded once and lent to one test after another.

Loading JupyterLab takes a page as long as most tests take for all they do. A lent page has no
notebook open; when it is given back, its notebooks are closed and their kernels ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page

from tests.browser.lab import Server

__all__ = ["Desk"]

CLEAR = """async () => {
  for (const panel of [...(window.jupyterapp?.shell.widgets("main") ?? [])]) {
    await panel.sessionContext?.shutdown();
    panel.dispose();
  }
}"""
"""Not JupyterLab's own closing: that asks whether what is not saved may be lost."""


class Desk:
    """The pages of a window, which share its cache and its login.

    Parameters
    ----------
    context
        The window.
    lab
        The JupyterLab that its pages show.
    """

    def __init__(self, context: BrowserContext, lab: Server) -> None:
        self._context = context
        self._idle: list[Page] = []
        self._away: list[str] = []
        own = (lab.url, lab.url.replace("http", "ws", 1), "data:", "blob:")
        context.on(
            "request",
            lambda request: request.url.startswith(own) or self._away.append(request.url),
        )

    @contextmanager
    def lend(self, width: int = 1366, height: int = 768) -> Iterator[Page]:
        """Lend a page of a size.

        Raises
        ------
        AssertionError
            Where a script of it failed, or it asked another than its JupyterLab for something.
        """
        page = self._idle.pop() if self._idle else self._context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        errors: list[str] = []

        def note(error: Exception) -> None:
            errors.append(str(error))

        page.on("pageerror", note)
        try:
            yield page
        except BaseException:
            page.close()
            raise
        page.remove_listener("pageerror", note)
        page.evaluate(CLEAR)
        self._idle.append(page)
        assert errors == [], errors
        assert self._away == [], self._away
