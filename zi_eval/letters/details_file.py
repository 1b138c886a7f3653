"""What a letter needs beyond the evaluation: who issues it, its numbers, who signs.

An agency states it in the part ``lhe`` of its file::

    lhe:
      penerbit: Inspektorat Daerah Kabupaten Contoh
      nomor: {dpmptsp: 700/12/ITDA/2026}
      kota: Contoh
      tanggal: 2 November 2026
      surat_tugas: Nomor 800/7/ITDA/2026 tanggal 5 Oktober 2026
      waktu: 12 sampai 30 Oktober 2026
      tim: [Nama lengkap (ketua tim), Nama lengkap (anggota)]
      dasar: [Peraturan Bupati Contoh Nomor 7 Tahun 2025]
      tembusan: [Bupati Contoh]
      jabatan: Inspektur Daerah
      nama: Nama lengkap
      pangkat: Pembina Utama Muda
      nip: "19700101 199001 1 001"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.problems import Problem
from zi_eval.period.keys import Section

__all__ = ["PART", "Letter", "parse_letter"]

LETTER_KEYS = (
    "penerbit", "nomor", "kota", "tanggal", "surat_tugas", "waktu", "tim", "dasar", "tembusan",
    "jabatan", "nama", "pangkat", "nip",
)  # fmt: skip
PART = "lhe"


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of the LHE that an agency states; all untrusted, empty where it states none.

    Attributes
    ----------
    issuer
        Who issues it, e.g. the inspectorate.
    numbers
        Number of the letter, by unit id: no two letters share one.
    city, date
        Where and when it is signed.
    assignment, period
        The assignment letter (surat tugas), and when the evaluation was done.
    team, basis, copies
        Members with their roles, further legal bases, and who receives a copy.
    position, name, rank, number
        Of who signs: position, name, rank and NIP.
    """

    issuer: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    city: str = ""
    date: str = ""
    assignment: str = ""
    period: str = ""
    team: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    position: str = ""
    name: str = ""
    rank: str = ""
    number: str = ""


def parse_letter(section: Section) -> tuple[Letter, tuple[Problem, ...]]:
    """Return what the part ``lhe`` of an agency file states, and all that is wrong with it."""
    reader = section.reader()
    top = reader.mapping((PART,), section.value, LETTER_KEYS, f"'{PART}'")

    def text(key: str) -> str:
        return reader.text((PART, key), top.get(key), f"'{key}'")

    def texts(key: str) -> tuple[str, ...]:
        raw = top.get(key)
        if raw is None:
            return ()
        if not isinstance(raw, list):
            reader.report((PART, key), "bukan-daftar", f"'{key}' harus berupa daftar teks.")
            return ()
        found = (reader.text((PART, key, n), item, f"'{key}'") for n, item in enumerate(raw))
        return tuple(item for item in found if item)

    raw = top.get("nomor")
    if raw is not None and not isinstance(raw, dict):
        message = "'nomor' harus berisi nomor surat tiap unit, mis. 'dpmptsp: 700/12/ITDA/2026'."
        reader.report((PART, "nomor"), "bukan-pemetaan", message)
        raw = None
    numbers = {
        str(unit): reader.text((PART, "nomor", unit), number, f"nomor '{unit}'")
        for unit, number in (raw or {}).items()
    }
    letter = Letter(
        issuer=text("penerbit"),
        numbers=numbers,
        city=text("kota"),
        date=text("tanggal"),
        assignment=text("surat_tugas"),
        period=text("waktu"),
        team=texts("tim"),
        basis=texts("dasar"),
        copies=texts("tembusan"),
        position=text("jabatan"),
        name=text("nama"),
        rank=text("pangkat"),
        number=text("nip"),
    )
    return letter, tuple(reader.problems)
