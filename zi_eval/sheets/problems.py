"""Problems of a sheet, each at its cell, as reading it finds them."""

from __future__ import annotations

from zi_eval.core.problems import Problem, Severity
from zi_eval.sheets.grid import Grid, cell_name

__all__ = ["SheetProblems"]


class SheetProblems:
    """Collects the problems of one sheet; ``problems`` grows.

    Attributes
    ----------
    file
        As the problems name it.
    """

    def __init__(self, file: str, grid: Grid) -> None:
        self.file, self.grid = file, grid
        self.problems: list[Problem] = []

    def report(
        self,
        row: int,
        column: int | None,
        code: str,
        message: str,
        hint: str = "",
        key: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a problem at a 0-based place."""
        cell = "" if column is None else cell_name(self.grid.sheet, row, column)
        self.problems.append(
            Problem(
                code=code, message=message, hint=hint, severity=severity, file=self.file,
                line=row + 1, cell=cell, key=key,
            )
        )  # fmt: skip
