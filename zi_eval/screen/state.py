"""What every live screen is told and asks: messages, what changed, conflicts, undo, histories.

Messages are plain values for JSON. Every answer brings a ``patch`` with whatever differs from what
the screen was last told. All methods may be called from any thread: in current JupyterLab messages
arrive on another thread than cells, and a timer asks for the changes of others.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final, Protocol

from zi_eval.errors import ZiEvalError
from zi_eval.journal.fields import Change, ConflictError
from zi_eval.screen.words import person_text, plain_text, short_time

__all__ = ["LiveState", "LiveStore"]

Message = Mapping[str, Any]
Handler = Callable[[Message], dict[str, Any]]
MOST_REPLIES: Final = 200


class LiveStore(Protocol):
    """The part of a store that every screen needs."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know."""

    def refresh(self) -> tuple[Change, ...]:
        """Return what others changed since the last call."""


class LiveState(ABC):
    """One file in the hands of the people at one screen.

    Attributes
    ----------
    PARTS
        The key of what is shown of many things, of which a patch holds those that differ.
    LABELS
        What messages call the fields.
    MOST_NAMED
        How many changes of one person are named in the news; of more the number is told.
    """

    PARTS: ClassVar[str]
    LABELS: ClassVar[Mapping[str, str]]
    MOST_NAMED: ClassVar[int] = 3

    def __init__(self, live: LiveStore) -> None:
        self._live = live
        self._lock = threading.RLock()
        self._shown: dict[str, Any] = {}
        self._replies: dict[tuple[Any, Any], dict[str, Any]] = {}
        self._trouble = ""
        self._handlers: Mapping[str, Handler] = {
            "open": self._open,
            "change": self._change,
            "undo": self._undo,
            "history": self._history,
            "ping": lambda _: {"type": "pong"},
            **self._more_handlers(),
        }

    # What a kind of screen says for itself

    @abstractmethod
    def _whole(self) -> dict[str, Any]:
        """Return everything on the screen that can change."""

    @abstractmethod
    def _open(self, message: Message) -> dict[str, Any]:
        """Return all that a screen needs to begin."""

    @abstractmethod
    def _change(self, message: Message) -> dict[str, Any]:
        """Make the changes of one message."""

    @abstractmethod
    def _take_back(self, message: Message) -> Sequence[Change]:
        """Take back the latest step of the person who asks."""

    @abstractmethod
    def _changes_of(self, key: str) -> Sequence[Change]:
        """Return the changes below a key in order."""

    @abstractmethod
    def close(self) -> None:
        """Write what is still to be written and let go of the file."""

    def _more_handlers(self) -> Mapping[str, Handler]:
        """Return who answers what only this kind of screen asks."""
        return {}

    def _notices(self) -> list[str]:
        """Return what people should know."""
        return list(self._live.notices)

    def _is_outdated(self) -> bool:
        """Whether there is something to tell that nobody changed."""
        told: list[str] = self._shown.get("notices", [])
        return self._notices() != told

    def _of_others(self, changes: Iterable[Change]) -> list[Change]:
        """Return the changes that the people at this screen did not make."""
        return list(changes)

    def _name(self, key: str) -> str:
        """Return what messages call the thing of a key."""
        return key

    def _changed(self, change: Change) -> str:
        """Return what the news call a change."""
        return self._name(change.place.key)

    def _who(self, change: Change) -> str:
        """Return what lists and news call the person of a change."""
        return person_text(change)

    def _value_text(self, field: str, value: Any) -> str:
        """Write a plain value as people read it."""
        return plain_text(value)

    # Messages

    def answer(self, message: Message) -> dict[str, Any]:
        """Answer one message of the screen; what is refused is said in one sentence."""
        handler = self._handlers.get(str(message.get("type")))
        sender = (message.get("view"), message.get("number"))
        head = {"view": sender[0], "number": sender[1]}
        if handler is None:
            said = "Pesan layar tidak dikenal; muat ulang halaman."
            return {**head, "type": "said", "text": said}
        with self._lock:
            if sender in self._replies:  # sent again because the answer took too long
                return {**self._replies[sender], "patch": self._patch()}
            try:
                reply = {**head, **handler(message)}
            except ZiEvalError as error:
                return {**head, "type": "said", "text": str(error), "patch": self._patch()}
            except (KeyError, IndexError, TypeError, AttributeError):
                said = "Pesan layar rusak; muat ulang halaman."
                return {**head, "type": "said", "text": said}
            if sender[1] is not None:
                self._replies[sender] = {k: v for k, v in reply.items() if k != "patch"}
                while len(self._replies) > MOST_REPLIES:
                    del self._replies[next(iter(self._replies))]
            return reply

    def news(self) -> dict[str, Any] | None:
        """Return what others changed since the last call, None where nothing.

        What keeps the screen from knowing is told once.
        """
        with self._lock:
            before, self._trouble = self._trouble, ""
            try:
                changes = self._live.refresh()
            except ZiEvalError as error:
                self._trouble = str(error)
                is_told = self._trouble == before
                return None if is_told else {"type": "news", "patch": {"news": self._trouble}}
            if not changes and not self._is_outdated():
                return None
            patch = self._patch()
            if others := self._of_others(changes):
                patch["news"] = self._news_text(others)
            return {"type": "news", "patch": patch} if patch else None

    def _news_text(self, changes: Iterable[Change]) -> str:
        by_person: dict[str, dict[str, None]] = {}
        for change in changes:
            by_person.setdefault(self._who(change), {})[self._changed(change)] = None
        parts = []
        for who, what in by_person.items():
            shown = ", ".join(what) if len(what) <= self.MOST_NAMED else f"{len(what)} isian"
            parts.append(f"{who} mengubah {shown}")
        return f"{'; '.join(parts)}."

    def _patch(self) -> dict[str, Any]:
        """Return what differs from what the screen was last told, and remember it as told."""
        whole, parts = self._whole(), self.PARTS
        patch = {key: value for key, value in whole.items() if value != self._shown.get(key)}
        if parts in patch:
            told = self._shown.get(parts, {})
            if told.keys() == whole[parts].keys():
                patch[parts] = {k: v for k, v in whole[parts].items() if v != told[k]}
            if list(told) != list(whole[parts]):
                patch["order"] = list(whole[parts])
        self._shown = whole
        return patch

    def _label(self, field: str) -> str:
        return self.LABELS.get(field, field)

    def _conflict(self, error: ConflictError, mine: Any, **more: Any) -> dict[str, Any]:
        """Return the choice between what somebody else entered and what this person did."""
        place, change = error.place, error.change
        with suppress(ZiEvalError):  # the news say it
            self._live.refresh()
        return {
            "type": "conflict",
            "key": place.key,
            "field": place.field,
            "what": f"{self._name(place.key)} ({self._label(place.field)})",
            "current": error.current,
            "current_text": self._value_text(place.field, error.current),
            "mine_text": plain_text(mine or None),
            "who": change.person.name if change else "orang lain",
            "time": change.time.timestamp() if change else None,
            "patch": self._patch(),
            **more,
        }

    def _undo(self, message: Message) -> dict[str, Any]:
        undone = self._take_back(message)
        if not undone:
            return {"type": "said", "text": "Tidak ada perubahan Anda yang dapat diurungkan."}
        change = undone[-1]
        key, field = change.place.key, change.place.field
        text = (
            f"Diurungkan: {self._name(key)}, {self._label(field)} kembali menjadi "
            f"{self._value_text(field, change.new)}."
        )
        return {"type": "said", "text": text, "key": key, "patch": self._patch()}

    def _history(self, message: Message) -> dict[str, Any]:
        key = str(message["key"])
        rows = [self._row(change) for change in reversed(self._changes_of(key))]
        return {"type": "history", "key": key, "changes": rows}

    def _row(self, change: Change) -> dict[str, str]:
        field, is_undo = change.place.field, change.undoes is not None
        is_confirmed = change.old == change.new
        return {
            "when": short_time(change.time),
            "who": self._who(change),
            "what": f"{self._label(field)}{' (diurungkan)' if is_undo else ''}",
            "old": self._value_text(field, change.old),
            "new": "disahkan tanpa perubahan"
            if is_confirmed
            else self._value_text(field, change.new),
        }
