"""The chain of a journal's lines: each knows the one before it, so that none is lost unseen.

The checksum of a line tells that it is damaged; that it was taken out, moved or written twice, with
every checksum right, is told by the hash of the line before, which each line holds as ``rantai``.
Lines from before there was a chain are counted and believed. What stood at the end of a journal and
was cut off leaves no trace in it: the unit's file still shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zi_eval.errors import WorkspaceError, describe_os_error
from zi_eval.files import read_regular
from zi_eval.period.journal_file import parse_record

__all__ = ["ChainReading", "line_hash", "verify_chain"]


def line_hash(line: bytes) -> str:
    """Return by what a line, without its end, is known to the next: half of its SHA-256."""
    return hashlib.sha256(line.rstrip(b"\r")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ChainReading:
    """What a journal's chain tells.

    Attributes
    ----------
    lines, unchained
        How many lines there are, and how many of them are from before there was a chain.
    findings
        One Indonesian sentence for each line that does not follow the one before it.
    """

    lines: int
    unchained: int
    findings: tuple[str, ...]


def verify_chain(journal: Path) -> ChainReading:
    """Check that no line of a journal was removed, swapped, repeated or changed.

    Raises
    ------
    WorkspaceError
        Where it cannot be read.
    """
    try:
        data = read_regular(journal)
    except OSError as error:
        raise WorkspaceError(
            f"Jurnal {journal} tidak dapat dibaca: {describe_os_error(error)}."
        ) from error
    lines = data.split(b"\n")[:-1]  # without one that a kill cut off
    records = [parse_record(line) for line in lines]
    chains = ["" if record is None else str(record.get("rantai", "")) for record in records]
    begun = next((n for n, chain in enumerate(chains) if chain), len(lines))
    findings = tuple(_findings(lines, [record is None for record in records], chains, begun))
    return ChainReading(len(lines), begun, findings)


def _findings(
    lines: Sequence[bytes], damaged: Sequence[bool], chains: Sequence[str], begun: int
) -> Iterator[str]:
    hashes = [line_hash(line) for line in lines]
    first = {found: number for number, found in reversed([*enumerate(hashes, 1)])}
    if begun == 0:
        yield "baris pertama menyebut baris di depannya: awal jurnal ini dihapus."
    for n in range(begun, len(lines)):
        number, before = n + 1, hashes[n - 1] if n else ""
        if damaged[n]:
            yield f"baris {number} rusak."
        elif chains[n] == before or n == 0:
            continue
        elif first[hashes[n]] < number:
            yield f"baris {number} mengulang baris {first[hashes[n]]}."
        elif not chains[n]:
            yield f"baris {number} disisipkan: tidak menyebut baris di depannya."
        elif damaged[n - 1]:
            continue  # told already
        elif chains[n] in first:
            yield (
                f"baris {number} seharusnya sesudah baris {first[chains[n]]}: ada yang ditukar "
                "atau disisipkan."
            )
        else:
            yield f"di depan baris {number} ada yang dihapus atau diubah."
