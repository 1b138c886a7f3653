"""The chance of the predicate in a unit's report: one sentence, and all behind it in folds."""

from __future__ import annotations

from dataclasses import dataclass

from zi_eval.chance.corrections import Factor
from zi_eval.chance.estimate import Chance
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import RuleOutcome, Status
from zi_eval.report.page import Room, Section
from zi_eval.report.titles import rule_name, title_of
from zi_eval.report.words import format_count, format_number, format_percent
from zi_eval.survey.unit import chance_words

__all__ = ["chance_section", "chance_sentence", "tenths_text"]

ROOM = Room("chance")

MOST_RISKS = 3
RARE = 0.01
"""Share of draws from which on a rule is named in the sentence."""


@dataclass(frozen=True, slots=True)
class _Risk:
    """A rule that some draws do not reach, worded."""

    name: str
    need: str
    got: str
    share: str


def tenths_text(chance: Chance) -> str:
    """Say a chance that is not certain as ``7 dari 10``; empty where it is certain."""
    if chance.tenths is None:
        return ""
    if chance.share < 0.05:
        return "kurang dari 1 dari 10"
    if chance.share >= 0.95:
        return "lebih dari 9 dari 10"
    return f"{chance.tenths} dari 10"


def _goal(chance: Chance, evaluation: Evaluation) -> str:
    """Name what is to be reached: where bands give predicates, a better one is as good."""
    is_highest = chance.predicate == evaluation.rules.predicates[-1]
    if not evaluation.rules.bands or is_highest:
        return chance.predicate
    return f"{chance.predicate} atau lebih baik"


def _lost(chance: Chance, evaluation: Evaluation) -> tuple[RuleOutcome, ...]:
    """Return the rules that the answers given cannot reach, whatever is open."""
    outcomes = evaluation.verdicts[chance.predicate].rules
    return tuple(item for item in outcomes if item.status is Status.NOT_MET)


def chance_sentence(chance: Chance, evaluation: Evaluation) -> str:
    """Say the chance in one plain sentence."""
    goal = _goal(chance, evaluation)
    if chance.certainty is Status.NOT_MET:
        return f"Dengan jawaban sekarang {goal} tidak dapat tercapai."
    if chance.certainty is Status.MET and chance.ignores_corrections:
        return f"Bila TPI menerima semua jawaban, nilai untuk {goal} pasti tercapai."
    if chance.certainty is Status.MET:
        return f"Nilai untuk {goal} pasti tercapai."
    given = "bila TPI menerima semua jawaban, " if chance.ignores_corrections else ""
    text = f"{given}peluang nilai unit ini mencapai {goal}: {tenths_text(chance)}."
    return f"{text[0].upper()}{text[1:]}"


def _hangs(chance: Chance, evaluation: Evaluation) -> str:
    """Say which rules the chance hangs on."""
    instrument = evaluation.instrument
    if chance.certainty is Status.MET:
        return ""
    lost = _lost(chance, evaluation)
    if chance.certainty is Status.NOT_MET:
        named = "; ".join(
            f"{rule_name(instrument, item.rule)} (paling tinggi {format_number(item.ceiling)}, "
            f"ambang {format_number(item.need)})"
            for item in lost[:MOST_RISKS]
        )
        more = f"; dan {len(lost) - MOST_RISKS} lainnya" if len(lost) > MOST_RISKS else ""
        return f"Yang tidak terjangkau: {named}{more}."
    often = [risk for risk in chance.risks if risk.share >= RARE] or list(chance.risks[:1])
    if not often:
        return ""
    first, *rest = (
        (rule_name(instrument, risk.outcome.rule), chance_words(risk.share))
        for risk in often[:MOST_RISKS]
    )
    also = "".join(f"; {name} ({words})" for name, words in rest)
    return f"Paling bergantung pada {first[0]} (tidak tercapai pada {first[1]}){also}."


def _varied(chance: Chance) -> str:
    """Say what is not certain yet."""
    count = len(chance.open_known) + len(chance.open_even)
    parts = [f"{count} pertanyaan terbuka"] if count else []
    if chance.movable:
        parts.append(f"{len(chance.movable)} jawaban yang masih dapat dikoreksi TPI")
    if chance.surveys:
        parts.append(f"{len(chance.surveys)} indeks survei")
    if not parts:
        return "Semua pertanyaan sudah dijawab dan diperiksa TPI."
    *head, last = parts
    named = f"{', '.join(head)} dan {last}" if head else last
    return f"Yang belum pasti: {named}."


def _apart(chance: Chance, evaluation: Evaluation) -> str:
    """Say which prerequisites stand outside the chance."""
    verdict = evaluation.verdicts[chance.predicate]
    failed, unknown = len(verdict.failed_prerequisites), len(verdict.unknown_prerequisites)
    parts = [f"{failed} prasyarat belum terpenuhi"] if failed else []
    parts += [f"{unknown} prasyarat belum dinyatakan"] if unknown else []
    return f"Di luar peluang ini: {' dan '.join(parts)}." if parts else ""


def _rate(moved: int, exposed: int) -> str:
    share = f" ({format_percent(moved / exposed)})" if exposed else ""
    return f"{format_count(moved)} dari {format_count(exposed)} jawaban{share}"


def _own(factor: Factor) -> str:
    """Say what a unit's own history changes."""
    if not factor.exposed:
        return "belum ada riwayat unit ini, jadi dipakai tingkat unit lain"
    return (
        f"unit ini {format_count(factor.moved)} dari {format_count(factor.exposed)}, unit lain "
        f"pada jawaban yang sama kira-kira {format_number(factor.expected, 1)}; "
        f"dipakai {format_number(factor.mean)} kali tingkat unit lain"
    )


def _corrections(chance: Chance) -> tuple[tuple[str, str], ...]:
    """Word what is known of corrections: a name and a sentence each."""
    known = chance.corrections
    rows = []
    for name, direction, factor in (
        ("Diturunkan TPI", known.down, chance.down),
        ("Dinaikkan TPI", known.up, chance.up),
    ):
        own = "" if chance.is_alone else f"; {_own(factor)}"
        rows.append((name, f"{_rate(direction.moved, direction.exposed)}{own}"))
    return tuple(rows)


def _share(chance: Chance, predicate: str) -> str:
    """Word the share of draws that reach a predicate; all or none only where that is sure."""
    if predicate == chance.predicate and chance.certainty is not Status.UNKNOWN:
        return "semua" if chance.certainty is Status.MET else "tidak satu pun"
    return chance_words(chance.shares[predicate])


def _risks(chance: Chance, evaluation: Evaluation) -> tuple[_Risk, ...]:
    return tuple(
        _Risk(
            rule_name(evaluation.instrument, risk.outcome.rule),
            format_number(risk.outcome.need),
            format_number(risk.outcome.got),
            "semua" if risk.share == 1 else chance_words(risk.share),
        )
        for risk in chance.risks
    )


def chance_section(chance: Chance, evaluation: Evaluation) -> Section:
    """Show the chance, what it hangs on, and in folds its numbers and its method."""
    names = list(evaluation.rules.predicates)
    shown = names[names.index(chance.predicate) :] if evaluation.rules.bands else names
    instrument = evaluation.instrument
    return ROOM.section(
        "page",
        chance=chance,
        goal=_goal(chance, evaluation),
        sentence=chance_sentence(chance, evaluation),
        varied=_varied(chance),
        hangs=_hangs(chance, evaluation),
        apart=_apart(chance, evaluation),
        risks=_risks(chance, evaluation),
        shares=[(name, _share(chance, name)) for name in shown],
        is_banded=bool(evaluation.rules.bands),
        corrections=_corrections(chance) if chance.corrections.is_known else (),
        questions=[
            (key, title_of(instrument, key), key in chance.open_known)
            for key in instrument.questions
            if key in chance.open_known or key in chance.open_even
        ],
        surveys=[(item, title_of(instrument, item.question)) for item in chance.surveys],
    )
