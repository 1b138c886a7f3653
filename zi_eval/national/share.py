"""What a run hands each unit of the TPN's decisions and of the holders of predicates.

The tables hold all units of an agency: a run reads them once, and each unit gets its own rows. What
is handed on changes with these rows, and with the day on which one of them begins to count, but not
from day to day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from zi_eval.core.problems import Problem, Severity
from zi_eval.national.holders import Holder, Holders
from zi_eval.national.values import Decision, NationalStage, NationalStages, Outcome

__all__ = ["dump_national", "national_name", "parse_national"]

DAYS: Final = frozenset({"day", "awarded", "monitored", "due", "revoked"})


def national_name(unit: str) -> str:
    """Return the name of a unit's share; no unit can have it."""
    return f"_tpn-{unit}"


def dump_national(stages: NationalStages, holders: Holders, unit: str) -> Mapping[str, Any]:
    """Return what two tables say of one unit as JSON; of their problems the errors."""
    own, held = stages.units.get(unit), holders.units.get(unit, ())
    counted = (
        day
        for item in held
        for day in (item.awarded, item.revoked)
        if day is not None and day <= holders.today
    )
    return {
        "stages": {
            "period": stages.period,
            "file": stages.file,
            "problems": _errors(stages.problems),
            "items": [_plain(item) for item in own.decisions] if own is not None else [],
        },
        "holders": {
            "file": holders.file,
            "names": list(holders.names),
            "problems": _errors(holders.problems),
            "items": [_plain(item) for item in held],
            # Of today nothing but which of these days have come is told by what is judged.
            "today": max(counted, default=date.min).isoformat(),
        },
    }


def parse_national(content: Mapping[str, Any]) -> tuple[NationalStages, Holders]:
    """Return what :func:`dump_national` wrote."""
    stages, holders = content["stages"], content["holders"]
    return (
        NationalStages(
            tuple(_decision(item) for item in stages["items"]),
            stages["period"],
            stages["file"],
            tuple(Problem(**item) for item in stages["problems"]),
        ),
        Holders(
            tuple(Holder(**_with_days(item)) for item in holders["items"]),
            holders["file"],
            tuple(holders["names"]),
            tuple(Problem(**item) for item in holders["problems"]),
            date.fromisoformat(holders["today"]),
        ),
    )


def _errors(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    found = (item for item in problems if item.severity is Severity.ERROR)
    return [{k: v for k, v in _plain(item).items() if k != "severity"} for item in found]


def _plain(item: Decision | Holder | Problem) -> dict[str, Any]:
    """Return the fields of a value but those that are None, days as texts."""
    values = ((part.name, getattr(item, part.name)) for part in fields(item))
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values
        if value is not None
    }


def _with_days(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: date.fromisoformat(v) if k in DAYS else v for k, v in values.items()}


def _decision(values: Mapping[str, Any]) -> Decision:
    early = values.get("early")
    told = {
        **_with_days(values),
        "stage": NationalStage(values["stage"]),
        "outcome": Outcome(values["outcome"]),
        "early": None if early is None else Outcome(early),
    }
    return Decision(**told)
