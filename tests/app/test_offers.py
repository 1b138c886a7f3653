"""What the app's start page offers: periods by the agency's name, units by theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from zi_eval.app.offers import STOCK, find_choice, find_choices, find_places
from zi_eval.period.reading import Period
from zi_eval.starter import write_workspace

OFFERS = {offer.name: offer for offer in STOCK}


def test_own_periods_come_first_and_samples_last_and_marked(tmp_path: Path) -> None:
    write_workspace(tmp_path, "2026", "2027")  # a sample may bear a later year
    (tmp_path / "parameters" / "2024").mkdir()
    places = find_places(tmp_path)
    assert [(place.name, place.is_sample) for place in places][:2] == [
        ("2026", False),
        ("2024", False),
    ]
    assert {place.is_sample for place in places[2:]} == {True}
    assert places[0].title == "Nama Instansi, 2026"
    assert places[1].title == "2024"


def test_units_are_chosen_by_name_and_one_that_cannot_be_read_by_its_id(folder: Path) -> None:
    home = folder / "parameters" / "2026"
    (home / "rusak.yaml").write_text("id: rusak\nnama: [")
    text = (home / "dpmptsp.yaml").read_text("utf-8")
    (home / "kembaran.yaml").write_text(text, "utf-8")
    choices = find_choices(Period(home), OFFERS["laporan_unit"])
    labels = {choice.key: choice.label for choice in choices}
    assert labels["2026/puskesmas-sukamaju"] == "UPTD Puskesmas Sukamaju"
    assert labels["2026/rusak"] == "rusak"
    assert labels["2026/kembaran"].endswith("Satu Pintu (kembaran)")
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("isi_lke", "2026/dpmptsp", ("2026", "dpmptsp")),
        ("isi_lke", "2026", ("2026", "")),
        ("lhe", "2026/dpmptsp", ("2026", "dpmptsp")),
        ("survei", "2026/dpmptsp", ("../parameters/2026", "dpmptsp")),
        ("rencana_zi", "2026/dpmptsp", ("../parameters/2026", "dpmptsp")),
        ("isi_rencana", "2026/rsud-harapan", ("../parameters/2026", "rsud-harapan")),
        ("tindak_lanjut", "2026", ("../parameters/2026", "")),
        ("tren", "2026", ("../parameters/2026", "")),
        ("rekap_instansi", "2025", "../parameters/2025"),
        ("laporan_unit", "2026/dpmptsp", "../parameters/2026/dpmptsp.yaml"),
    ],
)
def test_a_choice_gives_the_notebook_its_parameters(
    root: Path, name: str, key: str, value: object
) -> None:
    found = find_choice(root, OFFERS[name], key)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("key", ["", "2026", "2026/hilang", "../2026/dpmptsp", "hilang/dpmptsp"])
def test_what_is_not_offered_is_not_found(root: Path, key: str) -> None:
    assert find_choice(root, OFFERS["laporan_unit"], key) is None


def test_a_period_without_units_opens_a_form_and_nothing_else(tmp_path: Path) -> None:
    write_workspace(tmp_path, "2026", "contoh")
    period = Period(tmp_path / "parameters" / "2026")
    offered = {name for name, offer in OFFERS.items() if find_choices(period, offer)}
    assert offered == {"isi_lke", "tindak_lanjut", "verifikasi_tpi"}
