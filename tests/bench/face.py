"""What the face costs: 300 units as tables, and thousands of units from what a run wrote.

    python -m tests.bench.face [--units 25000]

Processor seconds, so that a busy machine does not blur them; memory is the highest of the process.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import zi_eval as zi
from tests.sample import ROOT, copy_sample
from zi_eval.period.score_json import dump_evaluation

UNITS = 300


def spent(work: Callable[[], object]) -> str:
    """Return the processor seconds of some work, with those of the processes it waited for."""
    before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    work()
    after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, helpers = (b.ru_utime - a.ru_utime for a, b in zip(before, after, strict=True))
    return f"{own:6.2f} s" + (f" beside {helpers:.2f} s of its helpers" if helpers > 0.1 else "")


def copy_units(folder: Path, count: int) -> Path:
    """Write so many units of the sample agency under other ids, and return their folder."""
    home = copy_sample(folder, "dpmptsp") / "parameters" / "2026"
    sources = sorted((ROOT / "parameters" / "2026").glob("*.yaml"))
    texts = [(p.stem, p.read_text("utf-8")) for p in sources if p.stem != "instansi"]
    for number in range(count):
        name, text = texts[number % len(texts)]
        unit = f"unit-{number:03}"
        (home / f"{unit}.yaml").write_text(text.replace(f"id: {name}", f"id: {unit}", 1), "utf-8")
    return home


def write_outputs(folder: Path, count: int) -> Path:
    """Write so many results as a run does, and return their folder."""
    period = zi.open_period(ROOT / "parameters" / "2026")
    made = [dump_evaluation(period[unit].case.evaluation) for unit in period]
    folder.mkdir()
    for number in range(count):
        unit = f"unit-{number:05}"
        content = json.dumps({**made[number % len(made)], "unit": unit}, indent=1)
        (folder / f"{unit}.json").write_text(content, "utf-8")
    return folder


def main() -> None:
    """Print a line a step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--units", type=int, default=25_000)
    count = options.parse_args().units
    with tempfile.TemporaryDirectory() as name:
        home = copy_units(Path(name) / "zi", UNITS)
        outputs = write_outputs(Path(name) / "outputs", count)
        start = time.process_time()
        period = zi.open_period(home)
        print(f"scores of {UNITS} units, first:  {spent(period.scores)}")
        print(f"scores of {UNITS} units, again:  {spent(period.scores)}")
        found: list[zi.OutputsView] = []
        print(f"{count} results, opened:   {spent(lambda: found.append(zi.open_outputs(outputs)))}")
        for table in ("units", "scores", "rules", "prerequisites"):
            print(f"{count} results, {table}: {spent(getattr(found[0], table))}")
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"in all {time.process_time() - start:.1f} s, at most {most:.0f} MB")


if __name__ == "__main__":
    main()
