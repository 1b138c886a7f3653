from __future__ import annotations

import re
from dataclasses import replace

from tests.pages.agency.test_sections import Outline
from tests.pages.builders import MADE
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Problem, Severity
from zi_eval.pages.failure_log import (
    FailedCell,
    FailureLog,
    render_failure_log,
)

EVIL = '<script>alert("x")</script>'
LOG = FailureLog(
    unit="dinas-a",
    period="2026",
    stage=Stage.TPI,
    unit_file="parameters/2026/dinas-a.yaml",
    report_notebook="notebooks/laporan_unit.ipynb",
    error="Prosesnya mati dua kali, disisihkan.",
    made=MADE,
)
CELL = FailedCell("[14]", f"# {EVIL}", f"{'-' * 75}\nKeyError      Traceback (last)\n{EVIL}")


def text_of(html: str) -> str:
    body = html.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_page_says_it_is_no_report_and_loads_nothing() -> None:
    html = render_failure_log(replace(LOG, cell=CELL, executed="dinas-a.gagal.ipynb"))
    assert "<title>Laporan gagal dibuat · dinas-a · 2026</title>" in html
    assert "Halaman ini catatan kegagalan, bukan laporan" in html
    outline = Outline(html.replace("<!doctype html>", ""))
    assert "script" not in outline.tags
    assert outline.links == ["#isi", "index.html", "dinas-a.gagal.ipynb"]
    assert "default-src 'none'" in html
    assert "5 Januari 2026 pukul 14.05 WIB" in html
    assert html == render_failure_log(replace(LOG, cell=CELL, executed="dinas-a.gagal.ipynb"))


def test_what_a_cell_or_an_error_says_is_shown_as_text() -> None:
    html = render_failure_log(replace(LOG, error=EVIL, cell=CELL))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 3


def test_every_problem_of_a_file_is_listed_by_line() -> None:
    file = LOG.unit_file
    problems = [
        Problem(code="a", message="kunci 'x' tidak dikenal.", file=file, line=90),
        Problem(code="b", message="tidak ada.", hint="Tambahkan.", file=file, line=7, key="A.I"),
        Problem(code="c", message="kosong.", severity=Severity.WARNING, file=file, line=8),
        Problem(code="d", message="aturan tidak ada.", file="parameters/2026/instansi.yaml"),
    ]
    text = text_of(render_failure_log(replace(LOG, error="\n".join(map(str, problems)))))
    places = [text.index(part) for part in ("aturan tidak ada", "Baris 7", "Baris 8", "Baris 90")]
    assert places == sorted(places)
    assert "3 kesalahan dan 1 perhatian di parameters/2026/dinas-a.yaml" in text
    assert "A.I: tidak ada. Tambahkan." in text
    assert "zi-eval check parameters/2026/dinas-a.yaml" in text


def test_the_next_steps_fit_the_failure() -> None:
    late = replace(LOG, is_late=True, error="Melewati batas waktu 5 detik (--timeout).")
    assert "--timeout" in text_of(render_failure_log(late)).partition("Langkah berikutnya")[2]
    assert "sedang berjalan ketika waktunya habis" in text_of(
        render_failure_log(replace(late, cell=CELL))
    )
    cell = text_of(render_failure_log(replace(LOG, cell=CELL)))
    assert "Notebook berhenti pada sel [14]" in cell
    assert "notebooks/laporan_unit.ipynb" in cell
    died = text_of(render_failure_log(replace(LOG, stage=Stage.UNIT)))
    assert "Prosesnya mati dua kali" in died
    assert "--memory" in died
    assert "zi-eval run dinas-a --period 2026 --stage unit" in died


def test_a_long_traceback_keeps_its_two_ends() -> None:
    traceback = "\n".join(f"baris-{n}." for n in range(1000))
    html = render_failure_log(replace(LOG, cell=replace(CELL, traceback=traceback)))
    assert "baris-0." in html
    assert "baris-999." in html
    assert "baris-500." not in html
    assert "880 baris tidak ditampilkan" in html
