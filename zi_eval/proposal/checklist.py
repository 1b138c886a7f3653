"""The administrative selection, asked before the portal asks: agency and units, fits or not, why.

What is looked at is what PortalRB's own programs looked at in 2024 and 2025 (a public copy of
them, so a secondary source) and what PermenPANRB 90/2021 asks in Tables 5 and 6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.core.verdict import TOLERANCE, PrerequisiteOutcome, Status
from zi_eval.evidence.pieces import link_fault
from zi_eval.letters.proposal_file import DOCUMENTS, ProposalDetails
from zi_eval.national.holders import MOST_HOLDERS as MOST
from zi_eval.national.holders import Holders, check_share
from zi_eval.proposal.values import Candidate, Check, Fit
from zi_eval.recommendations.values import FACT, Register
from zi_eval.report.tables import prerequisite_rows
from zi_eval.report.titles import rule_name
from zi_eval.report.words import format_points_against, margin_text
from zi_eval.survey.unit import UnitSurveys

__all__ = ["Reached", "check_agency", "check_unit"]

Reached = Mapping[str, str]
"""Why links do not open, by link, where they were asked for."""
NEEDED: Final = {"nomor": "nomor", "tanggal": "tanggal", "jabatan": "jabatan", "nama": "nama"}
"""Without what a letter is no letter."""
HOLDS: Final = "memegang_wbk"
FITS: Final = {Status.MET: Fit.FITS, Status.NOT_MET: Fit.MISFITS, Status.UNKNOWN: Fit.UNKNOWN}


def check_unit(
    evaluation: Evaluation,
    surveys: UnitSurveys | None,
    register: Register | None,
    doubts: Sequence[str],
    link: str,
    reached: Reached,
    held: Sequence[Problem] = (),
    refusing: Collection[str] = (),
) -> tuple[Check, ...]:
    """Return what the selection looks at of one unit.

    Parameters
    ----------
    held, refusing
        What the table of holders of predicates says against its target, and the codes of what
        alone stands in the way.
    doubts
        What could turn the verdict, a sentence each.
    link
        Of its LKE.
    """
    verdict = evaluation.target
    return (
        *_check_scores(evaluation),
        *(_check_fact(item, register) for item in verdict.asked if item.prerequisite.who == "unit"),
        *(_check_held(item, refusing) for item in held),
        _check_surveys(evaluation, surveys),
        Check(
            "keraguan",
            "Tidak ada yang membantah putusan",
            Fit.UNKNOWN if doubts else Fit.FITS,
            doubts[0] if doubts else "Tidak ada keraguan yang menentukan.",
        ),
        _check_link("Tautan LKE unit", link, reached),
    )


def _check_scores(evaluation: Evaluation) -> Iterator[Check]:
    verdict, instrument = evaluation.target, evaluation.instrument
    count = len(verdict.open_questions)
    is_final = evaluation.assessment.final is not None
    said = f"{count} pertanyaan belum dijawab." if count else "Semua pertanyaan dijawab."
    yield Check("lke", "LKE lengkap", Fit.MISFITS if count else Fit.FITS, said)
    final = "sudah final" if is_final else "belum dinyatakan final"
    fit = Fit.FITS if is_final else Fit.MISFITS
    yield Check("final", "Evaluasi TPI final", fit, f"Evaluasi TPI {final}.")
    for item in verdict.rules:
        got = "belum ada nilai"
        if item.got is not None:
            got = f"{format_points_against(item.got, item.need)}, {margin_text(item.margin)}"
        need = format_points_against(item.need, item.need)
        name = rule_name(instrument, item.rule)
        yield Check("lke", f"Ambang: {name}", FITS[item.status], f"Diminta {need}; {got}.")


def _check_fact(item: PrerequisiteOutcome, register: Register | None) -> Check:
    (row,) = prerequisite_rows([item])
    fit, why = FITS[item.status], f"Diminta {row.need}; dinyatakan {row.got}."
    followed = register.followed_up if register is not None else None
    if item.prerequisite.id == FACT and followed is not None:
        why += f" Register: {followed.settled} dari {followed.count} temuan selesai."
        if fit is Fit.FITS and followed.settled < followed.count:
            fit = Fit.UNKNOWN
    return Check("prasyarat", row.title, fit, why)


def _check_held(problem: Problem, refusing: Collection[str]) -> Check:
    fit = Fit.MISFITS if problem.code in refusing else Fit.UNKNOWN
    why = f"{problem.message[0].upper()}{problem.message[1:]} {problem.hint}".strip()
    return Check("prasyarat", "Predikat yang dipegang", fit, why)


def _check_surveys(evaluation: Evaluation, surveys: UnitSurveys | None) -> Check:
    """Check the unit's own survey: one for each index that the LKE asks for."""
    title = "Survei mandiri"
    questions = evaluation.instrument.questions.values()
    asked = [question.id for question in questions if question.scale.kind == "index"]
    results = {r.survey.lke_question: r for r in (surveys.results if surveys else ())}
    missing = [key for key in asked if key not in results]
    few = [
        f"{results[key].survey.short} {results[key].respondents} responden, diminta sedikitnya "
        f"{results[key].sample.minimum}"
        for key in asked
        if key in results and not results[key].sample.is_enough
    ]
    if few:
        return Check("survei", title, Fit.MISFITS, f"{'; '.join(few)}.")
    if missing:
        said = f"Tabel survei untuk {', '.join(missing)} belum ada atau tidak terbaca."
        return Check("survei", title, Fit.UNKNOWN, said)
    named = "; ".join(f"{r.survey.short} {r.respondents} responden" for r in results.values())
    return Check("survei", title, Fit.FITS, f"{named}." if named else "Tidak diminta.")


def _check_link(title: str, link: str, reached: Reached) -> Check:
    """Check a link by its form, and by what came of asking for it where it was asked for."""
    if not link:
        return Check("tautan", title, Fit.UNKNOWN, "Tautannya belum ditulis di instansi.yaml.")
    if fault := link_fault(link):
        return Check("tautan", title, Fit.MISFITS, f"{fault[0].upper()}{fault[1:]}.")
    if link in reached:
        said = reached[link]
        is_open = said == "terbuka"
        return Check("tautan", title, Fit.FITS if is_open else Fit.MISFITS, f"Tautan {said}.")
    return Check("tautan", title, Fit.FITS, "Bentuknya benar; belum dicoba dibuka.", False)


def check_agency(
    details: ProposalDetails,
    chosen: Iterable[Candidate],
    reached: Reached,
    units: Sequence[Evaluation] = (),
    holders: Holders | None = None,
    day: date | None = None,
) -> tuple[Check, ...]:
    """Return what the selection looks at of the agency, for the units that are proposed.

    Parameters
    ----------
    units
        All of the agency: how many of them hold a predicate already.
    holders, day
        Who holds one by the agency's table on the day of the proposal; without a table it is what
        the units state of themselves.
    """
    candidates = tuple(chosen)
    lacking = [word for key, word in NEEDED.items() if key not in details.texts]
    letter = Check(
        "surat",
        "Surat usulan dan SPTJM",
        Fit.MISFITS if lacking else Fit.FITS,
        f"Belum ditulis: {', '.join(lacking)}."
        if lacking
        else "Nomor, tanggal, dan penanda tangan sudah ditulis.",
    )
    away = [key for key in ("nama", "surel", "telepon") if key not in details.contact]
    contact = Check(
        "surat",
        "Narahubung",
        Fit.MISFITS if away else Fit.FITS,
        f"Belum ditulis: {', '.join(away)}." if away else details.contact["nama"],
    )
    counts = {key: sum(item.target == key for item in candidates) for key in details.quota}
    over = [
        f"{key}: {count} diusulkan, kuota {details.quota[key]}"
        for key, count in counts.items()
        if count > details.quota[key]
    ]
    quota = Check(
        "surat",
        "Kuota",
        Fit.MISFITS if over else Fit.FITS if details.quota else Fit.UNKNOWN,
        f"{'; '.join(over)}."
        if over
        else "Dalam kuota."
        if details.quota
        else "Kuota tahun ini belum ditulis di instansi.yaml.",
    )
    holding = _check_table(holders, units, day) if holders and day else _check_holders(units)
    gates: dict[tuple[str, str], PrerequisiteOutcome] = {}
    for item in candidates:
        for outcome in item.evaluation.target.asked:
            if outcome.prerequisite.who == "instansi":
                gates.setdefault((outcome.prerequisite.id, item.target), outcome)
    facts = []
    for (_, target), outcome in gates.items():
        (row,) = prerequisite_rows([outcome])
        said = f"Diminta {row.need}; dinyatakan {row.got}."
        facts.append(Check("prasyarat", f"{row.title} ({target})", FITS[outcome.status], said))
    links = [
        _check_link(f"Tautan {name}", details.links.get(key, ""), reached)
        for key, name in DOCUMENTS.items()
    ]
    return (letter, contact, quota, *holding, *facts, *links)


def _check_table(holders: Holders, units: Sequence[Evaluation], day: date) -> tuple[Check, ...]:
    """Check how many units hold a predicate by the agency's own table."""
    named = {item.assessment.unit.id for item in units}
    found = check_share(holders, named, day)
    active = holders.active(day)
    count = len(named | active)
    said = f"{len(active)} dari {count} unit memegang predikat; paling banyak {MOST:.0%}."
    why = found[0].message if found else said.replace("%", " %")
    fit = Fit.MISFITS if found else Fit.FITS
    return (Check("surat", "Pemegang predikat", fit, f"{why[0].upper()}{why[1:]}"),)


def _check_holders(units: Sequence[Evaluation]) -> tuple[Check, ...]:
    """Check how many units hold a predicate already; nothing where no unit says whether it does."""
    said = [item.assessment.facts.get(HOLDS) for item in units]
    known = [holds for holds in said if holds is not None]
    if not known:
        return ()
    count = sum(holds is True for holds in known)
    share = count / len(units)
    why = f"{count} dari {len(units)} unit di periode ini memegang WBK; paling banyak {MOST:.0%}."
    fit = Fit.FITS if share <= MOST + TOLERANCE else Fit.MISFITS
    return (Check("surat", "Pemegang predikat", fit, why.replace("%", " %")),)
