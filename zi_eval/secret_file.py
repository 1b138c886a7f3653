"""Files of hashes of secrets: made once, shown once, read by a server, changed by a command.

A secret is 256 random bits, so its SHA-256 is enough: a slow hash protects words that people think
of and that can be guessed offline, and would here only make every request slow.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

import filelock

from zi_eval.errors import WorkspaceError, describe_os_error
from zi_eval.files import read_regular, write_bytes

__all__ = ["HashedSecret", "SecretFile", "hash_secret", "is_hash", "make_secret"]

LONGEST: Final = 512
LOCK_SECONDS: Final = 10


class HashedSecret(Protocol):
    """What is kept of a secret."""

    @property
    def sha256(self) -> str:
        """The hash of its text, in hexadecimal."""


T = TypeVar("T", bound=HashedSecret)


def make_secret(prefix: str) -> str:
    """Return a new secret; its prefix lets secret scanners find it in a log or a repository."""
    return prefix + secrets.token_urlsafe(32)


def hash_secret(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def is_hash(text: str) -> bool:
    """Whether a text can be a hash of :func:`hash_secret`."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SecretFile(ABC, Generic[T]):
    """The file with the hashes; a change of it counts from the next request on.

    Parameters
    ----------
    clock
        Gives the time, with its zone.
    """

    word: ClassVar[str]
    """What people call one secret, e.g. ``token``."""
    is_followed: ClassVar[bool]
    """Whether the file may be a link, as a cluster mounts its secrets."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = _utc_now) -> None:
        self.path, self.clock = path, clock
        self._state: tuple[int, ...] | None = None
        self._kept: tuple[T, ...] = ()

    @staticmethod
    @abstractmethod
    def load(raw: Any) -> tuple[T, ...]:
        """Return what a file holds; anything that is not as we write it is an error of a value."""

    @staticmethod
    @abstractmethod
    def dump(kept: Iterable[T]) -> dict[str, Any]:
        """Return what the file holds, as JSON has it."""

    def read(self) -> tuple[T, ...]:
        """Return all that the file keeps, nothing where there is no file.

        Raises
        ------
        WorkspaceError
            Where the file cannot be read or is not one of ours: then nobody is let in.
        """
        try:
            found = os.stat(self.path)
            state = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            if state != self._state:
                self._state = None
                data = read_regular(self.path, is_followed=self.is_followed)
                self._kept = self.load(json.loads(data))
                self._state = state
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._error(error) from error
        return self._kept

    def match(self, presented: str) -> T | None:
        """Return what is kept of this text, None where nothing is.

        Every hash is compared, and an empty text as well, so that the time says nothing.
        """
        digest = hash_secret(presented[:LONGEST])
        match: T | None = None
        for kept in self.read():
            if hmac.compare_digest(kept.sha256, digest):
                match = kept
        return match

    def locked(self) -> filelock.BaseFileLock:
        """Return the lock under which the file is read and written anew."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._error(error) from error
        return filelock.FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS)

    def write(self, kept: Iterable[T]) -> None:
        """Write the file whole; a new one is for its owner only."""
        is_new = not self.path.exists()
        text = json.dumps(self.dump(kept), ensure_ascii=False, indent=1)
        write_bytes(self.path, f"{text}\n".encode())
        if is_new:
            os.chmod(self.path, 0o600)

    def _error(self, error: Exception) -> WorkspaceError:
        reason = describe_os_error(error) if isinstance(error, OSError) else "isinya tidak dikenal"
        return WorkspaceError(
            f"Berkas {self.word} {self.path} tidak dapat dibaca ({reason}). "
            f"Periksa izin dan isinya, atau pindahkan dan buat {self.word} baru."
        )
