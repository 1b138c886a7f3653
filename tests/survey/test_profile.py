"""Respondents as shares: usual groups only, small ones hidden, and none computed from the rest."""

from __future__ import annotations

import csv
import datetime
import itertools
import random
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import law
from tests.sample import ROOT, copy_sample
from zi_eval.survey.actions import find_actions, when_text
from zi_eval.survey.load import load_surveys
from zi_eval.survey.profile import ORDER, SMALLEST, attribute_of, group_of, profile_part
from zi_eval.survey.write import write_survey_documents
from zi_eval.workplan.plan import Activity


@pytest.mark.parametrize(
    ("heading", "attribute"),
    [
        ("Jenis Kelamin", "sex"), ("2. Umur (tahun)", "age"), ("Usia responden", "age"),
        ("Kelompok usia", "age"), ("Pendidikan terakhir Anda", "education"),
        ("Pekerjaan Utama", "occupation"), ("Usia layanan", ""), ("Pekerjaan petugas rapi", ""),
        ("Nama", ""), ("Pelayanan tidak membedakan jenis kelamin", ""),
    ],
)  # fmt: skip
def test_an_attribute_is_told_by_a_heading_that_says_nothing_else(
    heading: str, attribute: str
) -> None:
    assert attribute_of(heading) == attribute


@pytest.mark.parametrize(
    ("attribute", "typed", "group"),
    [
        ("sex", "L", "Laki-laki"), ("sex", "perempuan", "Perempuan"), ("sex", "x", "Lainnya"),
        ("age", 29.0, "20–29"), ("age", "30", "30–39"), ("age", "17-25 tahun", "20–29"),
        ("age", "< 20", "di bawah 20"), ("age", "> 60", "60 ke atas"), ("age", "61", "60 ke atas"),
        ("age", "25 tahun 6 bulan", "20–29"), ("age", "25 th, 6 bln", "20–29"),
        ("age", "25,5 tahun", "20–29"), ("age", "21 s.d. 30 tahun", "20–29"),
        ("age", "20 tahun sampai dengan 29 tahun", "20–29"), ("age", "6 bulan", "Lainnya"),
        ("age", "1990-05-12", "Lainnya"), ("age", "lahir 12-05-1990", "Lainnya"),
        ("age", datetime.datetime(1990, 5, 12), "Lainnya"), ("age", "12 Mei 90", "Lainnya"),
        ("age", "Mei 90", "Lainnya"), ("age", "12-05-90", "Lainnya"), ("age", 32999.0, "Lainnya"),
        ("age", "12/90", "Lainnya"), ("age", "dewasa", "Lainnya"), ("age", "1985", "Lainnya"),
        ("age", "", "Tidak diisi"),
        ("education", "S-1", "D4/S1"), ("education", "SMA/SMK", "SMA/sederajat"),
        ("education", "D3", "D1–D3"), ("education", "Magister", "S2 ke atas"),
        ("occupation", "PNS", "ASN/TNI/Polri"), ("occupation", "Karyawan swasta",
         "Pegawai swasta/BUMN"), ("occupation", "Ibu rumah tangga", "Mengurus rumah tangga"),
        ("occupation", "Kepala Desa Sukamaju", "Lainnya"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_usual_group(attribute: str, typed: object, group: str) -> None:
    assert group_of(attribute, typed) == group
    assert group in ORDER[attribute]


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        ("Wiraswasta", "Wirausaha"), ("Wira swasta", "Wirausaha"), ("Wirausaha", "Wirausaha"),
        ("Pedagang kaki lima", "Wirausaha"), ("Usaha sendiri", "Wirausaha"),
        ("Pelaku UMKM", "Wirausaha"), ("Swasta", "Pegawai swasta/BUMN"),
        ("Karyawati", "Pegawai swasta/BUMN"), ("Karyawan perusahaan", "Pegawai swasta/BUMN"),
        ("Buruh harian lepas", "Pegawai swasta/BUMN"), ("Pegawai BUMN", "Pegawai swasta/BUMN"),
        ("Buruh tani", "Petani/nelayan"), ("Petani/Pekebun", "Petani/nelayan"),
        ("Pensiunan PNS", "Pensiunan"), ("Pensiunan karyawan swasta", "Pensiunan"),
        ("Purn. TNI", "Pensiunan"), ("Istri PNS", "Lainnya"), ("Mantan karyawan", "Lainnya"),
        ("Guru honorer", "Lainnya"), ("Pegawai non-ASN", "Lainnya"), ("Guru PNS", "ASN/TNI/Polri"),
        ("CPNS", "ASN/TNI/Polri"), ("PNS Dinas Peternakan", "ASN/TNI/Polri"),
        ("Kepala tata usaha", "Lainnya"), ("Asisten rumah tangga", "Lainnya"),
        ("Pegawai", "Lainnya"), ("Pegawai Dinas Perdagangan", "Lainnya"),
        ("IRT", "Mengurus rumah tangga"), ("Mahasiswi", "Pelajar/mahasiswa"),
        ("Belum bekerja", "Tidak/belum bekerja"), ("Pengangguran", "Tidak/belum bekerja"),
        ("Menganggur", "Tidak/belum bekerja"),
    ],
)  # fmt: skip
def test_an_occupation_is_not_told_by_a_part_of_a_word_or_by_somebody_else(
    typed: str, group: str
) -> None:
    assert group_of("occupation", typed) == group
    assert group in ORDER["occupation"]


@law(200)
@given(st.dictionaries(st.sampled_from(ORDER["education"]), st.integers(0, 60), max_size=8))
def test_no_small_group_is_shown_or_can_be_computed(counts: dict[str, int]) -> None:
    part = profile_part("education", counts)
    total = sum(counts.values())
    shown = {cell.group: cell.share for cell in part.cells if cell.share is not None}
    hidden = [cell.group for cell in part.cells if cell.share is None]
    assert {*shown, *hidden} == {name for name, count in counts.items() if count}
    for name, share in shown.items():
        assert counts[name] >= SMALLEST
        assert share == counts[name] / total
    if hidden and shown:
        # What the others leave of the whole is of several groups, and of no few people.
        assert len(hidden) >= 2
        assert sum(counts[name] for name in hidden) >= SMALLEST


def test_who_knows_the_rule_and_which_groups_are_hidden_cannot_compute_one() -> None:
    names = ORDER["sex"]
    seen: dict[object, list[dict[str, int]]] = defaultdict(list)
    for counts in itertools.product(range(9), repeat=len(names)):
        table = {name: count for name, count in zip(names, counts, strict=True) if count}
        cells = profile_part("sex", table).cells
        hidden = {cell.group: table[cell.group] for cell in cells if cell.share is None}
        if 0 < len(hidden) < len(table):
            seen[sum(counts), cells].append(hidden)
    assert len(seen) > 500
    for tables in seen.values():
        assert all(len({table[name] for table in tables}) > 1 for name in tables[0])
        assert len({tuple(sorted(table.values())) for table in tables}) > 1


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a period whose survey has the attributes of its respondents."""
    home = copy_sample(tmp_path, "dpmptsp") / "parameters" / "2026"
    table = home / "survei" / "dpmptsp.ipak.csv"
    table.parent.mkdir(exist_ok=True)
    for name in (table.name, "ipak.yaml"):
        shutil.copy(ROOT / "parameters" / "2026" / "survei" / name, table.parent)
    rows = list(csv.reader(table.read_text("utf-8-sig").splitlines()))
    chance = random.Random(3)
    people = ["Wiraswasta"] * 60 + ["PNS"] * 30 + ["Lurah Melati"] * 4 + ["Petani"] * 1
    for number, row in enumerate(rows):
        is_head = number == 0
        row += (
            ["Jenis kelamin", "Usia", "Pekerjaan"]
            if is_head
            else [chance.choice("LP"), str(chance.randint(18, 58)), people[(number - 1) % 95]]
        )
    with table.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return home


def test_the_report_has_the_profile_and_nothing_of_one_person(home: Path, tmp_path: Path) -> None:
    (result, *_) = (r for r in load_surveys(home, "dpmptsp").results if r.survey.key == "ipak")
    assert [part.attribute for part in result.data.profile] == ["sex", "age", "occupation"]
    assert "Melati" not in repr(result.data)
    occupation = result.data.profile[-1]
    hidden = {cell.group for cell in occupation.cells if cell.share is None}
    assert {"Petani/nelayan", "Lainnya"} <= hidden
    assert len(hidden) >= 2
    _, page, _ = write_survey_documents(home, "dpmptsp", tmp_path / "out")
    text = " ".join(lxml.html.fromstring(page.read_text("utf-8")).text_content().split())
    assert "Responden IPAK menurut jenis kelamin" in text
    assert "Kelompok kecil bersama" in text
    assert "Kelompok kecil bersama (" not in text
    assert "Petani" not in text
    assert "Melati" not in text
    assert "Pendidikan: [Isi: profil responden]" in text


def test_weakest_elements_get_what_the_work_plan_does_about_them(
    home: Path, tmp_path: Path
) -> None:
    (result, *_) = (r for r in load_surveys(home, "dpmptsp").results if r.survey.key == "ipak")
    question = result.survey.lke_question
    weakest = [item.element for item in result.weakest[:3]]
    months = tuple(1.0 if month in (3, 4, 5) else None for month in range(1, 13))
    own = Activity(name=f"Menata {weakest[0].name} di loket", questions=(question,), targets=months)
    usual = Activity(name="Membuka kanal lapor", questions=(question,))
    other = Activity(name=f"Menata {weakest[1].name}", questions=("A.I.1.i.a",))
    found = find_actions(result, [own, usual, other], 3)
    assert found[weakest[0].code] == (own,)
    assert all(found[item.code] == (usual,) for item in weakest[1:])
    assert (when_text(own), when_text(usual)) == ("Maret–Mei", "")
    table = home / "rencana-zi" / "dpmptsp.csv"
    table.parent.mkdir(exist_ok=True)
    table.write_text(
        "kegiatan;pertanyaan;keluaran;satuan;penanggung_jawab;target_mar;target_apr\n"
        f"Menutup celah perantara;{question};Spanduk;buah;Kepala loket <b>;2;3\n",
        encoding="utf-8",
    )
    _, page, _ = write_survey_documents(home, "dpmptsp", tmp_path / "out")
    html = page.read_text("utf-8")
    assert "Menutup celah perantara" in html
    assert "Kepala loket &lt;b&gt;" in html
    assert Counter(html.split())["<b>"] == 0
