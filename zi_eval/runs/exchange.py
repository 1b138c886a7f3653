"""A place that the asker and all workers reach, where inputs and outputs pass from one to another.

Any address that fsspec opens will do (``s3://…``, ``sftp://…``, a mounted folder). Files are kept
under the hash of their content in a folder of the run's own, so that nothing half written, mixed
up or of another run is ever taken; what arrives is checked against its hash.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from zi_eval.errors import WorkspaceError
from zi_eval.files import hash_file
from zi_eval.runs.identity import UnitJob

__all__ = ["Exchange", "Parcel", "open_exchange"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A unit's job with the SHA-256 of each of its input files, by path below its working folder.

    The paths inside ``job`` are relative to that folder, wherever it is unpacked.
    """

    job: UnitJob
    inputs: Mapping[str, str]


@cache
def _open_address(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    system, top = url_to_fs(address)
    return system, str(top)


@contextlib.contextmanager
def _errors(address: str) -> Iterator[None]:
    """Turn whatever a storage library raises into one sentence: each has errors of its own."""
    try:
        yield
    except WorkspaceError:
        raise
    except Exception as error:
        raise WorkspaceError(
            f"Tempat tukar {address} tidak dapat dipakai: {error or type(error).__name__}. "
            "Periksa alamat (--storage), izin, dan sambungannya."
        ) from error


@dataclass(frozen=True, slots=True)
class Exchange:
    """A run's folder at an address; made by :func:`open_exchange`, sent to workers as it is."""

    address: str

    def send(self, files: Mapping[Path, str]) -> None:
        """Upload files, each to the name of its hash."""
        with _errors(self.address):
            system, top = _open_address(self.address)
            if files:
                system.put([str(path) for path in files], [f"{top}/{h}" for h in files.values()])

    def fetch(self, files: Mapping[Path, str]) -> None:
        """Download files, each from the name of its hash, and check what arrived."""
        with _errors(self.address):
            system, top = _open_address(self.address)
            for path in files:
                path.parent.mkdir(parents=True, exist_ok=True)
            if files:
                system.get([f"{top}/{h}" for h in files.values()], [str(path) for path in files])
            for path, expected in files.items():
                if hash_file(path) != expected:
                    raise WorkspaceError(
                        f"Berkas {path.name} dari {self.address} rusak di jalan. Jalankan lagi."
                    )

    def remove(self) -> None:
        """Remove the run's folder; what cannot be removed is left."""
        with contextlib.suppress(Exception):
            system, top = _open_address(self.address)
            system.rm(top, recursive=True)

    def pack(self, jobs: Sequence[UnitJob], sent: set[str]) -> list[Parcel]:
        """Upload what jobs read and return them ready to travel.

        Parameters
        ----------
        sent
            Hashes that are there already; those uploaded now are added.
        """
        parcels, missing = [], dict[Path, str]()
        for job in jobs:
            root = job.root.resolve()
            inputs: dict[str, str] = {}

            def place(path: Path, inputs: dict[str, str] = inputs, root: Path = root) -> Path:
                path = path.resolve()
                # Only a notebook of the package lies elsewhere; all it needs is a place.
                inside = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
                inputs[inside.as_posix()] = missing[path] = hash_file(path)
                return inside

            shares = [place(file) for file in job.share_files]
            moved = replace(
                job,
                unit_file=place(job.unit_file),
                notebook=place(job.notebook),
                companions=tuple(map(place, job.companions)),
                performance_notebook=job.performance_notebook and place(job.performance_notebook),
                run=shares[0].parent if shares else None,
                root=Path(),
                outputs=Path("outputs"),
            )
            parcels.append(Parcel(moved, inputs))
        self.send({path: h for path, h in missing.items() if h not in sent})
        sent.update(missing.values())
        return parcels

    def unpack(self, parcels: Iterable[Parcel], folder: Path) -> list[Path]:
        """Download what jobs read and return the working folder of each, below ``folder``."""
        roots = [(folder / str(number), parcel) for number, parcel in enumerate(parcels)]
        self.fetch({root / n: h for root, parcel in roots for n, h in parcel.inputs.items()})
        return [root for root, _ in roots]


def open_exchange(address: str) -> Exchange:
    """Return a fresh folder of this run at an address, after writing a trial file there.

    Raises
    ------
    WorkspaceError
        Where the address is not known to fsspec or cannot be written to.
    """
    exchange = Exchange(f"{address.rstrip('/')}/zi-eval-{uuid.uuid4().hex}")
    with _errors(exchange.address):
        system, top = _open_address(exchange.address)
        system.mkdir(top, create_parents=False)  # a mistyped bucket or folder is not made
        system.pipe_file(f"{top}/percobaan", b"zi-eval")
    return exchange
