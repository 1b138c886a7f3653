"""Keys of persons, kept as hashes, each with a name, a role and units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from zi_eval.core.text import tidy_text
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.journal.fields import Role
from zi_eval.secret_file import SecretFile, hash_secret, is_hash, make_secret

__all__ = ["FILE", "ROLES", "Key", "KeyFile"]

FILE: Final = "kunci-app.json"
PREFIX: Final = "zik_"
"""Makes a key that leaked into a log or a repository findable by secret scanners."""
ROLES: Final = tuple(role.value for role in Role if role is not Role.FILE)
UNITS = re.compile(r"[a-z0-9*?\[\]-]{1,64}")
LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key; the key itself is not."""

    id: str
    name: str
    role: str
    units: tuple[str, ...]
    sha256: str
    created: datetime
    revoked: datetime | None = None


class KeyFile(SecretFile[Key]):
    """The keys of the app."""

    word = "kunci"
    is_followed = False

    @staticmethod
    def load(raw: Any) -> tuple[Key, ...]:
        """Return the keys of a file; anything that is not as we write it is an error."""
        return tuple(map(_load, raw["kunci"]))

    @staticmethod
    def dump(kept: Iterable[Key]) -> dict[str, Any]:
        """Return what the file holds."""
        return {"kunci": [_dump(key) for key in kept]}

    def find(self, presented: str) -> Key | None:
        """Return the key of this text that is not revoked."""
        key = self.match(presented)
        return None if key is None or key.revoked is not None else key

    def is_valid(self, identifier: str) -> bool:
        """Whether a key may still be used."""
        return any(key.id == identifier and key.revoked is None for key in self.read())

    def add(self, name: str, role: str, units: Iterable[str]) -> tuple[str, Key]:
        """Make a key; the text that opens is returned once and kept nowhere."""
        name = " ".join(tidy_text(name).split())[:LONGEST_NAME]
        given = tuple(dict.fromkeys(units))
        if not name:
            raise ZiEvalError("Nama pemegang kunci wajib diisi.")
        if role not in ROLES:
            raise ZiEvalError(f"Peran '{role}' tidak dikenal; pilih {', '.join(ROLES)}.")
        if not given or not all(UNITS.fullmatch(unit) for unit in given):
            raise ZiEvalError("Unit ditulis dengan id atau polanya, mis. dinas-* atau dpmptsp.")
        with self.locked():
            keys = self.read()
            text = make_secret(PREFIX)
            key = Key(
                _new_id(name, keys),
                name,
                role,
                given,
                hash_secret(text),
                self.clock().replace(microsecond=0),
            )
            self.write((*keys, key))
        return text, key

    def revoke(self, identifier: str) -> Key:
        """Take a key out of use and return it; its sessions end with the next request."""
        with self.locked():
            keys = self.read()
            found = next((key for key in keys if key.id == identifier), None)
            if found is None:
                known = ", ".join(key.id for key in keys) or "-"
                raise WorkspaceError(f"Kunci '{identifier}' tidak ada. Yang ada: {known}.")
            if found.revoked is None:
                now = self.clock()
                self.write(replace(key, revoked=now) if key is found else key for key in keys)
        return found


def _new_id(name: str, keys: Iterable[Key]) -> str:
    """Return ``rina-kusuma``, or ``rina-kusuma-2`` where that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    base = "-".join(re.findall(r"[a-z0-9]+", plain))[:40] or "kunci"
    taken = {key.id for key in keys}
    number = 1
    while (found := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return found


def _dump(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "nama": key.name,
        "peran": key.role,
        "unit": list(key.units),
        "sha256": key.sha256,
        "dibuat": key.created.isoformat(timespec="seconds"),
        "dicabut": key.revoked and key.revoked.isoformat(timespec="seconds"),
    }


def _load(item: Any) -> Key:
    """Return a key of the file; anything that is not as we write it is an error."""
    revoked = item["dicabut"]
    key = Key(
        str(item["id"]),
        str(item["nama"]),
        str(item["peran"]),
        tuple(map(str, item["unit"])),
        str(item["sha256"]),
        datetime.fromisoformat(item["dibuat"]),
        None if revoked is None else datetime.fromisoformat(revoked),
    )
    if key.role not in ROLES or not is_hash(key.sha256) or not key.units:
        raise ValueError(key.id)
    return key
