"""The agency's YAML: ``parameters/<period>/instansi.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zi_eval.adapters.parameter_keys import KeyReader
from zi_eval.core.assessment import Agency, Kawasan
from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.rules import RuleSet
from zi_eval.yaml_source import Source

__all__ = ["AGENCY_KEYS", "AgencyReading", "parse_agency"]

AGENCY_KEYS = ("nama", "jenis", "instrumen", "aturan", "syarat", "keterangan", "kawasan")


@dataclass(frozen=True, slots=True)
class AgencyReading:
    """The agency, None where its file has errors, and all problems of the file."""

    agency: Agency | None
    problems: tuple[Problem, ...]


KAWASAN_KEYS = ("nama", "unit", "syarat")


def _parse_kawasan(reader: KeyReader, value: Any, rules: RuleSet) -> tuple[Kawasan, ...]:
    """Return the sites of several units; a unit belongs to one at most."""
    if value is None:
        return ()
    if not isinstance(value, dict):
        reader.report(("kawasan",), "bentuk-salah", "'kawasan' harus berisi id tiap kawasan.")
        return ()
    found, homes = [], dict[str, str]()
    for key, part in value.items():
        path = ("kawasan", key)
        top = reader.mapping(path, part, KAWASAN_KEYS, f"kawasan '{key}'")
        raw = top.get("unit")
        units = [str(item).strip() for item in raw] if isinstance(raw, list) else []
        if len(set(units)) < 2 or len(set(units)) < len(units):
            message = f"kawasan '{key}' perlu daftar sedikitnya dua id unit yang berbeda."
            reader.report((*path, "unit"), "unit-kawasan", message)
        for unit in units:
            if homes.setdefault(unit, str(key)) != str(key):
                message = f"unit '{unit}' sudah ada di kawasan '{homes[unit]}'."
                reader.report((*path, "unit"), "unit-dua-kawasan", message)
        facts = reader.facts(
            (*path, "syarat"), top.get("syarat"), rules.prerequisites_of("kawasan")
        )
        name = reader.text((*path, "nama"), top.get("nama"), "'nama'", required=True)
        found.append(Kawasan(str(key), name, tuple(units), facts))
    return tuple(found)


def parse_agency(source: Source, rules: RuleSet) -> AgencyReading:
    """Turn a parsed agency file into an agency; ``rules`` is the rule set it names."""
    reader = KeyReader(source)
    top = reader.mapping((), source.value, AGENCY_KEYS, "berkas instansi")
    agency = Agency(
        name=reader.text(("nama",), top.get("nama"), "'nama'", required=True),
        kind=reader.choice(("jenis",), top.get("jenis"), rules.agency_kinds, "jenis"),
        rules=rules.id,
        facts=reader.facts(("syarat",), top.get("syarat"), rules.prerequisites_of("instansi")),
        remark=reader.text(("keterangan",), top.get("keterangan"), "'keterangan'"),
        kawasan=_parse_kawasan(reader, top.get("kawasan"), rules),
    )
    problems = tuple(reader.problems)
    return AgencyReading(None if has_errors(problems) else agency, problems)
