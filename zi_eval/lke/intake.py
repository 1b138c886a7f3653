"""What is taken in from a workbook or table: a new unit file, an upload, a team's own wording."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from zi_eval.core.assessment import Assessment, Remark, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, has_errors
from zi_eval.errors import (
    ArgumentError,
    InstrumentError,
    WorkbookError,
    WorkspaceError,
    ZiEvalError,
)
from zi_eval.files import hash_file, require_free, write_bytes, write_text
from zi_eval.instruments import (
    DEFAULT_INSTRUMENT,
    load_instrument,
    load_rules,
    load_workbook_layouts,
)
from zi_eval.instruments.wording import parse_wording
from zi_eval.lke.columns import parse_choice
from zi_eval.lke.criteria_sheet import read_criteria
from zi_eval.lke.place import YEAR
from zi_eval.lke.question_table import render_template
from zi_eval.lke.reader import WorkbookReading, read_workbook
from zi_eval.lke.wording import read_wording, render_wording
from zi_eval.period.reading import Period
from zi_eval.period.unit_editor import EditError, decode_unit, edit_unit
from zi_eval.period.unit_file import RESERVED, UNIT_ID
from zi_eval.period.unit_writer import dump_remarks, render_unit
from zi_eval.sheets.container import ARCHIVE, Archive, list_workbooks, name_kind, read_file
from zi_eval.yaml_files.source import parse_yaml

__all__ = [
    "ImportedArchive",
    "ImportedUnit",
    "TakenWording",
    "WorkbookReading",
    "import_archive",
    "import_workbook",
    "is_archive",
    "keep_remarks",
    "name_unit",
    "read_upload",
    "take_wording",
    "write_question_table",
]

LARGEST: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class ImportedUnit:
    """A unit file that was written from a workbook.

    Attributes
    ----------
    questions
        How many the instrument has.
    reading
        What the workbook says, with what was guessed or not taken.
    """

    path: Path
    questions: int
    reading: WorkbookReading


def import_workbook(
    workbook: Path,
    path: Path,
    unit: str,
    period: str,
    *,
    name: str = "",
    target: str = "WBK",
    force: bool = False,
    sheet: str = "",
    columns: str = "",
    content: bytes | None = None,
) -> ImportedUnit:
    """Write a unit file with the answers, notes and evidence of a workbook or table.

    Parameters
    ----------
    workbook
        In any shape that :func:`~zi_eval.lke.reader.read_workbook` knows.
    path
        The file to write; the agency file beside it says which instrument it is of.
    unit, period, name, target
        Of the unit; without a name the id stands for it.
    force
        Write over a file that is there.
    sheet, columns
        The sheet to read and columns of it (``tpi=N,catatan_tpi=Q``), where a person says so.
    content
        The workbook's bytes, where they are read already.

    Raises
    ------
    ArgumentError
        Where the id, the target or the columns cannot be used.
    WorkspaceError
        Where the file is there already.
    WorkbookError
        Where the workbook cannot be read.
    """
    if not UNIT_ID.fullmatch(unit) or unit in RESERVED:
        raise ArgumentError(
            "pakai huruf kecil, angka, dan tanda hubung; bukan nama berkas zi-eval sendiri.",
            "unit",
        )
    is_there = path.parent.is_dir()
    identifier = Period.read(path.parent).instrument_id if is_there else DEFAULT_INSTRUMENT
    instrument, rules = load_instrument(identifier), load_rules(identifier)
    if rules.bands:
        target = ""  # the predicate follows the total: there is nothing to build for
    elif target not in rules.predicates:
        raise ArgumentError(f"pakai {' atau '.join(rules.predicates)}.", "target")
    require_free(path, force)
    choice = parse_choice(columns)
    if instrument.criteria:
        reading = read_criteria(workbook, instrument, only=sheet, chosen=choice, content=content)
    else:
        layouts = load_workbook_layouts(identifier)  # refuses an instrument without a workbook
        reading = read_workbook(
            workbook, instrument, layouts,
            period=period, only=sheet, chosen=choice, content=content,
        )  # fmt: skip
    assessment = Assessment(
        Unit(unit, name or unit),
        instrument.id,
        target,
        period,
        answers=reading.answers,
        remarks=tuple(_remarks(reading.problems, instrument)),
        criteria=reading.criteria,
    )
    write_text(path, render_unit(assessment, instrument, rules))
    return ImportedUnit(path, len(instrument.questions), reading)


def _remarks(problems: Iterable[Problem], instrument: Instrument) -> Iterator[Remark]:
    """Keep with the unit what was said of cells, so that it is still there tomorrow."""
    known = {*instrument.nodes, *instrument.entries}
    for problem in problems:
        if problem.cell:
            question = problem.key if problem.key in known else ""
            yield Remark(problem.cell, f"{problem.message} {problem.hint}".strip(), question)


def keep_remarks(path: Path, reading: WorkbookReading, answered: Collection[str] = ()) -> int:
    """Add to a unit's file what was said of a workbook's cells; return how many remarks are new.

    Parameters
    ----------
    answered
        Questions that the unit has answered itself: what the workbook says of them is not taken.

    Raises
    ------
    WorkspaceError
        Where the file has a form that cannot be edited in place.
    """
    instrument = Period.read(path.parent).read_unit(path)[1]
    found = (r for r in _remarks(reading.problems, instrument) if r.question not in answered)
    try:
        text = decode_unit(path.read_bytes())
        top = parse_yaml(text.encode(), str(path)).value
        known = (top.get("perlu_dicek") or []) if isinstance(top, dict) else []
        new = [remark for remark in dump_remarks(found) if remark not in known]
        edits: dict[tuple[str, ...], object] = {("perlu_dicek",): [*known, *new]}
        edited = edit_unit(text, edits, list(instrument.entries))
    except (EditError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            f"Keterangan impor tidak dapat ditulis ke {path.name}: susun berkasnya dalam baris, "
            "bukan dalam kurung kurawal."
        ) from error
    if new:
        write_text(path, edited)
    return len(new)


@dataclass(frozen=True, slots=True)
class ImportedArchive:
    """What came out of a zip of workbooks, one unit a file.

    Attributes
    ----------
    units
        The unit files that were written.
    refused
        Why others were not, by their name in the zip.
    """

    units: tuple[ImportedUnit, ...]
    refused: Mapping[str, str]


def is_archive(path: Path) -> bool:
    """Whether a file is a zip that holds workbooks and is none itself."""
    return path.suffix.lower() == ".zip" and name_kind(read_file(path), path.name) == ARCHIVE


def import_archive(
    path: Path, folder: Path, period: str, *, target: str = "WBK", force: bool = False
) -> ImportedArchive:
    """Write a unit file for each workbook of a zip; one that cannot be read stops no other.

    The unit's id is the workbook's name: ``LKE Dinas Kesehatan.xlsx`` gives ``dinas-kesehatan``.

    Raises
    ------
    WorkbookError
        Where the zip itself is damaged or beyond a limit.
    """
    units: list[ImportedUnit] = []
    refused: dict[str, str] = {}
    seen: dict[str, str] = {}
    with Archive(read_file(path), path.name) as archive:
        for entry in list_workbooks(archive):
            name = Path(PurePosixPath(entry).name)
            unit = name_unit(name.stem)
            if unit in seen:
                refused[entry] = f"id unitnya '{unit}' sama dengan {seen[unit]}; ganti namanya."
                continue
            seen[unit] = entry
            try:
                made = import_workbook(
                    name,
                    folder / f"{unit}.yaml",
                    unit,
                    period,
                    name=name.stem,
                    target=target,
                    force=force,
                    content=archive.read(entry),
                )
            except ZiEvalError as error:
                refused[entry] = str(error)
            else:
                units.append(made)
    return ImportedArchive(tuple(units), refused)


def name_unit(text: str) -> str:
    """Return a unit's id made of a file's name, without the words every such file has."""
    words = re.findall("[a-z0-9]+", text.casefold())
    own = [word for word in words if word not in ("lke", "zi") and not YEAR.fullmatch(word)]
    return "-".join(own or words)[:64].strip("-")


def read_upload(
    name: str, data: bytes, instrument_id: str = DEFAULT_INSTRUMENT, period: str = ""
) -> WorkbookReading:
    """Read an uploaded workbook of an instrument; of sheets of several years, that of the period.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all; the text is one sentence.
    InstrumentError
        Where the instrument has no workbook.
    """
    # The name comes from another computer: only its last part, and only to show it.
    shown = PureWindowsPath(PurePosixPath(name).name).name.strip(". ") or "LKE.xlsx"
    instrument = load_instrument(instrument_id)
    layouts = () if instrument.criteria else load_workbook_layouts(instrument_id)
    if len(data) > LARGEST:
        raise WorkbookError(f"{shown} lebih besar dari 20 MB; unggah lembar kerja tanpa gambar.")
    with tempfile.TemporaryDirectory(prefix="zi-eval-upload-") as folder:
        path = Path(folder) / shown
        try:
            path.write_bytes(data)
        except (OSError, ValueError) as error:
            raise WorkbookError(f"{shown} tidak dapat dibaca; beri nama lain.") from error
        if instrument.criteria:
            return read_criteria(path, instrument)
        return read_workbook(path, instrument, layouts, period=period)


def write_question_table(path: Path, force: bool = False) -> int:
    """Write the empty table of questions as CSV, for teams without a workbook.

    Returns
    -------
    How many questions it has.

    Raises
    ------
    ArgumentError
        Where the name is not one of a CSV.
    WorkspaceError
        Where the file is there already and ``force`` does not say to write over it.
    """
    if path.suffix.lower() != ".csv":
        raise ArgumentError("beri nama yang berakhir .csv.", "template")
    require_free(path, force)
    instrument = load_instrument(DEFAULT_INSTRUMENT)
    # With a mark, so that Excel reads it as UTF-8.
    write_bytes(path, render_template(instrument).encode("utf-8-sig"))
    return len(instrument.questions)


@dataclass(frozen=True, slots=True)
class TakenWording:
    """A file of wording that was written from a workbook.

    Attributes
    ----------
    questions
        How many it words.
    sheet
        The workbook's sheet that they were read from.
    problems
        What people should look at; none of it is an error.
    """

    path: Path
    questions: int
    sheet: str
    problems: tuple[Problem, ...]


def take_wording(workbook: Path, path: Path, day: date, force: bool = False) -> TakenWording:
    """Write the questions in the words of a team's own workbook, as ``kalimat.yaml`` holds them.

    Parameters
    ----------
    path
        The file to write, in the folder of the period whose instrument it words.
    day
        When that is done, as the file tells.
    force
        Write over a file that is there.

    Raises
    ------
    InstrumentError
        With every difference, where the workbook asks other questions.
    WorkbookError
        Where it cannot be read.
    ZiEvalError
        Where the file cannot be written under this name, or is there already.
    """
    if path.suffix.lower() != ".yaml":
        raise ZiEvalError(f"{path} harus berakhiran .yaml; ganti nama hasilnya.")
    require_free(path, force)
    name = Period.read(path.parent).instrument_id
    instrument = load_instrument(name)
    reading = read_wording(workbook, instrument, load_workbook_layouts(name))
    if has_errors(reading.problems):
        raise InstrumentError(reading.problems)
    text = render_wording(
        instrument,
        reading,
        source=workbook.name,
        sha256=hash_file(workbook),
        date=day.isoformat(),
    )
    # What is written is read back first, so that no file comes out that would be refused.
    read, problems = parse_wording(parse_yaml(text.encode("utf-8"), str(path)), instrument)
    if read is None:
        raise InstrumentError(problems)
    write_text(path, text)
    return TakenWording(path, len(read.questions), reading.sheet, (*reading.problems, *problems))
