"""The spreadsheet functions an LKE's formulas use, with a spreadsheet's ways of coercing values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "EAGER",
    "LAZY",
    "Arg",
    "CellRange",
    "ErrorValue",
    "Scalar",
    "UnknownFormula",
    "binary",
    "to_number",
]


class UnknownFormula(Exception):
    """A formula that holds something this module does not understand."""


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error as a cell shows it, e.g. ``#DIV/0!``."""

    code: str


Scalar: TypeAlias = float | str | bool | ErrorValue | None
"""What a cell holds; None for an empty one."""


@dataclass(frozen=True, slots=True)
class CellRange:
    """The values of a range of cells, row by row."""

    values: tuple[Scalar, ...]


Arg: TypeAlias = Scalar | CellRange
Thunk: TypeAlias = Callable[[], Scalar]

VALUE, DIVIDED, MISSING = ErrorValue("#VALUE!"), ErrorValue("#DIV/0!"), ErrorValue("#N/A")


def to_number(value: Scalar) -> float | ErrorValue:
    """Return a value as an operand of arithmetic: empty is 0, text is an error unless a number."""
    if isinstance(value, ErrorValue):
        return value
    if value is None:
        return 0.0
    if isinstance(value, str):
        try:
            number = float(value.strip())
        except ValueError:
            return VALUE
        return number if math.isfinite(number) else VALUE
    return float(value)


def _rank(value: Scalar) -> tuple[int, float | str]:
    """Return the place of a value in a spreadsheet's order: numbers, then texts, then booleans."""
    if isinstance(value, bool):
        return 2, float(value)
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, 0.0 if not isinstance(value, float | int) else float(value)


def _compare(operator: str, left: Scalar, right: Scalar) -> bool:
    # An empty cell equals both 0 and the empty text.
    if left is None and isinstance(right, str):
        left = ""
    if right is None and isinstance(left, str):
        right = ""
    one, other = _rank(left), _rank(right)
    if operator in ("=", "<>"):
        return (one == other) == (operator == "=")
    if one[0] != other[0]:
        smaller = one[0] < other[0]
        return smaller if operator in ("<", "<=") else not smaller
    if one == other:
        return operator in ("<=", ">=")
    smaller = one < other
    return smaller if operator in ("<", "<=") else not smaller


def _text(value: Scalar) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:.15g}" if isinstance(value, float | int) else str(value)


def binary(operator: str, left: Scalar, right: Scalar) -> Scalar:
    """Return ``left operator right``."""
    for side in (left, right):
        if isinstance(side, ErrorValue):
            return side
    if operator in ("=", "<>", "<", ">", "<=", ">="):
        return _compare(operator, left, right)
    if operator == "&":
        return _text(left) + _text(right)
    one, other = to_number(left), to_number(right)
    if isinstance(one, ErrorValue):
        return one
    if isinstance(other, ErrorValue):
        return other
    if operator == "+":
        return one + other
    if operator == "-":
        return one - other
    if operator == "*":
        return one * other
    if operator == "/":
        return one / other if other else DIVIDED
    try:
        power = one**other
    except (ArithmeticError, ValueError):
        return ErrorValue("#NUM!")
    return power if isinstance(power, float) else ErrorValue("#NUM!")


def _numbers(arguments: Sequence[Arg]) -> list[float] | ErrorValue:
    """Return the numbers among the arguments: of a range only its numbers, text passed over."""
    found: list[float] = []
    for argument in arguments:
        is_area = isinstance(argument, CellRange)
        for value in argument.values if isinstance(argument, CellRange) else (argument,):
            if isinstance(value, ErrorValue):
                return value
            if isinstance(value, float | int) and not (is_area and isinstance(value, bool)):
                found.append(float(value))
    return found


def _on_numbers(function: Callable[[list[float]], Scalar]) -> Callable[[Sequence[Arg]], Scalar]:
    def call(arguments: Sequence[Arg]) -> Scalar:
        numbers = _numbers(arguments)
        return numbers if isinstance(numbers, ErrorValue) else function(numbers)

    return call


def _values(arguments: Sequence[Arg]) -> Iterator[Scalar]:
    for argument in arguments:
        if isinstance(argument, CellRange):
            yield from argument.values
        else:
            yield argument


def _count(arguments: Sequence[Arg]) -> Scalar:
    return float(
        sum(isinstance(v, float | int) and not isinstance(v, bool) for v in _values(arguments))
    )


def _countif(arguments: Sequence[Arg]) -> Scalar:
    if len(arguments) != 2 or isinstance(arguments[1], CellRange):
        raise UnknownFormula("COUNTIF")
    wanted, operator = arguments[1], "="
    if isinstance(wanted, str):
        for sign in ("<>", "<=", ">=", "<", ">", "="):
            if wanted.startswith(sign):
                operator, wanted = sign, wanted[len(sign) :]
                break
        if any(mark in wanted for mark in "*?~"):
            raise UnknownFormula("COUNTIF")
        number = to_number(wanted) if wanted else wanted
        wanted = wanted if isinstance(number, ErrorValue) else number
    return float(sum(_compare(operator, value, wanted) for value in _values(arguments[:1])))


def _sumproduct(arguments: Sequence[Arg]) -> Scalar:
    lists = [a.values if isinstance(a, CellRange) else (a,) for a in arguments]
    if len({len(values) for values in lists}) != 1:
        return VALUE
    total = 0.0
    for row in zip(*lists, strict=True):
        product = 1.0
        for value in row:
            if isinstance(value, ErrorValue):
                return value
            is_number = isinstance(value, float | int) and not isinstance(value, bool)
            product *= float(value) if is_number else 0.0
        total += product
    return total


def _one(arguments: Sequence[Arg]) -> Scalar:
    """Return the single scalar argument."""
    if len(arguments) != 1:
        raise UnknownFormula("arguments")
    argument = arguments[0]
    return argument.values[0] if isinstance(argument, CellRange) else argument


def _round(how: Callable[[float], float]) -> Callable[[Sequence[Arg]], Scalar]:
    """Return a rounding function; ``how`` rounds a number that is not negative to a whole."""

    def call(arguments: Sequence[Arg]) -> Scalar:
        places = to_number(_one(arguments[1:])) if len(arguments) > 1 else 0.0
        number = to_number(_one(arguments[:1]))
        if isinstance(number, ErrorValue):
            return number
        if isinstance(places, ErrorValue) or abs(places) > 15:
            return VALUE
        shift = 10.0 ** int(places)
        # The small addition makes 2.675 round as it is printed, as spreadsheets do.
        return math.copysign(how(float(f"{abs(number) * shift:.12g}")) / shift, number)

    return call


def _logic(fold: Callable[[list[bool]], bool]) -> Callable[[Sequence[Arg]], Scalar]:
    def call(arguments: Sequence[Arg]) -> Scalar:
        truths: list[bool] = []
        for argument in arguments:
            for value in argument.values if isinstance(argument, CellRange) else (argument,):
                if isinstance(value, ErrorValue):
                    return value
                if isinstance(value, str):
                    if isinstance(argument, CellRange):
                        continue
                    return VALUE
                if value is not None or not isinstance(argument, CellRange):
                    truths.append(bool(value))
        return fold(truths) if truths else VALUE

    return call


def _if(arguments: list[Thunk]) -> Scalar:
    if not 2 <= len(arguments) <= 3:
        raise UnknownFormula("IF")
    test = arguments[0]()
    if isinstance(test, ErrorValue):
        return test
    if isinstance(test, str):
        return VALUE
    if test:
        return arguments[1]()
    return arguments[2]() if len(arguments) == 3 else False


def _ifs(arguments: list[Thunk]) -> Scalar:
    for test, result in zip(arguments[::2], arguments[1::2], strict=False):
        truth = test()
        if isinstance(truth, ErrorValue):
            return truth
        if truth:
            return result()
    return MISSING


def _switch(arguments: list[Thunk]) -> Scalar:
    value, rest = arguments[0](), arguments[1:]
    if isinstance(value, ErrorValue):
        return value
    while len(rest) >= 2:
        if _compare("=", value, rest[0]()):
            return rest[1]()
        rest = rest[2:]
    return rest[0]() if rest else MISSING


def _iferror(arguments: list[Thunk]) -> Scalar:
    value = arguments[0]()
    return arguments[1]() if isinstance(value, ErrorValue) else value


LAZY: Mapping[str, Callable[[list[Thunk]], Scalar]] = {
    "IF": _if,
    "IFS": _ifs,
    "IFERROR": _iferror,
    "SWITCH": _switch,
    "ISERROR": lambda arguments: isinstance(arguments[0](), ErrorValue),
    "ISERR": lambda arguments: isinstance(arguments[0](), ErrorValue),
}
"""Functions that compute their arguments only where needed."""

EAGER: Mapping[str, Callable[[Sequence[Arg]], Scalar]] = {
    "SUM": _on_numbers(lambda numbers: sum(numbers)),
    "AVERAGE": _on_numbers(lambda n: sum(n) / len(n) if n else DIVIDED),
    "MIN": _on_numbers(lambda numbers: min(numbers, default=0.0)),
    "MAX": _on_numbers(lambda numbers: max(numbers, default=0.0)),
    "PRODUCT": _on_numbers(lambda numbers: math.prod(numbers) if numbers else 0.0),
    "COUNT": _count,
    "COUNTA": lambda arguments: float(sum(value is not None for value in _values(arguments))),
    "COUNTBLANK": lambda arguments: float(sum(v in (None, "") for v in _values(arguments))),
    "COUNTIF": _countif,
    "SUMPRODUCT": _sumproduct,
    "ROUND": _round(lambda number: math.floor(number + 0.5)),
    "ROUNDUP": _round(math.ceil),
    "ROUNDDOWN": _round(math.floor),
    "ABS": lambda arguments: _absolute(_one(arguments)),
    "AND": _logic(all),
    "OR": _logic(any),
    "NOT": lambda arguments: _not(_one(arguments)),
    "TRUE": lambda arguments: True,
    "FALSE": lambda arguments: False,
    "ISNUMBER": lambda arguments: _is_number(_one(arguments)),
    "ISTEXT": lambda arguments: isinstance(_one(arguments), str),
    "ISBLANK": lambda arguments: _one(arguments) is None,
    "N": lambda arguments: _plain_number(_one(arguments)),
    "TRIM": lambda arguments: _on_text(_one(arguments), _trim),
    "UPPER": lambda arguments: _on_text(_one(arguments), str.upper),
    "LOWER": lambda arguments: _on_text(_one(arguments), str.lower),
    "LEN": lambda arguments: _length(_one(arguments)),
}
"""Functions of their arguments' values."""


def _absolute(value: Scalar) -> Scalar:
    number = to_number(value)
    return number if isinstance(number, ErrorValue) else abs(number)


def _not(value: Scalar) -> Scalar:
    number = to_number(value)
    return number if isinstance(number, ErrorValue) else not number


def _is_number(value: Scalar) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _plain_number(value: Scalar) -> Scalar:
    if isinstance(value, ErrorValue):
        return value
    return float(value) if isinstance(value, float | int) else 0.0


def _on_text(value: Scalar, change: Callable[[str], str]) -> Scalar:
    return value if isinstance(value, ErrorValue) else change(_text(value))


def _trim(text: str) -> str:
    return " ".join(part for part in text.split(" ") if part)


def _length(value: Scalar) -> Scalar:
    return value if isinstance(value, ErrorValue) else float(len(_text(value)))
