"""The suite many times over while others keep the processors busy: ``make test-repeat``.

A test that passes now and then is found by running it often, and most such tests fail only where a
machine is slow. So as many processes as asked for compute for nothing meanwhile::

    python -m tests.repeat --count 20 --busy 2                      # as `make test`, twenty times
    python -m tests.repeat --count 50 --busy 4 -- -n 0 tests/browser/test_form.py
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

SUITE = ["-n", "auto", "--dist", "worksteal", "-m", "not long"]
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def compute_for_nothing(parent: int) -> None:
    """Take a processor until ended, or until the process that wants it is gone."""
    number = 1
    while os.getppid() == parent:
        for _ in range(1_000_000):
            number = number * 6364136223846793005 % 2**64 + 1


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep ``count`` processors busy meanwhile."""
    others = [
        multiprocessing.Process(target=compute_for_nothing, args=(os.getpid(),), daemon=True)
        for _ in range(count)
    ]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.kill()


def repeat(count: int, options: Sequence[str]) -> Counter[str]:
    """Run pytest so many times; return how often each test failed, and print each round's end."""
    failures: Counter[str] = Counter()
    for number in range(1, count + 1):
        command = [sys.executable, "-m", "pytest", "-q", *options]
        done = subprocess.run(command, capture_output=True, text=True)
        failed = FAILED.findall(done.stdout)
        if done.returncode and not failed:
            failed = [f"pytest itself, {done.returncode}: {done.stderr[-300:].strip()}"]
        failures.update(failed)
        said = done.stdout.strip().rpartition("\n")[2]
        print(f"{number}/{count}: {said}", *failed, sep="\n  ", flush=True)
    return failures


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--count", type=int, default=20, help="how often the suite is run")
    parser.add_argument("--busy", type=int, default=2, help="processes that compute for nothing")
    parser.add_argument("options", nargs="*", help="what pytest is given, after --")
    given = parser.parse_args()
    with busy(given.busy):
        failures = repeat(given.count, given.options or SUITE)
    for test, times in failures.most_common():
        print(f"failed {times} times of {given.count}: {test}")
    print(f"{given.count} rounds, {given.busy} others busy: {len(failures)} tests failed at times")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
