from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.journals import STEP, line_of
from tests.laws import law
from tests.sample import copy_sample, run_command
from tests.workplan.samples import activities, activity, by_month
from zi_eval.errors import ArgumentError, ZiEvalError
from zi_eval.instruments import load_instrument
from zi_eval.journal.fields import ConflictError, FieldPlace, Person, Role
from zi_eval.journal.live_table import journal_file
from zi_eval.workplan.form import store as store_module
from zi_eval.workplan.form.store import WorkPlanStore, activity_key, change_activity
from zi_eval.workplan.plan import Activity, WorkPlan
from zi_eval.workplan.table.editor import (
    FIELDS,
    FIGURES,
    add_rows,
    field_value,
    parse_table,
    row_values,
    set_cell,
    take_out,
)
from zi_eval.workplan.table.template import render_csv, render_workbook

ZI = load_instrument("zi-2021")
SRI, BUDI = Person("Sri", Role.UNIT), Person("Budi", Role.UNIT)
SOP = "menyelaraskan 46 sop dengan peta proses bisnis baru"


@pytest.fixture
def home(tmp_path: Path, root: Path) -> Path:
    """A period's folder with two units and their plans, one CSV and one workbook."""
    period = copy_sample(tmp_path, "dpmptsp", "kecamatan-merdeka") / "parameters/2026"
    shutil.copytree(root / "parameters/2026/rencana-zi", period / "rencana-zi")
    return period


@law(30)
@given(st.data(), st.sampled_from(["csv", "xlsx"]))
def test_a_cell_that_is_set_reads_back_and_nothing_else_moves(
    data: st.DataObject, kind: str
) -> None:
    items = data.draw(activities(ZI))
    made = render_csv(items).encode() if kind == "csv" else render_workbook(2026, items)
    plan = WorkPlan("dinas", "Dinas", 2026, ())
    table = parse_table(Path(f"dinas.{kind}"), made, plan, ZI.questions)
    item = data.draw(st.sampled_from(table.plan.activities))
    field = data.draw(st.sampled_from(FIELDS))
    value = data.draw(
        st.none() | (st.integers(0, 999).map(lambda n: n / 4) if field in FIGURES
                     else st.sampled_from(["=1+1", "satu; dua", 'tanda "kutip"', "baris\nbaru"]))
    )  # fmt: skip
    after = set_cell(table, item, field, value)
    for old, new in zip(table.plan.activities, after.plan.activities, strict=True):
        for name in FIELDS:
            expected = value if old is item and name == field else field_value(old, name)
            assert field_value(new, name) == expected


@law(20)
@given(activities(ZI), activities(ZI), st.sampled_from(["csv", "xlsx"]))
def test_activities_that_are_added_read_back_and_go_again_and_nothing_else_moves(
    items: tuple[Activity, ...], others: tuple[Activity, ...], kind: str
) -> None:
    made = render_csv(items).encode() if kind == "csv" else render_workbook(2026, items)
    empty = WorkPlan("dinas", "Dinas", 2026, ())
    table = parse_table(Path(f"dinas.{kind}"), made, empty, ZI.questions)
    wanted = [{**row_values(item), "kegiatan": f"Lain: {item.name}"} for item in others]
    added = add_rows(table, wanted)
    held = [row_values(item) for item in table.plan.activities]
    assert [row_values(item) for item in added.plan.activities] == [*held, *wanted]
    if kind == "csv":
        assert added.data.startswith(table.data)
    for _ in added.plan.activities:
        added = take_out(added, added.plan.activities[-1])
    assert added.plan.activities == ()


def test_what_is_added_is_one_step_with_its_undo(home: Path) -> None:
    store = WorkPlanStore.open(home, "kecamatan-merdeka")
    before = store.plan.activities
    new = [activity("Membuka kanal aduan", targets=by_month(mar=2.5)), activity("Rapat tim")]
    added, lost = store.add(SRI, [*new, before[0]])
    assert ([item.name for item in added], lost) == (["Membuka kanal aduan", "Rapat tim"], set())
    again = WorkPlanStore.open(home, "kecamatan-merdeka")
    assert again.plan.activities[-2].targets == by_month(mar=2.5)
    assert len(again.plan.activities) == len(before) + 2
    assert {change.person for change in again.of("rapat tim")} == {SRI}
    store.undo(SRI)
    assert WorkPlanStore.open(home, "kecamatan-merdeka").plan.activities == before


@pytest.mark.parametrize("made_as", [".xlsx", ".csv"])
def test_a_plan_that_another_makes_meanwhile_stays_and_is_gone_on_with(
    home: Path, monkeypatch: pytest.MonkeyPatch, made_as: str
) -> None:
    (home / "rencana-zi/dpmptsp.csv").unlink()
    path = home / f"rencana-zi/dpmptsp{made_as}"

    def slowly(year: int) -> bytes:
        mine = activity("Rapat tim")
        other = render_workbook(year, [mine]) if made_as == ".xlsx" else render_csv([mine]).encode()
        path.write_bytes(other)
        return render_workbook(year)

    monkeypatch.setattr(store_module, "render_workbook", slowly)
    store = WorkPlanStore.begin(home, "dpmptsp")
    assert (store.path.name, store.item("rapat tim").name) == (path.name, "Rapat tim")
    assert len(list((home / "rencana-zi").glob("dpmptsp*"))) == 1


def test_whoever_saves_the_old_table_while_activities_are_added_loses_nothing(home: Path) -> None:
    store = WorkPlanStore.open(home, "dpmptsp")
    with store.path.open("r+b") as excel:
        data = excel.read()
        store.add(SRI, [activity("Membuka kanal aduan"), activity("Rapat tim")])
        excel.seek(0)
        excel.write(data.replace(b"Peta proses bisnis", b"Dari Excel: peta", 1))
        excel.truncate()
    again = WorkPlanStore.open(home, "dpmptsp")
    again.change(BUDI, FieldPlace(SOP, "bukti"), "sop.pdf", None)
    found = WorkPlanStore.open(home, "dpmptsp")
    assert (found.item(SOP).obstacle[:10], found.item(SOP).evidence) == ("Dari Excel", "sop.pdf")
    assert found.item("rapat tim").evidence == "notula.pdf"
    assert found.item("membuka kanal aduan").questions == ("A.I.1.ii.a",)


def test_a_table_without_a_column_says_what_of_an_added_activity_is_lost(home: Path) -> None:
    table = home / "rencana-zi/dpmptsp.csv"
    head, rest = table.read_text("utf-8-sig").split("\n", 1)
    table.write_text(head.replace("sumber", "status") + "\n" + rest, "utf-8-sig")
    store = WorkPlanStore.open(home, "dpmptsp")
    added, lost = store.add(SRI, [activity("Membuka kanal aduan", source="LHE nomor 3")])
    assert (len(added), lost) == (1, {"sumber"})
    assert store.item("membuka kanal aduan").evidence == "notula.pdf"


def test_a_change_is_in_table_and_journal_and_can_be_taken_back(home: Path) -> None:
    table = home / "rencana-zi/dpmptsp.csv"
    before = table.read_bytes()
    store = WorkPlanStore.open(home, "dpmptsp")
    place = FieldPlace(SOP, "realisasi_okt")
    store.change(SRI, place, 8.0, None)
    assert WorkPlanStore.open(home, "dpmptsp").get(place) == 8.0
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), table.read_bytes().splitlines(), strict=True)
        if old != new
    ]
    assert len(changed) == 1
    assert "Sri" in (home / "jurnal/dpmptsp.rencana-zi.jsonl").read_text("utf-8")
    assert store.undo(BUDI) == ()
    (taken,) = store.undo(SRI)
    assert (taken.old, taken.new) == (8.0, None)
    assert table.read_bytes() == before


@pytest.mark.parametrize("unit", ["dpmptsp", "kecamatan-merdeka"])  # a CSV and a workbook
def test_what_no_text_holds_is_tidied_at_the_store_as_in_the_form(home: Path, unit: str) -> None:
    store = WorkPlanStore.open(home, unit)
    key = activity_key(store.plan.activities[0])
    place, stranger = FieldPlace(key, "tindak_lanjut"), Person(" S\ud800ri\x00 ", Role.UNIT)
    text = " satu\x00dua\ud800\uffff \r\ntiga\x0b"
    change = store.change(stranger, place, text, store.get(place))
    assert (change.new, change.person.name) == ("satu dua\ntiga", "S ri")
    store.add(stranger, [activity("Rapat\x00bersama", source="\ud800")])
    again = WorkPlanStore.open(home, unit)
    assert again.get(place) == "satu dua\ntiga"
    added = again.item("rapat bersama")
    assert (added.name, added.source) == ("Rapat bersama", "")
    assert again.change(SRI, place, "\x00 ", "satu dua\ntiga").new is None


def test_the_other_cells_of_a_workbook_keep_value_format_and_list(home: Path) -> None:
    store = WorkPlanStore.open(home, "kecamatan-merdeka")
    before = openpyxl.load_workbook(store.path)["Rencana ZI"]
    item = store.plan.activities[5]
    store.change(SRI, FieldPlace(activity_key(item), "realisasi_okt"), 2.0, None)
    after = openpyxl.load_workbook(store.path)["Rencana ZI"]
    assert len(after.data_validations.dataValidation) == 1
    changed = [
        new.value
        for rows in zip(before.iter_rows(), after.iter_rows(), strict=True)
        for old, new in zip(*rows, strict=True)
        if (old.value, old.number_format, old.font.b) != (new.value, new.number_format, new.font.b)
    ]
    assert changed == [2]


def test_whoever_saw_an_older_value_is_told_of_the_newer(home: Path) -> None:
    first, second = (WorkPlanStore.open(home, "dpmptsp") for _ in range(2))
    place = FieldPlace(SOP, "kendala")
    seen = second.get(place)
    first.change(SRI, place, "Peta disahkan Oktober", seen)
    with pytest.raises(ConflictError) as caught:
        second.change(BUDI, place, "Belum", seen)
    assert caught.value.current == "Peta disahkan Oktober"


def test_what_was_planned_is_not_changed_here(home: Path) -> None:
    store = WorkPlanStore.open(home, "dpmptsp")
    with pytest.raises(KeyError):
        store.change(SRI, FieldPlace(SOP, "target_okt"), 1.0, None)
    with pytest.raises(ZiEvalError, match="tidak ada lagi"):
        store.change(SRI, FieldPlace("hilang", "bukti"), "x", None)


def test_words_must_point_to_one_activity(home: Path) -> None:
    with pytest.raises(ArgumentError, match="ada 3: "):
        change_activity(home, "dpmptsp", "evaluasi", {"bukti": "x"}, SRI)
    with pytest.raises(ArgumentError, match="tidak ada di rencana ini"):
        change_activity(home, "dpmptsp", "gedung baru", {"bukti": "x"}, SRI)
    item, changes = change_activity(home, "dpmptsp", "reklame", {"bukti": "f.pdf"}, SRI)
    assert ("reklame" in item.name, len(changes)) == (True, 1)
    assert change_activity(home, "dpmptsp", "reklame", {"bukti": "f.pdf"}, SRI)[1] == ()


def test_all_words_of_one_name_mean_that_activity_also_where_others_have_them(home: Path) -> None:
    first, second, *_ = WorkPlanStore.open(home, "dpmptsp").plan.activities
    path = home / "rencana-zi" / "dpmptsp.csv"
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace(second.name, f"{first.name} lagi"), "utf-8-sig")
    item, _ = change_activity(home, "dpmptsp", first.name, {"bukti": "f.pdf"}, SRI)
    assert item.name == first.name


def test_a_plan_is_begun_in_a_workbook_and_one_that_is_there_stays(home: Path) -> None:
    table = home / "rencana-zi" / "dpmptsp.csv"
    before = table.read_bytes()
    assert WorkPlanStore.begin(home, "dpmptsp").path == table.absolute()
    assert table.read_bytes() == before
    table.unlink()
    store = WorkPlanStore.begin(home, "dpmptsp")
    assert store.path == table.with_suffix(".xlsx").absolute()
    assert (store.plan.activities, store.plan.year) == ((), 2026)
    name = "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"
    assert store.plan.name == name
    (home / "dpmptsp.yaml").unlink()
    assert WorkPlanStore.open(home, "dpmptsp").plan.name == "dpmptsp"


def test_a_line_of_the_journal_about_what_is_not_reported_here_is_damaged(home: Path) -> None:
    store = WorkPlanStore.open(home, "dpmptsp")
    store.change(SRI, FieldPlace(SOP, "bukti"), "f.pdf", store.get(FieldPlace(SOP, "bukti")))
    part = {"pertanyaan": SOP, "bagian": "anggaran", "lama": None, "baru": "x"}
    with journal_file(store.path, "rencana-zi").open("ab") as stream:
        stream.write(line_of(json.dumps({**STEP, "nomor": 2, "ubah": [part]})))
    assert "rusak di baris 3" in "".join(WorkPlanStore.open(home, "dpmptsp").notices)


def test_the_command_reports_and_takes_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = home.parents[1]
    fill = ("rencana", "fill", "dpmptsp", "--folder", folder)
    by = ("--name", "Sri", "--activity", "46 sop")
    assert run_command(*fill, *by, "--month", "10", "--value", "22") == 0
    assert "1 perubahan dicatat" in capsys.readouterr().out
    assert run_command("rencana", "show", "dpmptsp", "--folder", folder) == 0
    assert "46 SOP" in capsys.readouterr().out
    assert run_command(*fill, "--undo", "--name", "Sri") == 0
    assert "1 isian dibatalkan" in capsys.readouterr().out
    assert run_command(*fill, *by, "--month", "10") == 2
    assert run_command(*fill, "--activity", "46 sop", "--proof", "x") == 2
    assert run_command(*fill, *by) == 2
