"""Reading ``contradictions.yaml``: strict, every mistake with its line and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from zi_eval.core.assessment import Fact
from zi_eval.core.instrument import Instrument, Share
from zi_eval.core.problems import Problem, has_errors, nearest, sort_problems, suggest
from zi_eval.core.rules import Prerequisite, RuleSet
from zi_eval.doubts.rules import (
    Contradictions,
    EqualCounts,
    EqualShare,
    FactNeed,
    FactOrder,
    FullRatio,
    Input,
    Pair,
    PartsOfWhole,
    Side,
)
from zi_eval.errors import InstrumentError
from zi_eval.instruments.packaged import load_rules
from zi_eval.instruments.rulesets import available_rules
from zi_eval.instruments.shape import Shape, Text
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import KeyPath, Source, read_yaml

__all__ = ["parse_contradictions", "read_contradictions"]

TARGET = "target"

Bound = Any
"""An option or a count; which one a question takes is checked with the question."""


class _Share(Shape):
    fact: Text
    question: Text
    why: Text
    source: Text


class _Counts(Shape):
    inputs: Annotated[list[Text], Field(min_length=2, max_length=2)]
    why: Text


class _Sum(Shape):
    parts: Annotated[list[Text], Field(min_length=1)]
    whole: Annotated[list[Text], Field(min_length=1)]
    why: Text


class _Full(Shape):
    question: Text
    answers: Annotated[list[Text], Field(min_length=1)]
    ratio: Text
    otherwise: Text
    why: Text


class _Need(Shape):
    when: dict[str, Any]
    fact: Text
    why: Text
    source: Text
    equals: bool | None = None
    at_least: float | None = None
    at_most: float | None = None


class _Order(Shape):
    facts: Annotated[list[Text], Field(min_length=2, max_length=2)]
    why: Text
    source: Text


class _Pair(Shape):
    where: Text
    at_most: Bound
    then: Annotated[dict[str, Bound], Field(min_length=1)]
    why: Text


class _File(Shape):
    source: Text
    shares: list[_Share] = Field(default_factory=list)
    counts: list[_Counts] = Field(default_factory=list)
    sums: list[_Sum] = Field(default_factory=list)
    full: list[_Full] = Field(default_factory=list)
    facts: list[_Need] = Field(default_factory=list)
    orders: list[_Order] = Field(default_factory=list)
    pairs: list[_Pair] = Field(default_factory=list)
    alone: dict[str, Text] = Field(default_factory=dict)


class _Reader:
    """Turns the checked shapes into rules, and collects what does not fit the instrument."""

    def __init__(
        self, source: Source, instrument: Instrument, facts: dict[str, Prerequisite]
    ) -> None:
        self.source, self.instrument, self.known = source, instrument, facts
        self.problems: list[Problem] = []

    def report(self, path: KeyPath, code: str, message: str, key: str = "", hint: str = "") -> None:
        self.problems.append(
            Problem(
                code=code,
                message=message,
                hint=hint,
                key=key,
                file=self.source.name,
                line=self.source.line(path),
            )
        )

    def question(self, path: KeyPath, name: str, kinds: tuple[str, ...] = ()) -> bool:
        """Whether a question exists and has one of the kinds; what is not is reported."""
        found = self.instrument.questions.get(name)
        if found is None:
            message = f"pertanyaan '{name}' tidak ada dalam {self.instrument.id}."
            hint = suggest(name, list(self.instrument.questions))
            self.report(path, "butir-tidak-dikenal", message, name, hint)
            return False
        if kinds and found.scale.kind not in kinds:
            message = f"pertanyaan {name} berskala {found.scale.kind}; yang boleh: "
            self.report(path, "skala-lain", f"{message}{', '.join(kinds)}.", name)
            return False
        return True

    def input(self, path: KeyPath, name: str) -> Input | None:
        """Return a counted input by its id, None where there is none."""
        head, _, last = name.rpartition(".")
        question = self.instrument.questions.get(head)
        numbers = [str(item.number) for item in question.inputs] if question else []
        if last not in numbers:
            allowed = [
                f"{q.id}.{item.number}"
                for q in self.instrument.questions.values()
                for item in q.inputs
            ]
            message = f"masukan '{name}' tidak ada dalam {self.instrument.id}."
            hint = suggest(name, allowed) or f"Yang ada: {', '.join(allowed)}."
            self.report(path, "masukan-tidak-ada", message, name, hint)
            return None
        return Input(head, int(last))

    def inputs(self, path: KeyPath, names: Iterable[str]) -> tuple[Input, ...]:
        """Return counted inputs, those of one question."""
        found = [self.input((*path, n), name) for n, name in enumerate(names)]
        return tuple(item for item in found if item is not None)

    def option(self, path: KeyPath, question: str, code: Any) -> float | None:
        """Return the value of an option, None where the question has no such one."""
        values = self.instrument.questions[question].scale.values
        if not isinstance(code, str) or code not in values:
            message = f"pilihan '{code}' tidak ada pada {question}; yang boleh: "
            self.report(path, "pilihan-tidak-ada", f"{message}{', '.join(values)}.", question)
            return None
        return values[code]

    def side(self, path: KeyPath, name: str, bound: Any) -> Side | None:
        """Return an answer with the option, or an input with the count, up to which it is."""
        if name not in self.instrument.questions and name.rpartition(".")[2].isdigit():
            item = self.input(path, name)
            if item is None:
                return None
            if isinstance(bound, bool) or not isinstance(bound, int) or bound < 0:
                message = f"batas {name} harus bilangan bulat 0 atau lebih, bukan '{bound}'."
                self.report(path, "bukan-angka", message, item.question)
                return None
            return Side(item.question, item.number, float(bound), str(bound))
        if not self.question(path, name, ("choice",)):
            return None
        value = self.option(path, name, bound)
        if value is not None and value >= 1:
            message = f"batas {name} '{bound}' jawaban tertinggi, jadi tidak membatasi apa pun."
            self.report(path, "batas-tertinggi", message, name)
            return None
        return None if value is None else Side(name, 0, value, str(bound))

    def fact(self, path: KeyPath, name: str, kinds: tuple[str, ...] = ()) -> bool:
        """Whether a prerequisite of the unit exists in one of the instrument's rule sets."""
        item = self.known.get(name)
        if item is None:
            near = nearest(name, self.known)
            hint = f"Mungkin maksudnya '{near}'." if near else ""
            message = f"syarat '{name}' tidak dikenal; yang ada: {', '.join(self.known)}."
            self.report(path, "syarat-tidak-dikenal", message, hint=hint)
            return False
        if kinds and item.kind not in kinds:
            message = f"syarat {name} berjenis {item.kind}; yang boleh: {', '.join(kinds)}."
            self.report(path, "jenis-lain", message)
            return False
        return True

    def need(self, path: KeyPath, shape: _Need, predicates: Iterable[str]) -> FactNeed | None:
        """Return what a fact must be."""
        stated = [shape.equals is not None, shape.at_least is not None, shape.at_most is not None]
        if sum(stated) != 1:
            message = "harus berisi tepat satu dari: equals, at_least, at_most."
            self.report(path, "batas-ganda", message)
        kinds = ("yes",) if shape.equals is not None else ("number",)
        is_known = self.fact((*path, "fact"), shape.fact, kinds)
        if len(shape.when) != 1:
            message = "'when' harus berisi tepat satu: 'target' atau satu syarat."
            self.report((*path, "when"), "batas-ganda", message)
            return None
        ((when, value),) = shape.when.items()
        if when == TARGET:
            if value not in tuple(predicates):
                message = f"target '{value}' tidak dikenal; yang boleh: {', '.join(predicates)}."
                self.report((*path, "when", when), "kata-tidak-dikenal", message)
                is_known = False
        elif not self.fact((*path, "when", when), when):
            is_known = False
        if not is_known or sum(stated) != 1:
            return None
        is_target = when == TARGET
        return FactNeed(
            fact=shape.fact,
            why=shape.why,
            source=shape.source,
            target=str(value) if is_target else "",
            when="" if is_target else when,
            value=None if is_target else _fact(value),
            equals=shape.equals,
            least=shape.at_least,
            most=shape.at_most,
        )


def _fact(value: Any) -> Fact:
    return value if isinstance(value, (bool, str)) else float(value)


def parse_contradictions(
    source: Source, instrument: Instrument, rule_sets: Iterable[RuleSet]
) -> tuple[Contradictions | None, tuple[Problem, ...]]:
    """Turn the file's content into rules.

    Parameters
    ----------
    rule_sets
        Those whose prerequisites and predicates the file may name.

    Returns
    -------
    The rules, None where the file has errors, and every problem with its line.
    """
    file, found = validate(_File, source)
    if file is None:
        return None, sort_problems(found)
    sets = tuple(rule_sets)
    facts = {k: p for rules in sets for k, p in rules.prerequisites_of("unit").items()}
    predicates = tuple(dict.fromkeys(p for rules in sets for p in rules.predicates))
    reader = _Reader(source, instrument, facts)
    rules = Contradictions(
        source=file.source,
        shares=tuple(_shares(reader, file)),
        counts=tuple(_counts(reader, file)),
        sums=tuple(_sums(reader, file)),
        full=tuple(_full(reader, file)),
        needs=tuple(
            need
            for place, shape in enumerate(file.facts)
            if (need := reader.need(("facts", place), shape, predicates)) is not None
        ),
        orders=tuple(_orders(reader, file)),
        pairs=tuple(_pairs(reader, file)),
        alone=dict(file.alone),
    )
    for node in file.alone:
        if node not in instrument.nodes:
            message = f"simpul '{node}' tidak ada dalam {instrument.id}."
            hint = suggest(node, list(instrument.nodes))
            reader.report(("alone", node), "simpul-tidak-ada", message, node, hint)
    problems = sort_problems((*found, *reader.problems))
    return (None if has_errors(problems) else rules), problems


def _shares(reader: _Reader, file: _File) -> Iterable[EqualShare]:
    for place, item in enumerate(file.shares):
        path: KeyPath = ("shares", place)
        is_known = reader.fact((*path, "fact"), item.fact, ("number",))
        if reader.question((*path, "question"), item.question, ("ratio",)) and is_known:
            yield EqualShare(item.fact, item.question, item.why, item.source)


def _counts(reader: _Reader, file: _File) -> Iterable[EqualCounts]:
    for place, item in enumerate(file.counts):
        found = reader.inputs(("counts", place, "inputs"), item.inputs)
        if len(found) == 2:
            yield EqualCounts(found[0], found[1], item.why)


def _sums(reader: _Reader, file: _File) -> Iterable[PartsOfWhole]:
    for place, item in enumerate(file.sums):
        path: KeyPath = ("sums", place)
        parts = reader.inputs((*path, "parts"), item.parts)
        whole = reader.inputs((*path, "whole"), item.whole)
        questions = {found.question for found in (*parts, *whole)}
        if len(questions) > 1:
            message = f"semua masukan harus dari satu pertanyaan, bukan {', '.join(questions)}."
            reader.report(path, "beda-pertanyaan", message)
        elif parts and whole:
            yield PartsOfWhole(parts, whole, item.why)


def _full(reader: _Reader, file: _File) -> Iterable[FullRatio]:
    for place, item in enumerate(file.full):
        path: KeyPath = ("full", place)
        is_ratio = reader.question((*path, "ratio"), item.ratio, ("ratio",))
        if is_ratio and not isinstance(reader.instrument.questions[item.ratio].rule, Share):
            message = f"{item.ratio} tidak menghitung bagian dari keseluruhan."
            reader.report((*path, "ratio"), "skala-lain", message, item.ratio)
            is_ratio = False
        if not reader.question((*path, "question"), item.question, ("choice",)):
            continue
        codes = (*item.answers, item.otherwise)
        places = (*(("answers", n) for n in range(len(item.answers))), ("otherwise",))
        values = [
            reader.option((*path, *at), item.question, code)
            for at, code in zip(places, codes, strict=True)
        ]
        if is_ratio and None not in values:
            yield FullRatio(
                item.question, tuple(item.answers), item.ratio, item.otherwise, item.why
            )


def _orders(reader: _Reader, file: _File) -> Iterable[FactOrder]:
    for place, item in enumerate(file.orders):
        known = [
            reader.fact(("orders", place, "facts", n), name, ("number",))
            for n, name in enumerate(item.facts)
        ]
        if all(known):
            yield FactOrder(item.facts[0], item.facts[1], item.why, item.source)


def _pairs(reader: _Reader, file: _File) -> Iterable[Pair]:
    seen: set[tuple[str, str]] = set()
    for place, item in enumerate(file.pairs):
        path: KeyPath = ("pairs", place)
        where = reader.side((*path, "where"), item.where, item.at_most)
        for name, bound in item.then.items():
            at = (*path, "then", name)
            then = reader.side(at, name, bound)
            if (item.where, name) in seen or item.where == name:
                message = f"pasangan {item.where} dan {name} ditulis dua kali atau sama."
                reader.report(at, "pasangan-ganda", message)
            seen.add((item.where, name))
            if where is not None and then is not None:
                yield Pair(where, then, item.why)


def read_contradictions(instrument: Instrument, file: Path) -> Contradictions:
    """Return the rules of a file; empty ones where it is not there.

    Raises
    ------
    InstrumentError
        With every problem of the file.
    """
    if not file.exists():
        return Contradictions()
    sets = [load_rules(instrument.id, name) for name in available_rules(instrument.id)]
    rules, problems = parse_contradictions(read_yaml(file), instrument, sets)
    if rules is None:
        raise InstrumentError(problems)
    return rules
