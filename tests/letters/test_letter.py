"""The evaluation letter: what it states against the evaluation, and templates of Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import lxml.html
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from lxml import etree

from tests.pages.builders import INSTRUMENT, TIME, answers_at, build_evaluation, good_facts
from zi_eval.core.assessment import Answer, Assessment, Final, Stage
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.verdict import Status
from zi_eval.errors import ParameterError
from zi_eval.improvement.effort_file import load_effort
from zi_eval.improvement.options import steps_up
from zi_eval.improvement.way import find_improvement
from zi_eval.letters.details_file import Letter, Member
from zi_eval.letters.docx import build_letter_template, render_letter_docx
from zi_eval.letters.letter import LetterContent, letter_content, render_lhe_html
from zi_eval.letters.template import PARTS, TEXTS
from zi_eval.period.reading import Period
from zi_eval.recommendations.values import Origin, Recommendation, Register
from zi_eval.recommendations.values import Status as Progress
from zi_eval.report.made import Made
from zi_eval.report.words import format_number, head_title
from zi_eval.survey.load import read_surveys

NO_BREAK = "\u00a0"
LETTER = Letter(
    issuer="Inspektorat Kabupaten Contoh",
    numbers={"sukamaju": "700/12/ITDA/2026"},
    city="Contoh",
    date="2 November 2026",
    assignment="800/7/ITDA/2026",
    period="12 sampai 30 Oktober 2026",
    team=(Member("Sri Contoh", "ketua tim", "19750101"), Member("Adi Contoh", "anggota")),
    basis=("Peraturan Bupati Contoh Nomor 7 Tahun 2025",),
    copies=("Bupati Contoh",),
    position="Inspektur",
    name="Rina Contoh",
    rank="Pembina",
    number="19700101 199001 1 001",
)


def final(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation, declared final."""
    declared = Final("Sri Contoh", TIME)
    return replace(evaluation, assessment=replace(evaluation.assessment, final=declared))


def content_of(evaluation: Evaluation, letter: Letter = LETTER, **fields: Any) -> LetterContent:
    return letter_content(evaluation, Made(TIME, "1.2.3"), letter=letter, **fields)


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def word_text(content: bytes) -> str:
    body = opened(content).element.body
    lines = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    return "\n".join(lines).replace(NO_BREAK, " ")


def page_text(html: str) -> str:
    root = lxml.html.fromstring(html)
    for style in root.iter("style"):
        style.text = ""
    return " ".join(root.text_content().replace(NO_BREAK, " ").split())


def both(evaluation: Evaluation, **fields: Any) -> tuple[str, str]:
    content = content_of(evaluation, **fields)
    return page_text(render_lhe_html(content)), word_text(render_letter_docx(content))


def tables_of(content: bytes) -> Mapping[str, list[tuple[str, ...]]]:
    """Return each table by the first heading of its row of headings."""
    return {
        "|".join(cell.text for cell in table.rows[0].cells): [
            tuple(cell.text.replace(NO_BREAK, " ") for cell in row.cells) for row in table.rows[1:]
        ]
        for table in opened(content).tables
    }


def template(edit: Callable[[Any], None]) -> bytes:
    """Return a template that a team made: an empty document, edited."""
    document = docx.Document()
    edit(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def judged(share: float) -> dict[str, Answer]:
    """Return answers at a share that the TPI has confirmed, each of them."""
    return {key: replace(given, tpi=given.unit) for key, given in answers_at(share).items()}


@pytest.fixture(scope="module")
def good() -> Evaluation:
    return final(build_evaluation(judged(1.0)))


def test_the_letter_of_a_met_verdict_says_so_and_promises_nothing(good: Evaluation) -> None:
    assert good.target.status is Status.MET
    for text in both(good):
        assert "Puskesmas Sukamaju memenuhi kriteria WBK menurut PermenPANRB 90/2021" in text
        assert "penetapan predikat merupakan kewenangan tim penilai nasional" in text
        assert "belum memenuhi" not in text
        assert "PERINGATAN" not in text
        assert "sementara" not in text
        assert "di atas ambang WBK (75)" in text
        assert "Yth. Kepala Puskesmas Sukamaju" in text
        assert "sebagaimana telah diubah dengan" in text


def test_the_letter_of_a_verdict_not_met_names_every_reason() -> None:
    facts = {**good_facts("unit"), "tindak_lanjut": 80.0}
    weak = final(build_evaluation(answers_at(0.5), facts=facts))
    assert weak.target.status is Status.NOT_MET
    failed = weak.target.failed_rules
    for text in both(weak):
        assert "Puskesmas Sukamaju belum memenuhi kriteria WBK" in text
        said = text.partition("Ambang yang belum tercapai: ")[2].partition(". ")[0]
        assert said.startswith("Nilai total (kurang")
        assert said.count("(kurang") == len(failed)
        assert "Prasyarat yang belum terpenuhi: " in text
        assert "memenuhi kriteria WBK menurut PermenPANRB 90/2021: semua" not in text
    rows = tables_of(render_letter_docx(content_of(weak)))[
        "No|Ambang|Diminta|Nilai|Selisih|Keterangan"
    ]
    assert sum(row[-1] == "belum memenuhi" for row in rows) == len(failed)


def test_what_is_open_is_never_concluded() -> None:
    answers = answers_at(1.0)
    answers.pop("A.I.1.i.a")
    unit = final(build_evaluation(answers))
    assert unit.target.status is Status.UNKNOWN
    for text in both(unit):
        assert "Pemenuhan kriteria WBK menurut" in text
        assert "oleh Puskesmas Sukamaju belum dapat disimpulkan." in text
        assert "1 dari 113 pertanyaan belum dijawab" in text
        assert "Nilai sementara" in text
        assert "Puskesmas Sukamaju memenuhi" not in text


def test_an_evaluation_that_is_not_final_is_marked_a_draft() -> None:
    for text in both(build_evaluation(answers_at(1.0))):
        assert "PERINGATAN: evaluasi TPI atas unit ini belum dinyatakan final." in text
        assert text.count("Simpulan ini sementara, karena evaluasi TPI belum") == 2


def test_answers_taken_over_from_the_unit_are_told() -> None:
    answers = {
        key: answer if key.startswith("A.I.") else replace(answer, tpi=None)
        for key, answer in answers_at(1.0).items()
    }
    half = final(build_evaluation(answers))
    count = len(half.card.taken_over)
    assert 0 < count < 113
    for text in both(half):
        assert f"{count} pertanyaan belum dijawab TPI; nilainya masih memakai jawaban" in text
        said = f"TPI menjawab {113 - count} dari 113 pertanyaan; pada {count} pertanyaan dipakai"
        assert said in text
    for text in both(final(build_evaluation(judged(1.0)))):
        assert "TPI menjawab 113 dari 113 pertanyaan." in text


def test_only_the_stage_of_the_tpi_makes_a_letter() -> None:
    with pytest.raises(ValueError, match="TPI"):
        content_of(build_evaluation(answers_at(1.0), stage=Stage.UNIT))


def test_every_figure_of_the_score_table_is_that_of_the_evaluation() -> None:
    answers = {
        key: Answer(unit=answer.unit, tpi=low.unit, tpi_note="", evidence=answer.evidence)
        for (key, answer), low in zip(
            answers_at(1.0).items(), answers_at(0.5).values(), strict=True
        )
    }
    unit = final(build_evaluation(answers))
    head = "Kode|Komponen, aspek, area|Bobot|Nilai unit|Nilai TPI|% bobot"
    rows = tables_of(render_letter_docx(content_of(unit)))[head]
    nodes = [n for n, node in INSTRUMENT.nodes.items() if node.kind != "subarea"]
    assert [row[0] for row in rows[:-1]] == nodes
    for row in rows[:-1]:
        assert row[3] == format_number(unit.unit_card.nodes[row[0]].score)
        assert row[4] == format_number(unit.card.nodes[row[0]].score)
    assert rows[-1][1:5] == (
        "Jumlah",
        "100",
        format_number(unit.unit_card.total.score),
        format_number(unit.card.total.score),
    )


def test_rules_and_prerequisites_stand_with_what_was_asked_and_found(good: Evaluation) -> None:
    tables = tables_of(render_letter_docx(content_of(good)))
    rules = tables["No|Ambang|Diminta|Nilai|Selisih|Keterangan"]
    facts = tables["No|Prasyarat|Siapa|Diminta|Dinyatakan|Keterangan"]
    assert len(rules) == len(good.target.rules)
    assert rules[0][1:] == ("Nilai total", "75,00", "100,00", "lebih 25,00", "memenuhi")
    assert len(facts) == len(good.target.prerequisites)
    assert {row[2] for row in facts} == {"unit", "instansi"}


def test_respondents_are_stated_where_known_else_a_marked_place(good: Evaluation) -> None:
    period = Path("parameters/2026")
    surveys = read_surveys(period, "dpmptsp")
    known = {r.survey.lke_question: str(r.respondents) for r in surveys.results}
    head = "Kode|Hasil|Jawaban|Sumber|Responden|Nilai|Ambang"
    rows = tables_of(render_letter_docx(content_of(good, surveys=surveys)))[head]
    assert {row[0]: row[3:5] for row in rows} == {
        "B.I.a": ("survei mandiri", known["B.I.a"]),
        "B.I.b": ("–", "–"),
        "B.II.a": ("survei mandiri", known["B.II.a"]),
    }
    bare = tables_of(render_letter_docx(content_of(good)))[head]
    places = ("[Isi: survei mandiri atau TPN]", "[Isi: jumlah responden]")
    assert [row[3:5] for row in bare] == [places, ("–", "–"), places]


def parts_of(text: str) -> dict[str, str]:
    """Return the third chapter of a letter by its parts."""
    heads = ("A. Hal positif", "B. Temuan menurut area", "C. Bukti dukung", "D. Rekomendasi")
    ends = (*heads[1:], "E. Tindak lanjut atas laporan")
    names = ("good", "found", "gaps", "advice")
    chapter = text.partition("III. HAL POSITIF, TEMUAN, DAN REKOMENDASI")[2]
    return {
        name: chapter.partition(head)[2].partition(end)[0]
        for name, head, end in zip(names, heads, ends, strict=True)
    }


def test_praise_findings_gaps_and_advice_stand_apart() -> None:
    answers = answers_at(1.0)
    answers["A.I.1.i.a"] = Answer(
        unit="Ya", tpi="Tidak", tpi_note="SK belum diperbarui", evidence=("SK",)
    )
    answers["A.I.2.i.a"] = replace(answers["A.I.2.i.a"], returned="Unggah SOP terbaru.")
    answers["A.I.5.i.a"] = replace(answers["A.I.5.i.a"], tpi_note="Sudah baik", evidence=())
    for text in both(final(build_evaluation(answers))):
        part = parts_of(text)
        assert "Unit menjawab Ya; TPI menilai Tidak: Tim pembangunan ZI belum" in part["found"]
        assert "Catatan TPI: SK belum diperbarui." in part["found"]
        assert "A.I.1.i.a Tim pembangunan ZI sudah dibentuk di unit kerja." in part["advice"]
        assert "Catatan TPI: SK belum diperbarui." in part["advice"]
        assert "Yang diminta TPI: Unggah SOP terbaru." in part["advice"]
        assert "Sudah baik" in part["good"]
        assert "Sudah baik" not in part["found"] + part["advice"]
        assert "1 pertanyaan yang sudah dijawab belum disertai bukti dukung" in part["gaps"]
        assert "A.I.5.i.a" in part["gaps"]


def test_every_finding_has_its_recommendation(root: Path) -> None:
    period = Period.read(root / "parameters/2026")
    for file in period.unit_files.values():
        text = page_text(render_lhe_html(content_of(period.evaluate(file, Stage.TPI))))
        part = parts_of(text)
        found = {key for key in INSTRUMENT.questions if f"{key} " in part["found"]}
        assert found == {key for key in found if f"{key} " in part["advice"]}


def test_a_recommendation_asks_the_full_standard_never_the_next_step() -> None:
    unit = final(build_evaluation(judged(0.0)))
    for text in both(unit, raised=tuple(INSTRUMENT.questions)):
        advice = parts_of(text)["advice"]
        for key, question in INSTRUMENT.questions.items():
            assert f"{key} {question.full_standard}" in advice
        for cheap in ("tetapi", "Sebagian besar", "tidak berkala", "Syarat B", "Tingkatkan"):
            assert cheap not in advice


def test_counts_of_the_past_are_no_part_of_a_way_nor_of_what_is_to_rise() -> None:
    unit = final(build_evaluation(answers_at(0.7)))
    loaded = load_effort(unit.instrument)
    found = find_improvement(unit, loaded.effort, "WBK", loaded.limits)
    past = {key for key, question in INSTRUMENT.questions.items() if question.is_past}
    assert past
    assert found.way is not None
    assert not past & {move.question.id for move in found.way.moves}
    assert not past & {step.question.id for step in steps_up(unit)}


def test_of_a_survey_the_weakest_elements_are_named_and_the_index_is_never_raised() -> None:
    surveys = read_surveys(Path("parameters/2026"), "rsud-harapan")
    (result,) = [r for r in surveys.results if r.survey.lke_question == "B.I.a"]
    answers = judged(1.0) | {"B.I.a": Answer(unit=3.2, tpi=3.2), "B.II.a": Answer(unit=3, tpi=3)}
    for text in both(final(build_evaluation(answers)), raised=("B.I.a",), surveys=surveys):
        advice = parts_of(text)["advice"]
        first, second = result.weakest[:2]
        assert f"diperbaiki: {first.element.name} (" in advice
        assert second.element.name in advice
        assert "indeks" not in advice
        assert "mutu layanan" not in advice


def test_where_there_is_no_way_all_that_lacks_in_a_missed_threshold_is_asked() -> None:
    unit = final(build_evaluation(judged(1.0) | {"B.I.b": Answer(unit="E", tpi="E")}))
    assert ("B.I.b",) in [item.rule.nodes for item in unit.target.failed_rules]
    for text in both(unit, raised=None):
        assert INSTRUMENT.questions["B.I.b"].full_standard in parts_of(text)["advice"]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Dinas Sosial", "Kepala Dinas Sosial"),
        ("Kecamatan Merdeka", "Camat Merdeka"),
        ("RSUD Harapan", "Direktur RSUD Harapan"),
        ("Kelurahan Jaya", "Lurah Jaya"),
        ("SMP Negeri 1", "Kepala SMP Negeri 1"),
    ],
)
def test_a_letter_is_addressed_to_who_heads_the_unit(name: str, head: str) -> None:
    assert head_title(name) == head


def test_what_the_agency_states_is_used_and_what_it_does_not_is_a_place(good: Evaluation) -> None:
    for text in both(good):
        for said in (
            "Inspektorat Kabupaten Contoh", "700/12/ITDA/2026", "Contoh, 2 November 2026",
            "800/7/ITDA/2026", "12 sampai 30 Oktober 2026", "Sri Contoh", "ketua tim", "19750101",
            "Peraturan Bupati Contoh Nomor 7 Tahun 2025", "Bupati Contoh", "Rina Contoh",
            "NIP 19700101 199001 1 001",
        ):  # fmt: skip
            assert said in text, said
    for text in both(good, letter=Letter()):
        for place in (
            "nama inspektorat atau unit pengawas", "nomor surat", "kota", "tanggal",
            "nomor dan tanggal surat tugas", "nama, peran, dan NIP anggota tim",
            "nama penanda tangan", "penerima tembusan",
            "peraturan atau keputusan instansi tentang TPI",
        ):  # fmt: skip
            assert f"[Isi: {place}]" in text, place


def test_the_number_of_one_unit_is_never_used_for_another(good: Evaluation) -> None:
    other = replace(good.assessment, unit=replace(good.assessment.unit, id="lain"))
    for text in both(replace(good, assessment=other)):
        assert "700/12/ITDA/2026" not in text
        assert "[Isi: nomor surat]" in text


def test_without_an_agency_the_letter_still_stands() -> None:
    built = build_evaluation(answers_at(1.0))
    alone = evaluate(INSTRUMENT, built.rules, built.assessment)
    for text in both(alone):
        assert "[Isi: nama instansi]" in text
        assert "belum dapat disimpulkan" in text


def test_the_letter_is_the_same_in_both_formats(good: Evaluation) -> None:
    content = content_of(good)
    html = lxml.html.fromstring(render_lhe_html(content))
    document = opened(render_letter_docx(content))
    heads = [h.text_content() for h in html.xpath("//h2 | //h3 | //h4")]
    styled = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert styled == heads
    assert len(html.xpath("//table")) == len(document.tables)
    assert not html.xpath("//script | //link | //img")


def test_hostile_text_stays_text_in_letter_and_page() -> None:
    evil = "<b>x</b>{{ nama_unit }}{{ tabel_nilai }}\x00\x1b\ud800<w:p/>&amp;]]>"
    said = "<b>x</b>{{ nama_unit }}{{ tabel_nilai }}\ufffd\ufffd\ufffd<w:p/>&amp;]]>"
    answers = answers_at(1.0, tpi_note=evil, returned=evil, tpi=None)
    letter = Letter(
        issuer=evil, numbers={"sukamaju": evil}, team=(Member(evil, evil, evil),), basis=(evil,),
        name=evil, visits={"sukamaju": evil}, findings={"sukamaju": evil},
        addressees={"sukamaju": evil},
    )  # fmt: skip
    content = content_of(build_evaluation(answers, name=evil, remark=evil), letter)
    made, html = render_letter_docx(content), render_lhe_html(content)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        for name in package.namelist():
            etree.fromstring(package.read(name))
    assert said in word_text(made)
    assert said in page_text(html)
    assert "<b>" not in html
    assert len(opened(made).tables) == len(opened(render_letter_docx(content)).tables) == 7


def test_the_same_content_gives_the_same_bytes_in_indonesian(good: Evaluation) -> None:
    made = render_letter_docx(content_of(good))
    assert made == render_letter_docx(content_of(good))
    properties = opened(made).core_properties
    assert properties.author == "Inspektorat Kabupaten Contoh"
    assert properties.last_modified_by == ""
    assert properties.language == "id-ID"
    assert build_letter_template(TIME) == build_letter_template(TIME)


def test_every_placeholder_is_explained_and_filled(good: Evaluation) -> None:
    content = content_of(good)
    assert set(content.texts) == set(TEXTS)
    assert set(content.parts) == set(PARTS)
    all_of_them = template(
        lambda d: [d.add_paragraph(f"{{{{ {name} }}}}") for name in (*TEXTS, *PARTS)]
    )
    text = word_text(render_letter_docx(content, all_of_them))
    assert "{{" not in text
    assert "Tabel 2. Nilai menurut komponen, aspek, dan area" in text


def test_our_own_template_leaves_no_placeholder_behind(good: Evaluation) -> None:
    made = render_letter_docx(content_of(good))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert not [name for name in package.namelist() if b"{{" in package.read(name)]
    header = opened(made).sections[0].header.paragraphs[0].text
    assert header == "Laporan Hasil Evaluasi Puskesmas Sukamaju · 2026"


def test_a_placeholder_that_word_cut_into_runs_is_found_and_keeps_its_look(
    good: Evaluation,
) -> None:
    def edit(document: Any) -> None:
        paragraph = document.add_paragraph("Unit ")
        for piece in ("{", "{ nama", "_un"):
            paragraph.add_run(piece).bold = True
        paragraph.add_run("it }} dan ")
        paragraph.add_run("{{periode}}{{ predikat }}, selesai").italic = True

    made = opened(render_letter_docx(content_of(good), template(edit)))
    paragraph = made.paragraphs[0]
    assert paragraph.text == "Unit Puskesmas Sukamaju dan 2026WBK, selesai"
    looks = {run.text: (run.bold, run.italic) for run in paragraph.runs if run.text}
    assert looks["Puskesmas Sukamaju"] == (True, None)
    assert looks["2026"] == looks["WBK"] == looks[", selesai"] == (None, True)


def test_tabs_and_line_breaks_around_a_placeholder_stay(good: Evaluation) -> None:
    def edit(document: Any) -> None:
        run = document.add_paragraph().add_run("Nama\t: {{ nama_unit }}\nPeriode\t: {{ periode }}")
        run.bold = True

    made = opened(render_letter_docx(content_of(good), template(edit)))
    assert made.paragraphs[0].text == "Nama\t: Puskesmas Sukamaju\nPeriode\t: 2026"


def test_placeholders_in_headers_footers_and_cells_are_filled(good: Evaluation) -> None:
    def edit(document: Any) -> None:
        section = document.sections[0]
        section.header.paragraphs[0].text = "Kop {{ nama_instansi }}"
        section.footer.paragraphs[0].text = "{{ nomor_surat }}"
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text = "{{ nama_unit }}"
        table.cell(0, 1).width = Cm(8)
        table.cell(0, 1).text = "{{ tabel_ambang }}"

    made = opened(render_letter_docx(content_of(good), template(edit)))
    assert made.sections[0].header.paragraphs[0].text == "Kop Kabupaten Contoh"
    assert made.sections[0].footer.paragraphs[0].text == "700/12/ITDA/2026"
    cells = made.tables[0].rows[0].cells
    assert cells[0].text == "Puskesmas Sukamaju"
    inner = cells[1].tables[0]
    assert len(inner.rows) == len(good.target.rules) + 1
    width = int(inner._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w")))
    assert width <= Cm(8).twips
    assert cells[1]._tc[-1].tag == qn("w:p")  # what the format asks of every cell


def test_a_part_with_nothing_to_say_leaves_no_gap_but_a_cell_keeps_its_paragraph(
    good: Evaluation,
) -> None:
    def edit(document: Any) -> None:
        document.add_paragraph("sebelum")
        document.add_paragraph("{{ peringatan }}")
        document.add_paragraph("sesudah")
        document.add_table(rows=1, cols=1).cell(0, 0).text = "{{ peringatan }}"

    made = opened(render_letter_docx(content_of(good), template(edit)))
    assert [p.text for p in made.paragraphs] == ["sebelum", "sesudah"]
    assert [p.text for p in made.tables[0].cell(0, 0).paragraphs] == [""]


def test_a_part_takes_the_styles_of_the_template(good: Evaluation) -> None:
    made = opened(
        render_letter_docx(
            content_of(good), template(lambda d: d.add_paragraph("{{ tabel_nilai }}"))
        )
    )
    assert made.tables[0].style.name == "Table Grid"
    assert made.paragraphs[0].style.name == "Caption"


@pytest.mark.parametrize(
    ("said", "where", "hint"),
    [
        ("Nilai {{ nilai_tpii }}", "isi, paragraf 1", "Mungkin maksudnya 'nilai_tpi'"),
        ("{{ Nama_Unit }}", "isi, paragraf 1", "Mungkin maksudnya 'nama_unit'"),
        ("{{ }}", "penanda '' tidak dikenal", "Ada: "),
        ("Lihat {{ tabel_nilai }}", "harus sendirian", "baris tersendiri"),
        ("{{ tabel_nilai }}{{ tabel_hasil }}", "harus sendirian", "baris tersendiri"),
        ("Unit {{ nama_unit", "kurung penanda tidak berpasangan", "{{ nama_unit }}"),
        ("Unit nama_unit }}", "kurung penanda tidak berpasangan", "{{ nama_unit }}"),
        ("{{ 7*7 }}", "penanda '7*7' tidak dikenal", "Ada: "),
        ("{{ nama_unit.__class__ }}", "tidak dikenal", "nama_unit"),
    ],
)
def test_a_wrong_placeholder_is_named_with_its_place_and_what_to_do(
    good: Evaluation, said: str, where: str, hint: str
) -> None:
    own = template(lambda d: d.add_paragraph(said))
    with pytest.raises(ParameterError) as caught:
        render_letter_docx(content_of(good), own, "lhe-kami.docx")
    text = str(caught.value)
    assert text.startswith("lhe-kami.docx: ")
    assert where in text
    assert hint in text


def test_all_wrong_placeholders_are_named_at_once_also_in_a_header(good: Evaluation) -> None:
    def edit(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ salah_satu }}"
        document.add_paragraph("{{ salah_dua }}")

    with pytest.raises(ParameterError) as caught:
        render_letter_docx(content_of(good), template(edit))
    text = str(caught.value)
    assert len(caught.value.problems) == 2
    assert "kop halaman, paragraf 1" in text
    assert "salah_dua" in text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 rusak", b"<html></html>"])
def test_a_template_that_is_no_word_document_is_refused(good: Evaluation, content: bytes) -> None:
    with pytest.raises(ParameterError, match="bukan dokumen Word"):
        render_letter_docx(content_of(good), content, "x.docx")


def test_a_workbook_is_no_template(good: Evaluation) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(ParameterError, match="bukan dokumen Word"):
        render_letter_docx(content_of(good), stream.getvalue(), "x.xlsx")


def test_every_sample_unit_gets_a_letter_that_follows_its_verdict() -> None:
    period = Period.read(Path("parameters/2026"))
    seen = set()
    for file in period.unit_files.values():
        unit = period.evaluate(file, Stage.TPI)
        assert isinstance(unit.assessment, Assessment)
        text = page_text(render_lhe_html(content_of(unit)))
        name, status = unit.assessment.unit.name, unit.target.status
        seen.add(status)
        assert (f"{name} memenuhi kriteria" in text) == (status is Status.MET)
        assert (f"{name} belum memenuhi kriteria" in text) == (status is Status.NOT_MET)
        assert (f"oleh {name} belum dapat disimpulkan" in text) == (status is Status.UNKNOWN)
    assert len(seen) > 1


def test_follow_up_of_earlier_recommendations_stands_in_the_letter(good: Evaluation) -> None:
    blank = "[Isi: tindak lanjut unit atas rekomendasi LHE sebelumnya"
    assert blank in word_text(render_letter_docx(content_of(good)))
    told = Recommendation("LHE-2025-1", Origin.LHE, "Monev tiap triwulan", status=Progress.DONE,
                          proof="laporan.pdf", period="2026", since="2025")  # fmt: skip
    late = Recommendation("LHE-2025-2", Origin.LHE, "Ruang pengaduan", period="2025", since="2025")
    now = Recommendation("LHE-2026-1", Origin.LHE, "Dari LHE ini", period="2026", since="2026")
    found = Recommendation("7", Origin.BPK, "Setor", period="2025", since="2025")
    register = Register("sukamaju", "2026", (told, now, late, found))
    content = content_of(good, register=register)
    for text in (page_text(render_lhe_html(content)), word_text(render_letter_docx(content))):
        assert "1 dari 2 rekomendasi sebelumnya selesai; 1 belum selesai" in text
        assert "belum, sejak 2025" in text
        assert "[Isi: yang memeriksa]" in text
        assert "Dari LHE ini" not in text
        assert "Setor" not in text
        assert blank not in text
