"""All units of a period, then the agency's recap; one unit's failure never stops the others."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from zi_eval.adapters.score_json import dump_evaluation
from zi_eval.core.assessment import Stage
from zi_eval.errors import ReportError, ZiEvalError
from zi_eval.files import write_bytes, write_text
from zi_eval.runs.notebooks import run_notebook
from zi_eval.starter import notebook_path
from zi_eval.workspace import Period, load_agency_evaluation

__all__ = ["UnitResult", "run_recap", "run_units"]

FAILED = ".gagal.ipynb"


@dataclass(frozen=True, slots=True)
class UnitResult:
    """How one unit's run ended: ``error`` is empty where its report was published."""

    unit: str
    seconds: float
    error: str = ""


def _relative(path: Path, root: Path) -> str:
    """Return a path as the notebooks take it: below the working folder, with forward slashes."""
    path, root = path.resolve(), root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _run_unit(period: Period, path: Path, stage: Stage, root: Path, outputs: Path) -> UnitResult:
    started, unit = time.perf_counter(), path.stem
    try:
        evaluation = period.evaluate(path, stage)
        html, book = run_notebook(
            notebook_path(root, "laporan_unit"),
            {"unit_file": _relative(path, root), "stage": stage.value},
            root,
            f"{evaluation.assessment.unit.name} · {evaluation.assessment.period}",
        )
        write_bytes(outputs / f"{unit}.ipynb", book)
        scores = json.dumps(dump_evaluation(evaluation), ensure_ascii=False, indent=1)
        write_text(outputs / f"{unit}.json", scores + "\n")
        write_text(outputs / f"{unit}.html", html)
        with contextlib.suppress(OSError):
            (outputs / f"{unit}{FAILED}").unlink()
        error = ""
    except ZiEvalError as failure:
        error = str(failure)
        _withdraw(outputs, unit, failure.notebook if isinstance(failure, ReportError) else b"")
    return UnitResult(unit, time.perf_counter() - started, error)


def _withdraw(outputs: Path, unit: str, book: bytes) -> None:
    """Take back what an earlier run published: an old report must not pass for the new one."""
    for suffix in (".html", ".json", ".ipynb"):
        with contextlib.suppress(OSError):
            (outputs / f"{unit}{suffix}").unlink()
    if book:
        with contextlib.suppress(ZiEvalError):
            write_bytes(outputs / f"{unit}{FAILED}", book)


def run_units(
    root: Path,
    period: Period,
    units: Sequence[str],
    stage: Stage,
    outputs: Path,
    jobs: int,
    report: Callable[[UnitResult], None],
) -> list[UnitResult]:
    """Run the report notebook of each unit and write ``<unit>.html``, ``.ipynb``, ``.json``.

    Parameters
    ----------
    jobs
        How many kernels at once.
    report
        Called once for each unit as it ends, in the order in which they end.
    """
    results: list[UnitResult] = []
    files = [period.find(unit) for unit in units]
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures: list[Future[UnitResult]] = [
            pool.submit(_run_unit, period, path, stage, root, outputs) for path in files
        ]
        try:
            for future in as_completed(futures):
                results.append(future.result())
                report(results[-1])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results


def run_recap(root: Path, period: Period, stage: Stage, outputs: Path) -> Path:
    """Run the recap notebook and write ``index.html``, ``rekap.csv`` and ``rekap.xlsx``.

    Returns
    -------
    The path of ``index.html``.
    """
    from zi_eval.report.recap_tables import render_recap_csv, render_recap_xlsx

    reports = [unit for unit in period.unit_files if (outputs / f"{unit}.html").is_file()]
    agency = load_agency_evaluation(period.folder, stage)
    html, book = run_notebook(
        notebook_path(root, "rekap_instansi"),
        {
            "parameters_folder": _relative(period.folder, root),
            "stage": stage.value,
            "reports": ",".join(reports),
        },
        root,
        f"Rekap {agency.agency.name} · {agency.period}",
    )
    write_bytes(outputs / "rekap.ipynb", book)
    write_bytes(outputs / "rekap.csv", render_recap_csv(agency))
    write_bytes(outputs / "rekap.xlsx", render_recap_xlsx(agency))
    write_text(outputs / "index.html", html)
    return outputs / "index.html"
