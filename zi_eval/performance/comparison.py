"""What a performance report must compare, and which of it is missing.

PermenPANRB 53/2014, attachment II, asks of the chapter on accountability: target with result of
the year; result and achievement with earlier years; with the medium-term target; with the national
standard where there is one; the causes of success or failure and the solutions; the efficiency of
resources; the programmes behind it. Known from secondary sources.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any

from zi_eval.core.text import fold
from zi_eval.performance.plan import Accrual, Direction, Indicator, PlanFinding
from zi_eval.performance.score import IndicatorScore, achievement
from zi_eval.performance.watch import PlanStanding

__all__ = [
    "COMPARED",
    "Compared",
    "Comparison",
    "PeerFigures",
    "compare_indicator",
    "compare_units",
    "dump_peers",
    "is_better",
    "missing_comparisons",
    "parse_peers",
]

COMPARED: Mapping[str, str] = {
    "target": "Target dengan realisasi tahun ini",
    "earlier": "Realisasi tahun ini dengan tahun-tahun lalu",
    "renstra": "Realisasi dengan target akhir Renstra",
    "national": "Realisasi dengan standar nasional",
    "cause": "Sebab keberhasilan atau kegagalan dan solusinya",
    "efficiency": "Efisiensi penggunaan sumber daya",
    "programme": "Program atau kegiatan yang menunjang",
}
"""What a report must compare, by our short name."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An indicator beside what it is to be compared with.

    Attributes
    ----------
    last_year, trend
        Result of last year, and the earlier ones oldest first.
    beats_last_year, beats_national
        Whether the result is better; None where either side is not known.
    of_renstra
        Achievement of the Renstra's end target, in percent, without limits.
    peers
        Median achievement of the same indicator in units of the same kind, this one left out.
    missing
        Which of :data:`COMPARED` cannot be shown.
    """

    result: float | None
    last_year: float | None
    trend: tuple[tuple[int, float], ...]
    beats_last_year: bool | None
    of_renstra: float | None
    beats_national: bool | None
    peers: float | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """What the peers of one unit reached, that unit left out.

    Attributes
    ----------
    percent
        Mean achievement of the units, None without peers.
    units
        How many peers have one.
    indicators
        Median achievement of the peers' indicators, by folded name.
    """

    percent: float | None = None
    units: int = 0
    indicators: Mapping[str, float] = field(default_factory=dict)


Compared = tuple[PeerFigures, tuple[PlanFinding, ...]]
"""The figures of a unit's peers, and what comparing it with them shows."""


def is_better(item: Indicator, result: float | None, other: float | None) -> bool | None:
    """Whether a result is better than another by the indicator's direction; equal is not."""
    if result is None or other is None:
        return None
    if item.direction is Direction.HOLD:
        aim = item.year_target
        return None if aim is None else abs(result - aim) < abs(other - aim)
    return result < other if item.direction is Direction.DOWN else result > other


def compare_units(standings: Sequence[PlanStanding]) -> Mapping[str, PeerFigures]:
    """Return the figures of each unit's peers: the other units of the same kind."""
    by_kind: dict[str, list[PlanStanding]] = defaultdict(list)
    for standing in standings:
        if standing.plan.kind:
            by_kind[standing.plan.kind.casefold()].append(standing)
    figures: dict[str, PeerFigures] = {}
    for group in by_kind.values():
        own = [_by_name(standing) for standing in group]
        named: dict[str, list[float]] = defaultdict(list)
        for values in own:
            for name, percents in values.items():
                named[name] += percents
        for ranked in named.values():
            ranked.sort()
        known = [s.score.percent for s in group if s.score.percent is not None]
        together = fsum(known)
        for standing, values in zip(group, own, strict=True):
            mine = standing.score.percent
            units = len(known) - (mine is not None)
            medians = {
                name: _median_without(named.get(name, []), values.get(name, []))
                for name in (fold(item.name) for item in standing.plan.indicators)
            }
            figures[standing.plan.unit] = PeerFigures(
                percent=(together - (mine or 0.0)) / units if units else None,
                units=units,
                indicators={n: middle for n, middle in medians.items() if middle is not None},
            )
    return figures


def _by_name(standing: PlanStanding) -> Mapping[str, list[float]]:
    """Return the achievements so far by folded name; two indicators may share one."""
    values: dict[str, list[float]] = defaultdict(list)
    for item, got in zip(standing.plan.indicators, standing.score.indicators, strict=True):
        if got.current is not None:
            values[fold(item.name)].append(got.current.percent)
    return values


def _median_without(ranked: Sequence[float], own: Sequence[float]) -> float | None:
    """Return the median of sorted values without some of them, None where none is left.

    It looks at a few places only: each unit of thousands asks for it once for every indicator.
    """
    gone = sorted(bisect_left(ranked, value) for value in own)
    # Equal values stand together, so taking the first of them again means taking the next.
    for place in range(1, len(gone)):
        gone[place] = max(gone[place], gone[place - 1] + 1)
    left = len(ranked) - len(gone)
    if not left:
        return None

    def at(place: int) -> float:
        for taken in gone:
            place += taken <= place
        return ranked[place]

    return (at((left - 1) // 2) + at(left // 2)) / 2


def compare_indicator(
    item: Indicator, score: IndicatorScore, year: int, peers: PeerFigures | None = None
) -> Comparison:
    """Lay an indicator beside earlier years, the Renstra, the national standard and its peers.

    A year that goes on is compared only where the figure means the same: a level or mean so far
    is comparable with a year's, a sum is not.
    """
    result = _comparable(item, score)
    last = item.last_year(year)
    of_renstra = achievement(item.renstra_target, result, item.direction)
    middle = peers.indicators.get(fold(item.name)) if peers else None
    current = score.current
    is_met = current is not None and current.is_met
    missing = [
        name
        for name, is_there in (
            ("target", current is not None),
            ("earlier", last is not None),
            ("renstra", item.renstra_target is not None),
            ("national", item.national is not None),
            ("cause", bool(item.cause) and (is_met or bool(item.follow_up))),
            ("efficiency", score.absorption is not None),
            ("programme", bool(item.action)),
        )
        if not is_there
    ]
    return Comparison(
        result=result,
        last_year=last,
        trend=tuple(sorted(item.earlier_results.items())),
        beats_last_year=is_better(item, result, last),
        of_renstra=of_renstra.raw if of_renstra else None,
        beats_national=is_better(item, result, item.national),
        peers=middle,
        missing=tuple(missing),
    )


def _comparable(item: Indicator, score: IndicatorScore) -> float | None:
    if score.quarter == 4:
        return item.result_until(4)
    if item.accrual is Accrual.SUM or not score.quarter:
        return None
    return item.result_until(score.quarter)


def missing_comparisons(comparisons: Sequence[Comparison]) -> Mapping[str, tuple[int, ...]]:
    """Return which comparison is missing at which indicators, in the order of the regulation."""
    return {
        name: places
        for name in COMPARED
        if (places := tuple(p for p, found in enumerate(comparisons) if name in found.missing))
    }


def dump_peers(figures: PeerFigures, findings: Sequence[PlanFinding]) -> Mapping[str, Any]:
    """Return the figures of a unit's peers, and what comparing it with them shows, as JSON.

    A run compares all units once and hands each its share (:mod:`zi_eval.period.share`), so that no
    unit reads the others' tables.
    """
    return {
        "percent": figures.percent,
        "units": figures.units,
        "indicators": dict(sorted(figures.indicators.items())),
        "findings": [[f.code, f.place, f.seen, f.check] for f in findings],
    }


def parse_peers(content: Mapping[str, Any]) -> Compared:
    """Return what :func:`dump_peers` wrote."""
    figures = PeerFigures(content["percent"], content["units"], content["indicators"])
    names = ("code", "place", "seen", "check")
    findings = (dict(zip(names, parts, strict=True)) for parts in content["findings"])
    return figures, tuple(PlanFinding(**finding) for finding in findings)
