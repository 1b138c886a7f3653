"""An agency known whole: its units side by side, and what follows from them, computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zi_eval.agreement.calibration import Calibration, calibrate_agency
from zi_eval.agreement.carried import NationalAgreement
from zi_eval.calendar.deadlines import Deadline
from zi_eval.core.agency import (
    AgencyEvaluation,
    AreaShare,
    QuestionSummary,
    UnitStanding,
    area_shares,
    costly_questions,
    judge_agency,
    rank_units,
)
from zi_eval.core.kawasan import KawasanVerdict, judge_kawasan
from zi_eval.core.problems import Problem
from zi_eval.core.text import by_name
from zi_eval.core.verdict import PrerequisiteOutcome
from zi_eval.improvement.shared import SharedSteps, shared_steps
from zi_eval.national.holders import Holders
from zi_eval.national.values import NationalStages
from zi_eval.pages.agency.published import FailedReport, Published
from zi_eval.performance.agency import AgencyPerformance
from zi_eval.recommendations.values import Register
from zi_eval.similarities.find import find_similarities
from zi_eval.similarities.values import Pace, Similarity
from zi_eval.trends.agency import AgencyTrends
from zi_eval.workplan.monitoring import AgencyWorkPlans

__all__ = ["Recap"]


@dataclass(frozen=True)
class Recap:
    """The results that a recap shows; what follows from the units is computed once, and kept.

    Attributes
    ----------
    plans
        The performance tables of the units.
    trends
        The agency beside its earlier periods, where there are any.
    published
        What stands beside the recap, and can be linked.
    deadlines
        Those of the period, by day.
    workplans
        The work plans of building ZI of all units.
    stages
        What the TPN decided of the units.
    national
        How far TPI and TPN agree, and what that would mean for the units; None where it answered
        nothing.
    holders, conflicts
        Who holds a predicate, and what contradicts that, by unit id; empty of the agency itself.
    registers
        What was recommended, by unit, and to the agency itself.
    paces
        How fast the TPI answered, by unit, where journals tell.
    """

    evaluation: AgencyEvaluation
    plans: AgencyPerformance = field(default_factory=AgencyPerformance)
    trends: AgencyTrends | None = None
    published: Published = field(default_factory=Published)
    registers: Mapping[str, Register] = field(default_factory=dict)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    workplans: AgencyWorkPlans = field(default_factory=AgencyWorkPlans)
    deadlines: tuple[Deadline, ...] = ()
    stages: NationalStages = field(default_factory=NationalStages)
    national: NationalAgreement | None = None
    holders: Holders = field(default_factory=Holders)
    conflicts: tuple[tuple[str, Problem], ...] = ()

    @cached_property
    def standings(self) -> tuple[UnitStanding, ...]:
        """The evaluated units, the highest total first."""
        return rank_units(self.evaluation)

    @cached_property
    def shares(self) -> tuple[tuple[AreaShare, ...], ...]:
        """What each of them reached of every compared area."""
        return tuple(area_shares(standing.evaluation) for standing in self.standings)

    @cached_property
    def prerequisites(self) -> Mapping[str, tuple[PrerequisiteOutcome, ...]]:
        """The agency's own prerequisites, judged for every predicate."""
        return judge_agency(self.evaluation)

    @cached_property
    def costly(self) -> tuple[QuestionSummary, ...]:
        """Every question that some unit did not answer at its best, the costliest first."""
        return costly_questions(self.evaluation, len(self.evaluation.instrument.questions))

    @cached_property
    def kawasan(self) -> tuple[tuple[KawasanVerdict, ...], ...]:
        """The verdicts on each kawasan."""
        return judge_kawasan(self.evaluation)

    @cached_property
    def calibration(self) -> Calibration | None:
        """How far units and TPI agree; None where they answered nothing in common."""
        return calibrate_agency(self.evaluation)

    @cached_property
    def similarities(self) -> tuple[Similarity, ...]:
        """What is the same across units beyond chance, and what stands out in one."""
        return find_similarities(self.evaluation, self.paces)

    @cached_property
    def shared_steps(self) -> SharedSteps:
        """The single steps up that help most units."""
        return shared_steps(self.evaluation)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of every unit by id; empty where its file could not be read."""
        units = [item.assessment.unit for item in self.evaluation.evaluations]
        return dict.fromkeys(self.evaluation.failures, "") | {unit.id: unit.name for unit in units}

    @property
    def unreported(self) -> tuple[tuple[str, str, FailedReport], ...]:
        """Id, name and failure of the units that count, but whose report failed."""
        units = {
            item.assessment.unit.id: item.assessment.unit.name
            for item in self.evaluation.evaluations
        }
        failed = self.published.failures
        return tuple((unit, name, failed[unit]) for unit, name in by_name(units) if unit in failed)
