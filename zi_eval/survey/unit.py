"""A unit's surveys beside thresholds and its answers of the LKE, and what they propose there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.core.rules import RuleSet
from zi_eval.survey.result import Chance, RequiredIndex, SurveyResult
from zi_eval.survey.values import round_half_up

__all__ = ["UnitSurveys", "chance_words", "index_marks", "index_to_answer", "propose_index"]


@dataclass(frozen=True, slots=True)
class UnitSurveys:
    """All that a page shows of one unit's surveys.

    Attributes
    ----------
    results
        Of the files that can be read, in the order of their names.
    problems
        Of all files; those of a file that cannot be read among them.
    answers
        What the unit file answers, by question id, at the TPI's stage; empty without a unit file.
    agency, remark
        The agency's name and the line it shows on every page; untrusted.
    """

    unit: str
    name: str
    results: tuple[SurveyResult, ...] = field(repr=False)
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    answers: Mapping[str, Value] = field(default_factory=dict, repr=False)
    agency: str = ""
    remark: str = ""

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What the surveys propose as answers of the LKE."""
        found = (propose_index(result) for result in self.results)
        return tuple(proposal for proposal in found if proposal is not None)


def index_marks(instrument: Instrument, rules: RuleSet, question: str) -> tuple[RequiredIndex, ...]:
    """Return the indices that the rules ask of one question, lowest first.

    Only of rules about this question alone; predicates that ask for the same stand together.
    """
    asked = instrument.questions.get(question)
    if asked is None or asked.weight is None or asked.scale.kind != "index":
        return ()
    names: dict[float, list[str]] = {}
    for rule in rules.rules:
        if instrument.questions_of(rule.nodes) != (question,):
            continue
        for predicate, threshold in rule.need.items():
            need = round(threshold.need(asked.weight) / asked.weight * asked.scale.top, 9)
            found_names = names.setdefault(need, [])
            if predicate not in found_names:
                found_names.append(predicate)
    return tuple(RequiredIndex(" dan ".join(names[need]), need) for need in sorted(names))


MOST_DIGITS = 6


def _number(value: float, digits: int = 2) -> str:
    return f"{round_half_up(value, digits):.{digits}f}".replace(".", ",")


def index_to_answer(index: float, needs: Sequence[float] = ()) -> float:
    """Return an index as it is written into the LKE: two decimals, half up.

    Except where that would lift it over a minimum it does not reach: 3.596 is not 3.60. Then it is
    cut off at as many decimals as it takes to stay below.

    Examples
    --------
    >>> index_to_answer(3.596), index_to_answer(3.596, [3.6])
    (3.6, 3.59)
    """
    rounded = round_half_up(index)
    crossed = [need for need in needs if index < need - 1e-9 <= rounded]
    if not crossed:
        return rounded
    for digits in range(2, MOST_DIGITS + 1):
        cut = float(floor(round(index * 10.0**digits, 6)) / 10.0**digits)
        if cut < min(crossed) - 1e-9:
            return cut
    return index


def chance_words(chance: float) -> str:
    """Say a chance of 1 as people do: ``93 dari 100``, never more certain than it is."""
    if chance > 0.99:
        return "lebih dari 99 dari 100"
    if chance < 0.01:
        return "kurang dari 1 dari 100"
    return f"{floor(chance * 100 + 0.5)} dari 100"


def propose_index(result: SurveyResult) -> Proposal | None:
    """Propose the index of the LKE question a survey answers; None where it answers none.

    Provisional where fewer answered than the rules ask for.
    """
    survey, index = result.survey, result.index
    if not survey.lke_question:
        return None
    sample = result.sample
    reasons = [f"{result.respondents} responden, sedikitnya {sample.minimum}."]
    if not sample.is_enough:
        reasons[0] = f"Baru {result.respondents} responden, sedikitnya {sample.minimum}."
    elif sample.krejcie_morgan is not None and result.respondents < sample.krejcie_morgan:
        reasons.append(
            f"Menurut tabel Krejcie-Morgan {sample.krejcie_morgan} responden untuk populasi "
            f"{sample.population}."
        )
    if index is None:
        reasons.append("Ada unsur tanpa jawaban, jadi indeksnya tidak dapat dihitung.")
        return Proposal(survey.lke_question, None, (), True, tuple(reasons), result.data.source)
    answer = index_to_answer(index, [item.mark.need for item in result.chances])
    if answer != round_half_up(index):
        reasons.append(
            f"Indeks {_number(index, 4)} tidak dibulatkan ke {_number(index)}, karena "
            "pembulatan akan melewatkannya dari ambang."
        )
    if result.interval is not None:
        low, high = _number(result.interval.low), _number(result.interval.high)
        reasons.append(f"Dengan responden sebanyak ini indeksnya antara {low} dan {high} (95 %).")
    reasons += [_chance(item) for item in result.chances]
    if result.doubtful and result.clean_index is not None:
        reasons.append(
            f"{result.doubtful} jawaban perlu diperiksa; tanpa semuanya indeks "
            f"{_number(result.clean_index)}."
        )
    if result.other_index is not None:
        reasons.append(
            f"Skala {survey.lowest}–{survey.highest} dikonversi dengan "
            f"{survey.conversion_text}; cara lain memberi {_number(result.other_index)}."
        )
    surveyor = result.data.frame.surveyor
    reasons.append(
        f"Pelaksana: {surveyor}."
        if surveyor
        else "Pelaksana survei belum ditulis; LKE meminta survei eksternal."
    )
    return Proposal(
        survey.lke_question, answer, (), not sample.is_enough, tuple(reasons), result.data.source
    )


def _chance(item: Chance) -> str:
    word = "mencapai" if item.is_reached else "belum mencapai"
    mark = f"{item.mark.name} ({_number(item.mark.need)})"
    if item.chance is None:
        return f"Indeks {word} ambang {mark}."
    return f"Indeks {word} ambang {mark}; peluang {chance_words(item.chance)}."
