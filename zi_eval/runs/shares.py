"""What a run reads of a whole period before its units: what each depends on, and what is shared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zi_eval.core.problems import Severity
from zi_eval.errors import ZiEvalError
from zi_eval.national.load import load_holders, load_stages
from zi_eval.national.share import dump_national, national_name
from zi_eval.performance.comparison import dump_peers
from zi_eval.performance.load import FOLDER, find_plans, read_plans
from zi_eval.period.reading import Period
from zi_eval.period.share import COMMON, dump_share, write_shares
from zi_eval.runs.identity import UnitJob, hash_values
from zi_eval.survey.values import FOLDER as SURVEYS
from zi_eval.trends.load import dump_others, load_others
from zi_eval.workplan.files import FOLDER as WORKPLANS

__all__ = ["Shares", "compute_shares", "is_handed_on", "unit_tables"]

DEFINITIONS = (".yaml", ".yml")


def unit_tables(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    """Return every file on which the data of a unit depend, by unit id.

    These are its tables, whether they can be read or not, and the definitions of surveys.
    """
    files: dict[str, tuple[Path, ...]] = {}
    for home in (folder / FOLDER, folder / SURVEYS, folder / WORKPLANS):
        paths = sorted(home.iterdir(), key=lambda p: p.name) if home.is_dir() else []
        seen = [path for path in paths if path.is_file() and not path.name.startswith((".", "~$"))]
        shared = tuple(path for path in seen if path.suffix.lower() in DEFINITIONS)
        of_unit: dict[str, tuple[Path, ...]] = {}
        for path in seen:
            if path not in shared:
                unit = path.name.partition(".")[0]
                of_unit[unit] = (*of_unit.get(unit, ()), path)
        for unit, own in of_unit.items():
            files[unit] = (*files.get(unit, ()), *own, *shared)
    return files


@dataclass(frozen=True, slots=True)
class Shares:
    """What a run computes once of a period (:mod:`zi_eval.period.share`).

    Attributes
    ----------
    units
        What each unit with a plan that can be read is compared with, by id.
    common
        How the agency's TPI corrects; empty without an earlier period.
    trouble
        Why the plans of other units cannot be read: a line for each error.
    national
        What the TPN decided of each unit and what it holds, by id; empty without such tables.
    """

    units: Mapping[str, bytes] = field(default_factory=dict)
    common: bytes = b""
    trouble: Mapping[str, str] = field(default_factory=dict)
    national: Mapping[str, bytes] = field(default_factory=dict)

    def names_of(self, unit: str) -> tuple[str, ...]:
        """Return the names of the shares that a unit reads."""
        return tuple(self._of(unit))

    def hash_of(self, unit: str) -> str:
        """Return the hash of all that is handed on to a unit."""
        return _hash(self._of(unit).values())

    def _of(self, unit: str) -> Mapping[str, bytes]:
        """Return the shares that a unit reads, by name."""
        found = {
            unit: self.units.get(unit, b""),
            COMMON: self.common,
            national_name(unit): self.national.get(unit, b""),
        }
        return {name: content for name, content in found.items() if content}

    def write(self, run: Path) -> None:
        """Write the shares into a run's folder, instead of those of an earlier run."""
        common = {COMMON: self.common} if self.common else {}
        national = {national_name(unit): content for unit, content in self.national.items()}
        write_shares(run, {**self.units, **common, **national})


def _hash(contents: Iterable[bytes]) -> str:
    return hash_values(*(hashlib.sha256(content).hexdigest() for content in contents))


def is_handed_on(job: UnitJob) -> bool:
    """Whether what a run handed on to a unit is still what its job was planned with."""
    try:
        return _hash(file.read_bytes() for file in job.share_files) == job.shares_hash
    except OSError:
        return False


def compute_shares(period: Period) -> Shares:
    """Compare all plans of a period, and read what is of the whole agency, so that no unit has to.

    That is how its TPI corrects, what the TPN decided, and who holds a predicate.
    """
    others = load_others(period)
    common = dump_share(dump_others(others)) if others else b""
    national = _national(period)
    plans = find_plans(period.folder)
    if not plans:
        return Shares(common=common, national=national)
    try:
        found = read_plans(period, plans=plans)
    except ZiEvalError as error:
        trouble = dict.fromkeys(plans, str(error))
        return Shares(common=common, trouble=trouble, national=national)
    return Shares(
        {unit: dump_share(dump_peers(*found.peers_of(unit))) for unit in found.standings},
        common,
        {
            unit: "\n".join(str(p) for p in problems if p.severity is Severity.ERROR)
            for unit, problems in found.problems.items()
            if unit not in found.standings
        },
        national,
    )


def _national(period: Period) -> Mapping[str, bytes]:
    stages, holders = load_stages(period), load_holders(period)
    if not stages and not holders:
        return {}
    return {unit: dump_share(dump_national(stages, holders, unit)) for unit in period.unit_files}
