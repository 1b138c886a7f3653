"""Computing a workbook's formulas as a spreadsheet program does, as far as an LKE needs it.

A formula is parsed once into a function; cells are computed when they are asked for. What is not
understood (a function outside the list below, a name, another workbook) is said so by
:class:`UnknownFormula` and never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from zi_eval.sheets.cells import CellPlace, SheetCell
from zi_eval.sheets.functions import (
    EAGER,
    LAZY,
    Arg,
    CellRange,
    ErrorValue,
    Scalar,
    UnknownFormula,
    binary,
    to_number,
)
from zi_eval.sheets.grid import REFERENCE, column_index

__all__ = ["Calculator", "Scalar", "compile_formula"]

Lookup: TypeAlias = Callable[[CellPlace], Scalar]
Compiled: TypeAlias = Callable[[Lookup, str], Arg]
"""A formula as a function of where values come from and of the sheet it stands in."""

MAX_AREA = 20_000
"""Cells one reference may cover; a whole column would take minutes."""
STRENGTH = {
    "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1,
    "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5,
}  # fmt: skip
PREFIX_STRENGTH = 7


def _unquote(text: str) -> str:
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def _corner(text: str) -> tuple[int, int]:
    found = REFERENCE.fullmatch(text.replace("$", ""))
    if not found:
        raise UnknownFormula(text)
    return int(found[2]) - 1, column_index(found[1])


def _reference(text: str) -> Compiled:
    """Compile ``Sheet!A1`` or ``A1:B2``."""
    if "#REF!" in text.upper():
        return lambda look, here: ErrorValue("#REF!")
    if "[" in text:
        raise UnknownFormula(text)
    head, mark, rest = text.rpartition("!")
    sheet = _unquote(head) if mark else ""
    first, colon, last = rest.partition(":")
    top, left = _corner(first)
    if not colon:
        return lambda look, here: look((sheet or here, top, left))
    bottom, right = _corner(last)
    top, bottom, left, right = (
        min(top, bottom),
        max(top, bottom),
        min(left, right),
        max(left, right),
    )
    if (bottom - top + 1) * (right - left + 1) > MAX_AREA:
        raise UnknownFormula(text)
    rows, columns = range(top, bottom + 1), range(left, right + 1)
    return lambda look, here: CellRange(
        tuple(look((sheet or here, row, column)) for row in rows for column in columns)
    )


def _scalar(value: Arg) -> Scalar:
    """Return the one value of an argument; an area where one is needed is a value error."""
    if isinstance(value, CellRange):
        return value.values[0] if len(value.values) == 1 else ErrorValue("#VALUE!")
    return value


class _Parser:
    """A formula's tokens by precedence climbing."""

    def __init__(self, formula: str) -> None:
        if not formula.startswith("="):
            raise UnknownFormula(formula)
        try:
            tokens = Tokenizer(formula).items
        except (TokenizerError, IndexError) as error:
            raise UnknownFormula(formula) from error
        self.tokens = [token for token in tokens if token.type != Token.WSPACE]
        self.at = 0

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise UnknownFormula("incomplete")
        self.at += 1
        return token

    def parse(self) -> Compiled:
        result = self.expression(0)
        if self.peek() is not None:
            raise UnknownFormula(str(self.peek()))
        return result

    def expression(self, strength: int) -> Compiled:
        left = self.operand()
        while (token := self.peek()) is not None:
            if token.type == Token.OP_POST:
                self.take()
                left = self._percent(left)
                continue
            own = STRENGTH.get(token.value, 0) if token.type == Token.OP_IN else 0
            if own <= strength:
                break
            self.take()
            left = self._binary(token.value, left, self.expression(own))
        return left

    @staticmethod
    def _percent(inner: Compiled) -> Compiled:
        return lambda look, here: binary("/", _scalar(inner(look, here)), 100.0)

    @staticmethod
    def _binary(operator: str, left: Compiled, right: Compiled) -> Compiled:
        return lambda look, here: binary(
            operator, _scalar(left(look, here)), _scalar(right(look, here))
        )

    def operand(self) -> Compiled:
        token = self.take()
        if token.type == Token.OP_PRE:
            inner = self.expression(PREFIX_STRENGTH)
            sign = -1.0 if token.value == "-" else 1.0

            def signed(look: Lookup, here: str) -> Arg:
                number = to_number(_scalar(inner(look, here)))
                return number if isinstance(number, ErrorValue) else sign * number

            return signed
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            inner = self.expression(0)
            self.close()
            return inner
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return self.call(token.value[:-1].upper().removeprefix("_XLFN."))
        if token.type == Token.OPERAND:
            return self.constant(token)
        raise UnknownFormula(token.value)

    def close(self) -> None:
        token = self.take()
        if token.subtype != Token.CLOSE:
            raise UnknownFormula(token.value)

    @staticmethod
    def constant(token: Token) -> Compiled:
        value: Scalar
        if token.subtype == Token.RANGE:
            return _reference(token.value)
        if token.subtype == Token.NUMBER:
            value = float(token.value)
        elif token.subtype == Token.TEXT:
            value = token.value[1:-1].replace('""', '"')
        elif token.subtype == Token.LOGICAL:
            value = token.value.upper() == "TRUE"
        else:
            value = ErrorValue(token.value)
        return lambda look, here: value

    def call(self, name: str) -> Compiled:
        arguments: list[Compiled] = []
        while True:
            token = self.peek()
            if token is None:
                raise UnknownFormula(name)
            if token.type == Token.FUNC and token.subtype == Token.CLOSE:
                self.take()
                break
            if token.type == Token.SEP:
                self.take()
                after = self.peek()
                if after is not None and (after.type == Token.SEP or after.subtype == Token.CLOSE):
                    arguments.append(lambda look, here: None)  # left empty
                continue
            arguments.append(self.expression(0))
        if name in LAZY:
            lazy = LAZY[name]
            return lambda look, here: lazy(
                [lambda a=argument: _scalar(a(look, here)) for argument in arguments]  # type: ignore[misc]
            )
        if name in EAGER:
            eager = EAGER[name]
            return lambda look, here: eager([argument(look, here) for argument in arguments])
        raise UnknownFormula(name)


@lru_cache(maxsize=20_000)
def _compile(formula: str) -> Compiled | UnknownFormula:
    try:
        return _Parser(formula).parse()
    except RecursionError:
        return UnknownFormula("too deep")
    except UnknownFormula as error:
        return error


def compile_formula(formula: str) -> Compiled:
    """Return a formula (with its ``=``) as a function.

    Raises
    ------
    UnknownFormula
        Where it holds something that is not understood.
    """
    found = _compile(formula)
    if isinstance(found, UnknownFormula):
        raise UnknownFormula(str(found))
    return found


class Calculator:
    """The cells of a workbook, computed by their formulas when asked for.

    Parameters
    ----------
    cells
        What stands in each place.
    changed
        Cells to take instead of those of ``cells``.
    """

    def __init__(
        self,
        cells: Mapping[CellPlace, SheetCell],
        changed: Mapping[CellPlace, SheetCell] | None = None,
    ) -> None:
        self.cells = cells
        self.changed = changed or {}
        self.known: dict[CellPlace, Scalar] = {}
        self.open: set[CellPlace] = set()

    def value(self, place: CellPlace) -> Scalar:
        """Return the value of a cell.

        Raises
        ------
        UnknownFormula
            Where it depends on something that is not understood, or on itself.
        """
        if place in self.known:
            return self.known[place]
        cell = self.changed.get(place) or self.cells.get(place)
        if cell is None:
            return None
        if not cell.formula:
            return cell.value
        if place in self.open:
            raise UnknownFormula("circular")
        self.open.add(place)
        try:
            result = _scalar(compile_formula(cell.formula)(self.value, place[0]))
        except RecursionError as error:
            raise UnknownFormula("too deep") from error
        finally:
            self.open.discard(place)
        # A formula that points at an empty cell shows 0.
        self.known[place] = 0.0 if result is None else result
        return self.known[place]

    def number(self, place: CellPlace) -> float | None:
        """Return a cell's number, None where it holds none (text, error, or not understood)."""
        try:
            value = self.value(place)
        except UnknownFormula:
            return None
        is_number = isinstance(value, float | int) and not isinstance(value, bool)
        return float(value) if is_number else None  # type: ignore[arg-type]
