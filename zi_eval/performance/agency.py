"""The performance of all units of an agency: the light of a sasaran, and what to act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zi_eval.core.problems import Problem
from zi_eval.core.text import by_name
from zi_eval.performance.plan import TOLERANCE, Indicator
from zi_eval.performance.projection import Light
from zi_eval.performance.watch import Decision, PlanStanding, pick_decisions

__all__ = [
    "PRESSING",
    "Action",
    "AgencyPerformance",
    "Quadrant",
    "find_quadrant",
    "goal_light",
    "list_actions",
]

PRESSING = (Light.RED, Light.MISSING, Light.AMBER)
"""Lights that ask for something, the most pressing first."""
WORST_FIRST = (*PRESSING, Light.GREEN, Light.NOT_DUE)


@dataclass(frozen=True, slots=True)
class Action:
    """An indicator to act on, with the plan it stands in."""

    standing: PlanStanding
    decision: Decision

    @property
    def item(self) -> Indicator:
        """The indicator."""
        return self.standing.plan.indicators[self.decision.place]

    def is_late(self, today: date) -> bool:
        """Whether its follow-up should have been done by now."""
        return self.item.due is not None and self.item.due < today


def list_actions(standings: Iterable[PlanStanding]) -> tuple[Action, ...]:
    """Return every indicator that is red, amber or not reported, soonest date first.

    Those without a date come last: red before not reported before amber, then as each unit's
    decisions are ordered.
    """
    actions = [
        Action(standing, decision)
        for standing in standings
        for decision in pick_decisions(standing, len(standing.plan.indicators))
    ]

    def key(action: Action) -> tuple[bool, date, int]:
        due = action.item.due
        return due is None, due or date.max, WORST_FIRST.index(action.decision.watch.light)

    return tuple(sorted(actions, key=key))


def goal_light(standing: PlanStanding, places: Iterable[int]) -> Light:
    """Return the light of a sasaran: that of its indicator which stands worst."""
    lights = (standing.watches[place].light for place in places)
    return min(lights, key=WORST_FIRST.index, default=Light.NOT_DUE)


class Quadrant(StrEnum):
    """How results and money stand to each other, in the words readers see."""

    RESULTS_AHEAD = "hasil di depan, uang tertahan"
    BOTH = "hasil tercapai, uang terpakai"
    BEHIND = "hasil dan uang tertinggal"
    MONEY_AHEAD = "uang di depan, hasil tertinggal"


def find_quadrant(percent: float, absorbed: float, passed: float) -> Quadrant:
    """Return where an achievement and an absorption stand, all in percent.

    Results are parted at 100 % of the plan, money at ``passed``, the part of the year gone by.
    """
    if percent >= 100 - TOLERANCE * 100:
        return Quadrant.BOTH if absorbed >= passed else Quadrant.RESULTS_AHEAD
    return Quadrant.MONEY_AHEAD if absorbed >= passed else Quadrant.BEHIND


@dataclass(frozen=True, slots=True)
class AgencyPerformance:
    """The plans of all units of a period.

    Attributes
    ----------
    standings
        By unit id, of every table that can be read.
    problems
        Of every table, also of those that cannot be read.
    trouble
        Why the tables could not be read at all, in one sentence; empty where they could.
    """

    standings: Mapping[str, PlanStanding] = field(default_factory=dict)
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    trouble: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the period has no table at all."""
        return not (self.standings or self.problems or self.trouble)

    @property
    def quarter(self) -> int:
        """The quarter most units report on; the later one of two."""
        quarters = [standing.score.quarter for standing in self.standings.values()]
        return max(quarters, key=lambda quarter: (quarters.count(quarter), quarter), default=0)

    @property
    def broken(self) -> Mapping[str, tuple[Problem, ...]]:
        """The problems of each unit whose table cannot be read, by id."""
        return {unit: found for unit, found in by_name(self.problems) if unit not in self.standings}

    @property
    def ranked(self) -> tuple[PlanStanding, ...]:
        """The units, worst first: most red, then most not reported, then lowest achievement."""

        def key(standing: PlanStanding) -> tuple[int, int, bool, float, str]:
            lights = [watch.light for watch in standing.watches]
            percent = standing.score.percent
            worst = -lights.count(Light.RED), -lights.count(Light.MISSING)
            return *worst, percent is None, percent or 0.0, standing.plan.unit

        return tuple(sorted(self.standings.values(), key=key))
