"""One line of JSON a request: who, what, how it ended; never a token, a query or a body."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from typing import TextIO

__all__ = ["log_access", "log_to"]

_LOG = logging.getLogger("zi_eval.portal.access")
LONGEST = 200


def log_access(
    *, time: datetime, who: str, address: str, method: str, path: str, status: int, seconds: float
) -> None:
    """Write the line of one request.

    Parameters
    ----------
    who
        The token's name, with its standing where it is not valid; ``-`` where there is none.
    path
        As it was sent (percent-encoded), without its query, in which a token may stand.
    """
    line = {
        "time": time.isoformat(timespec="milliseconds"),
        "who": who,
        "address": address,
        "method": method[:LONGEST],
        "path": path[:LONGEST],
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    # ASCII only: what a stranger sent can neither start a new line nor steer a terminal.
    _LOG.info("%s", json.dumps(line))


def log_to(stream: TextIO | None = None) -> None:
    """Send the service's log to ``stream``, standard output by default."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("zi_eval.portal")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
