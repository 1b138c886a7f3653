"""YAML files read with their lines; whatever is wrong is a problem with a place, never a crash."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zi_eval.yaml_files import source as yaml_source
from zi_eval.yaml_files.source import MAX_BYTES, Source, parse_yaml, read_yaml


def parse(text: str) -> Source:
    return parse_yaml(text.encode(), "unit.yaml")


def test_keys_are_always_text() -> None:
    source = parse("1: a\nYa: b\nnull: c\n1.50: d\ntrue: e\n")
    assert source.value == {"1": "a", "Ya": "b", "null": "c", "1.50": "d", "true": "e"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("~", None),
        ("null", None),
        ("", None),
        ("true", True),
        ("False", False),
        ("7", 7),
        ("-7", -7),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("3.62", 3.62),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("ya", "ya"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("2026-05-31", "2026-05-31"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("3,62", "3,62"),
        ("0b11", "0b11"),
        ("-", "-"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("''", ""),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_plain_scalars_follow_the_core_schema_only(text: str, value: object) -> None:
    source = parse(f"a: {text}\n") if text != "-" else parse("a: '-'\n")
    assert not source.problems
    assert source.value == {"a": value}
    assert type(source.value["a"]) is type(value)


def test_a_scalar_keeps_its_own_text() -> None:
    source = parse("a: 007\nb: [1.50, 'x']\n")
    assert source.texts == {("a",): "007", ("b", 0): "1.50", ("b", 1): "x"}


def test_lines_are_those_of_the_keys_and_items() -> None:
    source = parse("# head\na:\n  b: 1\n  c:\n    - x\n    -\n      d: 2\n")
    assert source.line(()) == 2
    assert source.line(("a", "b")) == 3
    assert source.line(("a", "c")) == 4
    assert source.line(("a", "c", 0)) == 5
    assert source.line(("a", "c", 1, "d")) == 7


def test_line_falls_back_to_the_nearest_known_ancestor() -> None:
    source = parse("a: 1\nb:\n  c: 1\n")
    assert source.line(("b", "c", "x", 3)) == 3
    assert source.line(("z",)) == 1
    assert Source("x").line(("a",)) is None


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\xef\xbb\xbfa: \xc3\xa9\n", {"a": "é"}),
        ("a: é\n".encode("utf-16"), {"a": "é"}),
        (b"\xfe\xff" + "a: é\n".encode("utf-16-be"), {"a": "é"}),
        (b"a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
    ],
)
def test_bom_utf16_and_crlf_are_accepted(data: bytes, value: object) -> None:
    source = parse_yaml(data, "a.yaml")
    assert source.value == value
    assert not source.problems
    assert source.sha256 == hashlib.sha256(data).hexdigest()


BROKEN = [
    ("a: 1\nb: 2\na: 3\n", "kunci-ganda", 3, "baris 1 dan 3"),
    ("a:\n  x: 1\n  x: 2\n", "kunci-ganda", 3, "baris 2 dan 3"),
    ("a: 1\n\tb: 2\n", "bukan-yaml", 2, "TAB"),
    ("a:\n\t- b\n", "bukan-yaml", 2, "TAB"),
    ("x: 1\na: Catatan: lengkap\n", "bukan-yaml", 2, "tanda kutip"),
    ("x: 1\na: 'tak ditutup\nb: 2\n", "bukan-yaml", 2, "tidak ditutup"),
    ("a: [1, 2\nb: 3\n", "bukan-yaml", 1, "kurung"),
    ("a: @x\n", "bukan-yaml", 1, "tanda kutip"),
    ("a: * x\n", "bukan-yaml", 1, "tanda kutip"),
    ("a: - x\n", "bukan-yaml", 1, "'- '"),
    ("a:\n  b: 1\n c: 2\n", "bukan-yaml", 3, "spasi"),
    ("%YAML 9.9\n---\na: 1\n", "bukan-yaml", 1, "YAML"),
    ("{a: 1} {b: 2}\n", "akar-banyak", 1, "satu akar"),
    ("a: 1\n---\nb: 2\n", "dokumen-banyak", 2, "---"),
    ("a: &x 1\n", "jangkar", 1, "tidak diterima"),
    ("x: 1\na: *y\n", "jangkar", 2, "tidak diterima"),
    ("a: !!python/object/apply:os.system [echo]\n", "tag", 1, "tidak diterima"),
    ("a: !!str 5\n", "tag", 1, "tidak diterima"),
    ("", "berkas-kosong", 1, "kosong"),
    ("# hanya komentar\n", "berkas-kosong", 1, "kosong"),
    ("a: 1\n? [b, c]\n: d\n", "kunci-bukan-teks", 2, "kunci harus teks"),
    ("a: 1\n'': d\n", "kunci-kosong", 2, "tanpa kunci"),
    ("- " * 100 + "x", "terlalu-dalam", 1, "40 tingkat"),
    ("[" * 100 + "]" * 100, "terlalu-dalam", 1, "40 tingkat"),
    ("a: 1\nb: " + "9" * 5000, "angka-terlalu-panjang", 2, "tanda kutip"),
    ("a: 1\nb: x\x00y\n", "karakter-terlarang", 2, "U+0000"),
]


@pytest.mark.parametrize(("text", "code", "line", "words"), BROKEN)
def test_a_broken_file_is_a_problem_with_its_line(
    text: str, code: str, line: int, words: str
) -> None:
    source = parse(text)
    problem = source.problems[0]
    assert (problem.code, problem.file, problem.line) == (code, "unit.yaml", line)
    assert words in f"{problem.message} {problem.hint}"


def test_all_problems_are_collected() -> None:
    source = parse("a: 1\na: 2\nb: !x y\nc: *d\ne: 'open\n")
    codes = [problem.code for problem in source.problems]
    assert codes == ["kunci-ganda", "tag", "jangkar", "bukan-yaml"]


def test_the_first_of_two_equal_keys_stands() -> None:
    assert parse("a: 1\na: {b: 2}\nc: 3\n").value == {"a": 1, "c": 3}


def test_aliases_are_never_expanded() -> None:
    rows = ["a0: &a0 [x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    source = parse("\n".join(rows))
    assert {problem.code for problem in source.problems} == {"jangkar"}
    assert len(source.problems) <= yaml_source.MAX_PROBLEMS + 1


def test_bytes_that_are_no_utf8_are_named_with_their_line() -> None:
    problem = parse_yaml(b"a: 1\nb: \xff\n", "u.yaml").problems[0]
    assert (problem.code, problem.line) == ("bukan-utf8", 2)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "besar.yaml"
    path.write_bytes(b"a" * (MAX_BYTES + 1))
    problem = read_yaml(path).problems[0]
    assert problem.code == "terlalu-besar"
    assert "4 MB" in problem.message


@pytest.mark.parametrize("name", ["tidak-ada.yaml", ".", "a\0b"])
def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path, name: str) -> None:
    source = read_yaml(tmp_path / name)
    assert source.value is None
    assert source.sha256 == ""
    assert [problem.code for problem in source.problems] == ["berkas-tidak-terbaca"]
    assert source.problems[0].file == str(tmp_path / name)


@pytest.mark.parametrize(("text", "code", "line", "words"), BROKEN)
def test_the_pure_python_parser_finds_the_same(
    monkeypatch: pytest.MonkeyPatch, text: str, code: str, line: int, words: str
) -> None:
    monkeypatch.setattr(yaml_source, "_LOADER", yaml_source.yaml.SafeLoader)
    problem = parse(text).problems[0]
    assert (problem.code, problem.line) == (code, line)


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    parse_yaml(text.encode("utf-8", "replace"), "x.yaml")


@given(st.text(alphabet=" \n-:[]{}'\"#&*!?|>%@a1,\t", max_size=60))
def test_no_yaml_like_text_raises_and_nothing_is_silently_lost(text: str) -> None:
    source = parse_yaml(text.encode(), "x.yaml")
    assert source.value is not None or source.problems


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    parse_yaml(data, "x.yaml")
