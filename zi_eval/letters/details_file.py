"""What a letter needs beyond the evaluation: who issues it, its numbers, who signs.

An agency states it in the part ``lhe`` of its file::

    lhe:
      penerbit: Inspektorat Daerah Kabupaten Contoh
      nomor: {dpmptsp: 700/12/ITDA/2026}
      kepada: {rsud-harapan: Direktur RSUD Harapan}
      kota: Contoh
      tanggal: 2 November 2026
      surat_tugas: Nomor 800/7/ITDA/2026 tanggal 5 Oktober 2026
      waktu: 12 sampai 30 Oktober 2026
      tim:
        - {nama: Nama lengkap, peran: ketua tim, nip: "19700101 199001 1 001"}
        - {nama: Nama lengkap, peran: anggota, nip: "19700101 199001 1 002"}
      verifikasi_lapangan: {dpmptsp: 14 Oktober 2026 di loket pelayanan}
      tlhp: {dpmptsp: surat keterangan Inspektorat Nomor 700/9/ITDA/2026}
      dasar: [Peraturan Bupati Contoh Nomor 7 Tahun 2025]
      tembusan: [Bupati Contoh]
      jabatan: Inspektur Daerah
      nama: Nama lengkap
      pangkat: Pembina Utama Muda
      nip: "19700101 199001 1 001"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.problems import Problem
from zi_eval.period.keys import Section

__all__ = ["PART", "Letter", "Member", "parse_letter"]

LETTER_KEYS = (
    "penerbit", "nomor", "kepada", "kota", "tanggal", "surat_tugas", "waktu", "tim", "dasar",
    "verifikasi_lapangan", "tlhp", "tembusan", "jabatan", "nama", "pangkat", "nip",
)  # fmt: skip
MEMBER_KEYS = ("nama", "peran", "nip")
PART = "lhe"
WITH_ROLE = re.compile(r"(.+?)\s*\(([^()]+)\)")
"""``Nama lengkap (ketua tim)``."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team; role and NIP are empty where they are not stated."""

    name: str
    role: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of the LHE that an agency states; all untrusted, empty where it states none.

    Attributes
    ----------
    issuer
        Who issues it, e.g. the inspectorate.
    numbers
        Number of the letter, by unit id: no two letters share one.
    addressees
        Whom the letter is sent to, by unit id, where it is not ``Kepala`` of the unit.
    city, date
        Where and when it is signed.
    assignment, period
        The assignment letter (surat tugas), and when the evaluation was done.
    team, basis, copies
        Members, further legal bases, and who receives a copy.
    visits, findings
        By unit id: when and where the team looked itself, and what states the follow-up of audit
        findings.
    position, name, rank, number
        Of who signs: position, name, rank and NIP.
    """

    issuer: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    addressees: Mapping[str, str] = field(default_factory=dict)
    city: str = ""
    date: str = ""
    assignment: str = ""
    period: str = ""
    team: tuple[Member, ...] = ()
    basis: tuple[str, ...] = ()
    visits: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, str] = field(default_factory=dict)
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

    def by_unit(key: str, example: str) -> dict[str, str]:
        raw = top.get(key)
        if raw is not None and not isinstance(raw, dict):
            message = f"'{key}' harus ditulis untuk tiap unit, mis. '{example}'."
            reader.report((PART, key), "bukan-pemetaan", message)
            raw = None
        return {
            str(unit): reader.text((PART, key, unit), said, f"{key} '{unit}'")
            for unit, said in (raw or {}).items()
        }

    def members() -> tuple[Member, ...]:
        raw = top.get("tim")
        if raw is not None and not isinstance(raw, list):
            reader.report((PART, "tim"), "bukan-daftar", "'tim' harus berupa daftar anggota.")
        found = []
        for n, item in enumerate(raw if isinstance(raw, list) else ()):
            path = (PART, "tim", n)
            if isinstance(item, dict):
                stated = reader.mapping(path, item, MEMBER_KEYS, "anggota tim")
                name, role, number = (
                    reader.text((*path, key), stated.get(key), f"'{key}'") for key in MEMBER_KEYS
                )
                found.append(Member(name, role, number))
            else:
                said = reader.text(path, item, "'tim'")
                named = WITH_ROLE.fullmatch(said)
                found.append(Member(named[1], named[2]) if named else Member(said))
        return tuple(member for member in found if member.name)

    letter = Letter(
        issuer=text("penerbit"),
        numbers=by_unit("nomor", "dpmptsp: 700/12/ITDA/2026"),
        addressees=by_unit("kepada", "rsud-harapan: Direktur RSUD Harapan"),
        city=text("kota"),
        date=text("tanggal"),
        assignment=text("surat_tugas"),
        period=text("waktu"),
        team=members(),
        basis=texts("dasar"),
        visits=by_unit("verifikasi_lapangan", "dpmptsp: 14 Oktober 2026 di loket pelayanan"),
        findings=by_unit("tlhp", "dpmptsp: surat keterangan Inspektorat Nomor …"),
        copies=texts("tembusan"),
        position=text("jabatan"),
        name=text("nama"),
        rank=text("pangkat"),
        number=text("nip"),
    )
    return letter, tuple(reader.problems)
