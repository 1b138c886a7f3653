"""What questions, parts and rules are called on a page, and the rule that is about some of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument, Question, parent_id
from zi_eval.core.rules import Rule
from zi_eval.core.verdict import RuleOutcome, Verdict

__all__ = ["area_of", "outcome_for", "rule_name", "short_title", "title_of", "total_outcome"]

LONGEST_TITLE: Final = 38


def short_title(question: Question) -> str:
    """Name a question in a figure: its acronym or its first words, then the official number."""
    from textwrap import shorten

    acronym = re.search(r"\(([A-Z]{3,})\)", question.text)
    name = (
        acronym[1]
        if acronym
        else question.title or shorten(question.text, LONGEST_TITLE, placeholder="…")
    )
    return f"{name} ({question.id})"


def rule_name(instrument: Instrument, rule: Rule) -> str:
    """Return a rule's title short enough for a sentence: its area, or without its remark."""
    for area in instrument.areas:
        if set(area.nodes) == set(rule.nodes):
            return f"area {area.title}"
    return rule.title.partition(" (")[0]


def title_of(instrument: Instrument, identifier: str) -> str:
    """Return the title of a node, or the text of a question."""
    if identifier in instrument.nodes:
        return instrument.nodes[identifier].title
    return instrument.questions[identifier].text


def area_of(instrument: Instrument, question: str) -> str:
    """Return the title of the area a question belongs to, else that of its component."""
    for area in instrument.areas:
        if any(question.startswith(f"{node}.") for node in area.nodes):
            return area.title
    above = parent_id(question)
    return title_of(instrument, above) if above else ""


def outcome_for(
    instrument: Instrument, verdict: Verdict, nodes: Iterable[str]
) -> RuleOutcome | None:
    """Return the outcome of the rule on exactly the questions of ``nodes``, if there is one."""
    wanted = set(instrument.questions_of(nodes))

    def covers(rule: Rule) -> bool:
        return set(instrument.questions_of(rule.nodes)) == wanted

    return next((outcome for outcome in verdict.rules if covers(outcome.rule)), None)


def total_outcome(evaluation: Evaluation, predicate: str = "") -> RuleOutcome | None:
    """Return the outcome of the rule on the total score, for the target or ``predicate``."""
    verdict = evaluation.verdicts[predicate] if predicate else evaluation.target
    return outcome_for(evaluation.instrument, verdict, evaluation.instrument.roots)
