"""The two jobs of a run, each from its inputs to its files: a unit's report, the agency's recap.

A unit whose report could not be made gets a log in its place, and keeps its notebook as far as it
ran; both bear names that are never a report's.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from contextlib import chdir
from pathlib import Path

from zi_eval.case import Case, Reported, load_agency, load_case
from zi_eval.core.assessment import Stage
from zi_eval.core.verdict import Status
from zi_eval.errors import ZiEvalError
from zi_eval.files import file_stem, hash_file, write_bytes
from zi_eval.formats import render_json
from zi_eval.performance.load import load_agency_performance, load_performance
from zi_eval.performance.unit import PAGES
from zi_eval.period.reading import Period, handed_on
from zi_eval.period.score_json import dump_evaluation
from zi_eval.period.share import RECAP, dump_share, share_file
from zi_eval.recommendations.load import load_registers
from zi_eval.report.made import Made
from zi_eval.runs.identity import RecapJob, UnitJob
from zi_eval.runs.ledger import State
from zi_eval.runs.notebooks import run_notebook
from zi_eval.workplan.load import load_agency_workplans

__all__ = [
    "LOG",
    "PERFORMANCE",
    "make_recap",
    "make_unit_files",
    "withdraw_failure_log",
    "withdraw_old_pages",
    "withdraw_recap",
    "withdraw_unit_report",
    "write_failure_log",
]

PUBLISHED = (".html", ".json", ".ipynb")
PERFORMANCE = ".kinerja.html"
"""Ending of a unit's performance page."""
PLANNED = (".kinerja.ipynb", *(ending for ending, _ in PAGES))
"""What a unit has besides where its plan can be read."""
LOG = ".gagal.html"
"""Ending of a failed unit's log; no unit's id has a dot, so it is no unit's report."""
STOPPED = ".gagal.ipynb"
RECAP_FILES = ("rekap.ipynb", "rekap.csv", "rekap.xlsx", "index.html")


def _relative(path: Path, root: Path) -> str:
    """Return a path as the notebooks take it: below the working folder, with forward slashes."""
    path, root = path.resolve(), root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _run(job: UnitJob) -> str:
    """Return the run's folder as notebooks take it; empty where it hands nothing on to the unit."""
    return _relative(job.run, job.root) if job.run and job.shares else ""


def _publish(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write files in the order given and return the SHA-256 of each by name."""
    for name, data in files.items():
        write_bytes(folder / name, data)
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def make_unit_files(job: UnitJob) -> dict[str, str]:
    """Make a unit's report, ``<unit>.ipynb``, ``.json`` and ``.html``, and the pages of its plan.

    The notebooks find the unit as it is known here: it is read and evaluated once.

    Returns
    -------
    The SHA-256 of each file written, by name.

    Raises
    ------
    ZiEvalError
        Where the unit's file has errors, a notebook failed (the error then holds it) or a file
        cannot be written.
    """
    stem, run, began = job.stem, _run(job), time.monotonic()
    unit_file = _relative(job.unit_file, job.root)
    # By the path that the notebooks are given, which their messages show.
    with chdir(job.root):
        case = load_case(unit_file, job.stage, run)
        evaluation = case.evaluation
    with handed_on(case.period):
        html, book = run_notebook(
            job.notebook,
            {"unit_file": unit_file, "stage": job.stage, "run": run},
            job.root,
            f"{evaluation.assessment.unit.name} · {evaluation.assessment.period}",
            job.seconds,
        )
        scores = render_json(dump_evaluation(evaluation)) + "\n"
        files = {
            f"{stem}.ipynb": book,
            f"{stem}.json": scores.encode(),
            f"{stem}.html": html.encode(),
        }
        if job.performance_notebook is not None:
            taken = time.monotonic() - began
            left = None if job.seconds is None else max(0.01, job.seconds - taken)
            files |= _make_performance_pages(job, case, job.performance_notebook, left)
    return _publish(job.outputs, files)


def _make_performance_pages(
    job: UnitJob, case: Case, notebook: Path, seconds: float | None
) -> dict[str, bytes]:
    """Run the performance notebook of a unit with a plan, and draft its performance report."""
    from zi_eval.performance.lkjip.document import lkjip_document
    from zi_eval.report.documents.docx import render_document_docx
    from zi_eval.report.documents.html import render_document_html

    unit, stem, run = job.unit, job.stem, _run(job)
    with chdir(job.root):
        data = load_performance(case.period, unit, run=run)
    html, book = run_notebook(
        notebook,
        {
            "parameters_folder": _relative(job.unit_file.parent, job.root),
            "unit": unit,
            "cap": "",
            "run": run,
        },
        job.root,
        f"Kinerja {data.standing.plan.name} · {data.standing.plan.year}",
        seconds,
    )
    draft = lkjip_document(data, Made.now())
    return {
        f"{stem}.kinerja.ipynb": book,
        f"{stem}{PERFORMANCE}": html.encode(),
        f"{stem}.lkjip.html": render_document_html(draft).encode(),
        f"{stem}.lkjip.docx": render_document_docx(draft),
    }


def withdraw_unit_report(job: UnitJob) -> None:
    """Take back what an earlier run published: an old report must not pass for the new one."""
    _remove(job.outputs, (f"{job.stem}{suffix}" for suffix in (*PUBLISHED, *PLANNED)))


def withdraw_old_pages(job: UnitJob, written: Iterable[str]) -> None:
    """Take back the pages of a plan that is gone, or has errors now: those not in ``written``.

    Done by the run, which alone sees the outputs where other machines made the report.
    """
    _remove(job.outputs, {f"{job.stem}{ending}" for ending in PLANNED}.difference(written))


def write_failure_log(
    job: UnitJob, state: State, error: str, notebook: bytes = b"", source: str = ""
) -> None:
    """Write ``<unit>.gagal.html``: how the job ended, why, and what to do next.

    Written by the run itself, so that a unit whose process was killed, or ran on another machine,
    has its log too. Where it cannot be written there is none: the failure is in the ledger.

    Parameters
    ----------
    state, error
        How the job ended, as the ledger has it.
    notebook
        The executed notebook as far as it got, kept as ``<unit>.gagal.ipynb`` with the failing
        cell marked; empty where there is none.
    source
        What it was made from, by default the notebook of the report.
    """
    from zi_eval.pages.failure_log import FailureLog, render_failure_log
    from zi_eval.runs.failures import clean_text, mark_failing_cell, read_failed_cell

    withdraw_failure_log(job)
    log = FailureLog(
        unit=job.unit,
        period=job.outputs.name,
        stage=Stage(job.stage),
        unit_file=_relative(job.unit_file, job.root),
        report_notebook=clean_text(source or str(job.notebook), job.root),
        error=clean_text(error, job.root),
        made=Made.now(),
        is_late=state is State.TIMED_OUT,
        executed=f"{job.stem}{STOPPED}" if notebook else "",
        cell=read_failed_cell(notebook, job.root) if notebook else None,
    )
    with contextlib.suppress(ZiEvalError):
        if notebook:
            write_bytes(job.outputs / log.executed, mark_failing_cell(notebook))
        write_bytes(job.outputs / f"{job.stem}{LOG}", render_failure_log(log).encode())


def withdraw_failure_log(job: UnitJob) -> None:
    """Take back the log and the notebook of an earlier failure."""
    _remove(job.outputs, (f"{job.stem}{suffix}" for suffix in (LOG, STOPPED)))


def withdraw_recap(job: RecapJob) -> None:
    """Take back an earlier recap, as :func:`withdraw_unit_report` does a unit's report."""
    _remove(job.outputs, RECAP_FILES)


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def make_recap(job: RecapJob) -> dict[str, str]:
    """Run the recap notebook and write ``rekap.ipynb``, ``.csv``, ``.xlsx`` and ``index.html``.

    The notebook finds the period as it is known here: it is read and evaluated once.

    Returns
    -------
    The SHA-256 of each file written, by name.
    """
    from zi_eval.pages.agency.published import read_published
    from zi_eval.pages.agency.recap import Recap
    from zi_eval.pages.agency.tables import render_recap_csv, render_recap_xlsx

    folder, run = _relative(job.parameters, job.root), _relative(job.run, job.root)
    with chdir(job.root):
        period = Period(Path(folder))
    reported = _reported(job, Period(job.parameters).unit_files)
    published = {**json.loads(job.published), "verdicts": reported}
    write_bytes(share_file(job.run, RECAP), dump_share(published))
    with handed_on(period):
        with chdir(job.root):
            agency = load_agency(period, job.stage, read_published(run).verdicts)
            plans = load_agency_performance(period)
            registers = load_registers(period)
            workplans = load_agency_workplans(period)
        html, book = run_notebook(
            job.notebook,
            {"parameters_folder": folder, "stage": job.stage, "run": run},
            job.root,
            f"Rekap {agency.agency.name} · {agency.period}",
        )
    recap = Recap(agency, plans, registers=registers, workplans=workplans)
    contents = (book, render_recap_csv(recap), render_recap_xlsx(recap), html.encode())
    return _publish(job.outputs, dict(zip(RECAP_FILES, contents, strict=True)))


def _reported(job: RecapJob, files: Mapping[str, Path]) -> dict[str, Reported]:
    """Return the verdicts of the reports that are of the files as they are, with their doubts."""
    found: dict[str, Reported] = {}
    for unit, path in files.items():
        with contextlib.suppress(OSError, ValueError, KeyError):
            said = json.loads((job.outputs / f"{file_stem(unit)}.json").read_bytes())
            if said["answers_hash"] == hash_file(path) and said["stage"] == job.stage:
                found[unit] = {
                    key: (
                        Status(item["status"]),
                        tuple(item["doubts"]),
                        tuple(item["explained"]),
                    )
                    for key, item in said["verdicts"].items()
                }
    return found
