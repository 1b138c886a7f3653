"""The headings of a table of activities: what each column holds, and how people spell it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from zi_eval.core.text import fold
from zi_eval.sheets.table_form import TWO, Column, TableForm
from zi_eval.workplan.plan import MONTH_NAMES

__all__ = ["COLUMNS", "FORM", "RESULTS", "TARGETS", "find_heading"]

TARGETS: Final = tuple(f"target_{month}" for month in MONTH_NAMES)
RESULTS: Final = tuple(f"realisasi_{month}" for month in MONTH_NAMES)
LONGEST = 80

COLUMNS = (
    Column("kegiatan", "text", "Satu kegiatan tiap baris", True),
    Column("pertanyaan", "text", "Nomor LKE yang dibangun, mis. A.I.1.ii.a; A.I.1.ii.b", True),
    Column(
        "jawaban_dituju", "text",
        "Jawaban LKE bila selesai, seurutan dengan pertanyaannya, mis. Ya; A",
    ),
    Column("prioritas", "choice", "Target prioritas? Kosong berarti Tidak"),
    Column("keluaran", "text", "Yang dihasilkan, mis. SK tim, laporan"),
    Column("satuan", "text", "mis. dokumen, kali, orang"),
    Column("penanggung_jawab", "text", "Jabatan, bukan nama orang"),
    *(
        Column(name, "number", "Target bulan itu sendiri, bukan jumlah berjalan; tanda x berarti 1")
        for name in TARGETS
    ),
    *(
        Column(name, "number", "Realisasi bulan itu sendiri; kosong berarti belum dilaporkan, 0 "
               "berarti nol")
        for name in RESULTS
    ),
    Column("bukti", "text", "Tautan atau nama berkas"),
    Column("kendala", "text", "Yang menghambat"),
    Column("tindak_lanjut", "text", "Yang dikerjakan atas kendala atau keterlambatan"),
    Column("sumber", "text", "Asalnya, mis. rekomendasi LHE 2025 nomor 3"),
)  # fmt: skip
"""In the order of the template."""

_MONTH = (
    ("jan", "januari"), ("feb", "februari", "peb", "pebruari"), ("mar", "maret"), ("apr", "april"),
    ("mei", "may"), ("jun", "juni"), ("jul", "juli"), ("agu", "agustus", "ags", "agt", "aug"),
    ("sep", "september", "sept"), ("okt", "oktober", "oct"), ("nov", "november", "nopember", "nop"),
    ("des", "desember", "dec"),
)  # fmt: skip
MONTH_OF = {name: names[0] for names in _MONTH for name in names}
BY_MONTH = re.compile(
    r"(?:(target|rencana|realisasi|capaian|t|r)_)?(?:bulan_)?("
    + "|".join(MONTH_OF)
    + r")(?:_\d{4})?"
)
WHAT = {"target": "target", "rencana": "target", "t": "target", None: "target",
        "realisasi": "realisasi", "capaian": "realisasi", "r": "realisasi"}  # fmt: skip
OTHER_NAMES = {
    other: name
    for name, others in {
        "kegiatan": "nama_kegiatan uraian_kegiatan rencana_aksi aksi rencana_kerja "
        "program_kegiatan kegiatan_pembangunan_zi aktivitas",
        "pertanyaan": "pertanyaan_lke nomor_lke no_lke butir butir_lke nomor_pertanyaan "
        "pertanyaan_lke_zi nomor_butir",
        "jawaban_dituju": "target_jawaban jawaban_target jawaban jawaban_lke",
        "prioritas": "target_prioritas program_prioritas",
        "keluaran": "output hasil_kegiatan target_output output_kegiatan",
        "satuan": "satuan_keluaran satuan_output satuan_target",
        "penanggung_jawab": "penanggungjawab pic pelaksana koordinator",
        "bukti": "bukti_dukung data_dukung eviden evidence tautan_bukti link_bukti",
        "kendala": "hambatan permasalahan masalah",
        "tindak_lanjut": "rencana_tindak_lanjut rtl solusi",
        "sumber": "asal sumber_kegiatan dasar",
    }.items()
    for other in others.split()
}
IGNORED = frozenset(
    {"no", "nomor", "no_urut", "area", "area_perubahan", "target_total", "jumlah_target",
     "jumlah_realisasi", "realisasi_total", "capaian", "persen_capaian", "status"}
)  # fmt: skip
"""What tables number, and what is computed anew; never read."""
NAMES = frozenset(column.name for column in COLUMNS)


def find_heading(text: object) -> str:
    """Return what a heading names, empty where it is none of ours.

    Examples
    --------
    >>> find_heading("Realisasi Agustus 2026"), find_heading("Mei"), find_heading("PIC")
    ('realisasi_agu', 'target_mei', 'penanggung_jawab')
    """
    return _find(text[:LONGEST]) if isinstance(text, str) else ""


@lru_cache(maxsize=4096)
def _find(text: str) -> str:
    folded = fold(text).replace(" ", "_")
    if folded in NAMES or folded in IGNORED:
        return folded
    if match := BY_MONTH.fullmatch(folded):
        return f"{WHAT[match[1]]}_{MONTH_OF[match[2]]}"
    return OTHER_NAMES.get(folded, "")


FORM: Final = TableForm(
    columns=COLUMNS,
    find=find_heading,
    template_hint="Buat contohnya dengan 'zi-eval rencana template'.",
    choices={"prioritas": TWO},
    synonyms={"prioritas": {"y": "Ya", "t": "Tidak", "iya": "Ya", "bukan": "Tidak", "x": "Ya",
                            "v": "Ya"}},
    ignored=IGNORED,
    fewest=4,
)  # fmt: skip
