"""The headings of the table of decisions: what a column holds, and how people spell it."""

from __future__ import annotations

from typing import Final

from zi_eval.national.values import NationalStage, Outcome
from zi_eval.sheets.table_form import Column, TableForm

__all__ = ["COLUMNS", "FORM"]

COLUMNS: Final = (
    Column("unit", "text", "Id unit: nama berkasnya di folder periode", True),
    Column("tahap", "choice", "Tahap yang diputuskan", True),
    Column("keputusan", "choice", "lulus, tidak lulus, atau menunggu", True),
    Column("tanggal", "date", "Tanggal keputusan atau pengumumannya"),
    Column("kondisi", "text", "Kondisi yang ditemukan TPN"),
    Column("rekomendasi", "text", "Rekomendasi TPN untuk unit"),
)
OTHER_NAMES: Final = {
    "unit": "id_unit kode_unit satker unit_kerja",
    "tahap": "tahapan stage",
    "keputusan": "hasil status putusan status_tahap",
    "tanggal": "tgl tanggal_keputusan tanggal_pengumuman",
    "kondisi": "catatan temuan kondisi_unit",
    "rekomendasi": "saran rekomendasi_tpn",
}
SYNONYMS: Final = {
    "tahap": {
        other: stage.value
        for stage, others in {
            NationalStage.SELECTION: ("administrasi", "selmin", "seleksi"),
            NationalStage.OBJECTION: ("masa sanggah",),
            NationalStage.DESK: ("desk", "desk evaluation", "evaluasi desk", "wawancara"),
            NationalStage.FIELD: ("lapangan", "verlap", "observasi"),
            NationalStage.PANEL: ("panel 1",),
            NationalStage.FINAL: ("pleno",),
            NationalStage.RESULT: ("penetapan", "pengumuman"),
        }.items()
        for other in others
    },
    "keputusan": {
        other: outcome.value
        for outcome, others in {
            Outcome.PASSED: ("memenuhi", "sesuai", "diterima", "ya"),
            Outcome.FAILED: ("tidak memenuhi", "gagal", "tidak sesuai", "ditolak", "tidak"),
            Outcome.PENDING: ("proses", "belum"),
        }.items()
        for other in others
    },
}
"""Other words for a choice, as agencies and the portal write them."""
IGNORED: Final = frozenset({"no", "nomor", "nama_unit", "predikat", "kategori", "instansi"})


LINES: Final = (
    "Satu baris untuk satu keputusan TPN atas satu unit pada satu tahap. Simpan sebagai "
    "parameters/<periode>/tpn/keputusan.xlsx.",
    "Sanggah yang diterima ditulis lulus pada tahap sanggah; yang ditolak: tidak lulus.",
    "Rekomendasinya dapat dijadikan isi register: 'zi-eval tindak-lanjut add --from tpn'.",
)
WIDTHS: Final = {"unit": 22, "tahap": 22, "kondisi": 50, "rekomendasi": 50}
FORM: Final = TableForm(
    columns=COLUMNS,
    command="tpn template",
    sheet="Keputusan TPN",
    title="Tabel keputusan TPN",
    lines=LINES,
    widths=WIDTHS,
    other_names=OTHER_NAMES,
    choices={"tahap": tuple(NationalStage), "keputusan": tuple(Outcome)},
    synonyms=SYNONYMS,
    ignored=IGNORED,
)
