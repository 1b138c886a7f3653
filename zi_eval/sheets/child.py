"""Reads xls, xlsb and ods in a process of its own, with a bounded memory and time.

Their sizes cannot be checked beforehand as those of an xlsx: what their records claim is only known
by reading them, and a chain of sectors may be a circle. So the reader may die without us.

Started as a script, this file reads a workbook from the standard input and writes its sheets as
JSON to the standard output; it imports nothing of the package, so that it starts at once.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias

__all__ = ["Sheet", "read_other"]

Sheet: TypeAlias = tuple[
    tuple[tuple[object, ...], ...] | None, tuple[tuple[int, int, int, int], ...]
]
"""Values by row and column, None where there are too many of them; merged ranges."""

PROTECTED, DAMAGED, TOO_LARGE, OUT_OF_MEMORY = "protected", "damaged", "too large", "memory"
TAGS: Final[Mapping[str, Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}
"""How the values JSON has no word for are read back, by the name of their type."""


def read_other(data: bytes, name: str) -> Mapping[str, Sheet]:
    """Return the sheets of an xls, xlsb or ods by name, in workbook order.

    Raises
    ------
    WorkbookError
        Where it is protected, damaged or beyond a limit.
    """
    from zi_eval.errors import WorkbookError
    from zi_eval.sheets import limits

    numbers = (limits.CHILD_MEMORY, limits.MAX_CELLS, limits.MAX_TEXT, limits.MAX_SHEETS)
    try:
        run = subprocess.run(
            [sys.executable, "-P", __file__, *map(str, numbers)],
            input=data,
            capture_output=True,
            timeout=limits.CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise limits.too_large(
            name, f"belum selesai dibaca setelah {limits.CHILD_SECONDS:g} detik"
        ) from error
    try:
        answer = json.loads(run.stdout)
    except ValueError:
        answer = OUT_OF_MEMORY if run.returncode < 0 else DAMAGED  # a signal ended it
    if answer == PROTECTED:
        raise WorkbookError(
            f"{name} dilindungi kata sandi; hapus kata sandinya di Excel, lalu simpan ulang."
        )
    if answer in (TOO_LARGE, OUT_OF_MEMORY):
        raise limits.too_large(name, "isinya melebihi batas memori pembacaan")
    if not isinstance(answer, dict):
        raise limits.damaged(name)
    return {sheet: _restore(*found) for sheet, found in answer.items()}


def _restore(rows: list[list[Any]] | None, merges: list[list[int]]) -> Sheet:
    values = None
    if rows is not None:
        values = tuple(
            tuple(TAGS[v[0]](v[1]) if isinstance(v, list) else v for v in row) for row in rows
        )
    return values, tuple((top, left, bottom, right) for top, left, bottom, right in merges)


def _bound(memory: int) -> None:
    """Keep this process within its address space, and let it die without a dump."""
    try:
        import resource
    except ImportError:  # Windows: the time alone is bounded
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(value: object) -> object:
    """Return a value as JSON has it: dates and times as a pair with their type's name."""
    if isinstance(value, timedelta):
        return ["timedelta", value.total_seconds()]
    if isinstance(value, datetime | date | time):
        return [type(value).__name__, value.isoformat()]
    return value


def _read(data: bytes, max_cells: int, max_text: int, max_sheets: int) -> object:
    """Return the sheets, or the word for why there are none."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    sheets: dict[str, tuple[list[list[object]] | None, list[list[int]]]] = {}
    text = 0
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        kinds = {sheet.name: sheet.typ for sheet in workbook.sheets_metadata}
        for name in workbook.sheet_names[:max_sheets]:
            if kinds.get(name) != SheetTypeEnum.WorkSheet:
                continue
            table = workbook.get_sheet_by_name(name)
            cells = table.total_height * table.total_width
            max_cells -= cells
            if max_cells < 0:
                max_cells += cells
                sheets[name] = None, []
                continue
            rows = [
                [_plain(value) for value in row] for row in table.to_python(skip_empty_area=False)
            ]
            text += sum(len(value) for row in rows for value in row if isinstance(value, str))
            if text > max_text:
                return TOO_LARGE
            merges = [[*start, *end] for start, end in table.merged_cell_ranges or []]
            sheets[name] = rows, merges
    except PasswordError:
        return PROTECTED
    except MemoryError:
        return OUT_OF_MEMORY
    except (CalamineError, ValueError, OSError):
        return DAMAGED
    return sheets


def _main() -> None:
    memory, *numbers = map(int, sys.argv[1:])
    _bound(memory)
    answer = _read(sys.stdin.buffer.read(), *numbers)
    sys.stdout.write(json.dumps(answer))  # ASCII only: no encoding to agree on
    sys.stdout.flush()


if __name__ == "__main__":
    _main()
