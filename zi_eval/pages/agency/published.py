"""What stands beside a recap: reports to link to, logs of failures, pages of performance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zi_eval.case import Reported
from zi_eval.core.verdict import Status
from zi_eval.period.share import RECAP, read_share

__all__ = ["FailedReport", "Published", "dump_published", "read_published"]


@dataclass(frozen=True, slots=True)
class FailedReport:
    """Why a unit has no report, in one line, and the name of the file that says more, or empty."""

    reason: str
    log: str


@dataclass(frozen=True, slots=True)
class Published:
    """What a run has made for the units of a period.

    Attributes
    ----------
    reports, pages
        Ids of the units whose report, and whose page of performance, is there; only these are
        linked.
    verdicts
        What the reports say of each predicate, by unit; None outside a run.
    failures
        Why others have no report, by id; untrusted.
    """

    reports: frozenset[str] = frozenset()
    failures: Mapping[str, FailedReport] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()
    verdicts: Mapping[str, Reported] | None = None


def dump_published(published: Published) -> Mapping[str, Any]:
    """Return it as JSON, for a run to hand on."""
    return {
        "reports": sorted(published.reports),
        "failures": {unit: [item.reason, item.log] for unit, item in published.failures.items()},
        "pages": sorted(published.pages),
        "verdicts": published.verdicts,
    }


def read_published(run: str = "") -> Published:
    """Return what a run hands on to the recap (:mod:`zi_eval.period.share`).

    Without a run nothing is beside the page that could be linked.
    """
    content = read_share(run, RECAP)
    if content is None:
        return Published()
    failures = {unit: FailedReport(*known) for unit, known in content["failures"].items()}
    said = content["verdicts"]
    verdicts = said and {
        unit: {
            key: (Status(status), tuple(doubts), tuple(explained))
            for key, (status, doubts, explained) in own.items()
        }
        for unit, own in said.items()
    }
    reports, pages = frozenset(content["reports"]), frozenset(content["pages"])
    return Published(reports, failures, pages, verdicts)
