"""What a unit's report costs: our batch beside the two usual ways, in one run.

    python -m tests.bench.batch [--units 100] [--rounds 3] [--many 2000] [--vast 25000]

Prints a table of medians of rounds in which all ways take their turn, with the project's own
notebooks and the same outputs: seconds on the wall and of processors, all processes counted.

- bare units (answers only) and full ones (plan, three surveys, an earlier year), seconds a unit by
  ``commands``: the ``papermill`` and ``jupyter nbconvert`` commands, one after the other;
  ``functions``: papermill's and nbconvert's Python functions called in one warm process;
  ``zi-eval``: ``zi-eval run --jobs 2`` over many units, its start and the recap included. Of a full
  unit the usual ways make both notebooks and not the drafts of its LKjIP, which zi-eval adds;
- the sample's eight units from cold (the usual ways take eight times a full unit), and the same run
  once more with nothing changed.

Then one long run of ``--many`` units (0 leaves it out), beside the usual ways too: whether it keeps
its pace and its memory, what it leaves behind, and what the same run costs once more with nothing
changed. With ``--vast``, so many bare units are planned and their recap is made, and the memory
that takes is said.

On a machine that does other things too, only the seconds of processors and the ratios speak.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "parameters" / "2026"
FULL = "dpmptsp"
"""The sample with a plan, three surveys and an earlier year."""
COMMAND = [sys.executable, "-m", "zi_eval", "run", "--jobs", "2"]
# As on anyone's machine: what is compiled once is kept.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
Book = tuple[str, dict[str, str]]
"""A notebook's name and what it is given."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the wall, and of processors in all processes."""

    wall: float
    processor: float

    def __truediv__(self, count: float) -> Took:
        return Took(self.wall / count, self.processor / count)


def take(work: Callable[[], object]) -> Took:
    """Return what work takes, here and in all processes that it starts."""
    _end_orphans()
    before, started = _processor(), time.perf_counter()
    work()
    wall = time.perf_counter() - started
    _end_orphans()
    return Took(wall, _processor() - before)


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def adopt_orphans() -> None:
    """Have processes whose parent ends become ours (Linux), so that their seconds are counted.

    The process that units are forked from outlives the command that started it by an instant.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _end_orphans() -> None:
    """Wait for what a command left behind."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def median(taken: Sequence[Took]) -> Took:
    """Return the medians of both."""
    return Took(
        statistics.median(item.wall for item in taken),
        statistics.median(item.processor for item in taken),
    )


def say(what: str, took: Took, beside: Took | None = None) -> None:
    """Print a row of the table, with the ratio to what is measured beside it."""
    ratio = ""
    if beside is not None:
        ratio = f"{took.wall / beside.wall:.1f} | {took.processor / beside.processor:.1f}"
    print(f"| {what} | {took.wall:.2f} | {took.processor:.2f} | {ratio or '1 | 1'} |", flush=True)


def describe_machine() -> str:
    """Return what the figures were measured on, and how much else it does."""
    cores, (load, _, _) = os.cpu_count(), os.getloadavg()
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{name}, {cores} cores, {memory:.0f} GB, Python {platform.python_version()}; "
        f"load before: {load:.1f}"
    )


HEAD = """
| what | wall, s | processor, s | times zi-eval, wall | processor |
|---|---|---|---|---|"""


def make_units(folder: Path, count: int) -> list[str]:
    """Write ``count`` unit files made from the samples and return their ids."""
    target = folder / "parameters" / "2026"
    target.mkdir(parents=True)
    shutil.copy(SAMPLES / "instansi.yaml", target)
    samples = sorted(path for path in SAMPLES.glob("*.yaml") if path.stem != "instansi")
    names = []
    for number in range(count):
        sample = samples[number % len(samples)]
        name = f"{sample.stem}-{number:05d}"
        _copy_unit(sample, target, name)
        names.append(name)
    return names


def make_full_units(folder: Path, count: int) -> list[str]:
    """Write ``count`` units with all that a unit can have and return their ids."""
    for year in ("2025", "2026"):
        target = folder / "parameters" / year
        target.mkdir(parents=True)
        shutil.copy(SAMPLES.with_name(year) / "instansi.yaml", target)
    names = [f"{FULL}-{number:05d}" for number in range(count)]
    tables = [*(SAMPLES / "kinerja").glob(f"{FULL}.*"), *(SAMPLES / "survei").glob(f"{FULL}.*")]
    for table in (*tables, *(SAMPLES / "survei").glob("*.yaml")):
        home = folder / "parameters" / "2026" / table.parent.name
        home.mkdir(exist_ok=True)
        for name in names if table in tables else [FULL]:
            shutil.copy(table, home / table.name.replace(FULL, name, 1))
    for year in ("2025", "2026"):
        for name in names:
            _copy_unit(SAMPLES.with_name(year) / f"{FULL}.yaml", folder / "parameters" / year, name)
    return names


def _copy_unit(sample: Path, target: Path, name: str) -> None:
    text = sample.read_text("utf-8").replace(f"id: {sample.stem}\n", f"id: {name}\n", 1)
    (target / f"{name}.yaml").write_text(text, "utf-8")


def books_of(unit: str, is_full: bool) -> list[Book]:
    """Return the notebooks of a unit, as a run gives them their values."""
    report = {"unit_file": f"parameters/2026/{unit}.yaml", "stage": "tpi"}
    # A name of no folder leaves out the form, which a run leaves out too.
    plan = {"parameters_folder": "parameters/2026", "unit": unit, "run": "tanpa-berbagi"}
    return [("laporan_unit", report), *([("kinerja_unit", plan)] if is_full else [])]


def run_commands(folder: Path, books: list[Book]) -> None:
    """Make one unit by the stock commands."""
    for name, parameters in books:
        book = folder / f"stock-{name}.ipynb"
        given = [part for key, value in parameters.items() for part in ("-p", key, value)]
        source = str(ROOT / "notebooks" / f"{name}.ipynb")
        for command in (
            ["papermill", source, str(book), *given],
            ["jupyter", "nbconvert", "--to", "html", "--no-input", str(book)],
        ):
            _run([sys.executable, "-m", *command], folder)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)


def call_functions(folder: Path, books: list[Book]) -> None:
    """Make one unit by the stock Python functions, here."""
    import nbformat
    import papermill
    from nbconvert.exporters import HTMLExporter

    for name, parameters in books:
        book = folder / f"stock-{name}.ipynb"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            papermill.execute_notebook(
                str(ROOT / "notebooks" / f"{name}.ipynb"),
                str(book),
                parameters=parameters,
                progress_bar=False,
                cwd=str(folder),
                engine_name="nbclient",
                extra_arguments=["--log-level=CRITICAL"],  # its kernels warn of what is no matter
            )
            exporter = HTMLExporter(exclude_input=True)  # type: ignore[no-untyped-call]
            html, _ = exporter.from_notebook_node(nbformat.read(book, as_version=4))
        book.with_suffix(".html").write_text(html, "utf-8")


def run_zi_eval(folder: Path, *options: str) -> None:
    """Run all units of a folder, from a cold start to the recap's end."""
    _run([*COMMAND, *options], folder)


def compare_ways(units: int, rounds: int, is_full: bool) -> dict[str, Took]:
    """Print the seconds a unit of each way, and return them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = (make_full_units if is_full else make_units)(folder, units)
        books = books_of(names[0], is_full)
        call_functions(folder, books)
        ways: dict[str, Callable[[], Took]] = {
            "zi-eval": lambda: take(lambda: run_zi_eval(folder, "--force")) / len(names),
            "commands": lambda: take(lambda: run_commands(folder, books)),
            "functions": lambda: take(lambda: call_functions(folder, books)),
        }
        taken: dict[str, list[Took]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, measure in ways.items():
                taken[way].append(measure())
    found = {way: median(all_rounds) for way, all_rounds in taken.items()}
    for way, took in found.items():
        kind = "full" if is_full else "bare"
        say(f"{kind} unit, {way}", took, found["zi-eval"] if way != "zi-eval" else None)
    return found


def compare_sample(rounds: int, full: dict[str, Took]) -> None:
    """Print what the sample's eight units take from cold, and unchanged."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "parameters", folder / "parameters")
        run_zi_eval(folder)
        cold = median([take(lambda: run_zi_eval(folder, "--force")) for _ in range(rounds)])
        unchanged = median([take(lambda: run_zi_eval(folder)) for _ in range(rounds)])
    say("eight full units from cold, zi-eval", cold)
    for way in ("commands", "functions"):
        say(f"eight full units, {way}", full[way] / (1 / 8), cold)
    say("the same once more, unchanged", unchanged)


def run_many(folder: Path, count: int, bare: dict[str, Took]) -> None:
    """Run many units once, then again unchanged, and print what was seen.

    Parameters
    ----------
    bare
        What one takes by each way: a long run is compared with the usual ways too, for in a short
        one the start counts.
    """
    make_units(folder, count)
    outputs = folder / "outputs" / "2026"
    before = {process.pid for process in psutil.process_iter()}
    memory = list[float]()

    def run() -> None:
        with subprocess.Popen(
            COMMAND,
            cwd=folder,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            parent = psutil.Process(process.pid)
            while process.poll() is None:
                with contextlib.suppress(psutil.Error):
                    memory.append(parent.memory_info().rss / 1e6)
                time.sleep(0.5)

    took = take(run)
    say(f"bare unit, zi-eval, run of {count}", took / count)
    for way in ("commands", "functions"):
        say(f"bare unit, {way}, beside it", bare[way], took / count)
    left = [p for p in psutil.process_iter(["cwd"]) if p.pid not in before]
    ours = [p for p in left if str(folder) in (p.info["cwd"] or "")]
    ends = sorted(path.stat().st_mtime for path in outputs.glob("*.html") if path.stem != "index")
    slice_ = min(200, len(ends) // 4)
    first, last = ends[slice_] - ends[0], ends[-1] - ends[-1 - slice_]
    unfinished = [path.name for path in outputs.iterdir() if path.name.endswith(".zi-eval-tmp")]
    # The first tenth is start-up: modules and the fork server come in.
    settled = memory[len(memory) // 10]
    print(
        f"\n{len(ends)} of {count} reports in {took.wall:.0f} s, {took.processor:.0f} of processors"
    )
    print(f"last {slice_} against first {slice_}: {last / first - 1:+.1%} time")
    print(f"parent's memory: {settled:.1f} MB, at the end {memory[-1]:.1f}, most {max(memory):.1f}")
    print(f"left over: {len(unfinished)} files, {len(ours)} processes")
    again = take(lambda: run_zi_eval(folder))
    print(
        f"once more, nothing changed: {again.wall:.2f} s, {again.processor:.2f} of processors",
        flush=True,
    )


def plan_vast(folder: Path, count: int) -> None:
    """Plan very many bare units and make their recap, and print the memory of either."""
    from zi_eval.core.assessment import Stage
    from zi_eval.period.reading import Period
    from zi_eval.period.share import FOLDER
    from zi_eval.runs.batch import plan_recap, plan_units
    from zi_eval.runs.identity import job_identity
    from zi_eval.runs.ledger import open_ledger
    from zi_eval.runs.pool import Call, run_calls
    from zi_eval.runs.shares import compute_shares

    make_units(folder, count)
    outputs, before = folder / "outputs" / "2026", _peak()
    started = time.perf_counter()
    period = Period(folder / "parameters" / "2026")
    shares = compute_shares(period)
    jobs = plan_units(folder, period, period.unit_files, Stage.TPI, outputs, shares=shares)
    with open_ledger(outputs) as ledger:
        ledger.record_waiting({job.unit: job_identity(job) for job in jobs})
    shares.write(outputs / FOLDER)
    recap = plan_recap(folder, period, Stage.TPI, outputs, jobs[0].environment)
    job_identity(recap)
    print(
        f"\n{count} bare units planned in {time.perf_counter() - started:.0f} s, "
        f"{_peak() - before:.0f} MB",
        flush=True,
    )
    (ended,) = run_calls([Call("recap", measure_recap, (recap,))])
    print(
        f"their recap: {ended.seconds:.0f} s, {ended.processor:.0f} of processors, "
        f"at most {ended.value or 0:.0f} MB {ended.error or ended.stopped}"
    )


def measure_recap(job: object) -> float:
    """Make a recap in this process, and return the most memory it took, in MB."""
    from zi_eval.runs.jobs import make_recap

    make_recap(job)  # type: ignore[arg-type]
    return _peak()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Measure in turn and print medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=2000)
    parser.add_argument("--vast", type=int, default=0)
    options = parser.parse_args()
    adopt_orphans()
    print(describe_machine(), HEAD, sep="\n", flush=True)
    bare = compare_ways(options.units, options.rounds, is_full=False)
    full = compare_ways(options.units, options.rounds, is_full=True)
    compare_sample(options.rounds, full)
    if options.many:
        with tempfile.TemporaryDirectory() as name:
            run_many(Path(name), options.many, bare)
    if options.vast:
        with tempfile.TemporaryDirectory() as name:
            plan_vast(Path(name), options.vast)


if __name__ == "__main__":
    main()
