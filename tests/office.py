"""LibreOffice as the independent calculator: one start for many workbooks."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.waiting import NET

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_soffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice (soffice) is not installed, so nothing recalculates"
)
XLSX = "xlsx:Calc MS Excel 2007 XML"


@cache
def _profile() -> str:
    """Return the folder of LibreOffice's settings, which its first start fills, once a process."""
    profile = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    return profile


def convert(files: Iterable[Path], folder: Path, kind: str = XLSX) -> list[Path]:
    """Open, recalculate and save workbooks into ``folder``; return them in the order given."""
    assert SOFFICE is not None
    files = list(files)
    command = [SOFFICE, f"-env:UserInstallation=file://{_profile()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=NET + 10 * len(files))
    return [folder / f"{file.stem}.{kind.partition(':')[0]}" for file in files]
