"""The error tree of zi-eval.

::

    ZiEvalError                 anything zi-eval refuses to do; its text is one clear sentence
    ├── ProblemsError           a file that cannot be used; carries every problem found in it
    │   ├── InstrumentError     an instrument or a rule set, a team's overlay included
    │   └── ParameterError      a unit file or agency file of a team
    ├── ArgumentError           a value that was given and cannot be used
    ├── WorkbookError           a workbook that cannot be read at all
    ├── WorkspaceError          a folder, period or unit that is not there
    │   └── StorageError        a folder that takes no more: full, read-only, not permitted
    ├── ConflictError           somebody else changed an answer meanwhile (in ``journal.fields``)
    └── ReportError             a notebook that failed or gave no report
        └── TimeLimitError      a notebook that was stopped because its time was up

Everything else that escapes is a bug. The texts are Indonesian: the command line shows them as
they are.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

__all__ = [
    "ArgumentError",
    "InstrumentError",
    "ParameterError",
    "ProblemsError",
    "ReportError",
    "StorageError",
    "TimeLimitError",
    "WorkbookError",
    "WorkspaceError",
    "ZiEvalError",
    "describe_os_error",
]

SYSTEM_WORDS = {
    "ENOSPC": "ruang penyimpanan habis",
    "EDQUOT": "jatah penyimpanan habis",
    "EFBIG": "berkasnya terlalu besar untuk penyimpanan ini",
    "EROFS": "penyimpanannya hanya dapat dibaca",
    "EACCES": "tidak ada izin",
    "EPERM": "tidak ada izin",
    "ENOENT": "tidak ada",
    "EEXIST": "nama itu sudah dipakai berkas lain",
    "EISDIR": "ini folder, bukan berkas",
    "ENOTDIR": "bagian dari jalurnya berkas, bukan folder",
    "ENOTEMPTY": "foldernya tidak kosong",
    "ELOOP": "tautan simboliknya berputar",
    "ENAMETOOLONG": "namanya terlalu panjang",
    "EINVAL": "sistem menolak nama atau isinya",
    "EXDEV": "tempatnya di penyimpanan lain",
    "EBUSY": "sedang dipakai program lain",
    "ETXTBSY": "sedang dipakai program lain",
    "EIO": "penyimpanannya gagal membaca atau menulis",
    "ENXIO": "perangkatnya tidak ada",
    "ENODEV": "perangkatnya tidak ada",
    "ESTALE": "folder jaringannya terputus",
    "EMFILE": "terlalu banyak berkas terbuka",
    "ENFILE": "terlalu banyak berkas terbuka",
    "ENOMEM": "memori tidak cukup",
    "EAGAIN": "sistem sedang penuh",
    "EPIPE": "yang menerima sudah berhenti",
    "ECONNREFUSED": "tidak ada yang menjawab di alamat itu",
    "ECONNRESET": "sambungannya diputus",
    "EADDRINUSE": "alamat dan portanya sudah dipakai",
    "EADDRNOTAVAIL": "alamat itu bukan milik komputer ini",
    "ENETUNREACH": "jaringannya tidak terjangkau",
    "EHOSTUNREACH": "komputernya tidak terjangkau",
    "ETIMEDOUT": "tidak dijawab pada waktunya",
}
"""What systems say in English, or in the language they were installed in."""


def describe_os_error(error: OSError) -> str:
    """Say in Indonesian what the system refused; no sentence, and no path.

    An error that we raised ourselves has a text of ours, which stays.

    Examples
    --------
    >>> describe_os_error(FileExistsError(errno.EEXIST, "File exists", "jurnal"))
    'nama itu sudah dipakai berkas lain'
    """
    number, said = error.errno, error.strerror
    if number is None:
        return said or str(error) or type(error).__name__
    if number < 0:  # of looking up an address
        return "nama alamat itu tidak dikenal"
    is_system = getattr(error, "winerror", None) is not None or said == os.strerror(number)
    if said and not is_system:
        return said
    name = errno.errorcode.get(number, str(number)).removeprefix("WSA")
    return SYSTEM_WORDS.get(name) or f"galat sistem {name}"


class ZiEvalError(Exception):
    """Anything zi-eval refuses to do, said in one sentence with what to do next."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: the sentence, not the way through our code."""
        return [f"{type(self).__name__}: {self}"]


class ProblemsError(ZiEvalError):
    """A file that cannot be used.

    Parameters
    ----------
    problems
        Every problem found, each with its place (:class:`zi_eval.core.problems.Problem`).
    """

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[tuple[object, ...]]]:
        """Pickle by the problems, so that the error crosses process borders."""
        return type(self), (self.problems,)


class InstrumentError(ProblemsError):
    """An instrument or rule set that breaks its own format."""


class ParameterError(ProblemsError):
    """A unit or agency file that cannot be used."""


class ArgumentError(ZiEvalError):
    """A value that was given to a function or a command, such as an id, and cannot be used.

    Parameters
    ----------
    name
        The parameter it was given for, as the command line names it; empty where none is meant.
    """

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


class WorkbookError(ZiEvalError):
    """A workbook that cannot be read: not an xlsx, protected, no known sheet."""


class WorkspaceError(ZiEvalError):
    """A folder, period or unit that is not there."""


class StorageError(WorkspaceError):
    """A folder that takes nothing more: its disk is full, it is read-only, or not permitted."""


class ReportError(ZiEvalError):
    """A notebook that failed, or that gave nothing to publish.

    ``notebook`` holds the executed notebook as far as it got, empty where there is none; ``source``
    names the one that it was made from.
    """

    notebook: bytes = b""
    source: str = ""


class TimeLimitError(ReportError):
    """A notebook that was stopped because its time was up."""
