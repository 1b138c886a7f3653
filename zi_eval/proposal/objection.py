"""The objection to a failed administrative selection: what contradicts the decision.

A unit may object once, before the desk evaluation. The letter states what was decided and, beside
it, what the agency's own data say of everything that the selection looks at; what does not fit is
shown to the writer first, and never in the letter's own argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from zi_eval.errors import ZiEvalError
from zi_eval.files import file_stem, require_free, write_bytes
from zi_eval.letters.docx import render_letter_docx
from zi_eval.letters.letter import LetterContent
from zi_eval.letters.template_file import read_template
from zi_eval.national.load import load_stages
from zi_eval.national.values import Decision, NationalStage
from zi_eval.period.reading import Period
from zi_eval.proposal.documents import Proposal, proposal_content
from zi_eval.proposal.forms import OBJECTION
from zi_eval.proposal.load import load_proposal
from zi_eval.proposal.values import Candidate, Check, Fit
from zi_eval.report.documents.content import Blank, Block, Column, Line, Paragraph, Table
from zi_eval.report.made import Made

__all__ = ["WrittenObjection", "objection_content", "write_objection"]

SAID_NOWHERE: Final = frozenset({"keraguan", "surat"})
"""Kinds of checks that are the agency's own caution or order, and no argument."""


@dataclass(frozen=True, slots=True)
class WrittenObjection:
    """A letter of objection, and what speaks against it."""

    path: Path
    against: tuple[Check, ...]


def objection_content(
    proposal: Proposal, candidate: Candidate, decision: Decision, made: Made
) -> LetterContent:
    """Return what the gaps of the letter hold.

    Parameters
    ----------
    decision
        That of the administrative selection.
    """
    content = proposal_content(proposal, OBJECTION.name, made)
    texts: Mapping[str, Line] = {
        "nama_unit": candidate.name,
        "kategori": candidate.category,
        "tanggal_keputusan": f"{decision.day:%d/%m/%Y}"
        if decision.day
        else Blank("tanggal keputusan"),
        "kondisi": decision.condition or Blank("alasan menurut keputusan"),
    }
    parts: Mapping[str, tuple[Block, ...]] = {"tabel_sanggahan": _grounds(proposal, candidate)}
    return replace(content, texts={**content.texts, **texts}, parts={**content.parts, **parts})


def _grounds(proposal: Proposal, candidate: Candidate) -> tuple[Block, ...]:
    checks = (*proposal.checks, *candidate.checks)
    rows = tuple(
        (str(number), check.title, check.why)
        for number, check in enumerate((c for c in checks if _is_ground(c)), 1)
    )
    if not rows:
        return (Paragraph(Blank("bukti yang membantah keputusan")),)
    columns = (Column("No", 0.6), Column("Yang dilihat seleksi", 2.6), Column("Keadaan", 3.6))
    return (Table("Keadaan menurut data instansi", columns, rows, head=1),)


def _is_ground(check: Check) -> bool:
    return check.fit is Fit.FITS and check.is_known and check.kind not in SAID_NOWHERE


def write_objection(
    folder: Path,
    unit: str,
    target: Path,
    template: Path | None = None,
    *,
    is_online: bool = False,
    force: bool = False,
) -> WrittenObjection:
    """Write ``<unit>.sanggah.docx``.

    Raises
    ------
    ZiEvalError
        Where the administrative selection did not fail the unit, or it objected already.
    WorkspaceError
        Where the unit is not there, or the file is there already and ``force`` is not given.
    ParameterError
        With every problem of the agency's file or of the template.
    """
    period = Period.read(folder)
    period.find(unit)
    found = load_stages(period).units.get(unit)
    decision = found.at(NationalStage.SELECTION) if found is not None else None
    if found is None or decision is None or not found.may_object:
        raise ZiEvalError(
            f"Sanggah hanya atas seleksi administrasi yang tidak lulus, satu kali; menurut tabel "
            f"keputusan itu tidak berlaku untuk {unit}. Lihat 'zi-eval tpn show'."
        )
    path = target / f"{file_stem(unit)}.sanggah.docx"
    require_free(path, force)
    proposal = load_proposal(period, [unit], is_online=is_online)
    (candidate,) = proposal.choice.chosen
    content = objection_content(proposal, candidate, decision, Made.now())
    own = read_template(template) if template else None
    name = str(template) if template else "templat bawaan"
    write_bytes(path, render_letter_docx(content, own, name, OBJECTION))
    against = tuple(check for _, check in proposal.misfits)
    return WrittenObjection(path, against)
