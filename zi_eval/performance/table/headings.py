"""The headings of a performance table: what each column holds, how people spell it, where it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

from zi_eval.performance.plan import Accrual, Direction, Kind
from zi_eval.sheets.table_form import TWO, Column, TableForm

__all__ = [
    "CHOICES",
    "COLUMNS",
    "YEAR",
    "table_form",
    "template_form",
]


CHOICES: Mapping[str, tuple[str, ...]] = {
    "jenis": tuple(Kind),
    "arah": tuple(Direction),
    "penjumlahan": tuple(Accrual),
    "iku": TWO,
}
SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "jenis": {"hasil": "outcome", "dampak": "outcome", "keluaran": "output"},
    "arah": {
        "maximize": "naik", "maksimal": "naik", "semakin tinggi semakin baik": "naik",
        "minimize": "turun", "minimal": "turun", "semakin rendah semakin baik": "turun",
        "stabilize": "tetap", "stabil": "tetap",
    },
    "penjumlahan": {
        "jumlah": "kumulatif", "sum": "kumulatif", "rata rata": "rata-rata", "average": "rata-rata",
        "rerata": "rata-rata", "take last": "posisi akhir", "posisi terakhir": "posisi akhir",
    },
    "iku": {"y": "Ya", "t": "Tidak", "iya": "Ya", "bukan": "Tidak"},
}  # fmt: skip
"""Other words for a choice, as agencies write them."""

COLUMNS = (
    Column("sasaran", "text", "Sasaran; boleh dikosongkan bila sama dengan baris di atasnya", True),
    Column("indikator", "text", "Satu indikator tiap baris", True),
    Column("rumus", "text", "Cara menghitung dan sumber datanya"),
    Column("satuan", "text", "mis. %, orang, hari"),
    Column("jenis", "choice", "outcome: manfaat; output: pekerjaan", True),
    Column("arah", "choice", "naik: makin tinggi makin baik; turun; tetap: dijaga", True),
    Column(
        "penjumlahan", "choice",
        "kumulatif: triwulan dijumlahkan; rata-rata; posisi akhir: triwulan terakhir", True,
    ),
    Column("iku", "choice", "Indikator kinerja utama? Kosong berarti Ya"),
    *(
        Column(f"target_tw{q}", "number", "Target triwulan itu sendiri, bukan jumlah berjalan; "
               "kosong berarti tidak diukur di triwulan itu")
        for q in (1, 2, 3, 4)
    ),
    Column("target_tahunan", "number", "Target setahun menurut Perjanjian Kinerja"),
    *(
        Column(f"realisasi_tw{q}", "number", "Realisasi triwulan itu sendiri; kosong berarti "
               "belum ada, 0 berarti nol")
        for q in (1, 2, 3, 4)
    ),
    Column("target_akhir_renstra", "number", "Target pada tahun terakhir Renstra"),
    Column("standar_nasional", "number", "Standar atau capaian nasional, bila ada"),
    Column("pagu", "number", "Anggaran, rupiah"),
    Column("realisasi_anggaran", "number", "Yang sudah dibelanjakan tahun ini, rupiah"),
    Column("sasaran_renstra", "text", "Sasaran Renstra yang didukung"),
    Column("rencana_aksi", "text", "Kegiatan di Rencana Aksi"),
    Column("sasaran_individu", "text", "Jabatan yang SKP-nya memuat indikator ini"),
    Column("penanggung_jawab", "text", "Jabatan, bukan nama orang"),
    Column("sebab", "text", "Sebab berhasil atau gagal"),
    Column("tindak_lanjut", "text", "Yang dikerjakan"),
    Column("batas_waktu", "date", "Tanggal selesainya, mis. 30/11/2026"),
    Column("bukti", "text", "Tautan atau nama berkas"),
)  # fmt: skip
"""In the order of the template. Columns of earlier years (``realisasi_2025``, ``target_2025``)
come on top of these."""

YEAR = re.compile(r"(realisasi|target)_(?:tahun_)?((?:19|20)\d\d)")
QUARTER = re.compile(r"(target|realisasi)_(?:tw|triwulan|q)_?(i{1,3}|iv|[1-4])")
ROMANS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
OTHER_NAMES: Final = {
    "sasaran": "sasaran_strategis sasaran_kegiatan sasaran_program sasaran_kinerja "
    "tujuan_sasaran sasaran_strategis_program uraian_sasaran",
    "indikator": "indikator_kinerja indikator_kinerja_utama indikator_kinerja_utama_iku "
    "indikator_sasaran indikator_kinerja_sasaran indikator_kinerja_kegiatan "
    "indikator_kinerja_program uraian_indikator nama_indikator",
    "rumus": "formula formulasi formula_perhitungan rumus_perhitungan formulasi_perhitungan "
    "cara_perhitungan definisi_operasional",
    "satuan": "satuan_ukuran satuan_target",
    "arah": "polarisasi arah_indikator",
    "penjumlahan": "cara_penjumlahan",
    "jenis": "jenis_indikator",
    "target_tahunan": "target_tahun target_tahun_ini target_setahun target_perjanjian_kinerja "
    "target_pk",
    "target_akhir_renstra": "target_renstra",
    "pagu": "anggaran pagu_anggaran anggaran_rp pagu_rp pagu_anggaran_rp",
    "realisasi_anggaran": "realisasi_keuangan realisasi_anggaran_rp penyerapan_anggaran",
    "penanggung_jawab": "penanggungjawab pic",
    "sebab": "penyebab",
    "batas_waktu": "tenggat tenggat_waktu batas_akhir deadline",
    "bukti": "bukti_dukung data_dukung eviden evidence tautan_bukti link_bukti",
}
EARLIER = 3
"""Earlier years for which columns are offered."""
AFTER = "realisasi_tw4"
IGNORED = frozenset(
    {"no", "nomor", "no_urut", "capaian", "persen_capaian", "persentase_capaian", "capaian_persen",
     "capaian_kinerja", "tingkat_capaian", "capaian_tahunan"}
)  # fmt: skip
"""What tables number, and what is computed anew from target and result; never read."""
ACHIEVED = re.compile(r"(?:persen(?:tase)?_)?capaian_(?:tw|triwulan|q|tahun)?_?\w{1,4}")


LINES: Final = (
    "Satu baris untuk satu indikator Perjanjian Kinerja. Isi lembar Kinerja, simpan sebagai "
    "parameters/<periode>/kinerja/<id unit>.xlsx, lalu jalankan 'zi-eval kinerja check'.",
    "Kosong berarti belum ada; nol ditulis 0. Keduanya tidak sama.",
    "Angka triwulan ditulis untuk triwulan itu sendiri, juga bila penjumlahannya kumulatif: "
    "bukan jumlah berjalan sejak Januari.",
    "Persen ditulis sebagai 85 (satuan %); 85% juga terbaca benar.",
    "Kolom tahun lalu boleh ditambah, mis. realisasi_2022. Kolom yang tidak dipakai boleh dihapus, "
    "kecuali yang ditandai wajib.",
)


def _special(year: int | None, folded: str) -> str:
    """Return what a heading of a quarter or year names; a target of ``year`` is the annual one."""
    if match := QUARTER.fullmatch(folded):
        return f"{match[1]}_tw{ROMANS.get(match[2], match[2])}"
    if match := YEAR.fullmatch(folded):
        is_annual = year is not None and match[0] == f"target_{year}"
        return "target_tahunan" if is_annual else f"{match[1]}_{match[2]}"
    return "capaian" if ACHIEVED.fullmatch(folded) else ""


@lru_cache(maxsize=16)
def table_form(year: int | None = None) -> TableForm:
    """Return what a performance table of ``year`` looks like."""
    return TableForm(
        columns=COLUMNS,
        command="kinerja template",
        sheet="Kinerja",
        title=f"Tabel kinerja {year}",
        lines=LINES,
        other_names=OTHER_NAMES,
        special=partial(_special, year),
        choices=CHOICES,
        synonyms=SYNONYMS,
        ignored=IGNORED,
        fewest=4,
        counts_all=True,
    )


def _columns(year: int) -> tuple[Column, ...]:
    """Return the columns of the template, with those of earlier years after the quarters."""
    earlier = [
        Column(f"{what}_{past}", "number", f"{what.capitalize()} tahun {past}")
        for past in range(year - 1, year - 1 - EARLIER, -1)
        for what in ("realisasi", "target")
    ]
    place = next(i for i, column in enumerate(COLUMNS) if column.name == AFTER) + 1
    return (*COLUMNS[:place], *earlier, *COLUMNS[place:])


def template_form(year: int) -> TableForm:
    """Return what an empty table of ``year`` looks like, which offers columns of earlier years."""
    return replace(table_form(year), columns=_columns(year))
