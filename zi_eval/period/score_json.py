"""An evaluation as the JSON of ``zi-eval score --json`` and of ``outputs/<period>/<unit>.json``."""

from __future__ import annotations

from typing import Any

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.core.scoring import NodeScore
from zi_eval.core.verdict import Verdict

__all__ = ["dump_evaluation"]


def _dump_node(node: NodeScore) -> dict[str, Any]:
    return {
        "score": node.score,
        "floor": node.floor,
        "weight": node.weight,
        "answered": node.answered,
        "questions": node.questions,
    }


def _dump_verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "doubts": list(verdict.doubts),
        "explained": list(verdict.explained),
        "rules": [
            {
                "id": outcome.rule.id,
                "title": outcome.rule.title,
                "need": outcome.need,
                "got": outcome.got,
                "margin": outcome.margin,
                "met": outcome.is_met,
                "status": outcome.status.value,
                "source": outcome.rule.source,
            }
            for outcome in verdict.rules
        ],
        "prerequisites": [
            {
                "id": item.prerequisite.id,
                "who": item.prerequisite.who,
                "title": item.prerequisite.title,
                "need": item.need,
                "got": item.got,
                "status": item.status.value,
                "source": item.prerequisite.source,
            }
            for item in verdict.prerequisites
        ],
        "missing": {
            "questions": list(verdict.open_questions),
            "prerequisites": [item.prerequisite.id for item in verdict.unknown_prerequisites],
        },
    }


def _dump_problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "key": problem.key,
        "line": problem.line,
        "message": problem.message,
    }


def dump_evaluation(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as plain values for JSON; figures at full precision, open ones null."""
    card = evaluation.card
    return {
        "unit": evaluation.assessment.unit.id,
        "name": evaluation.assessment.unit.name,
        "period": evaluation.assessment.period,
        # Units aim at a target, or bands give a predicate; never both.
        **(
            {"predicate": evaluation.predicate}
            if evaluation.rules.bands
            else {"target": evaluation.assessment.target}
        ),
        "instrument": evaluation.instrument.id,
        "instrument_hash": evaluation.instrument.hash,
        "rules": evaluation.rules.id,
        "answers_hash": evaluation.source_hash,
        "stage": card.stage.value,
        "taken_over": len(card.taken_over),
        "judged": evaluation.assessment.judged,
        "final": evaluation.assessment.final is not None,
        "total": card.total.score,
        "floor": card.total.floor,
        "complete": card.is_complete,
        "nodes": {identifier: _dump_node(node) for identifier, node in card.nodes.items()},
        "verdicts": {name: _dump_verdict(v) for name, v in evaluation.verdicts.items()},
        "problems": [_dump_problem(problem) for problem in evaluation.problems],
    }
