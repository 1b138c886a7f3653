"""Candidates ranked for a quota: by criteria that are data, visible and changeable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from zi_eval.core.problems import suggest
from zi_eval.errors import ArgumentError
from zi_eval.proposal.values import Candidate

__all__ = ["CRITERIA", "Choice", "Criterion", "choose", "parse_order", "rank"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the ranking.

    Attributes
    ----------
    title
        How pages call it.
    meaning
        What is better, in words.
    key
        A number that is lower for the better candidate.
    """

    title: str
    meaning: str
    key: Callable[[Candidate], float]


CRITERIA: Final[Mapping[str, Criterion]] = {
    "kekurangan": Criterion(
        "Kekurangan", "makin sedikit yang tidak sesuai atau belum diketahui makin baik",
        lambda item: len(item.misfits),
    ),
    "keraguan": Criterion(
        "Keraguan menentukan", "makin sedikit keraguan yang menentukan putusan makin baik",
        lambda item: item.doubts,
    ),
    "peluang": Criterion(
        "Peluang", "makin besar peluang nilainya bertahan makin baik; yang tidak dihitung terakhir",
        lambda item: inf if item.chance is None else -round(item.chance, 6),
    ),
    "selisih": Criterion(
        "Selisih terkecil", "makin jauh ambang yang paling tipis dilampaui makin baik",
        lambda item: inf if item.margin is None else -round(item.margin, 9),
    ),
    "nilai": Criterion(
        "Nilai total", "makin tinggi makin baik",
        lambda item: inf if item.score is None else -round(item.score, 9),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is proposed, and who is not and why.

    Attributes
    ----------
    all
        Everybody, in the order of the ranking.
    chosen
        Those proposed, in that order as the others.
    over_quota
        Those that fit and for whom the quota has no room.
    nearly
        Those that lack prerequisites of their own alone.
    others
        The rest.
    """

    all: tuple[Candidate, ...]
    chosen: tuple[Candidate, ...]
    over_quota: tuple[Candidate, ...]
    nearly: tuple[Candidate, ...]
    others: tuple[Candidate, ...]


def parse_order(text: str | None) -> tuple[str, ...]:
    """Return criteria as a person names them, between commas; none for nothing.

    Raises
    ------
    ArgumentError
        Where one is none; the nearest is named.
    """
    given = [name.strip().casefold() for name in (text or "").split(",")]
    names = tuple(dict.fromkeys(filter(None, given)))
    for name in names:
        if name not in CRITERIA:
            near = suggest(name, tuple(CRITERIA)) or f"Pilih dari {', '.join(CRITERIA)}."
            raise ArgumentError(f"kriteria '{name}' tidak dikenal. {near}", "order")
    return names


def rank(candidates: Iterable[Candidate], order: Sequence[str]) -> tuple[Candidate, ...]:
    """Return candidates, the best first."""
    keys = [CRITERIA[name].key for name in order]
    return tuple(sorted(candidates, key=lambda item: (*(key(item) for key in keys), item.unit)))


def choose(
    ranked: Sequence[Candidate], quota: Mapping[str, int], named: Iterable[str] = ()
) -> Choice:
    """Return who is proposed: who fits, as far as the quota reaches; or the ``named`` units."""
    wanted = set(named)
    chosen: list[Candidate] = []
    over: list[Candidate] = []
    nearly: list[Candidate] = []
    others: list[Candidate] = []
    for item in ranked:
        taken = sum(other.target == item.target for other in chosen)
        if item.unit in wanted:
            chosen.append(item)
        elif not wanted and item.fits:
            (chosen if taken < quota.get(item.target, len(ranked)) else over).append(item)
        elif item.fits:
            over.append(item)
        else:
            (nearly if item.lacks_only_prerequisites else others).append(item)
    return Choice(tuple(ranked), tuple(chosen), tuple(over), tuple(nearly), tuple(others))
