"""The agency's YAML: ``parameters/<period>/instansi.yaml``.

The parts ``kinerja``, ``lhe`` and ``usulan`` are known here by name only: their topics parse them
from a :class:`~zi_eval.period.keys.Section`, so that no topic's rules stand below the topics.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from zi_eval.core.assessment import Agency, Kawasan
from zi_eval.core.problems import Problem, Severity, has_errors, nearest
from zi_eval.core.rules import AFFIRMATIVE, RuleSet
from zi_eval.period.keys import KeyReader, Section
from zi_eval.yaml_files.source import Source

__all__ = [
    "AGENCY_FILE", "AGENCY_KEYS", "NO_FILE", "AgencyReading", "declared_year",
    "find_missing_members", "parse_agency",
]  # fmt: skip

AGENCY_FILE = "instansi.yaml"

AGENCY_KEYS = (
    "nama", "jenis", "tahun", "instrumen", "aturan", "syarat", "keterangan", "kawasan", "kinerja",
    "lhe", "tpi", "jalur", "afirmasi", "lembar", "usulan",
)  # fmt: skip
YEARS = range(2000, 2100)
NO_FILE = Source("")


@dataclass(frozen=True, slots=True)
class AgencyReading:
    """What an agency file holds.

    Attributes
    ----------
    agency
        None where the file has errors.
    problems
        All of the file but for those of its sections, which their topics find.
    source
        The file as it was read; empty where there is none.
    sheets
        Which sheet of a workbook is read, by its path in the period's folder, as
        ``kinerja/dpmptsp.xlsx``.
    """

    agency: Agency | None = None
    problems: tuple[Problem, ...] = ()
    source: Source = NO_FILE
    sheets: Mapping[str, str] = field(default_factory=dict)

    def section(self, key: str) -> Section:
        """Return a part of the file for the topic that parses it."""
        return Section(self.source, key)


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


def _parse_track(reader: KeyReader, value: Any, rules: RuleSet) -> str:
    """Return the way of proposing of all units; one that a unit states is not for all."""
    known = [track.id for track in rules.tracks if not track.needs_reason]
    return reader.choice(("jalur",), value, known, "jalur") if value is not None else ""


def _parse_reason(reader: KeyReader, top: dict[str, Any], rules: RuleSet) -> str:
    """Return why units may go by *afirmasi*, where the rules know it for this kind of agency."""
    reason = reader.text(("afirmasi",), top.get("afirmasi"), "'afirmasi'")
    track = rules.track(AFFIRMATIVE)
    kind = str(top.get("jenis", "")).casefold()
    if reason and (track is None or not track.is_open_to(kind)):
        why = "aturan ini tidak mengenalnya" if track is None else f"tidak untuk {kind}"
        message = f"'afirmasi' tidak berlaku: {why}."
        hint = "Pakai aturan portal-2025, atau hapus baris ini."
        reader.report(("afirmasi",), "afirmasi-tidak-berlaku", message, hint)
    return reason


TEAM_ROLES = ("anggota", "ketua", "pengendali teknis")
FINAL_WORDS = {"alasan": False, "tolak": True}
"""What becomes of "Tetapkan final" where something is open: it asks for a reason, or refuses."""


def _parse_team(reader: KeyReader, value: Any) -> tuple[dict[str, tuple[str, ...]], bool]:
    """Return the names of the TPI by role, and whether only what is whole becomes final."""
    if value is None:
        return {}, False
    top = reader.mapping(("tpi",), value, ("final", *TEAM_ROLES), "'tpi'")
    team = {}
    for role in TEAM_ROLES:
        raw = top.get(role)
        items = raw if isinstance(raw, list) else [] if raw is None else [raw]
        names = (reader.text(("tpi", role), item, f"'{role}'") for item in items)
        if found := tuple(name for name in names if name):
            team[role] = found
    said = top.get("final", "alasan")
    word = reader.choice(("tpi", "final"), said, tuple(FINAL_WORDS), "final")
    return team, FINAL_WORDS.get(word, False)


def _parse_sheets(reader: KeyReader, value: Any) -> dict[str, str]:
    """Return which sheet of each workbook of performance or of a survey is read."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        message = "'lembar' harus berisi berkas dan nama lembarnya."
        hint = "Mis. lembar: {kinerja/dpmptsp.xlsx: PK 2026}"
        reader.report(("lembar",), "bentuk-salah", message, hint)
        return {}
    return {
        str(path): reader.text(("lembar", path), name, f"lembar '{path}'", required=True)
        for path, name in value.items()
    }


def declared_year(source: Source) -> int | None:
    """Return the year that an agency file states its period is about, None where it states none."""
    top = source.value if isinstance(source.value, dict) else {}
    text = str(top.get("tahun", "")).strip()
    return int(text) if text.isdecimal() and int(text) in YEARS else None


def parse_agency(source: Source, rules: RuleSet) -> AgencyReading:
    """Turn a parsed agency file into an agency; ``rules`` is the rule set it names."""
    reader = KeyReader(source)
    top = reader.mapping((), source.value, AGENCY_KEYS, "berkas instansi")
    if top.get("tahun") is not None and declared_year(source) is None:
        said = "'tahun' harus berupa tahun empat angka, mis. 2026."
        reader.report(("tahun",), "tahun-tidak-sah", said)
    team, is_strict = _parse_team(reader, top.get("tpi"))
    agency = Agency(
        name=reader.text(("nama",), top.get("nama"), "'nama'", required=True),
        kind=reader.choice(("jenis",), top.get("jenis"), rules.agency_kinds, "jenis"),
        rules=rules.id,
        facts=reader.facts(("syarat",), top.get("syarat"), rules.prerequisites_of("instansi")),
        remark=reader.text(("keterangan",), top.get("keterangan"), "'keterangan'"),
        kawasan=_parse_kawasan(reader, top.get("kawasan"), rules),
        team=team,
        track=_parse_track(reader, top.get("jalur"), rules),
        affirmative_reason=_parse_reason(reader, top, rules),
        is_strict=is_strict,
    )
    sheets = _parse_sheets(reader, top.get("lembar"))
    problems = tuple(reader.problems)
    return AgencyReading(None if has_errors(problems) else agency, problems, source, sheets)


def find_missing_members(
    source: Source, agency: Agency | None, files: Collection[str]
) -> tuple[Problem, ...]:
    """Warn of units that a kawasan names and the folder has no file of."""
    return tuple(
        Problem(
            code="unit-kawasan-tidak-ada",
            message=f"kawasan '{site.id}' menyebut unit '{unit}', yang berkasnya tidak ada.",
            hint=f"Mungkin maksudnya '{near}'." if (near := nearest(unit, files)) else "",
            severity=Severity.WARNING,
            file=source.name,
            line=source.line(("kawasan", site.id, "unit")),
        )
        for site in (agency.kawasan if agency is not None else ())
        for unit in site.units
        if unit not in files
    )
