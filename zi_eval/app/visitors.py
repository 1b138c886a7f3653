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
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import PasswordIdentityProvider, User
from tornado.web import RequestHandler
from voila.voila_identity_provider import VoilaLoginHandler

from zi_eval.app.keys import Key, KeyFile
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
        self._owners: dict[str, Key] = {}
        self.keys: KeyFile | None = None
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
        owner = self._owners.get(user.username)
        is_revoked = owner is not None and not (self.keys and self.keys.is_valid(owner.id))
        if used is None or self._clock() - used > SESSION_SECONDS or is_revoked:
            self._end(user)
            return None
        self._sessions[user.username] = self._clock()
        self._sessions.move_to_end(user.username)
        return user

    def set_login_cookie(self, handler: RequestHandler, user: User) -> None:
        """Begin a session."""
        self._sessions[user.username] = self._clock()
        while len(self._sessions) > MOST_SESSIONS:
            forgotten, _ = self._sessions.popitem(last=False)
            self._owners.pop(forgotten, None)
        super().set_login_cookie(handler, user)

    def clear_login_cookie(self, handler: RequestHandler) -> None:
        """End the session that a cookie names, here and in the browser."""
        user = super().get_user_cookie(handler)
        if isinstance(user, User):
            self._end(user)
        super().clear_login_cookie(handler)

    def _end(self, user: User) -> None:
        self._sessions.pop(user.username, None)
        self._owners.pop(user.username, None)

    def owner(self, user: User | None) -> Key | None:
        """Return the key by which a visitor came in; None where it was the common one."""
        return None if user is None else self._owners.get(user.username)

    def _by_key(self, presented: str) -> User | None:
        """Return a visitor for the key of a person."""
        key = self.keys.find(presented) if self.keys and presented else None
        if key is None:
            return None
        user = User(uuid.uuid4().hex, key.name, key.name)
        self._owners[user.username] = key
        return user

    def process_login_form(self, handler: RequestHandler) -> User | None:
        """Return the visitor for what was typed: the key of a person, or the common one."""
        typed = handler.get_argument("password", default="")
        return self._by_key(typed) or super().process_login_form(handler)

    async def get_user_token(self, handler: RequestHandler) -> User | None:
        """Return the visitor for a token in the address: of a person, or the common one."""
        known = self.get_user_cookie(handler)
        presented = self.get_token(handler) or ""
        key = self.keys.find(presented) if self.keys and presented else None
        if key is not None:
            is_same = known is not None and self.owner(known) == key
            return known if is_same else self._by_key(presented)
        return await super().get_user_token(handler)


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
