"""The columns of a table of recommendations."""

from __future__ import annotations

from typing import Final

from zi_eval.recommendations.table.rows import Column, Shape
from zi_eval.recommendations.values import Origin, Status

__all__ = ["SHAPE"]

SHAPE: Final = Shape(
    columns=(
        Column(
            "nomor", "text", "Nomor rekomendasi, mis. LHE-2026-3 atau nomor temuan", True,
            others="no_rekomendasi nomor_rekomendasi no_temuan nomor_temuan kode kode_temuan no",
            width=16,
        ),
        Column(
            "sumber", "choice", "Dari mana: LHE, catatan TPI, hasil TPN, temuan APIP atau BPK",
            True, tuple(Origin),
            {
                "laporan hasil evaluasi": "LHE", "lhe zi": "LHE", "lhe tpi": "LHE",
                "catatan tpi": "TPI", "tim penilai internal": "TPI", "hasil tpn": "TPN",
                "tim penilai nasional": "TPN", "kemenpanrb": "TPN", "menpanrb": "TPN",
                "inspektorat": "APIP", "itjen": "APIP", "inspektorat jenderal": "APIP",
                "irban": "APIP", "lhp apip": "APIP", "lhp inspektorat": "APIP", "bpkp": "APIP",
                "lhp bpk": "BPK", "bpk ri": "BPK", "lain": "lainnya", "lain lain": "lainnya",
            },
            others="asal sumber_rekomendasi sumber_temuan pemeriksa jenis_laporan",
        ),
        Column(
            "pertanyaan", "text", "Nomor pertanyaan LKE yang terkait, mis. A.I.1.i.b; boleh "
            "beberapa, dipisah koma",
            others="butir butir_lke nomor_lke pertanyaan_lke kriteria", width=18,
        ),
        Column(
            "rekomendasi", "text", "Isi rekomendasi atau temuan", True,
            others="uraian uraian_rekomendasi isi_rekomendasi temuan uraian_temuan saran catatan",
            width=50,
        ),
        Column(
            "tanggal", "date", "Tanggal laporan atau suratnya; darinya dihitung umurnya",
            others="tanggal_laporan tgl tanggal_rekomendasi tanggal_lhe tanggal_lhp tanggal_surat",
        ),
        Column(
            "penanggung_jawab", "text", "Jabatan, bukan nama orang",
            others="penanggungjawab pic pelaksana",
        ),
        Column(
            "batas_waktu", "date", "Paling lambat selesai, mis. 30/11/2026",
            others="tenggat tenggat_waktu batas_akhir deadline target_selesai target_waktu",
        ),
        Column(
            "status", "choice", "Kosong berarti belum", False, tuple(Status),
            {
                "belum ditindaklanjuti": "belum", "belum selesai": "belum", "bd": "belum",
                "open": "belum", "dalam proses": "proses", "belum sesuai": "proses",
                "bs": "proses", "sebagian": "proses", "proses tindak lanjut": "proses",
                "sesuai": "selesai", "sudah": "selesai", "tuntas": "selesai", "s": "selesai",
                "telah selesai": "selesai", "sudah ditindaklanjuti": "selesai",
                "ditindaklanjuti": "selesai", "closed": "selesai",
                "tidak dapat": "tidak dapat ditindaklanjuti",
                "tdd": "tidak dapat ditindaklanjuti", "tptd": "tidak dapat ditindaklanjuti",
            },
            others="status_tindak_lanjut status_tl keterangan_status", width=18,
        ),
        Column(
            "tindak_lanjut", "text", "Yang sudah dikerjakan",
            others="uraian_tindak_lanjut tl tindaklanjut yang_dikerjakan", width=40,
        ),
        Column(
            "bukti", "text", "Tautan atau nama berkas",
            others="bukti_tindak_lanjut data_dukung eviden evidence tautan_bukti link_bukti",
        ),
        Column(
            "diverifikasi_oleh", "text", "Jabatan atau nama yang memeriksa buktinya",
            others="verifikator diperiksa_oleh verifikasi_oleh pemverifikasi",
        ),
        Column(
            "tanggal_verifikasi", "date", "Kapan diperiksa",
            others="tgl_verifikasi diverifikasi_tanggal",
        ),
        Column("keterangan", "text", "Keterangan lain", others="ket"),
    ),
    ignored=frozenset({"unit", "nama_unit", "satker", "no_urut", "umur", "tahun", "periode"}),
    hint="Buat contohnya dengan 'zi-eval tindak-lanjut template'.",
)  # fmt: skip
