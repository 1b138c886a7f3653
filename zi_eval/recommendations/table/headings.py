"""The headings of a table of recommendations: what a column holds, and how people spell it."""

from __future__ import annotations

from typing import Final

from zi_eval.errors import ArgumentError
from zi_eval.recommendations.values import Origin, Status
from zi_eval.sheets.table_form import Column, TableForm

__all__ = ["COLUMNS", "FORM", "parse_status"]


COLUMNS: Final = (
    Column("nomor", "text", "Nomor rekomendasi, mis. LHE-2026-3, atau nomor temuan", True),
    Column("sumber", "choice", "LHE, catatan TPI, hasil TPN, temuan APIP atau BPK", True),
    Column("pertanyaan", "text", "Nomor LKE yang terkait, mis. A.I.1.i.b; boleh beberapa"),
    Column("rekomendasi", "text", "Isi rekomendasi atau temuan", True),
    Column("tanggal", "date", "Tanggal laporan atau suratnya; darinya dihitung umurnya"),
    Column("penanggung_jawab", "text", "Jabatan, bukan nama orang"),
    Column("batas_waktu", "date", "Paling lambat selesai, mis. 30/11/2026"),
    Column("status", "choice", "Kosong berarti belum"),
    Column("tindak_lanjut", "text", "Yang sudah dikerjakan"),
    Column("bukti", "text", "Tautan atau nama berkas"),
    Column("diverifikasi_oleh", "text", "Jabatan atau nama yang memeriksa buktinya"),
    Column("tanggal_verifikasi", "date", "Kapan diperiksa"),
    Column("keterangan", "text", "Keterangan lain"),
)
"""In the order of the template."""

OTHER_NAMES: Final = {
    "nomor": "no_rekomendasi nomor_rekomendasi no_temuan nomor_temuan kode kode_temuan no",
    "sumber": "asal sumber_rekomendasi sumber_temuan pemeriksa jenis_laporan",
    "pertanyaan": "butir butir_lke nomor_lke pertanyaan_lke kriteria",
    "rekomendasi": "uraian uraian_rekomendasi isi_rekomendasi temuan uraian_temuan saran catatan",
    "tanggal": "tanggal_laporan tgl tanggal_rekomendasi tanggal_lhe tanggal_lhp tanggal_surat",
    "penanggung_jawab": "penanggungjawab pic pelaksana",
    "batas_waktu": "tenggat tenggat_waktu batas_akhir deadline target_selesai target_waktu",
    "status": "status_tindak_lanjut status_tl keterangan_status",
    "tindak_lanjut": "uraian_tindak_lanjut tl tindaklanjut yang_dikerjakan",
    "bukti": "bukti_tindak_lanjut data_dukung eviden evidence tautan_bukti link_bukti",
    "diverifikasi_oleh": "verifikator diperiksa_oleh verifikasi_oleh pemverifikasi",
    "tanggal_verifikasi": "tgl_verifikasi diverifikasi_tanggal",
    "keterangan": "ket",
}
SYNONYMS: Final = {
    "sumber": {
        "laporan hasil evaluasi": "LHE", "lhe zi": "LHE", "lhe tpi": "LHE", "catatan tpi": "TPI",
        "tim penilai internal": "TPI", "hasil tpn": "TPN", "tim penilai nasional": "TPN",
        "kemenpanrb": "TPN", "menpanrb": "TPN", "inspektorat": "APIP", "itjen": "APIP",
        "inspektorat jenderal": "APIP", "irban": "APIP", "lhp apip": "APIP",
        "lhp inspektorat": "APIP", "bpkp": "APIP", "lhp bpk": "BPK", "bpk ri": "BPK",
        "lain": "lainnya", "lain-lain": "lainnya",
    },
    "status": {
        "belum ditindaklanjuti": "belum", "belum selesai": "belum", "open": "belum",
        "dalam proses": "proses", "belum sesuai": "proses", "sebagian": "proses",
        "proses tindak lanjut": "proses", "sesuai": "selesai", "sudah": "selesai",
        "tuntas": "selesai", "telah selesai": "selesai", "sudah ditindaklanjuti": "selesai",
        "ditindaklanjuti": "selesai", "closed": "selesai",
        "tidak dapat": Status.VOID, "tdd": Status.VOID, "tptd": Status.VOID,
    },
}  # fmt: skip
"""Other words for a choice, as agencies and auditors write them."""
IGNORED: Final = frozenset({"unit", "nama_unit", "satker", "no_urut", "umur", "tahun", "periode"})


LINES: Final = (
    "Satu baris untuk satu rekomendasi atau temuan. Simpan sebagai "
    "parameters/<periode>/tindak-lanjut/<id unit>.xlsx; yang ditujukan kepada instansi: "
    "instansi.xlsx.",
    "Nomor dan sumber bersama-sama menandai satu rekomendasi. Yang belum selesai tampil sendiri "
    "di periode berikutnya; tidak perlu disalin.",
    "Status selesai perlu bukti dan siapa yang memeriksanya.",
    "Kolom yang tidak dipakai boleh dihapus, kecuali yang ditandai wajib.",
)
WIDTHS: Final = {"nomor": 18, "pertanyaan": 18, "rekomendasi": 50, "status": 18}
FORM: Final = TableForm(
    columns=COLUMNS,
    command="tindak-lanjut template",
    sheet="Tindak lanjut",
    title="Tabel tindak lanjut",
    lines=LINES,
    widths=WIDTHS,
    other_names=OTHER_NAMES,
    choices={"sumber": tuple(Origin), "status": tuple(Status)},
    synonyms=SYNONYMS,
    ignored=IGNORED,
)


def parse_status(text: str) -> Status:
    """Return a status by any of the words that tables have for it.

    Raises
    ------
    ArgumentError
        Where it is none.
    """
    known = {status.value: status.value for status in Status} | SYNONYMS["status"]
    if (folded := " ".join(text.casefold().split())) not in known:
        raise ArgumentError(f"status '{text}' tidak dikenal; pilih {', '.join(Status)}.", "status")
    return Status(known[folded])
