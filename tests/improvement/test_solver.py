"""The solver's own process: what it finds, and that nothing of it reaches our standard output."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from zi_eval.improvement.solver import Task, solve

# A unit with random answers, and a rule that does not nest with the others: HiGHS prints a line.
SCRIPT = """
import os, random, sys, threading
from dataclasses import replace
from zi_eval.core.assessment import Answer, Assessment, Stage, Unit
from zi_eval.core.evaluation import evaluate
from zi_eval.core.rules import Rule, Threshold
from zi_eval.improvement import programme
from zi_eval.improvement.effort_file import load_effort
from zi_eval.improvement.way import find_improvement
from zi_eval.instruments import load_instrument, load_rules


def in_this_process(task):
    from scipy.optimize import LinearConstraint, milp

    rules = LinearConstraint(task.rows, task.lows, task.highs)
    ones = [1] * len(task.costs)
    found = milp(task.costs, integrality=ones, bounds=(0, 1), constraints=rules,
                 options={"mip_rel_gap": 0.0})
    return found.status, found.message, [n for n, x in enumerate(found.x) if x > 0.5]


instrument, rules = load_instrument("zi-2021"), load_rules("zi-2021")
draw = random.Random(75)


def answer(question):
    if question.scale.kind == "choice":
        return draw.choice(list(question.scale.values))
    if question.scale.kind == "index":
        return round(draw.uniform(2.5, 4), 2)
    return tuple(float(draw.randint(1, 20)) if n == 0 else 0.0
                 for n in range(len(question.asked_inputs)))


answers = {key: Answer(unit=answer(item)) for key, item in instrument.questions.items()}
across = Rule("x", "x", ("A.I.1", "B.II"), {"WBK": Threshold(points=14.8)}, "x")
unit = Assessment(Unit("u", "U"), "zi-2021", "WBK", answers=answers)
rules = replace(rules, rules=(*rules.rules, across))
evaluation = evaluate(instrument, rules, unit, None, Stage.UNIT)
if sys.argv[1] == "here":
    programme.solve = in_this_process
is_over, lines = threading.Event(), 0


def write():
    global lines
    while not is_over.wait(0.0005):
        os.write(1, b"ours\\n")
        lines += 1


thread = threading.Thread(target=write)
thread.start()
way = find_improvement(evaluation, load_effort(instrument).effort).way
is_over.set()
thread.join()
sys.stderr.write(f"{lines} {way.effort}")
"""
TWO = Task(np.array([1.0, 3.0]), np.array([[1.0, 2.0]]), np.array([2.0]), np.array([np.inf]), 60.0)


def output(how: str) -> tuple[set[str], bool, float]:
    """Return the lines that came out, whether all of the thread's did, and the effort found."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True
    )
    written, effort = run.stderr.split()
    lines = run.stdout.splitlines()
    return set(lines), lines.count("ours") == int(written), float(effort)


def test_what_other_threads_write_meanwhile_arrives_and_nothing_else() -> None:
    lines, is_whole, _ = output("own")
    assert is_whole
    assert lines == {"ours"}


@pytest.mark.long
def test_in_this_process_the_solver_would_write_between_and_find_the_same() -> None:
    loud, _, effort = output("here")
    assert effort == output("own")[2]
    if loud == {"ours"}:
        pytest.skip("this version of HiGHS writes nothing here")
    assert any("transformNewIntegerFeasibleSolution" in line for line in loud)


def test_the_least_cost_is_found_and_what_cannot_be_is_told() -> None:
    assert solve(TWO)[::2] == (0, [1])
    assert solve(TWO._replace(lows=np.array([4.0])))[::2] == (2, [])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes")
def test_a_forked_process_has_a_solver_of_its_own() -> None:
    script = """
import os, sys
import numpy as np
from zi_eval.improvement.solver import Task, solve
task = Task(np.array([1.0]), np.array([[1.0]]), np.array([1.0]), np.array([1.0]), 60.0)
assert solve(task)[2] == [0]
pid = os.fork()
if not pid:
    os._exit(0 if solve(task)[2] == [0] else 1)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert solve(task)[2] == [0]
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=60)
