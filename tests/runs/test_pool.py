from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.waiting import wait_until, wait_until_gone
from zi_eval.runs.pool import Call, Ended, Limits, can_fork, run_calls
from zi_eval.runs.scratch import own_scratch

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork")

SEEN: list[int] = []


def square(number: int) -> int:
    SEEN.append(number)
    os.environ["LEAK"] = "1"
    return number * number * len(SEEN)


def fail() -> None:
    raise ValueError("sebab")


def die(path: str) -> None:
    with open(path, "a") as stream:
        stream.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_with_child(path: str) -> None:
    child = subprocess.Popen(["sleep", "60"])
    Path(path).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(60)


def fill_memory() -> int:
    return len(bytearray(900_000_000))


def one(call: Call, limits: Limits | None = None) -> Ended:
    (ended,) = run_calls([call], limits)
    return ended


def test_each_call_runs_once_in_a_process_that_nothing_leaked_into() -> None:
    ended = list(run_calls((Call(n, square, (n,)) for n in range(8)), workers=3))
    assert {item.key: item.value for item in ended} == {n: n * n for n in range(8)}
    assert SEEN == []
    assert "LEAK" not in os.environ


def test_no_process_imports_the_program_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, main = tmp_path / "program.py", ModuleType("__main__")
    program.write_text(f"open({str(tmp_path / 'imported')!r}, 'w')\n")
    main.__file__ = str(program)
    monkeypatch.setitem(sys.modules, "__main__", main)
    assert one(Call("n", square, (3,))).value == 9
    assert not (tmp_path / "imported").exists()
    assert sys.modules["__main__"] is main


def test_an_exception_comes_back_as_it_is() -> None:
    ended = one(Call("f", fail))
    assert isinstance(ended.error, ValueError)
    assert str(ended.error) == "sebab"


def test_a_call_that_kills_its_process_is_tried_once_more_and_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "attempts"
    results = list(run_calls([Call("d", die, (str(path),)), Call(2, square, (2,))]))
    by_key = {item.key: item for item in results}
    assert (by_key["d"].stopped, by_key[2].value) == ("died", 4)
    assert path.read_text() == "xx"


def test_a_call_past_its_time_ends_with_its_whole_group(tmp_path: Path) -> None:
    path = tmp_path / "pids"
    ended = one(Call("s", sleep_with_child, (str(path),)), Limits(seconds=4.0))
    assert ended.stopped == "time"
    wait_until_gone(*map(int, path.read_text().split()))


def test_a_call_past_its_memory_fails_and_says_so() -> None:
    ended = one(Call("m", fill_memory), Limits(memory=600_000_000))
    assert isinstance(ended.error, MemoryError)


def test_leaving_early_ends_what_runs(tmp_path: Path) -> None:
    path = tmp_path / "pids"
    calls = [Call(1, square, (1,)), Call("s", sleep_with_child, (str(path),))]
    results = run_calls(calls, workers=2)
    assert next(results).key == 1
    wait_until(lambda: path.exists() and " " in path.read_text())
    results.close()  # type: ignore[attr-defined]
    wait_until_gone(*map(int, path.read_text().split()))


@pytest.mark.long
def test_the_death_of_the_parent_ends_every_call(tmp_path: Path) -> None:
    path = tmp_path / "pids"
    code = (
        "from zi_eval.runs.pool import Call, run_calls\n"
        "from tests.runs.test_pool import sleep_with_child\n"
        f"list(run_calls([Call(1, sleep_with_child, ({str(path)!r},))]))\n"
    )
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=root)
    wait_until(lambda: path.exists() and " " in path.read_text())
    parent.kill()
    parent.wait()
    wait_until_gone(*map(int, path.read_text().split()))


def end_the_warm_process(path: str, number: int) -> int:
    """Kill the process that ours was forked from, unless another call did."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        os.kill(os.getppid(), signal.SIGKILL)
    return number


@pytest.mark.long
def test_the_death_of_the_warm_process_costs_no_call(tmp_path: Path) -> None:
    calls = [Call(n, end_the_warm_process, (str(tmp_path / "once"), n)) for n in range(5)]
    ended = list(run_calls(calls, workers=2))
    assert (tmp_path / "once").exists()
    assert sorted(item.value for item in ended) == [0, 1, 2, 3, 4]


def look_around() -> tuple[str | None, str, str, object]:
    handler = signal.getsignal(signal.SIGINT)
    return os.environ.get("BARU"), time.strftime("%z"), tempfile.mkdtemp(), handler


def test_what_is_around_reaches_a_call_also_where_the_warm_process_is_older(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one(Call("warm", abs, (1,)))
    monkeypatch.setenv("BARU", "ya")
    monkeypatch.setenv("TZ", "Asia/Jayapura")
    new, zone, folder, handler = one(Call("a", look_around)).value
    assert (new, zone, Path(folder).parent) == ("ya", "+0900", own_scratch())
    assert handler is signal.default_int_handler


def test_the_next_run_clears_the_temporary_files_of_dead_ones_only(
    tmp_path: Path,
) -> None:
    code = (
        "from zi_eval.runs.scratch import own_scratch\n"
        "(own_scratch() / 'sisa').write_text('x'); print('siap', flush=True); input()"
    )

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        return process

    dead, alive = start(), start()
    assert len([*tmp_path.glob("*/sisa")]) == 2
    dead.kill()
    dead.communicate()
    following = start()
    assert len([*tmp_path.glob("*/sisa")]) == 2  # of the two that live
    for process in (alive, following):
        process.communicate("\n")
    assert [*tmp_path.iterdir()] == []


def test_threads_do_where_nothing_can_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zi_eval.runs.pool.can_fork", lambda: False)
    calls = [*(Call(n, abs, (-n,)) for n in range(6)), Call("f", fail)]
    ended = {item.key: item for item in run_calls(calls, workers=2)}
    assert [ended[n].value for n in range(6)] == list(range(6))
    assert isinstance(ended["f"].error, ValueError)
