"""The README says what the product does: its commands exist and its examples are valid."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click
import pytest

from zi_eval.cli.commands import cli
from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.period.unit_file import parse_unit
from zi_eval.yaml_files.source import parse_yaml

README = (
    "README.md", "notebooks/README.md", "outputs/README.md", "parameters/README.md",
    "zi_eval/README.md", "zi_eval/app/README.md", "zi_eval/cli/README.md",
    "zi_eval/portal/README.md", "zi_eval/runs/README.md",
)  # fmt: skip


@pytest.fixture(scope="module")
def readmes(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text(encoding="utf-8") for name in README}


@pytest.fixture(scope="module")
def readme(readmes: dict[str, str]) -> str:
    return readmes["parameters/README.md"]


def test_the_first_page_is_read_in_a_few_minutes(readmes: dict[str, str]) -> None:
    assert len(readmes["README.md"].splitlines()) <= 150


def test_every_command_and_option_of_the_readmes_exists(readmes: dict[str, str]) -> None:
    found = re.findall(r"zi-eval ([a-z][a-z-]*)([^`\n]*)", "\n".join(readmes.values()))
    shown = {name for name, command in cli.commands.items() if not command.hidden}
    assert {name for name, _ in found} - set(cli.commands) == set()
    assert shown - {name for name, _ in found} == set()
    for name, rest in found:
        command = cli.commands[name]
        for word in rest.split():
            if word in getattr(command, "words", {}):
                command = command.words[word]
                continue
            if not isinstance(command, click.Group) or not re.fullmatch("[a-z]+", word):
                break
            assert word in command.commands, (name, rest)
            command = command.commands[word]
        options = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest)) <= options, (name, rest)


def test_the_python_of_the_first_page_runs(
    readmes: dict[str, str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", readmes["README.md"], re.DOTALL)
    shutil.copytree(root / "parameters", tmp_path / "parameters")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(code, names)
    assert "Penanaman Modal" in (tmp_path / "dpmptsp.html").read_text(encoding="utf-8")


def test_the_unit_file_of_the_readme_is_valid(
    readme: str, instrument: Instrument, rules: RuleSet
) -> None:
    example = re.search(r"```yaml\n(id: dinas-kesehatan.*?)```", readme, re.DOTALL)
    assert example is not None
    source = parse_yaml(example[1].encode(), "dinas-kesehatan.yaml")
    reading = parse_unit(source, instrument, rules, "2026")
    assert reading.problems == ()
    assert reading.assessment is not None
    assert len(reading.assessment.answers) == 5


def test_the_example_of_criteria_is_valid_but_for_what_it_proposes(readmes: dict[str, str]) -> None:
    example = re.search(
        r"```yaml\n(jawaban:\n  2.a: B.*?)```", readmes["parameters/README.md"], re.DOTALL
    )
    assert example is not None
    head = "id: dinas-uji\nnama: Dinas Uji\ninstrumen: akip-2021\n"
    source = parse_yaml((head + example[1]).encode(), "dinas-uji.yaml")
    reading = parse_unit(source, load_instrument("akip-2021"), load_rules("akip-2021"), "2026")
    assert reading.assessment is not None, reading.problems
    assert list(reading.assessment.criteria) == ["2.a.1", "2.a.2"]


def test_the_overlay_of_the_readme_changes_what_it_says(readme: str, tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(id: kabupaten-kami.*?)```", readme, re.DOTALL)
    assert example is not None
    path = tmp_path / "aturan.yaml"
    path.write_text(example[1], encoding="utf-8")
    overlay = load_rules("zi-2021", overlay=path)
    assert (overlay.id, overlay.base) == ("kabupaten-kami-2026", "permenpanrb-90-2021")
    needs = {rule.id: rule.need["WBK"].points for rule in overlay.rules}
    assert (needs["total"], needs["A"]) == (78, 40)


def test_pictures_and_links_of_the_readmes_exist(readmes: dict[str, str], root: Path) -> None:
    for name, text in readmes.items():
        for target in re.findall(r"\]\((?!http|#)([^)]+)\)", text):
            assert ((root / name).parent / target).exists(), (name, target)
