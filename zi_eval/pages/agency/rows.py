"""What the long tables of the recap show of each unit and area: plain values for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import quote

from zi_eval.core.agency import (
    AgencyEvaluation,
    AreaShare,
    QuestionSummary,
    UnitStanding,
    compared_areas,
)
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument, parent_id
from zi_eval.core.rules import Rule
from zi_eval.core.verdict import TOLERANCE, PrerequisiteOutcome, RuleOutcome, Status
from zi_eval.files import file_stem
from zi_eval.pages.agency.published import FailedReport, Published
from zi_eval.report import words
from zi_eval.report.bands import distance_up

__all__ = [
    "SHADE_KEY",
    "AgencyAreaRow",
    "FailureRow",
    "HeatRow",
    "TablePart",
    "UnitRow",
    "area_rows",
    "failure_row",
    "heat_row",
    "page_list",
    "prerequisite_rows",
    "question_rows",
    "rule_text",
    "status_text",
    "unit_row",
]

PAGE = 50
"""Rows of one foldable part of a long table."""

VISIBLE = 4
"""How many of the rules a unit fails, or lines of a reason, are shown unfolded."""

SEPARATOR = " · "

SHADES = ((90.0, "90 ke atas"), (75.0, "75 – <90"), (60.0, "60 – <75"), (40.0, "40 – <60"))
SHADE_KEY = tuple(enumerate((*(text for _, text in SHADES), "di bawah 40")))
"""Class number and meaning of each shade of the heat map, highest first."""

Lack = tuple[str, str, tuple[str, str] | None]
"""A label, a text, and the title and text of what is folded away below them."""


class UnitRow(TypedDict):
    """What the list of units shows of one unit."""

    rank: str
    id: str
    name: str
    link: str
    log: str
    target: str
    score: str
    floor: str
    stage: str
    verdicts: list[tuple[str, str]]
    lacks: list[Lack]
    short: str


class HeatRow(TypedDict):
    """One unit in the heat map; a cell is the number of its shade and its text."""

    name: str
    target: str
    cells: list[tuple[int | str, str]]


class AgencyAreaRow(TypedDict):
    """One area across the agency."""

    number: int
    title: str
    needs: list[str]
    mean: str
    shade: int | str
    below: int


class FailureRow(TypedDict):
    """A unit that could not be read or reported; what is past a few lines of its reason folded."""

    id: str
    name: str
    reason: str
    more: tuple[int, str] | None
    log: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """A part of a long table: its title and which rows it holds."""

    title: str
    rows: slice


def _shade(percent: float | None) -> int | str:
    if percent is None:
        return "x"
    return next((i for i, (low, _) in enumerate(SHADES) if percent >= low - TOLERANCE), len(SHADES))


def rule_text(rule: Rule) -> str:
    """Return the title of a rule without its remark in brackets."""
    return rule.title.partition(" (")[0]


def _short(outcome: RuleOutcome) -> str:
    gap = "belum dijawab" if outcome.margin is None else words.format_margin(outcome.margin)
    return f"{rule_text(outcome.rule)} {gap}"


def status_text(status: Status) -> str:
    """Return the sign and word of a status."""
    return f"{words.status_icon(status)} {words.status_label(status)}"


def _total(item: Evaluation) -> str:
    """Write the total so that a miss of the target's minimum is never rounded away."""
    roots, score = set(item.instrument.roots), item.card.total.score
    needs = [outcome.need for outcome in item.target.rules if set(outcome.rule.nodes) == roots]
    return words.format_points_against(score, needs[0] if needs else 0.0)


def _titles(outcomes: Sequence[PrerequisiteOutcome]) -> str:
    own = [item.prerequisite.title for item in outcomes if item.prerequisite.who == "unit"]
    return ", ".join(own)


def _failed_text(failed: Sequence[RuleOutcome]) -> Lack:
    """Name the rules that are not reached, the largest shortfall first, most of many folded."""
    shorts = [
        _short(outcome) for outcome in sorted(failed, key=lambda o: o.margin or float("-inf"))
    ]
    label = f"{len(shorts)} ambang:"
    if len(shorts) <= VISIBLE + 1:
        return label, SEPARATOR.join(shorts), None
    rest = shorts[VISIBLE:]
    more = (f"dan {len(rest)} ambang lain", SEPARATOR.join(rest))
    return label, SEPARATOR.join(shorts[:VISIBLE]), more


def _lacks(item: Evaluation) -> list[Lack]:
    """Say what keeps a unit from its target."""
    target, has_answers = item.target, item.card.total.answered > 0
    lacks: list[Lack] = []
    if item.rules.bands and has_answers and item.next_up:
        far = distance_up(item)
        lacks.append(("", f"{far[0].upper()}{far[1:]}.", None))
    if not has_answers:
        lacks.append(("", "Belum ada jawaban.", None))
    elif target.failed_rules:
        lacks.append(_failed_text(target.failed_rules))
    if titles := _titles(target.failed_prerequisites):
        lacks.append(("Prasyarat:", titles, None))
    if titles := _titles(target.unknown_prerequisites):
        lacks.append(("Belum diketahui:", titles, None))
    if target.open_questions and has_answers:
        lacks.append(("Belum dijawab:", f"{len(target.open_questions)} pertanyaan", None))
    if target.doubts:
        lacks.append((f"{len(target.doubts)} keraguan:", target.doubts[0], None))
    if target.explained:
        text, *rest = target.explained
        more = (f"dan {len(rest)} penjelasan lain", " ".join(rest)) if rest else None
        lacks.append((f"{len(target.explained)} dijelaskan:", text, more))
    elif not lacks and target.status is not Status.MET:
        lacks.append(("", "Hanya prasyarat instansi yang belum.", None))
    return lacks


def _short_lacks(item: Evaluation, lacks: Sequence[Lack]) -> str:
    """Say in a few words what :func:`_lacks` says at length."""
    target, said = item.target, []
    own = [*target.failed_prerequisites, *target.unknown_prerequisites]
    prerequisites = [
        outcome.prerequisite.title for outcome in own if outcome.prerequisite.who == "unit"
    ]
    if target.failed_rules and item.card.total.answered:
        rules = sorted(target.failed_rules, key=lambda outcome: outcome.margin or float("-inf"))
        said.append(_short(rules[0]) if len(rules) == 1 else f"{len(rules)} ambang")
    if prerequisites:
        one = len(prerequisites) == 1
        said.append(prerequisites[0] if one else f"{len(prerequisites)} prasyarat")
    if target.open_questions and item.card.total.answered:
        said.append(f"{len(target.open_questions)} belum dijawab")
    if target.doubts:
        said.append(f"{len(target.doubts)} keraguan")
    return SEPARATOR.join(said) or (lacks[0][1] if lacks else "")


def _aim(item: Evaluation) -> str:
    return (item.predicate or words.NOTHING) if item.rules.bands else item.assessment.target


def _link(name: str) -> str:
    """Return a file beside the recap as an address; whatever its name is, it stays a file."""
    return quote(name, safe="")


def unit_row(standing: UnitStanding, published: Published) -> UnitRow:
    """Return what the list of units shows of one unit: its report linked, or what came of it."""
    item, failed = standing.evaluation, published.failures
    unit, total = item.assessment.unit, item.card.total
    lacks = _lacks(item)
    has_open = total.score is not None and bool(item.target.open_questions)
    return UnitRow(
        rank=words.NOTHING if standing.rank is None else str(standing.rank),
        id=unit.id,
        name=unit.name,
        link=_link(f"{file_stem(unit.id)}.html") if unit.id in published.reports else "",
        log=_link(failed[unit.id].log) if unit.id in failed else "",
        target=item.assessment.target,
        score=_total(item),
        floor=words.format_number(total.floor) if has_open else "",
        stage=words.stage_text(item) if item.stage.is_evaluated and not item.rules.bands else "",
        verdicts=[]
        if item.rules.bands
        else [
            (verdict.status.value, status_text(verdict.status))
            for verdict in item.verdicts.values()
        ],
        lacks=lacks,
        short=_short_lacks(item, lacks),
    )


def failure_row(unit: str, name: str, reason: str, failed: FailedReport | None) -> FailureRow:
    """Return what the list of failures shows of one unit, its log linked where there is one."""
    lines = reason.splitlines()
    rest = lines[VISIBLE:] if len(lines) > VISIBLE + 1 else []
    return FailureRow(
        id=unit,
        name=name,
        reason="\n".join(lines[:VISIBLE] if rest else lines),
        more=(len(rest), "\n".join(rest)) if rest else None,
        log=_link(failed.log) if failed else "",
    )


def _cell(share: AreaShare) -> str:
    if share.percent is None:
        return words.NOTHING
    mark = "▼" if share.is_below else ""
    doubt = "?" if share.has_open_questions else ""
    return f"{mark}{words.format_points_against(share.percent, share.need or 0.0, 1)}{doubt}"


def heat_row(item: Evaluation, shares: Sequence[AreaShare]) -> HeatRow:
    """Return one line of the heat map."""
    return HeatRow(
        name=item.assessment.unit.name,
        target=_aim(item),
        cells=[(_shade(share.percent), _cell(share)) for share in shares],
    )


def _need(evaluation: AgencyEvaluation, nodes: tuple[str, ...], predicate: str) -> str:
    weight = sum(evaluation.instrument.nodes[node].weight for node in nodes)
    for rule in evaluation.rules.rules:
        if set(rule.nodes) == set(nodes) and predicate in rule.need and weight:
            need = rule.need[predicate].need(weight) / weight * 100
            return words.format_number(need, 1).removesuffix(",0")
    return words.NOTHING


def area_rows(
    evaluation: AgencyEvaluation, shares: Sequence[Sequence[AreaShare]]
) -> list[AgencyAreaRow]:
    """Return each compared area: its minima, its mean over the units, how many units miss it.

    Parameters
    ----------
    shares
        Of every unit, in the order of the compared areas.
    """
    rows = []
    for index, area in enumerate(compared_areas(evaluation.instrument)):
        column = [own[index] for own in shares]
        known = [share.percent for share in column if share.percent is not None]
        mean = sum(known) / len(known) if known else None
        rows.append(
            AgencyAreaRow(
                number=index + 1,
                title=area.title,
                needs=[]
                if evaluation.rules.bands
                else [
                    _need(evaluation, area.nodes, predicate)
                    for predicate in evaluation.rules.predicates
                ],
                mean=words.format_number(mean, 1),
                shade=_shade(mean),
                below=sum(share.is_below for share in column),
            )
        )
    return rows


def page_list(standings: Sequence[UnitStanding]) -> list[TablePart]:
    """Cut a long list into titled parts of :data:`PAGE` rows; a slightly longer one stays whole."""
    size = PAGE if len(standings) > PAGE * 1.2 else max(1, len(standings))
    pages = []
    for start in range(0, len(standings), size):
        part = standings[start : start + size]
        scores = [part[place].evaluation.card.total.score for place in (0, -1)]
        known = [words.format_number(score) for score in scores if score is not None]
        span = f", nilai {' sampai '.join(known)}" if known else ""
        pages.append(
            TablePart(f"Unit {start + 1}–{start + len(part)}{span}", slice(start, start + size))
        )
    return pages


def prerequisite_rows(
    outcomes: Mapping[str, Sequence[PrerequisiteOutcome]], predicates: Sequence[str]
) -> list[dict[str, object]]:
    """Return each prerequisite of the agency with what every predicate asks of it."""
    by_id: dict[str, dict[str, PrerequisiteOutcome]] = {}
    for predicate, found in outcomes.items():
        for outcome in found:
            by_id.setdefault(outcome.prerequisite.id, {})[predicate] = outcome
    rows: list[dict[str, object]] = []
    for by_predicate in by_id.values():
        outcome = next(iter(by_predicate.values()))
        unit = outcome.prerequisite.unit_of_measure
        cells = [
            (own := by_predicate.get(predicate))
            and {
                "status": own.status.value,
                "title": status_text(own.status),
                "need": words.fact_text(own.need, unit),
            }
            for predicate in predicates
        ]
        rows.append(
            {
                "title": outcome.prerequisite.title,
                "got": words.fact_text(outcome.got, unit),
                "outcomes": cells,
                "source": outcome.prerequisite.source,
            }
        )
    return rows


def question_rows(
    instrument: Instrument, questions: Iterable[QuestionSummary]
) -> list[dict[str, str | int]]:
    """Return what the table of the costliest questions shows of each."""
    return [
        {
            "id": item.id,
            "text": instrument.questions[item.id].text,
            "part": " › ".join(_question_path(instrument, item.id)),
            "lost": words.format_number(item.lost),
            "each": words.format_number(item.lost / item.answered),
            "mean": words.format_number(item.mean),
            "percent": f"{item.mean * 100:.0f}",
            "worst": item.worst,
            "answered": item.answered,
            "open": item.open,
        }
        for item in questions
    ]


def _question_path(instrument: Instrument, identifier: str) -> list[str]:
    """Return the titles above a question, from its area or the part above it downwards."""
    above = []
    parent = parent_id(identifier)
    while parent is not None:
        above.append(instrument.nodes[parent].title)
        parent = parent_id(parent)
    return above[:2][::-1]
