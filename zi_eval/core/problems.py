"""A problem found in a file, with its place; checks collect them, one handler decides to stop."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Final, Generic, NamedTuple, TypeVar

from zi_eval.core.text import visible

__all__ = [
    "MOST",
    "Location",
    "Problem",
    "ProblemList",
    "Severity",
    "count_more",
    "has_errors",
    "nearest",
    "shorten",
    "sort_problems",
    "suggest",
]

PlaceT = TypeVar("PlaceT")

MOST: Final = 100
"""Problems of a kind of severity that are told of one file; of the rest there is the number."""
REST: Final = "dan-lainnya"
"""Code of the problem that says how many more there are."""
LONGEST: Final = 100
"""Letters of a word from which no other is near it."""


class Severity(StrEnum):
    """How much a problem matters.

    ``ERROR`` makes the file unusable; ``WARNING`` is shown to people and stops nothing.
    """

    ERROR = "salah"
    WARNING = "perhatian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem: what, where, and what to do next.

    Attributes
    ----------
    code
        Stable name of the kind of problem, e.g. ``"butir-tidak-dikenal"``.
    message
        One Indonesian sentence: what is wrong and, where it helps, what is allowed.
    hint
        What to do next, or empty.
    file, line, cell, key
        The place: path as given by the user, 1-based line, ``Sheet!A1``, question or node id.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    file: str = ""
    line: int | None = None
    cell: str = ""
    key: str = ""

    def at(self, file: str, line: int | None = None) -> Problem:
        """Return the same problem placed in ``file`` (and at ``line``, where given)."""
        return replace(self, file=file, line=self.line if line is None else line)

    def __str__(self) -> str:
        """Place, severity, message and hint on one line."""
        place = self.file
        if self.line is not None:
            place = f"{place}:{self.line}"
        if self.cell:
            place = f"{place} [{self.cell}]" if place else self.cell
        head = f"{place}: " if place else ""
        key = f"{self.key}: " if self.key else ""
        hint = f" {self.hint}" if self.hint else ""
        return visible(f"{head}{self.severity.value}: {key}{self.message}{hint}", is_line=True)


class Location(NamedTuple):
    """Where in a file a problem is: 1-based line, ``Sheet!A1``, question or node id."""

    line: int | None = None
    cell: str = ""
    key: str = ""


class ProblemList(list[Problem], Generic[PlaceT]):
    """The problems of one file as a reading finds them, each at its place.

    Of each severity the first ``most`` are kept, and how many more there are: a file may hold as
    many mistakes as it has room for.

    Parameters
    ----------
    file
        As the problems name it; empty where whoever asked for the check names it.
    locate
        Says where a place of this kind of file is: of a key path its line, of a row and column
        the cell's name.
    found
        Problems found before.
    most
        How many of each severity are kept; None where the file itself bounds them.
    """

    def __init__(
        self,
        file: str = "",
        locate: Callable[[PlaceT], Location] | None = None,
        found: Iterable[Problem] = (),
        most: int | None = MOST,
    ) -> None:
        super().__init__(found)
        self.file, self._locate, self._most = file, locate, most
        self._counts = Counter(problem.severity for problem in self)
        self._rest: dict[Severity, int] = {}

    def nearest(self, word: str, allowed: Iterable[str]) -> str | None:
        """Return :func:`nearest`, None once the list is full: nobody would be told."""
        return None if self.is_full else nearest(word, allowed)

    @property
    def is_full(self) -> bool:
        """Whether so many mistakes were found that no more are told."""
        return self._most is not None and max(self._counts.values(), default=0) >= self._most

    def error(
        self, code: str, message: str, hint: str = "", *, at: PlaceT | None = None, key: str = ""
    ) -> None:
        """Add what makes the file unusable."""
        self._add(Severity.ERROR, code, message, hint, at, key)

    def warning(
        self, code: str, message: str, hint: str = "", *, at: PlaceT | None = None, key: str = ""
    ) -> None:
        """Add what people are told and what stops nothing."""
        self._add(Severity.WARNING, code, message, hint, at, key)

    def _add(
        self, severity: Severity, code: str, message: str, hint: str, at: PlaceT | None, key: str
    ) -> None:
        if not self._has_room(severity):
            return
        where = Location() if at is None or self._locate is None else self._locate(at)
        self.append(
            Problem(
                code=code, message=message, hint=hint, severity=severity, file=self.file,
                line=where.line, cell=where.cell, key=key or where.key,
            )
        )  # fmt: skip

    def _has_room(self, severity: Severity) -> bool:
        """Count one more; False where it is one too many."""
        self._counts[severity] += 1
        more = 0 if self._most is None else self._counts[severity] - self._most
        if more > 0:
            self._count_rest(severity, more)
        return more <= 0

    def _count_rest(self, severity: Severity, more: int) -> None:
        (rest,) = count_more(more, severity, self.file)
        if severity in self._rest:
            self[self._rest[severity]] = rest
        else:
            self._rest[severity] = len(self)
            self.append(rest)


def count_more(
    more: int, severity: Severity = Severity.ERROR, file: str = ""
) -> tuple[Problem, ...]:
    """Return the problem that says how many more there are; none where there are no more."""
    if more <= 0:
        return ()
    return (
        Problem(
            code=REST,
            message=f"dan {f'{more:,}'.replace(',', '.')} lainnya.",
            hint="Perbaiki dulu yang disebut di atas.",
            severity=severity,
            file=file,
        ),
    )


def shorten(problems: Iterable[Problem], most: int, file: str = "") -> tuple[Problem, ...]:
    """Return the first ``most`` problems of each code and severity, and how many more there are."""
    counts: Counter[tuple[str, Severity]] = Counter()
    kept: list[Problem] = []
    more: Counter[Severity] = Counter()
    for problem in problems:
        kind = problem.code, problem.severity
        counts[kind] += 1
        if counts[kind] > most:
            more[problem.severity] += 1
        else:
            kept.append(problem)
    rest = (count_more(number, severity, file) for severity, number in more.items())
    return (*kept, *chain.from_iterable(rest))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of ``problems`` makes the file unusable."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return ``problems`` by file, then line, errors before warnings on the same line."""
    return tuple(
        sorted(
            problems,
            key=lambda p: (
                p.file,
                p.code == REST,
                p.line or 0,
                p.severity is Severity.WARNING,
                p.key,
            ),
        )
    )


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word most like ``word``, or None where nothing is near."""
    if len(word) > LONGEST:
        return None
    by_fold = {candidate.casefold(): candidate for candidate in allowed}
    found = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def suggest(word: str, allowed: Sequence[str]) -> str:
    """Return "Mungkin maksudnya …" where an allowed word is near, else nothing."""
    near = nearest(word, allowed)
    return f"Mungkin maksudnya '{near}'." if near else ""
