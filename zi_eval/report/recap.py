"""The agency recap: all units of a period on one page, a section a method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import groupby
from typing import TypedDict
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from zi_eval.core.agency import (
    AgencyEvaluation,
    AreaShare,
    Standing,
    area_shares,
    compared_areas,
    count_statuses,
    judge_agency,
    rank_units,
    reaches_all_rules,
    share_met,
    weakest_questions,
)
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import parent_id
from zi_eval.core.verdict import PrerequisiteOutcome, RuleOutcome, Status
from zi_eval.report import words

__all__ = ["AgencyReport", "RecapSection", "agency_report"]

PAGE = 50
"""Rows of one foldable part of a long table."""

LIMIT = 15
"""How many of the weakest questions are shown; the workbook has them all."""

VISIBLE = 4
"""How many of the rules a unit fails are shown unfolded."""

SEPARATOR = " · "
GROUPS = {
    status: (words.status_label(status).replace(" ", "-"), words.status_label(status).capitalize())
    for status in (Status.MET, Status.UNKNOWN, Status.NOT_MET)
}
"""Anchor and title of each group of units, best first."""

SHADES = ((90.0, "90 ke atas"), (75.0, "75 – <90"), (60.0, "60 – <75"), (40.0, "40 – <60"))
LOWEST_SHADE = "di bawah 40"
SECTIONS = (
    ("ringkasan", "Ringkasan"),
    ("unit", "Unit"),
    ("area", "Peta area"),
    ("pertanyaan", "Pertanyaan terlemah"),
    ("prasyarat", "Prasyarat instansi"),
    ("tidak-terbaca", "Tidak dapat dievaluasi"),
    ("asal", "Asal rekap"),
)


@dataclass(frozen=True, slots=True)
class RecapSection:
    """A piece of the recap that a notebook cell shows."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


Lack = tuple[str, str, tuple[str, str] | None]
"""A label, a text, and the title and text of what is folded away below them."""


class UnitRow(TypedDict):
    """What the list of units shows of one unit."""

    rank: str
    id: str
    name: str
    link: str
    target: str
    score: str
    floor: str
    verdicts: list[tuple[str, str]]
    lacks: list[Lack]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("zi_eval.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(section: str, **values: object) -> RecapSection:
    template = _environment().get_template(f"recap_{section}.html.j2")
    return RecapSection(template.render(values))


def _shade(percent: float | None) -> int | str:
    if percent is None:
        return "x"
    return next((i for i, (low, _) in enumerate(SHADES) if percent >= low - 1e-9), len(SHADES))


def _short(outcome: RuleOutcome) -> str:
    return f"{outcome.rule.title} {words.format_margin(outcome.margin)}"


def _status(status: Status) -> str:
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
    if not lacks and target.status is not Status.MET:
        lacks.append(("", "Hanya prasyarat instansi yang belum.", None))
    return lacks


@dataclass(frozen=True)
class AgencyReport:
    """The recap of an agency; each method is one section.

    Attributes
    ----------
    time
        When the run was started, with its zone.
    version
        Of zi-eval.
    reports
        Ids of the units whose report stands beside the recap; only these are linked.
    """

    evaluation: AgencyEvaluation
    time: dt.datetime
    version: str
    reports: frozenset[str]

    @cached_property
    def _standings(self) -> tuple[Standing, ...]:
        return rank_units(self.evaluation)

    @cached_property
    def _outcomes(self) -> Mapping[str, tuple[PrerequisiteOutcome, ...]]:
        return judge_agency(self.evaluation)

    @property
    def _predicates(self) -> tuple[str, ...]:
        return self.evaluation.rules.predicates

    def _groups(self) -> list[tuple[Status, list[Standing]]]:
        return [
            (status, [s for s in self._standings if s.evaluation.target.status is status])
            for status in GROUPS
        ]

    def masthead(self) -> RecapSection:
        """Whose recap this is, in one sentence, and where the sections are."""
        evaluation = self.evaluation
        met = sum(item.target.status is Status.MET for item in evaluation.evaluations)
        lead = f"{met} dari {evaluation.unit_count} unit memenuhi predikat yang dituju."
        if evaluation.failures:
            lead += f" {len(evaluation.failures)} unit tidak dapat dievaluasi."
        css = resources.files("zi_eval.report").joinpath("recap.css").read_text(encoding="utf-8")
        return _render(
            "masthead",
            css=Markup(css),
            agency=evaluation.agency.name,
            period=evaluation.period,
            stage=words.stage_label(evaluation.stage),
            rules=evaluation.rules.title,
            time=words.format_time(self.time),
            remark=evaluation.agency.remark,
            lead=lead,
            sections=SECTIONS,
        )

    def summary(self) -> RecapSection:
        """Counts by verdict, linking to the groups, and what holds the whole agency back."""
        evaluation, predicates = self.evaluation, self._predicates
        groups = []
        for status, standings in self._groups():
            targets = [s.evaluation.assessment.target for s in standings]
            anchor, title = GROUPS[status]
            by_target = [targets.count(predicate) for predicate in predicates]
            groups.append(
                {"anchor": anchor, "title": title, "by_target": by_target, "total": len(targets)}
            )
        counts = [count_statuses(evaluation, predicate) for predicate in predicates]
        by_predicate = [
            (title, [str(count[status]) for count in counts])
            for status, (_, title) in GROUPS.items()
        ]
        by_predicate += [
            ("Bagian yang memenuhi", [self._share_met(predicate) for predicate in predicates]),
            (
                "Semua ambang nilai tercapai",
                [str(self._reaching(predicate)) for predicate in predicates],
            ),
        ]
        all_targets = [item.assessment.target for item in evaluation.evaluations]
        return _render(
            "summary",
            groups=groups,
            predicates=predicates,
            by_predicate=by_predicate,
            held=self._held(),
            failures=len(evaluation.failures),
            evaluated=len(evaluation.evaluations),
            units=evaluation.unit_count,
            target_totals=[all_targets.count(predicate) for predicate in predicates],
        )

    def _share_met(self, predicate: str) -> str:
        return words.format_percent(share_met(self.evaluation, predicate))

    def _reaching(self, predicate: str) -> int:
        return sum(reaches_all_rules(item, predicate) for item in self.evaluation.evaluations)

    def _held(self) -> list[str]:
        """Say which prerequisites of the agency hold every unit back, and from what."""
        held: dict[str, list[str]] = {}
        for predicate, outcomes in self._outcomes.items():
            for item in outcomes:
                if item.status is not Status.MET:
                    known = "belum dinyatakan" if item.got is None else "belum memenuhi"
                    held.setdefault(f"{item.prerequisite.title} {known}", []).append(predicate)
        return [f"{text} ({', '.join(predicates)})" for text, predicates in held.items()]

    def _unit_row(self, standing: Standing) -> UnitRow:
        item = standing.evaluation
        unit, total = item.assessment.unit, item.card.total
        has_open = total.score is not None and bool(item.target.open_questions)
        return UnitRow(
            rank=words.NOTHING if standing.rank is None else str(standing.rank),
            id=unit.id,
            name=unit.name,
            link=f"{quote(unit.id, safe='')}.html" if unit.id in self.reports else "",
            target=item.assessment.target,
            score=_total(item),
            floor=words.format_number(total.floor) if has_open else "",
            verdicts=[
                (verdict.status.value, _status(verdict.status))
                for verdict in item.verdicts.values()
            ],
            lacks=_lacks(item),
        )

    def units(self) -> RecapSection:
        """Every evaluated unit, grouped by the verdict on its target, highest score first."""
        groups = []
        for status, standings in self._groups():
            if not standings:
                continue
            anchor, title = GROUPS[status]
            pages = [
                {"title": page, "rows": [self._unit_row(standing) for standing in part]}
                for page, part in _pages(standings)
            ]
            groups.append(
                {"anchor": anchor, "title": title, "total": len(standings), "pages": pages}
            )
        linked = (
            "Nama bergaris bawah membuka laporan unit."
            if self.reports
            else "Laporan per unit belum dibuat."
        )
        return _render(
            "units",
            groups=groups,
            predicates=self._predicates,
            nothing=words.NOTHING,
            help=f"Nomor adalah peringkat nilai di seluruh instansi. {linked} Kekurangan terhadap "
            "ambang ditulis dalam poin; prasyarat instansi tidak diulang pada tiap unit.",
        )

    def areas(self) -> RecapSection:
        """The heat map: each area's share of its weight, by unit and for the agency."""
        shares = {
            standing.evaluation.assessment.unit.id: area_shares(standing.evaluation)
            for standing in self._standings
        }
        columns = list(zip(*shares.values(), strict=True)) if shares else []
        areas = []
        for number, area in enumerate(compared_areas(self.evaluation.instrument), start=1):
            cells = columns[number - 1] if columns else ()
            known = [cell.percent for cell in cells if cell.percent is not None]
            mean = sum(known) / len(known) if known else None
            areas.append(
                {
                    "number": number,
                    "title": area.title,
                    "needs": [self._need(area.nodes, predicate) for predicate in self._predicates],
                    "mean": words.format_number(mean, 1),
                    "shade": _shade(mean),
                    "below": sum(cell.is_below for cell in cells),
                }
            )
        pages = [
            {
                "title": title,
                "rows": [
                    {
                        "name": (item := standing.evaluation).assessment.unit.name,
                        "target": item.assessment.target,
                        "cells": [
                            (_shade(share.percent), _cell(share))
                            for share in shares[item.assessment.unit.id]
                        ],
                    }
                    for standing in part
                ],
            }
            for title, part in _pages(self._standings)
        ]
        shades = [*(text for _, text in SHADES), LOWEST_SHADE]
        return _render(
            "areas",
            areas=areas,
            pages=pages,
            predicates=self._predicates,
            shades=list(enumerate(shades)),
        )

    def _need(self, nodes: tuple[str, ...], predicate: str) -> str:
        instrument = self.evaluation.instrument
        weight = sum(instrument.nodes[node].weight for node in nodes)
        for rule in self.evaluation.rules.rules:
            if set(rule.nodes) == set(nodes) and predicate in rule.need and weight:
                need = rule.need[predicate].need(weight) / weight * 100
                return words.format_number(need, 1).removesuffix(",0")
        return words.NOTHING

    def questions(self) -> RecapSection:
        """The questions with the lowest mean value across the units."""
        instrument = self.evaluation.instrument
        rows = [
            {
                "id": item.id,
                "text": instrument.questions[item.id].text,
                "part": " › ".join(_path(self.evaluation, item.id)),
                "mean": words.format_number(item.mean),
                "percent": f"{item.mean * 100:.0f}",
                "worst": item.worst,
                "answered": item.answered,
                "open": item.open,
            }
            for item in weakest_questions(self.evaluation, LIMIT)
        ]
        return _render("questions", rows=rows)

    def prerequisites(self) -> RecapSection:
        """What the agency itself must be, and whether it is."""
        by_id: dict[str, dict[str, PrerequisiteOutcome]] = {}
        for predicate, outcomes in self._outcomes.items():
            for outcome in outcomes:
                by_id.setdefault(outcome.prerequisite.id, {})[predicate] = outcome
        rows = []
        for by_predicate in by_id.values():
            outcome = next(iter(by_predicate.values()))
            cells = []
            for predicate in self._predicates:
                found = by_predicate.get(predicate)
                cells.append(
                    found
                    and {
                        "status": found.status.value,
                        "title": _status(found.status),
                        "need": words.fact_text(found.need, found.prerequisite.unit_of_measure),
                    }
                )
            rows.append(
                {
                    "title": outcome.prerequisite.title,
                    "got": words.fact_text(outcome.got, outcome.prerequisite.unit_of_measure),
                    "outcomes": cells,
                    "source": outcome.prerequisite.source,
                }
            )
        return _render(
            "prerequisites",
            rows=rows,
            predicates=self._predicates,
            rules=self.evaluation.rules.title,
        )

    def failures(self) -> RecapSection:
        """The units that could not be read or run, each with its reason."""
        return _render("failures", rows=sorted(self.evaluation.failures.items()))

    def origin(self) -> RecapSection:
        """Say what the recap was made from."""
        evaluation = self.evaluation
        instrument, rules = evaluation.instrument, evaluation.rules
        rows = [
            ("Instrumen", f"{instrument.title} ({instrument.id} versi {instrument.version})"),
            ("Sidik instrumen", instrument.hash),
            ("Aturan", f"{rules.title} ({rules.id}, {rules.date})"),
            ("Sidik aturan", rules.hash),
            ("Versi zi-eval", self.version),
            ("Waktu dijalankan", words.format_time(self.time)),
        ]
        return _render("origin", rows=[row for row in rows if row[1]])


def _path(evaluation: AgencyEvaluation, identifier: str) -> Iterator[str]:
    """Yield the titles above a question, from its area or the part above it downwards."""
    nodes = evaluation.instrument.nodes
    above = []
    parent = parent_id(identifier)
    while parent is not None:
        above.append(nodes[parent])
        parent = parent_id(parent)
    return (node.title for node in reversed(above[:2]))


def _cell(share: AreaShare) -> str:
    if share.percent is None:
        return words.NOTHING
    mark = "▼" if share.is_below else ""
    doubt = "?" if share.has_open_questions else ""
    return f"{mark}{words.format_points_against(share.percent, share.need or 0.0, 1)}{doubt}"


def _pages(standings: Sequence[Standing]) -> list[tuple[str, list[Standing]]]:
    """Cut a long list into titled parts of at most :data:`PAGE`; a slightly longer one stays."""
    size = PAGE if len(standings) > PAGE * 1.2 else max(1, len(standings))
    pages = []
    for _, part in groupby(enumerate(standings), key=lambda pair: pair[0] // size):
        numbered = list(part)
        first, last = numbered[0][0] + 1, numbered[-1][0] + 1
        scores = [s.evaluation.card.total.score for _, s in (numbered[0], numbered[-1])]
        known = [words.format_number(score) for score in scores if score is not None]
        span = f", nilai {' sampai '.join(known)}" if known else ""
        pages.append((f"Unit {first}–{last}{span}", [standing for _, standing in numbered]))
    return pages


def agency_report(
    evaluation: AgencyEvaluation,
    time: dt.datetime,
    version: str,
    reports: frozenset[str] = frozenset(),
) -> AgencyReport:
    """Prepare the recap of an agency.

    Parameters
    ----------
    time, version
        When and with which zi-eval it is made.
    reports
        Ids of the units whose HTML report was made.
    """
    return AgencyReport(evaluation, time, version, reports)
