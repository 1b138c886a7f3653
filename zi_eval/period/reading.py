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

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Agency, Assessment, Stage
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, Severity, has_errors, nearest
from zi_eval.core.rules import RuleSet
from zi_eval.errors import InstrumentError, ParameterError, WorkspaceError, ZiEvalError
from zi_eval.instruments import (
    DEFAULT_INSTRUMENT,
    available_instruments,
    load_instrument,
    load_rules,
)
from zi_eval.instruments.wording import load_wording
from zi_eval.period.agency_file import AgencyReading, parse_agency
from zi_eval.period.journal_file import is_ahead
from zi_eval.period.keys import KeyReader, Section
from zi_eval.period.unit_file import UnitReading, declared_instrument, parse_unit
from zi_eval.yaml_files.source import Source, read_yaml

__all__ = [
    "AGENCY_FILE",
    "OVERLAY_FILE",
    "WORDING_FILE",
    "Period",
    "load_agency_evaluation",
    "load_evaluation",
]

AGENCY_FILE = "instansi.yaml"
WORDING_FILE = "kalimat.yaml"
OVERLAY_FILE = "upaya.yaml"
SUFFIXES = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True)
class Period:
    """One period's folder with its agency and rule sets read once.

    Attributes
    ----------
    agency
        What ``instansi.yaml`` holds; None inside where the file is missing or has errors.
    problems
        Problems of the agency file but for its sections, of the rule set it names and of the
        wording.
    rules_file
        The overlay that ``aturan`` names, where it is a file.
    instrument
        The one instrument of the folder: what ``instansi.yaml`` names, else the usual one; None
        without that file, where each unit is taken by what its own file names.
    reworded
        The instrument in a team's words, where the folder has a file of them without errors.
    """

    folder: Path
    agency: AgencyReading
    problems: tuple[Problem, ...]
    rules_name: str | None
    rules_file: Path | None
    instrument: str | None = None
    reworded: Instrument | None = None

    @classmethod
    def read(cls, folder: Path) -> Period:
        """Read the agency file and the wording of a period's folder."""
        period = cls._read_agency(folder)
        if period.wording_file is None:
            return period
        name = period.instrument or DEFAULT_INSTRUMENT
        reworded, found = load_wording(period.wording_file, name)
        return replace(period, reworded=reworded, problems=(*period.problems, *found))

    @classmethod
    def _read_agency(cls, folder: Path) -> Period:
        if not folder.is_dir():
            raise WorkspaceError(
                f"Folder {folder} tidak ada. Buat dengan 'zi-eval init', atau periksa --period."
            )
        path = folder / AGENCY_FILE
        if not path.exists():
            return cls(folder, AgencyReading(), (), None, None)
        source = read_yaml(path)
        reader = KeyReader(source)
        top = source.value if isinstance(source.value, dict) else {}
        name = reader.text(("aturan",), top.get("aturan"), "'aturan'") or None
        overlay = folder / name if name and Path(name).suffix in SUFFIXES else None
        instrument = declared_instrument(source, available_instruments(), DEFAULT_INSTRUMENT)
        if "instrumen" in top:
            known = available_instruments()
            reader.choice(("instrumen",), top["instrumen"], known, "instrumen")
        wrong = reader.problems[len(source.problems) :]
        own_rules = None if overlay else name
        period = cls(folder, AgencyReading(), (), own_rules, overlay, instrument)
        try:
            rules = period.rules(instrument)
        except InstrumentError as error:
            line = source.line(("aturan",))
            found = [p if p.file else p.at(str(path), line) for p in _problems(error)]
            agency = replace(parse_agency(source, load_rules(instrument)), agency=None)
            return replace(period, agency=agency, problems=(*agency.problems, *wrong, *found))
        agency = parse_agency(source, rules)
        astray = period.find_missing_members(source, agency.agency)
        return replace(period, agency=agency, problems=(*agency.problems, *wrong, *astray))

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

    def section(self, key: str) -> Section:
        """Return a part of the agency file, raw, for the topic that parses it."""
        return self.agency.section(key)

    def rules(self, instrument: str | None = None) -> RuleSet:
        """Return the rule set of this period, for the instrument of its folder or another."""
        name = instrument or self.instrument or DEFAULT_INSTRUMENT
        return load_rules(name, self.rules_name, self.rules_file)

    def load_instrument(self, name: str) -> Instrument:
        """Return an instrument in the words of this period."""
        own = self.reworded
        return own if own is not None and own.id == name else load_instrument(name)

    @property
    def wording_file(self) -> Path | None:
        """The team's own wording of the questions, where there is one."""
        path = self.folder / WORDING_FILE
        return path if path.exists() else None

    @property
    def unit_files(self) -> Mapping[str, Path]:
        """The unit files by id (their names without the ending), sorted by id."""
        taken = {
            AGENCY_FILE,
            WORDING_FILE,
            OVERLAY_FILE,
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

    def read_unit(self, path: Path) -> tuple[UnitReading, Instrument, RuleSet]:
        """Read one unit file by the instrument it names."""
        source = read_yaml(path)
        usual = self.instrument or DEFAULT_INSTRUMENT
        name = declared_instrument(source, available_instruments(), usual)
        instrument = self.load_instrument(name)
        stray = self.find_stray(name, path, source.line(("instrumen",)))
        # With a broken rule set the unit is still read, so that all problems come out together;
        # nothing is scored by the stand-in, because the period's own problems forbid it.
        is_judged = not has_errors((*stray, *self.problems))
        rules = self.rules(name) if is_judged else load_rules(name)
        reading = parse_unit(source, instrument, rules, path.resolve().parent.name)
        if stray:
            reading = replace(reading, assessment=None, problems=(*reading.problems, *stray))
        elif reading.assessment is not None:
            proposals = tuple(self._propose(source, reading.assessment, rules))
            reading = replace(reading, problems=(*reading.problems, *proposals))
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

    @property
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
            shared = (folder / AGENCY_FILE, Period.read(folder).rules_file)
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
                other = Period.read(folder).evaluate(file, Stage.TPI) if file.is_file() else None
                if other is not None and other.predicate is not None:
                    found[key] = (other, file)
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


def load_agency_evaluation(folder: str | Path, stage: str | Stage = Stage.TPI) -> AgencyEvaluation:
    """Evaluate every unit of a period; a unit that cannot be read is listed with its reason."""
    period = Period.read(Path(folder))
    evaluations: list[Evaluation] = []
    failures = {}
    for unit, path in period.unit_files.items():
        try:
            evaluation = period.evaluate(path, Stage(stage))
        except ParameterError as error:
            failures[unit] = str(error)
            continue
        name = evaluation.instrument.id
        if evaluations and evaluations[0].instrument.id != name:
            failures[unit] = str(_stray(name, evaluations[0].instrument.id, str(path), None))
        else:
            evaluations.append(evaluation)
    usual = period.instrument or DEFAULT_INSTRUMENT
    instrument = evaluations[0].instrument if evaluations else period.load_instrument(usual)
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
