"""A unit's surveys together with what they stand beside: thresholds and its answers of the LKE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.core.rules import RuleSet
from zi_eval.survey.proposals import propose_index
from zi_eval.survey.result import Mark, SurveyResult

__all__ = ["UnitSurveys", "index_marks"]


@dataclass(frozen=True, slots=True)
class UnitSurveys:
    """All that a page shows of one unit's surveys.

    Attributes
    ----------
    results
        Of the files that can be read, in the order of their names.
    problems
        Of all files; those of a file that cannot be read among them.
    answers
        What the unit file answers, by question id, at the TPI's stage; empty without a unit file.
    agency, remark
        The agency's name and the line it shows on every page; untrusted.
    """

    unit: str
    name: str
    results: tuple[SurveyResult, ...]
    problems: tuple[Problem, ...] = ()
    answers: Mapping[str, Value] = field(default_factory=dict)
    agency: str = ""
    remark: str = ""

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What the surveys propose as answers of the LKE."""
        found = (propose_index(result) for result in self.results)
        return tuple(proposal for proposal in found if proposal is not None)


def index_marks(instrument: Instrument, rules: RuleSet, question: str) -> tuple[Mark, ...]:
    """Return the indices that the rules ask of one question, lowest first.

    Only of rules about this question alone; predicates that ask for the same stand together.
    """
    asked = instrument.questions.get(question)
    if asked is None or asked.weight is None or asked.scale.kind != "index":
        return ()
    names: dict[float, list[str]] = {}
    for rule in rules.rules:
        if instrument.questions_of(rule.nodes) != (question,):
            continue
        for predicate, threshold in rule.need.items():
            need = round(threshold.need(asked.weight) / asked.weight * asked.scale.top, 9)
            found_names = names.setdefault(need, [])
            if predicate not in found_names:
                found_names.append(predicate)
    return tuple(Mark(" dan ".join(names[need]), need) for need in sorted(names))
