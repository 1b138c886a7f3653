"""Whose key opened this process: the name and role under which it writes, proved and not typed.

The app lets a person in by a key of their own and tells the page's kernel so before anything else
runs in it; a browser can send it no code. What is written then bears that name, that role and the
key's id, whatever was typed. Without a key a name is what somebody typed.

Who can write the files themselves can write any name: a key says who came in by the app's door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from zi_eval.errors import ZiEvalError
from zi_eval.journal.fields import Person, Role, tidy

__all__ = ["Proof", "current_proof", "prove", "proven_person"]


@dataclass(frozen=True, slots=True)
class Proof:
    """A key that was presented: whose, in what role, for which units, and its id."""

    person: Person
    units: tuple[str, ...]
    key: str


_current: Proof | None = None


def prove(name: str, role: str, units: Sequence[str], key: str) -> None:
    """Let all that this process writes from now on be written by the owner of a key."""
    global _current
    _current = Proof(Person(name, Role(role)), tuple(units), key)


def current_proof() -> Proof | None:
    """Return the key under which this process writes, None where names are typed."""
    return _current


def proven_person(typed: Person, unit: str) -> Person:
    """Return who writes into a unit: the owner of the key, else who it was said to be, tidied.

    Raises
    ------
    ZiEvalError
        Where the key is not for this unit.
    """
    if _current is None or typed.role is Role.FILE:
        return Person(tidy(typed.name) or "?", typed.role)
    if not any(fnmatchcase(unit, pattern) for pattern in _current.units):
        raise ZiEvalError(
            f"Kunci {_current.person.name} tidak berlaku untuk unit {unit}; berlaku untuk "
            f"{', '.join(_current.units)}. Minta administrator menambah kuncinya."
        )
    return _current.person
