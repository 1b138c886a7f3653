"""Answers and facts of one unit that contradict one another, by the rules of its instrument.

What is found is a :class:`~zi_eval.doubts.values.Doubt` with both places and a reading for each of
them being right. Checking a unit costs a look at each rule's first side; texts are made only of
what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose

from zi_eval.core.assessment import Fact
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument, Question, Share
from zi_eval.core.scoring import QuestionValue, value_question
from zi_eval.core.verdict import TOLERANCE
from zi_eval.doubts.rules import Contradictions, Input, Pair, PartsOfWhole, Side
from zi_eval.doubts.values import Doubt, Reading, Statement, figure

__all__ = ["answer_says", "fact_says", "find_contradictions"]


def find_contradictions(evaluation: Evaluation, rules: Contradictions) -> tuple[Doubt, ...]:
    """Return what contradicts itself in a unit's answers and facts, at the stage evaluated.

    In the order of the rules; not weighed yet (:func:`zi_eval.doubts.weighing.weigh`).
    """
    found = _Finder(evaluation, rules)
    return (
        *found.shares(),
        *found.counts(),
        *found.sums(),
        *found.full(),
        *found.needs(),
        *found.orders(),
        *found.pairs(),
    )


def answer_says(question: Question, value: QuestionValue) -> str:
    """Write an answer in as few words as tell it: an option, an index, or its counts."""
    answer = value.answer
    if isinstance(answer, str):
        return answer
    if isinstance(answer, (int, float)):
        return figure(float(answer))
    if isinstance(answer, tuple) and isinstance(question.rule, Share):
        part, whole = (value.inputs[n - 1] for n in (question.rule.part, question.rule.whole))
        share = f" ({figure(part / whole * 100, 1)} %)" if part is not None and whole else ""
        return f"{_count(part)} dari {_count(whole)}{share}"
    if isinstance(answer, tuple):
        return "; ".join(_count(number) for number in value.inputs)
    return "belum dijawab" if answer is None else "tidak berlaku"


def _count(number: float | None) -> str:
    return "kosong" if number is None else figure(number)


def fact_says(fact: Fact | None, unit_of_measure: str = "") -> str:
    """Write a stated fact in as few words as tell it."""
    if fact is None:
        return "belum dinyatakan"
    if isinstance(fact, bool):
        return "Ya" if fact else "Tidak"
    if isinstance(fact, str):
        return fact
    return f"{figure(fact)} {unit_of_measure}".rstrip()


class _Finder:
    """Looks through one unit, one kind of rule a method."""

    def __init__(self, evaluation: Evaluation, rules: Contradictions) -> None:
        self.rules = rules
        self.instrument: Instrument = evaluation.instrument
        self.values = evaluation.card.values
        self.assessment = evaluation.assessment
        self.facts = evaluation.assessment.facts
        self.asked = evaluation.rules.prerequisites_of("unit")

    # ------------------------------------------------------------ the places

    def answer(self, question: str) -> Statement:
        says = answer_says(self.instrument.questions[question], self.values[question])
        return Statement(f"jawaban.{question}", says)

    def input(self, item: Input) -> Statement:
        got = self.values[item.question].inputs[item.number - 1]
        text = self.instrument.questions[item.question].inputs[item.number - 1].text
        return Statement(f"jawaban.{item}", f"{_count(got)} ({text})")

    def side(self, side: Side) -> Statement:
        if side.number:
            return self.input(Input(side.question, side.number))
        return self.answer(side.question)

    def fact(self, fact: str) -> Statement:
        unit = self.asked[fact].unit_of_measure if fact in self.asked else ""
        return Statement(f"syarat.{fact}", fact_says(self.facts.get(fact), unit))

    def title(self, fact: str) -> str:
        return self.asked[fact].title if fact in self.asked else fact

    # ------------------------------------------------------------ trial values

    def count(self, item: Input) -> float | None:
        inputs = self.values[item.question].inputs
        return inputs[item.number - 1] if inputs else None

    def worth(self, question: str, changed: Mapping[int, float]) -> Mapping[str, float]:
        """Return what a ratio question is worth with some of its inputs changed."""
        found = self.instrument.questions[question]
        inputs = self.values[question].inputs
        asked = tuple(
            changed.get(item.number, inputs[item.number - 1]) for item in found.asked_inputs
        )
        value = value_question(found, asked)[0].value
        return {} if value is None else {question: value}

    def at_most(self, side: Side) -> Mapping[str, float]:
        """Return the value of a question with one side brought down to its bound."""
        if side.number:
            return self.worth(side.question, {side.number: side.most})
        return {side.question: side.most}

    def above(self, side: Side) -> tuple[Mapping[str, float], str]:
        """Return the value of a question with one side just above its bound, and what that is."""
        if side.number:
            return self.worth(side.question, {side.number: side.most + 1}), _count(side.most + 1)
        options = self.instrument.questions[side.question].scale.values
        better = [code for code, value in options.items() if value > side.most + TOLERANCE]
        return {side.question: options[better[-1]]}, better[-1]

    # ------------------------------------------------------------ the rules

    def shares(self) -> Iterator[Doubt]:
        for rule in self.rules.shares:
            fact, value = self.facts.get(rule.fact), self.values[rule.question]
            if value.value is None or isinstance(fact, (bool, str, type(None))):
                continue
            percent = value.value * 100
            if _is_same_share(fact, percent) and self._same_side(rule.fact, fact, percent):
                continue
            yield Doubt(
                code="syarat-beda-jawaban",
                what=f"{self.title(rule.fact)} dinyatakan {figure(fact)} %, sedangkan di "
                f"{rule.question} {answer_says(self.instrument.questions[rule.question], value)}.",
                statements=(self.fact(rule.fact), self.answer(rule.question)),
                rule=rule.why,
                source=rule.source,
                remedy="Cocokkan keduanya dengan tanda terima pelaporan, lalu betulkan yang salah.",
                readings=(
                    Reading(f"bila {rule.question} benar", facts={rule.fact: round(percent, 9)}),
                    Reading("bila syarat benar", values={rule.question: min(1.0, fact / 100)}),
                ),
            )

    def _same_side(self, fact: str, stated: float, percent: float) -> bool:
        item = self.asked.get(fact)
        needs = [n for by_kind in item.need.values() for n in by_kind.values()] if item else []
        return all(
            (stated >= need - TOLERANCE) == (percent >= need - TOLERANCE)
            for need in needs
            if not isinstance(need, (bool, str))
        )

    def counts(self) -> Iterator[Doubt]:
        for rule in self.rules.counts:
            one, other = self.count(rule.one), self.count(rule.other)
            if one is None or other is None or isclose(one, other, abs_tol=TOLERANCE):
                continue
            yield Doubt(
                code="hitungan-beda",
                what=f"{rule.one} berisi {_count(one)}, sedangkan {rule.other} berisi "
                f"{_count(other)}.",
                statements=(self.input(rule.one), self.input(rule.other)),
                rule=rule.why,
                source=self.rules.source,
                remedy="Hitung ulang dari daftar yang sama, lalu samakan kedua isian.",
                readings=(
                    Reading(
                        f"bila {rule.one} benar",
                        self.worth(rule.other.question, {rule.other.number: one}),
                    ),
                    Reading(
                        f"bila {rule.other} benar",
                        self.worth(rule.one.question, {rule.one.number: other}),
                    ),
                ),
            )

    def sums(self) -> Iterator[Doubt]:
        for rule in self.rules.sums:
            parts = [self.count(item) for item in rule.parts]
            whole = [self.count(item) for item in rule.whole]
            if None in parts or None in whole:
                continue
            excess = sum(n or 0.0 for n in parts) - sum(n or 0.0 for n in whole)
            if excess > TOLERANCE:
                yield self._excess(rule, excess)

    def _excess(self, rule: PartsOfWhole, excess: float) -> Doubt:
        def said(items: tuple[Input, ...]) -> str:
            return " + ".join(_count(self.count(item)) for item in items)

        def changed(item: Input, by: float) -> Mapping[str, float]:
            return self.worth(
                item.question, {item.number: max(0.0, (self.count(item) or 0.0) + by)}
            )

        readings = [
            Reading(f"bila {item} yang kurang", changed(item, excess)) for item in rule.whole
        ]
        readings += [
            Reading(f"bila {item} yang berlebih", changed(item, -excess)) for item in rule.parts
        ]
        if len(rule.parts) == len(rule.whole) == 1:
            part, whole = rule.parts[0], rule.whole[0]
            swapped = {part.number: self.count(whole) or 0.0, whole.number: self.count(part) or 0.0}
            readings.append(Reading("bila keduanya tertukar", self.worth(part.question, swapped)))
        question = rule.parts[0].question
        return Doubt(
            code="bagian-melebihi",
            what=f"Di {question}, {' + '.join(str(i.number) for i in rule.parts)} berisi "
            f"{said(rule.parts)}, lebih dari {said(rule.whole)} di "
            f"{' + '.join(str(i.number) for i in rule.whole)}.",
            statements=tuple(self.input(item) for item in (*rule.parts, *rule.whole)),
            rule=rule.why,
            source=self.rules.source,
            remedy="Hitung ulang dari register atau daftarnya, lalu betulkan isian yang salah.",
            readings=tuple(readings),
        )

    def full(self) -> Iterator[Doubt]:
        for rule in self.rules.full:
            answer, ratio = self.values[rule.question], self.values[rule.ratio]
            if ratio.value is None or not isinstance(answer.answer, str):
                continue
            says_all = answer.answer in rule.answers
            is_full = ratio.value >= 1 - TOLERANCE
            if says_all == is_full or not (says_all or answer.answer == rule.otherwise):
                continue
            question = self.instrument.questions[rule.question]
            told = answer_says(self.instrument.questions[rule.ratio], ratio)
            then = rule.otherwise if says_all else rule.answers[-1]
            yield Doubt(
                code="capaian-beda-hitungan",
                what=f"{rule.question} dijawab {answer.answer}, padahal di {rule.ratio} tercapai "
                f"{told}.",
                statements=(self.answer(rule.question), self.answer(rule.ratio)),
                rule=rule.why,
                source=self.rules.source,
                remedy="Cocokkan keduanya dengan tabel capaian kinerja, lalu betulkan yang salah.",
                readings=(
                    Reading(
                        f"bila {rule.ratio} benar, {rule.question} dijawab {then}",
                        {rule.question: question.scale.values[then]},
                    ),
                    Reading(f"bila {rule.question} benar", self._full_ratio(rule.ratio, says_all)),
                ),
            )

    def _full_ratio(self, ratio: str, is_full: bool) -> Mapping[str, float]:
        """Return the ratio's value with everything reached, or with one thing missed."""
        rule, inputs = self.instrument.questions[ratio].rule, self.values[ratio].inputs
        if is_full or not inputs or not isinstance(rule, Share):
            return {ratio: 1.0}
        whole = inputs[rule.whole - 1] or 0.0
        return self.worth(ratio, {rule.part: max(0.0, whole - 1)})

    def needs(self) -> Iterator[Doubt]:
        for rule in self.rules.needs:
            fact = self.facts.get(rule.fact)
            held = (
                self.assessment.target == rule.target
                if rule.target
                else self.facts.get(rule.when) == rule.value
            )
            wanted = rule.wanted(fact) if held and fact is not None else None
            if wanted is None:
                continue
            here = Statement("target", rule.target) if rule.target else self.fact(rule.when)
            readings = [Reading(f"bila {here.name} benar", facts={rule.fact: wanted})]
            if isinstance(rule.value, bool):
                readings.append(
                    Reading(f"bila syarat {rule.fact} benar", facts={rule.when: not rule.value})
                )
            there = self.fact(rule.fact)
            yield Doubt(
                code="pernyataan-beda",
                what=f"{here.name.capitalize()} berisi {here.says}, sedangkan {there.name} berisi "
                f"{there.says}.",
                statements=(here, there),
                rule=rule.why,
                source=rule.source,
                remedy="Cocokkan dengan keputusan penetapannya, lalu betulkan yang salah.",
                readings=tuple(readings),
            )

    def orders(self) -> Iterator[Doubt]:
        for rule in self.rules.orders:
            small, large = self.facts.get(rule.smaller), self.facts.get(rule.larger)
            if isinstance(small, (bool, str, type(None))) or isinstance(
                large, (bool, str, type(None))
            ):
                continue
            if small <= large + TOLERANCE:
                continue
            here, there = self.fact(rule.smaller), self.fact(rule.larger)
            yield Doubt(
                code="pernyataan-beda",
                what=f"{here.name.capitalize()} berisi {here.says}, lebih dari {there.says} di "
                f"{there.name}.",
                statements=(here, there),
                rule=rule.why,
                source=rule.source,
                remedy="Cocokkan dengan keputusan penetapannya, lalu betulkan yang salah.",
                readings=(
                    Reading(f"bila {there.name} benar", facts={rule.smaller: large}),
                    Reading(f"bila {here.name} benar", facts={rule.larger: small}),
                ),
            )

    def pairs(self) -> Iterator[Doubt]:
        values = self.values
        for rule in self.rules.pairs:
            where = rule.where
            got = where.got(values)
            if got is None or got > where.most + TOLERANCE:
                continue
            other = rule.then.got(values)
            if other is not None and other > rule.then.most + TOLERANCE:
                yield self._pair(rule)

    def _pair(self, rule: Pair) -> Doubt:
        here, there = self.side(rule.where), self.side(rule.then)
        raised, option = self.above(rule.where)
        return Doubt(
            code="tidak-ada-tetapi-baik",
            what=f"{rule.where.key} berisi {here.says}, padahal {rule.then.key} berisi "
            f"{there.says}.",
            statements=(here, there),
            rule=rule.why,
            source=self.rules.source,
            remedy=f"Periksa buktinya: betulkan {rule.where.key}, atau turunkan {rule.then.key}.",
            readings=(
                Reading(
                    f"bila {rule.where.key} benar, {rule.then.key} paling tinggi "
                    f"{rule.then.option}",
                    self.at_most(rule.then),
                ),
                Reading(
                    f"bila {rule.then.key} benar, {rule.where.key} sedikitnya {option}", raised
                ),
            ),
        )


def _is_same_share(stated: float, percent: float) -> bool:
    """Whether a stated percentage is a counted one rounded or cut off, as people write it."""
    decimals = len(figure(stated, 6).partition(",")[2])
    return abs(stated - percent) < 10.0**-decimals - TOLERANCE
