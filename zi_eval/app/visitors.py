"""Who is in: sessions kept on the server, tries to log in counted, passwords checked off the loop.

A cookie names a session; leaving the app, or not using it for half a day, ends it here, so that a
cookie copied before opens nothing after.
"""

# Jupyter's handlers and providers have types in part only.
# mypy: disable-error-code="misc, no-untyped-call"

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import PasswordIdentityProvider, User
from tornado.web import RequestHandler
from voila.voila_identity_provider import VoilaLoginHandler

from zi_eval.portal.limits import RateLimit, network_of

__all__ = ["LoginPage", "Visitors"]

SESSION_SECONDS: Final = 12 * 60 * 60
"""A session that nobody used for so long has ended."""
MOST_SESSIONS: Final = 10_000
OWN_TRIES: Final = (1 / 12, 5)
"""Tries a second of one sender, and how many at once: five, then one in twelve seconds."""
ALL_TRIES: Final = (2.0, 60)
"""Of all senders together: each try costs a slow hash."""
_LOG = logging.getLogger("zi_eval.app")


class Visitors(PasswordIdentityProvider):
    """Jupyter's way of knowing visitors, with sessions that end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, **settings: Any) -> None:
        super().__init__(**settings)
        self._clock = clock
        self._sessions: OrderedDict[str, float] = OrderedDict()
        self.own_tries = RateLimit(*OWN_TRIES, clock)
        self.all_tries = RateLimit(*ALL_TRIES, clock)
        # One at a time: a hash takes tens of megabytes, and others are let in meanwhile.
        self.hashing = ThreadPoolExecutor(1, "zi-eval-login")

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return the pages to come in and to leave."""
        return [(r"/login", LoginPage), (r"/logout", self.logout_handler_class)]

    def get_user_cookie(self, handler: RequestHandler) -> User | None:
        """Return the visitor a cookie names, None where the session has ended."""
        user = super().get_user_cookie(handler)
        if not isinstance(user, User):
            return None
        used = self._sessions.get(user.username)
        if used is None or self._clock() - used > SESSION_SECONDS:
            self._sessions.pop(user.username, None)
            return None
        self._sessions[user.username] = self._clock()
        self._sessions.move_to_end(user.username)
        return user

    def set_login_cookie(self, handler: RequestHandler, user: User) -> None:
        """Begin a session."""
        self._sessions[user.username] = self._clock()
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        super().set_login_cookie(handler, user)

    def clear_login_cookie(self, handler: RequestHandler) -> None:
        """End the session that a cookie names, here and in the browser."""
        user = super().get_user_cookie(handler)
        if isinstance(user, User):
            self._sessions.pop(user.username, None)
        super().clear_login_cookie(handler)


class LoginPage(VoilaLoginHandler):
    """The page where a visitor gives the token or the password."""

    @allow_unauthenticated
    async def post(self) -> None:
        """Let a visitor in, or say why not and for how long."""
        visitors: Visitors = self.identity_provider
        sender = network_of(self.request.remote_ip or "")
        wait = visitors.own_tries.take(sender) or visitors.all_tries.take("")
        if wait:
            _LOG.warning("login from %s refused: too many tries", sender)
            self.set_status(429)
            self.set_header("Retry-After", str(wait))
            self._render(message={"wait": wait})
            return
        loop = asyncio.get_running_loop()
        user = await loop.run_in_executor(visitors.hashing, visitors.process_login_form, self)
        if user is None:
            _LOG.warning("login from %s refused: wrong key", sender)
            self.set_status(401)
            self._render(message={"error": "wrong"})
            return
        _LOG.info("login from %s", sender)
        self.current_user = user
        visitors.set_login_cookie(self, user)
        self._redirect_safe(self.get_argument("next", default=self.base_url))
