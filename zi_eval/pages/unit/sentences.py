"""Sentences of a unit's report: under the verdict, beside other rule sets, of which year."""

from __future__ import annotations

from collections.abc import Iterable

from zi_eval.case import Case
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument
from zi_eval.core.verdict import RuleOutcome, Status
from zi_eval.report import titles, words
from zi_eval.report.bands import band_reasons

__all__ = ["verdict_reasons", "verdicts_elsewhere", "years_of_figures"]


def verdict_reasons(evaluation: Evaluation) -> tuple[str, ...]:
    """Return why the verdict is so: the score against its minimum, then what is missing."""
    verdict, card = evaluation.target, evaluation.card
    if evaluation.rules.bands:
        return band_reasons(evaluation)
    sentences = []
    total = titles.total_outcome(evaluation)
    if total is not None and total.got is not None:
        score = words.format_points_against(total.got, total.need)
        name = "Nilai sementara" if verdict.open_questions else "Nilai"
        sentences.append(
            f"{name} {score} dari {words.format_count(total.weight)}, "
            f"{words.distance_text(total.got - total.need, total.need)}."
        )
    if verdict.open_questions:
        sentences.append(
            f"{len(verdict.open_questions)} dari {card.total.questions} pertanyaan "
            "belum dijawab; nilai akhir akan berada antara "
            f"{words.format_number(card.total.floor)} dan "
            f"{words.format_number(card.total.ceiling)}."
        )
    failed = [item for item in verdict.failed_rules if item.got is not None]
    partly = [item for item in failed if item is not total]
    if partly:
        named = "; ".join(_shortfall(evaluation.instrument, item) for item in partly[:3])
        more = f"; dan {len(partly) - 3} lainnya" if len(partly) > 3 else ""
        so_far = "untuk sementara " if verdict.open_questions else ""
        sentences.append(f"Ambang yang {so_far}belum tercapai: {named}{more}.")
    if verdict.failed_prerequisites:
        named = "; ".join(item.prerequisite.title for item in verdict.failed_prerequisites)
        sentences.append(f"Prasyarat yang belum terpenuhi: {named}.")
    if verdict.unknown_prerequisites:
        count = len(verdict.unknown_prerequisites)
        sentences.append(f"{count} prasyarat belum dinyatakan.")
    if verdict.status is Status.MET:
        sentences.append("Semua ambang nilai tercapai dan semua prasyarat terpenuhi.")
    return tuple(sentences)


def _shortfall(instrument: Instrument, outcome: RuleOutcome) -> str:
    name = titles.rule_name(instrument, outcome.rule)
    return f"{name} ({words.margin_text(outcome.margin)})"


def verdicts_elsewhere(case: Case) -> tuple[str, ...]:
    """Say in a line each by which other rule sets the target would be judged otherwise."""
    lines = []
    for rules, verdict in case.other_sets:
        said = words.status_label(verdict.status)
        why = [
            *(item.rule.title for item in verdict.failed_rules),
            *(f"{i.prerequisite.title} tidak terpenuhi" for i in verdict.failed_prerequisites),
            *(f"{i.prerequisite.title} belum diisi" for i in verdict.unknown_prerequisites),
        ]
        because = f" ({'; '.join(why)})" if why else ""
        line = f"{rules.title} ({rules.date}): {verdict.predicate} {said}{because}."
        lines.append(f"Aturan lain menilai berbeda. {line}")
    return tuple(lines)


def years_of_figures(case: Case, shown: Iterable[str]) -> tuple[str, ...]:
    """Say of which year the figures are, where plan and surveys tell it."""
    lines, keys = [], set(shown)
    if case.performance is not None:
        asked = [key for key in case.performance.questions.values() if key in keys]
        year = case.performance.standing.plan.year
        lines += [
            f"{key}: target dan hasil tahun {year - 1}, bukan perkiraan {year}." for key in asked
        ]
    for result in case.surveys.results if case.surveys is not None else ():
        times = [item.time for item in result.data.responses if item.time is not None]
        if result.survey.lke_question in keys and times:
            years = sorted({time.year for time in times})
            span = " sampai ".join(dict.fromkeys((str(years[0]), str(years[-1]))))
            lines.append(f"{result.survey.lke_question}: jawaban survei tahun {span}.")
    return tuple(lines)
