"""Live screens without a browser: messages to them as the front end would send them."""

from __future__ import annotations

import threading
from typing import Any

from zi_eval.screen.live_page import LivePage


def tell(page: LivePage, **message: Any) -> None:
    """Let the page receive one message of a screen."""
    data = {"method": "custom", "content": message}
    page.comm.handle_msg({"content": {"data": data}, "buffers": []})


def running_threads() -> list[str]:
    """Return the names of the package's own threads that are still alive."""
    return [t.name for t in threading.enumerate() if t.name.startswith("zi-eval")]
