"""One unit, known whole: everything the program knows of it in one period at one stage.

The unit report, the form's panel, the letter, ``zi-eval score`` and the notebooks are views of the
same :class:`Case`, so that none can be surer than another. Each part is computed when it is first
asked for, and kept; a file is opened once (:class:`~zi_eval.period.reading.Period`). A broken table
never stops the unit that it is about: its part stays empty, and a warning says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Assessment, Stage
from zi_eval.core.criteria import CRITERIA_SOURCE, propose_by_criteria
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.proposals import Proposal
from zi_eval.core.verdict import Status
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.period.reading import Period, kept, load_agency_evaluation
from zi_eval.period.share import COMMON, read_share, share_file

if TYPE_CHECKING:
    from zi_eval.chance.estimate import Chance
    from zi_eval.core.rules import RuleSet
    from zi_eval.core.trace import Trace
    from zi_eval.core.verdict import Verdict
    from zi_eval.doubts.differing import StatedElsewhere
    from zi_eval.doubts.unseen import Unread
    from zi_eval.doubts.values import Doubt
    from zi_eval.doubts.verdict import DoubtedVerdict
    from zi_eval.improvement.effort import UnitEffort
    from zi_eval.improvement.options import Step
    from zi_eval.improvement.way import Improvement
    from zi_eval.performance.unit import UnitPerformance
    from zi_eval.recommendations.values import FollowedUp, Register
    from zi_eval.survey.unit import UnitSurveys
    from zi_eval.trends.earlier import Earlier
    from zi_eval.trends.load import EarlierUnit
    from zi_eval.trends.unit import UnitTrends
    from zi_eval.workplan.plan import Activity
    from zi_eval.workplan.unit import UnitWorkPlan

__all__ = ["Case", "evaluate_whole", "load_agency", "load_case"]

ALTERNATIVES = 2
"""Other ways than the shortest that are looked for."""

OF_ANSWERS = (
    "evaluation", "trace", "steps_up", "improvement", "chance", "doubts", "verdicts", "other_sets",
    "trends", "seeds",
)  # fmt: skip
"""The parts that follow from the answers; the others are what is known besides."""
Reported = Mapping[str, tuple[Status, tuple[str, ...], tuple[str, ...]]]
"""Status, doubts and explained doubts of a unit's verdicts, by predicate, as its report says."""

_Problems = tuple[Problem, ...]


class Case:
    """A unit with all that speaks to its answers.

    What a part needs is imported when the part is asked for, so that a score costs no figures.

    Parameters
    ----------
    period, file
        The period and the unit's file in it.
    stage
        Whose answers count; earlier periods are evaluated at the same stage.
    run
        The folder in which a run hands on what it computed once of all units
        (:mod:`zi_eval.period.share`); empty where there is none.
    """

    def __init__(
        self, period: Period, file: Path, stage: Stage = Stage.TPI, run: str | Path = ""
    ) -> None:
        self.period, self.file, self.stage, self.run = period, file, stage, run

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
        }  # fmt: skip
        case.__dict__.update({"scored": evaluation, **nothing, **parts})
        return case

    @property
    def unit(self) -> str:
        """The unit's id: the name of its file."""
        return self.file.stem

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
    def _performance(self) -> tuple[UnitPerformance | None, _Problems]:
        from zi_eval.performance.load import FOLDER, has_plan, load_performance

        home = self.period.folder
        try:
            found = has_plan(home, self.unit)
            return load_performance(self.period, self.unit, run=self.run) if found else None, ()
        except ZiEvalError as error:
            return None, tuple(_as_warnings(error, home / FOLDER))

    @cached_property
    def performance(self) -> UnitPerformance | None:
        """Plan and results; None without a plan, or where its table has errors."""
        return self._performance[0]

    @cached_property
    def _surveys(self) -> tuple[UnitSurveys | None, _Problems]:
        from zi_eval.survey.files import find_surveys

        try:
            if self.unit not in find_surveys(self.period):
                return None, ()
            from zi_eval.survey.load import read_surveys

            found = read_surveys(self.period, self.unit)
        except ZiEvalError as error:
            return None, tuple(_as_warnings(error, self.period.folder))
        return found, found.problems

    @cached_property
    def surveys(self) -> UnitSurveys | None:
        """The surveys; None without a table of responses."""
        return self._surveys[0]

    @cached_property
    def _register(self) -> tuple[Register | None, _Problems]:
        from zi_eval.recommendations.load import load_register

        try:
            found = load_register(self.period, self.unit)
        except ZiEvalError as error:
            return None, tuple(_as_warnings(error, self.period.folder))
        return found or None, found.problems

    @cached_property
    def register(self) -> Register | None:
        """What was recommended to the unit and what became of it; None without any."""
        return self._register[0]

    @cached_property
    def _workplan(self) -> tuple[UnitWorkPlan | None, _Problems]:
        from zi_eval.workplan.files import TABLES

        if not TABLES.has(self.period.folder, self.unit):
            return None, ()
        from zi_eval.workplan.load import load_workplan

        try:
            found = load_workplan(self.period, self.unit, stage=self.stage)
        except ZiEvalError as error:
            return None, tuple(_as_warnings(error, self.period.folder / TABLES.folder))
        return found, found.problems

    @cached_property
    def workplan(self) -> UnitWorkPlan | None:
        """The work plan of building ZI; None without one, or where its table has errors."""
        return self._workplan[0]

    @cached_property
    def _earlier(self) -> EarlierUnit:
        from zi_eval.trends.load import EarlierUnit, load_earlier

        try:
            return load_earlier(self.period, self.file, self.stage)
        except ZiEvalError as error:
            return EarlierUnit((), tuple(_as_warnings(error, self.period.folder)))

    @cached_property
    def earlier(self) -> tuple[Earlier, ...]:
        """The unit's evaluations of earlier periods, oldest first."""
        return self._earlier.periods

    @cached_property
    def _others(self) -> tuple[tuple[Assessment, ...], _Problems]:
        from zi_eval.trends.load import load_others, parse_others

        try:
            share = read_share(self.run, COMMON)
            if share is not None:
                return parse_others(share, self.scored.instrument), ()
            return load_others(self.period), ()
        except ZiEvalError as error:
            return (), tuple(_as_warnings(error, self.period.folder))

    @cached_property
    def others(self) -> tuple[Assessment, ...]:
        """Answers of units of the agency in its last period: how its TPI corrects."""
        return self._others[0]

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
    def _effort(self) -> tuple[UnitEffort | None, _Problems]:
        from zi_eval.improvement.load import load_unit_effort

        try:
            instrument = self.period.read_unit(self.file)[1]
            return load_unit_effort(self.period, self.unit, instrument)
        except ZiEvalError as error:
            return None, tuple(_as_warnings(error, self.period.folder))

    @cached_property
    def effort(self) -> UnitEffort | None:
        """What a better answer takes, and the unit's limits; without it there is no way."""
        return self._effort[0]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the tables, as warnings: the unit's own answers stand without them."""
        found = (
            *self._performance[1],
            *self._surveys[1],
            *self._workplan[1],
            *self._register[1],
            *self._earlier.problems,
            *self._others[1],
            *self._effort[1],
        )
        return tuple(replace(problem, severity=Severity.WARNING) for problem in found)

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
        is_open = bool(scored.card.open_questions)
        if not (self.earlier or self.others or self.surveys or is_open):
            return None
        from zi_eval.chance.estimate import estimate_chance

        history = [earlier.evaluation.assessment for earlier in self.earlier]
        return estimate_chance(scored, history, self.others, self.surveys)

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """Tables and other evaluations of the unit that are there and cannot be read."""
        from zi_eval.doubts.unseen import Unread

        found: dict[str, Unread] = {}

        def note(problems: _Problems, topic: str) -> None:
            for problem in problems:
                if problem.severity is Severity.ERROR:
                    path = Path(problem.file or topic)
                    name = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
                    found.setdefault(name, Unread(name, problem.message, *self._asked(topic, path)))

        note(self._surveys[1], "survei")
        note(self._performance[1], "kinerja")
        note(self._register[1], "tindak-lanjut")
        for key, (file, why) in self.period.unread_feeders(self.unit).items():
            name = f"{file.parent.name}/{file.name}"
            found.setdefault(name, Unread(name, why, facts=(key,)))
        return tuple(found.values())

    def _asked(self, topic: str, path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the questions and the prerequisites that a table speaks to."""
        instrument = self.scored.instrument
        if topic == "tindak-lanjut":
            from zi_eval.recommendations.values import FACT

            return (), (FACT,)
        if topic == "kinerja":
            from zi_eval.performance.proposals import TOPIC

            links = instrument.links.get(TOPIC, {})
            decided = (links.get(name, "") for name in ("achievement", "goals"))
            return tuple(key for key in decided if key in instrument.questions), ()
        indices = [key for key, item in instrument.questions.items() if item.scale.kind == "index"]
        from zi_eval.survey.definitions import available_surveys, load_survey

        kind = path.stem.rpartition(".")[2]
        if kind in available_surveys():
            indices = [key for key in indices if key == load_survey(kind).lke_question]
        return tuple(indices), ()

    @cached_property
    def elsewhere(self) -> tuple[StatedElsewhere, ...]:
        """What other evaluations of the unit, and its register, give for its prerequisites."""
        from zi_eval.doubts.differing import StatedElsewhere

        of_others = (
            StatedElsewhere(
                fact=key,
                value=other.predicate or "",
                source=f"{file.parent.name}/{file.name}",
                name=other.instrument.labels.name,
                is_final=other.assessment.final is not None,
            )
            for key, (other, file) in self.period.read_feeders(self.unit).items()
        )
        followed = self.register.followed_up if self.register is not None else None
        if followed is None or not self._is_contradicted(followed.percent):
            return tuple(of_others)
        return (*of_others, self._followed_up(followed))

    def _is_contradicted(self, percent: float) -> bool:
        """Whether the register and the unit's file differ on whether all findings are settled.

        How far below they are is no contradiction: a register need not have every finding.
        """
        from zi_eval.recommendations.values import FACT

        stated = self.scored.assessment.facts.get(FACT)
        return isinstance(stated, float) and (stated >= 100) != (percent >= 100)

    def _followed_up(self, followed: FollowedUp) -> StatedElsewhere:
        from zi_eval.doubts.differing import StatedElsewhere
        from zi_eval.recommendations.values import FACT

        assert self.register is not None
        return StatedElsewhere(
            fact=FACT,
            value=followed.percent,
            source=self.register.file or f"tindak-lanjut/ ({self.register.items[0].period})",
            name=f"register tindak lanjut ({followed.settled} dari {followed.count} temuan)",
            rule="Persentase tindak lanjut mengikuti temuan APIP dan BPK satu per satu",
            remedy="Mutakhirkan register dengan bukti dan pemeriksanya, atau betulkan syarat.",
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
            file=self.file.name if self.lines else "",
            lines=self.lines,
        )

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What speaks against the verdicts, the strongest first."""
        from zi_eval.doubts.unseen import can_be_lost

        # Estimating it takes longer than all else that a verdict needs.
        return self.doubts_on(self.scored, self.chance if can_be_lost(self.scored) else None)

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
                scored.instrument, rules, scored.assessment, scored.agency, scored.stage
            ).verdicts.get(scored.target.predicate)
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


def _as_warnings(error: ZiEvalError, folder: Path) -> Iterator[Problem]:
    if isinstance(error, ParameterError):
        yield from (problem for problem in error.problems if isinstance(problem, Problem))
    else:
        yield Problem(code="data-tidak-terbaca", message=str(error), file=str(folder))


def evaluate_whole(period: Period, file: Path, stage: Stage = Stage.TPI) -> Evaluation:
    """Evaluate a unit with all that speaks against its verdicts, as every view shows it.

    Raises
    ------
    ParameterError
        As :attr:`Case.evaluation`.
    """
    return Case(period, file, stage).evaluation


def load_case(unit_file: str | Path, stage: str | Stage = Stage.TPI, run: str | Path = "") -> Case:
    """Return the unit of a file, with the period that the file stands in.

    Parameters
    ----------
    unit_file
        Path of ``parameters/<period>/<unit>.yaml``.
    stage
        ``"unit"`` or ``"tpi"``.
    run
        As :class:`Case`.
    """
    path = Path(unit_file)
    if not path.is_file():
        raise WorkspaceError(f"Berkas {path} tidak ada. Periksa nama unit dan periodenya.")
    return _open_case(Period.read(path.parent), path, Stage(stage), str(run))


@kept
def _open_case(period: Period, file: Path, stage: Stage, run: str) -> Case:
    return Case(period, file, stage, run)


def load_agency(
    folder: Period | str | Path,
    stage: str | Stage = Stage.TPI,
    reported: Mapping[str, Reported] | None = None,
) -> AgencyEvaluation:
    """Evaluate every unit of a period, each with what speaks against its verdicts.

    Parameters
    ----------
    folder, stage
        As :func:`~zi_eval.period.reading.load_agency_evaluation`.
    reported
        In a run, what the units' reports say, by unit: nothing is computed of them again. Of a
        unit without a report only what its own file says is known then. None outside a run, where
        each unit is known whole.
    """
    from zi_eval.doubts.load import find_doubts
    from zi_eval.doubts.verdict import judge_with_doubts, lower

    period = Period.read(folder)
    agency = load_agency_evaluation(period, stage, keeps_readings=reported is None)
    found = []
    for item in agency.evaluations:
        unit = item.assessment.unit.id
        known = (reported or {}).get(unit)
        if known is not None and known.keys() == item.verdicts.keys():
            verdicts = {
                predicate: replace(verdict, status=status, doubts=doubts, explained=explained)
                for predicate, verdict in item.verdicts.items()
                for status, doubts, explained in (known[predicate],)
            }
            found.append(replace(item, verdicts=verdicts))
        elif reported is not None:
            found.append(lower(item, judge_with_doubts(item, find_doubts(item))))
        else:
            case = Case(period, period.unit_files[unit], item.stage)
            case.__dict__["scored"] = item
            found.append(case.evaluation)
    return replace(agency, evaluations=tuple(found))
