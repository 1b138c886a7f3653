"""What the register takes from the TPN's decisions: an entry for each recommendation."""

from __future__ import annotations

from zi_eval.national.values import NationalStages
from zi_eval.recommendations.values import Origin, Recommendation

__all__ = ["decision_entries"]


def decision_entries(stages: NationalStages, unit: str) -> tuple[Recommendation, ...]:
    """Return the entries of a unit; numbers name period and stage, so that none comes twice."""
    found = stages.units.get(unit)
    return tuple(
        Recommendation(
            number=f"TPN-{stages.period}-{item.stage.value}",
            origin=Origin.TPN,
            text=item.recommendation,
            issued=item.day,
            note=item.condition,
        )
        for item in (found.decisions if found is not None else ())
        if item.recommendation
    )
