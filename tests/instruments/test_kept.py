"""What was found of a packaged instrument is kept, and never outlives the files it was found in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zi_eval.doubts.packaged import CONTRADICTIONS_FILE, load_contradictions
from zi_eval.doubts.rules_file import read_contradictions
from zi_eval.instruments import load_instrument, load_portal_ids, load_rules, load_workbook_layouts
from zi_eval.instruments.folders import available_instruments, instrument_folder
from zi_eval.instruments.kept import load_kept
from zi_eval.instruments.loader import load_all
from zi_eval.survey.definition_file import read_packaged
from zi_eval.survey.definitions import available_surveys, load_survey


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


class Reader:
    """Counts how often a value is read."""

    def __init__(self, value: object) -> None:
        self.value, self.count = value, 0

    def __call__(self) -> object:
        self.count += 1
        return self.value


@pytest.mark.usefixtures("writing")
def test_a_value_is_read_once_for_a_state_of_the_files(tmp_path: Path) -> None:
    reader = Reader({"A.I": 1})
    for _ in range(3):
        assert load_kept(tmp_path / "kept", "a", "0" * 8, reader) == {"A.I": 1}
    assert reader.count == 1


@pytest.mark.usefixtures("writing")
def test_another_state_is_read_anew_and_the_old_one_taken_away(tmp_path: Path) -> None:
    load_kept(tmp_path, "a", "0" * 8, Reader(1))
    other = Reader(2)
    assert load_kept(tmp_path, "a", "1" * 8, other) == 2
    assert other.count == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a-11111111.kept"]


@pytest.mark.usefixtures("writing")
@pytest.mark.parametrize("damage", [b"", b"\x80", b"not a pickle", b"\x80\x04cnowhere\nnothing\n."])
def test_a_damaged_file_is_read_anew(tmp_path: Path, damage: bytes) -> None:
    load_kept(tmp_path, "a", "0" * 8, Reader(1))
    (tmp_path / "a-00000000.kept").write_bytes(damage)
    assert load_kept(tmp_path, "a", "0" * 8, Reader(1)) == 1
    again = Reader(1)
    load_kept(tmp_path, "a", "0" * 8, again)
    assert again.count == 0


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load_kept(tmp_path, "a", "0" * 8, Reader(1))
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("writing")
@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_what_one_person_kept_others_read_as_they_read_the_modules(tmp_path: Path) -> None:
    (tmp_path / "module.py").touch()
    load_kept(tmp_path, "a", "0" * 8, Reader(1))
    assert {path.stat().st_mode for path in tmp_path.iterdir()} == {
        (tmp_path / "module.py").stat().st_mode
    }


@pytest.mark.usefixtures("writing")
def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert load_kept(tmp_path / "file" / "kept", "a", "0" * 8, Reader(1)) == 1


@pytest.mark.usefixtures("writing")
def test_what_fails_is_not_kept(tmp_path: Path) -> None:
    def fail() -> object:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        load_kept(tmp_path, "a", "0" * 8, fail)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", available_instruments())
def test_what_is_kept_equals_what_the_loader_finds(name: str) -> None:
    fresh = load_all(name, instrument_folder(name))
    assert load_instrument(name) == fresh.instrument
    assert load_rules(name).id == fresh.rules
    if fresh.layouts:
        assert load_workbook_layouts(name) == fresh.layouts
        assert load_portal_ids(name) == fresh.portal_ids
    file = instrument_folder(name) / CONTRADICTIONS_FILE
    assert load_contradictions(fresh.instrument) == read_contradictions(fresh.instrument, file)


def test_surveys_that_are_kept_equal_what_their_files_hold() -> None:
    assert {key: load_survey(key) for key in available_surveys()} == read_packaged()


def test_once_kept_no_definition_is_checked_again_and_what_is_settled_needs_no_numpy(
    folder: Path,
) -> None:
    assert list((folder / "parameters" / "2026" / "survei").glob("*.yaml"))  # the team's own
    code = (
        "import sys\n"
        "from zi_eval.case import load_case\n"
        "case = load_case('parameters/2026/puskesmas-sukamaju.yaml')\n"
        "assert case.evaluation.target.status and case.earlier\n"
        "is_light = 'numpy' not in sys.modules\n"
        "assert load_case('parameters/2026/dpmptsp.yaml').surveys.results\n"
        "print(is_light, 'pydantic' not in sys.modules)\n"
    )
    said = []
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        said.append(result.stdout.splitlines()[-1])
    assert said[1] == "True True"
