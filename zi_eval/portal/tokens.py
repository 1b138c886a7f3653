"""Bearer tokens: made once, shown once, kept as hashes, each with its scope and its last day.

A token is 256 random bits, so its SHA-256 is enough: a slow hash protects words that people think
of and that can be guessed offline, and would here only make every request slow. Several tokens hold
at the same time, so that a new one is handed over before the old one is revoked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import filelock

from zi_eval.errors import WorkspaceError
from zi_eval.files import write_bytes

__all__ = ["SCOPES", "Token", "TokenFile", "TokenStanding", "make_token"]

SCOPES: Final = ("wbk", "wbbm", "jawaban")
"""The three documents, in the order of the guide."""
PREFIX: Final = "zie_"
"""Makes a token that leaked into a repository or a log findable by secret scanners."""
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
LONGEST = 512
LOCK_SECONDS = 10


class TokenStanding(StrEnum):
    """Whether a token may be used."""

    VALID = "berlaku"
    EXPIRED = "kedaluwarsa"
    REVOKED = "dicabut"


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token; the token itself is not.

    Attributes
    ----------
    sha256
        Of the token, in hexadecimal.
    scopes
        The documents it opens, of :data:`SCOPES`.
    created, expires, revoked
        With their time zone; ``revoked`` is None while it was not.
    """

    name: str
    sha256: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime
    revoked: datetime | None = None

    def standing(self, now: datetime) -> TokenStanding:
        """Return whether the token may be used at ``now``."""
        if self.revoked is not None:
            return TokenStanding.REVOKED
        return TokenStanding.EXPIRED if now >= self.expires else TokenStanding.VALID


def make_token(
    name: str, scopes: Iterable[str], created: datetime, expires: datetime
) -> tuple[str, Token]:
    """Return a new token and what is kept of it."""
    text = PREFIX + secrets.token_urlsafe(32)
    kept = tuple(scope for scope in SCOPES if scope in set(scopes))
    return text, Token(name, _hash(text), kept, created, expires)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TokenFile:
    """The file with the hashes; a change of it counts from the next request on.

    Parameters
    ----------
    clock
        Gives the time, with its zone.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = _utc_now) -> None:
        self.path, self._clock = path, clock
        self._state: tuple[int, ...] | None = None
        self._tokens: tuple[Token, ...] = ()

    def read(self) -> tuple[Token, ...]:
        """Return all tokens of the file, none where there is no file.

        Raises
        ------
        WorkspaceError
            Where the file cannot be read or is not one of ours: then nobody is let in.
        """
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._error(str(error.strerror)) from error
        state = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        if state != self._state:
            self._state = None
            try:
                self._tokens = _load(json.loads(self.path.read_bytes()))
            except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise self._error(type(error).__name__) from error
            self._state = state
        return self._tokens

    def find(self, presented: str) -> tuple[Token, TokenStanding] | None:
        """Return the token of this text and its standing, None where there is none.

        Every token is compared, and an empty text as well, so that the time says nothing.
        """
        digest = _hash(presented[:LONGEST])
        match: Token | None = None
        for token in self.read():
            if hmac.compare_digest(token.sha256, digest):
                match = token
        return None if match is None else (match, match.standing(self._clock()))

    def add(self, name: str, scopes: Iterable[str], expires: datetime) -> str:
        """Make a token and return it; it is not kept and cannot be shown again."""
        if not NAME.fullmatch(name):
            raise WorkspaceError(
                f"Nama token '{name}' tidak sah; pakai huruf kecil, angka, titik, garis bawah, "
                "dan tanda hubung (paling banyak 64)."
            )
        with self._locked():
            tokens = self.read()
            if any(token.name == name for token in tokens):
                raise WorkspaceError(
                    f"Token '{name}' sudah ada di {self.path}. Beri nama lain, "
                    f"mis. '{name}-2', lalu cabut yang lama bila yang baru sudah dipakai."
                )
            text, token = make_token(name, scopes, self._clock(), expires)
            self._write((*tokens, token))
        return text

    def revoke(self, name: str) -> Token:
        """Take a token out of use and return what it was before."""
        with self._locked():
            tokens = self.read()
            found = next((token for token in tokens if token.name == name), None)
            if found is None:
                names = ", ".join(token.name for token in tokens) or "-"
                raise WorkspaceError(f"Token '{name}' tidak ada di {self.path}. Yang ada: {names}.")
            if found.revoked is None:
                now = self._clock()
                self._write(replace(t, revoked=now) if t is found else t for t in tokens)
        return found

    def _locked(self) -> filelock.BaseFileLock:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._error(str(error.strerror)) from error
        return filelock.FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS)

    def _write(self, tokens: Iterable[Token]) -> None:
        is_new = not self.path.exists()
        text = json.dumps({"tokens": [_dump(token) for token in tokens]}, indent=1)
        write_bytes(self.path, (text + "\n").encode("utf-8"))
        if is_new:
            os.chmod(self.path, 0o600)

    def _error(self, reason: str) -> WorkspaceError:
        return WorkspaceError(
            f"Berkas token {self.path} tidak dapat dibaca ({reason}). "
            "Periksa izin dan isinya, atau pindahkan dan buat token baru."
        )


def _dump(token: Token) -> dict[str, Any]:
    return {
        "name": token.name,
        "sha256": token.sha256,
        "scopes": list(token.scopes),
        "created": token.created.isoformat(timespec="seconds"),
        "expires": token.expires.isoformat(timespec="seconds"),
        "revoked": token.revoked and token.revoked.isoformat(timespec="seconds"),
    }


def _load(raw: Any) -> tuple[Token, ...]:
    """Return the tokens of a file; anything that is not as we write it is an error."""
    tokens = tuple(
        Token(
            name=str(item["name"]),
            sha256=str(item["sha256"]),
            scopes=tuple(item["scopes"]),
            created=datetime.fromisoformat(item["created"]),
            expires=datetime.fromisoformat(item["expires"]),
            revoked=None if item["revoked"] is None else datetime.fromisoformat(item["revoked"]),
        )
        for item in raw["tokens"]
    )
    for token in tokens:
        times = (token.created, token.expires, token.revoked or token.created)
        if (
            not re.fullmatch(r"[0-9a-f]{64}", token.sha256)
            or not set(token.scopes) <= set(SCOPES)
            or any(time.tzinfo is None for time in times)
        ):
            raise ValueError(token.name)
    if len({token.name for token in tokens}) < len(tokens):
        raise ValueError("a name is there twice")
    return tokens
