"""Who holds a predicate: since when, when it is to be monitored, what was revoked or replicated.

What contradicts it is found here: a proposal for WBBM without a WBK old enough, a predicate that
was revoked or is held already, and more holders than an agency that still proposes may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from zi_eval.core.assessment import Assessment
from zi_eval.core.problems import Problem, Severity, has_errors

__all__ = [
    "LEAST_YEARS",
    "MOST_HOLDERS",
    "REFUSING",
    "Aim",
    "Holder",
    "Holders",
    "aim_of",
    "check_share",
    "find_conflicts",
]

MOST_HOLDERS: Final = 0.3
"""Share of an agency's units with a predicate beyond which it no longer proposes."""
LEAST_YEARS: Final = {"WBBM": ("WBK", 1.0, 2.0)}
"""Which predicate comes before, for how many years by PermenPANRB 90/2021 (Table 5), and how many
the portal asked in 2024 and 2025."""
FACT: Final = "memegang_wbk"
"""The prerequisite in which a unit states that it holds WBK."""
REFUSING: Final = frozenset({"wbk-tidak-dipegang", "wbk-belum-cukup-lama"})
"""Codes of conflicts by which the predicate aimed at cannot be given."""
YEAR: Final = 365.25
TOLERANCE: Final = 0.01
"""Of a year: two dates a year apart are a year, leap or not."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A predicate of a unit; texts are untrusted.

    Attributes
    ----------
    awarded
        Day of the decree; None where it is not stated.
    decree
        Its number.
    monitored, due
        When it was last monitored, and by when it is next; ``due`` as the agency states it.
    revoked, reason
        When it was taken back, and why.
    replication
        What of the unit others took over.
    row
        1-based, in the table; 0 where it follows from a decision of an earlier period.
    """

    unit: str
    predicate: str
    awarded: date | None = None
    decree: str = ""
    monitored: date | None = None
    due: date | None = None
    revoked: date | None = None
    reason: str = ""
    replication: str = ""
    row: int = 0

    def is_active(self, day: date, known: date | None = None) -> bool:
        """Whether it is held on a day, by the revocations of up to that or a later ``known`` day.

        So who is revoked after the proposals close is no holder for who judges after that.
        """
        return not self.is_coming(day) and not self.is_revoked(known or day)

    def is_revoked(self, day: date) -> bool:
        """Whether it was taken back by a day."""
        return self.revoked is not None and self.revoked <= day

    def is_coming(self, day: date) -> bool:
        """Whether it is awarded after a day only."""
        return self.awarded is not None and self.awarded > day

    def years(self, day: date) -> float | None:
        """Return for how long it is held on a day; None where it is not known."""
        return None if self.awarded is None else (day - self.awarded).days / YEAR

    @property
    def next_due(self) -> date | None:
        """When it is monitored next: as stated, else a year after the last time."""
        if self.revoked is not None or self.due is not None:
            return None if self.revoked is not None else self.due
        last = self.monitored or self.awarded
        return None if last is None else last + timedelta(days=365)


@dataclass(frozen=True)
class Holders:
    """The predicates that units of an agency hold or held.

    Attributes
    ----------
    file
        The table as users find it, with its period where it is an earlier one's; empty without.
    names
        The periods whose decisions gave what the table does not have.
    today
        When they were read: what was revoked until then is known.
    """

    items: tuple[Holder, ...] = ()
    file: str = ""
    names: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    today: date = date.min

    def __bool__(self) -> bool:
        """Whether anything is known, also a table that cannot be read."""
        return bool(self.items or self.file)

    @cached_property
    def units(self) -> Mapping[str, tuple[Holder, ...]]:
        """The predicates by unit, the oldest first."""
        found: dict[str, list[Holder]] = {}
        for item in self.items:
            found.setdefault(item.unit, []).append(item)
        return {
            unit: tuple(sorted(items, key=lambda item: item.awarded or date.min))
            for unit, items in found.items()
        }

    def find(self, unit: str, predicate: str) -> Holder | None:
        """Return the last of a unit's predicates of a kind."""
        own = reversed(self.units.get(unit, ()))
        return next((item for item in own if item.predicate == predicate), None)

    def dated_after(self, today: date) -> tuple[Problem, ...]:
        """Return a warning for each day of the table that has not come: it counts from then on.

        What a decision of a coming day gives is named with that decision.
        """
        days = (
            (item, key, day, said)
            for item in self.items
            for key, day, said in (
                ("tanggal", item.awarded, "belum dihitung memegang"),
                ("dicabut", item.revoked, "masih dihitung memegang"),
            )
            if item.row
        )
        return tuple(
            Problem(
                code="tanggal-akan-datang",
                message=f"{item.predicate} {item.unit}: {key} {day:%d/%m/%Y} belum tiba; {said}.",
                hint="Betulkan tanggalnya.",
                severity=Severity.WARNING,
                key=key,
                file=self.file,
                line=item.row,
            )
            for item, key, day, said in days
            if day is not None and day > today
        )

    def active(self, day: date) -> frozenset[str]:
        """Return the units that hold any predicate on a day, by all that is known today."""
        known = self.known(day)
        return frozenset(item.unit for item in self.items if item.is_active(day, known))

    def known(self, day: date) -> date:
        """Return until when revocations count for what is judged of a day: today, or later."""
        return max(day, self.today)


@dataclass(frozen=True, slots=True)
class Aim:
    """A unit of the period and the predicate that it is to be proposed for.

    ``states`` is what its file says of holding WBK; None where it says nothing.
    """

    unit: str
    name: str
    target: str
    states: bool | None = None


def aim_of(assessment: Assessment) -> Aim:
    """Return what a unit aims at, as its file says it."""
    unit, stated = assessment.unit, assessment.facts.get(FACT)
    states = stated if isinstance(stated, bool) else None
    return Aim(unit.id, unit.name or unit.id, assessment.target, states)


def find_conflicts(
    holders: Holders, aims: Iterable[Aim], day: date
) -> tuple[tuple[str, Problem], ...]:
    """Return what contradicts the holders, with the unit's id.

    Parameters
    ----------
    day
        Of the proposal: how long a predicate is held counts to it. A later revocation counts too,
        until today.
    """
    if not holders or has_errors(holders.problems):  # what is not read contradicts nothing
        return ()
    return tuple(
        (
            aim.unit,
            Problem(
                code=code, message=text, hint=hint, severity=Severity.WARNING, file=holders.file
            ),
        )
        for aim in aims
        for code, text, hint in (*_of_target(holders, aim, day), *_of_wbk(holders, aim, day))
    )


Told = Iterator[tuple[str, str, str]]
"""Code, sentence and hint of each conflict."""


def _of_target(holders: Holders, aim: Aim, day: date) -> Told:
    """Yield what contradicts a proposal for a predicate that was held before."""
    own = holders.find(aim.unit, aim.target)
    if own is None:
        return
    known = holders.known(day)
    if own.is_active(day, known):
        yield (
            "predikat-sudah-dipegang",
            f"{aim.name} ditargetkan {aim.target}, tetapi {aim.target} sudah dipegangnya.",
            "Betulkan targetnya, atau tabel pemegang predikat.",
        )
    elif own.is_revoked(known):
        why = f" ({own.reason})" if own.reason else ""
        yield (
            "predikat-dicabut",
            f"{aim.target} {aim.name} dicabut {own.revoked:%d/%m/%Y}{why}, dan ditargetkan lagi.",
            "Pastikan sebabnya sudah selesai dan usulan kembali diperbolehkan.",
        )


def _of_wbk(holders: Holders, aim: Aim, day: date) -> Told:
    """Yield what contradicts the WBK that a unit states, or that its target rests on."""
    before, least, asked = LEAST_YEARS.get(aim.target, ("WBK", 0.0, 0.0))
    held = holders.find(aim.unit, before)
    known = holders.known(day)
    is_held = held is not None and held.is_active(day, known)
    if aim.states is (not is_held):
        yield (
            "syarat-beda-pemegang",
            f"{aim.name} menyatakan {'sudah' if aim.states else 'belum'} memegang {before}, lain "
            "dari tabel pemegang predikat.",
            f"Samakan syarat '{FACT}' dengan tabelnya.",
        )
    if aim.target not in LEAST_YEARS:
        return
    if held is None or not is_held:
        given = "mulai" if held is not None and held.is_coming(known) else "ditetapkan"
        why = (
            f"dicabut {held.revoked:%d/%m/%Y}" if held is not None and held.is_revoked(known)
            else f"baru {given} {held.awarded:%d/%m/%Y}"
            if held is not None and held.awarded is not None
            else "tidak ada di tabel pemegang predikat"
        )  # fmt: skip
        yield (
            "wbk-tidak-dipegang",
            f"{aim.name} ditargetkan {aim.target}, tetapi {before}-nya {why}.",
            f"{aim.target} hanya untuk unit yang memegang {before}; betulkan target atau tabelnya.",
        )
        return
    years = held.years(day)
    if years is None or held.awarded is None:
        yield (
            "wbk-tanpa-tanggal",
            f"tanggal {before} {aim.name} tidak ditulis, sehingga lamanya tidak diketahui.",
            "Tulis tanggal penetapannya.",
        )
    elif years < least - TOLERANCE:
        yield (
            "wbk-belum-cukup-lama",
            f"{aim.name} ditargetkan {aim.target}, tetapi {before} baru dipegang sejak "
            f"{held.awarded:%d/%m/%Y}, kurang dari {least:g} tahun sebelum {day:%d/%m/%Y}.",
            "PermenPANRB 90/2021, Tabel 5, meminta satu tahun.",
        )
    elif years < asked - TOLERANCE:
        yield (
            "wbk-kurang-dua-tahun",
            f"{before} {aim.name} dipegang sejak {held.awarded:%d/%m/%Y}, kurang dari {asked:g} "
            f"tahun sebelum {day:%d/%m/%Y}.",
            "Portal 2024 dan 2025 meminta dua tahun; periksa surat edaran tahun ini.",
        )


def check_share(holders: Holders, units: Iterable[str], day: date) -> tuple[Problem, ...]:
    """Return the problem of an agency of whose units too many hold a predicate on a day."""
    active = holders.active(day)
    count = len({*units} | active)
    if not count or len(active) / count <= MOST_HOLDERS + TOLERANCE / 100:
        return ()
    return (
        Problem(
            code="pemegang-melebihi",
            message=f"{len(active)} dari {count} unit memegang predikat, lebih dari "
            f"{MOST_HOLDERS * 100:.0f} %: instansi tidak mengusulkan lagi.",
            hint="PermenPANRB 90/2021; periksa tabel pemegang predikat dan surat edaran tahun ini.",
            severity=Severity.WARNING,
            file=holders.file,
        ),
    )
