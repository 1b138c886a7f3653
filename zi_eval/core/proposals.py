"""A proposed answer of the questionnaire, drawn from other data. Never filled in silently."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose

from zi_eval.core.assessment import Value

__all__ = ["Proposal"]

EQUAL = 1e-6
"""Absolute distance at which two numbers of an answer are the same figure."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What data say about one question, to be laid beside the answer given.

    Attributes
    ----------
    answer
        None where the data do not decide it, or are evidence only.
    candidates
        What it can still be, where ``answer`` is None; else what may stand instead of it.
    is_provisional
        Whether it rests on figures that are not final, e.g. projected ones.
    reasons
        The steps, one Indonesian sentence each; they may quote what people typed.
    source
        Where the data stand, as the user finds them, e.g. ``kinerja/dpmptsp.csv``.
    """

    question: str
    answer: Value | None
    candidates: tuple[str, ...]
    is_provisional: bool
    reasons: tuple[str, ...]
    source: str = ""

    def differs(self, given: Value | None) -> bool:
        """Whether a given answer is another than the proposed, or than any that is possible."""
        if given is None:
            return False
        if self.answer is not None and _is_same(given, self.answer):
            return False
        if self.answer is not None:
            return given not in self.candidates
        return bool(self.candidates) and given not in self.candidates


def _is_same(one: Value, other: Value) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(
            a == b if a is None or b is None else isclose(a, b, abs_tol=EQUAL)
            for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, abs_tol=EQUAL)
    return one == other
