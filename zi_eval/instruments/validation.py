"""What pydantic finds wrong, said in Indonesian with the file, the line and what is allowed."""

from __future__ import annotations

import re
import types
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from zi_eval.core.problems import MOST, Problem, count_more, has_errors, suggest
from zi_eval.yaml_files.source import KeyPath, Source

__all__ = ["validate"]

T = TypeVar("T")
ID: Final = re.compile(r"[A-Z](\.[A-Za-z0-9]+)*|[0-9]+(\.[A-Za-z0-9]+)+")
QUOTED: Final = re.compile(r"'([^']*)'|(?<![\w'])(\d+)(?![\w'])")

_KINDS: Final[dict[str, tuple[str, str, str]]] = {
    "string_type": ("bukan-teks", "harus teks", "Apit isinya dengan tanda kutip."),
    "float_type": ("bukan-angka", "harus angka, misalnya 2.5", "Tulis angka tanpa tanda kutip."),
    "int_type": ("bukan-angka", "harus bilangan bulat", "Tulis angka tanpa tanda kutip."),
    "int_from_float": ("bukan-angka", "harus bilangan bulat", ""),
    "finite_number": ("bukan-angka", "harus angka terhingga", ""),
    "bool_type": ("bukan-ya-tidak", "harus 'true' atau 'false'", ""),
    "dict_type": ("bukan-pemetaan", "harus berisi pasangan 'kunci: nilai'", ""),
    "model_type": ("bukan-pemetaan", "harus berisi pasangan 'kunci: nilai'", ""),
    "model_attributes_type": ("bukan-pemetaan", "harus berisi pasangan 'kunci: nilai'", ""),
    "list_type": ("bukan-daftar", "harus daftar, satu butir per baris dengan '- '", ""),
    "string_too_short": ("kosong", "tidak boleh kosong", ""),
    "too_short": ("kosong", "tidak boleh kosong", ""),
    "string_pattern_mismatch": ("bentuk-salah", "harus huruf kolom A sampai ZZ", ""),
}
_BOUNDS: Final = {
    "greater_than": ("gt", "lebih besar dari"),
    "greater_than_equal": ("ge", "paling kecil"),
    "less_than_equal": ("le", "paling besar"),
    "less_than": ("lt", "lebih kecil dari"),
}


def _arms(annotation: Any) -> tuple[Any, ...]:
    """Return the possible types of an annotation without ``None`` and metadata."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _arms(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return tuple(arm for part in get_args(annotation) for arm in _arms(part))
    return () if annotation is type(None) else (annotation,)


MARK = "<"
"""How the tag of a union of plain types begins; no key of a file does."""


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    kind = model.model_fields.get("kind")
    literal = kind is not None and get_origin(kind.annotation) is Literal
    return get_args(kind.annotation) if kind is not None and literal else ()


def _walk(annotation: Any, loc: Sequence[str | int]) -> tuple[KeyPath, tuple[Any, ...]]:
    """Follow an error's place through the types.

    Returns
    -------
    The place in the file (pydantic's own marks taken out), and the types possible there.
    """
    path: list[str | int] = []
    arms = _arms(annotation)
    loc = [part for part in loc if not str(part).startswith(MARK)]
    for index, part in enumerate(loc):
        models = [arm for arm in arms if isinstance(arm, type) and issubclass(arm, BaseModel)]
        tagged = [model for model in models if part in _tags(model)]
        if tagged and len(arms) > 1:
            arms = tuple(tagged)
            continue
        if part == "[key]":
            continue
        path.append(part)
        below: list[Any] = []
        for arm in arms:
            origin = get_origin(arm)
            if origin is dict:
                below += _arms(get_args(arm)[1])
            elif origin is list:
                below += _arms(get_args(arm)[0])
            elif arm in models and part in arm.model_fields:
                below += _arms(arm.model_fields[str(part)].annotation)
        if not below and index + 1 < len(loc):
            return (*path, *loc[index + 1 :]), ()
        arms = tuple(below)
    return tuple(path), arms


def _keys(arms: Sequence[Any], required: bool = False) -> list[str]:
    return [
        name
        for arm in arms
        if isinstance(arm, type) and issubclass(arm, BaseModel)
        for name, info in arm.model_fields.items()
        if info.is_required() or not required
    ]


def _say(error: Any, annotation: Any, path: KeyPath) -> tuple[str, str, str]:
    """Return code, message and hint of one error."""
    kind, loc, given = error["type"], error["loc"], error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    name = str(path[-1]) if path else "isi berkas"
    if kind in ("extra_forbidden", "missing"):
        _, arms = _walk(annotation, loc[:-1])
        allowed = _keys(arms)
        if kind == "missing":
            needed = ", ".join(_keys(arms, required=True))
            return "kunci-kurang", f"kunci '{name}' belum ada; yang wajib: {needed}.", ""
        message = f"kunci '{name}' tidak dikenal; yang boleh: {', '.join(allowed)}."
        return "kunci-tidak-dikenal", message, suggest(name, allowed)
    if kind == "union_tag_not_found":
        return "kunci-kurang", f"kunci 'kind' di dalam '{name}' belum ada.", ""
    if kind in ("literal_error", "union_tag_invalid"):
        listed = str(context.get("expected") or context.get("expected_tags") or "")
        allowed = [a or b for a, b in QUOTED.findall(listed)]
        word = str(context.get("tag", given))
        field = f"'kind' di dalam '{name}'" if kind == "union_tag_invalid" else f"'{name}'"
        message = f"{field} berisi '{word}'; yang boleh: {', '.join(allowed)}."
        return "nilai-tidak-dikenal", message, suggest(word, allowed)
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return "di-luar-batas", f"'{name}' harus {words} {context.get(key):g}, bukan {given}.", ""
    code, message, hint = _KINDS.get(kind, ("bentuk-salah", "tidak dapat dipakai", ""))
    shown = {dict: "pasangan kunci-nilai", list: "daftar", type(None): "kosong"}.get(
        type(given), f"'{str(given)[:40]}'"
    )
    return code, f"'{name}' {message}, bukan {shown}.", hint


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def validate(shape: type[T], source: Source) -> tuple[T | None, tuple[Problem, ...]]:
    """Check a source's value against a shape (a model or a dict of models).

    Returns
    -------
    The checked value (None where it has errors) and every problem, those of the source included.
    """
    if source.value is None:
        return None, source.problems
    try:
        key: Any = shape
        value: T = _adapter(key).validate_python(source.value)
    except ValidationError as error:
        problems = list(source.problems)
        items = error.errors(include_url=False)
        for item in items[:MOST]:
            path, _ = _walk(shape, item["loc"])
            code, message, hint = _say(item, shape, path)
            ids = (part for part in reversed(path) if isinstance(part, str) and ID.fullmatch(part))
            problems.append(
                Problem(
                    code=code,
                    message=message,
                    hint=hint,
                    file=source.name,
                    line=source.line(path),
                    key=next(ids, ""),
                )
            )
        more = count_more(len(items) - MOST, file=source.name)
        return None, (*problems, *more)
    return (None if has_errors(source.problems) else value), source.problems
