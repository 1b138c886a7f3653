"""The unit of a :class:`Case`: its scores, verdicts and what follows from its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from zi_eval.case.tables import UnitTables
from zi_eval.core.assessment import Assessment, Stage
from zi_eval.core.criteria import CRITERIA_SOURCE, propose_by_criteria
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.core.verdict import Status
from zi_eval.national.holders import Holders
from zi_eval.period.feeders import read_feeders
from zi_eval.period.share import share_file

if TYPE_CHECKING:
    from zi_eval.chance.estimate import Chance
    from zi_eval.core.rules import RuleSet
    from zi_eval.core.trace import Trace
    from zi_eval.core.verdict import Verdict
    from zi_eval.doubts.decided import Decided
    from zi_eval.doubts.differing import StatedElsewhere
    from zi_eval.doubts.unseen import Unread
    from zi_eval.doubts.values import Doubt
    from zi_eval.doubts.verdict import DoubtedVerdict
    from zi_eval.improvement.options import Step
    from zi_eval.improvement.way import Improvement
    from zi_eval.trends.unit import UnitTrends
    from zi_eval.workplan.plan import Activity

__all__ = ["Case"]

ALTERNATIVES = 2
"""Other ways than the shortest that are looked for."""

OF_ANSWERS = (
    "evaluation", "trace", "steps_up", "improvement", "chance", "doubts", "verdicts", "other_sets",
    "trends", "seeds", "at_tpn",
)  # fmt: skip
"""The parts that follow from the answers; the others are what is known besides."""


class Case(UnitTables):
    """A unit with all that speaks to its answers.

    What a part needs is imported when the part is asked for, so that a score costs no figures.
    """

    @classmethod
    def known(cls, evaluation: Evaluation, **parts: Any) -> Case:
        """Return a unit of which only an evaluation and some other parts are known, by name.

        The other parts are empty; no file is opened.
        """
        case = cls.__new__(cls)
        case.stage, case.run = evaluation.stage, ""
        nothing: dict[str, Any] = {
            "performance": None, "surveys": None, "earlier": (), "others": (), "proposals": (),
            "effort": None, "problems": (), "has_pages": False, "elsewhere": (), "unread": (),
            "lines": {}, "other_sets": (), "register": None, "workplan": None,
            "national": None, "decided": None, "held": ((), frozenset()),
            "at_tpn": None, "holders": Holders(),
        }  # fmt: skip
        case.__dict__.update({"scored": evaluation, **nothing, **parts})
        return case

    @cached_property
    def evaluation(self) -> Evaluation:
        """Scores and verdicts, each verdict with the doubts that lower it: what every view shows.

        Raises
        ------
        ParameterError
            As :attr:`scored`.
        """
        from zi_eval.doubts.verdict import lower

        return lower(self.scored, self.verdicts)

    @cached_property
    def scored(self) -> Evaluation:
        """Scores, and verdicts by answers and facts as they stand, whatever speaks against them.

        Raises
        ------
        ParameterError
            With every problem of the unit's or agency's file, where one of them has errors.
        """
        return self.period.evaluate(self.file, self.stage)

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """What plan, surveys and criteria propose as answers, in the instrument's order."""
        from zi_eval.performance.load import FOLDER, find_plan

        found: list[Proposal] = []
        if self.performance is not None:
            source = f"{FOLDER}/{find_plan(self.period.folder, self.unit).name}"
            plan = self.performance
            found += (replace(item, source=source) for item in (*plan.proposals, *plan.evidence))
        if self.surveys is not None:
            found += self.surveys.proposals
        if self.workplan is not None:
            found += self.workplan.proposals
        found += self._by_criteria()
        # Of the folder's instrument, so that a unit with errors has its proposals too.
        order = {key: place for place, key in enumerate(self.period.load_instrument().questions)}
        known = (proposal for proposal in found if proposal.question in order)
        return tuple(sorted(known, key=lambda proposal: order[proposal.question]))

    def _by_criteria(self) -> tuple[Proposal, ...]:
        reading, instrument, _ = self.period.read_unit(self.file)
        if reading.assessment is None:
            return ()
        return propose_by_criteria(reading.assessment, instrument, self.stage)

    @cached_property
    def has_pages(self) -> bool:
        """Whether pages of the performance are made beside the report, to be linked."""
        return bool(self.run) and share_file(self.run, self.unit).is_file()

    @cached_property
    def trace(self) -> Trace:
        """How the total is made of the answers."""
        from zi_eval.core.trace import trace_score

        return trace_score(self.scored.instrument, self.scored.card, "total")

    @cached_property
    def evidence(self) -> Mapping[str, int]:
        """How many links, files and plain texts the unit names as evidence, by their word."""
        from zi_eval.evidence.pieces import Kind, sort_pieces

        kinds = [piece.kind for piece in sort_pieces(self.scored.assessment.answers)]
        return {kind.value: kinds.count(kind) for kind in Kind}

    @cached_property
    def proven(self) -> float:
        """The total where only answers with evidence count, in points."""
        from zi_eval.core.proven import score_proven

        return score_proven(self.scored)

    @cached_property
    def steps_up(self) -> tuple[Step, ...]:
        """What one better answer adds, for each question that can rise."""
        from zi_eval.improvement.options import steps_up

        return tuple(steps_up(self.scored))

    @cached_property
    def improvement(self) -> Improvement | None:
        """The shortest way to the predicate, with other ways and what each rule costs.

        None without efforts, where nothing is answered yet, or where it cannot be computed.
        """
        from zi_eval.improvement.programme import Unsolved
        from zi_eval.improvement.way import find_improvement

        if self.effort is None or not self.scored.card.total.answered:
            return None
        try:
            return find_improvement(
                self.scored,
                self.effort.effort,
                limits=self.effort.limits,
                alternatives=ALTERNATIVES,
                has_costs=True,
            )
        except Unsolved:
            return None

    @cached_property
    def seeds(self) -> tuple[Activity, ...]:
        """What a work plan may begin with: what is recommended, raises the score, or is usual."""
        from zi_eval.period.unit_tables import plan_year
        from zi_eval.workplan.seeds import seed_activities
        from zi_eval.workplan.usual import load_usual_activities

        scored, found = self.scored, self.improvement
        given = {key: item.value(self.stage) for key, item in scored.assessment.answers.items()}
        return seed_activities(
            plan_year(self.period),
            scored.instrument,
            {key: value for key, value in given.items() if value is not None},
            steps=found.way.moves if found is not None and found.way is not None else (),
            recommended=self.register.open_items if self.register is not None else (),
            usual=load_usual_activities(scored.instrument),
            predicate=found.predicate if found is not None else "",
        )

    @cached_property
    def chance(self) -> Chance | None:
        """The chance of the target on the scores; None where nothing is uncertain."""
        return self.chance_on(self.scored)

    def chance_on(self, scored: Evaluation) -> Chance | None:
        """Return the chance of the target on an evaluation of this unit, saved or tried."""
        # What is cheap to know is asked first: the others are files of earlier periods.
        if not (scored.card.open_questions or self.surveys or self.earlier or self.others):
            return None
        from zi_eval.chance.estimate import estimate_chance

        return estimate_chance(scored, self._history(), self._of_others(), self.surveys)

    def _history(self) -> Iterator[Assessment]:
        """Yield the unit's own earlier evaluations, read when the first is asked for."""
        yield from (earlier.evaluation.assessment for earlier in self.earlier)

    def _of_others(self) -> Iterator[Assessment]:
        """Yield those of other units likewise."""
        yield from self.others

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """Tables and other evaluations of the unit that are there and cannot be read."""
        from zi_eval.case.elsewhere import find_unread

        return find_unread(self, self.scored.instrument)

    @cached_property
    def elsewhere(self) -> tuple[StatedElsewhere, ...]:
        """What other evaluations of the unit, and its register, give for its prerequisites."""
        from zi_eval.case.elsewhere import find_elsewhere

        feeders = read_feeders(self.period, self.unit)
        return find_elsewhere(feeders, self.register, self.scored.assessment.facts)

    @cached_property
    def decided(self) -> Decided | None:
        """What the TPN decided of the unit; None without any, and while it decides."""
        from zi_eval.case.elsewhere import find_decided

        return find_decided(self.stages, self.unit)

    @cached_property
    def held(self) -> tuple[tuple[Problem, ...], frozenset[str]]:
        """What the holders of predicates say against the target, and the codes that refuse it."""
        if not self.holders:
            return (), frozenset()
        from zi_eval.case.elsewhere import find_held
        from zi_eval.national.load import proposal_day

        return find_held(self.holders, self.scored.assessment, proposal_day(self.period))

    @cached_property
    def at_tpn(self) -> Evaluation | None:
        """The same answers at the TPN's stage; None where the TPN answered no question."""
        scored = self.scored
        if not scored.assessment.judged_by(Stage.TPN):
            return None
        if scored.stage is Stage.TPN:
            return scored
        from zi_eval.core.evaluation import evaluate

        return evaluate(
            scored.instrument, scored.rules, scored.assessment, scored.agency, Stage.TPN
        )

    @cached_property
    def lines(self) -> Mapping[str, int]:
        """Where answers and prerequisites stand in the unit's file, by key."""
        return self.period.read_unit(self.file)[0].lines

    def doubts_on(self, scored: Evaluation, chance: Chance | None) -> tuple[Doubt, ...]:
        """Return what speaks against an evaluation of this unit, the strongest first.

        Parameters
        ----------
        scored
            Of the file, of newer answers that a form holds, or of answers that are tried.
        chance
            Of them, or the last that is known: estimating it takes longer than all else.
        """
        from zi_eval.doubts.load import find_doubts

        # Criteria belong to the answers: those of the evaluation count, not those of the file.
        data = (item for item in self.proposals if item.source != CRITERIA_SOURCE)
        own = propose_by_criteria(scored.assessment, scored.instrument, scored.stage)
        return find_doubts(
            scored,
            proposals=(*data, *own),
            surveys=self.surveys.results if self.surveys is not None else (),
            chance=chance,
            elsewhere=self.elsewhere,
            unread=self.unread,
            decided=self.decided,
            held=self.held[0],
            refusing=self.held[1],
            file=self.file.name if self.lines else "",
            lines=self.lines,
        )

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What speaks against the verdicts, the strongest first."""
        from zi_eval.chance.surveys import cannot_fail
        from zi_eval.doubts.unseen import can_be_lost

        # Estimating it takes longer than all else that a verdict needs.
        is_asked = can_be_lost(self.scored) and not cannot_fail(self.scored, self.surveys)
        return self.doubts_on(self.scored, self.chance if is_asked else None)

    @cached_property
    def verdicts(self) -> Mapping[str, DoubtedVerdict]:
        """The verdicts by predicate, lowered by the doubts that stand."""
        from zi_eval.doubts.verdict import judge_with_doubts

        return judge_with_doubts(self.scored, self.doubts)

    @cached_property
    def other_sets(self) -> tuple[tuple[RuleSet, Verdict], ...]:
        """The instrument's other rule sets that judge the target otherwise, with their verdict.

        Of several that judge alike, the newest.
        """
        from zi_eval.core.evaluation import evaluate
        from zi_eval.instruments import available_rules, load_rules

        scored = self.scored
        if scored.rules.bands:
            return ()
        names = available_rules(scored.instrument.id)
        sets = [load_rules(scored.instrument.id, name) for name in names]
        found: dict[tuple[tuple[str, Status], ...], tuple[RuleSet, Verdict]] = {}
        for rules in sorted(sets, key=lambda rules: rules.date):
            other = evaluate(
                scored.instrument, rules, scored.assessment, scored.agency, scored.stage,
                card=scored.card,
            ).verdicts.get(scored.target.predicate)  # fmt: skip
            if other is not None and other.status is not scored.target.status:
                key = tuple((item.prerequisite.id, item.status) for item in other.prerequisites)
                found[key] = rules, other
        return tuple(found.values())

    @property
    def verdict(self) -> DoubtedVerdict:
        """The verdict on the predicate the unit builds for, with what speaks against it."""
        return self.verdicts[self.scored.target.predicate]

    def tried(self, scored: Evaluation) -> Case:
        """Return this unit with other answers that are saved nowhere, and what data say of them."""
        case = copy(self)
        for name in OF_ANSWERS:
            case.__dict__.pop(name, None)
        case.__dict__["scored"] = scored
        return case

    @cached_property
    def trends(self) -> UnitTrends | None:
        """What changed since earlier periods and why; None without any."""
        from zi_eval.trends.unit import unit_trends

        return unit_trends(self.evaluation, self.earlier)
