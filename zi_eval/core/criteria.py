"""From the criteria that probe a question to the answer they propose. Never filled in silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from zi_eval.core.assessment import Answer, Assessment, Stage
from zi_eval.core.instrument import Grading, Instrument, Question
from zi_eval.core.proposals import Proposal

__all__ = ["CRITERIA_SOURCE", "propose_by_criteria", "propose_grade"]

CRITERIA_SOURCE: Final = "kriteria yang dijawab"
"""Where these proposals come from, as the user finds it."""
OPEN: Final = Answer()
MOST_NAMED: Final = 3


def propose_by_criteria(
    assessment: Assessment, instrument: Instrument, stage: Stage
) -> tuple[Proposal, ...]:
    """Return what the criteria answered propose, one proposal a question, in official order."""
    if not assessment.criteria:
        return ()
    found = (propose_grade(q, assessment, instrument, stage) for q in instrument.questions)
    return tuple(proposal for proposal in found if proposal is not None)


def propose_grade(
    question: str, assessment: Assessment, instrument: Instrument, stage: Stage
) -> Proposal | None:
    """Return the option that a question's criteria propose; None where none is answered.

    While criteria are open it is every option that they can still lead to.
    """
    grading, criteria = instrument.grading, instrument.criteria_of(question)
    if grading is None or not criteria:
        return None
    answers = {key: assessment.criteria.get(key, OPEN) for key in criteria}
    said = {key: answer.value(stage) for key, answer in answers.items()}
    best = next(iter(grading.scale.values))
    met = [key for key, value in said.items() if value == best]
    left = [key for key, value in said.items() if value is None]
    if len(left) == len(criteria):
        return None
    options = tuple(instrument.questions[question].scale.values)
    low = options.index(_option(grading, len(met), len(criteria)))
    high = options.index(_option(grading, len(met) + len(left), len(criteria)))
    is_whole = len(met) == len(criteria)
    beyond = options[:high] if is_whole else ()
    reasons = [f"{len(met)} dari {len(criteria)} kriteria terpenuhi ({best})."]
    if left:
        reasons.append(f"{len(left)} kriteria belum dijawab: {_numbers(left)}.")
    missed = [key for key in criteria if key not in met and key not in left]
    reasons += _named(instrument.criteria, missed)
    bare = [key for key in met if not answers[key].evidence]
    if bare:
        reasons.append(f"{len(bare)} kriteria terpenuhi tanpa bukti: {_numbers(bare)}.")
    if beyond:
        reasons.append(
            f"{' dan '.join(beyond)} meminta lebih dari terpenuhi, seperti dijaga bertahun-tahun "
            "atau inovasi: itu pertimbangan penilai."
        )
    return Proposal(
        question=question,
        answer=options[low] if low == high else None,
        candidates=beyond if low == high else options[high : low + 1],
        is_provisional=False,
        reasons=tuple(reasons),
        source=CRITERIA_SOURCE,
    )


def _option(grading: Grading, met: int, count: int) -> str:
    """Return the option for so many criteria met of so many; a share exactly on a border is below.

    Whole numbers are compared, so that no rounding decides.
    """
    for option, percent in grading.above.items():
        if met == count if percent == 100 else 100 * met > percent * count:
            return option
    return grading.nothing


def _numbers(keys: list[str]) -> str:
    return ", ".join(key.rpartition(".")[2] for key in keys)


def _named(criteria: Mapping[str, Question], keys: list[str]) -> Iterator[str]:
    """Yield the number and text of some criteria, of many only the first."""
    for key in keys[:MOST_NAMED]:
        yield f"Belum terpenuhi: {key} {criteria[key].text}."
    if len(keys) > MOST_NAMED:
        yield f"Belum terpenuhi juga: {_numbers(keys[MOST_NAMED:])}."
