"""The score of the answers that have evidence."""

from __future__ import annotations

from dataclasses import replace

from zi_eval.core.assessment import Answer
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.scoring import score_assessment

__all__ = ["has_evidence", "score_proven"]


def has_evidence(answer: Answer) -> bool:
    """Whether an answer names any evidence."""
    return any(text.strip() for text in answer.evidence)


def score_proven(evaluation: Evaluation) -> float:
    """Return the total in points where an answer without evidence counts as none, thus as 0.

    It is the floor of the same answers with the others left open, so it never exceeds the score.
    """
    assessment = evaluation.assessment
    proven = {key: answer for key, answer in assessment.answers.items() if has_evidence(answer)}
    kept = replace(assessment, answers=proven)
    return score_assessment(evaluation.instrument, kept, evaluation.stage).total.floor
