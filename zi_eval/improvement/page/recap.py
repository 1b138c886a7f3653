"""The recap's section on improvements: which single step up helps most units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.rules import Rule
from zi_eval.core.verdict import TOLERANCE, Verdict
from zi_eval.improvement.options import Step, steps_up
from zi_eval.report.page import Section, report_environment
from zi_eval.report.tables import area_of, rule_name
from zi_eval.report.words import format_number

__all__ = ["SharedStep", "improvement_recap_section", "improvement_units", "shared_steps"]

LIMIT = 10
"""How many questions are shown."""
MOST_RULES = 2


@dataclass(frozen=True, slots=True)
class SharedStep:
    """One step up on one question, over all units that miss a rule.

    Attributes
    ----------
    units
        Ids of the units it helps: it counts in a rule that they miss.
    alone
        Ids of those where a missed rule is reached by it alone.
    points
        What the total of a unit rises by, on average.
    rules
        Names of the rules it helps most often, the most often first.
    change
        The step that most of them take, e.g. ``C → B``; empty where it is no step between options.
    """

    question: Question
    place: str
    units: tuple[str, ...]
    alone: tuple[str, ...]
    points: float
    rules: tuple[str, ...]
    change: str


@dataclass(slots=True)
class _Sum:
    """What is collected of one question while the units go by."""

    question: Question
    units: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    points: float = 0.0
    rules: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)

    def add(self, unit: str, step: Step, missing: Mapping[str, float]) -> None:
        """Count the step of a unit; ``missing`` is what it is short of, by rule."""
        self.units.append(unit)
        self.points += step.points
        self.rules.update(step.helps)
        if any(step.points >= missing[rule] - TOLERANCE for rule in step.helps):
            self.alone.append(unit)
        if step.then is not None:
            self.changes[f"{step.now} → {step.then}"] += 1


def _goal(evaluation: Evaluation) -> Verdict | None:
    """Return what the unit builds for; where bands give the predicate, the next one up."""
    return evaluation.next_up if evaluation.rules.bands else evaluation.target


def improvement_units(agency: AgencyEvaluation) -> tuple[Evaluation, ...]:
    """Return the units that have answered and miss a rule of the predicate they aim at."""
    found = []
    for item in agency.evaluations:
        goal = _goal(item)
        if goal is not None and goal.failed_rules and item.card.total.answered:
            found.append(item)
    return tuple(found)


def shared_steps(agency: AgencyEvaluation) -> tuple[SharedStep, ...]:
    """Return every step that helps a unit: those that help most units first, then by points."""
    instrument = agency.instrument
    rules: dict[str, Rule] = {}
    sums: dict[str, _Sum] = {}
    for item in improvement_units(agency):
        goal = _goal(item)
        failed = goal.failed_rules if goal is not None else ()
        for outcome in failed:
            rules[outcome.rule.id] = outcome.rule
        missing = {outcome.rule.id: outcome.need - (outcome.got or 0.0) for outcome in failed}
        for step in steps_up(item, [outcome.rule for outcome in failed]):
            if step.helps:
                key = step.question.id
                held = sums.setdefault(key, _Sum(instrument.questions[key]))
                held.add(item.assessment.unit.id, step, missing)
    steps = [
        SharedStep(
            held.question,
            area_of(instrument, key),
            tuple(held.units),
            tuple(held.alone),
            held.points / len(held.units),
            tuple(
                rule_name(instrument, rules[rule]) for rule, _ in held.rules.most_common(MOST_RULES)
            ),
            held.changes.most_common(1)[0][0] if held.changes else "",
        )
        for key, held in sums.items()
    ]
    return tuple(sorted(steps, key=lambda s: (-len(s.units), -len(s.alone), -s.points)))


def improvement_recap_section(agency: AgencyEvaluation) -> Section:
    """Show which single step helps most units; say so where every unit has what it aims at."""
    units, steps = improvement_units(agency), shared_steps(agency)
    template = report_environment().get_template("improvement/page/recap.html.j2")
    text = template.render(
        steps=steps[:LIMIT],
        more=max(0, len(steps) - LIMIT),
        units=len(units),
        is_banded=bool(agency.rules.bands),
        points=[format_number(step.points) for step in steps[:LIMIT]],
    )
    return Section(Markup(text))
