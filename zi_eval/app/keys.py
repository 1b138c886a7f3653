"""Keys of persons: made once, shown once, kept as hashes, each with a name, a role and units.

A key is 256 random bits, so its SHA-256 is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import filelock

from zi_eval.core.text import tidy_text
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.files import read_regular, write_bytes
from zi_eval.journal.fields import Role

__all__ = ["FILE", "ROLES", "Key", "KeyFile"]

FILE: Final = "kunci-app.json"
PREFIX: Final = "zik_"
"""Makes a key that leaked into a log or a repository findable by secret scanners."""
ROLES: Final = tuple(role.value for role in Role if role is not Role.FILE)
UNITS = re.compile(r"[a-z0-9*?\[\]-]{1,64}")
LONGEST_NAME: Final = 100
LOCK_SECONDS: Final = 10


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


def _utc_now() -> datetime:
    return datetime.now(UTC)


class KeyFile:
    """The file with the hashes; a change of it counts from the next request on."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = _utc_now) -> None:
        self.path, self._clock = path, clock
        self._state: tuple[int, ...] | None = None
        self._keys: tuple[Key, ...] = ()

    def read(self) -> tuple[Key, ...]:
        """Return all keys of the file, none where there is no file.

        Raises
        ------
        WorkspaceError
            Where the file cannot be read or is not one of ours: then no key opens anything.
        """
        try:
            found = os.stat(self.path)
            state = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            if state != self._state:
                self._state = None
                self._keys = tuple(map(_load, json.loads(read_regular(self.path))["kunci"]))
                self._state = state
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise WorkspaceError(
                f"Berkas kunci {self.path} tidak dapat dibaca ({type(error).__name__}). Periksa "
                "izin dan isinya, atau pindahkan dan buat kunci baru."
            ) from error
        return self._keys

    def find(self, presented: str) -> Key | None:
        """Return the key of this text that is not revoked; every key is compared."""
        digest = _hash(presented[:512])
        match: Key | None = None
        for key in self.read():
            if hmac.compare_digest(key.sha256, digest) and key.revoked is None:
                match = key
        return match

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
        with self._locked():
            keys = self.read()
            text = PREFIX + secrets.token_urlsafe(32)
            key = Key(
                _new_id(name, keys),
                name,
                role,
                given,
                _hash(text),
                self._clock().replace(microsecond=0),
            )
            self._write((*keys, key))
        return text, key

    def revoke(self, identifier: str) -> Key:
        """Take a key out of use and return it; its sessions end with the next request."""
        with self._locked():
            keys = self.read()
            found = next((key for key in keys if key.id == identifier), None)
            if found is None:
                known = ", ".join(key.id for key in keys) or "-"
                raise WorkspaceError(f"Kunci '{identifier}' tidak ada. Yang ada: {known}.")
            if found.revoked is None:
                now = self._clock()
                self._write(replace(key, revoked=now) if key is found else key for key in keys)
        return found

    def _locked(self) -> filelock.BaseFileLock:
        return filelock.FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS)

    def _write(self, keys: Iterable[Key]) -> None:
        is_new = not self.path.exists()
        text = json.dumps({"kunci": [_dump(key) for key in keys]}, ensure_ascii=False, indent=1)
        write_bytes(self.path, f"{text}\n".encode())
        if is_new:
            os.chmod(self.path, 0o600)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


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
    if key.role not in ROLES or not re.fullmatch(r"[0-9a-f]{64}", key.sha256) or not key.units:
        raise ValueError(key.id)
    return key
