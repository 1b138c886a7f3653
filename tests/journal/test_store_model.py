"""Any sequence of changes, undos, hand edits, crashes and reopenings equals a simple model."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.journal.units import edit_file, make_unit, read
from tests.laws import law
from zi_eval.journal import live_file, live_unit
from zi_eval.journal.plain import plain_values
from zi_eval.journal.store import AnswerStore, ConflictError, FieldPlace, Person, Role, rebuild_unit
from zi_eval.period.journal_file import journal_path
from zi_eval.period.unit_editor import edit_unit

PEOPLE = (Person("Sari", Role.UNIT), Person("Tono", Role.UNIT))
PLACES = (
    FieldPlace("A.I.1.i.a", "unit"),
    FieldPlace("A.I.1.i.b", "unit"),
    FieldPlace("A.I.1.i.b", "catatan"),
    FieldPlace("A.I.1.ii.a", "bukti"),
    FieldPlace("B.I.a", "catatan"),
)
VALUES: dict[FieldPlace, st.SearchStrategy[Any]] = {
    PLACES[0]: st.sampled_from([None, "Ya", "Tidak"]),
    PLACES[1]: st.sampled_from([None, "A", "B", "C"]),
    PLACES[2]: st.sampled_from([None, "satu", "dua # tiga", "- empat:\nlima", "x" * 120]),
    PLACES[3]: st.sampled_from([None, ["a.pdf"], ["a.pdf", "b: c"]]),
    PLACES[4]: st.sampled_from([None, "~", "007", "kata " * 40 + "."]),
}
EDITS = st.sampled_from(PLACES).flatmap(lambda p: st.tuples(st.just(p), VALUES[p]))
WHO = st.sampled_from([0, 1])


class Saving(RuleBasedStateMachine):
    """Two people, an editor of the file, and a model of values with a stack of undoable steps."""

    @initialize()
    def begin(self) -> None:
        # Who edits by hand sees what the file has long shown: of a save within two seconds after
        # ours nobody knows whether it began with our text or with the one before.
        self.patch = pytest.MonkeyPatch()
        for place in (live_file, live_unit):
            self.patch.setattr(place, "SETTLED", 0.0)
        self.folder = Path(tempfile.mkdtemp())
        self.path = make_unit(self.folder)
        self.stores = [AnswerStore.open(self.path, person) for person in PEOPLE]
        self.values = plain_values(read(self.path))
        self.owner: dict[FieldPlace, int] = {}
        self.steps: list[tuple[int, int, FieldPlace, Any, int | None]] = []
        self.count = 0

    def teardown(self) -> None:
        for store in getattr(self, "stores", []):
            store.close()
        if hasattr(self, "folder"):
            self.patch.undo()
            shutil.rmtree(self.folder)

    def put(self, place: FieldPlace, value: Any) -> None:
        if value is None:
            self.values.pop(place, None)
        else:
            self.values[place] = value

    @rule(who=WHO, edit=EDITS)
    def change(self, who: int, edit: tuple[FieldPlace, Any]) -> None:
        place, value = edit
        store = self.stores[who]
        seen = store.get(place)
        present = self.values.get(place)
        if present not in (seen, value):
            with pytest.raises(ConflictError) as caught:
                store.change(place, value, seen)
            assert caught.value.current == present
            seen = present
        made = store.change(place, value, seen)
        if made.number:
            self.count += 1
            old = self.values.get(place)
            self.steps.append((self.count, who, place, old, self.owner.get(place)))
            self.owner[place] = self.count
            self.put(place, value)

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        made = self.stores[who].undo()
        mine = [s for s in self.steps if s[1] == who and self.owner.get(s[2]) == s[0]]
        assert bool(made) == bool(mine)
        if mine:
            _, _, place, old, owner = mine[-1]
            self.steps.remove(mine[-1])
            assert made[0].place == place
            self.put(place, old)
            if owner is None:
                del self.owner[place]
            else:
                self.owner[place] = owner

    @rule(edit=EDITS, comment=st.booleans())
    def edit_by_hand(self, edit: tuple[FieldPlace, Any], comment: bool) -> None:
        place, value = edit
        for store in self.stores:
            store.flush()
        before = self.path.read_text()
        questions = tuple(self.stores[0].instrument.questions)
        text = edit_unit(before, {("jawaban", place.key, place.field): value}, questions)
        edit_file(self.path, text + ("# tangan\n" if comment else ""))
        for store in self.stores:
            store.refresh()
        if self.values.get(place) != value:
            self.count += 1
            self.owner[place] = self.count
            self.put(place, value)

    @rule(who=WHO)
    def flush(self, who: int) -> None:
        self.stores[who].flush()
        assert plain_values(read(self.path)) == self.values

    @rule(who=WHO)
    def reopen(self, who: int) -> None:
        self.stores[who].close()
        self.stores[who] = AnswerStore.open(self.path, PEOPLE[who])
        assert plain_values(read(self.path)) == self.values

    @rule(torn=st.sampled_from([b"", b'{"jenis":"ubah","no']))
    def crash_before_the_file_follows(self, torn: bytes) -> None:
        text = self.path.read_bytes()
        journal = journal_path(self.path)
        saved = journal.read_bytes()
        for store in self.stores:
            store.close()
        self.path.write_bytes(text)
        journal.write_bytes(saved + torn)
        os.utime(self.path)
        self.stores = [AnswerStore.open(self.path, person) for person in PEOPLE]

    @rule(who=WHO)
    def look(self, who: int) -> None:
        self.stores[who].refresh()
        assert plain_values(self.stores[who].assessment) == self.values

    @invariant()
    def the_journal_alone_says_it_all(self) -> None:
        if hasattr(self, "stores"):
            text = rebuild_unit(self.path)
            copy = self.folder / "2026" / "salinan" / self.path.name
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(text)
            assert plain_values(read(copy)) == self.values


@law(60)
@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=3))
def test_any_text_reaches_the_file_as_it_is_shown(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = make_unit(Path(folder))
        with AnswerStore.open(path, PEOPLE[0]) as store:
            for text in texts:
                store.change(PLACES[2], text, store.get(PLACES[2]))
                store.flush()
            store.change(PLACES[3], texts, store.get(PLACES[3]))
            assert store.notices == ()
        assert read(path) == store.assessment


TestSaving = Saving.TestCase
TestSaving.settings = law(30, *HealthCheck, stateful_step_count=20)
