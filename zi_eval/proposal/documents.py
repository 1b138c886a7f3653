"""What the letters of a proposal state: candidates, links, follow-up, checks, ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.formats import render_csv
from zi_eval.letters.letter import LetterContent
from zi_eval.letters.proposal_file import DOCUMENTS, ProposalDetails
from zi_eval.proposal.ranking import CRITERIA, Choice
from zi_eval.proposal.values import Candidate, Check, Fit
from zi_eval.recommendations.page.words import date_text, origin_text
from zi_eval.recommendations.values import AUDIT, FACT
from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Column,
    Heading,
    Line,
    Paragraph,
    Strong,
    Table,
)
from zi_eval.report.made import Made
from zi_eval.report.words import NOTHING, format_margin, format_number, format_percent

__all__ = ["Proposal", "proposal_content", "ranking_csv", "summary_lines"]

NUMBER = Column("No", 0.6)


@dataclass(frozen=True)
class Proposal:
    """All that a packet is made of.

    Attributes
    ----------
    agency
        Its units as they are evaluated, those without a target too.
    order
        The criteria by which ``choice`` was made.
    checks
        Of the agency itself.
    """

    agency: AgencyEvaluation = field(repr=False)
    details: ProposalDetails
    order: tuple[str, ...]
    choice: Choice
    checks: tuple[Check, ...]

    @property
    def misfits(self) -> tuple[tuple[str, Check], ...]:
        """What would not fit of the agency and of those proposed, with whose it is."""
        own = [("Instansi", check) for check in self.checks if check.fit is not Fit.FITS]
        return (*own, *((c.name, check) for c in self.choice.chosen for check in c.misfits))


def _count(candidates: Sequence[Candidate]) -> str:
    """Say how many units are proposed, by category: ``2 unit kerja (1 WBK, 1 WBBM)``."""
    categories = [item.category for item in candidates]
    parts = ", ".join(f"{categories.count(c)} {c}" for c in sorted(set(categories)))
    return f"{len(candidates)} unit kerja ({parts})" if candidates else "tidak satu pun unit kerja"


def proposal_content(proposal: Proposal, title: str, made: Made) -> LetterContent:
    """Return what the gaps of every letter of the packet hold."""
    details, chosen = proposal.details, proposal.choice.chosen
    agency = proposal.agency.agency.name

    def stated(text: str, what: str) -> Line:
        return text or Blank(what)

    def own(key: str, what: str) -> Line:
        return stated(details.texts.get(key, ""), what)

    texts: dict[str, Line] = {
        "nama_instansi": stated(agency, "nama instansi"),
        "kepada": details.addressee,
        "nomor_surat": own("nomor", "nomor surat"),
        "tanggal_surat": own("tanggal", "tanggal"),
        "kota": own("kota", "kota"),
        "jabatan_penanda_tangan": own("jabatan", "jabatan penanda tangan"),
        "nama_penanda_tangan": own("nama", "nama penanda tangan"),
        "nip_penanda_tangan": f"NIP {nip}" if (nip := details.texts.get("nip")) else "",
        "periode": proposal.agency.period,
        "jumlah_calon": _count(chosen),
        "kontak_nama": stated(details.contact.get("nama", ""), "nama narahubung"),
        "kontak_surel": stated(details.contact.get("surel", ""), "surel narahubung"),
        "kontak_telepon": stated(details.contact.get("telepon", ""), "telepon narahubung"),
        "nama_aturan": proposal.agency.rules.title,
        "urutan": "; ".join(f"{CRITERIA[k].title} ({CRITERIA[k].meaning})" for k in proposal.order),
        "asal_data": made.sentence,
    }
    remark = proposal.agency.agency.remark
    parts: dict[str, tuple[Block, ...]] = {
        "peringatan": (*_warnings(proposal), *((Paragraph(remark, "note"),) if remark else ())),
        "tabel_calon": _candidates(chosen),
        "tabel_tautan": (_links(proposal),),
        "tabel_tlhp": _follow_up(chosen),
        "daftar_temuan_terbuka": _open_findings(chosen),
        "periksa_instansi": (_checks("Instansi", proposal.checks),),
        "periksa_unit": tuple(_unit_checks(chosen)),
        "tabel_peringkat": (_ranking(proposal),),
        "daftar_prasyarat": _nearly(proposal.choice.nearly),
    }
    return LetterContent(f"{title} {agency} {texts['periode']}", agency, made, texts, parts)


def _warnings(proposal: Proposal) -> Iterable[Block]:
    found = proposal.misfits
    if found:
        named = "; ".join(f"{who}: {c.title[0].lower()}{c.title[1:]}" for who, c in found[:3])
        more = f"; dan {len(found) - 3} lainnya" if len(found) > 3 else ""
        yield Paragraph(
            f"DRAF, belum untuk dikirim. {len(found)} hal tidak sesuai atau belum diketahui: "
            f"{named}{more}. Lihat daftar periksa.",
            "notice",
        )


def _candidates(chosen: Sequence[Candidate]) -> tuple[Block, ...]:
    if not chosen:
        return (Paragraph(Blank("unit yang diusulkan")),)
    rows = tuple(
        (
            str(number),
            item.name,
            item.evaluation.assessment.unit.head or Blank("nama pimpinan unit"),
            item.category,
            format_number(item.score),
        )
        for number, item in enumerate(chosen, 1)
    )
    columns = (
        NUMBER, Column("Unit kerja", 3.4), Column("Pimpinan", 2.2), Column("Kategori", 1.2),
        Column("Nilai TPI", 1, True),
    )  # fmt: skip
    return (Table("Unit kerja yang diusulkan", columns, rows, head=1),)


def _links(proposal: Proposal) -> Table:
    details = proposal.details
    rows: list[tuple[Line, ...]] = [
        (f"{name[0].upper()}{name[1:]}", details.links.get(key) or Blank("tautan"))
        for key, name in DOCUMENTS.items()
    ]
    rows += [(f"LKE {item.name}", item.link or Blank("tautan")) for item in proposal.choice.chosen]
    return Table("Tautan dokumen", (Column("Dokumen", 2), Column("Tautan", 4)), tuple(rows))


def _follow_up(chosen: Sequence[Candidate]) -> tuple[Block, ...]:
    if not chosen:
        return (Paragraph(Blank("unit yang diusulkan")),)
    rows = []
    for number, item in enumerate(chosen, 1):
        stated = item.evaluation.assessment.facts.get(FACT)
        followed = item.register.followed_up if item.register is not None else None
        rows.append(
            (
                str(number),
                item.name,
                str(followed.count) if followed else Blank("jumlah temuan"),
                str(followed.settled) if followed else Blank("jumlah selesai"),
                format_percent(stated / 100)
                if isinstance(stated, float)
                else Blank("persentase tindak lanjut"),
            )
        )
    columns = (
        NUMBER, Column("Unit kerja", 3), Column("Temuan", 1.2, True), Column("Selesai", 1.2, True),
        Column("Dinyatakan", 1.2, True),
    )  # fmt: skip
    return (Table("Tindak lanjut temuan APIP dan BPK", columns, tuple(rows), head=1),)


def _open_findings(chosen: Sequence[Candidate]) -> tuple[Block, ...]:
    items: list[Line] = [
        (Strong(item.name), f": {origin_text(found)}, {found.text} ({found.status}"
         f"{', batas ' + date_text(found.due) if found.due else ''})")
        for item in chosen
        for found in (item.register.open_items if item.register is not None else ())
        if found.origin in AUDIT
    ]  # fmt: skip
    if items:
        return (Bullets(tuple(items), is_numbered=True),)
    if any(item.register is None or item.register.followed_up is None for item in chosen):
        return (Paragraph(Blank("temuan yang belum selesai, atau pernyataan tidak ada")),)
    return (Paragraph("Tidak ada, menurut register tindak lanjut."),)


def _checks(name: str, checks: Iterable[Check]) -> Table:
    rows = tuple((check.title, check.fit.value, check.why) for check in checks)
    columns = (Column("Yang dilihat", 2.4), Column("Keadaan", 1.2), Column("Keterangan", 3))
    return Table(f"Seleksi administrasi: {name}", columns, rows)


def _unit_checks(chosen: Sequence[Candidate]) -> Iterable[Block]:
    for item in chosen:
        yield Heading(2, f"{item.name} ({item.category})")
        yield _checks(item.name, item.checks)
    if not chosen:
        yield Paragraph("Tidak ada unit yang diusulkan.")


def _standing(choice: Choice, item: Candidate) -> str:
    if item in choice.chosen:
        if not item.fits:
            return "diusulkan, belum sesuai"
        return "diusulkan, masih ada kekurangan" if item.misfits else "diusulkan"
    if item in choice.over_quota:
        return "sesuai, di luar usulan ini"
    return "hanya kurang prasyarat" if item in choice.nearly else "belum sesuai"


def _figures(item: Candidate) -> tuple[str, ...]:
    return (
        format_number(item.score),
        NOTHING if item.margin is None else format_margin(item.margin),
        str(item.doubts),
        NOTHING if item.chance is None else format_percent(item.chance),
        str(len(item.misfits)),
    )


def _ranking(proposal: Proposal) -> Table:
    choice = proposal.choice
    rows = tuple(
        (str(number), item.name, item.category, *_figures(item), _standing(choice, item))
        for number, item in enumerate(choice.all, 1)
    )
    columns = (
        NUMBER, Column("Unit kerja", 2.6), Column("Kategori", 1), Column("Nilai", 0.8, True),
        Column("Selisih terkecil", 0.9, True), Column("Keraguan menentukan", 1.1, True),
        Column("Peluang", 0.9, True), Column("Kekurangan", 1, True), Column("Keadaan", 1.4),
    )  # fmt: skip
    return Table("Peringkat unit", columns, rows, head=1)


def _nearly(nearly: Sequence[Candidate]) -> tuple[Block, ...]:
    if not nearly:
        return (Paragraph("Tidak ada unit yang semua ambangnya tercapai dan hanya kurang itu."),)
    items: list[Line] = [
        (
            Strong(item.name),
            f" ({item.category}): "
            + "; ".join(f"{c.title}, {c.why}" for c in item.misfits if c.kind == "prasyarat"),
        )
        for item in nearly
    ]
    return (Bullets(tuple(items)),)


def ranking_csv(proposal: Proposal) -> str:
    """Return the ranking as CSV for Indonesian Excel, with why each unit stands where it does."""
    head = (
        "Urutan", "Kode unit", "Nama unit", "Kategori", "Nilai", "Selisih terkecil",
        "Keraguan menentukan", "Peluang (%)", "Kekurangan", "Keadaan", "Yang belum sesuai",
    )  # fmt: skip
    rows = [
        (
            number, item.unit, item.name, item.category, item.score, item.margin, item.doubts,
            None if item.chance is None else item.chance * 100, len(item.misfits),
            _standing(proposal.choice, item),
            "; ".join(f"{check.title}: {check.why}" for check in item.misfits),
        )
        for number, item in enumerate(proposal.choice.all, 1)
    ]  # fmt: skip
    return render_csv([head, *rows])


def summary_lines(proposal: Proposal) -> tuple[str, ...]:
    """Return in lines who is proposed, who is not and why, and what does not fit."""
    choice = proposal.choice
    lines = [f"Diusulkan: {_count(choice.chosen)}."]
    for number, item in enumerate(choice.all, 1):
        score, margin, doubts, chance, lacking = _figures(item)
        lines.append(
            f"  {number:>2} {item.unit:<24.24} {item.category:<12} nilai {score}, selisih "
            f"{margin}, keraguan menentukan {doubts}, peluang {chance}, kekurangan {lacking}: "
            f"{_standing(choice, item)}"
        )
    lines += [f"{who}: {check.title}: {check.fit}. {check.why}" for who, check in proposal.misfits]
    for item in choice.nearly:
        named = "; ".join(c.title for c in item.misfits if c.kind == "prasyarat")
        lines.append(f"Hanya kurang prasyarat: {item.name} ({named}).")
    return tuple(lines)
