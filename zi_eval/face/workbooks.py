"""LKE workbooks: audited, or taken in as a unit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zi_eval.face.display import Guidance, Shown
from zi_eval.face.period import PeriodView, score
from zi_eval.face.unit import UnitView
from zi_eval.period.folders import find_period
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.lke.findings import WorkbookAudit

__all__ = ["AuditView", "audit", "import_workbook"]

NO_WORKBOOK = (
    "Sebut buku kerja LKE (.xlsx) yang diperiksa, atau folder yang berisi banyak buku kerja."
)


class AuditView(Shown):
    """What is wrong with workbooks: formulas, weights, types, answers and recap, by cell."""

    def __init__(self, audits: list[WorkbookAudit]) -> None:
        self.audits = audits

    def frame(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a finding."""
        from zi_eval import frames

        return frames.make_frame(
            "findings", frames.finding_rows(self.audits), frames.Known(), labels=labels
        )

    def section(self) -> Section:
        """Return the page of the audit."""
        from zi_eval.lke.page.audit import audit_section

        return audit_section(self.audits) if self.audits else Guidance(NO_WORKBOOK).section()

    def __repr__(self) -> str:
        if not self.audits:
            return NO_WORKBOOK
        from zi_eval.lke.page.audit import render_audits

        lines = render_audits(self.audits).splitlines()
        more = [f"… {len(lines) - 40} baris lagi: .frame()"] if len(lines) > 40 else []
        return "\n".join((*lines[:40], *more))


def audit(*paths: str | Path) -> AuditView:
    """Audit workbooks, or all those in folders; the worst first.

    Raises
    ------
    WorkspaceError
        Where a folder holds none.

    Examples
    --------
    >>> import zi_eval as zi
    >>> zi.audit()
    Sebut buku kerja LKE (.xlsx) yang diperiksa, atau folder yang berisi banyak buku kerja.
    """
    from zi_eval.lke.load import load_audits

    named = [path for path in paths if str(path)]
    return AuditView(load_audits(*named) if named else [])


def import_workbook(
    workbook: str | Path,
    unit: str,
    period: PeriodView | str | Path = "",
    *,
    name: str = "",
    target: str = "WBK",
    force: bool = False,
) -> UnitView:
    """Make a unit of a workbook's answers, notes and evidence, and return it as it now stands.

    Parameters
    ----------
    workbook
        An LKE workbook or a table of questions, in any shape that ``zi-eval import`` reads.
    unit, name, target
        Id, name (the id where empty) and predicate of the unit.
    period
        Where to; the newest where empty.
    force
        Write over a unit that is there.

    Raises
    ------
    ArgumentError, WorkspaceError, WorkbookError
        Where the id cannot be used, the unit is there already, or the workbook cannot be read.
    """
    from zi_eval.lke.intake import import_workbook as take_in

    home = period.folder if isinstance(period, PeriodView) else find_period(period)
    stated = home.resolve().name
    made = take_in(
        Path(workbook), home / f"{unit}.yaml", unit, stated, name=name, target=target, force=force
    )
    return score(made.path, stage="unit")
