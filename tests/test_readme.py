"""The README says what the product does: its commands exist and its examples are valid."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from zi_eval.cli.commands import cli
from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.instruments import load_rules
from zi_eval.period.unit_file import parse_unit
from zi_eval.yaml_files.source import parse_yaml


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def test_every_command_and_option_of_the_readme_exists(readme: str) -> None:
    found = re.findall(r"zi-eval ([a-z]+)([^`\n]*)", readme)
    assert {name for name, _ in found} == set(cli.commands)
    for name, rest in found:
        command = cli.commands[name]
        for word in rest.split():
            if not isinstance(command, click.Group) or not re.fullmatch("[a-z]+", word):
                break
            assert word in command.commands, (name, rest)
            command = command.commands[word]
        options = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest)) <= options, (name, rest)


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


def test_the_overlay_of_the_readme_changes_what_it_says(readme: str, tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(id: kabupaten-kami.*?)```", readme, re.DOTALL)
    assert example is not None
    path = tmp_path / "aturan.yaml"
    path.write_text(example[1], encoding="utf-8")
    overlay = load_rules("zi-2021", overlay=path)
    assert (overlay.id, overlay.base) == ("kabupaten-kami-2026", "permenpanrb-90-2021")
    needs = {rule.id: rule.need["WBK"].points for rule in overlay.rules}
    assert (needs["total"], needs["A"]) == (78, 40)


def test_pictures_and_links_of_the_readme_exist(readme: str, root: Path) -> None:
    for target in re.findall(r"\]\((?!http|#)([^)]+)\)", readme):
        assert (root / target).exists(), target
