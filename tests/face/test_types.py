"""A user's own project sees the types of the face: mypy strict takes what is right, no more."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sample import copy_sample

HERE = Path(__file__).parent / "typed"


def test_a_typed_script_runs(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    runpy.run_path(str(HERE / "inspect_units.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert "Penguatan" in said or "Penataan" in said or "Manajemen" in said


@pytest.mark.long
def test_a_script_without_a_guard_saves_reports_and_makes_a_run(tmp_path: Path) -> None:
    home = copy_sample(tmp_path / "zi", "bapenda", plans=["bapenda"])
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio\n\nimport zi_eval as zi\n\n\n"
        "async def main():\n"  # as in a notebook, where a loop runs already
        "    p = zi.open_period('2026')\n"
        "    p['bapenda'].report().save('x.html')\n"
        "    p.report().save('rekap.html')\n"
        "    print(len(p.run(jobs=1).results))\n\n\n"
        "asyncio.run(main())\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, script], cwd=home, capture_output=True, text=True)
    assert done.stdout == "1\n", done.stderr
    unit, outputs = (home / "x.html").read_text("utf-8"), home / "outputs" / "2026"
    made = (outputs / "bapenda.html").read_text("utf-8")
    assert "zi-section" not in unit
    assert unit.count("<section") == made.count("<section")
    assert (home / "rekap.html").is_file()


@pytest.mark.long
def test_mypy_strict_sees_the_types_of_the_face(root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "mypy", "--strict", "--config-file", "",
            "--cache-dir", tmp_path, "--follow-imports", "silent",
            HERE / "inspect_units.py", HERE / "wrong.py",
        ],
        cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert all("wrong.py" in line for line in errors), done.stdout
    found = [(int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]")) for line in errors]
    source = (HERE / "wrong.py").read_text("utf-8").splitlines()
    wanted = [
        (number, line.partition("# ")[2])
        for number, line in enumerate(source, start=1)
        if "  # " in line
    ]
    assert found == wanted
