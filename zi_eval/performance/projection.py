"""Where an indicator will be at the end of the year, with an interval, and its traffic light.

Method. The quarters so far give a *pace*: result over plan, of all of them together where quarters
are added up or averaged, of the last one for a position. The remaining quarters are expected at
that pace. Their scatter is taken from the quarters so far, pooled with an assumed one that counts
for three quarters, because one to three quarters say little about it; the interval is the 80 %
prediction interval of Student's t, so that the year's figure lies within it at least four times out
of five; on the made-up series of the back-test 83 to 98 times of 100, widest for a position early.
The assumed scatter of a level is half of what it moved from year to year, where three earlier
years tell (a quarter is a fourth of a year, and independent steps add up by their squares).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import fsum, sqrt
from statistics import fmean

from zi_eval.performance.plan import (
    QUARTERS,
    Accrual,
    Direction,
    Indicator,
    figure_text,
    rough_text,
)
from zi_eval.performance.score import (
    USUAL_RULES,
    Achievement,
    AchievementRules,
    IndicatorScore,
    achievement,
)

__all__ = [
    "USUAL_LIGHTS",
    "Light",
    "LightRules",
    "PerformanceRules",
    "Projection",
    "Watch",
    "project_year",
    "watch_indicator",
]

ASSUMED_QUARTERS = 3
ASSUMED_SCATTER = {Accrual.SUM: 0.12, Accrual.MEAN: 0.04, Accrual.LAST: 0.04}
"""Scatter of a quarter around its plan before any is seen, as a share of the plan: work delivered
in a quarter varies more than a level does. An assumption; the back-test holds what it gives."""
LEAST_SCATTER = 0.01
FEWEST_YEARS = 3
T_80 = {3: 1.638, 4: 1.533, 5: 1.476}
"""Student's t, 90 % one-sided, by degrees of freedom."""
PERCENT = frozenset({"%", "persen", "persentase", "prosen"})


@dataclass(frozen=True, slots=True)
class Projection:
    """The year's figure as expected.

    Attributes
    ----------
    low, high
        Ends of the 80 % interval; equal to ``expected`` once nothing is left to come.
    method
        How it came about, in one Indonesian sentence.
    """

    expected: float
    low: float
    high: float
    method: str


def _path(item: Indicator) -> tuple[dict[int, float], bool]:
    """Return the plan by quarter, and whether it had to be assumed even."""
    planned = {q: t for q in QUARTERS if (t := item.targets[q - 1]) is not None}
    if planned or item.annual_target is None:
        return planned, False
    each = item.annual_target / 4 if item.accrual is Accrual.SUM else item.annual_target
    return dict.fromkeys(QUARTERS, each), True


def project_year(item: Indicator, quarter: int) -> Projection | None:
    """Project the year's figure from what is reported until ``quarter``.

    None where nothing is reported, a quarter is missing, or there is no plan to go by. A plan
    stated only for the year is taken as even, and the method says so.
    """
    path, is_even = _path(item)
    result = item.result_until(quarter) if quarter else None
    done = [q for q in path if q <= quarter and item.results[q - 1] is not None]
    left = [q for q in path if q > quarter]
    if result is None or not path:
        return None
    if not left:
        return Projection(result, result, result, "realisasi setahun sudah lengkap")
    if not done:
        return None
    plan = [path[q] for q in done]
    got = [item.results[q - 1] or 0.0 for q in done]
    # Around a plan of 0 or less there is no pace; the distance to the plan is carried on instead.
    is_pace = all(t > 0 for t in path.values())
    unit = 1.0 if is_pace else max((abs(t) for t in path.values()), default=0.0) or 1.0
    ratios = [g / p if is_pace else (g - p) / unit for g, p in zip(got, plan, strict=True)]
    if item.accrual is Accrual.LAST:
        pace = ratios[-1]
        steps = [b - a for a, b in pairwise(ratios)]
    else:
        pace = fsum(got) / fsum(plan) if is_pace else fsum(ratios) / len(ratios)
        steps = [ratio - pace for ratio in ratios]
    freedom = ASSUMED_QUARTERS + len(done) - 1
    assumed = _assumed_scatter(item)
    scatter = sqrt((ASSUMED_QUARTERS * assumed**2 + fsum(s * s for s in steps)) / freedom)
    to_come = [path[q] * pace if is_pace else path[q] + pace * unit for q in left]
    sizes = [path[q] if is_pace else unit for q in left]
    expected, spread = _combine(item.accrual, got, to_come, sizes, len(done))
    half = T_80[min(freedom, max(T_80))] * scatter * spread
    low, high = expected - half, expected + half
    if item.accrual is Accrual.SUM and min(got) >= 0:
        low = max(low, result)
    low, expected, high = (_within_bounds(item, value) for value in (low, expected, high))
    how = "laju" if is_pace else "jarak"
    assumed_even = "; rencana tiap triwulan dianggap sama besar" if is_even else ""
    method = (
        f"{how} TW {_romans(done)} terhadap rencana diteruskan ke TW {_romans(left)}, selang 80 %"
        f"{assumed_even}"
    )
    return Projection(expected, low, high, method)


def _assumed_scatter(item: Indicator) -> float:
    usual = ASSUMED_SCATTER[item.accrual]
    values = [item.earlier_results[year] for year in sorted(item.earlier_results)]
    if item.accrual is Accrual.SUM or len(values) < FEWEST_YEARS or 0 in values:
        return usual
    moved = fmean(abs(b - a) / abs(a) for a, b in pairwise(values))
    return min(max(moved / 2, LEAST_SCATTER), usual)


def _combine(
    accrual: Accrual, got: Sequence[float], to_come: Sequence[float], sizes: Sequence[float], n: int
) -> tuple[float, float]:
    """Return the year's expected figure and how far one scatter of a quarter moves it.

    The error of the pace itself (scatter / sqrt(n)) moves all remaining quarters together.
    """
    if accrual is Accrual.LAST:
        return to_come[-1], sizes[-1] * sqrt(len(to_come))
    spread = sqrt(fsum(s * s for s in sizes) + fsum(sizes) ** 2 / n)
    total = fsum((*got, *to_come))
    count = len(got) + len(to_come) if accrual is Accrual.MEAN else 1
    return total / count, spread / count


def _within_bounds(item: Indicator, value: float) -> float:
    """Keep a share within 0 and 100 where all that is stated of it lies there."""
    if item.unit_of_measure.casefold() not in PERCENT or item.accrual is Accrual.SUM:
        return value
    stated = [v for v in (*item.targets, *item.results, item.annual_target) if v is not None]
    return min(max(value, 0.0), 100.0) if all(0 <= v <= 100 for v in stated) else value


def _romans(quarters: Sequence[int]) -> str:
    names = ["I", "II", "III", "IV"]
    if len(quarters) == 1:
        return names[quarters[0] - 1]
    return f"{names[quarters[0] - 1]} sampai {names[quarters[-1] - 1]}"


class Light(StrEnum):
    """How an indicator stands."""

    RED = "merah"
    AMBER = "kuning"
    GREEN = "hijau"
    MISSING = "belum dilaporkan"
    NOT_DUE = "belum waktunya"


@dataclass(frozen=True, slots=True)
class LightRules:
    """The set rules of the lights, in percent of achievement. Our defaults; an agency sets its own.

    While the year goes on: red below ``red_below`` of the planned path, or where even the better
    end of the projection stays below ``green_from`` of the year's target; green from
    ``green_from`` on, both of the path and of the projection, while the target lies within the
    interval; else amber. Of a whole year: green met, red below ``red_below``, else amber.
    """

    red_below: float = 80.0
    green_from: float = 95.0


USUAL_LIGHTS = LightRules()


@dataclass(frozen=True, slots=True)
class PerformanceRules:
    """What an agency sets of its performance: the limits of an achievement, and the lights."""

    achievement: AchievementRules = USUAL_RULES
    lights: LightRules = USUAL_LIGHTS


@dataclass(frozen=True, slots=True)
class Watch:
    """An indicator's light with its reason.

    Attributes
    ----------
    reason
        One Indonesian clause with the figures.
    projected
        Achievement of the projected figure, None without a projection.
    """

    light: Light
    reason: str
    projection: Projection | None = None
    projected: Achievement | None = None


def watch_indicator(
    item: Indicator,
    score: IndicatorScore,
    rules: AchievementRules = USUAL_RULES,
    lights: LightRules = USUAL_LIGHTS,
) -> Watch:
    """Judge how an indicator stands as of the quarter it was scored for."""
    quarter = score.quarter
    due = [q for q in item.measured if q <= quarter]
    has_plan = item.year_target is not None
    if not due or not has_plan:
        # A stated result is not hidden by a missing target; the checks of the plan name that.
        reason = "belum ada triwulan yang direncanakan diukur" if has_plan else "target belum diisi"
        return Watch(Light.NOT_DUE, reason)
    if item.result_until(quarter) is None:
        return Watch(Light.MISSING, f"realisasi sampai TW {_romans([due[-1]])} belum lengkap")
    projection = project_year(item, quarter)
    projected = None
    if projection is not None:
        projected = achievement(item.year_target, projection.expected, item.direction, rules)
    if quarter == 4 and score.year is not None:
        light = _year_light(score.year, lights)
        return Watch(light, _compare(score.year, "setahun"), projection, projected)
    if projection is None or projected is None:
        return Watch(Light.MISSING, "belum cukup data untuk proyeksi")
    best = achievement(item.year_target, _best(item, projection), item.direction)
    now = score.so_far or projected
    light = Light.GREEN
    if now.raw < lights.red_below or (best and best.raw < lights.green_from):
        light = Light.RED
    elif min(now.raw, projected.raw) < lights.green_from or (best and not best.is_met):
        light = Light.AMBER
    until = f"sampai TW {_romans([quarter])}"
    reported = item.result_until(quarter) or 0.0
    said = f"{figure_text(reported)} {until}, target triwulan tidak ada"
    if score.so_far:
        said = _compare(score.so_far, until)
    ahead = f"akhir tahun diperkirakan {rough_text(projection.expected)}"
    between = f"{rough_text(projection.low)} sampai {rough_text(projection.high)}"
    target = figure_text(projected.target)
    reason = f"{said}; {ahead} ({between}) dari target {target}"
    return Watch(light, reason, projection, projected)


def _year_light(year: Achievement, lights: LightRules) -> Light:
    if year.is_met:
        return Light.GREEN
    return Light.RED if year.raw < lights.red_below else Light.AMBER


def _compare(got: Achievement, when: str) -> str:
    return f"{figure_text(got.result)} dari {figure_text(got.target)} {when}"


def _best(item: Indicator, projection: Projection) -> float:
    """Return the better end of the interval; of a value to hold, what is nearest to its target."""
    if item.direction is Direction.UP:
        return projection.high
    if item.direction is Direction.DOWN:
        return projection.low
    return min(max(item.year_target or 0.0, projection.low), projection.high)
