"""The draft of a performance report: its figures, its marked places, and both of its formats."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import lxml.html
import pytest
from docx.oxml.ns import qn
from lxml import etree

from tests.performance.samples import indicator, plan, quarters, standing
from zi_eval.performance.comparison import PeerFigures
from zi_eval.performance.lkjip.document import hash_performance, lkjip_document
from zi_eval.performance.load import load_performance
from zi_eval.performance.plan import Accrual, Direction, Indicator
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import evaluate_plan
from zi_eval.report.documents.docx import render_document_docx
from zi_eval.report.documents.html import render_document_html
from zi_eval.report.made import Made

MADE = Made(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "1")
NO_BREAK = "\u00a0"
HEADINGS = (
    "KATA PENGANTAR",
    "PERNYATAAN TELAH DIREVIU",
    "IKHTISAR EKSEKUTIF",
    "BAB I PENDAHULUAN",
    "BAB II PERENCANAAN KINERJA",
    "BAB III AKUNTABILITAS KINERJA",
    "BAB IV PENUTUP",
    "LAMPIRAN 1 PERJANJIAN KINERJA 2026",
    "LAMPIRAN 2 PENGUKURAN KINERJA",
    "LAMPIRAN 3 ASAL DATA",
)


def whole(**fields: object) -> Indicator:
    """Return an indicator of a finished year with everything a report compares."""
    given: dict[str, object] = {
        "targets": (20.0, 40.0, 60.0, 80.0),
        "results": (21.0, 42.0, 63.0, 72.0),
        "earlier_results": {2024: 60.0, 2025: 70.0},
        "earlier_targets": {2025: 75.0},
        "renstra_target": 90.0,
        "national": 65.0,
        "ceiling": 200_000_000.0,
        "spent": 180_000_000.0,
        "cause": "Alat terlambat datang",
        "follow_up": "Pengadaan dimulai Januari",
        "due": date(2027, 1, 31),
    }
    return indicator(**(given | fields))


def data(*items: Indicator, **fields: object) -> UnitPerformance:
    return UnitPerformance(standing(*items), **fields)  # type: ignore[arg-type]


def word_text(content: bytes) -> str:
    """Return all text of the body as a reader sees it, cells apart by a line."""
    body = docx.Document(io.BytesIO(content)).element.body
    lines = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    return "\n".join(lines).replace(NO_BREAK, " ")


def page_text(html: str) -> str:
    root = lxml.html.fromstring(html)
    for style in root.iter("style"):
        style.text = ""
    return " ".join(root.text_content().replace(NO_BREAK, " ").split())


def both(given: UnitPerformance) -> tuple[str, str]:
    """Return the text of the page and of the Word document."""
    return (
        page_text(render_document_html(lkjip_document(given, MADE))),
        word_text(render_document_docx(lkjip_document(given, MADE))),
    )


def test_both_formats_have_the_chapters_of_the_regulation_as_real_headings() -> None:
    given = data(whole())
    document = docx.Document(io.BytesIO(render_document_docx(lkjip_document(given, MADE))))
    styled = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    page = lxml.html.fromstring(render_document_html(lkjip_document(given, MADE)))
    assert tuple(styled) == HEADINGS
    assert tuple(h.text_content() for h in page.xpath("//h2[not(@id='daftar-isi')]")) == HEADINGS


def test_every_point_the_regulation_compares_is_told_with_its_figures() -> None:
    # 72 of 80 is 90 %; of the Renstra's 90 it is 80 %; 180 of 200 million is 90 %, so nothing is
    # saved: (90 - 90) / 90 = 0.
    for text in both(data(whole())):
        assert "Dari target 80 orang terealisasi 72 orang; capaian 90,0 %, tidak tercapai." in text
        assert "Realisasi 2024: 60 orang; 2025: 70 orang." in text
        assert "Realisasi tahun ini lebih baik daripada tahun lalu." in text
        assert "Target akhir Renstra 90 orang." in text
        assert "mencapai 80,0 % dari target itu." in text
        assert "Standar nasional 65 orang." in text
        assert "lebih baik daripada standar nasional." in text
        assert "Sebab: Alat terlambat datang." in text
        assert (
            "Pengadaan dimulai Januari (penanggung jawab Kepala bidang, sampai 31 Januari 2027)"
            in text
        )
        spent = "Terserap Rp 180.000.000 dari pagu Rp 200.000.000 (90,0 %)."
        assert f"{spent} Efisiensi tidak dinyatakan, karena target tidak tercapai." in text
        assert "Program yang menunjang. Kegiatan." in text
        assert "jangan" not in text.lower()
        assert "hapus sebelum" not in text


def test_efficiency_is_stated_only_where_the_target_is_reached() -> None:
    for text in both(data(whole(results=(21.0, 42.0, 63.0, 80.0)))):
        assert "(90,0 %). Efisiensi 10,0 %." in text
        assert "karena target tidak tercapai" not in text


def test_the_method_states_formulas_and_the_cap() -> None:
    for text in both(data(whole())):
        method = text.rpartition("A. Cara Pengukuran")[2].partition("Tabel")[0]
        assert "(2 × target − realisasi) / target × 100 %" in method
        assert "paling tinggi 120 %" in method


def test_a_programme_stands_once_with_its_sums() -> None:
    items = [whole(name=name, action="Promosi") for name in ("Satu", "Dua")]
    given = data(*items, whole(name="Tiga", action="Lain", spent=None))
    document = docx.Document(io.BytesIO(render_document_docx(lkjip_document(given, MADE))))
    tables = {t.rows[0].cells[1].text: t for t in document.tables if len(t.rows[0].cells) > 1}
    rows = [tuple(c.text for c in row.cells) for row in tables["Program atau kegiatan"].rows[1:]]
    assert rows == [("1", "Promosi", f"Rp{NO_BREAK}400.000.000"),
                    ("2", "Lain", f"Rp{NO_BREAK}200.000.000"),
                    ("–", "Jumlah", f"Rp{NO_BREAK}600.000.000")]  # fmt: skip
    for text in both(given):
        spent = text.rpartition("C. Realisasi Anggaran")[2].partition("BAB IV")[0]
        assert spent.count("Promosi") == 1
        assert "360.000.000" in spent


def test_the_head_of_the_unit_signs_and_the_office_is_that_of_the_unit() -> None:
    given = load_performance(Path("parameters/2026"), "kecamatan-merdeka")
    assert given.head
    for text in both(given):
        assert text.count(given.head) == 2
        assert "Camat Merdeka," in text


def test_what_needs_attention_is_told_in_figures_with_units_not_as_an_order() -> None:
    for text in both(data(whole(follow_up=""))):
        assert "realisasi 72 orang, target 80 orang, capaian 90,0 %. [Isi: tindak lanjut," in text
        for order in ("Minta ", "putuskan", "Pastikan", "(merah)", "(kuning)"):
            assert order not in text


def test_the_table_of_years_states_target_result_and_achievement_of_each() -> None:
    document = docx.Document(io.BytesIO(render_document_docx(lkjip_document(data(whole()), MADE))))
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "Tahun")
    rows = [tuple(cell.text.replace(NO_BREAK, " ") for cell in row.cells) for row in table.rows]
    assert rows == [
        ("Tahun", "Target", "Realisasi", "Capaian"),
        ("2024", "–", "60 orang", "–"),
        ("2025", "75 orang", "70 orang", "93,3 %"),  # 70 / 75
        ("2026", "80 orang", "72 orang", "90,0 %"),
    ]


def test_what_the_data_do_not_hold_is_a_marked_place_in_both_formats() -> None:
    bare = Indicator(goal="", name="Kosong", results=(1.0, 1.0, 1.0, 1.0))
    texts = both(data(bare))
    for place in (
        "sasaran", "target setahun, lalu hitung capaiannya", "target akhir Renstra",
        "standar nasional, atau nyatakan bahwa tidak ada", "realisasi 2025, atau mengapa belum ada",
        "pagu dan realisasi anggaran", "program atau kegiatan yang menunjang", "nama instansi",
        "tindak lanjut, penanggung jawab, dan batas waktunya",
    ):  # fmt: skip
        assert all(f"[Isi: {place}]" in text for text in texts), place


def test_places_are_highlighted_and_nothing_else_is() -> None:
    given = data(replace(whole(), cause="[Isi: palsu]"))
    document = docx.Document(io.BytesIO(render_document_docx(lkjip_document(given, MADE))))
    marked = [
        "".join(t.text for t in run.iter(qn("w:t")))
        for run in document.element.body.iter(qn("w:r"))
        if run.find(f"{qn('w:rPr')}/{qn('w:highlight')}") is not None
    ]
    assert marked
    assert all(text.startswith("[Isi: ") and text.endswith("]") for text in marked)
    assert "[Isi: palsu]" not in marked


def test_a_year_that_goes_on_says_so_and_marks_what_is_only_expected() -> None:
    given = data(whole(results=(21.0, 42.0, 63.0, None)))
    for text in both(given):
        assert text.count("Tahun 2026 belum selesai. Angka draf ini sampai TW III 2026") >= 3
        assert "Sampai TW III 2026 terealisasi 63 orang dari target 60 orang" in text
        assert "Perkiraan akhir tahun, bukan realisasi:" in text
        assert "(perkiraan)" in text
        assert "Efisiensi dihitung setelah setahun penuh." in text
        assert "tidak tercapai" not in text
    for text in both(data(whole())):
        assert "belum selesai" not in text
        assert "perkiraan" not in text.lower()


def test_a_sum_so_far_is_not_laid_beside_a_whole_year() -> None:
    given = data(whole(accrual=Accrual.SUM, results=(21.0, 42.0, 63.0, None)))
    for text in both(given):
        assert text.count("Angka kumulatif baru dapat dibandingkan setelah setahun penuh.") == 3
        assert "lebih baik daripada" not in text


def test_before_any_result_the_draft_holds_the_plan_alone() -> None:
    for text in both(data(whole(results=(None, None, None, None)))):
        assert "Belum ada realisasi tahun 2026." in text
        assert "Target 2026 80 orang; pengukurannya direncanakan mulai TW I." in text
        assert "Capaian belum dapat dihitung" in text


def test_what_is_measured_later_this_year_is_not_called_missing() -> None:
    late = whole(name="Nanti", targets=(None, None, None, 7.0), results=(None,) * 4)
    now = whole(name="Kini", results=(21.0, 42.0, 63.0, None))
    for text in both(data(late, now)):
        assert "Target 2026 7 orang; pengukurannya direncanakan mulai TW IV." in text
        assert "belum waktunya" in text
        assert "[Isi: realisasi]" not in text
        assert "[Isi: target]" not in text


def test_an_achievement_beyond_the_cap_states_both_figures() -> None:
    given = data(whole(results=(21.0, 42.0, 63.0, 160.0)))
    for text in both(given):
        assert "capaian 120,0 % (menurut rumus 200,0 %, dihitung 120,0 %), tercapai." in text


def test_the_summary_counts_and_the_budget_adds_up_only_what_states_both() -> None:
    given = data(
        whole(name="Satu"),
        whole(name="Dua", results=(20.0, 40.0, 60.0, 80.0)),
        whole(name="Tiga", spent=None, results=(None, None, None, None)),
        agency="Kabupaten Contoh",
        compare=lambda: (PeerFigures(percent=80.0, units=2, indicators={"satu": 88.0}), ()),
    )
    for text in both(given):
        assert "1 indikator mencapai target setahun, 1 belum, 1 belum dapat dihitung." in text
        assert "Rp 360.000.000 dari pagu Rp 400.000.000 (90,0 %). 1 indikator tanpa" in text
        assert "Nilai tengah capaian unit sejenis 88,0 %." in text


def test_hostile_text_stays_text_and_cannot_break_the_document() -> None:
    evil = "<script>alert(1)</script>&amp;{{ 7*7 }}<w:p/>\x00\x0b\x1b[31m\ud800\uffff]]>\"'%s"
    item = whole(
        goal=evil, name=evil, unit_of_measure=evil, formula=evil, cause=evil, follow_up=evil,
        owner=evil, action=evil, renstra_goal=evil,
    )  # fmt: skip
    given = UnitPerformance(
        evaluate_plan(replace(plan(item), name=evil, unit=evil)), agency=evil, remark=evil
    )
    content = render_document_docx(lkjip_document(given, MADE))
    html = render_document_html(lkjip_document(given, MADE))
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        for name in made.namelist():
            etree.fromstring(made.read(name))
    said = "<script>alert(1)</script>&amp;{{ 7*7 }}<w:p/>��\ufffd[31m\ufffd\ufffd]]>\"'%s"
    assert said in word_text(content)
    assert "<script" not in html
    assert html.encode("utf-8")
    assert said in page_text(html)


def test_the_same_data_give_the_same_bytes_with_nothing_of_the_machine() -> None:
    given = load_performance(Path("parameters/2026"), "dpmptsp")
    content = render_document_docx(lkjip_document(given, MADE))
    assert content == render_document_docx(lkjip_document(given, MADE))
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [n for n in made.namelist() if "thumbnail" in n or "app.xml" in n]
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert properties.created == properties.modified == MADE.time
    assert (properties.author, properties.language) == ("Pemerintah Kabupaten Contoh", "id-ID")
    assert properties.last_modified_by == properties.comments == ""


def test_the_draft_names_the_data_it_is_made_of() -> None:
    given = data(whole())
    found = hash_performance(given)
    for text in both(given):
        assert "DRAF, belum disahkan" in text or "belum disahkan" in text
        assert found in text
    assert hash_performance(data(whole(results=(21.0, 42.0, 63.0, 72.5)))) != found
    assert hash_performance(data(whole())) == found


def test_word_repeats_the_head_of_a_table_and_keeps_its_rows_whole() -> None:
    document = docx.Document(io.BytesIO(render_document_docx(lkjip_document(data(whole()), MADE))))
    assert document.tables
    for table in document.tables[:-1]:  # the last lists facts and has no head
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert [caption.split(".")[0] for caption in captions] == [
        f"Tabel {n}" for n in range(1, len(captions) + 1)
    ]


def test_word_has_a_table_of_contents_page_numbers_and_is_indonesian_on_a4() -> None:
    document = docx.Document(io.BytesIO(render_document_docx(lkjip_document(data(whole()), MADE))))
    section = document.sections[0]
    codes = [i.text.strip() for i in document.element.body.iter(qn("w:instrText"))]
    entries = [p.text for p in document.paragraphs if p.style.name == "toc 1"]
    marks = {m.get(qn("w:name")) for m in document.element.body.iter(qn("w:bookmarkStart"))}
    links = {m.get(qn("w:anchor")) for m in document.element.body.iter(qn("w:hyperlink"))}
    foot = etree.tostring(section.footer._element, encoding="unicode")
    assert codes[0].startswith("TOC ")
    assert tuple(entries) == HEADINGS
    assert links
    assert links <= marks
    assert "PAGE" in foot
    assert "NUMPAGES" in foot
    assert "DRAF, belum disahkan" in section.header.paragraphs[0].text
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    languages = {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"id-ID"}


def test_the_page_needs_nothing_else_and_draws_every_indicator() -> None:
    html = render_document_html(lkjip_document(data(whole(name="Satu"), whole(name="Dua")), MADE))
    root = lxml.html.fromstring(html)
    assert not root.xpath("//script | //link | //img | //*[@src]")
    assert all(link.get("href").startswith("#") for link in root.xpath("//a"))
    assert [t.text for t in root.xpath("//figure/svg/title")] == ["Satu", "Dua"]
    anchors = {link.get("href")[1:] for link in root.xpath("//nav//a")}
    assert anchors <= {e.get("id") for e in root.xpath("//*[@id]")}


@pytest.mark.parametrize("unit", ["dpmptsp", "dinas-perhubungan", "kecamatan-merdeka", "bapenda"])
def test_every_sample_unit_gets_a_draft_that_states_its_own_figures(unit: str) -> None:
    given = load_performance(Path("parameters/2026"), unit)
    texts = both(given)
    percent = given.standing.score.percent
    assert percent is not None
    for text in texts:
        assert all(item.name in text for item in given.standing.plan.indicators)
        assert "None" not in text
        assert "nan" not in text.split()


def test_lower_is_better_is_computed_by_its_own_formula() -> None:
    # (2 x 40 - 50) / 40 = 75 %
    item = whole(
        direction=Direction.DOWN, targets=quarters([40.0] * 4), results=quarters([50.0] * 4)
    )
    for text in both(data(item)):
        assert "Dari target 40 orang terealisasi 50 orang; capaian 75,0 %, tidak tercapai." in text
        assert "Makin rendah makin baik." in text


def test_of_lower_is_better_the_distance_to_the_renstra_is_told_not_a_share() -> None:
    item = whole(
        direction=Direction.DOWN, renstra_target=30.0,
        targets=quarters([40.0] * 4), results=quarters([50.0] * 4),
    )  # fmt: skip
    for text in both(data(item)):
        assert ": 50 orang, 20 orang di atas target itu (makin rendah makin baik)." in text
        assert "dari target itu" not in text
