"""What if: the way to the predicate with limits and answers that a person only tries out.

Nothing here is saved: what is tried lives in the screen and comes with each question for the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zi_eval.core.assessment import Answer, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.scoring import value_question
from zi_eval.core.verdict import Verdict
from zi_eval.improvement.effort import NO_LIMITS, Limits, UnitEffort
from zi_eval.improvement.options import question_range
from zi_eval.improvement.page.plan import plan_sentences
from zi_eval.improvement.page.rows import asked_text, rule_names, short_answer
from zi_eval.improvement.programme import Unsolved
from zi_eval.improvement.way import Improvement, Move, find_improvement, goal_of
from zi_eval.period.answers import AnswerError, dump_value, parse_value
from zi_eval.report import bands, words

__all__ = ["WhatIf", "read_what_if", "show_way", "try_answers"]

MOST_STEPS = 400
"""No answer can rise further: an index has four hundred hundredths."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a person tries out in one session.

    Attributes
    ----------
    most
        By question: the most steps it may rise, 0 where it cannot change this year.
    tried
        By question: an answer taken as given, in the stage of the form; None for its best one.
    """

    most: Mapping[str, int] = field(default_factory=dict)
    tried: Mapping[str, Value | None] = field(default_factory=dict)


def _steps(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_STEPS:
        raise TypeError(f"{given!r} is no number of steps")
    return given


def _answer(question: Question, given: object) -> Value | None:
    """Return an answer as the screen sends it, or raise where it is none."""
    try:
        answer = parse_value(question, given)
    except AnswerError as error:
        raise TypeError(f"{question.id}: {error}") from None
    if isinstance(answer, tuple) and None in answer:
        raise TypeError(f"{question.id}: {given!r} is no whole answer")
    return answer


def read_what_if(instrument: Instrument, message: Mapping[str, Any]) -> WhatIf:
    """Read what the screen tries; questions that are no longer there are passed over.

    Raises
    ------
    TypeError
        Where an answer is none of its question, or a limit no number of steps.
    """
    most, tried = message.get("most") or {}, message.get("tried") or {}
    questions = instrument.questions
    return WhatIf(
        {key: _steps(most[key]) for key in questions if key in most},
        {key: _answer(questions[key], tried[key]) for key in questions if key in tried},
    )


def try_answers(evaluation: Evaluation, tried: Mapping[str, Value]) -> Evaluation:
    """Return the evaluation as it would be with other answers; nothing is saved."""
    if not tried:
        return evaluation
    answers = dict(evaluation.assessment.answers)
    for key, value in tried.items():
        old = answers.get(key, Answer())
        answers[key] = old.answered(evaluation.stage, value)
    return evaluate(
        evaluation.instrument,
        evaluation.rules,
        replace(evaluation.assessment, answers=answers),
        evaluation.agency,
        evaluation.stage,
    )


def _present(evaluation: Evaluation, question: str) -> Value | None:
    return evaluation.assessment.answers.get(question, Answer()).value(evaluation.stage)


def _all_given(
    evaluation: Evaluation, effort: UnitEffort, tried: Mapping[str, Value | None]
) -> dict[str, Value]:
    """Return the answers to try, the best one of its question where none is named."""
    given = {}
    for key, value in tried.items():
        if value is None:
            question = evaluation.instrument.questions[key]
            now = _present(evaluation, key)
            value = question_range(question, now, effort.effort, NO_LIMITS).best.answer
        given[key] = value
    return given


def _effort(points: float) -> str:
    return words.format_count(round(points, 4))


def _name(question: Question) -> dict[str, str]:
    return {"id": question.id, "text": question.title or question.text}


def _move_row(move: Move, most: int | None) -> dict[str, Any]:
    question = move.question
    highest = max(move.steps - 1, most or 0)
    return {
        **_name(question),
        "now": short_answer(question, move.now),
        "then": short_answer(question, move.then),
        "asked": asked_text(move),
        "effort": _effort(move.effort),
        "points": words.format_margin(move.points),
        "value": dump_value(move.then),
        "is_survey": move.is_survey,
        # Fewer steps than the way takes, and the limit that already holds.
        "bounds": list(range(1, highest + 1)),
        "most": most,
    }


def _limit_row(question: Question, most: int) -> dict[str, Any]:
    said = "tidak dapat naik tahun ini" if not most else f"paling banyak {most} langkah"
    return {**_name(question), "most": most, "said": said}


def _options(question: Question, now: Value | None, effort: UnitEffort) -> Iterator[Value]:
    """Yield the answers offered to try: all of a choice, of counts and indices those that rise."""
    if question.scale.kind == "choice":
        yield from question.scale.values
        return
    last = 0
    for option in question_range(question, now, effort.effort, NO_LIMITS).options:
        if option.steps > last:
            last = option.steps
            yield option.answer


def _tried_row(
    evaluation: Evaluation, effort: UnitEffort, key: str, value: Value, points: float
) -> dict[str, Any]:
    question = evaluation.instrument.questions[key]
    now = _present(evaluation, key)
    values = [value_question(question, item)[0].value or 0.0 for item in (now, value)]
    options = [*_options(question, now, effort)]
    if value not in options:
        options.append(value)
    return {
        **_name(question),
        "now": short_answer(question, now),
        "value": dump_value(value),
        "points": words.format_margin((values[1] - values[0]) * points),
        "options": [
            {
                "value": dump_value(option),
                "text": short_answer(question, option),
                "is_tried": option == value,
            }
            for option in options
        ],
    }


def _rule_rows(before: Evaluation, after: Evaluation, goal: str) -> list[dict[str, Any]]:
    names = rule_names(before, goal)
    was = {item.rule.id: item for item in before.verdicts[goal].rules}
    return [
        {
            "name": names[item.rule.id],
            "status": item.status.value,
            "icon": words.status_icon(item.status),
            "got": words.format_points_against(item.got, item.need),
            "was": words.format_points_against(was[item.rule.id].got, item.need),
            "need": words.format_number(item.need),
        }
        for item in after.verdicts[goal].rules
    ]


def _apart(verdict: Verdict) -> str:
    """Say what no answer mends, so that nobody wonders why all rules met are not enough."""
    count = len((*verdict.failed_prerequisites, *verdict.unknown_prerequisites))
    return f"{count} prasyarat belum terpenuhi atau belum dinyatakan." if count else ""


def _trial(
    before: Evaluation,
    after: Evaluation,
    effort: UnitEffort,
    goal: str,
    tried: Mapping[str, Value],
) -> dict[str, Any] | None:
    """Return the score and the rules that the tried answers would give; None where none is."""
    if not tried:
        return None
    points = before.instrument.question_points()
    total, was = after.card.total.score, before.card.total.score
    difference = None if total is None or was is None else total - was
    return {
        "rows": [_tried_row(before, effort, k, value, points[k]) for k, value in tried.items()],
        "total": words.format_number(total),
        "was": words.format_number(was),
        "difference": words.format_margin(difference),
        "verdict": bands.verdict_title(after, after.verdicts[goal]),
        "status": after.verdicts[goal].status.value,
        "icon": words.status_icon(after.verdicts[goal].status),
        "rules": _rule_rows(before, after, goal),
        "apart": _apart(after.verdicts[goal]),
    }


def _compared(free: Improvement, found: Improvement) -> str:
    """Say what the person's own limits change in the effort."""
    if free.way is None or not free.way.moves:
        return ""
    least = _effort(free.way.effort)
    if found.way is None:
        return f"Tanpa batas Anda jalannya berupaya {least}."
    more = found.way.effort - free.way.effort
    if abs(more) < 1e-9:
        return f"Batas Anda tidak menambah upaya; tetap {least} poin."
    return f"Batas Anda menambah upaya {_effort(more)} (tanpa batas {least})."


def show_way(evaluation: Evaluation, effort: UnitEffort, what_if: WhatIf) -> dict[str, Any]:
    """Return the way with all that is tried, as plain values for JSON.

    The way goes on from the tried answers, which stay as they are; its aim is that of the saved
    ones, so that what is tried does not move it.

    Parameters
    ----------
    evaluation
        The answers as they are saved.
    """
    questions, goal = evaluation.instrument.questions, goal_of(evaluation)
    tried = _all_given(evaluation, effort, what_if.tried)
    after = try_answers(evaluation, tried)
    shown: dict[str, Any] = {
        "title": f"Jalan menuju {goal}",
        "moves": [],
        "open": [],
        "change": "",
        "is_blocked": False,
        "limits": [_limit_row(questions[key], n) for key, n in what_if.most.items()],
        "trial": _trial(evaluation, after, effort, goal, tried),
        "by": "",
    }
    if not after.card.total.answered:
        return {**shown, "text": "Jalannya muncul setelah ada pertanyaan yang dijawab."}
    stays = effort.limits.joined(Limits(dict.fromkeys(tried, 0)))
    own = stays.joined(Limits({k: n for k, n in what_if.most.items() if k not in tried}))
    try:
        found = find_improvement(after, effort.effort, goal, own)
        free = find_improvement(after, effort.effort, goal, stays) if own != stays else found
    except Unsolved:
        return {**shown, "text": "Jalannya belum dapat dihitung untuk jawaban ini."}
    moves = found.way.moves if found.way else ()
    return {
        **shown,
        "text": " ".join(plan_sentences(after, found)),
        "is_blocked": found.way is None,
        "moves": [_move_row(move, what_if.most.get(move.question.id)) for move in moves],
        "open": list(found.to_answer),
        "change": _compared(free, found) if what_if.most else "",
        "by": found.effort_title,
    }
