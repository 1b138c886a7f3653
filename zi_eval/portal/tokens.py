"""Bearer tokens, kept as hashes, each with its scope and its last day.

Several tokens hold at the same time, so that a new one is handed over before the old one is
revoked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from zi_eval.errors import WorkspaceError
from zi_eval.secret_file import SecretFile, hash_secret, is_hash, make_secret

__all__ = ["SCOPES", "Token", "TokenFile", "TokenStanding", "make_token"]

SCOPES: Final = ("wbk", "wbbm", "jawaban")
"""The three documents, in the order of the guide."""
PREFIX: Final = "zie_"
"""Makes a token that leaked into a repository or a log findable by secret scanners."""
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


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
    text = make_secret(PREFIX)
    kept = tuple(scope for scope in SCOPES if scope in set(scopes))
    return text, Token(name, hash_secret(text), kept, created, expires)


class TokenFile(SecretFile[Token]):
    """The tokens of the portal."""

    word = "token"
    is_followed = True

    @staticmethod
    def load(raw: Any) -> tuple[Token, ...]:
        """Return the tokens of a file; anything that is not as we write it is an error."""
        return _load(raw)

    @staticmethod
    def dump(kept: Iterable[Token]) -> dict[str, Any]:
        """Return what the file holds."""
        return {"tokens": [_dump(token) for token in kept]}

    def find(self, presented: str) -> tuple[Token, TokenStanding] | None:
        """Return the token of this text and its standing, None where there is none."""
        token = self.match(presented)
        return None if token is None else (token, token.standing(self.clock()))

    def add(self, name: str, scopes: Iterable[str], expires: datetime) -> str:
        """Make a token and return it; it is not kept and cannot be shown again."""
        if not NAME.fullmatch(name):
            raise WorkspaceError(
                f"Nama token '{name}' tidak sah; pakai huruf kecil, angka, titik, garis bawah, "
                "dan tanda hubung (paling banyak 64)."
            )
        with self.locked():
            tokens = self.read()
            if any(token.name == name for token in tokens):
                raise WorkspaceError(
                    f"Token '{name}' sudah ada di {self.path}. Beri nama lain, "
                    f"mis. '{name}-2', lalu cabut yang lama bila yang baru sudah dipakai."
                )
            text, token = make_token(name, scopes, self.clock(), expires)
            self.write((*tokens, token))
        return text

    def revoke(self, name: str) -> Token:
        """Take a token out of use and return what it was before."""
        with self.locked():
            tokens = self.read()
            found = next((token for token in tokens if token.name == name), None)
            if found is None:
                names = ", ".join(token.name for token in tokens) or "-"
                raise WorkspaceError(f"Token '{name}' tidak ada di {self.path}. Yang ada: {names}.")
            if found.revoked is None:
                now = self.clock()
                self.write(replace(t, revoked=now) if t is found else t for t in tokens)
        return found


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
            not is_hash(token.sha256)
            or not set(token.scopes) <= set(SCOPES)
            or any(time.tzinfo is None for time in times)
        ):
            raise ValueError(token.name)
    if len({token.name for token in tokens}) < len(tokens):
        raise ValueError("a name is there twice")
    return tokens
