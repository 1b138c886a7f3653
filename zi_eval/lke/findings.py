"""What is wrong in a workbook: findings with their place and the points each of them moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["AuditFinding", "WorkbookAudit", "group_findings"]

CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """One thing in a workbook that is not as it should be.

    Attributes
    ----------
    code
        Stable name of the kind, e.g. ``"bobot-berubah"``.
    sheet, cell
        Where it is, e.g. ``"LKE ZI"`` and ``"L175"``.
    key
        Question, input or node id, empty where it belongs to none.
    message
        One Indonesian sentence.
    found, expected
        What is there and what should be there, as a person would read it.
    points
        How much this alone moves the total, right to wrong; None where the total becomes an error.
    here
        How much it moves the figure in the cell itself, None where that is no figure.
    is_fixable
        Whether it can be mended without knowing an answer.
    is_template
        Whether the official workbook has it as it is given out.
    """

    code: str
    sheet: str
    cell: str
    key: str
    message: str
    found: str = ""
    expected: str = ""
    points: float | None = 0.0
    here: float | None = None
    is_fixable: bool = False
    is_template: bool = False

    @property
    def is_moving(self) -> bool:
        """Whether it changes the total, or makes it an error."""
        return self.points is None or abs(self.points) > CLOSE


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookAudit:
    """An audited workbook.

    Attributes
    ----------
    file, sheet
        Its name and the audited sheet; the sheet is empty where it could not be read.
    findings
        What is damaged, most points first.
    template
        What the official workbook has as it is given out, as long as it moves nothing here.
    notes
        What is no damage and should still be known, e.g. open questions an average hides.
    shown
        The total the workbook shows, None where it shows none.
    score
        The total by the instrument, None while nothing is answered.
    answered, questions
        How many questions are answered, of how many.
    failure
        Why the workbook could not be read, or empty.
    """

    file: str
    sheet: str = ""
    findings: tuple[AuditFinding, ...] = ()
    template: tuple[AuditFinding, ...] = ()
    notes: tuple[AuditFinding, ...] = ()
    shown: float | None = None
    score: float | None = None
    answered: int = 0
    questions: int = 0
    failure: str = ""

    @property
    def difference(self) -> float | None:
        """What the workbook shows less what is right, None where one of them is no number."""
        if self.shown is None or self.score is None:
            return None
        return self.shown - self.score

    @property
    def rank(self) -> tuple[bool, bool, float, int]:
        """Order of the worst first: unreadable, then errors, then by points, then by findings."""
        broken = any(finding.points is None for finding in self.findings)
        moved = sum(abs(finding.points or 0.0) for finding in self.findings)
        return not self.failure, not broken, -moved, -len(self.findings)


def group_findings(findings: Iterable[AuditFinding]) -> tuple[tuple[AuditFinding, ...], ...]:
    """Put together what is said in the same words, in the order of the first of each."""
    groups: dict[tuple[str, str], list[AuditFinding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.message), []).append(finding)
    return tuple(map(tuple, groups.values()))
