"""The register changed in its file: other cells stay, and who changed what is known."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.sample import run_command
from zi_eval.errors import ArgumentError, ParameterError, ZiEvalError
from zi_eval.journal.chain import verify_chain
from zi_eval.journal.fields import ConflictError, FieldPlace, Person, Role
from zi_eval.journal.live_table import journal_file
from zi_eval.recommendations.form.store import (
    KIND,
    RegisterStore,
    add_recommendations,
    change_recommendation,
)
from zi_eval.recommendations.load import load_register
from zi_eval.recommendations.table.headings import FORM
from zi_eval.recommendations.values import Origin, Recommendation, Status
from zi_eval.sheets.table_form import TableForm

UNIT, TPI = Person("Ani", Role.UNIT), Person("Budi", Role.MEMBER)


@pytest.fixture
def period(tmp_path: Path, root: Path) -> Path:
    """Return a period with the tables of the sample agency alone."""
    for year in ("2025", "2026"):
        home = tmp_path / "parameters" / year / "tindak-lanjut"
        home.mkdir(parents=True)
        name = f"parameters/{year}/tindak-lanjut/dpmptsp.csv"
        (tmp_path / name).write_bytes((root / name).read_bytes())
    return tmp_path / "parameters" / "2026"


def table_of(period: Path) -> Path:
    return period / "tindak-lanjut" / "dpmptsp.csv"


def cell_of(path: Path, field: str) -> str:
    """Return the cell of a field in the row of 700/04/2026-1."""
    if path.suffix == ".csv":
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))
        sheet = path.stem
    else:
        book = openpyxl.load_workbook(path)
        sheet = book.sheetnames[0]
        rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
    top = next(n for n, row in enumerate(rows) if field in row)
    row = next(n for n, row in enumerate(rows) if "700/04/2026-1" in row)
    return f"{sheet}!{get_column_letter(rows[top].index(field) + 1)}{row + 1}"


def test_a_change_touches_its_fields_alone_and_is_in_the_journal(period: Path) -> None:
    before = table_of(period).read_bytes()
    change_recommendation(
        period, "dpmptsp", "700/04/2026-1", {"keterangan": "Lunas; dicatat"}, UNIT
    )
    after = table_of(period).read_bytes()
    assert after == before.replace(
        b"Inspektorat Daerah;02/03/2026;", b'Inspektorat Daerah;02/03/2026;"Lunas; dicatat"'
    )
    journal = journal_file(table_of(period), KIND)
    assert '"oleh":"Ani"' in journal.read_text("utf-8")
    assert verify_chain(journal).findings == ()


def test_what_an_earlier_period_left_open_is_written_into_the_present_one(period: Path) -> None:
    earlier = period.with_name("2025") / "tindak-lanjut" / "dpmptsp.csv"
    before = earlier.read_bytes()
    given = {"status": "selesai", "bukti": "https://x.example/ruang.pdf"}
    change_recommendation(period, "dpmptsp", "LHE-2025-2", given, UNIT)
    assert earlier.read_bytes() == before
    register = load_register(period, "dpmptsp")
    (item,) = register.find("LHE-2025-2")
    assert (item.period, item.since, item.status) == ("2026", "2025", Status.DONE)
    assert item.text.startswith("Ruang pengaduan")
    assert item.issued == date(2025, 11, 10)
    assert register.carried == ()


def test_the_table_of_the_period_is_made_where_there_is_none(period: Path) -> None:
    table_of(period).unlink()
    change_recommendation(period, "dpmptsp", "LHE-2025-2", {"status": "proses"}, UNIT)
    (item,) = load_register(period, "dpmptsp").find("LHE-2025-2")
    assert (item.period, item.status) == ("2026", Status.STARTED)
    assert table_of(period).read_bytes().startswith(b"\xef\xbb\xbf")  # as the earlier one, CSV


def test_a_table_that_another_makes_meanwhile_stays_and_is_gone_on_with(
    period: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = table_of(period).read_bytes()
    table_of(period).unlink()
    empty = TableForm.to_csv

    def slowly(form: TableForm) -> str:
        table_of(period).write_bytes(held)
        return empty(form)

    monkeypatch.setattr(TableForm, "to_csv", slowly)
    RegisterStore.begin(period, "dpmptsp")
    assert table_of(period).read_bytes() == held


def test_nothing_is_kept_in_a_table_that_is_broken_or_open_elsewhere(period: Path) -> None:
    path = table_of(period)
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text("")
    with pytest.raises(ZiEvalError, match="sedang terbuka di Excel"):
        change_recommendation(period, "dpmptsp", "LHE-2025-2", {"status": "proses"}, UNIT)
    lock.unlink()
    path.write_bytes(path.read_bytes().replace(b"APIP", b"APAP"))
    before = path.read_bytes()
    with pytest.raises(ParameterError, match="APAP"):
        change_recommendation(period, "dpmptsp", "700/04/2026-1", {"status": "proses"}, UNIT)
    assert path.read_bytes() == before


def test_a_recommendation_that_is_no_longer_there_is_named(period: Path) -> None:
    store = RegisterStore.open(period, "dpmptsp")
    with pytest.raises(ZiEvalError, match="'hilang' tidak ada lagi"):
        store.step(UNIT, {FieldPlace("hilang", "status"): "selesai"})


def test_only_the_tpi_says_that_it_was_verified(period: Path) -> None:
    seen = {"diverifikasi_oleh": "Ani", "tanggal_verifikasi": "2026-11-27"}
    with pytest.raises(ZiEvalError, match="oleh TPI"):
        change_recommendation(period, "dpmptsp", "LHE-2025-2", seen, UNIT)
    change_recommendation(period, "dpmptsp", "LHE-2025-2", seen, TPI)
    (item,) = load_register(period, "dpmptsp").find("LHE-2025-2")
    assert item.verified_on == date(2026, 11, 27)


def test_new_proof_is_not_verified_by_who_saw_the_old_one(period: Path) -> None:
    seen = {"diverifikasi_oleh": "Ani", "tanggal_verifikasi": "2026-11-27"}
    change_recommendation(period, "dpmptsp", "LHE-2025-2", seen, TPI)
    change_recommendation(period, "dpmptsp", "LHE-2025-2", {"keterangan": "rapat"}, UNIT)
    assert load_register(period, "dpmptsp").find("LHE-2025-2")[0].verified_by == "Ani"
    change_recommendation(period, "dpmptsp", "LHE-2025-2", {"bukti": "lain.pdf"}, UNIT)
    (item,) = load_register(period, "dpmptsp").find("LHE-2025-2")
    assert (item.proof, item.verified_by, item.verified_on) == ("lain.pdf", "", None)


def test_only_another_status_follow_up_or_proof_takes_a_verification_away(period: Path) -> None:
    number, seen = "LHE-2025-2", {"diverifikasi_oleh": "Budi", "tanggal_verifikasi": "2026-11-27"}
    change_recommendation(period, "dpmptsp", number, {"status": "selesai", **seen}, TPI)
    assert change_recommendation(period, "dpmptsp", number, {"status": "selesai"}, UNIT) == ()
    assert load_register(period, "dpmptsp").find(number)[0].verified_by == "Budi"
    # As of an earlier period: it is taken over with who looked at it, where the proof is the same.
    later = period.with_name("2027")
    (later / "tindak-lanjut").mkdir(parents=True)
    assert change_recommendation(later, "dpmptsp", number, {"status": "selesai"}, UNIT) == ()
    assert list((later / "tindak-lanjut").iterdir()) == []
    change_recommendation(later, "dpmptsp", number, {"keterangan": "rapat"}, UNIT)
    (item,) = load_register(later, "dpmptsp").find(number)
    assert (item.period, item.note, item.verified_by) == ("2027", "rapat", "Budi")
    change_recommendation(later, "dpmptsp", number, {"bukti": "lain.pdf"}, UNIT)
    (item,) = load_register(later, "dpmptsp").find(number)
    assert (item.proof, item.verified_by, item.verified_on) == ("lain.pdf", "", None)
    with pytest.raises(ZiEvalError, match="oleh TPI"):
        change_recommendation(later, "dpmptsp", number, seen, UNIT)


def test_a_table_behind_a_symbolic_link_is_refused_and_stays(period: Path) -> None:
    table = table_of(period)
    own = table.with_name("asli.txt")
    change_recommendation(period, "dpmptsp", "LHE-2025-2", {"keterangan": "a"}, UNIT)
    table.rename(own)
    table.symlink_to(own)
    before = own.read_bytes()
    for _ in range(2):
        with pytest.raises(ZiEvalError, match="tautan simbolik"):
            change_recommendation(period, "dpmptsp", "LHE-2025-2", {"bukti": "a.pdf"}, UNIT)
    assert table.is_symlink()
    assert own.read_bytes() == before


def test_an_unknown_number_names_those_there_are(period: Path) -> None:
    with pytest.raises(ArgumentError, match="LHE LHE-2025-2"):
        change_recommendation(period, "dpmptsp", "LHE-2025-9", {"status": "selesai"}, UNIT)


def test_a_status_that_is_none_is_refused_and_the_file_stays(period: Path) -> None:
    before = table_of(period).read_bytes()
    with pytest.raises(ValueError, match="nanti"):
        change_recommendation(period, "dpmptsp", "LHE-2025-1", {"status": "nanti"}, UNIT)
    assert table_of(period).read_bytes() == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_text_that_no_cell_takes_is_refused_with_its_own_cell(period: Path, kind: str) -> None:
    path = table_of(period)
    if kind == "xlsx":
        (item,) = load_register(period, "dpmptsp").find("700/04/2026-1")
        path.unlink()
        path = path.with_suffix(".xlsx")
        path.write_bytes(FORM.to_workbook())
        add_recommendations(period, "dpmptsp", [item], TPI)
    before = path.read_bytes()
    for field, letters in (("keterangan", 32_768), ("tindak_lanjut", 40_000)):
        with pytest.raises(ZiEvalError, match=r"![A-Z]\d+: teksnya (32\.768|40\.000)") as refused:
            change_recommendation(period, "dpmptsp", "700/04/2026-1", {field: "x" * letters}, UNIT)
        assert f"Sel {cell_of(path, field)}: " in str(refused.value)
    assert path.read_bytes() == before


def test_recommendations_are_added_once_into_a_workbook_with_true_dates(period: Path) -> None:
    book = table_of(period).with_suffix(".xlsx")
    book.write_bytes(FORM.to_workbook())
    table_of(period).unlink()
    found = [
        Recommendation("TPI-2026-A.I.1.i.a", Origin.TPI, "=Lengkapi SK", ("A.I.1.i.a",),
                       issued=date(2026, 10, 20)),
        Recommendation("TPI-2026-A.I.1.i.b", Origin.TPI, "Lengkapi notula"),
    ]  # fmt: skip
    assert len(add_recommendations(period, "dpmptsp", found, TPI)) == 2
    assert add_recommendations(period, "dpmptsp", found, TPI) == ()
    rows = list(openpyxl.load_workbook(book).worksheets[0].iter_rows(max_row=3, values_only=True))
    assert rows[1][:3] == ("TPI-2026-A.I.1.i.a", "TPI", "A.I.1.i.a")
    assert rows[1][3] == "=Lengkapi SK"
    assert rows[1][4].date() == date(2026, 10, 20)  # type: ignore[union-attr]
    register = load_register(period, "dpmptsp")
    assert [i.number for i in register.items if i.period == "2026"] == [i.number for i in found]


def test_added_rows_are_taken_back_by_undo(period: Path) -> None:
    before = load_register(period, "dpmptsp").items
    add_recommendations(period, "dpmptsp", [Recommendation("9", Origin.BPK, "Setor")], TPI)
    assert len(load_register(period, "dpmptsp").items) == len(before) + 1
    store = RegisterStore.open(period, "dpmptsp")
    assert store.undo(TPI)
    assert load_register(period, "dpmptsp").items == before


def test_a_change_that_somebody_made_meanwhile_is_not_overwritten(period: Path) -> None:
    store = RegisterStore.open(period, "dpmptsp")
    place = FieldPlace("APIP 700 04 2026 1", "keterangan")
    change_recommendation(period, "dpmptsp", "700/04/2026-1", {"keterangan": "Lain"}, UNIT)
    with pytest.raises(ConflictError):
        store.step(UNIT, {place: "Punya saya"}, {place: None})


def test_entries_are_made_of_notes_and_of_the_letter_on_request(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by = ("--name", "Budi", "--role", "ketua", "--folder", folder)
    assert run_command("tindak-lanjut", "add", "dpmptsp", "--from", "tpi", *by) == 0
    assert run_command("tindak-lanjut", "add", "dpmptsp", "--from", "tpi", *by) == 0
    said = capsys.readouterr().out
    assert "4 ditambahkan, 0 sudah ada" in said
    assert "0 ditambahkan, 4 sudah ada" in said
    assert run_command("tindak-lanjut", "add", "dpmptsp", "--from", "lhe", *by) == 0
    register = load_register(folder / "parameters" / "2026", "dpmptsp")
    noted = [i for i in register.items if i.origin is Origin.TPI]
    letter = [i for i in register.items if i.number.startswith("LHE-2026-")]
    assert {i.question for i in noted} <= {i.question for i in letter}
    assert all(len(i.text) > len(noted[0].text) for i in letter if i.question == noted[0].question)
    args = ("dpmptsp", noted[0].number, "--status", "tuntas", "--proof", "x.pdf")
    assert run_command("tindak-lanjut", "set", *args, *by) == 0
    (item,) = load_register(folder / "parameters" / "2026", "dpmptsp").find(noted[0].number)
    assert (item.status, item.proof) == (Status.DONE, "x.pdf")
