"""Puts each mutant before the tests near its module and prints how many were seen.

    python -m tests.mutants --only core/verdict [--every 5] [--survivors]

All happens in one process that has collected the tests: it runs them once to learn which lines each
passes, then forks a child for each mutant. The child puts the mutant's code in the functions that
exist, and runs the tests that pass its line, cheapest first, until one fails. Equivalent mutants
are named with their reason in ``equivalent.txt``.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import io
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, TypeAlias

import pytest

from tests.mutants import Mutant, draw_mutants, functions_of
from tests.sample import ROOT

NEAR: dict[str, tuple[str, ...]] = {
    "core/scoring": ("core", "instruments/test_laws.py", "doubts/test_verdict.py"),
    "core/verdict": (
        "core",
        "instruments/test_laws.py",
        "instruments/test_akip.py",
        "doubts/test_verdict.py",
    ),
    "core/rules": ("core", "instruments/test_rulesets.py", "instruments/test_akip.py"),
    "instruments/rulesets": ("instruments/test_rulesets.py", "instruments/test_akip.py"),
    "journal/records": ("journal", "hostile/test_journals.py"),
    "journal/store": ("journal", "hostile/test_journals.py"),
    "journal/live_unit": ("journal", "hostile/test_journals.py"),
    "journal/live_file": ("journal", "hostile/test_journals.py", "app/test_keys.py"),
    "journal/live_table": (
        "journal/test_live_table.py",
        "journal/test_live_file.py",
        "performance/form",
        "recommendations/form",
        "workplan/form",
        "hostile/test_journals.py",
        "app/test_keys.py",
    ),
    "performance/form/store": ("performance/form", "app/test_keys.py"),
    "recommendations/form/store": ("recommendations",),
    "workplan/form/store": ("workplan",),
    "portal/gate": ("portal",),
    "portal/limits": ("portal/test_limits.py", "portal/test_app.py"),
    "portal/tokens": ("portal/test_tokens.py", "portal/test_app.py"),
    "secret_file": ("portal/test_tokens.py", "app/test_keys.py"),
}
"""The tests near each module."""
CALLS = 20_000_000
"""Calls that the tests of one mutant may make together; the dearest are left out beyond."""
CPU, WALL = 10, 300
"""Seconds, of the processor (and two more for each million calls) and in all, until a mutant that
never ends counts as seen: nets, far above what the tests take."""
LEAST = 0.90
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
SEEN, LIVED, STOPPED, SAME, UNFIT = "seen", "lived", "stopped", "equivalent", "unfit"


Functions: TypeAlias = dict[tuple[str, int], list[FunctionType]]
"""The functions of a module as they were imported, by :func:`_name`."""


def _name(code: CodeType) -> tuple[str, int]:
    """Return what a function is known by, compiled now or imported and run before."""
    return code.co_qualname, code.co_firstlineno


def equivalents() -> dict[str, str]:
    """Return the reason by module and mutant, for those that change nothing anyone could see."""
    lines = EQUIVALENT.read_text("utf-8").splitlines() if EQUIVALENT.exists() else []
    return dict(line.split(" | ") for line in lines if line and not line.startswith("#"))


@dataclass
class Passed:
    """How many calls a test makes, and which lines of the module it passes."""

    calls: int
    lines: frozenset[int]
    is_right: bool


@dataclass
class Hunt:
    """A plugin of pytest that runs the collected tests once for each mutant."""

    module: str
    every: int
    outcomes: Counter[str] = field(default_factory=Counter)
    survivors: list[str] = field(default_factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        path = ROOT / "zi_eval" / f"{self.module}.py"
        importlib.import_module(f"zi_eval.{self.module.replace('/', '.')}")
        source = path.read_text("utf-8")
        original = compile(source, str(path), "exec")
        functions: Functions = {}
        gc.unfreeze()  # what was imported may be frozen, and is not found then
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename == str(path):
                functions.setdefault(_name(thing.__code__), []).append(thing)
        passed: dict[str, Passed] = _in_child(lambda: _trace(session, str(path)))[1]
        known = equivalents()
        mutants = [*draw_mutants(source, str(path))][:: self.every]
        for mutant in mutants:
            name = f"{self.module}: {mutant.name}"
            if name in known:
                outcome = SAME
            else:
                outcome = self._outcome(session, mutant, original, functions, passed)
            self.outcomes[outcome] += 1
            if outcome == LIVED:
                self.survivors.append(f"{self.module}: {mutant.name}  (line {mutant.lines.start})")
                print(self.survivors[-1], file=sys.stderr, flush=True)
        return True

    def _outcome(
        self,
        session: pytest.Session,
        mutant: Mutant,
        original: CodeType,
        functions: Functions,
        passed: dict[str, Passed],
    ) -> str:
        lines = set(mutant.lines)
        near = [
            (found.calls, item)
            for item in session.items
            if (found := passed.get(item.nodeid)) and found.is_right
            and (mutant.constant or lines & found.lines)
        ]  # fmt: skip
        near.sort(key=lambda pair: pair[0])
        total, chosen = 0, []
        for calls, item in near:
            total += calls
            if total <= CALLS or not chosen:
                chosen.append(item)
        if not chosen:
            return LIVED

        def work() -> bool | None:
            try:
                _put(mutant, original, functions, self.module)
            except ValueError:  # a method that asks super() cannot be given code that does not
                return None
            return all(_is_right(item) for item in chosen)

        code, is_right = _in_child(work, CPU + 2 * min(total, CALLS) // 1_000_000)
        if code > 0:
            raise RuntimeError(f"not put in place: {mutant.name}")
        if code < 0:  # by a signal: out of time or memory
            return STOPPED
        return UNFIT if is_right is None else LIVED if is_right else SEEN


def _put(
    mutant: Mutant,
    original: CodeType,
    functions: Functions,
    module: str,
) -> None:
    """Put the mutant in place of what was imported."""
    for before, after in zip(functions_of(original), functions_of(mutant.code), strict=True):
        if before != after:
            for function in functions[_name(before)]:
                function.__code__ = after
    if mutant.constant:
        real = sys.modules[f"zi_eval.{module.replace('/', '.')}"]
        changed = ModuleType(real.__name__)
        sys.modules[real.__name__] = changed
        exec(mutant.code, vars(changed))
        sys.modules[real.__name__] = real
        before, after = vars(real)[mutant.constant], vars(changed)[mutant.constant]
        for other in list(sys.modules.values()):
            if getattr(other, "__dict__", {}).get(mutant.constant) is before:
                setattr(other, mutant.constant, after)
    for thing in gc.get_objects():
        if isinstance(thing, _lru_cache_wrapper) and thing.__module__.endswith(
            module.replace("/", ".")
        ):
            thing.cache_clear()


def _is_right(item: pytest.Item) -> bool:
    """Run one test; whether it passes."""
    failed = item.session.testsfailed
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    return item.session.testsfailed == failed


def _trace(session: pytest.Session, path: str) -> dict[str, Passed]:
    """Run all tests and return what each passed."""
    lines: set[int] = set()

    calls = 0

    def see(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal calls
        calls += event == "call"
        if frame.f_code.co_filename != path:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return see

    found: dict[str, Passed] = {}
    threading.settrace(see)
    for item in session.items:
        lines.clear()
        calls = 0
        sys.settrace(see)
        try:
            is_right = _is_right(item)
        finally:
            sys.settrace(None)
        found[item.nodeid] = Passed(calls, frozenset(lines), is_right)
        if not is_right:
            os.write(2, f"fails without a mutant, so it is left out: {item.nodeid}\n".encode())
    return found


def _in_child(work: Callable[[], Any], cpu: int = 0) -> tuple[int, Any]:
    """Do work in a forked child; return its exit code and what it returned.

    A mutant's is bounded in seconds of the processor, and nobody listens to it.
    """
    folder = tempfile.mkdtemp(prefix="zi-eval-mutant-")
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
            if cpu:
                signal.alarm(WALL)
                resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
                silent = os.open(os.devnull, os.O_RDWR)
                os.dup2(silent, 1)
                os.dup2(silent, 2)
            os.close(out)
            data = pickle.dumps(work())
            with os.fdopen(into, "wb") as stream:
                stream.write(data)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests left behind
    shutil.rmtree(folder, ignore_errors=True)
    code = os.waitstatus_to_exitcode(status)
    return code, pickle.loads(data) if code == 0 else None


def hunt(module: str, every: int) -> Hunt:
    """Run the tests near a module against its mutants."""
    found = Hunt(module, every)
    paths = [str(ROOT / "tests" / name) for name in NEAR[module]]
    options = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=no"]
    with redirect_stdout(io.StringIO()):  # what pytest says of its own run
        code = pytest.main([*options, "-m", "not long and not browser", *paths], plugins=[found])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"the mutants of {module} were not all tried")
    return found


def table(found: Iterable[Hunt]) -> str:
    """Return the counts by module."""
    lines = [
        "| module | mutants | equivalent | seen | lived | score |",
        "|---|---|---|---|---|---|",
    ]
    for row in found:
        count = row.outcomes
        seen, lived = count[SEEN] + count[STOPPED], count[LIVED]
        lines.append(
            f"| `{row.module}` | {seen + lived + count[SAME]} | {count[SAME]} | {seen} | {lived} "
            f"| {seen / max(seen + lived, 1):.1%} |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", choices=list(NEAR), action="append")
    parser.add_argument("--every", type=int, default=1, help="take each Nth mutant only")
    chosen = parser.parse_args()
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    found = []
    for module in chosen.only or list(NEAR):
        # Each in a process of its own, which has imported what its tests import and no more.
        code, row = _in_child(lambda module=module: hunt(module, chosen.every))
        if code:
            return code
        found.append(row)
    print(table(found))
    seen = sum(r.outcomes[SEEN] + r.outcomes[STOPPED] for r in found)
    lived = sum(r.outcomes[LIVED] for r in found)
    return int(seen / max(seen + lived, 1) < LEAST)


if __name__ == "__main__":
    sys.exit(main())
