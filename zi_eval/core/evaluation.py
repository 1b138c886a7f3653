"""One unit evaluated: its answers, scores at both stages and verdicts, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from zi_eval.core.assessment import Agency, Assessment, Stage
from zi_eval.core.instrument import Instrument
from zi_eval.core.keyed import share_keys
from zi_eval.core.problems import Problem
from zi_eval.core.rules import RuleSet, Track
from zi_eval.core.scoring import Scorecard, score_assessment
from zi_eval.core.verdict import Status, Verdict, judge_all, waive

__all__ = ["Evaluation", "compact", "evaluate"]


@dataclass(frozen=True)
class Evaluation:
    """All that a report shows of one unit.

    Attributes
    ----------
    stage, card, verdicts
        The stage reported, its scores, its verdicts by predicate.
    track
        The way of proposing by which it is judged; None where the rules tell none apart.
    problems
        Warnings of the unit's file and of its answers.
    source_hash
        SHA-256 of the unit's file.
    """

    instrument: Instrument = field(repr=False)
    rules: RuleSet = field(repr=False)
    agency: Agency | None = field(repr=False)
    assessment: Assessment
    stage: Stage
    card: Scorecard
    verdicts: Mapping[str, Verdict] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    source_hash: str = ""
    track: Track | None = None

    @cached_property
    def unit_card(self) -> Scorecard:
        """Scores of the unit's own answers, for comparison at the evaluators' stages."""
        return self.card_at(Stage.UNIT)

    @cached_property
    def before_card(self) -> Scorecard:
        """Scores of what stood before the evaluators of this stage: what they changed of it."""
        before = self.stage.before
        return self.unit_card if before is Stage.UNIT else self.card_at(before)

    def card_at(self, stage: Stage) -> Scorecard:
        """Return the scores of the same answers at a stage."""
        if self.stage is stage:
            return self.card
        return score_assessment(self.instrument, self.assessment, stage)

    @property
    def target(self) -> Verdict:
        """The verdict on the predicate the unit builds for.

        Where bands give the predicate, nobody builds for one: it is the verdict on the highest
        that the score as it stands reaches.
        """
        if self.assessment.target:
            return self.verdicts[self.assessment.target]
        lowest, *higher = self.verdicts.values()
        reached = [verdict for verdict in higher if not verdict.failed_rules]
        return reached[-1] if reached else lowest

    @property
    def predicate(self) -> str | None:
        """The predicate that the bands give; None while it is not certain, and without bands."""
        is_certain = bool(self.rules.bands) and self.target.status is Status.MET
        return self.target.predicate if is_certain else None

    @property
    def next_up(self) -> Verdict | None:
        """The verdict on the predicate above the target, None where that is the highest."""
        names = list(self.verdicts)
        above = names[names.index(self.target.predicate) + 1 :]
        return self.verdicts[above[0]] if above else None


def evaluate(
    instrument: Instrument,
    rules: RuleSet,
    assessment: Assessment,
    agency: Agency | None = None,
    stage: Stage = Stage.TPI,
    problems: tuple[Problem, ...] = (),
    source_hash: str = "",
    card: Scorecard | None = None,
) -> Evaluation:
    """Score and judge one unit at ``stage``.

    Parameters
    ----------
    card
        The scores of the same answers at this stage, where they are known.
    """
    card = card or score_assessment(instrument, assessment, stage)
    verdicts = judge_all(instrument, rules, card, assessment, agency)
    track = rules.track_of(assessment.unit, agency) if agency is not None else None
    if track is not None and agency is not None:
        verdicts = {key: waive(item, card, track, agency.kind) for key, item in verdicts.items()}
    return Evaluation(
        instrument=instrument,
        rules=rules,
        agency=agency,
        assessment=assessment,
        stage=stage,
        card=card,
        verdicts=verdicts,
        track=track,
        problems=(*problems, *card.problems),
        source_hash=source_hash,
    )


def compact(evaluation: Evaluation, has_texts: bool = True) -> Evaluation:
    """Return an equal evaluation in less memory, where there are thousands of them.

    Parameters
    ----------
    has_texts
        Whether it keeps what was written beside the answers; else evidence and notes are left
        out, but for notes of an evaluator who differs.
    """
    card, assessment = evaluation.card, evaluation.assessment
    answers = assessment.answers
    if not has_texts:
        answers = {key: answer.without_texts() for key, answer in answers.items()}
    if len(answers) == len(card.values):  # with others open the keys are its own
        answers = share_keys(answers)
    card = replace(card, nodes=share_keys(card.nodes), values=share_keys(card.values))
    return replace(evaluation, card=card, assessment=replace(assessment, answers=answers))
