"""The national stages in the agency's recap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zi_eval.national.page import words
from zi_eval.national.values import NationalStage, NationalStages
from zi_eval.report.page import Room, Section

__all__ = ["stages_recap"]

ROOM: Final = Room("national/page", words=words)


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
