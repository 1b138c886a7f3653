from __future__ import annotations

from zi_eval.core.letter import Letter
from zi_eval.core.rules import RuleSet
from zi_eval.period.agency_file import AgencyReading, parse_agency
from zi_eval.yaml_files.source import parse_yaml

HEAD = "nama: Kabupaten Contoh\njenis: kabupaten\n"


def read(text: str, rules: RuleSet) -> AgencyReading:
    return parse_agency(parse_yaml((HEAD + text).encode(), "instansi.yaml"), rules)


def test_the_letter_is_read_as_it_was_written(rules: RuleSet) -> None:
    found = read(
        "lhe:\n  penerbit: Inspektorat\n  nomor:\n    dpmptsp: 007\n  nip: 19700101\n"
        "  tim: [Sri (ketua), Adi (anggota)]\n  tanggal: 2026-11-02\n",
        rules,
    )
    assert found.problems == ()
    assert found.agency is not None
    assert found.agency.letter == Letter(
        issuer="Inspektorat",
        numbers={"dpmptsp": "007"},
        number="19700101",
        team=("Sri (ketua)", "Adi (anggota)"),
        date="2026-11-02",
    )


def test_an_agency_without_the_part_states_nothing(rules: RuleSet) -> None:
    found = read("", rules)
    assert found.agency is not None
    assert found.agency.letter == Letter()


def test_mistakes_are_named_with_their_line(rules: RuleSet) -> None:
    found = read(
        "lhe:\n  penerbt: Inspektorat\n  nomor: 700/12\n  tim: Sri\n  dasar: [{a: 1}]\n", rules
    )
    assert found.agency is None
    said = [str(problem) for problem in found.problems]
    assert len(said) == 4
    assert any("instansi.yaml:4" in text and "'penerbit'" in text for text in said)
    assert any("'nomor' harus berisi nomor surat tiap unit" in text for text in said)
    assert any("'tim' harus berupa daftar" in text for text in said)
    assert any("'dasar' harus berupa teks" in text for text in said)
