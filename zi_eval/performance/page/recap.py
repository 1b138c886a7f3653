"""Performance in the agency's recap: what to act on, units by sasaran, results against money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from zi_eval.core.text import by_name
from zi_eval.files import file_stem
from zi_eval.performance.agency import (
    PRESSING,
    Action,
    AgencyPerformance,
    find_quadrant,
    goal_light,
    list_actions,
)
from zi_eval.performance.page.figures import CORNERS, plot_money
from zi_eval.performance.page.sections import ROOM
from zi_eval.performance.page.words import quarter_name
from zi_eval.performance.projection import Light
from zi_eval.performance.watch import PlanStanding
from zi_eval.report.page import Section
from zi_eval.report.plane import Point

__all__ = ["performance_recap", "performance_sheets"]

PAGE: Final = 50
"""Units of one foldable part."""
MOST_ACTIONS: Final = 60
"""Actions on the page with, and as many without a date; the workbook has them all."""
MOST_NAMES: Final = 8
SHARE_OF_QUARTER: Final = 25.0

Names = Mapping[str, str]
Sheet = tuple[str, tuple[str, ...], list[tuple[str | int | float | None, ...]]]
"""Title, headings and rows of a sheet of the workbook."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit in the table: its place, where worst is 1, and its sasaran with their lights."""

    number: int
    standing: PlanStanding
    name: str
    page: str
    goals: tuple[tuple[str, float | None, Light], ...]
    counts: Mapping[Light, int]
    warnings: int


def _name(standing: PlanStanding, names: Names) -> str:
    unit = standing.plan.unit
    return names.get(unit) or standing.plan.name or unit


def _units(performance: AgencyPerformance, names: Names, pages: frozenset[str]) -> list[_Unit]:
    rows = []
    for number, standing in enumerate(performance.ranked, start=1):
        unit, lights = standing.plan.unit, [watch.light for watch in standing.watches]
        rows.append(
            _Unit(
                number,
                standing,
                _name(standing, names),
                quote(f"{file_stem(unit)}.kinerja.html", safe="") if unit in pages else "",
                tuple(
                    (goal, standing.score.goals[goal], goal_light(standing, places))
                    for goal, places in standing.plan.goals.items()
                ),
                {light: lights.count(light) for light in PRESSING},
                len(performance.problems.get(unit, ())),
            )
        )
    return rows


def _points(units: Iterable[_Unit], quarter: int) -> list[Point]:
    """Return the units that report on ``quarter``: others stand on another part of the year."""
    return [
        Point(row.number, row.name, score.absorption, score.percent)
        for row in units
        if (score := row.standing.score).percent is not None
        and score.absorption is not None
        and score.quarter == quarter
    ]


def _without_plan(performance: AgencyPerformance, names: Names) -> list[str]:
    known = performance.standings.keys() | performance.problems.keys()
    return [name or unit for unit, name in by_name(names) if unit not in known]


def _broken(performance: AgencyPerformance) -> dict[str, list[str]]:
    """Return what is wrong with each table that cannot be read, its file by its name."""
    return {
        unit: [str(problem.at(PurePath(problem.file).name)) for problem in found]
        for unit, found in performance.broken.items()
    }


def performance_recap(
    performance: AgencyPerformance, names: Names, pages: frozenset[str], today: date
) -> Section:
    """Show the performance of all units; empty where the period has no table.

    Parameters
    ----------
    names
        Name of every unit of the period by id, empty where its file could not be read.
    pages
        Ids of the units whose performance page stands beside the recap; only these are linked.
    today
        By which a follow-up is late.
    """
    if performance.is_empty:
        return Section()
    units = _units(performance, names, pages)
    quarter = performance.quarter
    points, passed = _points(units, quarter), quarter * SHARE_OF_QUARTER
    found = [find_quadrant(p.up, p.across, passed) for p in points]
    actions = list_actions(performance.standings.values())
    dated = [action for action in actions if action.item.due is not None]
    undated = [action for action in actions if action.item.due is None]
    return ROOM.section(
        "recap",
        performance=performance,
        broken=_broken(performance),
        without=_without_plan(performance, names),
        names=names,
        quarter=quarter,
        units=units,
        pages=[units[start : start + PAGE] for start in range(0, len(units), PAGE)],
        counts={light: sum(row.counts[light] for row in units) for light in PRESSING},
        figure=plot_money(points, passed, "kinerja") if points else "",
        passed=passed,
        quadrants=[
            (corner, [p for p, own in zip(points, found, strict=True) if own is corner])
            for corner in CORNERS
        ],
        undrawn=len(units) - len(points),
        actions=len(actions),
        lists=(
            ("Dengan tanggal, yang terdekat dulu", True, dated),
            ("Belum ada tanggalnya", False, undated),
        ),
        most=MOST_ACTIONS,
        most_names=MOST_NAMES,
        unit_name=lambda action: _name(action.standing, names),
        is_late=lambda action: action.is_late(today),
        key=tuple(Light),
    )


def performance_sheets(performance: AgencyPerformance, names: Names) -> Sequence[Sheet]:
    """Return the sheets of the workbook: every unit, and everything to act on."""
    units = _units(performance, names, frozenset())
    standings = performance.standings.values()
    rows: list[tuple[str | int | float | None, ...]] = [
        (
            row.standing.plan.unit,
            row.name,
            quarter_name(row.standing.score.quarter),
            row.standing.score.percent,
            row.standing.score.absorption,
            len(row.standing.plan.indicators),
            *(row.counts[light] for light in PRESSING),
            row.warnings,
            "",
        )
        for row in units
    ]
    empty = (None,) * 8
    rows += [
        (unit, names.get(unit, ""), *empty, "; ".join(found))
        for unit, found in _broken(performance).items()
    ]
    known = performance.standings.keys() | performance.problems.keys()
    rows += [
        (unit, name, *empty, "belum ada tabel kinerja")
        for unit, name in by_name(names)
        if unit not in known
    ]
    headings = (
        "Kode unit", "Nama unit", "Sampai", "Capaian (%)", "Terserap (%)", "Jumlah indikator",
        "Merah", "Belum dilaporkan", "Kuning", "Masalah tabel", "Keterangan",
    )  # fmt: skip
    acts = [_action_row(action, names) for action in list_actions(standings)]
    columns = (
        "Kode unit", "Nama unit", "Sasaran", "Indikator", "Lampu", "Alasan", "Sebab",
        "Tindak lanjut", "Batas waktu", "Penanggung jawab", "Yang diputuskan",
    )  # fmt: skip
    return ("Kinerja", headings, rows), ("Tindakan kinerja", columns, acts)


def _action_row(action: Action, names: Names) -> tuple[str | int | float | None, ...]:
    item, watch = action.item, action.decision.watch
    return (
        action.standing.plan.unit,
        _name(action.standing, names),
        item.goal,
        item.name,
        watch.light.value,
        watch.reason,
        item.cause,
        item.follow_up,
        item.due.isoformat() if item.due else None,
        item.owner,
        action.decision.ask,
    )
