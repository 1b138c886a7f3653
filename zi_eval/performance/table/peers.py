"""What a unit's performance is compared with, as a run hands it on (:mod:`zi_eval.period.share`).

A run compares all units once and hands each its share, so that no unit reads the others' tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zi_eval.performance.comparison import Compared, PeerFigures
from zi_eval.performance.plan import PlanFinding

__all__ = ["dump_peers", "parse_peers"]


def dump_peers(figures: PeerFigures, findings: Sequence[PlanFinding]) -> Mapping[str, Any]:
    """Return the figures of a unit's peers, and what comparing it with them shows, as JSON."""
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
