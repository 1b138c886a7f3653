"""Fixtures shared by all tests; tests/README.md tells how the suite works."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

from tests.laws import load_profile
from tests.sample import ROOT, copy_sample
from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.instruments import load_instrument, load_rules

LONG_MODULE = 400
"""Lines of a module past which it is named as one to split by meaning."""

load_profile()

# Python looks through all objects after each few hundred new ones, a quarter of what the suite
# took. What is imported stays anyway, so it is left out (`pytest_collection_finish`).
gc.disable()

# A grammar of international addresses, which jsonschema builds as nbformat imports it: over two
# seconds of each worker for names that no schema of notebooks holds.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return load_instrument("zi-2021")


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules("zi-2021")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout, with its notebooks and sample agency."""
    return ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with the whole sample agency, all its periods, to be changed at will."""
    return copy_sample(tmp_path / "zi", years=("2025", "2026", "2026-akip"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than processors: one always waits for a kernel or for a browser."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) + 1
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Take Ctrl-C as a terminal sends it, also where a shell started us in the background.

    There it is ignored, and so would it be by the programs that tests start and stop.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what hypothesis tries with examples as a law."""
    for item in items:
        # Hypothesis marks them itself, but later.
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.law)


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make, and not among all that they import."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Warn of long modules. A warning of Python's would be an error here, and this is a hint."""
    sizes = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "zi_eval").rglob("*.py")
    }
    for path, lines in sorted(sizes.items()):
        if lines > LONG_MODULE:
            terminalreporter.write_line(
                f"{path}: {lines} lines, past {LONG_MODULE}: split it by meaning?", yellow=True
            )
