"""The survey documents of a unit written as files: the report, and the page to put up."""

from __future__ import annotations

from pathlib import Path

from zi_eval.errors import ZiEvalError
from zi_eval.files import file_stem, require_free, write_bytes
from zi_eval.period.earlier import earlier_folders
from zi_eval.period.reading import Period
from zi_eval.report.made import Made
from zi_eval.survey.files import find_unit_surveys
from zi_eval.survey.load import load_surveys, read_surveys
from zi_eval.survey.page.document import EarlierIndices, survey_document
from zi_eval.survey.page.poster import render_poster
from zi_eval.workplan.files import TABLES
from zi_eval.workplan.plan import Activity

__all__ = ["load_earlier_indices", "write_survey_documents"]


def load_earlier_indices(period: Period, unit: str) -> EarlierIndices:
    """Return the indices of a unit's surveys in earlier periods, by survey and period.

    A table that cannot be read leaves its period out.
    """
    found: dict[str, dict[str, float]] = {}
    for folder in earlier_folders(period.folder):
        earlier = period.beside(folder)
        if not find_unit_surveys(earlier, unit):
            continue
        for result in read_surveys(earlier, unit).results:
            if result.index is not None:
                found.setdefault(result.survey.key, {})[folder.name] = result.index
    return found


def _activities(period: Period, unit: str) -> tuple[Activity, ...]:
    """Return the activities of a unit's work plan; none without one that can be read."""
    from zi_eval.workplan.load import load_workplan

    try:
        has_plan = TABLES.has(period.folder, unit)
        return load_workplan(period, unit).standing.plan.activities if has_plan else ()
    except ZiEvalError:  # the check of the plan says why
        return ()


def write_survey_documents(
    folder: Path, unit: str, target: Path, force: bool = False
) -> tuple[Path, Path, Path]:
    """Write ``<unit>.survei.docx``, ``.html`` and ``<unit>.survei-poster.html``.

    Raises
    ------
    WorkspaceError
        Where the unit has no survey, or a file is there already and ``force`` is not given.
    ParameterError
        With every problem, where its tables have errors.
    """
    from zi_eval.report.documents.docx import render_document_docx
    from zi_eval.report.documents.html import render_document_html

    period, made = Period.read(folder), Made.now()
    surveys = load_surveys(period, unit)
    stem, name = file_stem(unit), period.folder.resolve().name
    word, page, poster = (
        target / f"{stem}.{ending}"
        for ending in ("survei.docx", "survei.html", "survei-poster.html")
    )
    for path in (word, page, poster):
        require_free(path, force)
    earlier = load_earlier_indices(period, unit)
    document = survey_document(surveys, name, made, earlier, _activities(period, unit))
    write_bytes(word, render_document_docx(document))
    write_bytes(page, render_document_html(document).encode())
    write_bytes(poster, render_poster(surveys, name).encode())
    return word, page, poster
