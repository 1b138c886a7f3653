"""What every request passes before the documents: its token, its limits, its line in the log.

Paths and methods are looked at only behind the gate, so that whoever has no valid token gets the
same answer by the same way whatever was asked for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from zi_eval.portal.access_log import log_access
from zi_eval.portal.limits import RateLimit, network_of
from zi_eval.portal.schema import error_document
from zi_eval.portal.tokens import TokenFile, TokenStanding

__all__ = ["RATE", "Gate", "behind_proxy", "error_response"]

SECONDS = 30.0
"""Until a request must have been answered, and its answer taken."""
RATE = 250.0
"""Requests a second of one token, twice as many at once: more than a portal needs to fetch."""
FAILURE_RATE, FAILURE_BURST = 0.5, 30.0
"""Requests without a valid token, of one sender: 30 at once, then 30 a minute."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
TRANSPORT_SECURITY = "max-age=31536000"
_LOG = logging.getLogger("zi_eval.portal")


def error_response(status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an error as the guide wants it."""
    return JSONResponse(error_document(status), status, headers)


def _failures() -> RateLimit:
    return RateLimit(FAILURE_RATE, FAILURE_BURST)


def _requests() -> RateLimit:
    return RateLimit(RATE, 2 * RATE)


@dataclass(slots=True)
class _Visit:
    """What is known of a request while it goes through."""

    started: float = field(default_factory=time.perf_counter)
    who: str = "-"
    status: int = 0


@dataclass
class Gate:
    """ASGI middleware around the documents.

    Attributes
    ----------
    requests, failures
        The limits of a token, and of a sender without a valid one. A sender's failures never
        hold back a valid token, or a stranger behind the same proxy could shut the portal out.
    """

    app: ASGIApp
    tokens: TokenFile
    requests: RateLimit = field(default_factory=_requests)
    failures: RateLimit = field(default_factory=_failures)
    seconds: float = SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here; log it either way."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visit = _Visit()

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit.status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
            await send(message)

        try:
            answer = self._check(scope, visit) or self.app
            async with asyncio.timeout(self.seconds):  # also for whoever takes no answer
                await answer(scope, receive, send_dressed)
        except Exception:
            _LOG.exception("request failed")
            if visit.status:  # too late to say anything else: the connection is closed
                raise
            await error_response(500)(scope, receive, send_dressed)
        finally:
            client = scope.get("client")
            log_access(
                time=datetime.now().astimezone(),
                who=visit.who,
                address=client[0] if client else "-",
                method=scope["method"],
                path=scope.get("raw_path", b"").partition(b"?")[0].decode("ascii", "replace"),
                status=visit.status,
                seconds=time.perf_counter() - visit.started,
            )

    def _check(self, scope: Scope, visit: _Visit) -> JSONResponse | None:
        """Return the refusal of a request, None where it may go on."""
        found = self.tokens.find(_presented(scope))
        if found is None or found[1] is not TokenStanding.VALID:
            visit.who = "-" if found is None else f"{found[0].name} ({found[1].value})"
            client = scope.get("client")
            wait = self.failures.take(network_of(client[0]) if client else "")
            return _too_many(wait) if wait else error_response(401, {"WWW-Authenticate": "Bearer"})
        token = found[0]
        visit.who = token.name
        wait = self.requests.take(token.name)
        if wait:
            return _too_many(wait)
        scope.setdefault("state", {})["scopes"] = token.scopes
        return None


def _presented(scope: Scope) -> str:
    """Return the bearer token of a request, empty where there is not exactly one."""
    values = Headers(scope=scope).getlist("authorization")
    scheme, _, text = values[0].partition(" ") if len(values) == 1 else ("", "", "")
    return text.strip() if scheme.casefold() == "bearer" else ""


def _too_many(wait: int) -> JSONResponse:
    return error_response(429, {"Retry-After": str(wait)})


def behind_proxy(app: ASGIApp, addresses: list[str]) -> ASGIApp:
    """Serve the proxy only, and believe what it says of the client's address and scheme.

    Anybody else who reaches the port would send a token in the clear, and could say anything in
    the forwarded headers.
    """
    trusting = ProxyHeadersMiddleware(app, trusted_hosts=addresses)  # type: ignore[arg-type]

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] == "http" and (client is None or client[0] not in addresses):
            _LOG.warning("refused, not the proxy: %r", client and client[0])
            await error_response(403)(scope, receive, send)
            return
        await trusting(scope, receive, send)  # type: ignore[arg-type]

    return serve
