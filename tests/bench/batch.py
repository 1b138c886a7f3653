"""What a unit's report costs: our batch beside the two usual ways, in one run.

    python -m tests.bench.batch [--units 40] [--rounds 3] [--many 2000]

Prints the median wall time a unit of each way, on the project's own notebook and sample units:

- ``commands``: a loop of the ``papermill`` and ``jupyter nbconvert`` commands;
- ``one process``: papermill's and nbconvert's Python functions called in one warm process;
- ``zi-eval``: ``zi-eval run --jobs 2`` over many units, its start and the recap included.

Then one long run of ``--many`` units (0 leaves it out): whether it keeps its pace and its memory,
what it leaves behind, and what the same run costs once more with nothing changed.
"""

from __future__ import annotations

import argparse
import contextlib
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


def make_units(folder: Path, count: int) -> list[str]:
    """Write ``count`` unit files made from the samples and return their ids."""
    target = folder / "parameters" / "2026"
    target.mkdir(parents=True)
    (target / "instansi.yaml").write_bytes((SAMPLES / "instansi.yaml").read_bytes())
    samples = sorted(path for path in SAMPLES.glob("*.yaml") if path.stem != "instansi")
    names = []
    for number in range(count):
        sample = samples[number % len(samples)]
        name = f"{sample.stem}-{number:05d}"
        text = sample.read_text("utf-8").replace(f"id: {sample.stem}\n", f"id: {name}\n", 1)
        (target / f"{name}.yaml").write_text(text, "utf-8")
        names.append(name)
    return names


def time_commands(folder: Path, unit: str) -> float:
    """Return the seconds of one unit by the stock commands."""
    book = folder / f"{unit}.ipynb"
    started = time.perf_counter()
    papermill = [sys.executable, "-m", "papermill", str(ROOT / "notebooks/laporan_unit.ipynb")]
    parameters = ["-p", "unit_file", f"parameters/2026/{unit}.yaml", "-p", "stage", "tpi"]
    subprocess.run(
        [*papermill, str(book), *parameters], cwd=folder, check=True, capture_output=True
    )
    convert = [
        sys.executable,
        "-m",
        "jupyter",
        "nbconvert",
        "--to",
        "html",
        "--no-input",
        str(book),
    ]
    subprocess.run(convert, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - started


def time_one_process(folder: Path, unit: str) -> float:
    """Return the seconds of one unit by the stock Python functions, here."""
    import nbformat
    import papermill
    from nbconvert.exporters import HTMLExporter

    started = time.perf_counter()
    book = folder / f"{unit}.ipynb"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        papermill.execute_notebook(
            str(ROOT / "notebooks" / "laporan_unit.ipynb"),
            str(book),
            parameters={"unit_file": f"parameters/2026/{unit}.yaml", "stage": "tpi"},
            progress_bar=False,
            cwd=str(folder),
            engine_name="nbclient",
        )
        exporter = HTMLExporter(exclude_input=True)  # type: ignore[no-untyped-call]
        html, _ = exporter.from_notebook_node(nbformat.read(book, as_version=4))
    (folder / f"{unit}.html").write_text(html, "utf-8")
    return time.perf_counter() - started


def time_batch(folder: Path, units: list[str]) -> float:
    """Return the seconds a unit of our batch with two workers."""
    command = [sys.executable, "-m", "zi_eval", "run", "--jobs", "2", "--force"]
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (time.perf_counter() - started) / len(units)


def run_many(folder: Path, count: int) -> None:
    """Run many units once, then again unchanged, and print what was seen."""
    make_units(folder, count)
    outputs = folder / "outputs" / "2026"
    command = [sys.executable, "-m", "zi_eval", "run", "--jobs", "2"]
    before = {process.pid for process in psutil.process_iter()}
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
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
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    print(f"once more, nothing changed: {time.perf_counter() - started:.2f} s")


def main() -> None:
    """Run the three ways in turn and print their medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--units", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        units = make_units(folder, options.units)
        time_one_process(folder, units[0])
        ways: dict[str, Callable[[], float]] = {
            "commands": lambda: time_commands(folder, units[0]),
            "one process": lambda: time_one_process(folder, units[0]),
            "zi-eval": lambda: time_batch(folder, units),
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way, measure in ways.items():
                taken[way].append(measure())
    ours = statistics.median(taken["zi-eval"])
    for way, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"{way:12} {median:7.3f} s a unit   {median / ours:5.1f} x zi-eval", flush=True)
    if options.many:
        with tempfile.TemporaryDirectory() as name:
            run_many(Path(name), options.many)


if __name__ == "__main__":
    main()
