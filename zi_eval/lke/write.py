"""Workbooks that are written: one unit's new one, a filled copy, a mended one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.errors import ZiEvalError
from zi_eval.files import require_free, write_bytes
from zi_eval.instruments import DEFAULT_INSTRUMENT, load_instrument, load_workbook_layouts
from zi_eval.lke.audit import inspect_workbook
from zi_eval.lke.export import WorkbookExport, export_workbook
from zi_eval.lke.fill import WorkbookFill, fill_workbook
from zi_eval.lke.mend import Mending, mend_workbook
from zi_eval.period.evaluations import load_evaluation

__all__ = ["MendedFile", "fill_copy", "mend_file", "unit_workbook", "write_unit_workbook"]


def unit_workbook(evaluation: Evaluation) -> WorkbookExport:
    """Return one unit as a workbook of its own with living formulas.

    Raises
    ------
    ZiEvalError
        Where the instrument has no whole workbook.
    """
    instrument = evaluation.instrument
    layouts = load_workbook_layouts(instrument.id)
    layout = next((layout for layout in layouts if layout.totals), None)
    if layout is None:
        raise ZiEvalError(
            f"Instrumen {instrument.id} tidak mempunyai tata letak buku kerja yang "
            "lengkap. Tambahkan 'totals' di workbook.yaml-nya."
        )
    return export_workbook(evaluation.assessment, instrument, layout, evaluation.stage)


def write_unit_workbook(
    unit_file: Path, target: Path, stage: str | Stage = Stage.TPI, force: bool = False
) -> tuple[Evaluation, WorkbookExport]:
    """Write one unit as a workbook of its own with living formulas.

    Parameters
    ----------
    stage
        At the unit's own stage, answers and notes of the TPI are left out.
    force
        Write over a file that is there.

    Raises
    ------
    ParameterError
        With every problem of the unit's or agency's file.
    ZiEvalError
        Where the name is not one of a workbook, the file is there already, or the instrument has
        no whole workbook.
    """
    if target.suffix.lower() != ".xlsx":
        raise ZiEvalError(f"{target} bukan nama buku kerja; pakai nama berakhiran .xlsx.")
    require_free(target, force)
    evaluation = load_evaluation(unit_file, stage)
    made = unit_workbook(evaluation)
    write_bytes(target, made.data)
    return evaluation, made


def fill_copy(
    unit_file: Path,
    workbook: Path,
    target: Path,
    stage: str | Stage = Stage.TPI,
    force: bool = False,
) -> WorkbookFill:
    """Write a copy of a team's workbook with one unit's answers, notes and evidence in it.

    Formats, formulas, comments and other sheets stay as they are.

    Raises
    ------
    ParameterError, WorkbookError
        Where the unit or the workbook cannot be read.
    ZiEvalError
        Where the copy is to be of another kind, or is there already.
    """
    if target.suffix.lower() != workbook.suffix.lower():
        raise ZiEvalError(
            f"{target} harus berakhiran {workbook.suffix} seperti {workbook.name}; ganti nama "
            "hasilnya."
        )
    require_free(target, force)
    evaluation = load_evaluation(unit_file, stage)
    layouts = load_workbook_layouts(evaluation.instrument.id)
    made = fill_workbook(
        workbook, evaluation.assessment, evaluation.instrument, layouts, evaluation.stage
    )
    write_bytes(target, made.data)
    return made


@dataclass(frozen=True, slots=True)
class MendedFile:
    """What was mended in a workbook, and how many findings people must look at themselves."""

    path: Path
    mendings: tuple[Mending, ...]
    left: int


def mend_file(workbook: Path, target: Path, force: bool = False) -> MendedFile:
    """Write a copy of a workbook with its formulas, weights and types mended, no answer changed.

    Raises
    ------
    WorkbookError
        Where the workbook cannot be read.
    ZiEvalError
        Where the copy is to be of another kind, or is there already.
    """
    if target.suffix.lower() != workbook.suffix.lower():
        raise ZiEvalError(f"{target} harus berakhiran {workbook.suffix} seperti {workbook.name}.")
    require_free(target, force)
    instrument = load_instrument(DEFAULT_INSTRUMENT)
    audited = inspect_workbook(workbook, instrument, load_workbook_layouts(DEFAULT_INSTRUMENT))
    made = mend_workbook(audited)
    write_bytes(target, made.data)
    left = sum(not (item.is_fixable or item.is_template) for item in audited.findings())
    return MendedFile(target, made.mendings, left)
