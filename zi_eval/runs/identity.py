"""A job's identity: the hash of all that can change its result, and of nothing else."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from zi_eval.files import file_stem, hash_file
from zi_eval.period.share import share_file

__all__ = [
    "RecapJob",
    "UnitJob",
    "describe_environment",
    "environment_hash",
    "hash_values",
    "job_identity",
]

LIBRARIES = (
    "ipython", "jinja2", "nbconvert", "nbformat", "numpy", "papermill", "python-docx",
    "scipy",
)  # fmt: skip
"""Libraries whose release can change a report's bytes."""


CHANGES_RESULT = {"changes_result": True}
"""Marks a field of a job whose value (for a file: its content) can change the result."""
CHANGES_NOTHING = {"changes_result": False}
"""Marks a field that says where or how the job runs, not what comes out."""


@dataclass(frozen=True, slots=True)
class UnitJob:
    """One unit's report to be made.

    Every field is marked as changing the result or not; a field that is not marked makes
    :func:`job_identity` refuse, so that a new one cannot be forgotten.

    Attributes
    ----------
    companions
        Files that the unit's report depends on: the agency's, its rules and words, the unit's own
        tables of performance and surveys, and its files of earlier periods.
    environment
        The :func:`environment_hash` of the run.
    root
        The working folder; all files but a packaged notebook lie below it.
    seconds
        The wall time its notebook has, None for no limit.
    surroundings
        Environment variables of the run that its process gets, e.g. the time zone.
    performance_notebook
        Where the unit has a plan that can be read: what shows it.
    run, shares, shares_hash
        The folder in which the run hands on what it computed once of all units, the names of what
        this one reads of it, and the hash of their contents.
    plan_trouble
        Why its plan cannot be read, a line for each error; its table is among the companions.
    """

    unit_file: Path = field(metadata=CHANGES_RESULT)
    notebook: Path = field(metadata=CHANGES_RESULT)
    companions: tuple[Path, ...] = field(metadata=CHANGES_RESULT)
    stage: str = field(metadata=CHANGES_RESULT)
    environment: str = field(metadata=CHANGES_RESULT)
    root: Path = field(metadata=CHANGES_NOTHING)
    outputs: Path = field(metadata=CHANGES_NOTHING)
    seconds: float | None = field(default=None, metadata=CHANGES_NOTHING)
    surroundings: tuple[tuple[str, str], ...] = field(default=(), metadata=CHANGES_NOTHING)
    performance_notebook: Path | None = field(default=None, metadata=CHANGES_RESULT)
    run: Path | None = field(default=None, metadata=CHANGES_NOTHING)
    shares: tuple[str, ...] = field(default=(), metadata=CHANGES_RESULT)
    shares_hash: str = field(default="", metadata=CHANGES_RESULT)
    plan_trouble: str = field(default="", metadata=CHANGES_NOTHING)

    @property
    def unit(self) -> str:
        """The unit's id: the name of its file."""
        return self.unit_file.stem

    @property
    def stem(self) -> str:
        """What its files are called before their endings: its id, shortened where too long."""
        return file_stem(self.unit)

    @property
    def share_files(self) -> tuple[Path, ...]:
        """The files of the run that this unit reads."""
        return tuple(share_file(self.run, name) for name in self.shares if self.run)


@dataclass(frozen=True, slots=True)
class RecapJob:
    """The agency's recap to be made, marked like :class:`UnitJob`.

    ``units`` holds the hash of each unit's file, and ``plans`` of each file of their tables;
    ``published`` is what stands beside the recap
    (:class:`~zi_eval.pages.agency.published.Published`), handed on in the folder ``run`` with the
    verdicts of the units' ``scores``; ``earlier`` the files of earlier periods.
    """

    notebook: Path = field(metadata=CHANGES_RESULT)
    stage: str = field(metadata=CHANGES_RESULT)
    agency_hash: str = field(metadata=CHANGES_RESULT)
    rules_hash: str = field(metadata=CHANGES_RESULT)
    environment: str = field(metadata=CHANGES_RESULT)
    units: str = field(metadata=CHANGES_RESULT)
    published: bytes = field(metadata=CHANGES_RESULT)
    scores: tuple[Path, ...] = field(metadata=CHANGES_RESULT)
    parameters: Path = field(metadata=CHANGES_NOTHING)
    root: Path = field(metadata=CHANGES_NOTHING)
    outputs: Path = field(metadata=CHANGES_NOTHING)
    run: Path = field(metadata=CHANGES_NOTHING)
    wording_hash: str = field(default="", metadata=CHANGES_RESULT)
    surroundings: tuple[tuple[str, str], ...] = field(default=(), metadata=CHANGES_NOTHING)
    plans: str = field(default="", metadata=CHANGES_RESULT)
    earlier: tuple[Path, ...] = field(default=(), metadata=CHANGES_RESULT)


def hash_values(*values: str) -> str:
    """Return the SHA-256 of several texts, told apart from one another, in hexadecimal."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def describe_environment() -> dict[str, str]:
    """Return what else than inputs can change a report: releases by name, and our own files' hash.

    The files are hashed, not the version alone: a changed template or instrument counts even
    where nobody raised the version.
    """
    package = Path(__file__).resolve().parent.parent
    kinds = {".py", ".j2", ".css", ".json", ".yaml"}
    paths = {p.relative_to(package).as_posix(): p for p in package.rglob("*") if p.suffix in kinds}
    # What a new folder starts with is in a wheel and not in a checkout; no report depends on it.
    names = sorted(name for name in paths if not name.startswith("starter_files/"))
    files = (f"{name} {hash_file(paths[name])}" for name in names)
    releases = {name: version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **releases, "zi-eval": hash_values(*files)}


def environment_hash() -> str:
    """Return the hash of :func:`describe_environment`."""
    return hash_values(*(f"{name} {value}" for name, value in describe_environment().items()))


def _content(value: Any, hashes: dict[Path, str]) -> str:
    """Return what a field counts for: a file by its bytes, anything else by itself."""
    if isinstance(value, Path):
        if value not in hashes:
            hashes[value] = hash_file(value)
        return hashes[value]
    if isinstance(value, tuple):
        return " ".join(_content(item, hashes) for item in value)
    return str(value)


def job_identity(job: Any, hashes: dict[Path, str] | None = None) -> str:
    """Return the identity of a job: equal exactly where its result would be.

    Parameters
    ----------
    hashes
        Of files, by path: taken from and added to, where many jobs share files and are planned at
        one moment.

    Raises
    ------
    TypeError
        Where a field of the job is not marked as changing the result or not.
    """
    parts, hashes = [], {} if hashes is None else hashes
    for item in fields(job):
        if "changes_result" not in item.metadata:
            raise TypeError(f"{type(job).__name__}.{item.name} is not classified")
        if item.metadata["changes_result"]:
            parts.append(f"{item.name}={_content(getattr(job, item.name), hashes)}")
    return hash_values(*parts)
