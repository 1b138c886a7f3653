"""What a unit's other evaluations and tables say against its own file, and what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from zi_eval.case.tables import UnitTables
from zi_eval.core.assessment import Assessment
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, Severity
from zi_eval.doubts.decided import Decided
from zi_eval.doubts.differing import StatedElsewhere
from zi_eval.doubts.unseen import Unread
from zi_eval.national.holders import (
    LEAST_YEARS,
    REFUSING,
    Holders,
    aim_of,
    find_conflicts,
)
from zi_eval.national.values import NationalStages, Outcome
from zi_eval.period.feeders import unread_feeders
from zi_eval.recommendations.values import FACT, FollowedUp, Register

__all__ = ["find_decided", "find_elsewhere", "find_held", "find_unread"]

UNREAD = "pemegang-tidak-terbaca"
"""The code of a table of holders that is there and cannot be read."""
LOOKED_AT = {"surveys": "survei", "performance": "kinerja", "register": "tindak-lanjut"}
"""The tables that speak to answers or prerequisites, and their folders."""


def find_unread(tables: UnitTables, instrument: Instrument) -> tuple[Unread, ...]:
    """Return the tables and other evaluations of a unit that are there and cannot be read."""
    found: dict[str, Unread] = {}
    for part, topic in LOOKED_AT.items():
        for problem in tables.problems_of(part):
            if problem.severity is Severity.ERROR:
                path = Path(problem.file or topic)
                name = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
                questions, facts = _asked(topic, path, instrument)
                found.setdefault(name, Unread(name, problem.message, questions, facts))
    for key, (file, why) in unread_feeders(tables.period, tables.unit).items():
        name = f"{file.parent.name}/{file.name}"
        found.setdefault(name, Unread(name, why, facts=(key,)))
    return tuple(found.values())


def _asked(
    topic: str, path: Path, instrument: Instrument
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the questions and the prerequisites that a table speaks to."""
    if topic == "tindak-lanjut":
        return (), (FACT,)
    if topic == "kinerja":
        from zi_eval.performance.proposals import TOPIC

        links = instrument.links.get(TOPIC, {})
        decided = (links.get(name, "") for name in ("achievement", "goals"))
        return tuple(key for key in decided if key in instrument.questions), ()
    indices = [key for key, item in instrument.questions.items() if item.scale.kind == "index"]
    from zi_eval.survey.definitions import available_surveys, load_survey

    kind = path.stem.rpartition(".")[2]
    if kind in available_surveys():
        indices = [key for key in indices if key == load_survey(kind).lke_question]
    return tuple(indices), ()


def find_decided(stages: NationalStages, unit: str) -> Decided | None:
    """Return what the TPN decided of a unit; None without any, and while it decides."""
    errors = [item for item in stages.problems if item.severity is Severity.ERROR]
    if errors:
        return Decided(stages.file, errors[0].message, None, is_unread=True)
    item = stages.units.get(unit)
    if item is None:
        return None
    if item.outcome is Outcome.PENDING:
        # A refusal of a day that has not come may be one with a wrong day: it makes nothing surer.
        refused = next((d for d in item.decisions if d.early is Outcome.FAILED), None)
        if refused is None:
            return None
        says = f"{refused.early} {refused.stage} ({refused.day:%d/%m/%Y}, belum tiba)"
        return Decided(stages.file, says, False, refused.row, refused.condition)
    has_passed = item.outcome is Outcome.PASSED
    return Decided(stages.file, item.text, has_passed, item.last.row, item.last.condition)


def find_held(
    holders: Holders, assessment: Assessment, day: date
) -> tuple[tuple[Problem, ...], frozenset[str]]:
    """Return what the holders of predicates say against a unit's target, and by which codes.

    A table that cannot be read counts as the worst that it could say.
    """
    errors = [item for item in holders.problems if item.severity is Severity.ERROR]
    if errors:
        message = f"tabel pemegang predikat tidak dapat dibaca: {errors[0].message}"
        hint = "Perbaiki tabelnya; 'zi-eval tpn check' menyebut selnya."
        problem = Problem(code=UNREAD, message=message, hint=hint, file=holders.file)
        return (problem,), frozenset({UNREAD}) if assessment.target in LEAST_YEARS else frozenset()
    found = find_conflicts(holders, [aim_of(assessment)], day)
    return tuple(problem for _, problem in found), REFUSING


def find_elsewhere(
    feeders: Mapping[str, tuple[Evaluation, Path]],
    register: Register | None,
    facts: Mapping[str, object],
) -> tuple[StatedElsewhere, ...]:
    """Return what other evaluations of a unit, and its register, give for its prerequisites.

    Parameters
    ----------
    feeders
        The other evaluations (:func:`~zi_eval.period.feeders.read_feeders`).
    facts
        What the unit's file states.
    """
    of_others = (
        StatedElsewhere(
            fact=key,
            value=other.predicate or "",
            source=f"{file.parent.name}/{file.name}",
            name=other.instrument.labels.name,
            is_final=other.assessment.final is not None,
        )
        for key, (other, file) in feeders.items()
    )
    followed = register.followed_up if register is not None else None
    if register is None or followed is None or not _contradicts(followed, facts.get(FACT)):
        return tuple(of_others)
    return (*of_others, _of_register(register, followed))


def _contradicts(followed: FollowedUp, stated: object) -> bool:
    """Whether the register and the unit's file differ on whether all findings are settled.

    How far below they are is no contradiction: a register need not have every finding.
    """
    return isinstance(stated, float) and (stated >= 100) != (followed.percent >= 100)


def _of_register(register: Register, followed: FollowedUp) -> StatedElsewhere:
    return StatedElsewhere(
        fact=FACT,
        value=followed.percent,
        source=register.file or f"tindak-lanjut/ ({register.items[0].period})",
        name=f"register tindak lanjut ({followed.settled} dari {followed.count} temuan)",
        rule="Persentase tindak lanjut mengikuti temuan APIP dan BPK satu per satu",
        remedy="Mutakhirkan register dengan bukti dan pemeriksanya, atau betulkan syarat.",
    )
