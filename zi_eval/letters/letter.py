"""The evaluation letter (LHE) of one unit: what its gaps hold, and the letter as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.letters import tables as lhe_tables
from zi_eval.letters.details_file import Letter
from zi_eval.letters.findings import (
    gap_blocks,
    note_blocks,
    praise_blocks,
    recommendation_blocks,
)
from zi_eval.letters.template import LETTER
from zi_eval.letters.words import (
    audit_text,
    conclusion_text,
    coverage_text,
    rules_text,
    score_text,
    warnings_of,
)
from zi_eval.recommendations.values import Register
from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Document,
    Heading,
    Inline,
    Line,
    Paragraph,
    Slot,
    Table,
    line_parts,
)
from zi_eval.report.documents.html import render_document_html
from zi_eval.report.made import Made
from zi_eval.report.words import format_number, head_title
from zi_eval.survey.unit import UnitSurveys

__all__ = ["LetterContent", "fill_letter", "letter_content", "render_lhe_html"]

DECREE = (
    "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 90 Tahun 2021 "
    "tentang Pembangunan dan Evaluasi Zona Integritas Menuju Wilayah Bebas dari Korupsi dan "
    "Wilayah Birokrasi Bersih dan Melayani di Instansi Pemerintah, sebagaimana telah diubah dengan "
    "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 5 Tahun 2024"
)
"""As the ministry cites it."""
UNSTATED = Letter()


@dataclass(frozen=True, slots=True)
class LetterContent:
    """What the gaps of the letter of one unit hold.

    Attributes
    ----------
    texts, parts
        By placeholder; :data:`~zi_eval.letters.template.TEXTS` and ``PARTS`` name them all.
    """

    title: str
    author: str
    made: Made
    texts: Mapping[str, Line]
    parts: Mapping[str, tuple[Block, ...]]


def letter_content(
    evaluation: Evaluation,
    made: Made,
    *,
    letter: Letter = UNSTATED,
    raised: Sequence[str] | None = (),
    surveys: UnitSurveys | None = None,
    register: Register | None = None,
) -> LetterContent:
    """Return what the letter of one unit states.

    Parameters
    ----------
    evaluation
        At the TPI's stage: the letter is the TPI's.
    letter
        What the agency states beyond the evaluation.
    raised
        The questions of the shortest way to the target, for the recommendations; None where there
        is no way.
    surveys
        The unit's surveys, for the number of respondents and the weakest elements.
    register
        What was recommended to the unit: what became of earlier recommendations.
    """
    if evaluation.stage is not Stage.TPI:
        raise ValueError("an LHE states the TPI's evaluation")
    unit, agency = evaluation.assessment.unit, evaluation.agency
    rules = evaluation.rules
    audited = audit_text(evaluation)
    addressee = letter.addressees.get(unit.id, "") or head_title(unit.name)
    name = agency.name if agency else ""

    def stated(text: str, what: str) -> Line:
        return text or Blank(what)

    texts: dict[str, Line] = {
        "penerbit": stated(letter.issuer, "nama inspektorat atau unit pengawas"),
        "kepada": addressee,
        "nomor_surat": stated(letter.numbers.get(unit.id, ""), "nomor surat"),
        "kota": stated(letter.city, "kota"),
        "tanggal_surat": stated(letter.date, "tanggal"),
        "surat_tugas": stated(letter.assignment, "nomor dan tanggal surat tugas"),
        "waktu_evaluasi": stated(letter.period, "waktu pelaksanaan evaluasi"),
        "verifikasi_lapangan": stated(
            letter.visits.get(unit.id, ""), "waktu, tempat, dan hal yang diperiksa di lapangan"
        ),
        "tlhp": (
            audited or Blank("persentase tindak lanjut temuan APIP dan BPK"),
            " Sumber: ",
            letter.findings.get(unit.id, "") or Blank("pemutakhiran data TLHP atau surat APIP"),
            ".",
        ),
        "jabatan_penanda_tangan": stated(letter.position, "jabatan penanda tangan"),
        "nama_penanda_tangan": stated(letter.name, "nama penanda tangan"),
        "pangkat_penanda_tangan": stated(letter.rank, "pangkat"),
        "nip_penanda_tangan": stated(letter.number, "NIP"),
        "nama_unit": unit.name,
        "nama_instansi": stated(name, "nama instansi"),
        "periode": stated(evaluation.assessment.period, "periode"),
        "predikat": evaluation.assessment.target,
        "nilai_tpi": format_number(evaluation.card.total.score),
        "nilai_unit": format_number(evaluation.unit_card.total.score),
        "ringkasan_nilai": score_text(evaluation),
        "cakupan_tpi": coverage_text(evaluation),
        "simpulan": conclusion_text(evaluation),
        "nama_instrumen": evaluation.instrument.title,
        "nama_aturan": rules.title,
        "sumber_aturan": rules.source,
        "catatan_aturan": rules_text(evaluation),
        "asal_data": (
            f"Sidik berkas unit (SHA-256) {evaluation.source_hash or 'tidak ada'}; sidik "
            f"instrumen {evaluation.instrument.hash}; sidik aturan {rules.hash}. "
            f"zi-eval {made.version}, {made.when}."
        ),
    }
    basis = (DECREE, *letter.basis)
    own = () if letter.basis else (Blank("peraturan atau keputusan instansi tentang TPI"),)
    warnings = tuple(Paragraph(text, "notice") for text in warnings_of(evaluation))
    remark = agency.remark if agency else ""
    parts: dict[str, tuple[Block, ...]] = {
        "peringatan": (*warnings, *((Paragraph(remark, "note"),) if remark else ())),
        "daftar_dasar": (Bullets((*basis, *own), is_numbered=True),),
        "daftar_tim": lhe_tables.team_table(letter.team),
        "daftar_tembusan": _named(letter.copies, "penerima tembusan"),
        "tabel_unit": lhe_tables.unit_table(evaluation),
        "tabel_nilai": lhe_tables.score_table(evaluation),
        "tabel_hasil": lhe_tables.result_table(evaluation, surveys),
        "tabel_ambang": lhe_tables.threshold_table(evaluation),
        "tabel_prasyarat": lhe_tables.prerequisite_table(evaluation),
        "daftar_positif": praise_blocks(evaluation),
        "daftar_catatan": note_blocks(evaluation),
        "daftar_bukti_kurang": gap_blocks(evaluation),
        "daftar_rekomendasi": recommendation_blocks(evaluation, raised, surveys, addressee),
        "tindak_lanjut_lalu": lhe_tables.follow_up_table(register, made.time.date()),
    }
    title = f"Laporan Hasil Evaluasi {unit.name} {evaluation.assessment.period}".strip()
    return LetterContent(title, letter.issuer or name or unit.name, made, texts, parts)


def _named(items: Sequence[str], what: str) -> tuple[Block, ...]:
    if not items:
        return (Paragraph(Blank(what)),)
    return (Bullets(tuple(items), is_numbered=True),)


def _fill(line: Line, content: LetterContent) -> Line:
    parts: list[Inline] = []
    for part in line_parts(line):
        found: Line = content.texts[part.name] if isinstance(part, Slot) else part
        parts += line_parts(found)
    return tuple(parts)


def fill_letter(blocks: Sequence[Block], content: LetterContent) -> Iterator[Block]:
    """Fill the gaps of our own wording: the same that a template of Word has filled."""
    for block in blocks:
        match block:
            case Paragraph(line=Slot(name=name)) if name in content.parts:
                yield from content.parts[name]
            case Paragraph(line=line, style=style):
                yield Paragraph(_fill(line, content), style)
            case Heading():
                yield Heading(block.level, _fill(block.text, content), block.on_new_page)
            case Bullets(items=items, is_numbered=is_numbered):
                yield Bullets(tuple(_fill(item, content) for item in items), is_numbered)
            case Table():
                rows = tuple(tuple(_fill(cell, content) for cell in row) for row in block.rows)
                yield Table(block.caption, block.columns, rows, block.head, block.totals)
            case _:
                yield block


def render_lhe_html(content: LetterContent) -> str:
    """Return the letter in our own wording as one page that needs nothing else."""
    blocks = tuple(fill_letter(LETTER, content))
    document = Document(content.title, content.author, "", content.made.time, blocks)
    return render_document_html(document)
