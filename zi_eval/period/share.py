"""What a run computes once of a whole period and hands on: small JSON files in a folder of its own.

::

    outputs/<period>/.run/<unit>.json         one unit's share: what it is compared with
    outputs/<period>/.run/_tpn-<unit>.json    what the TPN decided of it, and what it holds
    outputs/<period>/.run/_semua.json         what all units share
    outputs/<period>/.run/_rekap.json         the recap's

A unit reads its own shares and the common one, whatever else the period holds; so what a run costs
grows with its units, not with their square. Without the folder everything is computed from the
period itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zi_eval.errors import StorageError, describe_os_error
from zi_eval.files import file_stem

__all__ = ["COMMON", "FOLDER", "RECAP", "dump_share", "read_share", "share_file", "write_shares"]

FOLDER = ".run"
COMMON, RECAP = "_semua", "_rekap"
"""Names of the shares of all units and of the recap; no unit can have them."""


def dump_share(content: Mapping[str, Any]) -> bytes:
    """Return a share as it is written; equal contents are equal bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def share_file(run: str | Path, name: str) -> Path:
    """Return where the share of a unit, of all or of the recap stands in a run's folder."""
    return Path(run) / f"{file_stem(name)}.json"


def read_share(run: str | Path, name: str) -> Mapping[str, Any] | None:
    """Return a share; None outside a run (``run`` is empty), and where nothing was handed on."""
    if not run or not (path := share_file(run, name)).is_file():
        return None
    content: Mapping[str, Any] = json.loads(path.read_bytes())
    return content


def write_shares(run: Path, shares: Mapping[str, bytes]) -> None:
    """Write what a run hands on, by name, and take back what an earlier one did.

    Nobody reads them before, and each job knows their hash: they need not be on the disk at once.

    Raises
    ------
    StorageError
        Where the folder cannot be written to or the disk is full.
    """
    try:
        run.mkdir(parents=True, exist_ok=True)
        left = {path.name for path in run.glob("*.json")}
        for name, data in shares.items():
            path = share_file(run, name)
            if path.name not in left or path.read_bytes() != data:
                path.write_bytes(data)
            left.discard(path.name)
        for name in left:
            (run / name).unlink()
    except OSError as error:
        raise StorageError(f"{run} tidak dapat ditulis: {describe_os_error(error)}.") from error
