"""One grammar: every command has an example, speaks Indonesian, and takes units in three forms."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.sample import ROOT, copy_sample, run_command
from zi_eval.cli.commands import cli
from zi_eval.cli.words import RENAMED, Group
from zi_eval.journal.fields import Person, Role
from zi_eval.journal.store import AnswerStore

ENGLISH = re.compile(
    r"Usage|Options:|Commands|Show this|INTEGER|FLOAT|TEXT|\bPATH\b|DIRECTORY|\[default|required\]"
    r"|unexpected|No such|Missing|Invalid|requires|does not|is not|Error|argument\b"
)
WIDEST = 100


def walk(group: click.Group, path: str = "zi-eval") -> Iterator[tuple[str, click.Command]]:
    """Return all commands with the words that call them."""
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from walk(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.fixture(scope="module")
def sample_2026(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sample(tmp_path_factory.mktemp("zi"), "dpmptsp", "bapenda")


COMMANDS = dict(walk(cli))
WITH_UNITS = [
    path for path, command in COMMANDS.items() if any(p.name == "units" for p in command.params)
]


@pytest.mark.parametrize("path", COMMANDS)
def test_help_is_indonesian_fits_and_its_examples_are_of_the_command(path: str) -> None:
    words = [*path.split()[1:], "--help"]
    text = CliRunner().invoke(cli, words, prog_name="zi-eval", terminal_width=WIDEST).output
    assert text.startswith(f"Pemakaian: {path}")
    assert not ENGLISH.search(text), ENGLISH.findall(text)
    assert max(map(len, text.splitlines())) <= WIDEST
    assert re.search(rf"Contoh:\n(.*\n)*? +{path}\b", text)


def test_whatever_concerns_units_takes_them_and_a_period_and_a_folder() -> None:
    of_units = {
        *("run", "status", "score", "check", "export", "history", "restore", "improve", "trend"),
        *("calibrate", "lhe", "kinerja check", "kinerja show", "survei check", "survei show"),
        "survei report",
        *("explain", "evidence check", "portal check", "proposal"),
        *("rencana seed", "rencana check", "rencana show", "rencana report"),
        *("tindak-lanjut check", "tindak-lanjut show", "tindak-lanjut add"),
    }
    assert set(WITH_UNITS) == {f"zi-eval {name}" for name in of_units}
    for path in WITH_UNITS:
        names = {option for p in COMMANDS[path].params for option in p.opts}
        assert {"units", "--period", "--folder"} <= names, path
        (units,) = (p for p in COMMANDS[path].params if p.name == "units")
        assert units.nargs == -1
        assert not units.required


@pytest.mark.parametrize("path", WITH_UNITS)
def test_a_wrong_unit_names_the_nearest_and_the_newest_period_is_told(
    path: str, sample_2026: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = COMMANDS[path].callback
    assert command is not None
    # Which take an id, a file and a folder alike: see test_chosen.
    assert {"choose_units", "choose_tables", "choose_files"} & set(command.__code__.co_names)
    assert run_command(*path.split()[1:], "dpmtsp", "--folder", sample_2026) == 1
    said = capsys.readouterr().err
    assert "Mungkin maksudnya 'dpmptsp'" in said
    assert "Periode 2026 (yang terbaru" in said


def test_o_is_where_the_result_is_written_in_every_command() -> None:
    for path, command in COMMANDS.items():
        for option in command.params:
            if "-o" in option.opts or option.name == "output":
                assert option.name == "output", path
                assert {"-o", "--output"} <= set(option.opts) or getattr(option, "hidden", False)


ANSWERS = {
    "score bapenda": "zi-eval improve bapenda",
    "check bapenda": "zi-eval run",
    "improve dpmptsp": "zi-eval lab",
    "trend dpmptsp": "zi-eval trend dpmptsp -o tren.html",
    "calibrate": "zi-eval calibrate -o kalibrasi.html",
    "lhe dpmptsp": "zi-eval export dpmptsp -o LKE-dpmptsp.xlsx",
    "export dpmptsp -o LKE.xlsx": "zi-eval audit LKE.xlsx",
    "import LKE.xlsx --unit baru": "zi-eval check",
    "audit LKE.xlsx --fix -o baik.xlsx": "zi-eval audit baik.xlsx",
    "history dpmptsp": "zi-eval restore dpmptsp --at 2026-05-20T14:30",
    "kinerja check": "zi-eval kinerja show",
    "kinerja show dpmptsp": "zi-eval lab --notebook isi_kinerja",
    "survei check": "zi-eval survei show",
    "survei show dpmptsp": "zi-eval score dpmptsp",
    "portal export": "zi-eval portal serve",
}


def test_every_answer_ends_with_the_next_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_sample(tmp_path, "dpmptsp", "bapenda", plans=("dpmptsp",))
    (home / "parameters" / "2026" / "survei").mkdir()
    shutil.copytree(ROOT / "parameters" / "2025", home / "parameters" / "2025")
    survey = "parameters/2026/survei/dpmptsp.ipak.csv"
    shutil.copy(ROOT / survey, home / survey)
    monkeypatch.chdir(home)
    unit = home / "parameters" / "2026" / "dpmptsp.yaml"
    AnswerStore.open(unit, Person("Sari", Role.UNIT)).close()  # begins its journal
    for line, follows in ANSWERS.items():
        assert run_command(*line.split()) in (0, None), line
        said = capsys.readouterr().err.splitlines()
        assert said[-1].startswith(f"Berikutnya: {follows}"), (line, said)


def test_names_with_spaces_are_quoted_in_the_next_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_sample(tmp_path, "dpmptsp")
    (home / "parameters" / "2026").rename(home / "parameters" / "2026 final")
    monkeypatch.chdir(home)
    assert run_command("check", "--period", "2026 final") == 0
    assert '"2026 final"' in capsys.readouterr().err.splitlines()[-1]


def test_old_names_work_and_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("--help") == 0
    shown = capsys.readouterr().out
    for old, new in RENAMED.items():
        assert not re.search(rf"^ +{old}\b", shown, re.MULTILINE)
        assert run_command(old, "--help") == 0
        assert f"zi-eval {new} dpmptsp" in capsys.readouterr().out


def test_help_groups_all_commands_by_who_uses_them() -> None:
    assert isinstance(cli, Group)
    assert [*cli.sections] == ["Unit", "TPI", "Inspektorat", "Administrator"]
    shown = [name for names in cli.sections.values() for name in names]
    assert sorted(shown) == sorted(cli.commands)
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("scor", "Perintah 'scor' tidak ada. Mungkin maksudnya 'score'"),
        ("kinerja chek", "Mungkin maksudnya 'check'"),
        ("zzz", "Perintah 'zzz' tidak ada."),
        ("score --jsn", "Pilihan --jsn tidak dikenal. Mungkin maksudnya '--json'"),
        ("init a b", "Ada kata yang berlebih: b."),
        ("init", "DIR wajib diisi."),
        ("score x --period", "--period memerlukan nilai."),
        ("score x --json=1", "--json tidak memakai nilai."),
        ("score x --stage TPX", "Nilai untuk --stage tidak sah: 'TPX' tidak dikenal; pilih"),
        ("run --jobs dua", "Nilai untuk --jobs tidak sah: 'dua' bukan bilangan bulat."),
        ("run --jobs 0", "Nilai untuk --jobs tidak sah: 0 di luar rentang 1<=x<=64."),
        ("run --timeout x", "Nilai untuk --timeout tidak sah: 'x' bukan bilangan."),
        ("import x --unit A", "Nilai untuk --unit tidak sah: pakai huruf kecil"),
        ("kinerja template -o x.pdf", "Nilai untuk -o / --output tidak sah: beri nama"),
    ],
)
def test_a_wrong_line_is_told_in_indonesian_with_its_option_and_the_nearest(
    line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(*line.split()) == 2
    said = capsys.readouterr().err
    assert says in said
    assert not ENGLISH.search(said), said


def test_a_group_without_a_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("portal",), ("portal", "token")):
        assert run_command(*words) == 2
        said = capsys.readouterr().err
        assert said.startswith("Pemakaian: ")
        assert "Salah" not in said
