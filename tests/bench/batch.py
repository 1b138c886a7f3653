"""What a unit's report costs: our batch beside the two usual ways, in one run.

    python -m tests.bench.batch [--units 40] [--rounds 3] [--many 2000]

Prints medians of rounds in which all ways take their turn, on the project's own notebooks:

- bare units (answers only) and full ones (plan, three surveys, an earlier year), seconds a unit by
  ``commands``: a loop of the ``papermill`` and ``jupyter nbconvert`` commands;
  ``one process``: papermill's and nbconvert's Python functions called in one warm process;
  ``zi-eval``: ``zi-eval run --jobs 2`` over many units, its start and the recap included. Of a full
  unit the usual ways make both notebooks and not the drafts of its LKjIP, which zi-eval adds;
- the sample's eight units from cold, and the same run once more with nothing changed.

Then one long run of ``--many`` units (0 leaves it out): whether it keeps its pace and its memory,
what it leaves behind, and what the same run costs once more with nothing changed.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "parameters" / "2026"
FULL = "dpmptsp"
"""The sample with a plan, three surveys and an earlier year."""
COMMAND = [sys.executable, "-m", "zi_eval", "run", "--jobs", "2"]
Book = tuple[str, dict[str, str]]
"""A notebook's name and what it is given."""


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


def time_commands(folder: Path, books: list[Book]) -> float:
    """Return the seconds of one unit by the stock commands."""
    started = time.perf_counter()
    for name, parameters in books:
        book = folder / f"stock-{name}.ipynb"
        given = [part for key, value in parameters.items() for part in ("-p", key, value)]
        source = str(ROOT / "notebooks" / f"{name}.ipynb")
        for command in (
            ["papermill", source, str(book), *given],
            ["jupyter", "nbconvert", "--to", "html", "--no-input", str(book)],
        ):
            subprocess.run(
                [sys.executable, "-m", *command], cwd=folder, check=True, capture_output=True
            )
    return time.perf_counter() - started


def time_one_process(folder: Path, books: list[Book]) -> float:
    """Return the seconds of one unit by the stock Python functions, here."""
    import nbformat
    import papermill
    from nbconvert.exporters import HTMLExporter

    started = time.perf_counter()
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
            )
            exporter = HTMLExporter(exclude_input=True)  # type: ignore[no-untyped-call]
            html, _ = exporter.from_notebook_node(nbformat.read(book, as_version=4))
        book.with_suffix(".html").write_text(html, "utf-8")
    return time.perf_counter() - started


def time_run(folder: Path, *options: str) -> float:
    """Return the seconds of a run from a cold start to the recap's end."""
    started = time.perf_counter()
    subprocess.run([*COMMAND, *options], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - started


def compare_ways(units: int, rounds: int, is_full: bool) -> None:
    """Print the seconds a unit of each way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = (make_full_units if is_full else make_units)(folder, units)
        books = books_of(names[0], is_full)
        time_one_process(folder, books)
        ways: dict[str, Callable[[], float]] = {
            "commands": lambda: time_commands(folder, books),
            "one process": lambda: time_one_process(folder, books),
            "zi-eval": lambda: time_run(folder, "--force") / len(names),
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, measure in ways.items():
                taken[way].append(measure())
    ours = statistics.median(taken["zi-eval"])
    kind = "full" if is_full else "bare"
    for way, seconds in taken.items():
        median = statistics.median(seconds)
        line = f"{kind} {way:12} {median:7.3f} s a unit   {median / ours:5.1f} x zi-eval"
        print(line, flush=True)


def time_sample(rounds: int) -> None:
    """Print what the sample's eight units take from cold, and unchanged."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "parameters", folder / "parameters")
        time_run(folder)
        cold = statistics.median(time_run(folder, "--force") for _ in range(rounds))
        unchanged = statistics.median(time_run(folder) for _ in range(rounds))
    print(f"eight full units from cold {cold:6.2f} s, unchanged {unchanged:.2f} s", flush=True)


def run_many(folder: Path, count: int) -> None:
    """Run many units once, then again unchanged, and print what was seen."""
    make_units(folder, count)
    outputs = folder / "outputs" / "2026"
    before = {process.pid for process in psutil.process_iter()}
    started = time.perf_counter()
    with subprocess.Popen(COMMAND, cwd=folder, stdout=subprocess.DEVNULL) as process:
        memory, parent = list[float](), psutil.Process(process.pid)
        while process.poll() is None:
            with contextlib.suppress(psutil.Error):
                memory.append(parent.memory_info().rss / 1e6)
            time.sleep(0.5)
    seconds = time.perf_counter() - started
    left = [p for p in psutil.process_iter(["cmdline"]) if p.pid not in before]
    ours = [p for p in left if any("zi_eval" in part for part in p.info["cmdline"] or ())]
    ends = sorted(path.stat().st_mtime for path in outputs.glob("*.html") if path.stem != "index")
    slice_ = min(200, len(ends) // 4)
    first, last = ends[slice_] - ends[0], ends[-1] - ends[-1 - slice_]
    unfinished = [path.name for path in outputs.iterdir() if path.name.endswith(".zi-eval-tmp")]
    # The first tenth is start-up: modules and the fork server come in.
    settled = memory[len(memory) // 10]
    print(f"\n{len(ends)} of {count} reports in {seconds:.0f} s, exit code {process.returncode}")
    print(f"last {slice_} against first {slice_}: {last / first - 1:+.1%} time")
    print(f"parent's memory: {settled:.1f} MB, at the end {memory[-1]:.1f}, most {max(memory):.1f}")
    print(f"left over: {len(unfinished)} files, {len(ours)} processes")
    started = time.perf_counter()
    subprocess.run(COMMAND, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    print(f"once more, nothing changed: {time.perf_counter() - started:.2f} s")


def main() -> None:
    """Measure in turn and print medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--units", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=2000)
    options = parser.parse_args()
    compare_ways(options.units, options.rounds, is_full=False)
    compare_ways(options.units, options.rounds, is_full=True)
    time_sample(options.rounds)
    if options.many:
        with tempfile.TemporaryDirectory() as name:
            run_many(Path(name), options.many)


if __name__ == "__main__":
    main()
