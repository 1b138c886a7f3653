"""The agency's YAML: ``parameters/<period>/instansi.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zi_eval.core.assessment import Agency, Kawasan
from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.rules import RuleSet
from zi_eval.performance.projection import LightRules, PerformanceRules
from zi_eval.performance.score import AchievementRules
from zi_eval.period.keys import KeyReader
from zi_eval.period.letter_keys import parse_letter
from zi_eval.yaml_files.source import Source

__all__ = ["AGENCY_KEYS", "AgencyReading", "declared_year", "parse_agency"]

AGENCY_KEYS = (
    "nama", "jenis", "tahun", "instrumen", "aturan", "syarat", "keterangan", "kawasan", "kinerja",
    "lhe",
)  # fmt: skip
PERFORMANCE_KEYS = ("batas_capaian", "merah_di_bawah", "hijau_mulai")
YEARS = range(2000, 2100)


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


def declared_year(source: Source) -> int | None:
    """Return the year that an agency file states its period is about, None where it states none."""
    top = source.value if isinstance(source.value, dict) else {}
    text = str(top.get("tahun", "")).strip()
    return int(text) if text.isdecimal() and int(text) in YEARS else None


def _parse_performance(reader: KeyReader, value: Any) -> PerformanceRules:
    """Return the limits and lights of performance; what is not stated stays as usual."""
    usual = PerformanceRules()
    top = reader.mapping(("kinerja",), value, PERFORMANCE_KEYS, "'kinerja'")

    def percent(key: str, usual: float, low: float, high: float) -> float:
        raw = top.get(key)
        if raw is None:
            return usual
        path = ("kinerja", key)
        try:
            number = float(reader.text(path, raw, f"'{key}'").replace(",", ".").rstrip("% "))
        except ValueError:
            number = low - 1
        if low <= number <= high:
            return number
        message = f"'{key}' harus angka {low:g} sampai {high:g}, dalam persen."
        reader.report(path, "batas-kinerja", message)
        return usual

    cap = percent("batas_capaian", usual.achievement.cap or 0.0, 100, 1000)
    red = percent("merah_di_bawah", usual.lights.red_below, 1, 100)
    green = percent("hijau_mulai", usual.lights.green_from, 1, 100)
    if red > green:
        message = f"'merah_di_bawah' ({red:g}) tidak boleh di atas 'hijau_mulai' ({green:g})."
        reader.report(("kinerja",), "batas-kinerja", message)
    return PerformanceRules(AchievementRules(cap=cap), LightRules(red, green))


def parse_agency(source: Source, rules: RuleSet) -> AgencyReading:
    """Turn a parsed agency file into an agency; ``rules`` is the rule set it names."""
    reader = KeyReader(source)
    top = reader.mapping((), source.value, AGENCY_KEYS, "berkas instansi")
    if top.get("tahun") is not None and declared_year(source) is None:
        said = "'tahun' harus berupa tahun empat angka, mis. 2026."
        reader.report(("tahun",), "tahun-tidak-sah", said)
    agency = Agency(
        name=reader.text(("nama",), top.get("nama"), "'nama'", required=True),
        kind=reader.choice(("jenis",), top.get("jenis"), rules.agency_kinds, "jenis"),
        rules=rules.id,
        facts=reader.facts(("syarat",), top.get("syarat"), rules.prerequisites_of("instansi")),
        remark=reader.text(("keterangan",), top.get("keterangan"), "'keterangan'"),
        kawasan=_parse_kawasan(reader, top.get("kawasan"), rules),
        performance=_parse_performance(reader, top.get("kinerja")),
        letter=parse_letter(reader, top.get("lhe")),
    )
    problems = tuple(reader.problems)
    return AgencyReading(None if has_errors(problems) else agency, problems)
