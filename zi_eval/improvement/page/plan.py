"""The plan of action in a unit report: the shortest way to the predicate, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from zi_eval.core.evaluation import Evaluation
from zi_eval.improvement.effort import UnitEffort
from zi_eval.improvement.page.rows import ActionRow, action_groups, rule_names
from zi_eval.improvement.way import Improvement, Way
from zi_eval.report.page import Room, Section
from zi_eval.report.tables import PrerequisiteRow, prerequisite_rows
from zi_eval.report.titles import outcome_for, rule_name, title_of
from zi_eval.report.words import format_count, format_number, format_points_against

__all__ = ["action_plan_section", "brief_plan_section", "plan_sentences"]

ROOM = Room("improvement/page", ("improvement/page/plan.css",))

SHOWN_OPEN = 20
"""Answers up to which the plan is one open table; a longer one is folded by area."""
MOST_LIMITS = 8
MOST_BRIEF = 4
"""Answers of the plan named on the first pages."""


@dataclass(frozen=True, slots=True)
class _CostRow:
    """A rule before and after the plan, and what it costs."""

    name: str
    need: float
    now: str
    after: float
    saved: float


@dataclass(frozen=True, slots=True)
class _FailedRow:
    """A rule that fails with everything allowed at its best, and the limits that hold it."""

    name: str
    need: float
    most: str
    limits: tuple[tuple[str, str, float], ...]
    more: int


@dataclass(frozen=True, slots=True)
class _Other:
    """Another way, and how it differs from the shortest."""

    effort: float
    count: int
    without: tuple[ActionRow, ...]
    instead: tuple[ActionRow, ...]


def _reached(evaluation: Evaluation, found: Improvement) -> str:
    """Say what is there already, where the plan goes beyond the target."""
    target = evaluation.target
    if found.predicate == target.predicate:
        return ""
    if evaluation.rules.bands:
        return f"Nilai sekarang berada di predikat {target.predicate}."
    return f"Semua ambang nilai {target.predicate} sudah tercapai."


def _way_text(evaluation: Evaluation, found: Improvement, way: Way) -> str:
    """Say what the way asks for, in one sentence."""
    count, opened = len(way.moves), len(found.to_answer)
    goal = found.predicate
    if not count and not opened:
        return f"Semua ambang nilai {goal} sudah tercapai; tidak ada jawaban yang harus naik."
    if not count:
        return (
            f"Cukup jawab {opened} pertanyaan terbuka: ambang {goal} tercapai apa pun jawabannya."
        )
    steps = sum(move.steps for move in way.moves)
    text = (
        f"Jalan terpendek ke {goal}: naikkan {count} jawaban, seluruhnya {steps} langkah, "
        f"dengan perkiraan upaya {format_count(round(way.effort, 4))}."
    )
    surveys = sum(move.is_survey for move in way.moves)
    if surveys:
        which = "Itu" if surveys == count else f"{surveys} di antaranya"
        text += f" {which} indeks survei, yang datang dari responden."
    if opened:
        text += f" Jawab pula {opened} pertanyaan terbuka; jawaban terendahnya sudah cukup."
    return text


def _apart(found: Improvement) -> str:
    """Say which prerequisites a plan of answers cannot mend."""
    verdict = found.verdict
    failed, unknown = len(verdict.failed_prerequisites), len(verdict.unknown_prerequisites)
    parts = [f"{failed} prasyarat belum terpenuhi"] if failed else []
    parts += [f"{unknown} prasyarat belum dinyatakan"] if unknown else []
    return f"Di luar rencana ini: {' dan '.join(parts)}." if parts else ""


def _blocked_text(evaluation: Evaluation, found: Improvement) -> str:
    """Say plainly that there is no way, and what would open one."""
    blocked = found.blocked
    if blocked is None:
        return ""
    rules = "; ".join(rule_name(evaluation.instrument, item.rule) for item in blocked.rules)
    if not blocked.is_reachable_without:
        return (
            f"{found.predicate} tidak dapat dicapai: walau setiap jawaban naik setinggi-tingginya, "
            f"ambang ini tetap gagal: {rules}."
        )
    text = (
        f"{found.predicate} tidak dapat dicapai dengan batas yang ditetapkan: walau setiap jawaban "
        f"naik setinggi yang diizinkan, ambang ini tetap gagal: {rules}."
    )
    if blocked.enough:
        return f"{text} Cukup longgarkan satu batas saja: {' atau '.join(blocked.enough)}."
    return f"{text} Tidak cukup melonggarkan satu batas; perlu beberapa."


def plan_sentences(evaluation: Evaluation, found: Improvement) -> tuple[str, ...]:
    """Say the plan in a few sentences: what is there, what it asks, what stands apart."""
    way = found.way
    body = _blocked_text(evaluation, found) if way is None else _way_text(evaluation, found, way)
    sentences = (_reached(evaluation, found), body, _apart(found))
    return tuple(sentence for sentence in sentences if sentence)


def _cost_rows(evaluation: Evaluation, found: Improvement) -> tuple[_CostRow, ...]:
    names = rule_names(evaluation, found.predicate)
    now = {item.rule.id: item for item in found.verdict.rules}
    return tuple(
        _CostRow(
            names[cost.outcome.rule.id],
            cost.outcome.need,
            format_points_against(now[cost.outcome.rule.id].got, cost.outcome.need),
            cost.outcome.got or 0.0,
            cost.saved,
        )
        for cost in found.costs
    )


def _failed_rows(evaluation: Evaluation, found: Improvement) -> tuple[_FailedRow, ...]:
    if found.blocked is None:
        return ()
    rows = []
    for outcome in found.blocked.rules:
        limits = found.blocked.limits[outcome.rule.id]
        rows.append(
            _FailedRow(
                rule_name(evaluation.instrument, outcome.rule),
                outcome.need,
                format_points_against(outcome.got, outcome.need),
                tuple(
                    (key, title_of(evaluation.instrument, key), points)
                    for key, points in limits[:MOST_LIMITS]
                ),
                max(0, len(limits) - MOST_LIMITS),
            )
        )
    return tuple(rows)


def _rows(evaluation: Evaluation, way: Way) -> tuple[ActionRow, ...]:
    return tuple(row for group in action_groups(evaluation, way) for row in group.rows)


def _others(evaluation: Evaluation, found: Improvement) -> tuple[_Other, ...]:
    if found.way is None:
        return ()
    first = {(row.question.id, row.then): row for row in _rows(evaluation, found.way)}
    others = []
    for way in found.alternatives:
        own = {(row.question.id, row.then): row for row in _rows(evaluation, way)}
        others.append(
            _Other(
                way.effort,
                len(way.moves),
                tuple(row for key, row in first.items() if key not in own),
                tuple(row for key, row in own.items() if key not in first),
            )
        )
    return tuple(others)


def action_plan_section(
    evaluation: Evaluation, effort: UnitEffort, found: Improvement | None
) -> Section:
    """Show the plan of action, its alternatives, what each rule costs and how it was found.

    Parameters
    ----------
    effort
        What a better answer takes, and the limits of this unit.
    found
        The way, with alternatives and costs; None where it cannot be computed.
    """
    way = found.way if found else None
    return ROOM.section(
        "plan",
        is_empty=not evaluation.card.total.answered,
        is_long=way is not None and len(way.moves) > SHOWN_OPEN,
        missing=_missing(found),
        lead=bool(found and _reached(evaluation, found)),
        goal=found.predicate if found else evaluation.target.predicate,
        found=found,
        way=way,
        sentences=plan_sentences(evaluation, found) if found else (),
        groups=action_groups(evaluation, way) if way else (),
        others=_others(evaluation, found) if found else (),
        costs=_cost_rows(evaluation, found) if found else (),
        failed=_failed_rows(evaluation, found) if found else (),
        opened=[(key, title_of(evaluation.instrument, key)) for key in found.to_answer]
        if found
        else (),
        limits=_limit_rows(evaluation, effort),
        total=_total(evaluation, way),
    )


def brief_plan_section(evaluation: Evaluation, found: Improvement | None) -> Section:
    """Say the plan, with the answers that gain most; empty where it cannot be computed yet."""
    if found is None or not evaluation.card.total.answered:
        return Section()
    rows = sorted(_rows(evaluation, found.way), key=lambda row: -row.points) if found.way else []
    return ROOM.section(
        "brief",
        goal=found.predicate,
        lead=bool(_reached(evaluation, found)),
        sentences=plan_sentences(evaluation, found),
        rows=rows[:MOST_BRIEF],
        more=len(rows) - MOST_BRIEF if len(rows) > MOST_BRIEF else 0,
    )


def _limit_rows(evaluation: Evaluation, effort: UnitEffort) -> tuple[tuple[str, str, str], ...]:
    """Word the limits that a team set: id, title, and what is allowed."""
    instrument = evaluation.instrument
    rows = []
    for key, most in effort.limits.most.items():
        said = f"paling banyak {most} langkah" if most else "tetap"
        rows.append((key, title_of(instrument, key), said))
    return tuple(rows)


def _missing(found: Improvement | None) -> tuple[PrerequisiteRow, ...]:
    """Word the prerequisites that are not known to hold, those that fail first."""
    if found is None:
        return ()
    verdict = found.verdict
    return prerequisite_rows((*verdict.failed_prerequisites, *verdict.unknown_prerequisites))


def _total(evaluation: Evaluation, way: Way | None) -> str:
    """Write the total at the end of the way; empty where no rule tests it."""
    outcome = way and outcome_for(evaluation.instrument, way.verdict, evaluation.instrument.roots)
    return format_number(outcome.got) if outcome else ""
