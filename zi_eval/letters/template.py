"""The wording of the evaluation letter (LHE) as we ship it, with its gaps.

The regulation fixes no form. This is the usual one: a cover letter, then the report. A team that
wants another takes the shipped template, edits it in Word and gives it back; the placeholders it
may use are :data:`TEXTS` (within a sentence) and :data:`PARTS` (alone in their paragraph).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Column,
    Heading,
    Line,
    PageBreak,
    Paragraph,
    Slot,
    Table,
)

__all__ = ["LETTER", "LHE", "MARK", "PARTS", "TEXTS", "LetterForm"]


@dataclass(frozen=True, slots=True)
class LetterForm:
    """The wording of a kind of letter with its gaps, as we ship it.

    Attributes
    ----------
    name
        What its template is called.
    mark
        The line above every page.
    texts, parts
        What may stand within a sentence, and what takes a paragraph of its own, each with its
        meaning: the placeholders of a team's own template too.
    """

    name: str
    blocks: tuple[Block, ...]
    mark: Line
    texts: Mapping[str, str]
    parts: Mapping[str, str]


TEXTS: Final[Mapping[str, str]] = {
    "penerbit": "siapa yang menerbitkan, mis. inspektorat (lhe: penerbit)",
    "kepada": "jabatan yang dikirimi surat (lhe: kepada; bawaannya Kepala nama unit)",
    "nomor_surat": "nomor surat unit ini (lhe: nomor)",
    "kota": "tempat surat ditandatangani (lhe: kota)",
    "tanggal_surat": "tanggal surat (lhe: tanggal)",
    "surat_tugas": "surat tugas tim (lhe: surat_tugas)",
    "waktu_evaluasi": "kapan evaluasi dilakukan (lhe: waktu)",
    "verifikasi_lapangan": "kapan dan di mana tim memeriksa (lhe: verifikasi_lapangan)",
    "tlhp": "tindak lanjut temuan APIP dan BPK, dengan sumbernya (lhe: tlhp)",
    "jabatan_penanda_tangan": "jabatan yang menandatangani (lhe: jabatan)",
    "nama_penanda_tangan": "namanya (lhe: nama)",
    "pangkat_penanda_tangan": "pangkatnya (lhe: pangkat)",
    "nip_penanda_tangan": "NIP-nya (lhe: nip)",
    "nama_unit": "nama unit yang dievaluasi",
    "nama_instansi": "nama instansi",
    "periode": "periode evaluasi",
    "predikat": "predikat yang dituju unit",
    "nilai_tpi": "nilai total menurut TPI, dua desimal",
    "nilai_unit": "nilai total menurut unit, dua desimal",
    "ringkasan_nilai": "satu atau dua kalimat tentang nilai dan ambangnya",
    "cakupan_tpi": "satu kalimat: berapa pertanyaan dijawab TPI, berapa memakai jawaban unit",
    "simpulan": "simpulan menurut ambang dan prasyarat, dengan alasannya",
    "nama_instrumen": "nama lembar kerja evaluasi",
    "nama_aturan": "nama aturan ambang dan prasyarat",
    "sumber_aturan": "sumber aturan itu",
    "catatan_aturan": "aturan yang dipakai, tanggal, sumber, dan batasnya; untuk lampiran",
    "asal_data": "sidik berkas unit, versi zi-eval, waktu pembuatan",
}
"""What may stand within a sentence, a header or a cell, with its meaning."""

PARTS: Final[Mapping[str, str]] = {
    "peringatan": "peringatan bila evaluasi belum final; kosong bila sudah",
    "daftar_dasar": "dasar hukum: peraturan, lhe: dasar",
    "daftar_tim": "susunan tim dengan peran dan NIP (lhe: tim)",
    "daftar_tembusan": "penerima tembusan (lhe: tembusan)",
    "tabel_unit": "identitas unit",
    "tabel_nilai": "bobot, nilai unit, nilai TPI menurut komponen, aspek, area",
    "tabel_hasil": "indeks survei dengan respondennya, dan capaian kinerja",
    "tabel_ambang": "setiap ambang nilai: diminta, nilai, selisih, keterangan",
    "tabel_prasyarat": "setiap prasyarat: diminta, dinyatakan, keterangan",
    "daftar_positif": "hal positif: area yang hampir penuh, catatan TPI atas yang sudah penuh",
    "daftar_catatan": "temuan: beda jawaban, yang dikembalikan, catatan TPI, menurut area",
    "daftar_bukti_kurang": "pertanyaan terjawab tanpa bukti dukung, menurut area",
    "daftar_rekomendasi": "rekomendasi menurut area",
    "tindak_lanjut_lalu": "tindak lanjut rekomendasi periode sebelumnya, dari register",
}
"""What takes a paragraph of its own, with its meaning."""

MARK: Final[Line] = ("Laporan Hasil Evaluasi ", Slot("nama_unit"), " · ", Slot("periode"))
"""The line above every page."""


def _part(name: str) -> Paragraph:
    return Paragraph(Slot(name))


_SIGNED: Final = Paragraph(
    (
        Slot("kota"), ", ", Slot("tanggal_surat"), "\n", Slot("jabatan_penanda_tangan"),
        ",\n\n\n\n", Slot("nama_penanda_tangan"), "\n", Slot("pangkat_penanda_tangan"),
        "\nNIP ", Slot("nip_penanda_tangan"),
    ),
    "sign",
)  # fmt: skip

_COVER: Final[tuple[Block, ...]] = (
    Paragraph(Slot("penerbit"), "subtitle"),
    _part("peringatan"),
    Table(
        "",
        (Column("", 1.2), Column("", 5)),
        (
            ("Nomor", Slot("nomor_surat")),
            ("Lampiran", "satu laporan"),
            (
                "Hal",
                ("Laporan Hasil Evaluasi Zona Integritas menuju ", Slot("predikat"), " pada ",
                 Slot("nama_unit"), ", periode ", Slot("periode")),
            ),
        ),
    ),
    Paragraph(("Yth. ", Slot("kepada"), "\ndi tempat")),
    Paragraph(
        (
            "Berdasarkan hasil evaluasi Tim Penilai Internal ", Slot("nama_instansi"),
            " atas pembangunan Zona Integritas menuju ", Slot("predikat"), " pada ",
            Slot("nama_unit"), " untuk periode ", Slot("periode"),
            ", kami sampaikan hal-hal sebagai berikut:",
        )
    ),
    Bullets(
        (
            Slot("ringkasan_nilai"),
            Slot("simpulan"),
            "Rincian nilai, pemenuhan ambang dan prasyarat, temuan, serta rekomendasi kami "
            "sampaikan dalam laporan terlampir.",
            (
                "Kami mengharapkan Saudara menindaklanjuti rekomendasi dalam laporan tersebut dan "
                "melaporkan hasilnya kepada kami paling lambat ",
                Blank("tanggal batas tindak lanjut"),
                ".",
            ),
        ),
        is_numbered=True,
    ),
    Paragraph("Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.", "closing"),
    _SIGNED,
    Paragraph("Tembusan:"),
    _part("daftar_tembusan"),
)  # fmt: skip

_BASIS: Final[tuple[Block, ...]] = (
    Heading(1, "I. PENDAHULUAN"),
    Heading(2, "A. Dasar"),
    _part("daftar_dasar"),
    Heading(2, "B. Penugasan dan susunan tim"),
    Paragraph(
        (
            "Evaluasi dilaksanakan berdasarkan surat tugas ", Slot("surat_tugas"), " pada ",
            Slot("waktu_evaluasi"), ", dengan susunan tim sebagai berikut.",
        )
    ),
    _part("daftar_tim"),
    Heading(2, "C. Maksud dan tujuan"),
    Paragraph(
        (
            "Evaluasi ini dimaksudkan untuk menilai apakah unit memenuhi kriteria untuk diusulkan "
            "menuju ", Slot("predikat"), ", dan untuk memberi rekomendasi perbaikan.",
        )
    ),
    Heading(2, "D. Ruang lingkup"),
    Paragraph(
        (
            "Evaluasi mencakup seluruh pertanyaan ", Slot("nama_instrumen"),
            ", yaitu komponen pengungkit (pemenuhan dan reform) dan komponen hasil, serta ambang "
            "nilai dan prasyarat pengusulan.",
        )
    ),
    Heading(2, "E. Metode"),
    Paragraph(
        (
            "Tim menelaah jawaban dan bukti dukung unit pada lembar kerja evaluasi, memberi "
            "jawabannya sendiri, dan mencatat alasannya. ", Slot("cakupan_tpi"),
            " Nilai dihitung seperti pada lembar kerja resmi: nilai subarea adalah rata-rata "
            "pertanyaan yang dijawab dikali bobotnya; nilai area, aspek, dan komponen adalah "
            "jumlahnya.",
        )
    ),
    Paragraph(("Verifikasi lapangan: ", Slot("verifikasi_lapangan"), ".")),
)  # fmt: skip

_RESULTS: Final[tuple[Block, ...]] = (
    Heading(1, "II. HASIL EVALUASI"),
    Heading(2, "A. Unit yang dievaluasi"),
    _part("tabel_unit"),
    Heading(2, "B. Nilai menurut komponen, aspek, dan area"),
    Paragraph(Slot("ringkasan_nilai")),
    _part("tabel_nilai"),
    Heading(2, "C. Hasil survei dan capaian kinerja"),
    _part("tabel_hasil"),
    Heading(2, "D. Pemenuhan ambang nilai"),
    _part("tabel_ambang"),
    Heading(2, "E. Pemenuhan prasyarat"),
    _part("tabel_prasyarat"),
    Heading(2, "F. Tindak lanjut hasil pemeriksaan"),
    Paragraph(Slot("tlhp")),
    Heading(2, "G. Simpulan"),
    Paragraph("Berdasarkan hasil evaluasi tersebut, kami simpulkan:", "closing"),
    Paragraph(Slot("simpulan")),
)

_ADVICE: Final[tuple[Block, ...]] = (
    Heading(1, "III. HAL POSITIF, TEMUAN, DAN REKOMENDASI"),
    Heading(2, "A. Hal positif"),
    _part("daftar_positif"),
    Heading(2, "B. Temuan menurut area"),
    _part("daftar_catatan"),
    Heading(2, "C. Bukti dukung yang belum ada"),
    _part("daftar_bukti_kurang"),
    Heading(2, "D. Rekomendasi"),
    _part("daftar_rekomendasi"),
    Heading(2, "E. Tindak lanjut atas laporan sebelumnya"),
    _part("tindak_lanjut_lalu"),
    Heading(1, "IV. PENUTUP"),
    Paragraph(
        (
            "Kami menghargai kerja sama pimpinan dan seluruh pegawai ", Slot("nama_unit"),
            " selama evaluasi. Semoga laporan ini bermanfaat bagi perbaikan tata kelola dan "
            "pelayanan.",
        ),
        "closing",
    ),
    _SIGNED,
)  # fmt: skip

_APPENDIX: Final[tuple[Block, ...]] = (
    Heading(1, "LAMPIRAN: ATURAN DAN ASAL DATA", on_new_page=True),
    Paragraph(Slot("catatan_aturan")),
    Paragraph(Slot("asal_data"), "note"),
)

LETTER: Final[tuple[Block, ...]] = (
    *_COVER,
    PageBreak(),
    Paragraph("LAPORAN HASIL EVALUASI", "title"),
    Paragraph(
        ("Zona Integritas menuju ", Slot("predikat"), "\n", Slot("nama_unit"),
         "\nperiode ", Slot("periode")),
        "center",
    ),
    *_BASIS,
    *_RESULTS,
    *_ADVICE,
    *_APPENDIX,
)  # fmt: skip
"""The letter and the report behind it."""

LHE: Final = LetterForm("Laporan Hasil Evaluasi", LETTER, MARK, TEXTS, PARTS)
