"""Made-up series of indicators whose deviations are known because they were planted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from zi_eval.performance.plan import Accrual, Direction, Indicator, Plan, Quarters
from zi_eval.performance.watch import PlanStanding, evaluate_plan

SHARES = (0.2, 0.25, 0.3, 0.25)


def indicator(**fields: object) -> Indicator:
    """Return an indicator that nothing is wrong with, until a field says otherwise."""
    given: dict[str, object] = {
        "goal": "Sasaran",
        "name": "Indikator",
        "unit_of_measure": "orang",
        "formula": "dihitung",
        "owner": "Kepala bidang",
        "earlier_results": {2025: 90.0},
        "renstra_goal": "Renstra",
        "action": "Kegiatan",
        "individual": "Jabatan",
    }
    return Indicator(**(given | fields))  # type: ignore[arg-type]


def plan(*indicators: Indicator, unit: str = "unit", kind: str = "Dinas") -> Plan:
    """Return a plan of 2026."""
    return Plan(unit, unit.title(), 2026, indicators, kind)


def standing(*indicators: Indicator, unit: str = "unit", kind: str = "Dinas") -> PlanStanding:
    """Return the evaluated plan of some indicators."""
    return evaluate_plan(plan(*indicators, unit=unit, kind=kind))


def quarters(values: Iterable[float], known: int = 4) -> Quarters:
    """Return four quarters of which only the first ``known`` are stated."""
    stated = list(values)[:known]
    one, two, three, four = (*stated, *[None] * (4 - len(stated)))
    return one, two, three, four


def until(item: Indicator, quarter: int) -> Indicator:
    """Return an indicator as it was known after ``quarter``."""
    return replace(item, results=quarters([v or 0.0 for v in item.results], quarter))


def make_series(
    random: np.random.Generator, pace: float, scatter: float, accrual: Accrual, direction: Direction
) -> Indicator:
    """Return a whole year at a true ``pace`` (1 is the plan) with known scatter.

    For an indicator that is to fall, a pace below 1 means that it stays too high.
    """
    year = float(random.uniform(50, 5000))
    falling = direction is Direction.DOWN
    if accrual is Accrual.SUM:
        targets = [year * share for share in SHARES]
    else:
        start = year * float(random.uniform(1.05, 1.2) if falling else random.uniform(0.8, 0.95))
        targets = [start + (year - start) * step / 4 for step in (1, 2, 3, 4)]
    true = 2 - pace if falling else pace
    noise = random.normal(0, scatter, 4)
    results = [
        max(target * (true + float(e)), 0.0) for target, e in zip(targets, noise, strict=True)
    ]
    return indicator(
        targets=quarters(targets), results=quarters(results), accrual=accrual, direction=direction
    )
