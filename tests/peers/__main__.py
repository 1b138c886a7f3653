"""The public suites of papermill and nbclient, with the stock engine and with ours, side by side.

    python -m tests.peers papermill --source FOLDER
    python -m tests.peers nbclient --source FOLDER -- -k notebooks

``FOLDER`` is an unpacked source distribution (``pip download --no-binary :all: papermill``). Its
tests need packages of their own (its ``[test]`` or ``[dev]`` extra); files whose packages are not
there are left out and counted for neither. Prints how many tests passed with each engine and names
those that end otherwise; ends with code 1 where any does. Nothing is written into the folder.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
TESTS = {"papermill": Path("papermill/tests"), "nbclient": Path("tests")}
ENDS = ("passed", "failed", "skipped")


def run_suite(peer: str, source: Path, is_ours: bool, options: list[str]) -> dict[str, str]:
    """Run a suite in a copy of its source; return how each test ended, by its name."""
    with tempfile.TemporaryDirectory(prefix="zi-eval-peer-") as name:
        folder, report = Path(name) / "source", Path(name) / "report.xml"
        shutil.copytree(source, folder)
        path = [str(ROOT / "tests" / "peers"), str(ROOT)]
        if peer == "papermill":  # its tests are a part of it
            path.insert(0, str(folder))
        kept = os.environ.get("PYTHONPATH")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-W",
            "default",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        command += ["-p", "default_engine"] if is_ours else []
        command += ["-o", "addopts=", "-o", "junit_family=xunit1", f"--junitxml={report}"]
        command += ["--continue-on-collection-errors", str(TESTS[peer]), *options]
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([*path, *([kept] if kept else [])])},
            check=False,
        )
        ends = {}
        for case in ElementTree.parse(report).iter("testcase"):
            kinds = {child.tag for child in case}
            end = "failed" if kinds & {"failure", "error"} else "skipped" if kinds else "passed"
            ends[f"{case.get('classname')}::{case.get('name')}"] = end
        return ends


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.peers", description=__doc__)
    parser.add_argument("peer", choices=TESTS)
    parser.add_argument("--source", type=Path, required=True)
    asked, options = parser.parse_known_args()  # what it does not know is for pytest
    options = [option for option in options if option != "--"]
    stock, ours = (
        run_suite(asked.peer, asked.source, is_ours, options) for is_ours in (False, True)
    )
    print(f"\n{asked.peer:<12} {'stock':>6} {'ours':>6}")
    counts = Counter(stock.values()), Counter(ours.values())
    for end in ENDS:
        print(f"{end:<12} {counts[0][end]:>6} {counts[1][end]:>6}")
    differing = [name for name in {**stock, **ours} if stock.get(name) != ours.get(name)]
    for name in differing:
        print(
            f"{name}: {stock.get(name, 'absent')} with stock, {ours.get(name, 'absent')} with ours"
        )
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
