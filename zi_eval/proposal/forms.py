"""The wording of the letters of a proposal as we ship it, with its gaps.

The usual ones, in our own words: no form of them is fixed where we could read it. A team that
wants others edits the templates in Word and gives them back, as that of the LHE.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zi_eval.letters.template import LetterForm
from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Column,
    Heading,
    Inline,
    Line,
    Paragraph,
    Slot,
    Table,
)

__all__ = ["FORMS", "OBJECTION", "PARTS", "TEXTS"]

TEXTS: Final[Mapping[str, str]] = {
    "nama_instansi": "nama instansi",
    "kepada": "kepada siapa surat ditujukan (usulan: kepada)",
    "nomor_surat": "nomor surat usulan (usulan: nomor)",
    "tanggal_surat": "tanggal surat (usulan: tanggal)",
    "kota": "tempat ditandatangani (usulan: kota)",
    "jabatan_penanda_tangan": "jabatan yang menandatangani (usulan: jabatan)",
    "nama_penanda_tangan": "namanya (usulan: nama)",
    "nip_penanda_tangan": "NIP-nya, bila ada (usulan: nip)",
    "periode": "periode",
    "jumlah_calon": "banyaknya unit yang diusulkan, menurut predikat",
    "kontak_nama": "nama narahubung (usulan: kontak)",
    "kontak_surel": "surel narahubung",
    "kontak_telepon": "telepon narahubung",
    "nama_aturan": "nama aturan ambang dan prasyarat",
    "urutan": "kriteria peringkat, yang pertama lebih dulu",
    "asal_data": "versi zi-eval dan waktu pembuatan",
}
"""What may stand within a sentence, a header or a cell, with its meaning."""
PARTS: Final[Mapping[str, str]] = {
    "peringatan": "peringatan bila ada yang belum sesuai; kosong bila semua sesuai",
    "tabel_calon": "unit yang diusulkan: kategori, pimpinan, nilai",
    "tabel_tautan": "tautan dokumen dan LKE tiap unit",
    "tabel_tlhp": "tindak lanjut temuan tiap unit",
    "daftar_temuan_terbuka": "temuan yang belum selesai",
    "periksa_instansi": "yang dilihat seleksi administrasi pada instansi",
    "periksa_unit": "yang dilihat seleksi administrasi pada tiap unit",
    "tabel_peringkat": "semua unit menurut kriteria peringkat",
    "daftar_prasyarat": "unit yang hanya kurang prasyarat",
}
"""What takes a paragraph of its own, with its meaning."""


def _part(name: str) -> Paragraph:
    return Paragraph(Slot(name))


def _sign(between: Inline = "") -> Paragraph:
    return Paragraph(
        (
            Slot("kota"), ", ", Slot("tanggal_surat"), "\n", Slot("jabatan_penanda_tangan"),
            ",\n\n", between, "\n\n", Slot("nama_penanda_tangan"), "\n",
            Slot("nip_penanda_tangan"),
        ),
        "sign",
    )  # fmt: skip


def _form(key: str, name: str, blocks: tuple[Block, ...]) -> tuple[str, LetterForm]:
    mark: Line = (f"{name} ", Slot("nama_instansi"), " · ", Slot("periode"))
    return key, LetterForm(name, blocks, mark, TEXTS, PARTS)


_LETTER: Final[tuple[Block, ...]] = (
    Paragraph(Slot("nama_instansi"), "subtitle"),
    _part("peringatan"),
    Table(
        "",
        (Column("", 1.2), Column("", 5)),
        (
            ("Nomor", Slot("nomor_surat")),
            ("Lampiran", "satu berkas"),
            ("Hal", ("Usulan unit kerja menuju WBK dan WBBM, periode ", Slot("periode"))),
        ),
    ),
    Paragraph(("Yth. ", Slot("kepada"), "\ndi Jakarta")),
    Paragraph(
        (
            "Berdasarkan evaluasi Tim Penilai Internal ", Slot("nama_instansi"), " periode ",
            Slot("periode"), ", kami mengusulkan ", Slot("jumlah_calon"),
            " untuk dievaluasi Tim Penilai Nasional, sebagai berikut.",
        )
    ),
    _part("tabel_calon"),
    Paragraph("Sebagai bahan seleksi administrasi kami sampaikan dokumen pada tautan berikut."),
    _part("tabel_tautan"),
    Paragraph(
        (
            "Narahubung: ", Slot("kontak_nama"), ", surel ", Slot("kontak_surel"), ", telepon ",
            Slot("kontak_telepon"), ".",
        )
    ),
    Paragraph("Atas perhatian Bapak/Ibu kami ucapkan terima kasih.", "closing"),
    _sign(),
)  # fmt: skip

_STATEMENT: Final[tuple[Block, ...]] = (
    Paragraph("SURAT PERNYATAAN TANGGUNG JAWAB MUTLAK", "title"),
    _part("peringatan"),
    Paragraph("Yang bertanda tangan di bawah ini:", "closing"),
    Table(
        "",
        (Column("", 1.2), Column("", 4)),
        (
            ("Nama", Slot("nama_penanda_tangan")),
            ("Jabatan", Slot("jabatan_penanda_tangan")),
            ("Instansi", Slot("nama_instansi")),
        ),
    ),
    Paragraph(("menyatakan, atas usulan ", Slot("jumlah_calon"), " periode ", Slot("periode"),
               ", bahwa:"), "closing"),
    Bullets(
        (
            "jawaban, nilai, dan bukti dukung dalam lembar kerja evaluasi setiap unit yang "
            "diusulkan benar dan dapat dibuktikan;",
            "setiap unit yang diusulkan memenuhi prasyarat pengusulan, dan evaluasinya dilakukan "
            "oleh Tim Penilai Internal;",
            "data tindak lanjut hasil pemeriksaan dan hasil survei mandiri yang disampaikan sesuai "
            "keadaan sebenarnya;",
            "bila kemudian terbukti ada yang tidak benar, kami bertanggung jawab penuh dan "
            "bersedia usulan atau predikatnya dibatalkan.",
        ),
        is_numbered=True,
    ),
    Paragraph("Unit yang diusulkan:", "closing"),
    _part("tabel_calon"),
    _sign(Blank("meterai")),
)  # fmt: skip

_CANDIDATES: Final[tuple[Block, ...]] = (
    Paragraph("DAFTAR UNIT YANG DIUSULKAN", "title"),
    Paragraph((Slot("nama_instansi"), "\nperiode ", Slot("periode")), "center"),
    _part("peringatan"),
    Paragraph((Slot("jumlah_calon"), " diusulkan menurut ", Slot("nama_aturan"), ".")),
    _part("tabel_calon"),
    Heading(1, "Tautan"),
    _part("tabel_tautan"),
    Paragraph(Slot("asal_data"), "note"),
)

_FOLLOW_UP: Final[tuple[Block, ...]] = (
    Paragraph("SURAT KETERANGAN TINDAK LANJUT HASIL PEMERIKSAAN", "title"),
    _part("peringatan"),
    Paragraph(
        (
            Blank("jabatan pimpinan APIP"), " ", Slot("nama_instansi"),
            " menerangkan keadaan tindak lanjut temuan APIP dan BPK pada unit yang diusulkan "
            "periode ", Slot("periode"), " sebagai berikut.",
        )
    ),
    _part("tabel_tlhp"),
    Heading(1, "Temuan yang belum selesai"),
    _part("daftar_temuan_terbuka"),
    Paragraph(
        (
            Slot("kota"), ", ", Blank("tanggal"), "\n", Blank("jabatan pimpinan APIP"),
            ",\n\n\n\n", Blank("nama"), "\nNIP ", Blank("NIP"),
        ),
        "sign",
    ),
)  # fmt: skip

_CHECKLIST: Final[tuple[Block, ...]] = (
    Paragraph("DAFTAR PERIKSA SELEKSI ADMINISTRASI", "title"),
    Paragraph((Slot("nama_instansi"), "\nperiode ", Slot("periode")), "center"),
    Paragraph(
        "Yang dilihat seleksi administrasi menurut program portal nasional tahun 2024 dan 2025 "
        "(sumber sekunder) dan PermenPANRB 90/2021. Untuk dipakai sendiri; tidak dikirim.",
        "note",
    ),
    Heading(1, "A. INSTANSI"),
    _part("periksa_instansi"),
    Heading(1, "B. UNIT YANG DIUSULKAN"),
    _part("periksa_unit"),
    Heading(1, "C. PERINGKAT SEMUA UNIT"),
    Paragraph(("Kriteria, yang pertama lebih dulu: ", Slot("urutan"), ".")),
    _part("tabel_peringkat"),
    Heading(2, "Hanya kurang prasyarat"),
    _part("daftar_prasyarat"),
    Paragraph(Slot("asal_data"), "note"),
)

FORMS: Final[Mapping[str, LetterForm]] = dict((
    _form("surat-usulan", "Surat usulan", _LETTER),
    _form("sptjm", "SPTJM", _STATEMENT),
    _form("daftar-calon", "Daftar calon", _CANDIDATES),
    _form("tlhp", "Keterangan tindak lanjut", _FOLLOW_UP),
    _form("daftar-periksa", "Daftar periksa", _CHECKLIST),
))  # fmt: skip
"""By the name of their file."""

OBJECTION: Final = LetterForm(
    "Surat sanggah",
    (
        Paragraph(Slot("nama_instansi"), "subtitle"),
        Table(
            "",
            (Column("", 1.2), Column("", 5)),
            (
                ("Nomor", Blank("nomor surat")),
                ("Lampiran", Blank("lampiran")),
                ("Hal", ("Sanggah atas hasil seleksi administrasi ", Slot("nama_unit"))),
            ),
        ),
        Paragraph(("Yth. ", Slot("kepada"), "\ndi Jakarta")),
        Paragraph(
            (
                "Menurut hasil seleksi administrasi tanggal ", Slot("tanggal_keputusan"), ", ",
                Slot("nama_unit"), " yang kami usulkan menuju ", Slot("kategori"), " periode ",
                Slot("periode"), " dinyatakan tidak lulus dengan alasan: ", Slot("kondisi"),
            )
        ),
        Paragraph("Terhadap keputusan itu kami menyanggah dengan alasan:", "closing"),
        Paragraph(Blank("pokok sanggahan dan buktinya")),
        Paragraph("Keadaan yang dilihat seleksi administrasi, menurut data kami:", "closing"),
        Paragraph(Slot("tabel_sanggahan")),
        Paragraph("Dokumen dapat dibuka pada tautan berikut.", "closing"),
        Paragraph(Slot("tabel_tautan")),
        Paragraph(
            (
                "Narahubung: ", Slot("kontak_nama"), ", surel ", Slot("kontak_surel"),
                ", telepon ", Slot("kontak_telepon"), ".",
            )
        ),
        Paragraph("Atas perhatian Bapak/Ibu kami ucapkan terima kasih.", "closing"),
        Paragraph(
            (
                Slot("kota"), ", ", Blank("tanggal"), "\n", Slot("jabatan_penanda_tangan"),
                ",\n\n\n\n", Slot("nama_penanda_tangan"), "\n", Slot("nip_penanda_tangan"),
            ),
            "sign",
        ),
    ),
    ("Surat sanggah ", Slot("nama_unit"), " · ", Slot("periode")),
    {
        **TEXTS,
        "nama_unit": "nama unit yang menyanggah",
        "kategori": "kategori usulannya",
        "tanggal_keputusan": "tanggal keputusan seleksi administrasi",
        "kondisi": "alasan menurut keputusan itu",
    },
    {**PARTS, "tabel_sanggahan": "yang sesuai menurut data instansi"},
)  # fmt: skip
"""The objection to a failed administrative selection."""
