"""The shortest way on the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.sample import copy_sample, run_command
from zi_eval.improvement.effort_file import load_effort
from zi_eval.improvement.way import find_improvement
from zi_eval.period.evaluations import load_evaluation


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_sample(tmp_path, "dpmptsp", "dinas-dukcapil", "rsud-harapan")


def run(folder: Path, *arguments: str) -> int:
    return run_command("jalan", *arguments, "--folder", folder)


def read_json(text: str) -> Any:
    return json.loads(text)


def test_help_is_indonesian_and_has_examples(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--help") == 0
    text = capsys.readouterr().out
    assert "Pemakaian:" in text
    assert "Contoh:" in text
    assert not re.search(r"Usage|Options|Show this message", text)


def test_the_way_is_that_of_the_core(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "dinas-dukcapil", "--json") == 0
    (shown,) = read_json(capsys.readouterr().out)
    evaluation = load_evaluation(folder / "parameters" / "2026" / "dinas-dukcapil.yaml")
    loaded = load_effort(evaluation.instrument)
    way = find_improvement(evaluation, loaded.effort, limits=loaded.limits).way
    assert way is not None
    assert way.moves
    assert shown["jalan"]["upaya"] == way.effort
    assert [item["pertanyaan"] for item in shown["jalan"]["jawaban"]] == [
        move.question.id for move in way.moves
    ]
    assert run(folder, "dinas-dukcapil") == 0
    text = capsys.readouterr().out
    assert f"naikkan {len(way.moves)} jawaban" in text
    for move in way.moves:
        assert re.search(rf"^ +{re.escape(move.question.id)} .* → ", text, re.MULTILINE)


def test_several_units_are_shown_each_to_its_own_goal_or_all_to_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "dpmptsp", "rsud-harapan", "--json") == 0
    assert [x["predikat"] for x in read_json(capsys.readouterr().out)] == ["WBBM", "WBK"]
    assert run(folder, "dpmptsp", "rsud-harapan", "--target", "WBBM", "--json") == 0
    assert [x["predikat"] for x in read_json(capsys.readouterr().out)] == ["WBBM", "WBBM"]


def test_what_a_limit_makes_impossible_is_proved_and_ends_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "rsud-harapan", "--limit", "B.I.a=tetap") == 1
    text = capsys.readouterr().out
    assert "WBK tidak dapat dicapai dengan batas yang ditetapkan" in text
    assert "Cukup longgarkan satu batas saja: B.I.a." in text
    assert run(folder, "rsud-harapan", "--limit", "B.I.a=tetap", "--json") == 1
    (shown,) = read_json(capsys.readouterr().out)
    assert shown["jalan"] is None
    assert shown["tidak_terjangkau"]["cukup_dilepas"] == ["B.I.a"]


def test_a_fixed_answer_counts_and_is_marked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "rsud-harapan", "--fix", "B.I.a=3,7", "--json") == 0
    (shown,) = read_json(capsys.readouterr().out)
    (move,) = shown["jalan"]["jawaban"]
    assert (move["pertanyaan"], move["menjadi"], move["ditetapkan"]) == ("B.I.a", 3.7, True)
    assert run(folder, "rsud-harapan", "--fix", "B.I.a=3.7") == 0
    assert "3,70 (ditetapkan)" in capsys.readouterr().out


def test_the_teams_own_file_is_kept_to(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = folder / "parameters" / "2026" / "upaya.yaml"
    own.write_text(
        "judul: perkiraan tim\nunit:\n  rsud-harapan: {B.I.a: tetap}\n", encoding="utf-8"
    )
    assert run(folder, "rsud-harapan") == 1
    assert run(folder, "dinas-dukcapil") == 0
    assert "Upaya: perkiraan tim" in capsys.readouterr().out
    own.write_text("judul: x\nbatas:\n  B.I.z: 1\n", encoding="utf-8")
    assert run(folder, "rsud-harapan") == 1
    said = capsys.readouterr()
    assert f"{own}:3: salah:" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["dpmtsp"], 1, "Mungkin maksudnya 'dpmptsp'"),
        (["dpmptsp", "--target", "WBX"], 1, "pilih salah satu: WBK, WBBM"),
        (["dpmptsp", "--limit", "A.II.9=1"], 1, "'A.II.9' tidak ada"),
        (["dpmptsp", "--limit", "A.II.2"], 2, "harus ditulis ID="),
        (["dpmptsp", "--limit", "A.II.2=-1"], 2, "tulis banyaknya langkah"),
        (["dpmptsp", "--fix", "A.I.1.i.b=Z"], 1, "jawaban 'Z' tidak ada"),
        (["dpmptsp", "--fix", "B.I.a=9"], 2, "angka dari 0 sampai 4"),
        (["dpmptsp", "--fix", "B.I.a=nan"], 2, "angka dari 0 sampai 4"),
        (["dpmptsp", "--fix", "A.II.5.ii.a=3"], 2, "isikan"),
        (["--target", "WBK"], 2, "memerlukan UNIT"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    assert run(folder, *arguments) == code
    said = capsys.readouterr()
    assert says in said.err
    assert said.out == ""


def test_without_units_the_step_that_helps_most_units_comes_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--json") == 0
    steps = read_json(capsys.readouterr().out)
    counts = [len(step["unit"]) for step in steps]
    assert counts == sorted(counts, reverse=True)
    assert set(steps[0]["unit"]) <= {"dinas-dukcapil", "rsud-harapan"}  # dpmptsp has its target
    assert run(folder) == 0
    text = capsys.readouterr().out
    assert text.index(steps[0]["pertanyaan"]) < text.index(steps[1]["pertanyaan"])
