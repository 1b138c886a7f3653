"""Mutants of a module: its syntax tree with one small thing changed, as a slip would change it.

mutmut 3.8 (BSD) and cosmic-ray 8.7 (MIT) were looked at first. mutmut leaves out every function
with a decorator but ``staticmethod`` and ``classmethod``, which here are those that count: the
cached ones of ``core/scoring.py`` and the properties of a verdict; and its wrapped functions are
calls to the tests that count calls. cosmic-ray writes each mutant to the disk and starts pytest
anew for it, three seconds of imports for tests of milliseconds. So this is small and our own.

Left alone are texts (messages are looked at by people), annotations, decorators, defaults, and
what a class body holds beside its methods.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

__all__ = ["Mutant", "draw_mutants", "functions_of"]

OTHER: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE,), ast.LtE: (ast.Lt,), ast.Gt: (ast.GtE,), ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.Mult,), ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,), ast.LShift: (ast.RShift,), ast.RShift: (ast.LShift,),
    ast.Break: (ast.Continue,), ast.Continue: (ast.Break,),
}  # fmt: skip
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNTOUCHED = {"annotation", "returns", "decorator_list", "args", "type_params", "bases", "keywords"}
"""Fields of a definition that are no part of what it does when called."""


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes
    ----------
    name
        ``Verdict.is_met: got < need -> got <= need``, with ``#2`` where a function has it twice.
    lines
        Of the statement, for what is compound of its head, in the source.
    constant
        The module's name for a value that is changed, empty where a function is.
    code
        The compiled module.
    """

    name: str
    lines: range
    constant: str
    code: CodeType


def functions_of(code: CodeType) -> list[CodeType]:
    """Return the code of a module's functions and methods in order, not of those inside them."""
    found: list[CodeType] = []
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            is_class = "__qualname__" in inner.co_names and not inner.co_flags & 0x02
            found += functions_of(inner) if is_class else [inner]
    return found


def draw_mutants(source: str, path: str) -> Iterator[Mutant]:
    """Yield each mutant of a module that compiles to something else."""
    tree = ast.parse(source)
    original = compile(tree, path, "exec")
    seen: Counter[str] = Counter()
    for place in _places(tree):
        for other in _others(place.node):
            place.put(ast.copy_location(other, place.node))
            code = compile(ast.fix_missing_locations(tree), path, "exec")
            place.put(place.node)
            if code == original:
                continue
            name = f"{place.name}: {_text(place.shown)} -> {_text(other)}"
            if isinstance(other, ast.operator | ast.cmpop | ast.boolop):
                place.put(other)
                name = f"{place.name}: {place.text} -> {_text(place.shown)}"
                place.put(place.node)
            seen[name] += 1
            count = seen[name]
            yield Mutant(
                f"{name} #{count}" if count > 1 else name, place.lines, place.constant, code
            )


@dataclass
class _Place:
    """Where a node hangs in the tree, and what is said of it."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    name: str
    constant: str
    lines: range
    shown: ast.AST

    def __post_init__(self) -> None:
        self.text = _text(self.shown)

    def put(self, node: ast.AST) -> None:
        """Hang another node there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) < 100 else f"{text[:60]} … {text[-36:]}"


def _places(tree: ast.Module) -> Iterator[_Place]:
    """Yield every place in a function, and in the value of a constant of the module."""
    for statement in tree.body:
        target = getattr(statement, "target", None) or getattr(statement, "targets", [None])[0]
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name):
            if target.id != "__all__" and statement.value is not None:
                lines = range(statement.lineno, (statement.end_lineno or 0) + 1)
                yield from _below(statement, target.id, target.id, lines, statement)
        else:
            yield from _definitions(statement, "")


def _definitions(node: ast.AST, within: str) -> Iterator[_Place]:
    name = f"{within}{getattr(node, 'name', '')}"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from _below(node, name, "", range(0), node)
    elif isinstance(node, ast.ClassDef):
        for child in node.body:
            yield from _definitions(child, f"{name}.")


def _below(
    node: ast.AST, name: str, constant: str, lines: range, shown: ast.AST
) -> Iterator[_Place]:
    is_definition = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED and (is_definition or field in ("annotation", "returns")):
            continue
        listed = isinstance(value, list)
        for index, child in enumerate(value if listed else [value]):
            if not isinstance(child, ast.AST) or isinstance(node, ast.JoinedStr):
                continue
            if isinstance(child, ast.expr_context | ast.Import | ast.ImportFrom):
                continue
            if isinstance(child, ast.stmt):
                body = getattr(child, "body", None)
                last = body[0].lineno - 1 if isinstance(body, list) else child.end_lineno or 0
                lines = range(child.lineno, max(child.lineno, last) + 1)
            part = child if isinstance(child, ast.expr | ast.stmt) else node
            yield _Place(child, node, field, index if listed else None, name, constant, lines, part)
            yield from _below(child, name, constant, lines, part)


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    for other in OTHER.get(type(node), ()):
        yield other()
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in CALLS:
            yield ast.Call(ast.Name(CALLS[name], ast.Load()), args, keywords)
        case ast.If(test=test) | ast.While(test=test) if not _is_negated_elsewhere(test):
            changed = copy.copy(node)
            changed.test = ast.UnaryOp(ast.Not(), test)
            yield changed
        case ast.IfExp(test=test, body=body, orelse=orelse) if not _is_negated_elsewhere(test):
            yield ast.IfExp(test, orelse, body)
        case ast.comprehension(ifs=[_, *_]):
            changed = copy.copy(node)
            changed.ifs = []
            yield changed
        case ast.Return(value=value) if value is not None and not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()


def _is_negated_elsewhere(test: ast.expr) -> bool:
    """Whether a mutant of a condition's own operator is its negation, to be counted once."""
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(
            ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn() | ast.Eq() | ast.NotEq()]
        ):
            return True
    return False
