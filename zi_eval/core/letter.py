"""What an official letter needs beyond the evaluation: who issues it, its numbers, who signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Letter"]


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of the LHE that an agency states; all untrusted, empty where it states none.

    Attributes
    ----------
    issuer
        Who issues it, e.g. the inspectorate.
    numbers
        Number of the letter, by unit id: no two letters share one.
    city, date
        Where and when it is signed.
    assignment, period
        The assignment letter (surat tugas), and when the evaluation was done.
    team, basis, copies
        Members with their roles, further legal bases, and who receives a copy.
    position, name, rank, number
        Of who signs: position, name, rank and NIP.
    """

    issuer: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    city: str = ""
    date: str = ""
    assignment: str = ""
    period: str = ""
    team: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    position: str = ""
    name: str = ""
    rank: str = ""
    number: str = ""
