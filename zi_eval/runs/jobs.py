"""The two jobs of a run, each from its inputs to its files: a unit's report, the agency's recap."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from zi_eval.adapters.score_json import dump_evaluation
from zi_eval.errors import ReportError, ZiEvalError
from zi_eval.files import write_bytes
from zi_eval.runs.identity import RecapJob, UnitJob
from zi_eval.runs.notebooks import run_notebook
from zi_eval.workspace import load_agency_evaluation, load_evaluation

__all__ = ["make_recap", "make_unit_report", "withdraw_recap", "withdraw_unit_report"]

PUBLISHED = (".html", ".json", ".ipynb")
FAILED = ".gagal.ipynb"
RECAP_FILES = ("rekap.ipynb", "rekap.csv", "rekap.xlsx", "index.html")


def _relative(path: Path, root: Path) -> str:
    """Return a path as the notebooks take it: below the working folder, with forward slashes."""
    path, root = path.resolve(), root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _publish(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write files in the order given and return the SHA-256 of each by name."""
    for name, data in files.items():
        write_bytes(folder / name, data)
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def make_unit_report(job: UnitJob) -> dict[str, str]:
    """Score a unit, run its report notebook and write ``<unit>.ipynb``, ``.json``, ``.html``.

    Returns
    -------
    The SHA-256 of each file written, by name.

    Raises
    ------
    ZiEvalError
        Where the unit's file has errors, the notebook failed (it is then kept beside the reports
        under another name) or a file cannot be written.
    """
    unit = job.unit
    try:
        evaluation = load_evaluation(job.unit_file, job.stage)
        html, book = run_notebook(
            job.notebook,
            {"unit_file": _relative(job.unit_file, job.root), "stage": job.stage},
            job.root,
            f"{evaluation.assessment.unit.name} · {evaluation.assessment.period}",
        )
        scores = json.dumps(dump_evaluation(evaluation), ensure_ascii=False, indent=1) + "\n"
        written = _publish(
            job.outputs,
            {
                f"{unit}.ipynb": book,
                f"{unit}.json": scores.encode(),
                f"{unit}.html": html.encode(),
            },
        )
    except ReportError as failure:
        if failure.notebook:
            with contextlib.suppress(ZiEvalError):
                write_bytes(job.outputs / f"{unit}{FAILED}", failure.notebook)
        raise
    (job.outputs / f"{unit}{FAILED}").unlink(missing_ok=True)
    return written


def withdraw_unit_report(job: UnitJob) -> None:
    """Take back what an earlier run published: an old report must not pass for the new one."""
    _remove(job.outputs, (f"{job.unit}{suffix}" for suffix in PUBLISHED))


def withdraw_recap(job: RecapJob) -> None:
    """Take back an earlier recap, as :func:`withdraw_unit_report` does a unit's report."""
    _remove(job.outputs, RECAP_FILES)


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def make_recap(job: RecapJob) -> dict[str, str]:
    """Run the recap notebook and write ``rekap.ipynb``, ``.csv``, ``.xlsx`` and ``index.html``.

    Returns
    -------
    The SHA-256 of each file written, by name.
    """
    from zi_eval.report.recap_tables import render_recap_csv, render_recap_xlsx

    agency = load_agency_evaluation(job.parameters, job.stage)
    html, book = run_notebook(
        job.notebook,
        {
            "parameters_folder": _relative(job.parameters, job.root),
            "stage": job.stage,
            "reports": job.reports,
        },
        job.root,
        f"Rekap {agency.agency.name} · {agency.period}",
    )
    contents = (book, render_recap_csv(agency), render_recap_xlsx(agency), html.encode())
    return _publish(job.outputs, dict(zip(RECAP_FILES, contents, strict=True)))
