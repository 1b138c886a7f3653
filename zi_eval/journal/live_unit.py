"""A unit's journal and file as they are now, whoever writes them: in step, and without loss.

A change is safe once it stands in the journal; the file follows within a second. Before the file
is replaced, the journal says by what, so that an edit by hand is told from our own writing, also
after a crash between the two.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from zi_eval.core.assessment import Assessment
from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError, describe_os_error
from zi_eval.files import read_regular
from zi_eval.journal.changes import FILE, Edit, change_record, file_record
from zi_eval.journal.fields import FINAL, Change, FieldPlace, Person, check_right, now
from zi_eval.journal.follower import Follower
from zi_eval.journal.live_file import QUIET, SETTLED, TRIES, LiveFile, stamp_of
from zi_eval.journal.plain import assessment_of, plain_values
from zi_eval.journal.records import sync_folder
from zi_eval.journal.unit_text import UnitReader, differences, renew_text
from zi_eval.period.journal_file import journal_path
from zi_eval.period.unit_editor import decode_unit
from zi_eval.period.unit_file import UnitReading

__all__ = ["LiveUnit", "SeenFile"]

SOON: Final = 0.3
"""Seconds after a change until the unit file follows."""
LATER: Final = 2.0
"""Seconds after which a store writes what another process left unwritten, or tries again."""


class SeenFile:
    """The unit file as it was last seen."""

    def __init__(self, data: bytes, sha256: str, reading: UnitReading) -> None:
        self.sha256 = sha256
        self.problems = reading.problems
        self.assessment = reading.assessment
        self.text = "" if reading.assessment is None else decode_unit(data)
        self.values = {} if reading.assessment is None else plain_values(reading.assessment)


class LiveUnit(LiveFile):
    """What all stores of a unit share through the disk.

    Attributes
    ----------
    assessment
        What the journal says, with all that was last looked at.
    news
        Changes of others that nobody was told of yet.
    """

    def __init__(self, path: Path, reader: UnitReader) -> None:
        super().__init__(path, journal_path(path), reader.values, reader.is_sound)
        self.reader = reader
        self.assessment: Assessment
        self.news: list[Change] = []
        self._file: SeenFile | None = None
        self._is_being_edited = False
        self._notices: list[str] = []
        self._trouble = ""
        self._follower: Follower | None = None
        self._replaced: float | None = None
        """When the file was last replaced, until what was replaced is released."""

    def begin(self) -> None:
        """Bring journal and file in step, and keep them so until :meth:`end`."""
        with self.held():
            if self.history.text is None and not (self.is_read_only and self._file):
                raise ParameterError(self.problems)
            for _ in range(TRIES):
                if self.release():
                    break
                time.sleep(QUIET / 3)
                self.look(is_locked=True)
            self.news.clear()
        self._replaced = time.monotonic() if self.kept_files() else None
        self.follow()
        self._follower = Follower(self._follow_soon, f"zi-eval {self.path.name}")
        if self._replaced is not None:
            self._follower.call(LATER)

    def end(self) -> None:
        """Bring the file in step for the last time."""
        if self._follower:
            self._follower.close()
        self.follow(is_last=True)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the file as it was last seen."""
        with self.mutex:
            return self._file.problems if self._file else ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know: edits by hand since the opening, and present trouble."""
        with self.mutex:
            found = [*self._notices]
            if self._file is None and not self._is_being_edited:
                found.append(
                    f"Berkas {self.path} tidak ada lagi. Perubahan tetap tersimpan di jurnal; "
                    f"pulihkan berkasnya dengan: zi-eval restore {self.path}"
                )
            elif self._file is not None and self._file.assessment is None:
                found.append(
                    f"Berkas disunting langsung dan tidak dapat dibaca: {self._file.problems[0]} "
                    "Perubahan tetap tersimpan di jurnal dan masuk setelah berkas diperbaiki."
                )
            found += self.damage(
                "perubahan di situ tidak terbaca lagi. Bandingkan jawaban dengan cadangan folder "
                "ini."
            )
            found += self.left_aside()
            if self._trouble:
                found.append(self._trouble)
            return tuple(found)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the unit alone, having seen all that others did."""
        with self.locked():
            self.look(is_locked=True)
            yield

    def undo(self, person: Person) -> tuple[Change, ...]:
        """Take back the person's latest step, where the person may still change all of it."""
        with self.held():
            for change in self.history.undoable(person):
                check_right(change.place, person, FINAL in self.history.values)
            return super().undo(person)

    def record(
        self, person: Person, edits: Sequence[Edit], undoes: int | None = None
    ) -> tuple[Change, ...]:
        """Write a step into the journal, held as the unit is; it is durable on return."""
        if not edits:
            return ()
        number = self.history.last_number + 1
        group = self.write(change_record(number, now(), person, edits, undoes))
        self._renew({change.place.key for change in group})
        if self._follower:
            self._follower.call(SOON)
        return group

    def _renew(self, keys: set[str]) -> None:
        self.assessment = assessment_of(
            self.history.values, self.assessment, self.reader.instrument, keys
        )

    def look(self, is_locked: bool) -> None:
        """Take in what others wrote into the journal, then what they did to the file."""
        records = self._journal.read_new()
        if records is None:
            self._begin_journal_again()
            records = self._journal.read_new() or []
        if records:
            self._take(records)
        try:
            found = self.path.stat()
            stamp, age = stamp_of(found), time.time() - found.st_mtime
            if stamp == self._stamp and not is_locked:  # what is written next rests on the bytes
                return
            data = read_regular(self.path)
        except FileNotFoundError:
            self._file, self._stamp, self._is_being_edited = None, None, False
            return
        except OSError as error:
            said = describe_os_error(error)
            raise WorkspaceError(f"{self.path} tidak dapat dibaca: {said}.") from error
        sha256 = hashlib.sha256(data).hexdigest()
        is_other = self._file is None or sha256 != self._file.sha256
        is_known = sha256 in self.history.files
        is_to_take = is_other and (not is_known or bool(self._journal.damaged))
        if is_to_take and not is_locked:  # only so is it told from what another process writes now
            self._stamp = None
            with self.held():
                return
        self._is_being_edited = (
            is_other and not is_known and self.history.text is not None and 0 <= age < QUIET
        )
        if self._is_being_edited:
            self._stamp = None
            return
        if is_other:
            file = SeenFile(data, sha256, self.reader.read(data))
            if file.assessment is not None and self.is_read_only:
                self.assessment, self.history.values = file.assessment, file.values
            elif file.assessment is not None and is_to_take:
                self._take_file(file)
            self._file = file
            if self._follower:
                self._follower.call(LATER)
        self._stamp = stamp if abs(age) > SETTLED else None

    def _take(self, records: Sequence[Mapping[str, Any]]) -> None:
        is_first = self.history.text is None
        changes = [change for record in records for change in self.history.take(record)]
        self.news += changes
        if is_first and self.history.text is not None:
            base = self.reader.read(self.history.text.encode("utf-8")).assessment
            if base is None:
                raise WorkspaceError(
                    f"Isi {self.path} dalam jurnal {self._journal.path} tidak dapat dibaca."
                )
            self.assessment = base
            self._renew({place.key for place in {**plain_values(base), **self.history.values}})
        elif not is_first:
            self._renew({change.place.key for change in changes})
        if changes and self._follower:
            self._follower.call(LATER)

    def _take_file(self, file: SeenFile) -> None:
        """Take in a file that was edited by hand, question by question; it is the newer deed."""
        history = self.history
        assert file.assessment is not None
        bases = history.file_values(file.sha256)
        ours = dict(history.values)
        edits: list[Edit] = []
        for place in dict.fromkeys((*ours, *file.values, *(p for base in bases for p in base))):
            theirs, mine = file.values.get(place), ours.get(place)
            before = [base.get(place) for base in bases]
            if theirs == mine or (bases and theirs in before):
                continue
            edits.append((place, mine, theirs))
            if history.text is not None:
                self._notices.append(_describe_edit(place, mine, theirs, mine not in before))
        if file.sha256 in history.files and not edits:
            return
        after = {**ours, **{place: new for place, _, new in edits}}
        is_first = history.text is None and not history.changes
        kept = [] if is_first else edits
        is_behind = not is_first and bool(differences(file.values, after))
        record = file_record(
            history.last_number + 1, now(), file.text, file.sha256, kept, is_behind
        )
        if history.text is None:
            self.assessment = file.assessment
        self.news += self.write(record)
        self._renew({place.key for place in {**ours, **file.values, **history.values}})
        if is_behind and self._follower:
            self._follower.call(SOON)

    def _begin_journal_again(self) -> None:
        """Go on where the journal was taken away: a new one begins with the present state."""
        old, text = self.history, self.history.text or ""
        sha256, base = hashlib.sha256(text.encode()).hexdigest(), self.reader.values(text)
        if self._file is not None and self._file.assessment is not None:
            text, sha256, base = self._file.text, self._file.sha256, self._file.values
        with self.locked():
            self._open_journal(self._journal.path)
            for record in self._journal.read_new() or []:
                self.take(record)
            if self.history.text is None:
                self.write(file_record(1, now(), text, sha256, [], True))
            edits: list[Edit] = [
                (place, base.get(place), value)
                for place, value in differences(base, old.values).items()
                if self.history.values.get(place) == base.get(place)
            ]
            if edits:
                self.write(change_record(self.history.last_number + 1, now(), FILE, edits))
        self._renew({place.key for place in {**old.values, **self.history.values}})
        self._notices.append(
            f"Jurnal {self._journal.path} hilang atau diganti, dan dimulai lagi; riwayat "
            "sebelumnya tidak ada lagi di dalamnya."
        )

    def _follow_soon(self) -> float | None:
        try:
            self.follow()
        except Exception as error:  # the thread must live on, whatever it met
            known = isinstance(error, (ZiEvalError, OSError))
            text = str(error) if known else f"{type(error).__name__}: {error}"
            with self.mutex:
                self._trouble = f"Perubahan aman di jurnal, tetapi belum masuk berkas. {text}"
            return LATER
        return None

    def follow(self, is_last: bool = False) -> None:
        """Write the unit file where it does not show all changes made until now.

        What it replaced is looked at again a while later, or now where it is ``is_last``.
        """
        while True:
            with self.mutex:
                self.look(is_locked=False)
                file, values = self._file, dict(self.history.values)
                number = self.history.last_number
                is_being_edited = self._is_being_edited
            if is_being_edited:
                time.sleep(QUIET / 3)
                continue
            if file is None or file.assessment is None or self.is_read_only:
                return
            # Changes go on meanwhile, here and elsewhere: only the replacement is held. Who knows
            # no lock may save at any moment: what was replaced is compared with what was read.
            text = renew_text(file.text, file.values, values, file.assessment, self.reader)
            if text == file.text and self.history.is_shown(file.sha256, number):
                if self._release(is_last):
                    break
                time.sleep(QUIET / 3)
                continue
            with self.held():
                is_same = self._file is not None and self._file.sha256 == file.sha256
                if is_same and not self._is_being_edited and self.release(is_last=False):
                    self._replace_file(text.encode("utf-8"), number)
        with self.mutex:
            self._trouble = ""

    def _release(self, is_last: bool) -> bool:
        """Remove what was replaced, where nobody saved into it; False where there is news."""
        if self._replaced is None:
            return True
        if not is_last and time.monotonic() - self._replaced < SETTLED:
            if self._follower:
                self._follower.call(LATER)
            return True
        with self.held():
            if not self.release(is_last):
                return False
            is_left = not is_last and bool(self.kept_files())  # of a process that was killed
            self._replaced = time.monotonic() if is_left else None
            if self.history.files and _sync(self.path.parent):
                *_, written = self.history.files
                self.write({"jenis": "tertulis", "sha256": written}, is_durable=False)
        return True

    def _replace_file(self, data: bytes, number: int) -> None:
        assert self._file is not None
        sha256 = hashlib.sha256(data).hexdigest()
        is_same = sha256 == self._file.sha256  # as after an undo: only the number is new
        intent = {
            "jenis": "tulis",
            "waktu": now().isoformat(),
            "dari": self._file.sha256,
            "sha256": sha256,
            "sampai": number,
        }
        self.write(intent, is_durable=not is_same)
        if not is_same:
            self.replace(data, self._file.sha256)
            _sync(self.path.parent)
            self._replaced = time.monotonic()
            if self._follower:
                self._follower.call(LATER)
        self.look(is_locked=True)


def _sync(folder: Path) -> bool:
    """Make the new file's name durable; False where that is not known to be done.

    The journal holds what the file shows, so nothing depends on it.
    """
    try:
        return sync_folder(folder)
    except OSError:
        return False


def _describe_edit(place: FieldPlace, mine: Any, theirs: Any, is_both: bool) -> str:
    old, new = ("kosong" if value is None else value for value in (mine, theirs))
    text = f"Berkas disunting langsung: {place} dari {old} menjadi {new}."
    if is_both:
        text += f" Isian {old} yang belum masuk berkas tetap ada di riwayat."
    return text
