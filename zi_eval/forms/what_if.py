"""What if: the way to the predicate from unsaved answers, and with answers that cannot rise.

Nothing here is saved: what a person tries lives in the screen and comes with each question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from zi_eval.core.assessment import Answer, Stage, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.improvement import Improvement, Move, find_improvement
from zi_eval.core.improvement_effort import Limits, UnitEffort
from zi_eval.core.improvement_programme import Unsolved
from zi_eval.core.instrument import Instrument, Question
from zi_eval.report.action_plan import plan_sentences
from zi_eval.report.action_rows import asked_text, short_answer
from zi_eval.report.words import format_count, format_margin, format_number

__all__ = ["WhatIf", "read_what_if", "show_way", "try_answers"]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a person tries out.

    Attributes
    ----------
    kept
        Ids of questions whose answer cannot change this year.
    tried
        By question: an answer taken as given, in the stage of the form.
    """

    kept: tuple[str, ...] = ()
    tried: Mapping[str, Value] = field(default_factory=dict)


def _value(question: Question, given: object) -> Value:
    """Return an answer as the screen sends it, or raise where it is none."""
    scale = question.scale
    if isinstance(given, bool):
        raise TypeError(f"{question.id}: {given!r} is no answer")
    if scale.kind == "choice" and isinstance(given, str) and given in scale.values:
        return given
    if scale.kind == "index" and isinstance(given, (int, float)) and 0 <= given <= scale.top:
        return float(given)
    if scale.kind == "ratio" and isinstance(given, (list, tuple)):
        counts = tuple(float(item) for item in given)
        if len(counts) == len(question.asked_inputs) and all(0 <= count < inf for count in counts):
            return counts
    raise TypeError(f"{question.id}: {given!r} is no answer")


def read_what_if(instrument: Instrument, message: Mapping[str, Any]) -> WhatIf:
    """Read what the screen tries; questions that are no longer there are passed over.

    Raises
    ------
    TypeError
        Where an answer is none of its question.
    """
    questions = instrument.questions
    kept = tuple(key for key in questions if key in set(map(str, message.get("kept") or ())))
    given = message.get("tried") or {}
    tried = {key: _value(questions[key], given[key]) for key in questions if key in given}
    return WhatIf(kept, tried)


def try_answers(evaluation: Evaluation, tried: Mapping[str, Value]) -> Evaluation:
    """Return the evaluation as it would be with other answers; nothing is saved."""
    if not tried:
        return evaluation
    answers = dict(evaluation.assessment.answers)
    for key, value in tried.items():
        old = answers.get(key, Answer())
        is_tpi = evaluation.stage is Stage.TPI
        answers[key] = replace(old, tpi=value) if is_tpi else replace(old, unit=value)
    return evaluate(
        evaluation.instrument,
        evaluation.rules,
        replace(evaluation.assessment, answers=answers),
        evaluation.agency,
        evaluation.stage,
    )


def _find(
    evaluation: Evaluation, effort: UnitEffort, goal: str, kept: Iterable[str]
) -> Improvement:
    own = Limits(dict.fromkeys(kept, 0))
    return find_improvement(evaluation, effort.effort, goal, effort.limits.joined(own))


def _move_row(move: Move) -> dict[str, Any]:
    question = move.question
    return {
        "id": question.id,
        "text": question.title or question.text,
        "step": f"{short_answer(question, move.now)} → {short_answer(question, move.then)}",
        "asked": asked_text(move),
        "effort": format_count(round(move.effort, 4)),
        "points": format_margin(move.points),
        "then": list(move.then) if isinstance(move.then, tuple) else move.then,
        "is_fixed": move.is_fixed,
    }


def _compared(before: Improvement, after: Improvement) -> str:
    """Say what the person's choices change in the effort."""
    if before.way is None:
        return ""
    was = format_count(round(before.way.effort, 4))
    if after.way is None:
        return f"Tanpa pilihan Anda: {was} poin upaya."
    difference = after.way.effort - before.way.effort
    if abs(difference) < 1e-9:
        return f"Upayanya sama seperti tanpa pilihan Anda: {was}."
    word = "lebih banyak" if difference > 0 else "lebih sedikit"
    size = format_count(round(abs(difference), 4))
    return f"{size} poin upaya {word} daripada tanpa pilihan Anda ({was})."


def show_way(evaluation: Evaluation, effort: UnitEffort, what_if: WhatIf) -> dict[str, Any]:
    """Return the way as plain values for JSON, beside the one without what is tried.

    Parameters
    ----------
    evaluation
        The answers as they are saved.
    """
    questions = evaluation.instrument.questions
    tried = try_answers(evaluation, what_if.tried)
    chosen = {
        "kept": [
            {"id": key, "text": questions[key].title or questions[key].text} for key in what_if.kept
        ],
        "tried": [
            {
                "id": key,
                "text": questions[key].title or questions[key].text,
                "answer": short_answer(questions[key], value),
            }
            for key, value in what_if.tried.items()
        ],
    }
    empty = {"title": "Jalan terpendek", "moves": [], "open": [], "change": "", "score": ""}
    if not tried.card.total.answered:
        return {**empty, **chosen, "text": "Muncul setelah ada jawaban."}
    try:
        # The aim stays what it is now: what is tried must not move it.
        before = find_improvement(evaluation, effort.effort, limits=effort.limits)
        goal = before.predicate
        found = _find(tried, effort, goal, what_if.kept) if what_if != WhatIf() else before
    except Unsolved:
        return {**empty, **chosen, "text": "Belum dapat dihitung untuk jawaban ini."}
    score = ""
    if what_if.tried:
        shown = format_number(tried.card.total.score)
        score = f"Nilai dengan jawaban yang dicoba: {shown}."
    return {
        **chosen,
        "title": f"Jalan terpendek ke {goal}",
        "text": " ".join(plan_sentences(tried, found)),
        "moves": [_move_row(move) for move in found.way.moves] if found.way else [],
        "open": list(found.to_answer),
        "change": _compared(before, found) if what_if != WhatIf() else "",
        "score": score,
    }
