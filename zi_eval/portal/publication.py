"""Which units may be given to PortalRB, and what stands in the way of the others.

A unit is published when its TPI evaluation is final and its target is met at the TPI's stage:
every question answered, every minimum reached, every prerequisite of the proposal known to hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from zi_eval.core.agency import AgencyEvaluation, judge_agency
from zi_eval.core.assessment import Answer
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import PrerequisiteOutcome, RuleOutcome, Status
from zi_eval.errors import WorkspaceError
from zi_eval.portal.portal_json import AFFIRMATIVE

__all__ = [
    "PortalFinding",
    "find_agency_findings",
    "find_gaps",
    "find_obstacles",
    "is_published",
    "require_year",
]

LOCAL_KINDS = {"provinsi", "kabupaten", "kota"}
"""Kinds of agency whose units may carry *afirmasi*."""


@dataclass(frozen=True, slots=True)
class PortalFinding:
    """One thing that the portal would refuse or miss.

    Attributes
    ----------
    code
        Stable name of the kind of finding.
    message
        One Indonesian sentence; untrusted text may be in it.
    hint
        What to do next.
    is_refused
        Whether the unit is held back by it; else the portal takes it but something is missing.
    places
        The questions or prerequisites it is about.
    """

    code: str
    message: str
    hint: str = ""
    is_refused: bool = True
    places: tuple[str, ...] = ()


def require_year(period: str) -> int:
    """Return the portal's ``tahun`` for a period, or raise where its name is no year."""
    if not re.fullmatch(r"[0-9]{4}", period, re.ASCII):
        raise WorkspaceError(
            f"Periode '{period}' bukan tahun, padahal PortalRB meminta tahun evaluasi. "
            "Pakai folder periode bernama tahun, mis. parameters/2026."
        )
    return int(period)


def is_published(evaluation: Evaluation) -> bool:
    """Whether a unit may be given to the portal; ``evaluation`` is that of the TPI's stage."""
    target, track = evaluation.target, evaluation.track
    is_proposed = track is None or not track.proposes or target.predicate in track.proposes
    is_met = target.status is Status.MET
    return evaluation.assessment.final is not None and is_met and is_proposed


def find_obstacles(evaluation: Evaluation) -> tuple[PortalFinding, ...]:
    """Return what holds a unit back, apart from what its agency still lacks."""
    target = evaluation.target
    found = []
    if evaluation.assessment.final is None:
        found.append(
            PortalFinding(
                "belum-final",
                "evaluasi TPI belum dinyatakan final.",
                "Nyatakan final di verifikasi TPI, atau isi 'evaluasi_final' (oleh, waktu).",
            )
        )
    track = evaluation.track
    if track is not None and track.proposes and target.predicate not in track.proposes:
        found.append(
            PortalFinding(
                "tidak-diusulkan",
                f"jalur {track.title} hanya mengusulkan {', '.join(track.proposes)}; "
                f"{target.predicate} ditetapkan instansi sendiri.",
            )
        )
    if target.open_questions:
        found.append(
            PortalFinding(
                "pertanyaan-terbuka",
                f"{len(target.open_questions)} pertanyaan belum dijawab.",
                "Jawab semuanya.",
                places=target.open_questions,
            )
        )
    if target.doubts and target.status is Status.UNKNOWN:
        found.append(
            PortalFinding(
                "putusan-diragukan",
                f"{len(target.doubts)} keraguan atas putusan; terkuat: {target.doubts[0]}",
                "Betulkan yang salah; semua keraguan ada di laporan unit.",
            )
        )
    found += [_rule(outcome, target.predicate) for outcome in target.rules if not _holds(outcome)]
    found += _prerequisites(target.prerequisites, "unit")
    return tuple(found)


def find_gaps(evaluation: Evaluation) -> tuple[PortalFinding, ...]:
    """Return what the portal takes but an evaluator there would miss."""
    return tuple(
        PortalFinding(code, message.format(n=len(places)), hint, False, places)
        for code, message, hint, places in _gaps(evaluation)
        if places
    ) + tuple(_remarks(evaluation))


def find_agency_findings(evaluation: AgencyEvaluation) -> tuple[PortalFinding, ...]:
    """Return the prerequisites of the agency that its units' targets need and that do not hold."""
    judged = judge_agency(evaluation)
    waived = [item for item in evaluation.evaluations if _is_waived(item)]
    targets = {item.assessment.target for item in evaluation.evaluations if item not in waived}
    outcomes = [o for predicate in judged if predicate in targets for o in judged[predicate]]
    return tuple(dict.fromkeys(_prerequisites(tuple(outcomes), "instansi")))


def _is_waived(evaluation: Evaluation) -> bool:
    """Whether the unit's track asks its agency nothing for its target."""
    return any(item.waived for item in evaluation.target.prerequisites)


def _holds(outcome: RuleOutcome) -> bool:
    return outcome.status is Status.MET


def _rule(outcome: RuleOutcome, predicate: str) -> PortalFinding:
    # Here, because the service and the export, which find nothing, need not wait for it.
    from zi_eval.report.words import format_number, format_points_against

    need = f"minimal {format_number(outcome.need)} untuk {predicate}"
    if outcome.is_met:
        message = f"{outcome.rule.title}: {need} belum pasti tercapai, masih ada yang terbuka."
    else:
        is_open = outcome.got is None
        got = "belum ada nilai" if is_open else format_points_against(outcome.got, outcome.need)
        message = f"{outcome.rule.title}: {got}, {need}."
    return PortalFinding(
        "ambang-belum-pasti" if outcome.is_met else "ambang-tidak-tercapai",
        message,
        places=outcome.rule.nodes,
    )


def _prerequisites(outcomes: tuple[PrerequisiteOutcome, ...], who: str) -> Iterator[PortalFinding]:
    from zi_eval.report.words import fact_text

    for outcome in outcomes:
        item = outcome.prerequisite
        if item.who != who or outcome.status is Status.MET or outcome.waived:
            continue
        unit = item.unit_of_measure
        need = f"diminta {fact_text(outcome.need, unit)}"
        if outcome.status is Status.UNKNOWN:
            message = f"prasyarat belum diisi: {item.title} ({need})."
            where = "instansi.yaml" if who == "instansi" else "berkas unit"
            yield PortalFinding(
                "prasyarat-belum-diisi",
                message,
                f"Isi 'syarat.{item.id}' di {where}.",
                places=(item.id,),
            )
        else:
            got = fact_text(outcome.got, unit)
            message = f"prasyarat tidak terpenuhi: {item.title}: {got}, {need}."
            yield PortalFinding("prasyarat-tidak-terpenuhi", message, places=(item.id,))


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:  # a broken IPv6 address
        return False


def _gaps(evaluation: Evaluation) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yield code, message, hint and the questions concerned, also where there are none."""
    answers = {q: evaluation.assessment.answers.get(q, Answer()) for q in evaluation.card.values}
    value = evaluation.card.values
    yield (
        "tanpa-jawaban-tpi",
        "{n} pertanyaan tanpa jawaban TPI; 'jawaban_tpi' dikirim kosong.",
        "Isi jawaban TPI, juga bila sama dengan jawaban unit.",
        tuple(q for q, answer in answers.items() if answer.tpi is None),
    )
    yield (
        "dikembalikan",
        "{n} pertanyaan masih tercatat dikembalikan kepada unit.",
        "Selesaikan dahulu, lalu hapus 'kembali'.",
        tuple(q for q, answer in answers.items() if answer.returned),
    )
    yield (
        "tanpa-bukti",
        "{n} pertanyaan dinilai lebih dari 0 tetapi tanpa bukti.",
        "Isi 'bukti' dengan tautan.",
        tuple(q for q, answer in answers.items() if not answer.evidence and (value[q].value or 0)),
    )
    yield (
        "bukti-bukan-tautan",
        "{n} pertanyaan dengan bukti yang bukan tautan http(s), sehingga tidak dapat dibuka TPN.",
        "Unggah berkasnya dan tulis tautannya.",
        tuple(q for q, answer in answers.items() if not all(map(_is_link, answer.evidence))),
    )


def _remarks(evaluation: Evaluation) -> Iterator[PortalFinding]:
    assessment, agency = evaluation.assessment, evaluation.agency
    for problem in evaluation.problems:
        places = (problem.key,) if problem.key else ()
        yield PortalFinding(problem.code, problem.message, problem.hint, False, places)
    if assessment.unit.name == assessment.unit.id:
        yield PortalFinding(
            "nama-sama-dengan-id",
            "nama unit masih sama dengan id-nya.",
            "Isi 'nama' dengan nama resmi.",
            False,
        )
    if not assessment.unit.is_affirmative:
        return
    if assessment.target != AFFIRMATIVE:
        message = f"'afirmasi' hanya berlaku untuk WBK; dikirim sebagai {assessment.target} biasa."
    elif agency and agency.kind not in LOCAL_KINDS:
        message = f"'afirmasi' adalah untuk unit pemerintah daerah, sedangkan ini {agency.kind}."
    elif agency and not agency.affirmative_reason:
        message = "'afirmasi' tanpa alasan instansi, jadi gerbang instansi tetap ditanyakan."
        hint = "Tulis 'afirmasi: alasannya' di instansi.yaml."
        yield PortalFinding("afirmasi-tanpa-alasan", message, hint, False)
        return
    else:
        return
    yield PortalFinding("afirmasi-tidak-berlaku", message, "Periksa 'afirmasi'.", False)
