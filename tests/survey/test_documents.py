"""The survey documents: the report for Word and as a page, and the page to put up."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import docx
import lxml.html
import pytest
from docx.oxml.ns import qn

from tests.sample import copy_sample, run_command
from zi_eval.period.reading import Period
from zi_eval.survey.load import load_surveys
from zi_eval.survey.page.poster import render_poster
from zi_eval.survey.unit import UnitSurveys
from zi_eval.survey.write import load_earlier_indices, write_survey_documents

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a period with one survey, and the same one in the year before."""
    copy_sample(tmp_path, "dpmptsp", years=("2025", "2026"))
    for year in ("2025", "2026"):
        folder = tmp_path / "parameters" / year / "survei"
        folder.mkdir()
        for name in ("dpmptsp.ipak.csv", "ipak.yaml"):
            shutil.copy(ROOT / "parameters" / "2026" / "survei" / name, folder)
    return tmp_path / "parameters" / "2026"


def text_of(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join(
        "".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))
    ).replace("\u00a0", " ")


def test_report_says_method_results_weakest_and_trend(home: Path, tmp_path: Path) -> None:
    word, page, _ = write_survey_documents(home, "dpmptsp", tmp_path / "out")
    html = " ".join(lxml.html.fromstring(page.read_text("utf-8")).text_content().split())
    for text in (text_of(word.read_bytes()), html.replace("\u00a0", " ")):
        for said in (
            "96; diminta sedikitnya 30",
            "1840",
            "Percaloan",
            "IPAK menurut periode",
            "[Isi: profil responden]",
        ):
            assert said in text
    assert load_earlier_indices(Period.read(home), "dpmptsp").keys() == {"ipak"}


def test_no_respondent_can_be_told_from_the_documents(home: Path, tmp_path: Path) -> None:
    paths = write_survey_documents(home, "dpmptsp", tmp_path / "out")
    result = load_surveys(home, "dpmptsp").results[0]
    comments = [item.comment for item in result.data.given if len(item.comment) > 15]
    texts = [text_of(paths[0].read_bytes()), *(p.read_text("utf-8") for p in paths[1:])]
    assert comments
    assert not any(comment in text for comment in comments for text in texts)


def test_the_page_to_put_up_needs_nothing_else_and_escapes(home: Path) -> None:
    surveys = load_surveys(home, "dpmptsp")
    html = render_poster(surveys, "2026")
    root = lxml.html.fromstring(html)
    assert root.get("lang") == "id"
    assert [h.text_content() for h in root.iter("h2")] == [surveys.results[0].survey.title]
    assert not root.xpath("//script | //link | //img")
    assert "90,99" in html
    bad = "<script>alert(1)</script>"
    shown = render_poster(UnitSurveys("x", bad, (), agency=bad, remark=bad), bad)
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 6


def test_the_command_writes_them_and_never_over_what_is_there(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home.parent.parent
    assert run_command("survei", "report", "dpmptsp", "--folder", folder) == 0
    made = sorted(p.name for p in (folder / "outputs" / "2026").iterdir())
    assert made == ["dpmptsp.survei-poster.html", "dpmptsp.survei.docx", "dpmptsp.survei.html"]
    assert run_command("survei", "report", "dpmptsp", "--folder", folder) == 1
    assert "sudah ada" in capsys.readouterr().err
