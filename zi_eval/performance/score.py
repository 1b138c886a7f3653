"""Achievement, absorption and efficiency, in percent, by the usual formulas.

Sources: PermenPANRB 53/2014 asks a report to compare target and result and leaves the formula, the
cap and the way indicators are brought together to the agency. The formulas for "higher is better"
and "lower is better" are those the performance reports of ministries and regions print; each
choice we make beyond them is named where it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from zi_eval.performance.plan import TOLERANCE, Direction, Indicator, Plan

__all__ = [
    "USUAL_RULES",
    "Achievement",
    "AchievementRules",
    "IndicatorScore",
    "PlanScore",
    "absorption",
    "achievement",
    "efficiency",
    "mean_known",
    "score_indicator",
    "score_plan",
]


@dataclass(frozen=True, slots=True)
class AchievementRules:
    """How an achievement is limited, in percent; the agency sets both.

    Attributes
    ----------
    cap
        Most an indicator may count for, so that one far above its target does not hide others
        below theirs; 120 is what most agencies print. None leaves it open.
    floor
        Least it may count for: "lower is better" goes below 0 past twice the target.
    """

    cap: float | None = 120.0
    floor: float = 0.0

    def limit(self, percent: float) -> float:
        """Return a percentage within the limits."""
        high = percent if self.cap is None else min(percent, self.cap)
        return max(high, self.floor)


USUAL_RULES = AchievementRules()
"""Capped at 120 %."""


@dataclass(frozen=True, slots=True)
class Achievement:
    """A result against its target.

    Attributes
    ----------
    percent
        Within the limits, as it counts in means.
    raw
        As the formula gives it.
    is_met
        Whether the target is reached; never a matter of rounding or limits.
    """

    target: float
    result: float
    percent: float
    raw: float
    is_met: bool


def achievement(
    target: float | None,
    result: float | None,
    direction: Direction,
    rules: AchievementRules = USUAL_RULES,
) -> Achievement | None:
    """Return the achievement of a result, None where target or result is not stated.

    For a target above 0 these are the printed formulas: naik ``result / target``, turun
    ``(2 x target - result) / target``, tetap ``1 - |result - target| / target``. All three are
    ``1 + gain / |target|`` with gain ``result - target``, ``target - result`` and ``-|result -
    target|``, and in that form they also hold for a target below 0 (a growth of -2 %), where the
    printed ones would turn a better result into a worse figure.

    A target of exactly 0 (no complaint left) gives no ratio. Our choice: met is 100, missed 0.

    Examples
    --------
    >>> achievement(80, 60, Direction.UP).raw            # 60 / 80
    75.0
    >>> achievement(40, 50, Direction.DOWN).raw          # (2 x 40 - 50) / 40
    75.0
    >>> achievement(80, 100, Direction.HOLD).raw         # 1 - |100 - 80| / 80
    75.0
    """
    if target is None or result is None:
        return None
    gain = result - target
    if direction is Direction.DOWN:
        gain = -gain
    elif direction is Direction.HOLD:
        gain = -abs(gain)
    is_met = gain >= -TOLERANCE * max(abs(target), abs(result))
    raw = (100.0 if is_met else 0.0) if target == 0 else 100.0 * (1 + gain / abs(target))
    return Achievement(target, result, rules.limit(raw), raw, is_met)


def absorption(ceiling: float | None, spent: float | None) -> float | None:
    """Return what was spent in percent of the ceiling; None without both, or without a ceiling.

    Examples
    --------
    >>> absorption(200_000_000, 150_000_000)             # 150 / 200
    75.0
    """
    if ceiling is None or spent is None or ceiling <= 0:
        return None
    return spent / ceiling * 100


def efficiency(percent: float | None, absorbed: float | None) -> float | None:
    """Return how much less than its share was spent for what was achieved, in percent.

    ``(ceiling x achievement - spent) / (ceiling x achievement)``: above 0 the result cost less
    than planned. PermenPANRB 53/2014 asks for an analysis of efficiency and fixes no formula; this
    is the form used in evaluating budget performance (PMK 22/2021 and its forerunners), known
    from secondary sources. None without both figures, or with nothing achieved.

    Examples
    --------
    >>> efficiency(100, 75)                              # (100 - 75) / 100
    25.0
    """
    if percent is None or absorbed is None or percent <= 0:
        return None
    return (percent - absorbed) / percent * 100


def mean_known(values: Iterable[float | None]) -> float | None:
    """Return the mean of the stated values, None where there is none."""
    known = [value for value in values if value is not None]
    return fsum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What an indicator reached.

    Attributes
    ----------
    quarter
        The quarter reported on.
    so_far
        Result until then against the planned path until then.
    year
        The year's result against the year's target; None before TW IV is reported.
    absorption, efficiency
        In percent; efficiency by the year's achievement, or the path's while the year goes on.
    """

    quarter: int
    so_far: Achievement | None
    year: Achievement | None
    absorption: float | None
    efficiency: float | None

    @property
    def current(self) -> Achievement | None:
        """The year's achievement, or the one so far while the year goes on."""
        return self.year if self.quarter == 4 else self.so_far


@dataclass(frozen=True, slots=True)
class PlanScore:
    """What a unit reached.

    Attributes
    ----------
    indicators
        In the order of the plan.
    goals
        Achievement of each sasaran: the mean of its indicators that have one.
    percent
        Of the unit: the mean of its sasaran, so that a sasaran with many indicators does not
        outweigh the others. Indicators without an achievement are left out and counted.
    known
        How many indicators have an achievement.
    absorption, efficiency
        Of all indicators that state both a ceiling and what was spent.
    rules
        The limits it was scored with.
    """

    quarter: int
    indicators: tuple[IndicatorScore, ...]
    goals: Mapping[str, float | None]
    percent: float | None
    known: int
    absorption: float | None
    efficiency: float | None
    rules: AchievementRules = USUAL_RULES


def score_indicator(
    item: Indicator,
    quarter: int,
    rules: AchievementRules = USUAL_RULES,
) -> IndicatorScore:
    """Score one indicator as reported until ``quarter``."""
    so_far = year = None
    if quarter:
        result = item.result_until(quarter)
        so_far = achievement(item.target_until(quarter), result, item.direction, rules)
        if quarter == 4:
            year = achievement(item.year_target, result, item.direction, rules)
    spent = absorption(item.ceiling, item.spent)
    now = year if quarter == 4 else so_far
    return IndicatorScore(
        quarter, so_far, year, spent, efficiency(now.percent if now else None, spent)
    )


def score_plan(
    plan: Plan,
    rules: AchievementRules = USUAL_RULES,
) -> PlanScore:
    """Score all indicators of a unit, its sasaran and the unit, as of its last reported quarter."""
    quarter = plan.quarter
    scores = tuple(score_indicator(item, quarter, rules) for item in plan.indicators)
    percents = [score.current.percent if score.current else None for score in scores]
    goals = {goal: mean_known(percents[p] for p in places) for goal, places in plan.goals.items()}
    percent = mean_known(goals.values())
    money = [
        (item.ceiling, item.spent)
        for item in plan.indicators
        if item.ceiling is not None and item.spent is not None
    ]
    spent = absorption(fsum(c for c, _ in money), fsum(s for _, s in money)) if money else None
    return PlanScore(
        quarter=quarter,
        indicators=scores,
        goals=goals,
        percent=percent,
        known=sum(value is not None for value in percents),
        absorption=spent,
        efficiency=efficiency(percent, spent),
        rules=rules,
    )
