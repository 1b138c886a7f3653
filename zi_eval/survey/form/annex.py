"""The list of respondents that the selection may ask for: a protected annex, on request only.

It holds the unit's own tables of responses, as they are, with the personal data that every other
reading drops. So it is made only where somebody asks for it, encrypted, to a place they name, and
its making is noted in ``parameters/<period>/jurnal/<unit>.survei.jsonl`` before the file is there.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Final

import filelock

from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.files import read_regular, require_free, write_bytes
from zi_eval.journal.changes import change_record
from zi_eval.journal.fields import FieldPlace, Person, now
from zi_eval.journal.proof import proven_person
from zi_eval.journal.records import Journal
from zi_eval.period.journal_file import FOLDER
from zi_eval.period.reading import Period
from zi_eval.survey.files import find_unit_surveys

__all__ = ["FEWEST", "KIND", "write_annex"]

KIND: Final = "survei"
"""What its journal is called."""
PLACE: Final = FieldPlace("lampiran", "responden")
FEWEST: Final = 12
"""Characters of a passphrase."""
PATIENCE: Final = 20.0


def write_annex(
    folder: Path, unit: str, target: Path, passphrase: str, person: Person, force: bool = False
) -> tuple[str, ...]:
    """Write the tables of a unit's surveys as an encrypted zip (AES-256, as 7-Zip opens it).

    Returns
    -------
    The names of what is in it.

    Raises
    ------
    ZiEvalError
        Where the library for it is not installed, the passphrase is too short, or a key that was
        presented is not for this unit.
    WorkspaceError
        Where the unit has no survey, or the file is there already and ``force`` is not given.
    """
    if len(passphrase) < FEWEST:
        raise ZiEvalError(f"Kata sandi harus sedikitnya {FEWEST} huruf.")
    if target.suffix.lower() != ".zip":
        raise ZiEvalError(f"{target} bukan nama arsip; pakai nama berakhiran .zip.")
    person = proven_person(person, unit)
    period = Period.read(folder)
    tables = [
        (f"{survey}{path.suffix}", path)
        for survey, paths in find_unit_surveys(period, unit).items()
        for path in paths
    ]
    if not tables:
        raise WorkspaceError(f"Unit '{unit}' tidak punya tabel survei di {period.folder}.")
    require_free(target, force)
    data = _encrypt(tables, passphrase)
    names = tuple(name for name, _ in tables)
    _note(period.folder, unit, person, names, hashlib.sha256(data).hexdigest())
    write_bytes(target, data)
    target.chmod(0o600)
    return names


def _encrypt(tables: list[tuple[str, Path]], passphrase: str) -> bytes:
    try:
        import pyzipper
    except ImportError:
        raise ZiEvalError(
            "Lampiran terenkripsi memerlukan pyzipper: pip install 'zi-eval[annex]'."
        ) from None
    stream = io.BytesIO()
    with pyzipper.AESZipFile(
        stream, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as packed:
        packed.setpassword(passphrase.encode())
        packed.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, path in tables:
            packed.writestr(name, read_regular(path))
    return stream.getvalue()


def _note(folder: Path, unit: str, person: Person, names: tuple[str, ...], sha256: str) -> None:
    """Note who made an annex of what, behind what the journal says already."""
    path = folder / FOLDER / f"{unit}.{KIND}.jsonl"
    path.parent.mkdir(exist_ok=True)
    with filelock.FileLock(path.with_suffix(".lock"), timeout=PATIENCE):
        journal = Journal(path)
        records = journal.read_new() or []
        number = sum(len(record.get("ubah", ())) for record in records) + 1
        said = f"{', '.join(names)}; sha256 {sha256}"
        journal.append(change_record(number, now(), person, [(PLACE, None, said)]))
