from __future__ import annotations

from zi_eval.core.problems import Problem
from zi_eval.letters.details_file import PART, Letter, Member, parse_letter
from zi_eval.period.keys import Section
from zi_eval.yaml_files.source import parse_yaml

HEAD = "nama: Kabupaten Contoh\njenis: kabupaten\n"


def read(text: str) -> tuple[Letter, tuple[Problem, ...]]:
    return parse_letter(Section(parse_yaml((HEAD + text).encode(), "instansi.yaml"), PART))


def test_the_letter_is_read_as_it_was_written() -> None:
    letter, problems = read(
        "lhe:\n  penerbit: Inspektorat\n  nomor:\n    dpmptsp: 007\n  nip: 19700101\n"
        "  tim: [Sri (ketua), Adi (anggota)]\n  tanggal: 2026-11-02\n"
    )
    assert problems == ()
    assert letter == Letter(
        issuer="Inspektorat",
        numbers={"dpmptsp": "007"},
        number="19700101",
        team=(Member("Sri", "ketua"), Member("Adi", "anggota")),
        date="2026-11-02",
    )


def test_members_have_role_and_number_and_what_speaks_of_one_unit_stands_by_its_id() -> None:
    letter, problems = read(
        "lhe:\n  tim:\n    - {nama: Sri, peran: ketua tim, nip: 19700101}\n    - Adi\n"
        "  kepada: {rsud: Direktur RSUD}\n  verifikasi_lapangan: {rsud: 3 Mei}\n"
        "  tlhp: {rsud: surat 7}\n"
    )
    assert problems == ()
    assert letter.team == (Member("Sri", "ketua tim", "19700101"), Member("Adi"))
    assert letter.addressees == {"rsud": "Direktur RSUD"}
    assert letter.visits == {"rsud": "3 Mei"}
    assert letter.findings == {"rsud": "surat 7"}


def test_an_agency_without_the_part_states_nothing() -> None:
    assert read("") == (Letter(), ())


def test_mistakes_are_named_with_their_line() -> None:
    _, problems = read(
        "lhe:\n  penerbt: Inspektorat\n  nomor: 700/12\n  tim: Sri\n  dasar: [{a: 1}]\n"
    )
    said = [str(problem) for problem in problems]
    assert len(said) == 4
    assert any("instansi.yaml:4" in text and "'penerbit'" in text for text in said)
    assert any("'nomor' harus ditulis untuk tiap unit" in text for text in said)
    assert any("'tim' harus berupa daftar" in text for text in said)
    assert any("'dasar' harus berupa teks" in text for text in said)
