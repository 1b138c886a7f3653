"""A live screen in a real browser without Jupyter: its own script, style and state, nothing else.

What JupyterLab does between the two, carrying messages, a few lines do here, so that the many
states of a form are opened in a moment. That the notebooks show the same is tested beside it, in
a real JupyterLab and in the app.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from zi_eval.screen.live_page import LivePage
from zi_eval.screen.state import LiveState

__all__ = ["open_on_stage"]

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


def open_on_stage(
    page: Page, kind: type[LivePage], state: LiveState, *, dark: bool = False, **options: Any
) -> None:
    """Show a screen and wait until it can be used.

    Parameters
    ----------
    kind
        Whose script and style are shown.
    state
        Who answers its messages; the caller closes it.
    dark
        Whether the page says what JupyterLab's dark theme says.
    """

    def ask(message: dict[str, Any]) -> list[dict[str, Any]]:
        answer = state.answer(message)
        if message.get("type") == "ping":
            refresh = getattr(state, "refresh_proposals", None)
            if refresh is not None:
                refresh()
        ways = getattr(state, "ways", None)
        way = ways.find() if ways is not None and ways.is_asked else None
        news = state.news() if message.get("type") == "ping" else None
        return [item for item in (answer, way, news) if item]

    page.expose_function("stageAsk", ask)
    page.set_content(
        SHELL.format(
            style=kind._css,  # noqa: SLF001
            back="#111" if dark else "#fff",
            light=str(not dark).lower(),
        )
    )
    page.evaluate(MOUNT, kind._esm)  # noqa: SLF001
    page.wait_for_selector(".zi-form[data-ready]")
