"""Calls run by the workers of a Dask cluster, in batches, as they come and go.

What a unit costs stays where the worker is: each worker runs its calls by :class:`Site`, with the
same pool, limits and warm process as on one machine. A batch whose worker is lost is given to
another one; a unit that takes its workers with it is found alone and set aside.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from zi_eval.errors import WorkspaceError, describe_os_error
from zi_eval.files import hash_file, write_bytes
from zi_eval.runs.exchange import Exchange, Parcel
from zi_eval.runs.identity import UnitJob, describe_environment
from zi_eval.runs.pool import Call, Ended, Limits
from zi_eval.runs.scratch import own_scratch
from zi_eval.runs.site import Site, SiteError
from zi_eval.starter import notebook_path

__all__ = ["Cluster", "connect"]

BATCH = 8
"""Units a worker gets at once: some seconds of work, so that losing them costs little."""
AHEAD = 2
"""Batches in flight for each thread of the workers, so that none waits for us."""
PATIENCE = 10
"""Seconds without a worker after which we say what we wait for."""

_here = threading.local()


@dataclass(frozen=True, slots=True)
class _Batch:
    """What travels to a worker: calls, with the parcels of their jobs where files are exchanged."""

    calls: tuple[Call, ...]
    limits: Limits
    environment: dict[str, str]
    exchange: Exchange | None = None
    parcels: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What comes back: how each call ended and, where files are exchanged, its files' hashes.

    ``differences`` names what the worker has in another release, with the worker's own; it then
    ran nothing.
    """

    ended: tuple[Ended, ...] = ()
    files: tuple[dict[str, str], ...] = ()
    differences: dict[str, str] = field(default_factory=dict)


@cache
def _environment() -> dict[str, str]:
    return describe_environment()


def _run_batch(batch: _Batch) -> _Outcome:
    """Run a batch on a worker."""
    ours = _environment()
    differences = {n: ours.get(n, "-") for n, v in batch.environment.items() if ours.get(n) != v}
    if differences:
        return _Outcome(differences=differences)
    if not hasattr(_here, "site"):
        _here.site = Site()
    site: Site = _here.site
    if batch.exchange is None:
        calls = [replace(call, arguments=(_at_worker(call.arguments[0]),)) for call in batch.calls]
        return _Outcome(tuple(site.run(calls, batch.limits)))
    from distributed import get_worker

    # Dask clears the folder of a worker that died.
    home = get_worker().local_directory
    with tempfile.TemporaryDirectory(prefix="zi-eval-", dir=home) as name:
        roots = batch.exchange.unpack(batch.parcels, Path(name))
        calls = [
            Call(call.key, _call_in, (root, call.function, parcel.job))
            for call, root, parcel in zip(batch.calls, roots, batch.parcels, strict=True)
        ]
        ended = tuple(site.run(calls, batch.limits))
        made = [
            sorted(path for path in (root / parcel.job.outputs).glob("*") if path.is_file())
            for root, parcel in zip(roots, batch.parcels, strict=True)
        ]
        hashes = {path: hash_file(path) for paths in made for path in paths}
        batch.exchange.send(hashes)
        return _Outcome(ended, tuple({p.name: hashes[p] for p in paths} for paths in made))


def _call_in(folder: Path, function: Callable[[UnitJob], Any], job: UnitJob) -> Any:
    """Run a call in a working folder; its process is its own, and so is its current folder."""
    os.chdir(folder)
    return function(job)


def _at_worker(job: UnitJob) -> UnitJob:
    """Return a job of a shared folder with the notebook of the worker's own package."""
    if not job.unit_file.is_file():
        raise WorkspaceError(
            f"Worker tidak melihat {job.unit_file}. Pakai folder bersama dengan alamat yang "
            "sama di semua mesin, atau tempat tukar dengan --storage."
        )
    if job.notebook.is_file():
        return job
    return replace(job, notebook=notebook_path(job.root, job.notebook.stem))


@dataclass
class Cluster:
    """A connection to a scheduler; made by :func:`connect`.

    Attributes
    ----------
    client
        The ``distributed.Client``.
    exchange
        Where files pass; None where asker and workers share the working folder.
    say
        Called with a sentence for the person watching.
    """

    client: Any
    address: str
    exchange: Exchange | None
    say: Callable[[str], None]
    _lonely: int = 0

    def run_calls(
        self, calls: Iterable[Call], limits: Limits | None = None
    ) -> Generator[Ended, None, None]:
        """Run calls, each with a :class:`UnitJob` as its argument, and yield how each ended.

        Raises
        ------
        WorkspaceError
            Where the scheduler is gone, or a worker cannot do the work at all (another release
            of zi-eval or its libraries, files it does not see).
        """
        waiting, flying = iter(calls), dict[Any, _Batch]()
        sent: set[str] = set()
        try:
            while True:
                while len(flying) < self._capacity():
                    taken = tuple(islice(waiting, BATCH))
                    if not taken:
                        break
                    batch = self._pack(taken, limits or Limits(), sent)
                    flying[self._submit(batch)] = batch
                if not flying:
                    return
                for future in self._ended(flying):
                    batch = flying.pop(future)
                    outcome = self._outcome(future, batch)
                    if outcome is not None:
                        yield from self._deliver(batch, outcome)
                    elif len(batch.calls) > 1:
                        for single in _split(batch):
                            flying[self._submit(single)] = single
                    else:
                        yield Ended(batch.calls[0].key, 0.0, stopped="died")
        except (OSError, CancelledError) as error:
            raise WorkspaceError(
                f"Hubungan ke scheduler {self.address} terputus. Yang sudah selesai tersimpan; "
                "jalankan lagi perintah yang sama."
            ) from error
        finally:
            with contextlib.suppress(Exception):
                self.client.cancel(list(flying), force=True)

    def close(self) -> None:
        """Leave the cluster as it was found."""
        if self.exchange is not None:
            self.exchange.remove()
        with contextlib.suppress(Exception):
            self.client.close(timeout=5)

    def _capacity(self) -> int:
        threads: int = sum(self.client.nthreads().values())
        return AHEAD * max(1, threads)

    def _pack(self, calls: Sequence[Call], limits: Limits, sent: set[str]) -> _Batch:
        environment = _environment()
        if self.exchange is not None:
            try:
                parcels = self.exchange.pack([call.arguments[0] for call in calls], sent)
            except OSError as gone:
                said = f"{gone.filename}: {describe_os_error(gone)}"
                raise WorkspaceError(f"{said}. Jalankan lagi dengan berkas yang ada.") from gone
            return _Batch(tuple(calls), limits, environment, self.exchange, tuple(parcels))
        absolute = [replace(call, arguments=(_absolute(call.arguments[0]),)) for call in calls]
        return _Batch(tuple(absolute), limits, environment)

    def _submit(self, batch: _Batch) -> Any:
        return self.client.submit(_run_batch, batch, pure=False, key=None)

    def _ended(self, flying: dict[Any, _Batch]) -> list[Any]:
        """Wait a little and return the batches that ended, in the order in which they were sent.

        Waiting is short so that workers that have just come get batches too.
        """
        from distributed import wait

        with contextlib.suppress(TimeoutError):
            wait(list(flying), timeout=1, return_when="FIRST_COMPLETED")
        if self.client.status != "running":
            raise ConnectionError(self.client.status)
        self._lonely = 0 if self.client.nthreads() else self._lonely + 1
        if self._lonely == PATIENCE:
            self.say(f"Menunggu worker yang tersambung ke {self.address} …")
        return [future for future in flying if future.status != "pending"]

    def _outcome(self, future: Any, batch: _Batch) -> _Outcome | None:
        """Return a batch's outcome, None where its workers died of it."""
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        if future.status in ("cancelled", "lost"):
            return None
        error = future.exception()
        if isinstance(error, (KilledWorker, SiteError)):
            return None
        if isinstance(error, (WorkspaceError, CommClosedError)):
            raise error
        if error is not None:
            raise WorkspaceError(
                f"Worker tidak dapat menjalankan unit: {type(error).__name__}: {error}. "
                "Pasang zi-eval yang sama di scheduler dan semua worker."
            ) from error
        outcome: _Outcome = future.result()
        if outcome.differences:
            here = batch.environment
            which = ", ".join(
                "berkas zi-eval" if name == "zi-eval" else f"{name} {theirs} (di sini {here[name]})"
                for name, theirs in outcome.differences.items()
            )
            raise WorkspaceError(
                f"Worker memakai versi lain: {which}. Samakan pemasangannya, agar hasilnya sama."
            )
        return outcome

    def _deliver(self, batch: _Batch, outcome: _Outcome) -> Iterator[Ended]:
        """Bring the files of a batch to the asker's outputs, then say how its calls ended."""
        if self.exchange is None:
            yield from outcome.ended
            return
        with tempfile.TemporaryDirectory(dir=own_scratch()) as name:
            fetched = {
                (call, file): Path(name) / str(number) / file
                for number, (call, files) in enumerate(zip(batch.calls, outcome.files, strict=True))
                for file in files
            }
            hashes = [h for files in outcome.files for h in files.values()]
            self.exchange.fetch(dict(zip(fetched.values(), hashes, strict=True)))
            for (call, file), path in fetched.items():
                write_bytes(call.arguments[0].outputs / file, path.read_bytes())
        yield from outcome.ended


def _absolute(job: UnitJob) -> UnitJob:
    """Return a job that means the same from any folder of any machine that shares it."""
    return replace(
        job,
        unit_file=job.unit_file.resolve(),
        notebook=job.notebook.resolve(),
        companions=tuple(file.resolve() for file in job.companions),
        performance_notebook=job.performance_notebook and job.performance_notebook.resolve(),
        root=job.root.resolve(),
        outputs=job.outputs.resolve(),
        run=job.run and job.run.resolve(),
    )


def _split(batch: _Batch) -> Iterator[_Batch]:
    """Return the calls of a batch, one a batch: the one that kills its worker is among them."""
    parcels: Sequence[Parcel | None] = batch.parcels or (None,) * len(batch.calls)
    for call, parcel in zip(batch.calls, parcels, strict=True):
        yield replace(batch, calls=(call,), parcels=(parcel,) if parcel else ())


def connect(address: str, storage: str | None, say: Callable[[str], None]) -> Cluster:
    """Connect to a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler, e.g. ``tcp://10.0.0.5:8786``; its certificates, where it has any, are
        set as for any Dask client.
    storage
        An fsspec address that all reach, None where they share the working folder.

    Raises
    ------
    WorkspaceError
        Where the extra is not installed, or the scheduler or storage cannot be reached.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise WorkspaceError(
            'Untuk klaster, pasang tambahannya: pip install "zi-eval[cluster]".'
        ) from error
    from zi_eval.runs.exchange import open_exchange

    # A scheduler that is lost is told in one sentence, not in the tracebacks of its connections.
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    exchange = open_exchange(storage) if storage else None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        if exchange is not None:
            exchange.remove()
        raise WorkspaceError(
            f"Scheduler {address} tidak dapat dihubungi. Periksa alamat dan apakah "
            "'dask scheduler' berjalan di sana."
        ) from error
    return Cluster(client, address, exchange, say)
