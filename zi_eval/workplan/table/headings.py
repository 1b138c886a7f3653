"""The headings of a table of activities: what each column holds, and how people spell it."""

from __future__ import annotations

import re
from typing import Final

from zi_eval.sheets.table_form import TWO, Column, TableForm
from zi_eval.workplan.plan import MONTH_NAMES

__all__ = ["COLUMNS", "FORM", "RESULTS", "TARGETS"]

TARGETS: Final = tuple(f"target_{month}" for month in MONTH_NAMES)
RESULTS: Final = tuple(f"realisasi_{month}" for month in MONTH_NAMES)

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
OTHER_NAMES: Final = {
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
}
IGNORED = frozenset(
    {"no", "nomor", "no_urut", "area", "area_perubahan", "target_total", "jumlah_target",
     "jumlah_realisasi", "realisasi_total", "capaian", "persen_capaian", "status"}
)  # fmt: skip
"""What tables number, and what is computed anew; never read."""


def _by_month(folded: str) -> str:
    match = BY_MONTH.fullmatch(folded)
    return f"{WHAT[match[1]]}_{MONTH_OF[match[2]]}" if match else ""


LINES: Final = (
    "Satu baris untuk satu kegiatan pembangunan ZI. Isi lembar Rencana ZI, simpan sebagai "
    "parameters/<periode>/rencana-zi/<id unit>.xlsx, lalu jalankan 'zi-eval rencana check'.",
    "Setiap kegiatan menyebut pertanyaan LKE yang dibangunnya, dan bila dapat jawaban yang "
    "dituju: dari situ dihitung perkiraan nilai bila rencana ini selesai.",
    "Target dan realisasi ditulis untuk bulan itu sendiri, bukan jumlah berjalan sejak Januari.",
    "Realisasi kosong berarti belum dilaporkan; nol ditulis 0. Keduanya tidak sama.",
    "Kolom yang tidak dipakai boleh dihapus, kecuali yang ditandai wajib.",
)
WIDTHS: Final = {"kegiatan": 44.0, "pertanyaan": 20.0, "jawaban_dituju": 14.0, "satuan": 12.0}

FORM: Final = TableForm(
    columns=COLUMNS,
    command="rencana template",
    sheet="Rencana ZI",
    title="Rencana kerja pembangunan ZI",
    lines=LINES,
    widths={**WIDTHS, **{c.name: 9.0 for c in COLUMNS if c.kind == "number"}},
    frozen="B2",
    other_names=OTHER_NAMES,
    special=_by_month,
    choices={"prioritas": TWO},
    synonyms={"prioritas": {"y": "Ya", "t": "Tidak", "iya": "Ya", "bukan": "Tidak", "x": "Ya",
                            "v": "Ya"}},
    ignored=IGNORED,
    fewest=4,
)  # fmt: skip
