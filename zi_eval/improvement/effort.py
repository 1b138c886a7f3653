"""What a better answer costs, and which answers may not or cannot rise: a team's estimates.

Effort is counted in points of effort ("poin upaya"); only their proportion matters. A step is the
next better option of a choice, a tenth of a ratio, or a tenth on an index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument, Question, parent_id
from zi_eval.core.problems import MOST, Problem, nearest

__all__ = ["NO_LIMITS", "Effort", "Limits", "UnitEffort", "check_effort", "check_limits"]


def _upwards(identifier: str) -> Iterator[str]:
    """Yield an id, then those of the nodes above it, nearest first."""
    above: str | None = identifier
    while above is not None:
        yield above
        above = parent_id(above)


@dataclass(frozen=True, slots=True)
class Effort:
    """The effort of each step up.

    Attributes
    ----------
    choices
        By scale: what it takes to come to each code from the one below it; all but the lowest.
    tenths
        By scale of a ratio or an index: what a tenth takes.
    times
        By question or node id: factors on everything below; all that apply are multiplied.
    questions
        By question of a choice: its own steps instead of those of its scale, not multiplied.
    title
        Whose estimates these are, shown beside every plan.
    hash
        SHA-256 of the files they were read from.
    """

    choices: Mapping[str, Mapping[str, Fraction]]
    tenths: Mapping[str, Fraction]
    times: Mapping[str, Fraction] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    title: str = ""
    hash: str = ""

    def _factor(self, question: Question) -> Fraction:
        factor = Fraction(1)
        for identifier in _upwards(question.id):
            factor *= self.times.get(identifier, 1)
        return factor

    def of_code(self, question: Question, code: str) -> Fraction:
        """Return what it takes to come to ``code`` from the option below it."""
        own = self.questions.get(question.id)
        if own is not None:
            return own[code]
        return self.choices[question.scale.id][code] * self._factor(question)

    def of_tenth(self, question: Question) -> Fraction:
        """Return what a tenth of a ratio or of an index takes."""
        return self.tenths[question.scale.id] * self._factor(question)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan must keep to.

    Attributes
    ----------
    most
        By question or node id: the most steps an answer may rise, 0 where it stays; the nearest
        id counts. An open question that stays counts as its lowest answer.
    fixed
        By question: the answer it is planned to have, at or above the present one; its effort
        counts.
    """

    most: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, Value] = field(default_factory=dict)

    def steps(self, question: str) -> int | None:
        """Return the most steps of a question, None where nothing limits it."""
        return next((self.most[i] for i in _upwards(question) if i in self.most), None)

    def joined(self, other: Limits) -> Limits:
        """Return these limits with ``other`` laid over them."""
        return Limits({**self.most, **other.most}, {**self.fixed, **other.fixed})


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class UnitEffort:
    """What the way of one unit is counted by."""

    effort: Effort
    limits: Limits = NO_LIMITS


def _first(keys: Iterable[str], known: Collection[str]) -> Iterable[str]:
    """Return the unknown keys that are told."""
    names = frozenset(known)
    return islice((key for key in keys if key not in names), MOST)


def _unknown(key: str, allowed: list[str], what: str) -> Problem:
    near = nearest(key, allowed)
    return Problem(
        code="id-tidak-dikenal",
        key=key,
        message=f"{what} '{key}' tidak ada di instrumen ini.",
        hint=f"Mungkin maksudnya '{near}'." if near else "",
    )


def _check_codes(key: str, codes: Mapping[str, object], wanted: list[str]) -> list[Problem]:
    if sorted(codes) == sorted(wanted):
        return []
    return [
        Problem(
            code="langkah-tidak-lengkap",
            key=key,
            message=f"upaya harus disebut untuk {', '.join(wanted)} (tanpa pilihan terendah), "
            f"yang ada: {', '.join(codes) or 'tidak ada'}.",
        )
    ]


def check_effort(instrument: Instrument, effort: Effort) -> tuple[Problem, ...]:
    """Check that every step of the instrument has its effort and that every id exists."""
    problems: list[Problem] = []
    scales = {q.scale.id: q.scale for q in instrument.questions.values()}
    for scale in scales.values():
        if scale.kind == "choice":
            wanted = list(reversed(tuple(scale.values)))[1:]
            problems += _check_codes(scale.id, effort.choices.get(scale.id, {}), wanted)
        elif scale.id not in effort.tenths:
            message = f"upaya tiap sepersepuluh pada skala '{scale.id}' belum disebut."
            problems.append(Problem(code="langkah-tidak-lengkap", key=scale.id, message=message))
    named = [*effort.choices, *effort.tenths]
    problems += [_unknown(key, [*scales], "skala") for key in named if key not in scales]
    ids = [*instrument.nodes, *instrument.questions]
    problems += [_unknown(key, ids, "nomor") for key in _first(effort.times, ids)]
    choices = {k: q for k, q in instrument.questions.items() if q.scale.kind == "choice"}
    for key, codes in effort.questions.items():
        if key in choices:
            wanted = list(reversed(tuple(choices[key].scale.values)))[1:]
            problems += _check_codes(key, codes, wanted)
        elif key in instrument.questions:
            message = "langkah sendiri hanya untuk pertanyaan pilihan; yang lain pakai pengali."
            problems.append(Problem(code="bukan-pilihan", key=key, message=message))
        else:
            problems.append(_unknown(key, [*choices], "pertanyaan"))
    return tuple(problems)


def check_limits(instrument: Instrument, limits: Limits) -> tuple[Problem, ...]:
    """Check that every id exists, that steps are counted, and that fixed answers are answers."""
    ids = [*instrument.nodes, *instrument.questions]
    problems = [_unknown(key, ids, "nomor") for key in _first(limits.most, ids)]
    for key, count in limits.most.items():
        if count < 0:
            message = "banyaknya langkah harus 0 (tetap) atau lebih."
            problems.append(Problem(code="langkah-negatif", key=key, message=message))
    for key, answer in limits.fixed.items():
        question = instrument.questions.get(key)
        if question is None:
            problems.append(_unknown(key, [*instrument.questions], "pertanyaan"))
        elif question.scale.kind == "choice" and answer not in question.scale.values:
            allowed = ", ".join(question.scale.values)
            message = f"jawaban '{answer}' tidak ada; yang boleh: {allowed}."
            problems.append(Problem(code="jawaban-tidak-dikenal", key=key, message=message))
    return tuple(problems)
