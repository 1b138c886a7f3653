from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zi_eval.formats import is_formula_like, pack, render_csv, render_json, unpack

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part) | st.lists(part).map(tuple) | st.dictionaries(st.text(), part),
)


@pytest.mark.parametrize("text", ["=1+1", "+62", "-5", "@a", "\t=1", "\r=1", "\uff1d1", "\uff20a"])
def test_a_text_that_begins_like_a_formula_is_kept_from_being_run(text: str) -> None:
    assert is_formula_like(text)
    assert render_csv([["aman", text]]).startswith(("aman;'", "aman;\"'"))


def test_numbers_of_a_csv_are_written_as_indonesian_spreadsheets_read_them() -> None:
    rows = [["a", "b"], [-1.25, None], [3, "x;y"]]
    assert render_csv(rows) == 'a;b\r\n-1,25;\r\n3;"x;y"\r\n'
    assert render_csv(rows[:1], "\n") == "a;b\n"


@given(JSON_VALUES, st.booleans())
def test_json_is_written_as_the_standard_library_writes_it(value: object, is_sorted: bool) -> None:
    usual = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=is_sorted)
    assert render_json(value, is_sorted=is_sorted) == usual


def test_the_same_files_make_the_same_archive_which_tells_no_time() -> None:
    files = {"b/dua.txt": b"dua" * 99, "a.xml": b"<a/>"}
    data = pack(files.items(), mode=0o644)
    assert data == pack(files.items(), mode=0o644)
    assert list(unpack(data)) == list(files.items())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = {(entry.date_time, entry.external_attr >> 16) for entry in archive.infolist()}
    assert told == {((1980, 1, 1, 0, 0, 0), 0o644)}
