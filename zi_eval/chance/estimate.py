"""The chance that a unit reaches a predicate, while some of its answers are not certain.

Thousands of possible ends of the evaluation are drawn, each is scored and judged as
:mod:`zi_eval.chance.many` does, and the chance is the share that reaches every rule. What is drawn:

- open questions, from what others' answers to the same question were worth in the end; where fewer
  than five are known, evenly over all options (of a number, from 0 to 1);
- answers that no TPI has settled, moved as often and as far as the TPI moved this kind of answer;
- an index that a survey gave, from its 95 % interval.

The same seed draws the same random numbers whatever the answers are, so that two estimates differ
by their answers alone. Prerequisites are facts, not chances: they are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

import numpy as np
import numpy.typing as npt

from zi_eval.chance.corrections import Corrections, Experience, Factor
from zi_eval.chance.draws import (
    correct_answers,
    draw_indices,
    fill_open,
    start_drawing,
)
from zi_eval.chance.many import ManyScores, score_many
from zi_eval.chance.surveys import SurveyDraw, find_survey_draws, is_settled
from zi_eval.core.assessment import Assessment
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet, rule_weight
from zi_eval.core.verdict import TOLERANCE, RuleOutcome, Status
from zi_eval.survey.index import quantiles
from zi_eval.survey.unit import UnitSurveys

__all__ = ["DRAWS", "Chance", "RuleRisk", "estimate_chance"]

DRAWS = 4096
SEED = 20210090
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RuleRisk:
    """In which share of the draws a rule is not reached."""

    outcome: RuleOutcome
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """How likely a predicate is on its scores, prerequisites left aside.

    Attributes
    ----------
    share
        Of the draws that reach every rule of ``predicate``.
    certainty
        Met or not met where that is sure, else unknown.
    shares
        The same share for every predicate of the rule set, lowest first.
    risks
        The rules that some draws do not reach, the most frequent first.
    total
        Between which totals nine of ten draws lie.
    open_known, open_even
        Open questions drawn from others' answers, and drawn evenly.
    movable
        Answers that no TPI has settled and no survey gives.
    settled
        How many answers stand.
    surveys
        The indices drawn from a survey.
    experience
        What is known of earlier corrections, learnt where nothing drawn rests on it only when a
        page asks.
    """

    predicate: str
    share: float
    certainty: Status
    shares: Mapping[str, float]
    risks: tuple[RuleRisk, ...]
    total: tuple[float, float]
    open_known: tuple[str, ...] = field(repr=False)
    open_even: tuple[str, ...] = field(repr=False)
    movable: tuple[str, ...] = field(repr=False)
    settled: int
    surveys: tuple[SurveyDraw, ...]
    experience: Experience = field(repr=False)
    draws: int = DRAWS
    seed: int = SEED

    @property
    def corrections(self) -> Corrections:
        """What is known of earlier corrections."""
        return self.experience.corrections

    @property
    def down(self) -> Factor:
        """The unit's own factor for corrections to a worse answer."""
        return self.experience.factors[0]

    @property
    def up(self) -> Factor:
        """The unit's own factor for corrections to a better one."""
        return self.experience.factors[1]

    @property
    def periods(self) -> int:
        """How many of the unit's own evaluations were learnt from."""
        return self.experience.periods

    @property
    def is_alone(self) -> bool:
        """Whether the corrections are of the unit itself, as nothing is known of others."""
        return self.experience.is_alone

    @property
    def tenths(self) -> int | None:
        """The chance as N of ten, from 1 to 9; None where it is certain."""
        if self.certainty is not Status.UNKNOWN:
            return None
        return min(9, max(1, floor(self.share * 10 + 0.5)))

    @property
    def ignores_corrections(self) -> bool:
        """Whether answers could still be corrected, but nothing tells how often."""
        return bool(self.movable) and not self.corrections.is_known


def _got(instrument: Instrument, many: ManyScores, nodes: Sequence[str]) -> Floats:
    """Return the points of some nodes or weighted questions together, by row."""
    points = np.zeros(many.scores.shape[0])
    for node in nodes:
        if node in many.ids:
            points += many.scores[:, many.ids.index(node)]
        else:
            points += many.weighted_scores[:, many.weighted.index(node)]
    return points


def _judge(instrument: Instrument, rules: RuleSet, many: ManyScores) -> dict[str, dict[str, Flags]]:
    """Return by predicate and rule id which rows reach the rule."""
    reached: dict[str, dict[str, Flags]] = {predicate: {} for predicate in rules.predicates}
    for rule in rules.rules:
        points = _got(instrument, many, rule.nodes)
        for predicate, threshold in rule.need.items():
            need = threshold.need(rule_weight(instrument, rule))
            reached[predicate][rule.id] = (
                points > need + TOLERANCE if threshold.is_strict else points >= need - TOLERANCE
            )
    return reached


def estimate_chance(
    evaluation: Evaluation,
    history: Iterable[Assessment] = (),
    others: Iterable[Assessment] | Corrections = (),
    surveys: UnitSurveys | None = None,
    predicate: str | None = None,
    seed: int = SEED,
) -> Chance:
    """Estimate the chance of a predicate on its scores.

    Parameters
    ----------
    history
        The unit's own evaluations of earlier periods, whose TPI is through.
    others
        Evaluations of other units, or what was learnt of them once for many units; without any,
        the unit's own stand for them. Neither is looked at before a draw or a page needs it.
    surveys
        The unit's surveys of this period.
    predicate
        As a rule the target.
    """
    instrument, assessment, card = evaluation.instrument, evaluation.assessment, evaluation.card
    experience = Experience(instrument, assessment, history, others)
    questions = tuple(instrument.questions.values())
    drawn = find_survey_draws(evaluation, surveys)
    by_survey = {item.question for item in drawn}
    is_open = np.array([card.values[q.id].value is None for q in questions])
    is_drawn = np.array([q.id in by_survey for q in questions])
    stands = np.array([is_settled(evaluation, q.id) for q in questions])
    is_movable = ~is_open & ~is_drawn & ~stands
    is_corrected = is_movable & (is_movable.any() and experience.corrections.is_known)
    is_free = is_open | is_drawn | is_corrected

    # One row more than the draws: everything that is not certain at its worst.
    drawing = start_drawing(instrument, evaluation, DRAWS + 1)
    # Drawn in this order whatever is needed of it: common random numbers.
    random = np.random.Generator(np.random.SFC64(seed))
    u_factor = random.random((2, DRAWS + 1))
    u_turn = random.random((DRAWS + 1, len(questions)), dtype=np.float32)
    if is_corrected.any():
        u_size = random.random((DRAWS + 1, len(questions)), dtype=np.float32)
        columns = np.flatnonzero(is_corrected)
        correct_answers(drawing, experience, columns, u_factor, u_turn, u_size)
    known = fill_open(drawing, experience, np.flatnonzero(is_open), u_turn)
    draw_indices(drawing, drawn, u_turn)
    for column in np.flatnonzero(is_free):
        drawing.codes[-1, column] = drawing.lasts[column]
        if questions[column].scale.kind != "choice":
            drawing.values[-1, column] = 0.0

    many = score_many(instrument, drawing.answers())
    reached = _judge(instrument, evaluation.rules, many)
    passes = {
        name: np.logical_and.reduce([np.ones(DRAWS + 1, dtype=np.bool_), *by_rule.values()])
        for name, by_rule in reached.items()
    }
    wanted = predicate or evaluation.target.predicate
    shares = {name: float(rows[:-1].mean()) for name, rows in passes.items()}
    risks = [
        RuleRisk(outcome, float(1 - reached[wanted][outcome.rule.id][:-1].mean()))
        for outcome in evaluation.verdicts[wanted].rules
    ]
    is_lost = any(item.status is Status.NOT_MET for item in evaluation.verdicts[wanted].rules)
    certainty = Status.UNKNOWN
    if passes[wanted][-1]:
        certainty = Status.MET
    elif not shares[wanted] and (is_lost or not is_free.any()):
        certainty = Status.NOT_MET
    low, high = quantiles(many.scores[:-1, -1], (0.05, 0.95))
    return Chance(
        predicate=wanted,
        share=shares[wanted],
        certainty=certainty,
        shares=shares,
        risks=tuple(sorted((r for r in risks if r.share > 0), key=lambda item: -item.share)),
        total=(float(low), float(high)),
        open_known=tuple(questions[c].id for c in known),
        open_even=tuple(questions[c].id for c in np.flatnonzero(is_open) if c not in known),
        movable=tuple(questions[c].id for c in np.flatnonzero(is_movable)),
        settled=int((~is_open & ~is_drawn & ~is_movable).sum()),
        surveys=drawn,
        experience=experience,
        seed=seed,
    )
