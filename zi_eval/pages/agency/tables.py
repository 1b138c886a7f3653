"""The recap as a table, a CSV and a workbook, for people who go on calculating.

The CSV is made for a double click in an Excel set to Indonesian: UTF-8 with a byte order mark (or
Excel takes it for a legacy code page), ``;`` between fields and a decimal comma (Excel splits and
reads numbers by the regional settings, and Indonesian ones use exactly these), CRLF line ends. An
Excel set to English would not split it; the workbook opens right everywhere.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from zi_eval.core.agency import AgencyEvaluation, AreaShare, UnitStanding, compared_areas
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.text import by_name
from zi_eval.formats import is_formula_like, pack, render_csv, unpack
from zi_eval.pages.agency.kawasan import kawasan_rows
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.rows import rule_text
from zi_eval.performance.page.recap import performance_sheets
from zi_eval.recommendations.page.sections import register_sheet
from zi_eval.report import words
from zi_eval.workplan.page.sections import workplan_sheet

__all__ = ["recap_columns", "recap_rows", "render_recap_csv", "render_recap_xlsx"]

FIXED_TIME = dt.datetime(2000, 1, 1)
"""Written as the workbook's time, so that equal values give equal bytes."""

NOT_EVALUATED = "tidak dapat dievaluasi"
TEXT_LIMIT = 32_767
WIDTHS = {
    **dict.fromkeys(("Nama unit", "Indikator", "Sasaran", "Rekomendasi"), 46),
    **dict.fromkeys(("Ambang yang belum dicapai", "Keterangan", "Alasan"), 60),
    **dict.fromkeys(("Sebab", "Tindak lanjut", "Yang diputuskan", "Penanggung jawab"), 36),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

NATIONAL, NATIONAL_SCORE = "Keputusan TPN", "Nilai menurut TPN"

Value = str | int | float | None


def _unit_row(
    evaluation: AgencyEvaluation, standing: UnitStanding, shares: Sequence[AreaShare]
) -> dict[str, Value]:
    item = standing.evaluation
    unit, target = item.assessment.unit, item.target
    row: dict[str, Value] = {
        "Peringkat": standing.rank,
        "Kode unit": unit.id,
        "Nama unit": unit.name,
        "Jenis": unit.kind,
        **(
            {"Predikat": item.predicate or words.status_label(target.status)}
            if item.rules.bands
            else {
                "Target": item.assessment.target,
                "Hasil target": words.status_label(target.status),
            }
        ),
        "Nilai total": item.card.total.score,
        "Nilai terendah yang mungkin": item.card.total.floor,
    }
    for root in evaluation.instrument.roots:
        row[evaluation.instrument.nodes[root].title] = item.card.nodes[root].score
    for share in shares:
        row[f"{share.area.title} (% bobot)"] = share.percent
    for predicate, verdict in item.verdicts.items():
        row[f"Predikat {predicate}"] = words.status_label(verdict.status)
    failed = target.failed_rules
    row |= {
        "Ambang yang belum dicapai": "; ".join(rule_text(outcome.rule) for outcome in failed),
        "Jumlah ambang yang belum dicapai": len(failed),
        "Prasyarat belum terpenuhi": len(target.failed_prerequisites),
        "Prasyarat belum diketahui": len(target.unknown_prerequisites),
        "Pertanyaan belum dijawab": len(target.open_questions),
        "Dijawab TPI": item.assessment.judged,
        "Final": "Ya" if item.assessment.final is not None else "Tidak",
        "Keraguan": len(target.doubts),
        "Catatan pemeriksaan": len(item.problems),
        "Keterangan": "",
    }
    return row


def _of_tpn(recap: Recap, item: Evaluation) -> dict[str, Value]:
    """Return what the TPN decided of a unit, and the total by its answers where it gave any."""
    decided = recap.stages.units.get(item.assessment.unit.id)
    has_answers = item.assessment.judged_by(Stage.TPN)
    return {
        NATIONAL: decided.text if decided is not None else None,
        NATIONAL_SCORE: item.card_at(Stage.TPN).total.score if has_answers else None,
    }


def recap_columns(recap: Recap) -> list[str]:
    """Return the headings of the recap's table; of the TPN only where it decided or answered."""
    evaluation = recap.evaluation
    has_answers = any(item.assessment.judged_by(Stage.TPN) for item in evaluation.evaluations)
    has_bands = bool(evaluation.rules.bands)
    aims = () if has_bands else evaluation.rules.predicates
    unmet = ("Ambang yang belum dicapai", "Jumlah ambang yang belum dicapai")
    prerequisites = ("Prasyarat belum terpenuhi", "Prasyarat belum diketahui")
    return [
        *("Peringkat", "Kode unit", "Nama unit", "Jenis"),
        *(("Predikat",) if has_bands else ("Target", "Hasil target")),
        *("Nilai total", "Nilai terendah yang mungkin"),
        *(evaluation.instrument.nodes[root].title for root in evaluation.instrument.roots),
        *(f"{area.title} (% bobot)" for area in compared_areas(evaluation.instrument)),
        *(f"Predikat {predicate}" for predicate in aims),
        *(() if has_bands else (*unmet, *prerequisites)),
        *(
            "Pertanyaan belum dijawab",
            "Dijawab TPI",
            "Final",
            *((NATIONAL,) if recap.stages else ()),
            *((NATIONAL_SCORE,) if has_answers else ()),
            "Keraguan",
            "Catatan pemeriksaan",
            "Keterangan",
        ),
    ]


def recap_rows(recap: Recap) -> list[list[Value]]:
    """Return one row a unit, highest total first, then the units that could not be evaluated.

    Points and percentages are at full precision; what is not known is None, never 0.
    """
    evaluation = recap.evaluation
    rows = [
        _unit_row(evaluation, standing, shares) | _of_tpn(recap, standing.evaluation)
        for standing, shares in zip(recap.standings, recap.shares, strict=True)
    ]
    column = "Predikat" if evaluation.rules.bands else "Hasil target"
    rows += [
        {"Kode unit": unit, column: NOT_EVALUATED, "Keterangan": reason}
        for unit, reason in by_name(evaluation.failures)
    ]
    columns = recap_columns(recap)
    return [[row.get(name) for name in columns] for row in rows]


def render_recap_csv(recap: Recap) -> bytes:
    """Return the recap as CSV for Indonesian Excel (see the module).

    Text that Excel would run as a formula gets an apostrophe before it.
    """
    columns = recap_columns(recap)
    return render_csv([columns, *recap_rows(recap)]).encode("utf-8-sig")


def _set(cell: Cell | MergedCell, value: Value, number_format: str) -> None:
    if isinstance(value, str):
        cell.value = _CONTROL.sub("�", value)[:TEXT_LIMIT]
        cell.data_type = "s"
        if is_formula_like(value):
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value
        cell.number_format = number_format


def _number_format(column: str, value: Value) -> str:
    if not isinstance(value, float):
        return "0"
    return "0.0" if "%" in column else "0.00"


def _fill_sheet(
    sheet: Worksheet, columns: Sequence[str], rows: Iterable[Sequence[Value]], freeze: str
) -> None:
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(1, number)
        _set(cell, column, "General")
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color="1F3A5F")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(column, 14)
    for line, row in enumerate(rows, start=2):
        for number, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            cell = sheet.cell(line, number)
            _set(cell, value, _number_format(column, value))
            if column in WIDTHS:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = freeze
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _pack(workbook: Workbook) -> bytes:
    """Write the workbook so that equal contents are equal bytes (openpyxl stamps the clock)."""
    workbook.properties.creator = "zi-eval"
    workbook.properties.created = workbook.properties.modified = FIXED_TIME
    raw = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(raw, "w")).save()
    return pack(unpack(raw.getvalue()), FIXED_TIME.timetuple()[:6])


def render_recap_xlsx(recap: Recap) -> bytes:
    """Return the recap as a workbook: units, costly questions, prerequisites, origin.

    Where units have performance tables, a sheet of them and one of what to act on follow.

    Numbers are numbers at full precision with a format, text is text even where it starts with
    ``=``, ``+``, ``-`` or ``@``; equal values give equal bytes.
    """
    evaluation = recap.evaluation
    instrument = evaluation.instrument
    workbook = Workbook()
    first = workbook.worksheets[0]
    first.title = "Rekap unit"
    _fill_sheet(first, recap_columns(recap), recap_rows(recap), "D2")
    _fill_sheet(
        workbook.create_sheet("Poin hilang"),
        (
            "Nomor",
            "Keterangan",
            "Poin hilang",
            "Rata-rata nilai",
            "Unit menjawab",
            "Unit bernilai terendah",
        ),
        [
            (q.id, instrument.questions[q.id].text, q.lost, q.mean, q.answered, q.worst)
            for q in recap.costly
        ],
        "A2",
    )
    _fill_sheet(
        workbook.create_sheet("Prasyarat instansi"),
        ("Predikat", "Keterangan", "Diminta", "Dinyatakan", "Hasil"),
        [
            (
                predicate,
                item.prerequisite.title,
                words.fact_text(item.need, item.prerequisite.unit_of_measure),
                words.fact_text(item.got, item.prerequisite.unit_of_measure),
                words.status_label(item.status),
            )
            for predicate, outcomes in recap.prerequisites.items()
            for item in outcomes
        ],
        "A2",
    )
    if evaluation.agency.kawasan:
        _fill_sheet(
            workbook.create_sheet("Kawasan"),
            ("ID", "Kawasan", "Predikat", "Hasil", "Unit", "Menunggu"),
            [tuple(row.values()) for row in kawasan_rows(recap)],
            "C2",
        )
    if not recap.plans.is_empty:
        for title, headings, lines in performance_sheets(recap.plans, recap.names):
            _fill_sheet(workbook.create_sheet(title), headings, lines, "C2")
    if recap.workplans.standings:
        title, headings, lines = workplan_sheet(recap.workplans, recap.names)
        _fill_sheet(workbook.create_sheet(title), headings, lines, "C2")
    if recap.registers:
        title, headings, lines = register_sheet(recap.registers, recap.names)
        _fill_sheet(workbook.create_sheet(title), headings, lines, "C2")
    _fill_sheet(
        workbook.create_sheet("Asal data"),
        ("Hal", "Keterangan"),
        [
            ("Instansi", evaluation.agency.name),
            ("Catatan instansi", evaluation.agency.remark),
            ("Periode", evaluation.period),
            ("Tahap", words.stage_of_all(evaluation.stage, evaluation.evaluations)),
            ("Instrumen", f"{instrument.id} versi {instrument.version}"),
            ("Sidik instrumen (SHA-256)", instrument.hash),
            ("Aturan", evaluation.rules.id),
            ("Sidik aturan (SHA-256)", evaluation.rules.hash),
        ],
        "A2",
    )
    return _pack(workbook)
