"""What runs wrote, as tables: from the JSON of each unit, however many there are.

Thousands of files are read by several processes, and what they hold is kept as numbers in arrays:
a unit and its 180 scores take a few kilobytes, not the thirty of its file.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from pydantic_core import from_json

from zi_eval.core.problems import Problem
from zi_eval.core.text import name_order
from zi_eval.core.verdict import Status
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.face.display import Shown, pick
from zi_eval.instruments import load_instrument
from zi_eval.report import words
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.frames import Known

__all__ = ["OutputsView", "answer", "open_outputs"]

FEW: Final = 1000
"""Files for each process below which starting one costs more than it saves."""
MOST_PROCESSES: Final = 4
STATUSES: Final = tuple(s.value for s in (Status.NOT_MET, Status.UNKNOWN, Status.MET))
CODES: Final = {status: code for code, status in enumerate(STATUSES)}
Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class _Group:
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
class _Read:
    """What some files hold, by what their units share; and what could not be read."""

    groups: dict[Any, _Group] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def take(self, other: _Read) -> None:
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


def _read_files(paths: Sequence[str]) -> _Read:
    """Read the files of some units; what is no unit's is passed over."""
    found = _Read()
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


def _take(found: _Read, content: dict[str, Any]) -> None:
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
        group = found.groups[key] = _Group(content["instrument"], [], key[1], weights, rules, held)
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


def _read_all(paths: Sequence[str]) -> _Read:
    """Read files here and, where there are many, in processes of their own beside this one.

    These are started by their code and not forked: who works in a notebook has threads; and they
    never import the script that asks, as those of multiprocessing do.
    """
    count = max(1, min(MOST_PROCESSES, os.cpu_count() or 1, len(paths) // FEW))
    shares = [paths[place::count] for place in range(count)]
    helpers = []
    for share in shares[1:]:
        helper = subprocess.Popen(
            [sys.executable, "-c", "from zi_eval.face.outputs import answer; answer()"],
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


class OutputsView(Shown):
    """The results of a run, as tables; nothing is scored anew.

    The tables are those of a period as far as the files hold them: what they do not hold is NA.
    """

    def __init__(self, folder: Path, read: _Read) -> None:
        self.folder, self._read = folder, read

    def __len__(self) -> int:
        return sum(len(group.units) for group in self._groups)

    @property
    def _groups(self) -> list[_Group]:
        return list(self._read.groups.values())

    def _known(self) -> Known:
        from zi_eval import frames

        orders: dict[str, Sequence[str]] = {}
        ids = dict.fromkeys(key for group in self._groups for key in self._ids(group))
        predicates = dict.fromkeys(rule[0] for group in self._groups for rule in group.rules)
        orders["id"] = tuple(ids)
        orders["predicate"] = orders["target"] = tuple(predicates)
        read = (unit[0] for group in self._groups for unit in group.units)
        left_out = tuple(sorted(self._read.broken, key=name_order))
        orders["unit"] = tuple(sorted({*read, *left_out}, key=name_order))
        return frames.Known(self.folder.resolve().name, orders, left_out)

    @staticmethod
    def _ids(group: _Group) -> tuple[str, ...]:
        return ("total", *group.nodes)

    def units(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a unit, the highest score first; columns as those of a period."""
        from zi_eval import frames

        rows = [unit for group in self._groups for unit in group.units]
        rows.sort(key=lambda unit: (unit[6] is None, -(unit[6] or 0.0), name_order(unit[0])))
        ranked, rank, last = [], 0, None
        for place, unit in enumerate(rows, start=1):
            if unit[6] is not None and (last is None or unit[6] < last - 1e-9):
                rank, last = place, unit[6]
            shown = None if unit[6] is None else rank
            ranked.append((*unit[:8], None, shown, *unit[8:]))
        return frames.make_frame("units", ranked, self._known(), labels=labels)

    def scores(self, level: str | None = None, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a unit and score; columns as those of a period.

        Parameters
        ----------
        level
            One of total, component, aspect, part, subarea and question; all where None. Areas are
            not in the files.
        """
        from zi_eval import frames

        if level is not None:
            pick(level, frames.LEVELS, "Tingkat")
        known = self._known()
        parts = [self._scores(group, level, known) for group in self._groups]
        columns = {
            name: np.concatenate([part[name] for part in parts])
            for name in (parts[0] if parts else ())
        }
        titles = [t for group in self._groups for t in self._titles(group)[1]]
        return frames.array_frame("scores", columns, known, {"title": titles}, labels=labels)

    def _titles(self, group: _Group) -> tuple[list[str], list[str]]:
        """Return level and title of each id of a group."""
        from zi_eval import frames

        named: dict[str, tuple[str, str]] = {}
        with suppress(ZiEvalError):
            named = frames.levels_of(load_instrument(group.instrument))
        known = [("total", "Nilai total"), *(named.get(k, ("question", k)) for k in group.nodes)]
        return [level for level, _ in known], [title for _, title in known]

    def _scores(self, group: _Group, level: str | None, known: Known) -> dict[str, Any]:
        from zi_eval import frames

        levels, _ = self._titles(group)
        ids, places = self._ids(group), {key: n for n, key in enumerate(known.orders["id"])}
        kept = [n for n, kind in enumerate(levels) if level in (None, kind)]
        units = {key: n for n, key in enumerate(known.orders["unit"])}
        roots = [n for n, key in enumerate(group.nodes) if "." not in key]
        points, counts = np.stack(group.points), np.stack(group.counts)  # units, two, nodes
        total = np.nansum(points[:, :, roots], axis=2)
        total[np.isnan(points[:, 0][:, roots]).all(axis=1), 0] = np.nan
        of_all = counts[:, :, roots].sum(axis=2, dtype=np.int16)
        count, size = len(group.units), len(kept)

        def flat(one: npt.NDArray[Any], rest: npt.NDArray[Any], place: int) -> npt.NDArray[Any]:
            return np.column_stack([one[:, place], rest[:, place]])[:, kept].reshape(-1)

        score = flat(total, points, 0)
        top = sum(group.weights[n] or 0.0 for n in roots)
        all_weights = np.array([top, *group.weights], np.float64)[kept]
        weight = np.tile(all_weights, count)
        first = sum(len(self._ids(g)) for g in self._groups[: self._groups.index(group)])

        def each(values: Sequence[int], dtype: Any) -> Any:
            return np.tile(np.array(values, dtype), count)

        with np.errstate(invalid="ignore", divide="ignore"):
            percent = score / weight * 100
        return {
            "unit": np.repeat(np.array([units[u[0]] for u in group.units], np.int32), size),
            "stage": np.repeat(
                np.array([frames.STAGES.index(s) for s in group.stages], np.int8), size
            ),
            "level": each([frames.LEVELS.index(levels[n]) for n in kept], np.int8),
            "id": each([places[ids[n]] for n in kept], np.int16),
            "title": each([first + n for n in kept], np.int16),
            "score": score,
            "weight": weight,
            "percent": percent,
            "floor": flat(total, points, 1),
            "answered": flat(of_all, counts, 0),
            "questions": flat(of_all, counts, 1),
        }

    def rules(self, *, failed: bool = False, labels: bool = False) -> pd.DataFrame:
        """Return one row a unit, predicate and minimum; only those not reached if ``failed``."""
        from zi_eval import frames

        def rows() -> Iterator[tuple[Any, ...]]:
            for group in self._groups:
                for unit, figures in zip(group.units, group.got, strict=True):
                    for rule, (got, margin, status) in zip(
                        group.rules, figures.tolist(), strict=True
                    ):
                        if failed and margin >= -1e-9:
                            continue
                        seen = got == got
                        yield (
                            unit[0], unit[3], *rule[:4], got if seen else None,
                            margin if seen else None, STATUSES[int(status)], rule[4],
                        )  # fmt: skip

        return frames.make_frame("rules", rows(), self._known(), labels=labels)

    def prerequisites(self, *, unknown: bool = False, labels: bool = False) -> pd.DataFrame:
        """Return one row a unit, predicate and prerequisite; only unstated ones if ``unknown``."""
        from zi_eval import frames

        def rows() -> Iterator[tuple[Any, ...]]:
            for group in self._groups:
                for unit, got, status in zip(
                    group.units, group.held, group.held_status, strict=True
                ):
                    for item, said, code in zip(
                        group.prerequisites, got, status.tolist(), strict=True
                    ):
                        if not unknown or STATUSES[code] == "unknown":
                            yield (unit[0], *item[:5], said, STATUSES[code], item[5])

        return frames.make_frame("prerequisites", rows(), self._known(), labels=labels)

    def problems(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each warning of a unit, and for each file that cannot be read."""
        from zi_eval import frames

        rows = frames.problem_rows(self._read.problems)
        return frames.make_frame("problems", rows, self._known(), labels=labels)

    def section(self) -> Section:
        """Return how many units there are, and how they stand."""
        from markupsafe import Markup

        lines = Markup("").join(Markup("<p>{}</p>").format(x) for x in repr(self).splitlines())
        return Section(Markup('<section class="hero">{}</section>').format(lines))

    def __repr__(self) -> str:
        counts = dict.fromkeys(STATUSES, 0)
        for group in self._groups:
            for unit in group.units:
                counts[unit[5]] += 1
        said = ", ".join(
            f"{words.format_count(count)} {words.status_label(Status(status))}"
            for status, count in counts.items()
            if count
        )
        lines = [f"{self.folder}: hasil {words.format_count(len(self))} unit", said]
        if self._read.broken:
            lines.append(f"{len(self._read.broken)} berkas tidak terbaca; lihat .problems()")
        return "\n".join(line for line in lines if line)


def open_outputs(folder: str | Path) -> OutputsView:
    """Open what a run wrote: ``outputs/<period>/``, as tables.

    Parameters
    ----------
    folder
        Where the JSON of each unit is.

    Raises
    ------
    WorkspaceError
        Where the folder is not there, or holds no results.
    """
    path = Path(folder)
    if not path.is_dir():
        raise WorkspaceError(f"Folder {path} tidak ada. Buat hasilnya dengan 'zi-eval run'.")
    with os.scandir(path) as entries:
        files = sorted(e.path for e in entries if e.name.endswith(".json") and e.name[0] != ".")
    read = _read_all(files)
    if not read.groups and not read.broken:
        raise WorkspaceError(f"Belum ada hasil di {path}. Buat dengan 'zi-eval run'.")
    return OutputsView(path, read)
