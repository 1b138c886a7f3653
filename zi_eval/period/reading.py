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

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, Severity, has_errors, nearest
from zi_eval.core.rules import RuleSet
from zi_eval.core.text import name_order
from zi_eval.errors import InstrumentError, ParameterError, WorkspaceError
from zi_eval.instruments import (
    DEFAULT_INSTRUMENT,
    available_instruments,
    load_instrument,
    load_rules,
)
from zi_eval.period.agency_file import (
    AGENCY_FILE,
    AgencyReading,
    find_missing_members,
    parse_agency,
)
from zi_eval.period.declared import (
    YAML_SUFFIXES,
    Declared,
    declared_head,
    declared_instrument,
    read_declared,
    read_head,
    stray_instrument,
)
from zi_eval.period.feeders import feeder_folders, find_differing
from zi_eval.period.journal_file import is_ahead
from zi_eval.period.keys import Section
from zi_eval.period.unit_file import UnitReading, parse_unit
from zi_eval.yaml_files.source import read_yaml

__all__ = [
    "CALENDAR_FILE",
    "OVERLAY_FILE",
    "WORDING_FILE",
    "Period",
    "handed_on",
    "kept",
]

WORDING_FILE = "kalimat.yaml"
OVERLAY_FILE = "upaya.yaml"
CALENDAR_FILE = "kalender.yaml"
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
    def _declared(self) -> Declared:
        return read_declared(self.folder)

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
        return agency, (*agency.problems, *wrong)

    @property
    def agency(self) -> AgencyReading:
        """What ``instansi.yaml`` holds; None inside where the file is missing or has errors."""
        return self._agency[0]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Problems of the agency file but for its sections, of the rule set and of the wording."""
        agency, found = self._agency
        astray = find_missing_members(agency.source, agency.agency, self.unit_files)
        return (*found, *astray, *self._wording[1])

    @property
    def is_sound(self) -> bool:
        """Whether nothing that all units share has errors: else no unit can be judged.

        Each unit asks; none lists the folder for it, which may hold thousands.
        """
        return not has_errors((*self._agency[1], *self._wording[1]))

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
        """The unit files by id (their names without the ending), in the order of their names."""
        taken = {
            AGENCY_FILE,
            WORDING_FILE,
            OVERLAY_FILE,
            CALENDAR_FILE,
            self.rules_file.name if self.rules_file else AGENCY_FILE,
        }
        return {
            path.stem: path
            for path in sorted(self.folder.iterdir(), key=lambda p: name_order(p.stem))
            if path.suffix.lower() in YAML_SUFFIXES
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
        known = f"Yang ada: {', '.join(files)}." if files else "Mulai dengan 'zi-eval import'."
        hint = f"Mungkin maksudnya '{near}'." if near else known
        raise WorkspaceError(f"Unit '{unit}' tidak ada di {self.folder}. {hint}")

    def find_unit(self, unit: str) -> Path | None:
        """Return the file of a unit without listing the folder, which may hold thousands."""
        paths = (self.folder / f"{unit}{suffix}" for suffix in YAML_SUFFIXES)
        return next((path for path in paths if path.is_file()), None)

    def read_unit(self, path: Path) -> tuple[UnitReading, Instrument, RuleSet]:
        """Read one unit file by the instrument it names."""
        if path not in self._units:
            self._units[path] = self._read_unit(path)
        return self._units[path]

    def forget(self, path: Path) -> None:
        """Let go of what is known of one unit's file: whoever asks for it again reads it anew."""
        self._units.pop(path, None)
        for stage in Stage:
            self._evaluations.pop((path, stage), None)

    def _read_unit(self, path: Path) -> tuple[UnitReading, Instrument, RuleSet]:
        source = read_yaml(path, is_followed=False)
        self._heads[path] = declared_head(source)
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
            differing = find_differing(self, source, reading.assessment, rules)
            reading = replace(reading, problems=(*reading.problems, *differing))
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
            self._heads[path] = read_head(path)
        return self._heads[path]

    @cached_property
    def feeders(self) -> Mapping[str, Path]:
        """The folders of other instruments that answer prerequisites here (:mod:`.feeders`)."""
        return feeder_folders(self.folder)

    def find_stray(self, name: str, path: Path, line: int | None) -> tuple[Problem, ...]:
        """Return what is wrong where a unit's instrument is not its folder's, else nothing."""
        if self.instrument in (None, name):
            return ()
        return (stray_instrument(name, self.instrument or "", str(path), line),)

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


def _problems(error: InstrumentError) -> tuple[Problem, ...]:
    return tuple(problem for problem in error.problems if isinstance(problem, Problem))
