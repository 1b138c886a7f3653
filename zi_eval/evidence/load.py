"""The evidence of a period's units, looked at.

Files of a unit stand in ``parameters/<period>/bukti/<unit>/`` and are named by their path below it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem, Severity, sort_problems
from zi_eval.core.proven import has_evidence, score_proven
from zi_eval.evidence.files import SeenFile, look_at
from zi_eval.evidence.pieces import Kind, Piece, link_fault, sort_pieces
from zi_eval.period.agency_file import declared_year
from zi_eval.period.reading import Period

__all__ = ["FOLDER", "UnitEvidence", "check_evidence"]

FOLDER: Final = "bukti"
MANY: Final = 5
"""Questions from which one link or file under all of them is named."""
YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """What the evidence of one unit looks like.

    Attributes
    ----------
    kinds
        How many pieces there are of each kind.
    bare
        Answered questions without evidence.
    score, proven
        The total, and that of the answers with evidence alone, in points.
    problems
        What does not stand up to a look, as warnings: each with its question.
    """

    unit: str
    kinds: Mapping[Kind, int]
    bare: int
    score: float | None
    proven: float
    problems: tuple[Problem, ...]


def check_evidence(
    folder: Period | str | Path, units: Iterable[str] = (), *, is_online: bool = False
) -> tuple[UnitEvidence, ...]:
    """Look at the evidence of units; links are asked for only where ``is_online``.

    Parameters
    ----------
    units
        Their ids; all of the period where none is named. Files are compared among these.

    Raises
    ------
    ParameterError
        With every problem of a unit's or the agency's file, where one of them has errors.
    WorkspaceError
        Where a unit is not there.
    """
    period = Period.read(folder)
    names = list(dict.fromkeys(units)) or list(period.unit_files)
    evaluations = {unit: period.evaluate(period.find(unit), Stage.TPI) for unit in names}
    pieces = {
        unit: tuple(sort_pieces(item.assessment.answers)) for unit, item in evaluations.items()
    }
    seen = {
        (unit, piece.target): look_at(period.folder / FOLDER / unit, piece.target)
        for unit, own in pieces.items()
        for piece in own
        if piece.kind is Kind.FILE
    }
    owners: dict[str, set[str]] = defaultdict(set)
    for (unit, _), file in seen.items():
        if file.sha256 and not file.fault:
            owners[file.sha256].add(unit)
    reached: Mapping[str, str] = {}
    if is_online:
        from zi_eval.evidence.online import Reach, reach_links

        links = {p.target for own in pieces.values() for p in own if p.kind is Kind.LINK}
        asked = reach_links(sorted(link for link in links if not link_fault(link)))
        reached = {k: reach.value for k, reach in asked.items() if reach is not Reach.OPEN}
    year = _year(period)
    return tuple(
        _unit_evidence(
            unit,
            period.find(unit),
            item,
            pieces[unit],
            tuple(_faults(unit, pieces[unit], seen, owners, reached, year)),
        )
        for unit, item in evaluations.items()
    )


def _year(period: Period) -> int | None:
    """Return the year of a period, None where nothing states it: dates are then not judged."""
    found = YEAR.search(period.folder.resolve().name)
    return declared_year(period.agency.source) or (int(found[0]) if found else None)


def _unit_evidence(
    unit: str, file: Path, item: Evaluation, pieces: Iterable[Piece], faults: tuple[Problem, ...]
) -> UnitEvidence:
    answers = item.assessment.answers
    bare = sum(
        value.value is not None and not (key in answers and has_evidence(answers[key]))
        for key, value in item.card.values.items()
    )
    return UnitEvidence(
        unit=unit,
        kinds=Counter(piece.kind for piece in pieces),
        bare=bare,
        score=item.card.total.score,
        proven=score_proven(item),
        problems=sort_problems([problem.at(str(file)) for problem in faults]),
    )


def _faults(
    unit: str,
    pieces: Iterable[Piece],
    seen: Mapping[tuple[str, str], SeenFile],
    owners: Mapping[str, set[str]],
    reached: Mapping[str, str],
    year: int | None,
) -> Iterator[Problem]:
    questions: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for piece in pieces:
        questions[piece.kind, piece.target].append(piece.question)
    contents: dict[str, set[str]] = defaultdict(set)
    for (kind, target), places in questions.items():
        shown = target if len(target) <= 80 else f"{target[:79]}…"
        first = places[0]
        if kind is Kind.TEXT:
            continue
        if kind is Kind.LINK:
            fault = link_fault(target)
            if fault:
                yield _warn("tautan-salah", f"tautan {shown}: {fault}.", first)
            elif target in reached:
                said = f"tautan {shown}: {reached[target]} bila dibuka tanpa masuk."
                yield _warn("tautan-tidak-terbuka", said, first)
            if len(places) > MANY:
                said = f"tautan {shown} dipakai pada {len(places)} pertanyaan: {_named(places)}."
                yield _warn("tautan-berulang", said, first)
            continue
        file = seen[unit, target]
        if file.fault:
            yield _warn("berkas-bermasalah", f"berkas {shown}: {file.fault}.", first)
        if year is not None and file.day is not None and file.day.year > year:
            said = f"berkas {shown} bertanggal {file.day.isoformat()}, sesudah periode {year}."
            yield _warn("berkas-sesudah-periode", said, first)
        if file.sha256 and not file.fault:
            contents[file.sha256].update(places)
            others = sorted(owners[file.sha256] - {unit})
            if others:
                said = f"berkas {shown} sama isinya dengan berkas {', '.join(others[:5])}."
                yield _warn("berkas-unit-lain", said, first)
    for places_of in contents.values():
        if len(places_of) > MANY:
            named = sorted(places_of)
            said = f"berkas yang sama dipakai pada {len(named)} pertanyaan: {_named(named)}."
            yield _warn("berkas-berulang", said, named[0])


def _named(places: list[str]) -> str:
    more = f", dan {len(places) - 8} lagi" if len(places) > 8 else ""
    return ", ".join(places[:8]) + more


def _warn(code: str, message: str, key: str) -> Problem:
    return Problem(code=code, message=message, severity=Severity.WARNING, key=key)
