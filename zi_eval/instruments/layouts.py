"""Where the instrument's questions stand in the official workbooks and in the portal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zi_eval.core.problems import Problem, suggest
from zi_eval.instruments.schema import (
    LayoutShape,
    PortalFile,
    WorkbookFile,
)
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import KeyPath, Source, read_yaml

__all__ = ["Places", "WorkbookColumns", "WorkbookLayout", "read_layouts", "read_portal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookColumns:
    """Column letters by what they hold; empty where a layout has no such column."""

    answer: str
    note: str
    evidence: str
    type: str = ""
    weight: str = ""
    value: str = ""
    tpi_answer: str = ""
    tpi_value: str = ""
    tpi_note: str = ""
    percent: str = ""
    tpi_percent: str = ""
    reason: str = ""
    returned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookLayout:
    """One form of the official workbook.

    Attributes
    ----------
    sheet
        Name of the sheet that holds the questions.
    header_row
        Row of the column titles, None where it is not known.
    labels
        Columns of the labels A., I., 1., i., a., highest level first.
    rows
        Row (from 1) of each question and input that has one (``A.II.1.i.a.1``).
    node_rows
        Row of each node, where known.
    totals
        Row of the total of each component and, under ``total``, of the whole.
    headings
        Row of each text that only names what stands below it.
    recaps
        The recap sheets in order, each with the kind of node down to which it goes.
    defects
        Flaws of the workbook as it is given out, by cell (``Ctt Eval!H31``): the audit's code, and
        what stands there (None: whatever does).
    """

    id: str
    title: str
    sheet: str
    source: str
    columns: WorkbookColumns
    rows: Mapping[str, int]
    header_row: int | None = None
    labels: tuple[str, ...] = ()
    node_rows: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[str, int] = field(default_factory=dict)
    recaps: Mapping[str, str] = field(default_factory=dict)
    defects: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Places:
    """The ids an instrument declares: what layouts and portal must cover.

    Attributes
    ----------
    asked
        Questions and inputs that a person answers.
    computed
        Ratio questions and derived inputs: the workbook computes them.
    nodes
        Components down to subareas.
    """

    asked: tuple[str, ...]
    computed: tuple[str, ...]
    nodes: tuple[str, ...]


def _check_ids(
    source: Source,
    path: KeyPath,
    given: Mapping[str, int | None],
    allowed: tuple[str, ...],
    duplicate: tuple[str, str],
) -> list[Problem]:
    """Check that every id is known and that no two share a number."""
    problems: list[Problem] = []
    first: dict[int, str] = {}
    known = frozenset(allowed)
    for identifier, number in given.items():
        line = source.line((*path, identifier))
        if identifier not in known:
            hint = suggest(identifier, allowed) or "Lihat nomor pertanyaan di questions/*.yaml."
            message = "nomor ini tidak ada di sini; yang boleh: nomor dalam instrumen."
            problems.append(
                _problem(source, line, "butir-tidak-dikenal", message, identifier, hint)
            )
        if number is None:
            continue
        if number in first:
            code, what = duplicate
            message = f"{what} {number} sudah dipakai {first[number]}; tiap {what} hanya satu kali."
            problems.append(_problem(source, line, code, message, identifier))
        first.setdefault(number, identifier)
    return problems


def _problem(
    source: Source, line: int | None, code: str, message: str, key: str, hint: str = ""
) -> Problem:
    return Problem(code=code, message=message, hint=hint, file=source.name, line=line, key=key)


def _missing(
    source: Source, path: KeyPath, ids: Iterable[str], code: str, message: str
) -> list[Problem]:
    line = source.line(path)
    return [_problem(source, line, code, message, identifier) for identifier in ids]


def _check_layout(source: Source, name: str, shape: LayoutShape, places: Places) -> list[Problem]:
    path: KeyPath = ("layouts", name, "rows")
    cell = ("sel-ganda", "baris")
    problems = _check_ids(source, path, shape.rows, (*places.asked, *places.computed), cell)
    problems += _check_ids(source, ("layouts", name, "nodes"), shape.nodes, places.nodes, cell)
    absent = [i for i in (*places.asked, *places.computed) if i not in shape.rows]
    problems += _missing(
        source,
        path,
        absent,
        "tanpa-sel",
        f"belum punya baris di 'rows' tata letak {name}; isi nomor barisnya, atau 'null' bila "
        "dihitung dan tidak ada di lembar itu.",
    )
    for identifier in places.asked:
        if identifier in shape.rows and shape.rows[identifier] is None:
            message = f"barisnya di {name} kosong; yang boleh 'null' hanya butir yang dihitung."
            line = source.line((*path, identifier))
            problems.append(_problem(source, line, "tanpa-sel", message, identifier))
    return problems


def read_layouts(
    path: Path, places: Places | None
) -> tuple[tuple[WorkbookLayout, ...], tuple[Problem, ...]]:
    """Read ``workbook.yaml``; its ids are checked where ``places`` are known."""
    source = read_yaml(path)
    file, found = validate(WorkbookFile, source)
    problems = list(found)
    if file is None:
        return (), tuple(problems)
    layouts = []
    for name, shape in file.layouts.items():
        if places is not None:
            problems += _check_layout(source, name, shape, places)
        layouts.append(
            WorkbookLayout(
                id=name,
                title=shape.title,
                sheet=shape.sheet,
                source=shape.source,
                columns=WorkbookColumns(**shape.columns.model_dump()),
                rows={i: row for i, row in shape.rows.items() if row is not None},
                header_row=shape.header_row,
                labels=tuple(shape.labels),
                node_rows=shape.nodes,
                totals=shape.totals,
                headings=shape.headings,
                recaps=dict(shape.recaps),
                defects={cell: (item.code, item.found) for cell, item in shape.defects.items()},
            )
        )
    return tuple(layouts), tuple(problems)


def read_portal(path: Path, places: Places | None) -> tuple[Mapping[str, int], tuple[Problem, ...]]:
    """Read ``portal.yaml``; its ids are checked where ``places`` are known."""
    source = read_yaml(path)
    file, found = validate(PortalFile, source)
    problems = list(found)
    if file is None:
        return {}, tuple(problems)
    if places is not None:
        key: KeyPath = ("soal_id",)
        twice = ("soal-id-ganda", "soal_id")
        problems += _check_ids(source, key, file.soal_id, places.asked, twice)
        absent = [i for i in places.asked if i not in file.soal_id]
        message = "belum punya soal_id; isi nomor soal PortalRB, bilangan bulat dari 1."
        problems += _missing(source, key, absent, "tanpa-soal-id", message)
    return dict(file.soal_id), tuple(problems)
