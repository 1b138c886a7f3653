"""What speaks against the verdicts on a unit, each with its places and what it would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import Status
from zi_eval.doubts.values import Doubt, Effect, Statement
from zi_eval.doubts.verdict import DoubtedVerdict
from zi_eval.report.page import Room, Section
from zi_eval.report.titles import rule_name
from zi_eval.report.words import format_margin, format_number, format_time, verdict_label

__all__ = ["brief_doubts_section", "doubts_section"]

ROOM = Room("doubts/page")
MOST_TURNED = 4
"""Rules and prerequisites named of those that a reading turns."""
MOST_BRIEF = 4
"""Doubts named on the first pages."""
MOST_PLACES = 6
"""Places shown unfolded; a doubt on evidence names a hundred."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A doubt as the template shows it."""

    doubt: Doubt
    first: tuple[Statement, ...]
    rest: tuple[Statement, ...]
    effects: tuple[str, ...]
    is_decisive: bool


def doubts_section(evaluation: Evaluation, verdicts: Mapping[str, DoubtedVerdict]) -> Section:
    """Show every doubt on the target, the strongest first; a sentence where there is none."""
    verdict = verdicts[evaluation.target.predicate]
    return ROOM.section(
        "doubts",
        rows=[_show(evaluation, verdict, doubt) for doubt in verdict.doubts],
        explained=[(doubt, said, format_time(said.time)) for doubt, said in verdict.explained],
        verdict=verdict,
        label=verdict_label(verdict.status, verdict.predicate),
        plain=verdict_label(verdict.verdict.status, verdict.predicate),
    )


def brief_doubts_section(verdict: DoubtedVerdict) -> Section:
    """Name the strongest doubts on the target, with what clears each; empty without any."""
    if not verdict.doubts:
        return Section()
    first = verdict.doubts[:MOST_BRIEF]
    return ROOM.section(
        "brief",
        rows=[(doubt, doubt.is_decisive(verdict.predicate)) for doubt in first],
        more=len(verdict.doubts) - len(first),
    )


def _show(evaluation: Evaluation, verdict: DoubtedVerdict, doubt: Doubt) -> _Shown:
    return _Shown(
        doubt=doubt,
        first=doubt.statements[:MOST_PLACES],
        rest=doubt.statements[MOST_PLACES:],
        effects=tuple(_effects(evaluation, verdict, doubt)),
        is_decisive=doubt.is_decisive(verdict.predicate),
    )


def _effects(evaluation: Evaluation, verdict: DoubtedVerdict, doubt: Doubt) -> Iterator[str]:
    """Say for each reading the score, the verdict, and what then holds otherwise."""
    for effect in doubt.effects:
        yield f"{effect.text[0].upper()}{effect.text[1:]}: {_outcome(evaluation, verdict, effect)}."


def _outcome(evaluation: Evaluation, verdict: DoubtedVerdict, effect: Effect) -> str:
    now, predicate = evaluation.card.total.score, verdict.predicate
    said = []
    if effect.score is not None:
        moved = format_margin(effect.score - now) if now is not None else ""
        is_same = now is not None and abs(effect.score - now) < 0.005
        said.append(f"nilai {format_number(effect.score)}{'' if is_same else f' ({moved})'}")
    status = effect.statuses.get(predicate, Status.UNKNOWN)
    said.append(verdict_label(status, predicate).lower().replace(predicate.lower(), predicate))
    if turned := effect.turned.get(predicate):
        names = [_name(evaluation, verdict, key) for key in turned[:MOST_TURNED]]
        more = len(turned) - len(names)
        others = f", dan {more} lainnya" if more else ""
        said.append(f"berubah: {', '.join(names)}{others}")
    return "; ".join(said)


def _name(evaluation: Evaluation, verdict: DoubtedVerdict, key: str) -> str:
    for outcome in verdict.verdict.rules:
        if outcome.rule.id == key:
            return rule_name(evaluation.instrument, outcome.rule)
    titles = {
        item.prerequisite.id: item.prerequisite.title for item in verdict.verdict.prerequisites
    }
    return titles.get(key, key)
