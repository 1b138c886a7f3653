"""A kernel's messages without its sockets: a session and streams that hand them to a function."""

from __future__ import annotations

import codecs
import io
import os
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO, Any, Final

from jupyter_client.session import Session, extract_header

__all__ = ["CellStream", "LocalSession", "Message"]

Message = dict[str, Any]
"""A kernel's message: ``msg_type``, ``header``, ``parent_header``, ``content``, ``buffers``."""

FLUSH_INTERVAL: Final = 0.2
"""Seconds after which a kernel sends what was written, if nothing made it send earlier."""


class LocalSession(Session):
    """A session whose messages go to a function instead of a socket."""

    def __init__(self, emit: Callable[[Message], None]) -> None:
        super().__init__()
        self._emit = emit

    def tell(self, msg_type: str, content: dict[str, Any], parent: str) -> None:
        """Emit a message of ours to whoever asked, where the content is JSON already."""
        self._emit(
            {
                "msg_type": msg_type,
                "header": {"msg_type": msg_type},
                "parent_header": {"msg_id": parent},
                "content": content,
                "buffers": [],
            }
        )

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        ident: Any = None,
        buffers: list[Any] | None = None,
        track: bool = False,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Message:
        """Emit a message; its content becomes JSON and back, as on its way to a client."""
        if isinstance(msg_or_type, dict):
            message = msg_or_type
            buffers = buffers or message.get("buffers")
        else:
            message = self.msg(
                msg_or_type, content=content, parent=parent, header=header, metadata=metadata
            )
        msg_type = message["header"]["msg_type"]
        emitted = {
            "msg_type": msg_type,
            "header": {"msg_type": msg_type},
            "parent_header": {"msg_id": message["parent_header"].get("msg_id")},
            "content": self.unpack(self.pack(message["content"])),
            "buffers": [bytes(buffer) for buffer in buffers or ()],
        }
        self._emit(emitted)
        return message


class CellStream(io.TextIOBase):
    """Standard output or error of the cells, sent when a kernel would send it.

    A kernel keeps what is written for a fifth of a second, or until a flush, a display or the
    cell's end. Whichever stream is written to next first sends what has been lying too long; who
    wants to see it earlier calls :meth:`flush_overdue`.
    """

    encoding = "UTF-8"

    def __init__(self, name: str, descriptor: int, session: LocalSession) -> None:
        super().__init__()
        self.name = name
        self.parent_header: dict[str, Any] = {}
        self.peers: tuple[CellStream, ...] = (self,)
        self._descriptor = descriptor
        self._session = session
        self._lock = threading.RLock()
        self._parts: list[str] = []
        self._since = 0.0
        self._owner = os.getpid()
        self._capture: IO[bytes] | None = None
        self._saved: int | None = None
        self._drained = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def capture_descriptor(self) -> None:
        """Collect too what programs started by a cell write to the descriptor itself."""
        try:
            self._saved = os.dup(self._descriptor)
        except OSError:
            return
        # A plain file: a pipe would need a thread to empty it.
        self._capture = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        os.dup2(self._capture.fileno(), self._descriptor)

    def release_descriptor(self) -> None:
        """Undo :meth:`capture_descriptor`."""
        if self._saved is not None and self._capture is not None:
            os.dup2(self._saved, self._descriptor)
            os.close(self._saved)
            self._capture.close()
            self._saved = self._capture = None

    def fileno(self) -> int:
        """Return the descriptor that programs started by a cell write to."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return false: nobody sits there."""
        return False

    def writable(self) -> bool:
        """Return true."""
        return True

    def set_parent(self, parent: dict[str, Any]) -> None:
        """Name the request whose output this is from now on."""
        self.parent_header = extract_header(parent)

    def write(self, text: str) -> int:
        """Keep text until it is sent."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._owner:
            # A process forked by a cell has no part in our messages, only in the descriptor.
            os.write(self._descriptor, text.encode("utf-8", "replace"))
            return len(text)
        if text:
            now = time.monotonic()
            for stream in sorted(self.peers, key=lambda stream: stream._since):
                if stream._is_overdue(now):
                    stream.flush()
            with self._lock:
                if not self._parts:
                    self._since = now
                self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written so far."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            self._drain()
            text = "".join(self._parts)
            self._parts.clear()
            if text:
                content = {"name": self.name, "text": text}
                self._session.send(None, "stream", content, self.parent_header)

    def flush_overdue(self) -> None:
        """Send what lies longer than a kernel would keep it, also what programs have written."""
        with self._lock:
            self._drain()
            if self._is_overdue(time.monotonic()):
                self.flush()

    def _is_overdue(self, now: float) -> bool:
        return bool(self._parts) and now - self._since > FLUSH_INTERVAL

    def _drain(self) -> None:
        """Take over what the descriptor received since the last time."""
        if self._capture is None:
            return
        size = os.fstat(self._capture.fileno()).st_size
        if size > self._drained:
            data = os.pread(self._capture.fileno(), size - self._drained, self._drained)
            self._drained += len(data)
            if not self._parts:
                self._since = time.monotonic()
            self._parts.append(self._decode(data))
