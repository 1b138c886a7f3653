"""The national stages in a unit's report and in the agency's recap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zi_eval.core.agency import compared_areas
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.national.holders import Holder, Holders
from zi_eval.national.page import words
from zi_eval.national.values import NationalStage, NationalStages, Outcome, UnitStages
from zi_eval.report.page import Room, Section
from zi_eval.report.tables import difference_rows

__all__ = ["UnitNational", "holders_recap", "stages_recap", "unit_stages_section"]

EXPECTED: Final = frozenset(set(NationalStage) - {NationalStage.OBJECTION, NationalStage.FINAL})
"""The stages that every proposal goes through: those still to come are shown open."""

ROOM: Final = Room("national/page", words=words)


@dataclass(frozen=True, slots=True)
class UnitNational:
    """What the TPN decided of a unit, and how it answered.

    Attributes
    ----------
    item
        Its decisions; None without any.
    scored
        The unit at the TPN's stage; None where the TPN answered no question.
    against
        Where a decision and the verdict differ, as the doubt says it; empty where they agree.
    held
        The predicates that it holds or held.
    """

    item: UnitStages | None
    scored: Evaluation | None
    against: str = ""
    held: tuple[Holder, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return self.item is not None or self.scored is not None or bool(self.held)


def unit_stages_section(found: UnitNational, unit: str, today: date) -> Section:
    """Show what the TPN decided of a unit at each stage, and where it answered otherwise."""
    if not found:
        return Section()
    item, scored = found.item, found.scored
    reached = [stage for stage in NationalStage if item is not None and _is_shown(item, stage)]
    return ROOM.section(
        "unit",
        unit=unit,
        found=found,
        today=today,
        item=item,
        rows=[(stage, item.at(stage) if item is not None else None) for stage in reached],
        scored=scored,
        seen=scored.assessment.judged_by(Stage.TPN) if scored is not None else 0,
        differences=difference_rows(scored) if scored is not None else (),
        areas=_area_points(scored) if scored is not None else (),
        names=[stage.by for stage in Stage],
    )


def _is_shown(item: UnitStages, stage: NationalStage) -> bool:
    """Whether it was decided there, or will be: nothing follows a refusal."""
    is_coming = stage in EXPECTED and item.outcome is not Outcome.FAILED
    return item.at(stage) is not None or is_coming


def _area_points(scored: Evaluation) -> list[tuple[str, list[float | None]]]:
    """Return each area's points by the unit, the TPI and the TPN."""
    cards = [scored.card_at(stage) for stage in Stage]
    return [
        (area.title, [card.group(area.id, area.nodes).score for card in cards])
        for area in compared_areas(scored.instrument)
    ]


def holders_recap(
    holders: Holders, names: Mapping[str, str], conflicts: Sequence[Problem], today: date
) -> Section:
    """Show who holds a predicate, until when it is monitored, and what contradicts that."""
    if not holders:
        return Section()
    ordered = sorted(holders.items, key=lambda item: (not item.is_active(today), item.unit))
    return ROOM.section(
        "holders",
        holders=holders,
        rows=[(names.get(item.unit) or item.unit, item) for item in ordered],
        active=len(holders.active(today)),
        units=len({*names, *holders.active(today)}),
        conflicts=conflicts,
        today=today,
    )


def stages_recap(stages: NationalStages, names: Mapping[str, str]) -> Section:
    """Show what the TPN decided, unit by unit and stage by stage; empty without a table."""
    if not stages:
        return Section()
    decided = {item.stage for item in stages.decisions}
    return ROOM.section(
        "recap",
        stages=stages,
        summary=words.summary_text(stages),
        columns=[stage for stage in NationalStage if stage in decided],
        units=[(names.get(unit) or unit, item) for unit, item in stages.units.items()],
    )
