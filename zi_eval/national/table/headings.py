"""The headings of the table of decisions: what a column holds, and how people spell it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from zi_eval.core.text import fold
from zi_eval.national.values import NationalStage, Outcome
from zi_eval.sheets.table_form import Column, TableForm

__all__ = ["COLUMNS", "FORM", "find_heading"]

LONGEST = 80
COLUMNS: Final = (
    Column("unit", "text", "Id unit: nama berkasnya di folder periode", True),
    Column("tahap", "choice", "Tahap yang diputuskan", True),
    Column("keputusan", "choice", "lulus, tidak lulus, atau menunggu", True),
    Column("tanggal", "date", "Tanggal keputusan atau pengumumannya"),
    Column("kondisi", "text", "Kondisi yang ditemukan TPN"),
    Column("rekomendasi", "text", "Rekomendasi TPN untuk unit"),
)
OTHER_NAMES: Final = {
    other: name
    for name, others in {
        "unit": "id_unit kode_unit satker unit_kerja",
        "tahap": "tahapan stage",
        "keputusan": "hasil status putusan status_tahap",
        "tanggal": "tgl tanggal_keputusan tanggal_pengumuman",
        "kondisi": "catatan temuan kondisi_unit",
        "rekomendasi": "saran rekomendasi_tpn",
    }.items()
    for other in others.split()
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
NAMES: Final = frozenset(column.name for column in COLUMNS)


def find_heading(text: object) -> str:
    """Return what a heading names, empty where it is none of ours.

    Examples
    --------
    >>> find_heading("Tahapan"), find_heading("ID Unit"), find_heading("Anggaran")
    ('tahap', 'unit', '')
    """
    return _find(text[:LONGEST]) if isinstance(text, str) else ""


@lru_cache(maxsize=256)
def _find(text: str) -> str:
    folded = fold(text).replace(" ", "_")
    return folded if folded in NAMES or folded in IGNORED else OTHER_NAMES.get(folded, "")


FORM: Final = TableForm(
    columns=COLUMNS,
    find=find_heading,
    template_hint="Buat contohnya dengan 'zi-eval tpn template'.",
    choices={"tahap": tuple(NationalStage), "keputusan": tuple(Outcome)},
    synonyms=SYNONYMS,
    ignored=IGNORED,
)
