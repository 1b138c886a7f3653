"""Predicates by band of the total, worded: where a score stands and what is next."""

from __future__ import annotations

from dataclasses import dataclass

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.rules import Band, RuleSet
from zi_eval.core.verdict import TOLERANCE, Status, Verdict, band_at
from zi_eval.report import titles, words

__all__ = [
    "BandRow",
    "band_reasons",
    "band_rows",
    "band_text",
    "distance_up",
    "verdict_title",
]


@dataclass(frozen=True, slots=True)
class BandRow:
    """One band, and whether the score as it stands, or may still come to stand, in it."""

    predicate: str
    interval: str
    is_here: bool
    is_possible: bool


def _interval(band: Band) -> str:
    top = words.format_count(band.upto)
    if band.above is None:
        return f"0 sampai {top}"
    return f"di atas {words.format_count(band.above)} sampai {top}"


def band_text(rules: RuleSet, predicate: str) -> str:
    """Return the scores of a predicate, e.g. ``di atas 70 sampai 80``."""
    return next(_interval(band) for band in rules.bands if band.predicate == predicate)


def verdict_title(evaluation: Evaluation, verdict: Verdict) -> str:
    """Say a verdict in a heading: ``Memenuhi WBK``, or ``Predikat BB`` where bands give it."""
    if evaluation.rules.bands and verdict.status is Status.MET:
        return f"Predikat {verdict.predicate}"
    return words.verdict_label(verdict.status, verdict.predicate)


def distance_up(evaluation: Evaluation) -> str:
    """Say how far the predicate above is, e.g. ``kurang 5,80 untuk A (di atas 80)``."""
    higher = evaluation.next_up
    outcome = titles.total_outcome(evaluation, higher.predicate) if higher else None
    if evaluation.card.total.score is None:
        return "belum ada nilai"
    if higher is None or outcome is None or outcome.margin is None:
        return "predikat tertinggi"
    need = words.format_count(outcome.need)
    if abs(outcome.margin) <= TOLERANCE:
        return f"tepat {need}; {higher.predicate} mulai di atas {need}"
    return f"{words.margin_text(outcome.margin)} untuk {higher.predicate} (di atas {need})"


def _possible(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the predicates still possible, lowest first."""
    bands, total = evaluation.rules.bands, evaluation.card.total
    ends = [bands.index(band_at(bands, score)) for score in (total.floor, total.ceiling)]
    return tuple(band.predicate for band in bands[ends[0] : ends[1] + 1])


def band_rows(evaluation: Evaluation) -> tuple[BandRow, ...]:
    """Return the bands, highest first, with where the score stands."""
    score, possible = evaluation.card.total.score, _possible(evaluation)
    here = None if score is None else evaluation.target.predicate
    return tuple(
        BandRow(band.predicate, _interval(band), band.predicate == here, band.predicate in possible)
        for band in reversed(evaluation.rules.bands)
    )


def band_reasons(evaluation: Evaluation) -> tuple[str, ...]:
    """Say under the predicate where the score stands, what is next, and what is still open."""
    rules, total, verdict = evaluation.rules, evaluation.card.total, evaluation.target
    sentences = []
    if total.score is not None:
        name = "Nilai" if evaluation.card.is_complete else "Nilai sementara"
        sentences += [
            f"{name} {words.format_number(total.score)} dari {words.format_count(total.weight)}, "
            f"dalam rentang {verdict.predicate}: {band_text(rules, verdict.predicate)}.",
            f"Menuju predikat berikutnya: {distance_up(evaluation)}."
            if evaluation.next_up
            else "Tidak ada predikat di atasnya.",
        ]
    if verdict.open_questions:
        possible = _possible(evaluation)
        ends = possible[0] if len(possible) == 1 else f"antara {possible[0]} dan {possible[-1]}"
        sentences.append(
            f"{len(verdict.open_questions)} dari {total.questions} pertanyaan belum dijawab; "
            f"predikat akhir akan {ends}."
        )
    return tuple(sentences)
