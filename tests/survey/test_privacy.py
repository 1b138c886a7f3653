from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.waiting import net
from zi_eval.survey.privacy import LONGEST, identity_kind, mask_text, name_pattern


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Hubungi 0812-3456-7890 ya", "Hubungi [nomor] ya"),
        ("telp +62 812 3456 7890", "telp [nomor]"),
        ("0812.345.678", "[nomor]"),
        ("NIK 3201010101900001", "NIK [nomor]"),
        ("NIK 3201 0101 0190 0001.", "NIK [nomor]."),
        ("3201.0101.0190.0001", "[nomor]"),
        ("Rp081234567890", "Rp[nomor]"),
        ("lahir 12/03/1990", "lahir [nomor]"),
        ("surel budi.s@surat.example, ya", "surel [surel], ya"),
        ("budi (at) surat.example", "[surel]"),
        ("budi (at) surat (dot) example ya", "[surel] ya"),
        ("budi[at]surat[titik]example", "[surel]"),
        ("hub 0812\u200b3456\u200c7890\u2060 ya", "hub [nomor] ya"),
        ("PAK BUDI SANTOSO RAMAH", "PAK [nama]"),
        ("lihat https://contoh.example/budi", "lihat [tautan]"),
        ("akun @budi_santoso", "akun [akun]"),
        ("mobil B 1234 XYZ menunggu", "mobil [nomor] menunggu"),
        ("Pak Budi Santoso ramah", "Pak [nama] ramah"),
        ("pak budi ramah", "pak [nama] ramah"),
        ("Bu SITI ramah", "Bu [nama] ramah"),
        ("Saya Kirana dari desa", "Saya [nama] dari desa"),
        ("nama saya budi santoso", "nama saya [nama]"),
        ("Petugas Budi ketus", "Petugas [nama] ketus"),
        ("dr. Ratih, Sp.PD terlambat", "dr. [nama], Sp.PD terlambat"),
        ("Pak Camat Budi datang", "Pak Camat [nama] datang"),
        ("rumah di Jl. Merpati No. 5", "rumah di [alamat]"),
        ("jalan merpati no 5", "[alamat]"),
        ("RT 03/RW 02", "[alamat]"),
    ],
)
def test_what_says_who_somebody_is_is_taken_out(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Diminta Rp 1.500.000 di luar tarif, lalu Rp50000",
        "minta 500.000 tanpa kuitansi",
        "minta 50000",
        "buka 08.00-15.00 tahun 2026",
        "jalan rusak di depan kantor",
        "Bapak petugas loket ramah",
        "Ibu Kepala Dinas datang",
        "Petugas PTSP cepat",
        "ibu hamil diutamakan",
        "antre 2 jam di loket 3",
    ],
)
def test_what_a_comment_is_about_is_kept(text: str) -> None:
    assert mask_text(text) == text


def test_a_name_in_capitals_after_a_word_for_staff_is_not_promised() -> None:
    """It may be an office; the page asks people to read comments before they share them."""
    assert mask_text("petugas BUDI ketus") == "petugas BUDI ketus"
    assert mask_text("petugas BUDI ketus", name_pattern(["Budi"])) == "petugas [nama] ketus"


def test_a_name_of_the_same_row_is_found_without_a_title_too() -> None:
    names = name_pattern(["Danu Jayengrana", ""])
    assert mask_text("danu diminta menunggu; dibantu Jayengrana", names) == (
        "[nama] diminta menunggu; dibantu [nama]"
    )
    assert name_pattern(["", "Ita"]) is None


@given(st.text(alphabet="0123456789 -.()/+", min_size=1, max_size=40))
def test_no_eight_digits_in_a_row_are_left(text: str) -> None:
    masked = mask_text(f"x {text}")
    runs = "".join(c if c.isdigit() else " " for c in masked).split()
    assert all(len(run) < 6 for run in runs)


@given(st.text(max_size=200))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    once = mask_text(text)
    assert "@" not in once or "a@b.example" not in once
    assert mask_text(f"{text} a@b.example 081234567890").count("081234567890") == 0


@pytest.mark.parametrize("piece", ["a.", "Jl. ", "1 ", "pak ", "A", "rt ", "no ", "1.000", "@a"])
def test_of_a_hostile_text_no_more_is_looked_at_than_is_kept(piece: str) -> None:
    with net():
        masked = mask_text(piece * 20_000)
    assert masked == mask_text((piece * LONGEST)[:LONGEST])
    assert len(masked) <= LONGEST * len("[alamat]")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Nama", "nama"), ("Nama lengkap responden", "nama"), ("Name", "nama"),
        ("Nama petugas yang melayani", "nama"), ("NIK", "nomor"), ("No. KTP", "nomor"),
        ("Nomor HP / WhatsApp", "telepon"), ("no_hp", "telepon"), ("Telepon", "telepon"),
        ("Email Address", "surel"), ("e-mail", "surel"), ("Username", "surel"),
        ("Alamat rumah", "alamat"), ("Tanggal lahir", "alamat"), ("Tanda tangan", "alamat"),
        ("Nama layanan", ""), ("Jenis layanan", ""), ("Saran", ""), ("Usia", ""), ("_uuid", ""),
        ("Saluran", ""), ("Kesopanan petugas", ""),
    ],
)  # fmt: skip
def test_columns_of_personal_data_are_known_by_their_headings(heading: str, kind: str) -> None:
    assert identity_kind(heading) == kind
