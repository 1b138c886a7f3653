"""Templates kept compiled beside the package, as Python keeps what it compiled of a module.

They stand in ``__pycache__`` with the trust that modules there have. Where nothing can be written,
or Python keeps nothing (``PYTHONDONTWRITEBYTECODE``), every process compiles them anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from pathlib import Path
from typing import Final

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache

__all__ = ["CompiledTemplates"]

FOLDER: Final = Path(__file__).with_name("__pycache__")
DECIDING: Final = ("page.py", "words.py")
"""Of this room: what says how templates are compiled, and what their filters make of a constant."""


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates of this release, one file each.

    Parameters
    ----------
    folder
        A ``__pycache__`` of the package.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(str(folder), "%s.j2c")
        deciding = b"".join(Path(__file__).with_name(name).read_bytes() for name in DECIDING)
        self._state = f"{jinja2.__version__} {hashlib.sha256(deciding).hexdigest()} "

    def get_source_checksum(self, source: str) -> str:
        """Return the hash of all that decides what a template is compiled to."""
        return super().get_source_checksum(self._state + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept; what is broken is compiled anew, as a module is."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # whatever a broken file leads to
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, where that is wanted and can be."""
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                Path(self.directory).mkdir(exist_ok=True)
                super().dump_bytecode(bucket)
