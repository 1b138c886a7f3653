"""A team's working folder: finds its files by meaning and reads what belongs together.

::

    parameters/<period>/instansi.yaml   the agency, naming the rule set it judges by
    parameters/<period>/kalimat.yaml    the questions in the words of a team's own workbook
    parameters/<period>/upaya.yaml      what a better answer takes, as the team estimates it
    parameters/<period>/<unit>.yaml     one file a unit
    parameters/<period>-akip/           the same of another instrument, a period of its own
    outputs/<period>/                   everything a run writes
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Agency, Assessment, Stage
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, Severity, has_errors, nearest
from zi_eval.core.rules import RuleSet
from zi_eval.errors import InstrumentError, ParameterError, WorkspaceError, ZiEvalError
from zi_eval.files import read_regular
from zi_eval.instruments import (
    DEFAULT_INSTRUMENT,
    available_instruments,
    load_instrument,
    load_rules,
)
from zi_eval.period.agency_file import NO_FILE, AgencyReading, parse_agency
from zi_eval.period.journal_file import is_ahead
from zi_eval.period.keys import KeyReader, Section
from zi_eval.period.unit_file import UnitReading, declared_instrument, parse_unit
from zi_eval.yaml_files.source import Source, parse_yaml, read_yaml

__all__ = [
    "AGENCY_FILE",
    "CALENDAR_FILE",
    "OVERLAY_FILE",
    "WORDING_FILE",
    "Period",
    "handed_on",
    "kept",
    "load_agency_evaluation",
    "load_evaluation",
]

AGENCY_FILE = "instansi.yaml"
WORDING_FILE = "kalimat.yaml"
OVERLAY_FILE = "upaya.yaml"
CALENDAR_FILE = "kalender.yaml"
SUFFIXES = (".yaml", ".yml")
P = ParamSpec("P")
T = TypeVar("T")


_handed_on: dict[Path, Period] = {}


def kept(load: Callable[Concatenate[Period, P], T]) -> Callable[Concatenate[Period, P], T]:
    """Have what a room loads of a period loaded once, when first asked for, and kept with it.

    So a topic's tables are found by its own room, and no view of the period reads them again.
    With other arguments, what is loaded is kept for each of them.
    """

    @wraps(load)
    def load_once(period: Period, /, *arguments: P.args, **names: P.kwargs) -> T:
        key = (load, arguments, *names.items())
        if key not in period.memory:
            period.memory[key] = load(period, *arguments, **names)
        found: T = period.memory[key]
        return found

    return load_once


@contextmanager
def handed_on(period: Period) -> Iterator[Period]:
    """Have whoever reads the folder of a period meanwhile, in this process, get this period.

    So the notebooks of a job find what the job has read and evaluated already.
    """
    _handed_on[period.folder] = period
    try:
        yield period
    finally:
        _handed_on.pop(period.folder, None)


@dataclass(frozen=True, slots=True)
class _Declared:
    """What the agency file declares before its rule set is known."""

    source: Source = NO_FILE
    rules_name: str | None = None
    rules_file: Path | None = None
    instrument: str | None = None
    problems: tuple[Problem, ...] = ()


class Period:
    """One period's folder: each file is opened at most once, when first asked for, and kept.

    It shows the folder as it was at that moment; who wants to see later changes reads it anew.

    Parameters
    ----------
    folder
        ``parameters/<period>/``.

    Attributes
    ----------
    memory
        What rooms keep with the period, by the function that loads it and its arguments; see
        :func:`kept`.

    Raises
    ------
    WorkspaceError
        Where the folder is not there.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise WorkspaceError(
                f"Folder {folder} tidak ada. Buat dengan 'zi-eval init', atau periksa --period."
            )
        self.folder = folder
        self.memory: dict[Hashable, Any] = {}
        self._beside: dict[Path, Period] = {}
        self._rules: dict[str, RuleSet] = {}
        self._units: dict[Path, tuple[UnitReading, Instrument, RuleSet]] = {}
        self._heads: dict[Path, tuple[str, str]] = {}
        self._evaluations: dict[tuple[Path, Stage], Evaluation] = {}

    @classmethod
    def read(cls, folder: Period | Path | str) -> Period:
        """Return the period of a folder; one that is read already is returned as it is.

        So is one that is handed on (:func:`handed_on`).
        """
        if isinstance(folder, Period):
            return folder
        path = Path(folder)
        return _handed_on.get(path) or cls(path)

    def beside(self, folder: Path) -> Period:
        """Return another period of the same working folder, as an earlier one; it is kept too."""
        if folder not in self._beside:
            self._beside[folder] = Period(folder)
        return self._beside[folder]

    @cached_property
    def _declared(self) -> _Declared:
        path = self.folder / AGENCY_FILE
        if not path.exists():
            return _Declared()
        source = read_yaml(path)
        reader = KeyReader(source)
        top = source.value if isinstance(source.value, dict) else {}
        name = reader.text(("aturan",), top.get("aturan"), "'aturan'") or None
        overlay = self.folder / name if name and Path(name).suffix in SUFFIXES else None
        known = available_instruments()
        if "instrumen" in top:
            reader.choice(("instrumen",), top["instrumen"], known, "instrumen")
        return _Declared(
            source,
            None if overlay else name,
            overlay,
            declared_instrument(source, known, DEFAULT_INSTRUMENT),
            tuple(reader.problems[len(source.problems) :]),
        )

    @property
    def rules_name(self) -> str | None:
        """The packaged rule set that ``aturan`` names."""
        return self._declared.rules_name

    @property
    def rules_file(self) -> Path | None:
        """The overlay that ``aturan`` names, where it is a file."""
        return self._declared.rules_file

    @property
    def instrument(self) -> str | None:
        """The one instrument of the folder: what ``instansi.yaml`` names, else the usual one.

        None without that file, where each unit is taken by what its own file names.
        """
        return self._declared.instrument

    @property
    def instrument_id(self) -> str:
        """The instrument of what names none itself."""
        return self.instrument or DEFAULT_INSTRUMENT

    @cached_property
    def _agency(self) -> tuple[AgencyReading, tuple[Problem, ...]]:
        declared = self._declared
        if declared.instrument is None:
            return AgencyReading(), ()
        source, wrong = declared.source, declared.problems
        try:
            rules = self.rules()
        except InstrumentError as error:
            line = source.line(("aturan",))
            found = [p if p.file else p.at(source.name, line) for p in _problems(error)]
            usual = parse_agency(source, load_rules(declared.instrument))
            return replace(usual, agency=None), (*usual.problems, *wrong, *found)
        agency = parse_agency(source, rules)
        astray = self.find_missing_members(source, agency.agency)
        return agency, (*agency.problems, *wrong, *astray)

    @property
    def agency(self) -> AgencyReading:
        """What ``instansi.yaml`` holds; None inside where the file is missing or has errors."""
        return self._agency[0]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Problems of the agency file but for its sections, of the rule set and of the wording."""
        return (*self._agency[1], *self._wording[1])

    @property
    def is_sound(self) -> bool:
        """Whether nothing that all units share has errors: else no unit can be judged."""
        return not has_errors(self.problems)

    @cached_property
    def _wording(self) -> tuple[Instrument | None, tuple[Problem, ...]]:
        path = self.wording_file
        if path is None:
            return None, ()
        from zi_eval.instruments.wording import load_wording  # checking a file's shape is heavy

        return load_wording(path, self.instrument_id)

    @property
    def reworded(self) -> Instrument | None:
        """The instrument in a team's words, where the folder has a file of them without errors."""
        return self._wording[0]

    def find_missing_members(self, source: Source, agency: Agency | None) -> tuple[Problem, ...]:
        """Warn of units that a kawasan names and this folder has no file of."""
        files = self.unit_files if agency is not None and agency.kawasan else {}
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

    def sheet_of(self, table: Path) -> str:
        """Return which sheet of a workbook the agency file says to read; "" where it says none."""
        return self.agency.sheets.get(f"{table.parent.name}/{table.name}", "")

    def section(self, key: str) -> Section:
        """Return a part of the agency file, raw, for the topic that parses it."""
        return self.agency.section(key)

    def rules(self, instrument: str | None = None) -> RuleSet:
        """Return the rule set of this period, for the instrument of its folder or another."""
        name = instrument or self.instrument_id
        if name not in self._rules:
            self._rules[name] = load_rules(name, self.rules_name, self.rules_file)
        return self._rules[name]

    def load_instrument(self, name: str = "") -> Instrument:
        """Return an instrument in the words of this period, by default that of its folder."""
        own, name = self.reworded, name or self.instrument_id
        return own if own is not None and own.id == name else load_instrument(name)

    @cached_property
    def wording_file(self) -> Path | None:
        """The team's own wording of the questions, where there is one."""
        path = self.folder / WORDING_FILE
        return path if path.exists() else None

    @cached_property
    def unit_files(self) -> Mapping[str, Path]:
        """The unit files by id (their names without the ending), sorted by id."""
        taken = {
            AGENCY_FILE,
            WORDING_FILE,
            OVERLAY_FILE,
            CALENDAR_FILE,
            self.rules_file.name if self.rules_file else AGENCY_FILE,
        }
        return {
            path.stem: path
            for path in sorted(self.folder.iterdir(), key=lambda p: p.name)
            if path.suffix.lower() in SUFFIXES
            and path.name not in taken
            and not path.name.startswith(".")
            and path.is_file()
        }

    def find(self, unit: str) -> Path:
        """Return the file of a unit, or raise with the nearest name."""
        files = self.unit_files
        if unit in files:
            return files[unit]
        near = nearest(unit, files)
        hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(files) or '-'}."
        raise WorkspaceError(f"Unit '{unit}' tidak ada di {self.folder}. {hint}")

    def find_unit(self, unit: str) -> Path | None:
        """Return the file of a unit without listing the folder, which may hold thousands."""
        paths = (self.folder / f"{unit}{suffix}" for suffix in SUFFIXES)
        return next((path for path in paths if path.is_file()), None)

    def read_unit(self, path: Path) -> tuple[UnitReading, Instrument, RuleSet]:
        """Read one unit file by the instrument it names."""
        if path not in self._units:
            self._units[path] = self._read_unit(path)
        return self._units[path]

    def forget(self, path: Path) -> None:
        """Let go of what was read of one unit's file: whoever asks for it again reads it anew."""
        self._units.pop(path, None)

    def _read_unit(self, path: Path) -> tuple[UnitReading, Instrument, RuleSet]:
        source = read_yaml(path, is_followed=False)
        self._heads[path] = _head(source)
        name = declared_instrument(source, available_instruments(), self.instrument_id)
        instrument = self.load_instrument(name)
        stray = self.find_stray(name, path, source.line(("instrumen",)))
        # With a broken rule set the unit is still read, so that all problems come out together;
        # nothing is scored by the stand-in, because the period's own problems forbid it.
        rules = self.rules(name) if not stray and self.is_sound else load_rules(name)
        reading = parse_unit(source, instrument, rules, path.resolve().parent.name)
        if stray:
            reading = replace(reading, assessment=None, problems=(*reading.problems, *stray))
        elif reading.assessment is not None:
            proposals = tuple(self._propose(source, reading.assessment, rules))
            reading = replace(reading, problems=(*reading.problems, *proposals))
        if is_ahead(path, reading.hash):
            behind = Problem(
                code="belum-mengikuti-jurnal",
                message="jurnal memuat perubahan yang belum masuk ke berkas ini.",
                hint="Tunggu satu detik, buka formulirnya, atau jalankan 'zi-eval check'.",
                severity=Severity.WARNING,
                file=str(path),
            )
            reading = replace(reading, problems=(*reading.problems, behind))
        return reading, instrument, rules

    def read_head(self, path: Path) -> tuple[str, str]:
        """Return name and kind of a unit, as its file states them; both may be empty.

        They stand above the answers, which take nearly all of the time to read.
        """
        if path not in self._heads:
            head, _, _ = read_regular(path).partition(b"\njawaban:")
            self._heads[path] = _head(parse_yaml(head, str(path)))
        return self._heads[path]

    @cached_property
    def feeders(self) -> Mapping[str, Path]:
        """The folders of other instruments whose predicate answers a prerequisite here, by its id.

        The folder of ``akip-2021`` beside ``2026`` is ``2026-akip``.
        """
        folder = self.folder if self.folder.name else self.folder.resolve()
        places = {
            identifier: folder.with_name(f"{folder.name}-{identifier.partition('-')[0]}")
            for identifier in available_instruments()
        }
        return {
            load_instrument(identifier).feeds: place
            for identifier, place in places.items()
            if place.is_dir() and load_instrument(identifier).feeds
        }

    def feeder_files(self, units: Iterable[str]) -> dict[str, tuple[Path, ...]]:
        """Return the files of other instruments on which the warnings of each unit depend."""
        found: dict[str, tuple[Path, ...]] = dict.fromkeys(units, ())
        for folder in self.feeders.values():
            shared = (folder / AGENCY_FILE, self.beside(folder).rules_file)
            beside = tuple(file for file in shared if file is not None and file.is_file())
            for unit in found:
                path = folder / f"{unit}.yaml"
                found[unit] += (path, *beside) if path.is_file() else ()
        return found

    def read_feeders(self, unit: str) -> dict[str, tuple[Evaluation, Path]]:
        """Return what gives a unit's prerequisites a predicate, by their id, each with its file."""
        found: dict[str, tuple[Evaluation, Path]] = {}
        for key, folder in self.feeders.items():
            file = folder / f"{unit}.yaml"
            with suppress(ZiEvalError):  # a check of that file says why
                other = self.beside(folder).evaluate(file, Stage.TPI) if file.is_file() else None
                if other is not None and other.predicate is not None:
                    found[key] = (other, file)
        return found

    def unread_feeders(self, unit: str) -> dict[str, tuple[Path, str]]:
        """Return the files of :meth:`read_feeders` that have errors, each with its first one."""
        found: dict[str, tuple[Path, str]] = {}
        for key, folder in self.feeders.items():
            file = folder / f"{unit}.yaml"
            try:
                if file.is_file():
                    self.beside(folder).evaluate(file, Stage.TPI)
            except ParameterError as error:
                found[key] = file, str(error.problems[0])
            except ZiEvalError as error:
                found[key] = file, str(error)
        return found

    def find_stray(self, name: str, path: Path, line: int | None) -> tuple[Problem, ...]:
        """Return what is wrong where a unit's instrument is not its folder's, else nothing."""
        if self.instrument in (None, name):
            return ()
        return (_stray(name, self.instrument or "", str(path), line),)

    def _propose(self, source: Source, assessment: Assessment, rules: RuleSet) -> Iterator[Problem]:
        """Say where another instrument's predicate is not what the unit states; it stays so."""
        asked = rules.prerequisites_of("unit")
        for key, (other, file) in self.read_feeders(Path(source.name).stem).items():
            stated = assessment.facts.get(key)
            if key not in asked or stated == other.predicate:
                continue
            says = f"dinyatakan {stated}" if stated is not None else "belum dinyatakan"
            final = "" if other.assessment.final else ", belum final"
            yield Problem(
                code="syarat-beda-evaluasi",
                message=f"{asked[key].title} {says}, sedangkan {other.instrument.labels.name} "
                f"({file.parent.name}/{file.name}{final}) memberi {other.predicate}.",
                hint=f"Samakan '{key}' bila setuju, atau periksa evaluasi itu.",
                severity=Severity.WARNING,
                key=key,
                file=source.name,
                line=source.line(("syarat", key)),
            )

    def evaluate(self, path: Path, stage: Stage) -> Evaluation:
        """Read, score and judge one unit; it is kept.

        Raises
        ------
        ParameterError
            With every problem of the unit's or agency's file, where one of them has errors.
        """
        if not self.is_sound:
            raise ParameterError(self.problems)
        reading, instrument, rules = self.read_unit(path)
        if reading.assessment is None:
            raise ParameterError(reading.problems)
        if (path, stage) not in self._evaluations:
            self._evaluations[path, stage] = evaluate(
                instrument,
                rules,
                reading.assessment,
                self.agency.agency,
                stage,
                reading.problems,
                reading.hash,
            )
        return self._evaluations[path, stage]


def _head(source: Source) -> tuple[str, str]:
    """Return name and kind of a unit, whatever else is wrong with its file."""
    top = source.value if isinstance(source.value, dict) else {}
    return str(top.get("nama") or ""), str(top.get("jenis") or "")


def _stray(name: str, wanted: str, file: str, line: int | None) -> Problem:
    """Say that a unit's instrument is not that of its folder."""
    return Problem(
        code="instrumen-campur",
        message=f"berkas ini memakai instrumen {name}, padahal folder ini untuk {wanted}; satu "
        "folder hanya untuk satu instrumen.",
        hint="Pindahkan ke folder periode sendiri, mis. parameters/2026-akip, dengan "
        f"'instrumen: {name}' di instansi.yaml-nya.",
        file=file,
        line=line,
    )


def _problems(error: InstrumentError) -> tuple[Problem, ...]:
    return tuple(problem for problem in error.problems if isinstance(problem, Problem))


def load_evaluation(unit_file: str | Path, stage: str | Stage = Stage.TPI) -> Evaluation:
    """Evaluate the unit of a file, with the agency file beside it where there is one.

    Parameters
    ----------
    unit_file
        Path of ``parameters/<period>/<unit>.yaml``.
    stage
        ``"unit"`` or ``"tpi"``.
    """
    path = Path(unit_file)
    if not path.is_file():
        raise WorkspaceError(f"Berkas {path} tidak ada. Periksa nama unit dan periodenya.")
    return Period.read(path.parent).evaluate(path, Stage(stage))


def load_agency_evaluation(
    folder: Period | str | Path, stage: str | Stage = Stage.TPI, *, keeps_readings: bool = True
) -> AgencyEvaluation:
    """Evaluate every unit of a period; a unit that cannot be read is listed with its reason.

    Parameters
    ----------
    keeps_readings
        Whether what was read of each unit's file stays with the period, too; of tens of thousands
        that is much.
    """
    return _evaluate_units(Period.read(folder), Stage(stage), keeps_readings)


@kept
def _evaluate_units(period: Period, stage: Stage, keeps_readings: bool) -> AgencyEvaluation:
    evaluations: list[Evaluation] = []
    failures = {}
    for unit, path in period.unit_files.items():
        try:
            evaluation = period.evaluate(path, stage)
        except ParameterError as error:
            failures[unit] = str(error)
            continue
        if not keeps_readings:
            period.forget(path)
        name = evaluation.instrument.id
        if evaluations and evaluations[0].instrument.id != name:
            failures[unit] = str(_stray(name, evaluations[0].instrument.id, str(path), None))
        else:
            evaluations.append(evaluation)
    instrument = evaluations[0].instrument if evaluations else period.load_instrument()
    rules = period.rules(instrument.id)
    return AgencyEvaluation(
        agency=period.agency.agency or Agency(f"Instansi tanpa {AGENCY_FILE}", "", rules.id),
        rules=rules,
        instrument=instrument,
        period=period.folder.resolve().name,
        stage=stage,
        evaluations=tuple(evaluations),
        failures=failures,
    )
