"""The work plan of building ZI (rencana kerja pembangunan ZI): activities with their months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.text import MONTHS as FULL_NAMES

__all__ = [
    "MONTHS",
    "MONTH_NAMES",
    "QUARTER_ENDS",
    "TOLERANCE",
    "Activity",
    "Months",
    "WorkPlan",
    "area_of",
    "month_name",
    "parse_aim",
]

MONTHS: Final = range(1, 13)
MONTH_NAMES: Final = (
    "jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des",
)  # fmt: skip
"""As columns name them."""
QUARTER_ENDS: Final = (3, 6, 9, 12)
TOLERANCE: Final = 1e-9

Months = tuple[float | None, ...]
"""January to December, twelve of them; None is not stated, which is not zero."""
_NOTHING: Final[Months] = (None,) * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity. All texts are untrusted.

    Attributes
    ----------
    name, output, unit_of_measure
        Kegiatan, what it brings forth (keluaran), and in what that is counted (satuan).
    questions
        The questions of the LKE that it is for, by official number.
    aims
        The answer that a question is to have once the activity is done, where the plan states one.
    is_priority
        Whether it is one of the plan's priority targets.
    owner
        Who answers for it: a post, not a person.
    targets, results
        How much of the output by month, each month for itself, no running totals.
    evidence, obstacle, follow_up
        Bukti, kendala, tindak lanjut.
    source
        Where it comes from, e.g. a recommendation of last year's LHE.
    row
        Row of the file it stands in, for messages.
    """

    name: str
    questions: tuple[str, ...] = ()
    aims: Mapping[str, Value] = field(default_factory=dict)
    is_priority: bool = False
    output: str = ""
    unit_of_measure: str = ""
    owner: str = ""
    targets: Months = _NOTHING
    results: Months = _NOTHING
    evidence: str = ""
    obstacle: str = ""
    follow_up: str = ""
    source: str = ""
    row: int = 0

    @property
    def planned(self) -> tuple[float, ...]:
        """The target from January to each month."""
        return tuple(accumulate(value or 0.0 for value in self.targets))

    @property
    def reached(self) -> tuple[float, ...]:
        """The realisation from January to each month."""
        return tuple(accumulate(value or 0.0 for value in self.results))

    @property
    def last_reported(self) -> int:
        """The last month with a realisation stated, 0 where there is none."""
        return max((m for m in MONTHS if self.results[m - 1] is not None), default=0)


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """The activities of one unit in one year, with what became of them so far."""

    unit: str
    name: str
    year: int
    activities: tuple[Activity, ...]

    @property
    def month(self) -> int:
        """The last month any activity reports, 0 where none does."""
        return max((item.last_reported for item in self.activities), default=0)

    @property
    def by_question(self) -> Mapping[str, tuple[int, ...]]:
        """The places of the activities that are for a question."""
        found: dict[str, list[int]] = {}
        for place, item in enumerate(self.activities):
            for question in item.questions:
                found.setdefault(question, []).append(place)
        return {question: tuple(places) for question, places in found.items()}


def area_of(instrument: Instrument, question: str) -> tuple[str, str]:
    """Return id and title of the area that a question belongs to, else of its component."""
    for area in instrument.areas:
        if any(question.startswith(f"{node}.") for node in area.nodes):
            return area.id, area.title
    for root in instrument.roots:
        if question.startswith(f"{root}."):
            return root, instrument.nodes[root].title
    return "", "Tanpa pertanyaan LKE"


def month_name(month: int) -> str:
    """Return ``Juni``; of 0 that there is none yet."""
    return FULL_NAMES[month - 1] if month else "belum ada bulan"


def parse_aim(question: Question, text: str) -> Value | None:
    """Return the answer that a plan aims at; None where the question cannot have it.

    Options of any case and index figures can be aimed at; counts are what comes of the work.
    """
    if question.scale.kind == "choice":
        if text in question.scale.values:
            return text
        known = {option.casefold(): option for option in question.scale.values}
        return known.get(text.strip().casefold())
    if question.scale.kind == "index":
        try:
            figure = float(text.replace(",", "."))
        except ValueError:
            return None
        return figure if 0 <= figure <= question.scale.top else None
    return None
