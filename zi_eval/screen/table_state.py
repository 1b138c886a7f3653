"""A table of a unit on screen, one row a thing: filtered, opened, filled in, undone.

The rows of performance, work plan and register are told and asked in the same way; what a kind of
table says of a row, and how it reads what was typed, is said by its own state.
"""

from __future__ import annotations

import contextlib
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

from zi_eval.core.text import quote
from zi_eval.errors import ZiEvalError
from zi_eval.journal.changes import FILE
from zi_eval.journal.fields import Change, ConflictError, FieldPlace, Person, Role, tidy
from zi_eval.screen.state import Handler, LiveState, LiveStore, Message
from zi_eval.screen.words import plain_text

__all__ = ["GrowingTableState", "NoTable", "TableState", "TableStore"]

LONGEST_NAME: Final = 80
MOST_ADDED: Final = 100


class TableStore(LiveStore, Protocol):
    """The part of a table's store that its screen needs."""

    @property
    def path(self) -> Path:
        """Where the table stands."""

    def change(self, person: Person, place: FieldPlace, new: Any, seen: Any) -> Change:
        """Change one value."""

    def undo(self, person: Person) -> Sequence[Change]:
        """Take back the person's latest step."""

    def of(self, key: str) -> Sequence[Change]:
        """Return the changes of a row."""


class NoTable:
    """What stands for a table that is not there yet: nobody has changed anything of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: tuple[str, ...] = ()

    def refresh(self) -> tuple[Change, ...]:
        """Return nothing."""
        return ()

    def change(self, person: Person, place: FieldPlace, new: Any, seen: Any) -> Change:
        """Refuse: there is no row to change."""
        raise ZiEvalError(f"{self.path.name} belum ada. Muat ulang halaman.")

    def undo(self, person: Person) -> Sequence[Change]:
        """Return nothing."""
        return ()

    def of(self, key: str) -> Sequence[Change]:
        """Return nothing."""
        return ()


class TableState(LiveState):
    """One table in the hands of the people at one screen.

    Attributes
    ----------
    ROLES
        Who may say to be at the screen, the usual one first.
    NAME_FIELD
        The field that every row has: where undo empties it, the row is gone.
    """

    PARTS = "items"
    MOST_NAMED = 2
    ROLES: ClassVar[tuple[Role, ...]] = (Role.UNIT,)
    NAME_FIELD: ClassVar[str] = ""

    def __init__(self, store: TableStore) -> None:
        self._table = store
        self._undone: Sequence[Change] = ()
        super().__init__(store)

    def _take(self, store: TableStore) -> None:
        """Take a table in hand that was not there before."""
        self._table = self._live = store

    # What a kind of table says

    @abstractmethod
    def _title(self, key: str) -> str:
        """Return what a row is called; raise :class:`ZiEvalError` where it is gone."""

    @abstractmethod
    def _shown_text(self, key: str, field: str) -> str | None:
        """Return a value as it stands in its input, None where it is empty."""

    @abstractmethod
    def _parse(self, key: str, field: str, raw: Any) -> tuple[Any, str]:
        """Return the plain value of what was typed, and what the person should look at.

        Raises
        ------
        ZiEvalError
            Where it cannot be read, with how to write it.
        """

    @abstractmethod
    def _matching(self, wanted: Mapping[str, Any]) -> Iterable[str]:
        """Return the keys of the rows that fit every filter, in their order."""

    def _put(self, person: Person, place: FieldPlace, new: Any, seen: Any) -> tuple[Change, str]:
        """Change one value; return the change, and what it moves beside itself."""
        return self._table.change(person, place, new, seen), ""

    # The same for all

    def _more_handlers(self) -> Mapping[str, Handler]:
        return {"list": self._list}

    def close(self) -> None:
        """End; every change is in the table already."""

    def _label(self, field: str) -> str:
        return self.LABELS.get(field, field.replace("_", " "))

    def _changed(self, change: Change) -> str:
        if change.place.field not in self.LABELS:  # of a row that came or went, or by hand
            return self._name(change.place.key)
        return f"{self._label(change.place.field)} {self._name(change.place.key)}"

    def _who(self, change: Change) -> str:
        return "Program lain" if change.person == FILE else change.person.name

    def _name(self, key: str) -> str:
        try:
            return f"'{self._title(key)}'"
        except ZiEvalError:
            return f"'{quote(key)}'"

    def _open(self, _: Message) -> dict[str, Any]:
        with contextlib.suppress(ZiEvalError):  # the news say it
            self._live.refresh()
        # Another view of the same form hears of it by the patch.
        patch = {"patch": self._patch()} if self._shown else {}
        self._shown = self._whole()
        return {
            "type": "whole",
            "form": {"store": str(self._table.path), "labels": dict(self.LABELS)},
            "order": list(self._shown["items"]),
            **self._shown,
            **patch,
        }

    def _list(self, message: Message) -> dict[str, Any]:
        """Return the keys of the rows that fit the filters."""
        shown = self._shown.get("items") or self._whole()["items"]
        return {
            "type": "list",
            "keys": [k for k in self._matching(message["filter"]) if k in shown],
        }

    def _change(self, message: Message) -> dict[str, Any]:
        """Change one field: ``parts`` holds one ``{key, field, value, seen}``, as typed."""
        part = message["parts"][0]
        place = FieldPlace(str(part["key"]), str(part["field"]))
        if place.field not in self.LABELS:
            raise ZiEvalError("Isian ini tidak dapat diubah di sini; muat ulang halaman.")
        shown = None
        try:
            shown = self._shown_text(place.key, place.field)
            new, remark = self._parse(place.key, place.field, part.get("value"))
            seen, _ = self._parse(place.key, place.field, part.get("seen"))
            change, moved = self._put(self._person(message), place, new, seen)
        except ConflictError as error:
            return self._choice(error, part.get("value"))
        except ZiEvalError as error:
            patch = self._patch()  # the table may have been read anew on the way
            return {"type": "refused", "text": str(error), "current": [shown], "patch": patch}
        return {
            "type": "saved",
            "time": change.time.timestamp(),
            "remark": f"{remark} {moved}".strip(),
            "patch": self._patch(),
        }

    def _choice(self, error: ConflictError, mine: Any) -> dict[str, Any]:
        """Return a conflict, with names and values as the table writes them."""
        place, change = error.place, error.change
        return self._conflict(
            error,
            mine,
            what=f"{self._title(place.key)} ({self._label(place.field)})",
            current=self._shown_text(place.key, place.field),
            who=self._who(change) if change else "orang lain",
        )

    def _undo(self, message: Message) -> dict[str, Any]:
        answer = super()._undo(message)
        gone = [change for change in self._undone if change.place.field == self.NAME_FIELD]
        if not gone:
            return answer
        text = f"Diurungkan: {self._gone_text(gone)}."
        return {"type": "said", "text": text, "patch": answer.get("patch", {})}

    def _gone_text(self, gone: Sequence[Change]) -> str:
        """Say which rows undo took out; ``gone`` are the changes of their names."""
        names = "; ".join(f"'{plain_text(change.old)}'" for change in gone[: self.MOST_NAMED])
        more = f" dan {len(gone) - self.MOST_NAMED} lagi" if len(gone) > self.MOST_NAMED else ""
        return f"{names}{more} tidak jadi ditambahkan"

    def _take_back(self, message: Message) -> Sequence[Change]:
        self._undone = self._table.undo(self._person(message))
        return self._undone

    def _changes_of(self, key: str) -> Sequence[Change]:
        return self._table.of(key)

    def _person(self, message: Message) -> Person:
        """Return who is at the screen, by what they say."""
        typed = message.get("person")
        name = tidy(typed) if isinstance(typed, str) else None
        if not name:
            raise ZiEvalError(
                "Tulis dulu nama Anda di atas; setiap perubahan dicatat dengan nama pengisinya."
            )
        said = message.get("role")
        role = next((role for role in self.ROLES if role.value == said), self.ROLES[0])
        return Person(" ".join(name.split())[:LONGEST_NAME], role)


class GrowingTableState(TableState):
    """A table on screen to which people add rows: of those that are offered, or of their own."""

    @abstractmethod
    def _offers(self) -> list[dict[str, Any]]:
        """Return what may be added, by where it comes from: title, and key, name, facts of each."""

    @abstractmethod
    def _added(
        self, person: Person, keys: Sequence[str], typed: Mapping[str, Any] | None
    ) -> tuple[str, str]:
        """Add what was chosen of the offered and what was typed.

        Returns
        -------
        The key of the first row added, and what to say.

        Raises
        ------
        ZiEvalError
            Where nothing can be added, with why.
        """

    def _more_handlers(self) -> Mapping[str, Handler]:
        return {**super()._more_handlers(), "offer": self._offer, "add": self._add}

    def _offer(self, _: Message) -> dict[str, Any]:
        return {"type": "offers", "groups": self._offers()}

    def _add(self, message: Message) -> dict[str, Any]:
        person = self._person(message)
        keys, typed = message.get("keys") or (), message.get("typed")
        if not keys and not typed:
            raise ZiEvalError("Pilih dulu dari usulan, atau tulis sendiri.")
        if len(keys) > MOST_ADDED:
            raise ZiEvalError(f"Tambahkan paling banyak {MOST_ADDED} sekaligus.")
        key, said = self._added(person, [str(key) for key in keys], typed)
        return {"type": "said", "text": said, "key": key, "is_added": True, "patch": self._patch()}
