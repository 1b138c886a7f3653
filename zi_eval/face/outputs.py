"""What runs wrote, as tables: from the JSON of each unit, however many there are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from zi_eval.core.text import name_order
from zi_eval.core.verdict import Status
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.face.display import Shown, pick
from zi_eval.face.results import STATUSES, Results, UnitGroup, read_results
from zi_eval.instruments import load_instrument
from zi_eval.report import words
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.frames import Known

__all__ = ["OutputsView", "open_outputs"]


class OutputsView(Shown):
    """The results of a run, as tables; nothing is scored anew.

    The tables are those of a period as far as the files hold them: what they do not hold is NA.
    """

    def __init__(self, folder: Path, read: Results) -> None:
        self.folder, self._read = folder, read

    def __len__(self) -> int:
        return sum(len(group.units) for group in self._groups)

    @property
    def _groups(self) -> list[UnitGroup]:
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
    def _ids(group: UnitGroup) -> tuple[str, ...]:
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

    def _titles(self, group: UnitGroup) -> tuple[list[str], list[str]]:
        """Return level and title of each id of a group."""
        from zi_eval import frames

        named: dict[str, tuple[str, str]] = {}
        with suppress(ZiEvalError):
            named = frames.levels_of(load_instrument(group.instrument))
        known = [("total", "Nilai total"), *(named.get(k, ("question", k)) for k in group.nodes)]
        return [level for level, _ in known], [title for _, title in known]

    def _scores(self, group: UnitGroup, level: str | None, known: Known) -> dict[str, Any]:
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
    read = read_results(files)
    if not read.groups and not read.broken:
        raise WorkspaceError(f"Belum ada hasil di {path}. Buat dengan 'zi-eval run'.")
    return OutputsView(path, read)
