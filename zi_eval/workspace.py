"""A team's working folder: finds its files by meaning and reads what belongs together.

::

    parameters/<period>/instansi.yaml   the agency, naming the rule set it judges by
    parameters/<period>/<unit>.yaml     one file a unit
    outputs/<period>/                   everything a run writes
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from zi_eval.adapters.agency_file import AgencyReading, parse_agency
from zi_eval.adapters.parameter_keys import KeyReader
from zi_eval.adapters.unit_file import UnitReading, declared_instrument, parse_unit
from zi_eval.adapters.unit_journal import is_ahead
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Agency, Stage
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, Severity, has_errors, nearest, sort_problems
from zi_eval.core.rules import RuleSet
from zi_eval.errors import InstrumentError, ParameterError, WorkspaceError
from zi_eval.instruments import (
    DEFAULT_INSTRUMENT,
    available_instruments,
    load_instrument,
    load_rules,
)
from zi_eval.yaml_source import read_yaml

__all__ = [
    "AGENCY_FILE",
    "Period",
    "check_files",
    "load_agency_evaluation",
    "load_evaluation",
    "run_time",
]

AGENCY_FILE = "instansi.yaml"
SUFFIXES = {".yaml", ".yml"}


def run_time() -> datetime:
    """Return the time of this run in local time; ``SOURCE_DATE_EPOCH`` (seconds) pins it."""
    pinned = os.environ.get("SOURCE_DATE_EPOCH")
    if pinned:
        return datetime.fromtimestamp(int(pinned), tz=UTC)
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Period:
    """One period's folder with its agency and rule sets read once.

    Attributes
    ----------
    agency
        What ``instansi.yaml`` holds; None inside where the file is missing or has errors.
    problems
        Problems of the agency file and of the rule set it names.
    rules_file
        The overlay that ``aturan`` names, where it is a file.
    """

    folder: Path
    agency: AgencyReading
    problems: tuple[Problem, ...]
    rules_name: str | None
    rules_file: Path | None

    @classmethod
    def read(cls, folder: Path) -> Period:
        """Read the agency file of a period's folder."""
        if not folder.is_dir():
            raise WorkspaceError(
                f"Folder {folder} tidak ada. Buat dengan 'zi-eval init', atau periksa --period."
            )
        path = folder / AGENCY_FILE
        if not path.exists():
            return cls(folder, AgencyReading(None, ()), (), None, None)
        source = read_yaml(path)
        reader = KeyReader(source)
        top = source.value if isinstance(source.value, dict) else {}
        name = reader.text(("aturan",), top.get("aturan"), "'aturan'") or None
        overlay = folder / name if name and Path(name).suffix in SUFFIXES else None
        period = cls(folder, AgencyReading(None, ()), (), None if overlay else name, overlay)
        try:
            rules = period.rules(DEFAULT_INSTRUMENT)
        except InstrumentError as error:
            line = source.line(("aturan",))
            found = [p if p.file else p.at(str(path), line) for p in _problems(error)]
            problems = (*parse_agency(source, load_rules(DEFAULT_INSTRUMENT)).problems, *found)
            return replace(period, problems=problems)
        agency = parse_agency(source, rules)
        return replace(period, agency=agency, problems=agency.problems)

    def rules(self, instrument: str) -> RuleSet:
        """Return the rule set of this period for an instrument."""
        return load_rules(instrument, self.rules_name, self.rules_file)

    @property
    def unit_files(self) -> Mapping[str, Path]:
        """The unit files by id (their names without the ending), sorted by id."""
        taken = {AGENCY_FILE, self.rules_file.name if self.rules_file else AGENCY_FILE}
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

    def read_unit(self, path: Path) -> tuple[UnitReading, Instrument, RuleSet]:
        """Read one unit file by the instrument it names."""
        source = read_yaml(path)
        name = declared_instrument(source, available_instruments(), DEFAULT_INSTRUMENT)
        instrument = load_instrument(name)
        # With a broken rule set the unit is still read, so that all problems come out together;
        # nothing is scored by the stand-in, because the period's own problems forbid it.
        rules = load_rules(name) if has_errors(self.problems) else self.rules(name)
        reading = parse_unit(source, instrument, rules, path.resolve().parent.name)
        if is_ahead(path):
            behind = Problem(
                code="belum-mengikuti-jurnal",
                message="jurnal memuat perubahan yang belum masuk ke berkas ini.",
                hint="Tunggu satu detik, buka formulirnya, atau jalankan 'zi-eval check'.",
                severity=Severity.WARNING,
                file=str(path),
            )
            reading = replace(reading, problems=(*reading.problems, behind))
        return reading, instrument, rules

    def evaluate(self, path: Path, stage: Stage) -> Evaluation:
        """Read, score and judge one unit.

        Raises
        ------
        ParameterError
            With every problem of the unit's or agency's file, where one of them has errors.
        """
        if has_errors(self.problems):
            raise ParameterError(self.problems)
        reading, instrument, rules = self.read_unit(path)
        if reading.assessment is None:
            raise ParameterError(reading.problems)
        return evaluate(
            instrument,
            rules,
            reading.assessment,
            self.agency.agency,
            stage,
            reading.problems,
            reading.hash,
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


def load_agency_evaluation(folder: str | Path, stage: str | Stage = Stage.TPI) -> AgencyEvaluation:
    """Evaluate every unit of a period; a unit that cannot be read is listed with its reason."""
    period = Period.read(Path(folder))
    evaluations, failures = [], {}
    for unit, path in period.unit_files.items():
        try:
            evaluations.append(period.evaluate(path, Stage(stage)))
        except ParameterError as error:
            failures[unit] = str(error)
    instrument = evaluations[0].instrument if evaluations else load_instrument(DEFAULT_INSTRUMENT)
    rules = period.rules(instrument.id)
    return AgencyEvaluation(
        agency=period.agency.agency or Agency(f"Instansi tanpa {AGENCY_FILE}", "", rules.id),
        rules=rules,
        instrument=instrument,
        period=period.folder.resolve().name,
        stage=Stage(stage),
        evaluations=tuple(evaluations),
        failures=failures,
    )


def check_files(paths: Iterable[Path]) -> tuple[Problem, ...]:
    """Check unit and agency files and return every problem of all of them, by file and line."""
    problems: list[Problem] = []
    periods: dict[Path, Period] = {}
    for path in paths:
        if not path.is_file():
            message = "berkas tidak ada."
            problems.append(Problem(code="berkas-tidak-ada", message=message, file=str(path)))
            continue
        folder = path.parent
        if folder not in periods:
            periods[folder] = Period.read(folder)
        period = periods[folder]
        if path.name == AGENCY_FILE:
            problems += period.problems
        elif path != period.rules_file:
            problems += period.read_unit(path)[0].problems
    return sort_problems(dict.fromkeys(problems))
