"""The log of a unit whose report could not be made: one page that says what happened and what next.

It is never a report: its title and first line say that the report failed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypedDict
from urllib.parse import quote

from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Severity
from zi_eval.report.made import Made
from zi_eval.report.page import Room

__all__ = ["FailedCell", "FailureLog", "render_failure_log"]

ROOM: Final = Room("pages", ("report/style.css", "report/paper.css", "pages/failure_log.css"))
LINES: Final = 120
"""How many lines of a traceback are shown; of a longer one the middle is left out."""
PROBLEM: Final = re.compile(
    rf"(?:(?P<place>\S.*?): )?(?P<severity>{'|'.join(Severity)}): (?P<text>.+)"
)


@dataclass(frozen=True, slots=True)
class FailedCell:
    """The cell a notebook stopped at: its number in the notebook, its code, its traceback."""

    number: str
    source: str
    traceback: str


@dataclass(frozen=True, slots=True)
class FailureLog:
    """What is known of a failure; all texts are untrusted.

    Attributes
    ----------
    unit_file, report_notebook
        The files to mend, as a person in the working folder names them.
    error
        Why there is no report: one sentence, or a line for each problem of the unit's file.
    is_late
        Whether the unit was ended because it took too long.
    executed
        Name of the notebook as far as it ran, empty where none is left.
    """

    unit: str
    period: str
    stage: Stage
    unit_file: str
    report_notebook: str
    error: str
    made: Made
    is_late: bool = False
    executed: str = ""
    cell: FailedCell | None = None


class _Problem(TypedDict):
    line: int
    place: str
    severity: str
    text: str


def _problems(error: str, unit_file: str) -> list[_Problem]:
    """Return the problems of a file by line; none where ``error`` is something else.

    The unit's own file is not named again at each of its lines.
    """
    problems = []
    for text in error.splitlines():
        match = PROBLEM.fullmatch(text)
        if match is None:
            return []
        place = match["place"] or ""
        file, _, line = place.rpartition(":")
        number = int(line) if line.isdigit() else 0
        shown = f"Baris {number}" if number and file == unit_file else place
        problems.append(
            _Problem(line=number, place=shown, severity=match["severity"], text=match["text"])
        )
    return sorted(problems, key=lambda problem: problem["line"])


def _shorten(traceback: str) -> str:
    """Return a traceback without the rule above it and, where it is long, its middle."""
    lines = [line for line in traceback.splitlines() if line.strip("-") or not line]
    if lines:
        lines[0] = re.sub(r" {3,}Traceback", ": Traceback", lines[0])
    if len(lines) <= LINES:
        return "\n".join(lines)
    half = LINES // 2
    left_out = f"… {len(lines) - 2 * half} baris tidak ditampilkan; lihat notebook …"
    return "\n".join([*lines[:half], left_out, *lines[-half:]])


def _ending(log: FailureLog, problems: list[_Problem]) -> str:
    if log.is_late:
        return "Dihentikan: melewati batas waktu"
    if problems:
        return "Berkas unit belum dapat dibaca"
    if log.cell is not None:
        return f"Notebook berhenti pada sel {log.cell.number}".strip()
    return "Laporan tidak selesai dibuat"


def render_failure_log(log: FailureLog) -> str:
    """Return the page: no script, nothing loaded from elsewhere, everything escaped."""
    problems = _problems(log.error, log.unit_file)
    stage = "" if log.stage is Stage.TPI else f" --stage {log.stage.value}"
    return ROOM.render(
        "failure_log",
        log=log,
        ending=_ending(log, problems),
        problems=problems,
        errors=sum(problem["severity"] == Severity.ERROR for problem in problems),
        traceback=_shorten(log.cell.traceback) if log.cell else "",
        link=quote(log.executed, safe=""),
        command=f"zi-eval run {log.unit} --period {log.period}{stage}",
    )
