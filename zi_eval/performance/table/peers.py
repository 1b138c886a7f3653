"""What a unit's performance is compared with, as a text that a notebook takes as a parameter.

A run compares all units once and hands each its share, so that no unit reads the others' tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from zi_eval.performance.comparison import PeerFigures
from zi_eval.performance.plan import PlanFinding

__all__ = ["dump_peers", "parse_peers"]


def dump_peers(figures: PeerFigures, findings: Sequence[PlanFinding]) -> str:
    """Return the figures of a unit's peers, and what comparing it with them shows, as JSON."""
    content = {
        "percent": figures.percent,
        "units": figures.units,
        "indicators": dict(sorted(figures.indicators.items())),
        "findings": [[f.code, f.place, f.seen, f.check] for f in findings],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def parse_peers(text: str) -> tuple[PeerFigures, tuple[PlanFinding, ...]]:
    """Return what :func:`dump_peers` wrote."""
    content = json.loads(text)
    figures = PeerFigures(content["percent"], content["units"], content["indicators"])
    names = ("code", "place", "seen", "check")
    findings = (dict(zip(names, parts, strict=True)) for parts in content["findings"])
    return figures, tuple(PlanFinding(**finding) for finding in findings)
