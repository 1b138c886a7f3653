"""What makes a verdict doubtful because data of the same unit say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zi_eval.core.assessment import Fact, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.proposals import Proposal
from zi_eval.core.scoring import value_question
from zi_eval.core.verdict import TOLERANCE
from zi_eval.doubts.contradictions import answer_says, fact_says
from zi_eval.doubts.values import LKE, Doubt, Reading, Statement, figure
from zi_eval.survey.quality import DoubtKind

if TYPE_CHECKING:
    from zi_eval.survey.result import SurveyResult

__all__ = [
    "StatedElsewhere",
    "doubt_elsewhere",
    "doubt_proposals",
    "doubt_surveys",
]

ROUNDING = 0.005
"""Half of the last of the two decimals in which an index is written."""
KIND_WORDS = {
    DoubtKind.STRAIGHT: "jawaban yang sama untuk semua unsur",
    DoubtKind.DUPLICATE: "jawaban kembar",
    DoubtKind.FAST: "jawaban yang terlalu cepat",
    DoubtKind.PARTIAL: "jawaban yang kurang dari separuh terisi",
}


# -------------------------------------------------------------------- data that differ


def doubt_proposals(evaluation: Evaluation, proposals: Iterable[Proposal]) -> tuple[Doubt, ...]:
    """Return what the data of a unit answer otherwise than the unit does.

    An index that its survey gives within rounding, and on the same side of every minimum, is the
    same. What is provisional (rests on projected figures or too few responses) is said so.
    """
    return tuple(
        doubt for proposal in proposals if (doubt := _proposal(evaluation, proposal)) is not None
    )


def _proposal(evaluation: Evaluation, proposal: Proposal) -> Doubt | None:
    question = evaluation.instrument.questions[proposal.question]
    value = evaluation.card.values[question.id]
    given = value.answer
    if given is None or not proposal.differs(given) or _is_rounding(evaluation, proposal, given):
        return None
    options = proposal.candidates if proposal.answer is None else (proposal.answer,)
    shown = " atau ".join(_says(question, option) for option in options)
    readings = []
    for option in options:
        worth = value_question(question, option)[0].value
        if worth is not None:
            text = f"bila {proposal.source or 'data'} benar ({_says(question, option)})"
            readings.append(Reading(text, {question.id: worth}))
    source = proposal.source or "data"
    is_soft = " untuk sementara" if proposal.is_provisional else ""
    return Doubt(
        code="data-beda-jawaban",
        what=f"{question.id} dijawab {answer_says(question, value)}, sedangkan {source}"
        f"{is_soft} menunjukkan {shown}.",
        statements=(
            Statement(f"jawaban.{question.id}", answer_says(question, value)),
            Statement(source, shown, file=source),
        ),
        rule=" ".join(proposal.reasons),
        source=LKE,
        remedy=f"Cocokkan jawaban dengan {source}, lalu betulkan yang salah.",
        readings=tuple(readings),
    )


def _says(question: Question, answer: Value) -> str:
    return answer_says(question, value_question(question, answer)[0])


def _is_rounding(evaluation: Evaluation, proposal: Proposal, given: Value) -> bool:
    """Whether two indices are one figure written with more or fewer decimals."""
    question = evaluation.instrument.questions[proposal.question]
    answer = proposal.answer
    if question.scale.kind != "index" or not isinstance(given, (int, float)):
        return False
    if not isinstance(answer, (int, float)) or abs(given - answer) > ROUNDING + TOLERANCE:
        return False
    tops = _index_needs(evaluation, question)
    return all((given >= top - TOLERANCE) == (answer >= top - TOLERANCE) for top in tops)


def _index_needs(evaluation: Evaluation, question: Question) -> list[float]:
    """Return the indices that rules about this question alone ask for."""
    weight = question.weight or 0.0
    found = []
    for verdict in evaluation.verdicts.values():
        for outcome in verdict.rules:
            below = [
                key
                for node in outcome.rule.nodes
                for key in (
                    [node]
                    if node in evaluation.instrument.questions
                    else evaluation.instrument.questions_below(node)
                )
            ]
            if below == [question.id] and weight:
                found.append(outcome.need / weight * question.scale.top)
    return found


@dataclass(frozen=True, slots=True)
class StatedElsewhere:
    """What another evaluation of the same unit, or a register, gives for a prerequisite.

    Attributes
    ----------
    fact
        Id of the prerequisite.
    value
        What it gives.
    source
        Where, as the user finds it, e.g. ``2026-akip/dpmptsp.yaml``.
    name
        Of the instrument, e.g. ``Evaluasi AKIP``.
    is_final
        Whether that evaluation is.
    rule, remedy
        Why both are the same figure, and what clears it; by default of an evaluation.
    """

    fact: str
    value: Fact
    source: str
    name: str
    is_final: bool = True
    rule: str = ""
    remedy: str = ""


def doubt_elsewhere(evaluation: Evaluation, found: Iterable[StatedElsewhere]) -> tuple[Doubt, ...]:
    """Return the prerequisites that another evaluation of the unit gives otherwise."""
    asked = evaluation.rules.prerequisites_of("unit")
    doubts = []
    for item in found:
        stated = evaluation.assessment.facts.get(item.fact)
        if item.fact not in asked or stated is None or stated == item.value:
            continue
        title = asked[item.fact].title
        final = "" if item.is_final else " (belum final)"
        doubts.append(
            Doubt(
                code="syarat-beda-evaluasi",
                what=f"{title} dinyatakan {fact_says(stated)}, sedangkan {item.name}{final} "
                f"memberi {fact_says(item.value)}.",
                statements=(
                    Statement(f"syarat.{item.fact}", fact_says(stated)),
                    Statement(item.source, fact_says(item.value), file=item.source),
                ),
                rule=item.rule or f"{title} mengikuti evaluasi internalnya",
                source=asked[item.fact].source,
                remedy=item.remedy
                or f"Samakan syarat '{item.fact}' dengan evaluasi itu, atau betulkan evaluasi itu.",
                readings=(
                    Reading(f"bila {item.source} benar", facts={item.fact: item.value}),
                    Reading("bila syarat benar", facts={item.fact: stated}),
                ),
            )
        )
    return tuple(doubts)


# -------------------------------------------------------------------- surveys


def doubt_surveys(evaluation: Evaluation, results: Sequence[SurveyResult]) -> tuple[Doubt, ...]:
    """Return the surveys whose index would be another without the responses that look odd.

    Only of a survey whose index is an answer of the unit; and only where the figure without them
    falls on the other side of a minimum, or the respondents are fewer than the rules ask for.
    """
    doubts: list[Doubt] = []
    for result in results:
        question = evaluation.instrument.questions.get(result.survey.lke_question)
        if question is None or not result.respondents:
            continue
        given = evaluation.card.values[question.id].answer
        if isinstance(given, (int, float)):
            if result.index is None:
                doubts += _no_index(question, float(given), result)
            else:
                doubts += _odd_responses(evaluation, question, float(given), result)
            doubts += _few_responses(evaluation, question, result)
    return tuple(doubts)


def _no_index(question: Question, given: float, result: SurveyResult) -> Iterator[Doubt]:
    """Yield a doubt of a survey that leaves an element without any answer: it supports nothing."""
    empty = [item.element.name for item in result.elements if item.mean is None]
    yield Doubt(
        code="survei-tanpa-indeks",
        what=f"{result.survey.short} tidak memberi indeks: tidak ada jawaban untuk "
        f"{', '.join(empty)}.",
        statements=(
            Statement(f"jawaban.{question.id}", figure(given)),
            Statement(
                result.data.source, f"{result.respondents} responden", file=result.data.source
            ),
        ),
        rule="Indeks survei dihitung dari semua unsurnya",
        source=result.survey.source,
        remedy="Isi jawaban unsur itu, atau keluarkan tabelnya bila bukan survei ini.",
        readings=(Reading("bila survei ini belum diterima", {question.id: 0.0}),),
    )


def _odd_responses(
    evaluation: Evaluation, question: Question, given: float, result: SurveyResult
) -> Iterator[Doubt]:
    needs = _index_needs(evaluation, question)
    kinds = [(f"survei-{d.kind.value}", KIND_WORDS[d.kind], d.rows, d.index) for d in result.doubts]
    sound = {row for d in result.doubts if not d.kind.is_weak for row in d.rows}
    kinds.append(("survei-meragukan", "jawaban yang meragukan", tuple(sound), result.clean_index))
    seen = False
    for code, words, rows, index in kinds:
        # Where they are all there is, nothing is left that would support the answer.
        crossed = [n for n in needs if given >= n - TOLERANCE > (index or 0.0)]
        if not rows or not crossed or (seen and code == kinds[-1][0]):
            continue
        seen = True
        share = len(rows) / result.respondents * 100
        rest = "tidak dapat dihitung"
        if index is not None:
            rest = f"{index:.2f}, di bawah {max(crossed):.2f}".replace(".", ",")
        yield Doubt(
            code=code,
            what=f"{figure(share, 1)} % responden {result.survey.short} memberi {words}; tanpa "
            f"mereka indeksnya {rest}.",
            statements=(
                Statement(f"jawaban.{question.id}", figure(given)),
                Statement(
                    result.data.source,
                    f"{len(rows)} dari {result.respondents} responden, baris {_rows(rows)}",
                    file=result.data.source,
                    line=min(rows),
                ),
            ),
            rule="Indeks survei bertumpu pada jawaban responden yang sungguh menjawab",
            source=result.survey.source,
            remedy="Periksa asal jawaban itu dan keluarkan yang tidak sah, atau survei lagi.",
            readings=(
                Reading(
                    f"bila jawaban itu tidak dihitung, indeks {rest}",
                    {question.id: (index or 0.0) / question.scale.top},
                ),
                Reading("bila jawaban itu sah", {question.id: given / question.scale.top}),
            ),
        )


def _few_responses(
    evaluation: Evaluation, question: Question, result: SurveyResult
) -> Iterator[Doubt]:
    if result.sample.is_enough:
        return
    least = result.sample.minimum
    yield Doubt(
        code="survei-kurang-responden",
        what=f"{result.survey.short} baru {result.respondents} responden, sedikitnya {least}.",
        statements=(
            Statement(
                f"jawaban.{question.id}",
                answer_says(question, evaluation.card.values[question.id]),
            ),
            Statement(
                result.data.source, f"{result.respondents} responden", file=result.data.source
            ),
        ),
        rule=f"Survei diikuti sedikitnya {least} responden",
        source=result.survey.source,
        remedy="Tambah responden, atau tulis populasi layanan bila memang lebih sedikit.",
        readings=(
            Reading(
                "bila survei ini belum diterima",
                {question.id: 0.0 if result.interval is None else _low(question, result)},
            ),
        ),
    )


def _low(question: Question, result: SurveyResult) -> float:
    low = result.interval.low if result.interval is not None else 0.0
    return max(0.0, low) / question.scale.top


def _rows(rows: Sequence[int]) -> str:
    shown = ", ".join(str(row) for row in sorted(rows)[:5])
    return f"{shown}, …" if len(rows) > 5 else shown
