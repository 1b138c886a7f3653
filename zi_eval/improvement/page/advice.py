"""What to do first, where a better answer gains most, and what already stands firm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import RuleOutcome, Status
from zi_eval.improvement.options import Step
from zi_eval.report.bands import distance_up
from zi_eval.report.tables import missing_evidence
from zi_eval.report.titles import area_of, rule_name, short_title, title_of
from zi_eval.report.words import (
    NO_BREAK,
    answer_text,
    fact_text,
    format_number,
    format_percent,
    margin_text,
)

__all__ = ["MOST_STEPS", "Gain", "Part", "first_steps", "gains", "strengths", "weakest"]

MOST_STEPS = 4
MOST_NAMED = 3
STRONG = 0.999
BELOW_ALL = 0.999


@dataclass(frozen=True, slots=True)
class Gain:
    """What one step up on a question asks for, and the points it adds to the total.

    ``helps`` names the rules that are not reached now and count this question.
    """

    id: str
    text: str
    place: str
    now: str
    now_text: str
    then: str
    then_text: str
    points: float
    helps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A subarea, or a question with a weight of its own, with what it scores of it."""

    id: str
    title: str
    place: str
    got: float
    weight: float

    @property
    def lost(self) -> float:
        """Points that it could still give."""
        return self.weight - self.got


def _share_text(share: float) -> str:
    shown = share if share >= 1 else min(share, BELOW_ALL)
    return format_percent(shown).replace(f",0{NO_BREAK}", NO_BREAK)


def gains(evaluation: Evaluation, steps: Iterable[Step]) -> tuple[Gain, ...]:
    """Word every answered question that can rise, the largest gain first.

    Parameters
    ----------
    steps
        What :func:`zi_eval.improvement.options.steps_up` found.
    """
    instrument = evaluation.instrument
    names = {
        outcome.rule.id: rule_name(instrument, outcome.rule)
        for outcome in evaluation.target.failed_rules
    }
    found = []
    for step in steps:
        question, now = step.question, answer_text(step.question, step.now)
        if step.then is not None:
            then, then_text = step.then, question.options[step.then]
            now_text = question.options[str(step.now)]
        else:
            now_text, then_text = now, question.guide
            now, then = _share_text(step.value), _share_text(1)
        helps = tuple(dict.fromkeys(names[rule] for rule in step.helps))
        place = area_of(instrument, question.id)
        found.append(
            Gain(
                question.id,
                question.text,
                place,
                now,
                now_text,
                then,
                then_text,
                step.points,
                helps,
            )
        )
    return tuple(sorted(found, key=lambda gain: -gain.points))


def _parts(evaluation: Evaluation) -> Iterator[Part]:
    """Yield the parts all of whose questions are answered, in official order.

    In an instrument without subareas the questions stand in for them.
    """
    instrument = evaluation.instrument
    parts = [node.id for node in instrument.nodes.values() if node.kind == "subarea"]
    own = [q.id for q in instrument.questions.values() if q.weight is not None] if parts else []
    for part in [*parts, *own] or instrument.questions:
        score = evaluation.card.nodes[part]
        if score.score is None or not score.weight or score.answered < score.questions:
            continue
        place = area_of(instrument, f"{part}." if part in instrument.nodes else part)
        question = instrument.questions.get(part)
        title = short_title(question) if question else title_of(instrument, part)
        yield Part(part, title, place, score.score, score.weight)


def strengths(evaluation: Evaluation, but: Collection[str] = ()) -> tuple[Part, ...]:
    """Return the complete subareas at their full weight, the heaviest first.

    Parameters
    ----------
    but
        Questions whose answers are contradicted: what they carry is no strength.
    """
    instrument = evaluation.instrument
    full = (
        part
        for part in _parts(evaluation)
        if part.got >= STRONG * part.weight and not set(instrument.questions_of([part.id])) & {*but}
    )
    return tuple(sorted(full, key=lambda part: -part.weight))


def weakest(evaluation: Evaluation, most: int) -> tuple[Part, ...]:
    """Return the complete parts that lose most points, at most ``most``, the largest loss first."""
    losing = [part for part in _parts(evaluation) if part.got < STRONG * part.weight]
    return tuple(sorted(losing, key=lambda part: -round(part.lost, 9))[:most])


def _band_step(evaluation: Evaluation, rising: tuple[Gain, ...]) -> str:
    """Say what brings the predicate above nearest."""
    head = f"Menuju predikat berikutnya: {distance_up(evaluation)}."
    if not rising:
        return head
    best = rising[0]
    return (
        f"{head} Kenaikan satu langkah terbesar: pertanyaan {best.id} "
        f"dari {best.now} ke {best.then}, menambah {format_number(best.points)} poin."
    )


def _rule_step(evaluation: Evaluation, outcome: RuleOutcome, rising: tuple[Gain, ...]) -> str:
    instrument = evaluation.instrument
    inside = instrument.questions_of(outcome.rule.nodes)
    name = rule_name(instrument, outcome.rule)
    head = f"{name[0].upper()}{name[1:]}: {margin_text(outcome.margin)} poin dari ambang."
    if len(inside) == 1 and instrument.questions[inside[0]].scale.kind == "index":
        question = instrument.questions[inside[0]]
        index = outcome.need / (question.weight or outcome.weight) * question.scale.top
        return f"{head} Indeks survei perlu sedikitnya {format_number(index)}."
    best = next((gain for gain in rising if gain.id in inside), None)
    if best is None:
        return head
    return (
        f"{head} Kenaikan satu langkah terbesar: pertanyaan {best.id} "
        f"dari {best.now} ke {best.then}, menambah {format_number(best.points)} poin."
    )


def _open_step(evaluation: Evaluation) -> str:
    missing = evaluation.card.open_questions
    total = evaluation.card.total.questions
    if len(missing) == total:
        return f"Mulailah mengisi: belum satu pun dari {total} pertanyaan dijawab."
    counts = Counter(area_of(evaluation.instrument, question) for question in missing)
    named = ", ".join(f"{place} ({count})" for place, count in counts.most_common(MOST_NAMED))
    return f"Lengkapi {len(missing)} pertanyaan yang belum dijawab, terbanyak pada {named}."


def first_steps(evaluation: Evaluation, rises: Iterable[Step]) -> tuple[str, ...]:
    """Say in a few sentences what brings the unit nearest to its target, most urgent first.

    Parameters
    ----------
    rises
        What :func:`zi_eval.improvement.options.steps_up` found.
    """
    verdict, instrument = evaluation.target, evaluation.instrument
    steps = []
    if verdict.open_questions:
        steps.append(_open_step(evaluation))
    scored = [outcome for outcome in verdict.failed_rules if outcome.got is not None]
    narrow = sorted(scored, key=lambda item: (item.weight, item.margin or 0.0))
    rising = gains(evaluation, rises)
    steps += [_rule_step(evaluation, outcome, rising) for outcome in narrow[:2]]
    for prerequisite in verdict.failed_prerequisites[:2]:
        item = prerequisite.prerequisite
        need = fact_text(prerequisite.need, item.unit_of_measure)
        got = fact_text(prerequisite.got, item.unit_of_measure)
        steps.append(f"Prasyarat {item.title}: diminta {need}, sekarang {got}.")
    unknown = verdict.unknown_prerequisites
    if unknown:
        named = "; ".join(item.prerequisite.title for item in unknown[:MOST_NAMED])
        more = ", dan lainnya" if len(unknown) > MOST_NAMED else ""
        steps.append(f"Nyatakan {len(unknown)} prasyarat yang belum diketahui: {named}{more}.")
    bare = sum(len(questions) for _, questions in missing_evidence(evaluation))
    if bare:
        steps.append(f"Lengkapi bukti dukung untuk {bare} pertanyaan yang sudah dijawab.")
    if evaluation.problems:
        steps.append(f"Periksa {len(evaluation.problems)} peringatan pada isian.")
    if evaluation.rules.bands and evaluation.next_up and evaluation.card.total.answered:
        steps.insert(0, _band_step(evaluation, rising))
    elif verdict.status is Status.MET:
        later = list(evaluation.verdicts)
        above = later[later.index(verdict.predicate) + 1 :]
        if above:
            failed = len(evaluation.verdicts[above[0]].failed_rules)
            state = f"{failed} ambang belum tercapai" if failed else "semua ambang nilai tercapai"
            steps.append(f"Langkah berikutnya {above[0]}: {state}.")
        elif rising:
            steps.append(
                f"Pertahankan; kenaikan terbesar berikutnya ada pada pertanyaan {rising[0].id} "
                f"({title_of(instrument, rising[0].id)})."
            )
    if not steps:
        steps.append(
            f"Pertahankan nilai {format_number(evaluation.card.total.score)} beserta buktinya."
        )
    return tuple(steps[:MOST_STEPS])
