"""A unit's answers while people work on them: every change is on the disk before it is shown.

A change is safe once it stands in the journal; the unit file follows within a second. Everything
that people do at the same time, in other processes or in the file itself, comes together here::

    change ──→ lock ──→ what others wrote ──→ conflict? ──→ journal, synced ──→ return
                                                               └─→ soon: unit file
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from zi_eval.core.assessment import Answer, Assessment
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.rules import RuleSet
from zi_eval.errors import WorkspaceError, ZiEvalError, describe_os_error
from zi_eval.files import read_regular
from zi_eval.journal.changes import FILE
from zi_eval.journal.fields import (
    EXPLAINED,
    Change,
    ConflictError,
    FieldPlace,
    Person,
    Role,
    now,
)
from zi_eval.journal.live_unit import LiveUnit
from zi_eval.journal.proof import proven_person
from zi_eval.journal.steps import plan_changes
from zi_eval.journal.unit_text import UnitReader, create_unit, rebuild_unit
from zi_eval.period.answers import dump_value
from zi_eval.period.journal_file import is_ahead, journal_path

__all__ = [
    "AnswerStore",
    "Change",
    "ConflictError",
    "FieldPlace",
    "Person",
    "Role",
    "create_unit",
    "follow_journals",
    "rebuild_unit",
]


class AnswerStore:
    """One person's hold on a unit's answers; all methods may be called from any thread.

    Opened by :meth:`open`; a context manager.
    """

    def __init__(self, path: Path, person: Person, reader: UnitReader) -> None:
        self.path = path
        self.person = person
        self._unit = LiveUnit(path, reader)
        self._is_closed = False

    @classmethod
    def open(cls, path: Path, person: Person) -> AnswerStore:
        """Open the file of a unit; what a crash kept from it is brought into it first.

        Raises
        ------
        WorkspaceError
            Where the file is not there, or its folder cannot be written to.
        ParameterError
            Where the file has errors, and no journal holds its last good state.
        """
        path = path.absolute()  # the working directory may change while a kernel runs
        try:
            data = read_regular(path)
        except OSError as error:
            hint = "Periksa nama unit dan periodenya."
            if not isinstance(error, FileNotFoundError):
                raise WorkspaceError(
                    f"Berkas {path} tidak dapat dibaca: {describe_os_error(error)}."
                ) from error
            if journal_path(path).exists():
                hint = f"Pulihkan dari jurnal: zi-eval restore {path}"
            raise WorkspaceError(f"Berkas {path} tidak dapat dibaca. {hint}") from error
        store = cls(path, proven_person(person, path.stem), UnitReader.of(path, data))
        store._unit.begin()
        atexit.register(store.close)
        return store

    def __enter__(self) -> AnswerStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What there is

    @property
    def assessment(self) -> Assessment:
        """The answers as they stand now."""
        with self._unit.mutex:
            return self._unit.assessment

    @property
    def instrument(self) -> Instrument:
        """The instrument that the unit's file names."""
        return self._unit.reader.instrument

    @property
    def rules(self) -> RuleSet:
        """The rule set of the unit's period."""
        return self._unit.reader.rules

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the file as it was last seen."""
        return self._unit.problems

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know: edits by hand since the opening, and present trouble."""
        return self._unit.notices

    def get(self, place: FieldPlace) -> Any:
        """Return the plain value of a place, None where it is empty."""
        with self._unit.mutex:
            value = self._unit.history.values.get(place)
            return list(value) if isinstance(value, list) else value

    def history(self, key: str | None = None) -> tuple[Change, ...]:
        """Return the changes below a question (or ``"syarat"`` …) in order; None gives all."""
        return self._unit.of(key)

    def decisions(self, question: str) -> Mapping[Role, Change]:
        """Return each TPI level's last decision, where it is about the present values."""
        with self._unit.mutex:
            return self._unit.history.decisions(question)

    def is_answered_again(self, question: str) -> bool:
        """Whether the unit changed something in a question since it was sent back."""
        with self._unit.mutex:
            return self._unit.history.is_answered_again(question)

    # What people do

    def change(self, place: FieldPlace, new: Any, seen: Any) -> Change:
        """Change one value; it is on the disk when this returns.

        Parameters
        ----------
        new
            Plain value, None to empty the place.
        seen
            The value that the person saw before.

        Raises
        ------
        ConflictError
            Where somebody else changed it meanwhile.
        ZiEvalError
            Where the value, the place or the person's role does not allow it.
        WorkspaceError
            Where the disk does not take it; nothing is changed then.
        """
        return self.change_many([(place, new, seen)])[0]

    def change_many(self, changes: Sequence[tuple[FieldPlace, Any, Any]]) -> tuple[Change, ...]:
        """Change several values in one step, all or none; undone together.

        ``changes`` holds place, new and seen value. Returned are the changes of these places, in
        their order; those that follow from them are in the history with the same ``group``. One
        that changes nothing is not recorded and has the number 0.
        """
        with self._unit.held():
            edits = plan_changes(
                changes,
                self.person,
                self._unit.history,
                self._unit.news,
                self.instrument,
                self.rules,
            )
            made = {change.place: change for change in self._unit.record(self.person, edits)}
            same = self._unit.history.values.get
            return tuple(
                made.get(place) or Change(0, now(), self.person, place, same(place), same(place), 0)
                for place, _, _ in changes
            )

    def fill_empty(self, answers: Mapping[str, Answer]) -> int:
        """Put the unit's answers, notes and evidence where the unit has none yet, in one step.

        Returns
        -------
        How many values were taken; what was there stays.
        """
        changes = [
            (FieldPlace(question, field), value, None)
            for question, answer in answers.items()
            for field, value in (
                ("unit", dump_value(answer.unit)),
                ("catatan", answer.note or None),
                ("bukti", list(answer.evidence) or None),
            )
            if value is not None and self.get(FieldPlace(question, field)) is None
        ]
        if changes:
            self.change_many(changes)
        return len(changes)

    def explain(self, doubt: str, text: str | None) -> Change:
        """Say in writing why a doubt does not stand, under the person's name; None takes it back.

        Parameters
        ----------
        doubt
            Its id (:attr:`zi_eval.doubts.values.Doubt.id`).
        """
        place = FieldPlace(EXPLAINED, doubt)
        return self.change(place, text, self.get(place))

    def confirm(self, question: str) -> Change:
        """Record that this level of the TPI agrees with the value that counts.

        Raises
        ------
        ConflictError
            Where the unit's answer or the value that counts changed, and :meth:`refresh` has not
            said so yet.
        """
        unit, tpi = FieldPlace(question, "unit"), FieldPlace(question, "tpi")
        with self._unit.held():
            values = self._unit.history.values
            present = values.get(tpi)
            counts = values.get(unit) if present is None else present
            if counts is None:
                raise ZiEvalError(f"{question}: belum dijawab, jadi belum dapat disetujui.")
            news = [change for change in self._unit.news if change.place in (unit, tpi)]
            seen = {**values, **{change.place: change.old for change in reversed(news)}}
            seen_counts = seen.get(unit) if seen.get(tpi) is None else seen.get(tpi)
            if seen.get(unit) != values.get(unit) or seen_counts != counts:
                place = news[-1].place
                raise ConflictError(place, values.get(place), news[-1])
            return self.change(tpi, counts, present)

    def undo(self) -> tuple[Change, ...]:
        """Take back the person's latest step that nobody overwrote since; empty for none."""
        return self._unit.undo(self.person)

    def refresh(self) -> tuple[Change, ...]:
        """Return what others changed since the last call, in other processes or by hand."""
        with self._unit.mutex:
            self._unit.look(is_locked=False)
            news, self._unit.news = tuple(self._unit.news), []
            return news

    def flush(self) -> None:
        """Make the unit file show every change now.

        Raises
        ------
        WorkspaceError
            Where the disk does not take it; the changes are safe in the journal.
        """
        self._unit.follow()

    def close(self) -> None:
        """Make the unit file follow, and end."""
        with self._unit.mutex:
            if self._is_closed:
                return
            self._is_closed = True
        atexit.unregister(self.close)
        self._unit.end()


def follow_journals(folder: Path) -> tuple[Path, ...]:
    """Bring the unit files of a period up to their journals; return those that lagged behind.

    A file that cannot be brought up, because it has errors or the folder is read-only, is left as
    it is: whoever reads it gets a warning.
    """
    behind = [path for path in sorted(folder.glob("*.y*ml")) if is_ahead(path)]
    for path in behind:
        with suppress(ZiEvalError):
            AnswerStore.open(path, FILE).close()
    return tuple(path for path in behind if not is_ahead(path))
