"""What the files of a run hold, read into arrays by several processes.

A unit and its 180 scores take a few kilobytes, not the thirty of its file.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic_core import from_json

from zi_eval.core.problems import Problem
from zi_eval.core.verdict import Status

__all__ = ["STATUSES", "Results", "UnitGroup", "answer", "read_results"]

FEW: Final = 1000
"""Files for each process below which starting one costs more than it saves."""
MOST_PROCESSES: Final = 4
STATUSES: Final = tuple(s.value for s in (Status.NOT_MET, Status.UNKNOWN, Status.MET))
CODES: Final = {status: code for code, status in enumerate(STATUSES)}
Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class UnitGroup:
    """Units of one instrument and one set of rules: what they share once, figures in arrays.

    Attributes
    ----------
    units
        What stands once in each file, in the order of the table of units.
    nodes
        Ids of the scores, with ``weights``; a unit has score and floor of each (``points``), and
        how many questions are answered, of how many (``counts``).
    rules, prerequisites
        What is asked: predicate, id and the rest of its row.
    """

    instrument: str
    stages: list[str] = field(default_factory=list)
    nodes: tuple[str, ...] = ()
    weights: tuple[float | None, ...] = ()
    rules: tuple[tuple[Any, ...], ...] = ()
    prerequisites: tuple[tuple[Any, ...], ...] = ()
    units: list[tuple[Any, ...]] = field(default_factory=list)
    points: list[Floats] = field(default_factory=list)
    counts: list[npt.NDArray[np.int16]] = field(default_factory=list)
    got: list[Floats] = field(default_factory=list)
    held: list[tuple[str | None, ...]] = field(default_factory=list)
    held_status: list[npt.NDArray[np.int8]] = field(default_factory=list)


@dataclass(slots=True)
class Results:
    """What some files hold, by what their units share; and what could not be read."""

    groups: dict[Any, UnitGroup] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def take(self, other: Results) -> None:
        """Add what another process read."""
        for key, group in other.groups.items():
            mine = self.groups.setdefault(key, group)
            if mine is not group:
                for name in ("stages", "units", "points", "counts", "got", "held", "held_status"):
                    getattr(mine, name).extend(getattr(group, name))
        self.problems += other.problems
        self.broken += other.broken


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return f"{value:g}"


def _read_files(paths: Sequence[str]) -> Results:
    """Read the files of some units; what is no unit's is passed over."""
    found = Results()
    for path in paths:
        unit = os.path.basename(path)[: -len(".json")]
        try:
            with open(path, "rb") as stream:
                content = from_json(stream.read())
            if not isinstance(content, dict) or "nodes" not in content:
                continue
            _take(found, content)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            found.broken.append(unit)
            message = f"hasil unit ini tidak dapat dibaca ({type(error).__name__})."
            hint = "Buat ulang dengan 'zi-eval run --force'."
            found.problems.append(
                (unit, Problem(code="hasil-rusak", message=message, hint=hint, file=path))
            )
    return found


def _take(found: Results, content: dict[str, Any]) -> None:
    nodes, verdicts = content["nodes"], content["verdicts"]
    asked = [(name, rule) for name, verdict in verdicts.items() for rule in verdict["rules"]]
    facts = [(name, x) for name, verdict in verdicts.items() for x in verdict["prerequisites"]]
    rules = tuple((n, r["id"], r["title"], r["need"], r["source"]) for n, r in asked)
    held = tuple(
        (n, x["id"], x["who"], x["title"], _plain(x["need"]), x["source"]) for n, x in facts
    )
    values = list(nodes.values())
    weights = tuple(node["weight"] for node in values)
    key = (content["instrument"], tuple(nodes), weights, rules, held)
    group = found.groups.get(key)
    if group is None:
        group = found.groups[key] = UnitGroup(
            content["instrument"], [], key[1], weights, rules, held
        )
    points = [[node["score"] for node in values], [node["floor"] for node in values]]
    counts = [[node["answered"] for node in values], [node["questions"] for node in values]]
    figures = [[r["got"], r["margin"], CODES[r["status"]]] for _, r in asked]
    target = content.get("target") or content.get("predicate")
    verdict = verdicts.get(target)
    failed = [x for x in verdict["prerequisites"] if x["status"] == "not_met"] if verdict else []
    roots = [node for name, node in nodes.items() if "." not in name]
    group.units.append(
        (
            content["unit"], content["name"], None, content["stage"], target,
            verdict["status"] if verdict else "unknown", content["total"], content["floor"],
            sum(node["answered"] for node in roots), sum(node["questions"] for node in roots),
            sum(not r["met"] for r in verdict["rules"]) if verdict else None,
            len(failed) if verdict else None,
            len(verdict["missing"]["prerequisites"]) if verdict else None,
            len(content["problems"]),
        )
    )  # fmt: skip
    group.stages.append(content["stage"])
    group.points.append(np.array(points, np.float64))
    group.counts.append(np.array(counts, np.int16))
    group.got.append(np.array(figures, np.float64).reshape(-1, 3))
    group.held.append(tuple(_plain(x["got"]) for _, x in facts))
    group.held_status.append(np.array([CODES[x["status"]] for _, x in facts], np.int8))
    for item in content["problems"]:
        problem = Problem(
            code=item["code"], key=item["key"], line=item["line"], message=item["message"],
        )  # fmt: skip
        found.problems.append((content["unit"], problem))


def read_results(paths: Sequence[str]) -> Results:
    """Read files here and, where there are many, in processes of their own beside this one.

    These are started by their code and not forked: who works in a notebook has threads; and they
    never import the script that asks, as those of multiprocessing do.
    """
    count = max(1, min(MOST_PROCESSES, os.cpu_count() or 1, len(paths) // FEW))
    shares = [paths[place::count] for place in range(count)]
    helpers = []
    for share in shares[1:]:
        helper = subprocess.Popen(
            [sys.executable, "-c", "from zi_eval.face.results import answer; answer()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert helper.stdin is not None
        with helper.stdin as stream:
            stream.write(json.dumps(share).encode())
        helpers.append(helper)
    found = _read_files(shares[0])
    for helper in helpers:
        with helper:
            assert helper.stdout is not None
            found.take(pickle.load(helper.stdout))
    return found


def answer() -> None:
    """Read the files named on the standard input, and hand on what they hold."""
    found = _read_files(json.loads(sys.stdin.buffer.read()))
    pickle.dump(found, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
