"""The groups of the recap's units, by verdict or by what each still misses, and its filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from zi_eval.core.agency import UnitStanding
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.rules import RuleSet
from zi_eval.core.text import name_order
from zi_eval.core.verdict import Status
from zi_eval.report import words

__all__ = [
    "GROUPS", "MISSING", "Choice", "Filter", "Group", "group_by_missing", "group_by_verdict",
    "make_filters", "missing_of",
]  # fmt: skip

GROUPS = {
    status: (words.status_label(status).replace(" ", "-"), words.status_label(status).capitalize())
    for status in (Status.MET, Status.UNKNOWN, Status.NOT_MET)
}
"""Anchor and title of each group of units, best first."""

Group = tuple[str, str, list[UnitStanding]]
"""Anchor, title and units of a group."""

MISSING: Final = {
    "satu-prasyarat": "Hanya kurang satu prasyarat",
    "satu-ambang": "Hanya kurang satu ambang",
    "keraguan": "Hanya keraguan yang belum jernih",
    "prasyarat": "Hanya kurang beberapa prasyarat",
    "prasyarat-instansi": "Hanya menunggu prasyarat instansi",
    "belum-dijawab": "Masih ada pertanyaan yang belum dijawab",
    "ambang": "Kurang beberapa ambang",
    "ambang-dan-prasyarat": "Kurang ambang dan prasyarat",
    "belum-ada-jawaban": "Belum ada jawaban",
    "lengkap": "Tidak ada yang kurang",
}
"""Anchor and title of each group, in the order shown."""
MOST_KINDS: Final = 10
"""Kinds of units that are filters of their own; the rarer ones share one."""


def band_group(predicate: str) -> tuple[str, str]:
    """Return anchor and title of the units that a band gives a predicate."""
    return f"predikat-{predicate.lower()}", f"Predikat {predicate}"


def group_by_verdict(standings: Iterable[UnitStanding], rules: RuleSet) -> list[Group]:
    """Return the units by the predicate that bands give them, else by status."""
    groups: dict[tuple[str, str], list[UnitStanding]] = {
        band_group(band.predicate): [] for band in reversed(rules.bands)
    }
    statuses = (Status.UNKNOWN,) if groups else GROUPS
    groups |= {GROUPS[status]: [] for status in statuses}
    for standing in standings:
        item = standing.evaluation
        given = item.predicate
        key = GROUPS[item.target.status] if given is None else band_group(given)
        groups[key].append(standing)
    return [(anchor, title, found) for (anchor, title), found in groups.items()]


def group_by_missing(standings: Iterable[UnitStanding]) -> list[Group]:
    """Return the units by what is missing, the nearest first; no group without any."""
    groups: dict[str, list[UnitStanding]] = {key: [] for key in MISSING}
    for standing in standings:
        groups[missing_of(standing.evaluation)].append(standing)
    return [(f"kurang-{key}", MISSING[key], found) for key, found in groups.items() if found]


def missing_of(item: Evaluation) -> str:
    """Return the group of :data:`MISSING` in which a unit stands."""
    target = item.target
    if target.status is Status.MET:
        return "lengkap"
    if not item.card.total.answered:
        return "belum-ada-jawaban"
    if target.open_questions:
        return "belum-dijawab"
    lacking = (*target.failed_prerequisites, *target.unknown_prerequisites)
    own = [outcome for outcome in lacking if outcome.prerequisite.who == "unit"]
    if target.failed_rules:
        if own:
            return "ambang-dan-prasyarat"
        return "satu-ambang" if len(target.failed_rules) == 1 else "ambang"
    if own:
        return "satu-prasyarat" if len(own) == 1 else "prasyarat"
    return "prasyarat-instansi" if lacking else "keraguan"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: the class of the rows that have it, its title, how many have it."""

    key: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Filter:
    """One question by which rows are chosen; its key is that of its radio buttons."""

    key: str
    title: str
    choices: tuple[Choice, ...]
    of: Callable[[UnitStanding], str]

    def mark(self, standing: UnitStanding) -> str:
        """Return the class of a unit's row."""
        value = self.of(standing)
        found = (choice.key for choice in self.choices if choice.title == value)
        return next(found, self.choices[-1].key)


def _filter(
    key: str,
    title: str,
    values: Iterable[str],
    standings: Sequence[UnitStanding],
    of: Callable[[UnitStanding], str],
    rest: str = "",
) -> Filter:
    """Return a filter by ``values``; ``rest`` names what has none of them."""
    counts = Counter(of(standing) for standing in standings)
    named = [value for value in values if counts[value]]
    others = len(standings) - sum(counts[value] for value in named)
    pairs = [(value, counts[value]) for value in named] + ([(rest, others)] if others else [])
    return Filter(
        key,
        title,
        tuple(Choice(f"{key}-{n}", name, count) for n, (name, count) in enumerate(pairs, start=1)),
        of,
    )


def make_filters(
    standings: Sequence[UnitStanding], predicates: Sequence[str]
) -> tuple[Filter, ...]:
    """Return the filters that part these units: by target, kind, and what is missing."""

    def kind(standing: UnitStanding) -> str:
        return standing.evaluation.assessment.unit.kind.strip()

    def target(standing: UnitStanding) -> str:
        return standing.evaluation.assessment.target

    def missing(standing: UnitStanding) -> str:
        return MISSING[missing_of(standing.evaluation)]

    common = Counter(filter(None, map(kind, standings))).most_common()
    kinds = sorted((name for name, _ in common[:MOST_KINDS]), key=name_order)
    found = [
        _filter("target", "Target", predicates, standings, target),
        _filter("jenis", "Jenis unit", kinds, standings, kind, "lainnya"),
    ]
    if predicates:
        found.append(_filter("kurang", "Yang kurang", MISSING.values(), standings, missing))
    return tuple(item for item in found if len(item.choices) > 1)
