"""The agency's YAML: ``parameters/<period>/instansi.yaml``."""

from __future__ import annotations

from dataclasses import dataclass

from zi_eval.adapters.parameter_keys import KeyReader
from zi_eval.core.assessment import Agency
from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.rules import RuleSet
from zi_eval.yaml_source import Source

__all__ = ["AGENCY_KEYS", "AgencyReading", "parse_agency"]

AGENCY_KEYS = ("nama", "jenis", "instrumen", "aturan", "syarat", "keterangan")


@dataclass(frozen=True, slots=True)
class AgencyReading:
    """The agency, None where its file has errors, and all problems of the file."""

    agency: Agency | None
    problems: tuple[Problem, ...]


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
    )
    problems = tuple(reader.problems)
    return AgencyReading(None if has_errors(problems) else agency, problems)
