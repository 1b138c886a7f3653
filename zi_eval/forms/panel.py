"""The score beside the questions, worded: what an evaluation says, as plain values for JSON."""

from __future__ import annotations

from typing import Any, Final

from zi_eval.core.agency import compared_areas
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import RuleOutcome, Status
from zi_eval.doubts.verdict import DoubtedVerdict
from zi_eval.improvement.way import goal_of
from zi_eval.report import bands, titles, words
from zi_eval.screen.words import short_time

__all__ = ["doubt_rows", "score_panel"]

PLAIN: Final = "plain"
"""The look of what is shown without being judged."""
MOST_REASONS: Final = 3
"""How many reasons stand in one line with the verdict; the list below it holds all."""


def _row(
    title: str, got: float | None, weight: float, outcome: RuleOutcome | None
) -> dict[str, Any]:
    need = outcome.need if outcome else 0.0
    status = outcome.status if outcome else None
    said = words.margin_text(outcome.margin) if outcome else ""
    if outcome is not None and got is not None and status is Status.UNKNOWN:
        said = f"kini {said}"
    elif outcome is not None and status is Status.MET:
        said = (
            f"tercapai, {said}"
            if not outcome.margin
            else f"tercapai {words.format_margin(outcome.margin)}"
        )
    return {
        "title": title,
        "got": f"{words.format_points_against(got, need)} / {words.format_count(weight)}",
        "words": said,
        "need": f"ambang {words.format_number(need)}" if outcome else "",
        "share": got / weight if got is not None and weight else 0.0,
        "mark": need / weight if outcome and weight else None,
        "status": status.value if status else PLAIN,
        "icon": words.status_icon(status) if status else "",
    }


def _by_nodes(evaluation: Evaluation) -> dict[frozenset[str], RuleOutcome]:
    return {frozenset(outcome.rule.nodes): outcome for outcome in evaluation.target.rules}


def _areas(evaluation: Evaluation) -> list[dict[str, Any]]:
    outcomes, rows = _by_nodes(evaluation), []
    instrument = evaluation.instrument
    for area in instrument.areas or compared_areas(instrument):
        score = evaluation.card.group(area.id, area.nodes)
        outcome = outcomes.get(frozenset(area.nodes))
        row = _row(area.title, score.score, score.weight or 0.0, outcome)
        rows.append({**row, "compare": _compare(evaluation, area.nodes)})
    return rows


def _total(evaluation: Evaluation) -> dict[str, Any]:
    card = evaluation.card
    outcome = _by_nodes(evaluation).get(frozenset(evaluation.instrument.roots))
    row = _row("Nilai", card.total.score, card.total.weight or 0.0, outcome)
    row["got"] = words.format_points_against(card.total.score, outcome.need if outcome else 0.0)
    row["compare"] = _compare(evaluation, evaluation.instrument.roots)
    row["of"] = f"dari {words.format_count(card.total.weight)}"
    if evaluation.rules.bands:
        row["words"] = bands.distance_up(evaluation)
        row["mark"] = None
    elif outcome is not None and outcome.margin is not None:
        row["words"] = words.distance_text(outcome.margin, outcome.need)
    if not card.is_complete and card.total.score is not None:
        row["words"] += (
            f"; kelak antara {words.format_number(card.total.floor)} "
            f"dan {words.format_number(card.total.ceiling)}"
        )
    return row


def _results(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Word the rules that are neither on the total nor on an area, or the bands of the total."""
    if evaluation.rules.bands:
        return _bands(evaluation)
    instrument = evaluation.instrument
    groups = [set(instrument.roots), *(set(area.nodes) for area in instrument.areas)]
    return [
        _row(titles.rule_name(instrument, outcome.rule), outcome.got, outcome.weight, outcome)
        for outcome in evaluation.target.rules
        if set(outcome.rule.nodes) not in groups
    ]


def _bands(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Word the band of the score and the one above it: where the unit is, and what is next."""
    total = evaluation.card.total
    rows = []
    for verdict in (evaluation.target, evaluation.next_up):
        if verdict is not None:
            outcome = titles.total_outcome(evaluation, verdict.predicate)
            row = _row(verdict.predicate, total.score, total.weight or 0.0, outcome)
            rows.append({**row, "need": bands.band_text(evaluation.rules, verdict.predicate)})
    return rows


def _fails(evaluation: Evaluation) -> list[str]:
    verdict, found = evaluation.target, []
    for outcome in verdict.failed_rules:
        if outcome.got is not None:
            name = titles.rule_name(evaluation.instrument, outcome.rule)
            found.append(f"{name[:1].upper()}{name[1:]}: {words.margin_text(outcome.margin)}")
    for item in (*verdict.failed_prerequisites, *verdict.unknown_prerequisites):
        measure = item.prerequisite.unit_of_measure
        need, got = words.fact_text(item.need, measure), words.fact_text(item.got, measure)
        title = item.prerequisite.title
        found.append(f"{title}: {got}" + ("" if item.got is None else f", diminta {need}"))
    return found


def _why(evaluation: Evaluation) -> str:
    """Name what keeps the target from being met, which the total alone may not show."""
    verdict = evaluation.target
    if evaluation.rules.bands or verdict.status is Status.MET:
        return ""
    short = [
        f"{titles.rule_name(evaluation.instrument, outcome.rule)} "
        f"{words.format_margin(outcome.margin)}"
        for outcome in verdict.failed_rules
        if outcome.got is not None
    ]
    short += [item.prerequisite.title for item in verdict.failed_prerequisites]
    more = len(short) - MOST_REASONS
    named = [*short[:MOST_REASONS], *([f"dan {more} lagi"] if more > 0 else [])]
    return f"Karena: {'; '.join(named)}." if named else ""


def _compare(evaluation: Evaluation, nodes: tuple[str, ...]) -> str:
    """Put the unit's points beside the TPI's; empty at the unit's own stage."""
    if evaluation.stage is Stage.UNIT:
        return ""
    tpi, unit = (card.group("", nodes).score for card in (evaluation.card, evaluation.unit_card))
    difference = None if tpi is None or unit is None else tpi - unit
    return (
        f"Unit {words.format_number(unit)}, TPI {words.format_number(tpi)}, "
        f"selisih {words.format_margin(difference)}"
    )


def doubt_rows(verdict: DoubtedVerdict) -> list[dict[str, Any]]:
    """Return the doubts on a verdict, those that stand first, then those that were explained."""
    standing = [(doubt, "") for doubt in verdict.doubts]
    explained = [
        (doubt, f"{said.name} ({said.role}), {short_time(said.time)}: {said.text}")
        for doubt, said in verdict.explained
    ]
    return [
        {
            "id": doubt.id,
            "what": doubt.what,
            "remedy": doubt.remedy,
            "decisive": not said and doubt.is_decisive(verdict.predicate),
            "explained": said,
        }
        for doubt, said in (*standing, *explained)
    ]


def score_panel(evaluation: Evaluation) -> dict[str, Any]:
    """Return all that the panel shows, against the thresholds of the unit's target."""
    card, verdict = evaluation.card, evaluation.target
    left = card.total.questions - card.total.answered
    of = f"dari {card.total.questions} pertanyaan"
    left_text = (
        f"{left} {of} belum dijawab."
        if left
        else f"Semua {card.total.questions} pertanyaan terjawab."
    )
    if evaluation.stage.is_evaluated:
        left_text += f" {words.stage_text(evaluation)}."
    total = _total(evaluation)
    labels = evaluation.instrument.labels
    label = bands.verdict_title(evaluation, verdict)
    if verdict.status is Status.UNKNOWN and not evaluation.rules.bands:
        label = f"{label} ({verdict.predicate})"
    # A predicate by band is neither good nor bad in itself.
    is_plain = evaluation.predicate is not None
    return {
        "status": PLAIN if is_plain else verdict.status.value,
        "icon": "" if is_plain else words.status_icon(verdict.status),
        "verdict": label,
        "doubts": words.doubts_text(verdict.doubts),
        "why": _why(evaluation),
        "total": total,
        "open": left_text,
        "areas_title": labels.panel_areas,
        "areas": _areas(evaluation),
        "results_title": labels.panel_results,
        "results": _results(evaluation),
        "fails": _fails(evaluation),
        "goal": goal_of(evaluation),
        "summary": f"{label}. Nilai {total['got']}. {left_text}",
    }
