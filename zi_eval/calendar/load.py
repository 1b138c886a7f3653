"""The deadlines of a period: those of every year, with an agency's ``kalender.yaml`` laid over.

::

    usulan: {tanggal: 2026-06-30, sumber: Surat Menteri PANRB B/12/2026}
    survei-mandiri: tidak               # no deadline of ours
    kalibrasi: {judul: Rapat kalibrasi TPI, tanggal: 2026-05-04, untuk: TPI}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from zi_eval.calendar.deadlines import Deadline
from zi_eval.core.problems import Location, Problem, ProblemList, suggest
from zi_eval.core.text import quote
from zi_eval.national.load import load_holders
from zi_eval.period.reading import CALENDAR_FILE, Period, kept
from zi_eval.period.unit_tables import plan_year
from zi_eval.yaml_files.source import Source, read_yaml

__all__ = ["load_deadlines", "parse_deadlines", "usual_deadlines"]

USUAL: Final = Path(__file__).with_name("deadlines.yaml")
KEYS: Final = ("judul", "tanggal", "untuk", "sumber")
OWN: Final = "kalender instansi"
CHECK: Final = "periksa surat edaran tahun ini"
"""Said of every day that no rule fixes."""


@cache
def _packaged() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(USUAL).value
    return found


def usual_deadlines(year: int, is_feeder: bool = False) -> tuple[Deadline, ...]:
    """Return the deadlines that every agency has in a year, in their order.

    Parameters
    ----------
    is_feeder
        Whether they are of a period whose instrument answers a prerequisite of Zona Integritas, as
        AKIP does: what is due for Zona Integritas itself is not due there.
    """
    found = []
    for key, item in _packaged().items():
        if is_feeder and not item.get("feeder", False):
            continue
        month, day = map(int, item["day"].split("-"))
        source = item.get("source", "")
        found.append(
            Deadline(
                id=key,
                title=item["title"],
                day=date(year + item.get("years", 0), month, day),
                who=item["for"],
                source=source or f"{item['custom']}; {CHECK}",
                is_rule=bool(source),
            )
        )
    return tuple(found)


@kept
def load_deadlines(period: Period) -> tuple[tuple[Deadline, ...], tuple[Problem, ...]]:
    """Return a period's deadlines by day, and every problem of its ``kalender.yaml``.

    A line that is wrong changes nothing: the usual deadline stands.
    """
    year, is_feeder = plan_year(period), bool(period.load_instrument().feeds)
    usual = usual_deadlines(year, is_feeder)
    if not is_feeder:
        usual = (*usual, *_monitorings(period, year))
    if not (period.folder / CALENDAR_FILE).is_file():
        return tuple(sorted(usual, key=lambda item: (item.day, item.id))), ()
    return parse_deadlines(read_yaml(period.folder / CALENDAR_FILE), usual)


def _monitorings(period: Period, year: int) -> tuple[Deadline, ...]:
    """Return when the holders of predicates are to be monitored in a year."""
    files = period.unit_files
    found = []
    holders = load_holders(period)
    for item in holders.items:
        due = item.next_due
        if due is None or due.year != year or item.is_coming(holders.today):
            continue
        name = period.read_head(files[item.unit])[0] if item.unit in files else ""
        source = (
            "tabel pemegang predikat"
            if item.due is not None
            else f"kebiasaan, setahun sesudah monitoring atau penetapan; {CHECK}"
        )
        found.append(
            Deadline(
                id=f"monitoring-{item.unit}-{item.predicate.casefold()}",
                title=f"Monitoring {item.predicate} {name or item.unit}",
                day=due,
                who="instansi",
                source=source,
            )
        )
    return tuple(found)


def parse_deadlines(
    source: Source, usual: tuple[Deadline, ...]
) -> tuple[tuple[Deadline, ...], tuple[Problem, ...]]:
    """Lay what an agency declares over the usual deadlines."""
    found = {item.id: item for item in usual}
    problems = ProblemList[str](
        source.name, lambda key: Location(source.line((key,))), source.problems
    )

    def report(key: str, message: str, hint: str) -> None:
        problems.error("kalender", message, hint, at=key)

    declared = source.value if source.value is not None else {}
    if not isinstance(declared, dict):
        report("", "kalender bukan daftar tenggat.", "Tulis seperti usulan: {tanggal: 2026-06-30}")
        declared = {}
    for key, value in declared.items():
        if value is False or value == "tidak":
            if found.pop(str(key), None) is None:
                near = problems.nearest(str(key), tuple(found))
                hint = f"Mungkin maksudnya '{near}'." if near else ""
                report(key, f"tenggat '{quote(key)}' tidak ada.", hint)
            continue
        item = _changed(str(key), value, found.get(str(key)), report)
        if item is not None:
            found[item.id] = item
    ordered = sorted(found.values(), key=lambda item: (item.day, item.id))
    return tuple(ordered), tuple(problems)


def _changed(key: str, value: Any, old: Deadline | None, report: Any) -> Deadline | None:
    """Return a deadline as an agency declares it; None, said as a problem, where it cannot be."""
    if not isinstance(value, dict):
        report(key, f"'{quote(key)}' bukan tenggat.", "Tulis {tanggal: 2026-06-30}, atau tidak.")
        return None
    unknown = [name for name in value if name not in KEYS]
    if unknown:
        report(key, f"'{quote(unknown[0])}' tidak dikenal.", suggest(str(unknown[0]), KEYS))
        return None
    try:
        day = date.fromisoformat(str(value["tanggal"])) if "tanggal" in value else None
    except ValueError:
        said = quote(value["tanggal"])
        report(key, f"'{said}' bukan tanggal.", "Tulis tahun-bulan-hari, mis. 2026-06-30.")
        return None
    if day is not None and not 2000 <= day.year <= 2100:
        report(key, f"tahun {day.year} tidak mungkin.", "Tulis tahun-bulan-hari, mis. 2026-06-30.")
        return None
    title = str(value.get("judul") or (old.title if old else ""))
    if old is None and not (title and day):
        report(key, f"tenggat sendiri '{quote(key)}' perlu judul dan tanggal.", "")
        return None
    base = old or Deadline(key, title, day or date.max, "instansi", OWN)
    return replace(
        base,
        title=title,
        day=day or base.day,
        who=str(value.get("untuk") or base.who),
        source=str(value.get("sumber") or (OWN if day else base.source)),
        is_rule=base.is_rule and day is None,
    )
