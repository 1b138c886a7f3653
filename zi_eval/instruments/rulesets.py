"""Loading rule sets: thresholds and prerequisites, and overlays on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from zi_eval.core.assessment import Fact
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Location, Problem, ProblemList, has_errors, sort_problems, suggest
from zi_eval.core.rules import (
    Band,
    Prerequisite,
    Rule,
    RuleSet,
    Threshold,
    Track,
    band_rule,
    check_rules,
)
from zi_eval.errors import InstrumentError
from zi_eval.instruments.folders import DEFAULT_INSTRUMENT, instrument_folder
from zi_eval.instruments.loader import LoadedInstrument, load_all
from zi_eval.instruments.schema import (
    OverlayFile,
    PrerequisitePart,
    RulePart,
    RulesFile,
    TrackShape,
)
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import KeyPath, Source, read_yaml

__all__ = ["available_rules", "load_rules", "newest_rules"]

_ANY: Final = "*"
_FULL_RULE: Final = ("title", "nodes", "need", "source")
_FULL_PREREQUISITE: Final = ("who", "title", "kind", "need", "source")


class _Draft:
    """A rule set being read from one file and laid over its base, with the problems found."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: ProblemList[KeyPath] = ProblemList(
            source.name, lambda path: Location(source.line(path))
        )
        self.places: dict[str, KeyPath] = {}

    def place(self, group: str, index: int, identifier: str, seen: set[str]) -> KeyPath:
        """Remember where an entry stands; report a second one of the same id."""
        path: KeyPath = (group, index)
        if identifier in seen:
            message = f"id '{identifier}' ditulis dua kali di '{group}'; tiap id hanya satu kali."
            self.problems.error("id-ganda", message, at=(*path, "id"), key=identifier)
        seen.add(identifier)
        self.places[identifier] = path
        return path

    def is_whole(self, path: KeyPath, part: Any, needed: tuple[str, ...]) -> bool:
        """Report the keys that an entry without one in the base lacks."""
        missing = [name for name in needed if getattr(part, name) is None]
        for name in missing:
            message = (
                f"kunci '{name}' belum ada; id ini baru, jadi yang wajib: id, {', '.join(needed)}."
            )
            self.problems.error("kunci-kurang", message, at=path, key=part.id)
        return not missing

    def rules(self, parts: Iterable[RulePart], base: Iterable[Rule]) -> tuple[Rule, ...]:
        """Lay the file's rules over those of the base, by id."""
        result = {rule.id: rule for rule in base}
        seen: set[str] = set()
        for index, part in enumerate(parts):
            path = self.place("rules", index, part.id, seen)
            old = result.get(part.id)
            if old is None and not self.is_whole(path, part, _FULL_RULE):
                continue
            need = dict(old.need) if old else {}
            for predicate, shape in (part.need or {}).items():
                if shape is None:
                    need.pop(predicate, None)
                elif (shape.points is None) == (shape.percent is None):
                    self.problems.error(
                        "ambang-ganda",
                        f"ambang {predicate} harus berisi tepat satu dari: points, percent.",
                        at=(*path, "need", predicate),
                        key=part.id,
                    )
                else:
                    need[predicate] = Threshold(shape.points, shape.percent)
            result[part.id] = Rule(
                id=part.id,
                title=part.title or (old.title if old else ""),
                nodes=tuple(part.nodes or (old.nodes if old else ())),
                need=need,
                source=part.source or (old.source if old else ""),
            )
        return tuple(result.values())

    def prerequisites(
        self, parts: Iterable[PrerequisitePart], base: Iterable[Prerequisite]
    ) -> tuple[Prerequisite, ...]:
        """Lay the file's prerequisites over those of the base, by id."""
        result = {item.id: item for item in base}
        seen: set[str] = set()
        for index, part in enumerate(parts):
            path = self.place("prerequisites", index, part.id, seen)
            old = result.get(part.id)
            if old is None and not self.is_whole(path, part, _FULL_PREREQUISITE):
                continue
            changes: dict[str, Any] = part.model_dump(exclude_none=True, exclude={"need", "bands"})
            if part.bands is not None:
                changes["bands"] = _bands(part.bands)
            if part.grades is not None:
                changes["grades"] = tuple(part.grades)
            need = dict(old.need) if old else {}
            for predicate, raw in (part.need or {}).items():
                if raw is None:
                    need.pop(predicate, None)
                else:
                    need[predicate] = self.facts((*path, "need", predicate), raw, part.id)
            changes["need"] = need
            result[part.id] = replace(old, **changes) if old else Prerequisite(**changes)
            item = result[part.id]
            if item.kind == "grade" and not item.grades:
                message = "syarat jenis 'grade' membutuhkan 'grades', dari yang terburuk."
                self.problems.error("kunci-kurang", message, at=path, key=part.id)
        return tuple(result.values())

    def tracks(self, shapes: Iterable[TrackShape]) -> tuple[Track, ...]:
        """Return the file's tracks; those of the base give way to them whole."""
        seen: set[str] = set()
        found = []
        for index, shape in enumerate(shapes):
            self.place("tracks", index, shape.id, seen)
            found.append(_track(shape))
        return tuple(found)

    def facts(self, path: KeyPath, raw: Any, key: str) -> Mapping[str, Fact]:
        """Return what is needed by agency kind; a bare value holds for all kinds."""
        by_kind = raw if isinstance(raw, dict) else {_ANY: raw}
        facts: dict[str, Fact] = {}
        for kind, value in by_kind.items():
            if isinstance(value, (bool, int, float, str)):
                facts[kind] = value
                continue
            self.problems.error(
                "bentuk-salah",
                "isinya harus peringkat, angka, atau true; boleh juga dibagi menurut jenis "
                "instansi, dengan '*' untuk yang lain.",
                at=(*path, kind),
                key=key,
            )
        return facts


def _track(shape: TrackShape) -> Track:
    return Track(
        id=shape.id,
        title=shape.title,
        source=shape.source,
        waives=tuple(shape.waives),
        predicates=tuple(shape.predicates),
        agency_kinds=tuple(shape.agency_kinds),
        needs_reason=shape.needs_reason,
        proposes=tuple(shape.proposes),
        category=dict(shape.category),
    )


def _bands(tops: Mapping[str, float]) -> tuple[Band, ...]:
    """Return the bands between the highest totals of each predicate."""
    lows = (None, *tops.values())
    return tuple(Band(name, low, top) for (name, top), low in zip(tops.items(), lows, strict=False))


@dataclass(frozen=True)
class _File:
    """A rule set's file and whether it must name a base."""

    path: Path
    is_overlay: bool


def _rule_files(folder: Path) -> dict[str, _File]:
    """Return the rule sets in an instrument's folder by id; that of the base stands in its file."""
    files = {path.stem: _File(path, True) for path in sorted((folder / "rules").glob("*.yaml"))}
    main = folder / "thresholds.yaml"
    value = read_yaml(main).value
    identifier = value.get("id") if isinstance(value, dict) else None
    return {str(identifier or "thresholds"): _File(main, False), **files}


def _read_base(
    file: RulesFile | OverlayFile,
    draft: _Draft,
    files: Mapping[str, _File],
    behind: tuple[str, ...],
) -> RuleSet | None:
    """Return the rule set a file is laid over; an empty one below a rule set that stands alone."""
    if isinstance(file, RulesFile):
        return RuleSet("", "", "", "", (), (), (), ())
    if file.base in behind:
        chain = " -> ".join((*behind, file.base))
        draft.problems.error("basis-melingkar", f"'base' berputar: {chain}.", at=("base",))
        return None
    if file.base not in files:
        names = ", ".join(files)
        message = f"aturan dasar '{file.base}' tidak dikenal; yang ada: {names}."
        hint = suggest(file.base, list(files))
        draft.problems.error("aturan-tidak-dikenal", message, hint, at=("base",))
        return None
    base, problems = _read(files[file.base], files, behind)
    draft.problems += problems
    return base


def _read(
    entry: _File, files: Mapping[str, _File], behind: tuple[str, ...] = ()
) -> tuple[RuleSet | None, list[Problem]]:
    rules, draft = _read_draft(entry, files, behind)
    return rules, draft.problems


def _read_draft(
    entry: _File, files: Mapping[str, _File], behind: tuple[str, ...]
) -> tuple[RuleSet | None, _Draft]:
    source = read_yaml(entry.path)
    draft = _Draft(source)
    file: RulesFile | OverlayFile | None
    if entry.is_overlay:
        file, found = validate(OverlayFile, source)
    else:
        file, found = validate(RulesFile, source)
    draft.problems += found
    if file is None:
        return None, draft
    base = _read_base(file, draft, files, (*behind, file.id))
    if base is None:
        return None, draft
    is_overlay = isinstance(file, OverlayFile)
    digest = hashlib.sha256(f"{base.hash}\n{source.sha256}".encode()).hexdigest()
    rules = RuleSet(
        id=file.id,
        title=file.title,
        date=file.date,
        source=file.source,
        predicates=tuple(file.predicates or base.predicates),
        agency_kinds=tuple(file.agency_kinds or base.agency_kinds),
        rules=draft.rules(file.rules, base.rules),
        prerequisites=draft.prerequisites(file.prerequisites, base.prerequisites),
        base=base.id if is_overlay else "",
        hash=digest if is_overlay else source.sha256,
        bands=base.bands if file.bands is None else _bands(file.bands),
        tracks=base.tracks if file.tracks is None else draft.tracks(file.tracks),
    )
    return rules, draft


def _load(instrument: Instrument, entry: _File, files: Mapping[str, _File], name: str) -> RuleSet:
    rules, draft = _read_draft(entry, files, ())
    problems = draft.problems
    if rules is not None:
        if name and rules.id != name:
            message = f"'id' berisi '{rules.id}', padahal berkas ini bernama '{name}'."
            draft.problems.error("id-tidak-cocok", message, at=("id",))
        if rules.bands:
            rules = replace(rules, rules=(band_rule(instrument, rules), *rules.rules))
        for problem in check_rules(instrument, rules):
            path = draft.places.get(problem.key, ())
            field = "nodes" if problem.code == "simpul-tidak-ada" else "need"
            field = "bands" if problem.code.startswith("rentang-") else field
            hint = problem.hint
            if problem.code == "simpul-tidak-ada":
                weighted = [q.id for q in instrument.questions.values() if q.weight is not None]
                hint = f"Yang boleh: {', '.join((*instrument.nodes, *weighted))}."
            line = draft.source.line((*path, field))
            problems.append(replace(problem.at(draft.source.name, line), hint=hint))
    if rules is None or has_errors(problems):
        raise InstrumentError(sort_problems(problems))
    return rules


def available_rules(
    instrument_id: str = DEFAULT_INSTRUMENT, folder: Path | None = None
) -> tuple[str, ...]:
    """Return the ids of an instrument's rule sets, the one that stands alone first."""
    return tuple(_rule_files(folder)) if folder else _packaged_names(instrument_id)


@lru_cache(maxsize=8)
def _packaged_names(instrument_id: str) -> tuple[str, ...]:
    return tuple(_rule_files(instrument_folder(instrument_id)))


def newest_rules(instrument_id: str = DEFAULT_INSTRUMENT) -> str:
    """Return the id of the rule set with the latest date: what a new folder starts with."""
    names = available_rules(instrument_id)
    return max(names, key=lambda name: load_rules(instrument_id, name).date)


@lru_cache(maxsize=8)
def _load_packaged(instrument_id: str, name: str | None) -> RuleSet:
    folder = instrument_folder(instrument_id)
    return _load_named(load_all(instrument_id, None), folder, name)


def _load_named(loaded: LoadedInstrument, folder: Path, name: str | None) -> RuleSet:
    files = _rule_files(folder)
    wanted = name or loaded.rules
    if wanted not in files:
        raise InstrumentError(
            [
                Problem(
                    code="aturan-tidak-dikenal",
                    message=f"aturan '{wanted}' tidak dikenal; yang ada: {', '.join(files)}.",
                    hint=suggest(wanted, list(files)),
                )
            ]
        )
    return _load(loaded.instrument, files[wanted], files, wanted)


def load_rules(
    instrument_id: str = DEFAULT_INSTRUMENT,
    name: str | None = None,
    overlay: Path | None = None,
    folder: Path | None = None,
) -> RuleSet:
    """Load a rule set, as :func:`zi_eval.instruments.packaged.load_rules` says."""
    if overlay is None and folder is None:
        return _load_packaged(instrument_id, name)
    loaded = load_all(instrument_id, folder)
    home = folder or instrument_folder(instrument_id)
    if overlay is None:
        return _load_named(loaded, home, name)
    return _load(loaded.instrument, _File(overlay, True), _rule_files(home), "")
