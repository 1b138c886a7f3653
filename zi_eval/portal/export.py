"""The documents as files, in folders named like the portal's addresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zi_eval.files import write_bytes
from zi_eval.period.unit_file import UNIT_ID
from zi_eval.portal.documents import Documents

__all__ = ["Exported", "write_documents"]

ANSWERS = Path("lke", "jawaban-unit")
PROPOSALS = Path("pengusulan")


@dataclass(frozen=True, slots=True)
class Exported:
    """The files written, and those of units that are published no longer, which were removed."""

    written: tuple[Path, ...]
    removed: tuple[Path, ...]


def write_documents(documents: Documents, target: Path) -> Exported:
    """Write every document below ``target``; the same documents give the same bytes.

    ::

        target/pengusulan/unit-wbk.json
        target/pengusulan/unit-wbbm.json
        target/lke/jawaban-unit/<id>.json

    The answers of a unit that is not published any more are removed, because whoever sends the
    folder on would send them too; those of a unit whose file cannot be read stay as they are.
    """
    contents = {
        target / PROPOSALS / f"unit-{predicate.lower()}.json": content
        for predicate, content in documents.proposals.items()
    } | {target / ANSWERS / f"{unit}.json": content for unit, content in documents.answers.items()}
    for path, content in contents.items():
        write_bytes(path, content)
    removed = [
        path
        for path in sorted((target / ANSWERS).glob("*.json"))
        if path not in contents
        and UNIT_ID.fullmatch(path.stem)
        and path.stem not in documents.left_out
    ]
    for path in removed:
        path.unlink()
    return Exported(tuple(contents), tuple(removed))
