"""Keys of persons: whose name and role stand in the journal, and for which units they open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journal.units import UNIT, at, make_unit
from tests.sample import copy_sample, run_command
from zi_eval.app.keys import FILE, KeyFile
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.forms.chooser import Chooser
from zi_eval.journal import proof
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.proof import prove
from zi_eval.journal.store import AnswerStore
from zi_eval.journal.table import name_proof
from zi_eval.performance.form.store import PerformanceStore, indicator_key


@pytest.fixture(autouse=True)
def nobody_proved(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(proof, "_current", None)
    yield
    proof._current = None  # noqa: SLF001


def test_a_key_opens_until_it_is_revoked_and_is_kept_as_a_hash(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / FILE)
    text, key = file.add(" Rina\x1b  Kusuma ", "ketua", ["dinas-*", "dpmptsp"])
    other, _ = file.add("Rina Kusuma", "anggota", ["*"])
    assert (key.id, key.name, key.role) == ("rina-kusuma", "Rina Kusuma", "ketua")
    assert file.find(text) == key
    assert [one.id for one in KeyFile(file.path).read()] == ["rina-kusuma", "rina-kusuma-2"]
    assert text not in file.path.read_text()
    assert file.path.stat().st_mode & 0o077 == 0
    for wrong in ("", text[:-1], text + "x", "zik_"):
        assert file.find(wrong) is None
    file.revoke("rina-kusuma")
    assert file.find(text) is None
    assert not file.is_valid("rina-kusuma")
    assert file.find(other) is not None


@pytest.mark.parametrize(
    ("name", "role", "units"),
    [("", "ketua", ["a"]), ("x", "berkas", ["a"]), ("x", "raja", ["a"]), ("x", "unit", []),
     ("x", "unit", ["../a"])],
)  # fmt: skip
def test_a_key_that_cannot_be_is_refused(
    tmp_path: Path, name: str, role: str, units: list[str]
) -> None:
    with pytest.raises(ZiEvalError):
        KeyFile(tmp_path / FILE).add(name, role, units)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("text", ["", "{", '{"kunci": [{}]}', '{"kunci": 5}', "[]"])
def test_a_file_that_is_not_ours_lets_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(WorkspaceError, match="tidak dapat dibaca"):
        KeyFile(tmp_path / FILE).find("zik_x")


def test_commands_make_list_and_revoke_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = ("--units", "dinas-*", "--folder", tmp_path)
    assert run_command("app", "key", "add", "Rina Kusuma", "--role", "ketua", *units) == 0
    text = capsys.readouterr().out.strip()
    key = KeyFile(tmp_path / FILE).find(text)
    assert key is not None
    assert run_command("app", "key", "list", "--folder", tmp_path) == 0
    assert "Rina Kusuma (ketua)  dinas-*" in capsys.readouterr().out
    assert run_command("app", "key", "revoke", "rina-kusuma", "--folder", tmp_path) == 0
    assert KeyFile(tmp_path / FILE).find(text) is None
    assert run_command("app", "key", "add", "Rina", "--role", "raja", *units) == 1


def test_a_journal_says_whose_names_are_proved(tmp_path: Path) -> None:
    path = make_unit(tmp_path)
    with AnswerStore.open(path, UNIT) as store:
        typed = store.change(at("unit"), "B", "A")
    prove("Rina Kusuma", "unit", ["dinas-*"], "rina-kusuma")
    with AnswerStore.open(path, Person("Orang Lain", Role.UNIT)) as store:
        proved = store.change(at("unit"), "C", "B")
        history = store.history(at("unit").key)
    assert (typed.key, name_proof(typed)) == ("", "nama menurut isian")
    assert proved.person == Person("Rina Kusuma", Role.UNIT)
    assert name_proof(history[-1]) == "kunci rina-kusuma"
    assert name_proof(history[0]) == "nama menurut isian"


def test_a_key_is_for_its_role_and_its_units_only(tmp_path: Path) -> None:
    path = make_unit(tmp_path)
    prove("Rina", "ketua", ["puskesmas-*"], "rina")
    with pytest.raises(ZiEvalError, match="tidak berlaku untuk unit dinas-uji"):
        AnswerStore.open(path, Person("Sari", Role.UNIT))
    prove("Rina", "ketua", ["dinas-*"], "rina")
    with (
        AnswerStore.open(path, Person("Sari", Role.UNIT)) as store,
        pytest.raises(ZiEvalError, match="hanya unit"),
    ):
        store.change(at("unit"), "B", "A")


def test_a_key_of_the_tpi_does_not_fill_the_table_of_a_unit(tmp_path: Path) -> None:
    period = copy_sample(tmp_path, "dpmptsp", plans=["dpmptsp"]) / "parameters" / "2026"
    store = PerformanceStore.open(period, "dpmptsp")
    place = FieldPlace(indicator_key(store.plan.indicators[0]), "sebab")
    prove("Rina", "ketua", ["*"], "rina")
    with pytest.raises(ZiEvalError, match="diisi oleh unit"):
        store.change(UNIT, place, "x", store.get(place))
    prove("Sari Dewi", "unit", ["dpmptsp"], "sari")
    change = store.change(Person("Orang Lain", Role.UNIT), place, "x", store.get(place))
    assert (change.person.name, change.key) == ("Sari Dewi", "sari")
    assert json.loads(json.dumps(change.key)) == "sari"


def test_the_first_screen_shows_the_name_of_the_key_and_keeps_it(tmp_path: Path) -> None:
    folder = copy_sample(tmp_path, "dpmptsp")
    prove("Rina Kusuma", "ketua", ["*"], "rina-kusuma")
    opened: list[Person] = []
    chooser = Chooser(
        folder / "parameters",
        True,
        lambda path, person: opened.append(person),
        period="2026",
        unit="dpmptsp",
        name="Orang Lain",
    )
    assert (chooser.name.value, chooser.name.disabled) == ("Rina Kusuma", True)
    chooser.name.value = "Orang Lain"
    chooser.open()
    assert opened == [Person("Rina Kusuma", Role.LEADER)]
    other = Chooser(
        folder / "parameters",
        False,
        lambda path, person: None,
        period="2026",
        unit="dpmptsp",
        name="",
    )
    assert other.person() is None
    assert "Verifikasi TPI" in other.said.value
