"""The look of our Word documents: A4, Indonesian, plain black styles that a team can change."""

from __future__ import annotations

from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm, Pt, RGBColor

__all__ = ["set_styles"]

FONT: Final = "Arial"
LANGUAGE: Final = "id-ID"
KEPT_TABLES: Final = frozenset({"TableNormal", "TableGrid"})
LEFT_OUT: Final = (
    "thumbnail",
    "customXml",
    "stylesWithEffects",
    "webSettings",
    "extended-properties",
)
"""Parts of the blank document of python-docx that tell of its maker or that nobody needs."""
W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TABLE_LOOK: Final = f"""<w:style {W} w:type="table" w:customStyle="1" w:styleId="TabelLaporan">
<w:name w:val="Tabel Laporan"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>
<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>
<w:top w:val="single" w:sz="6" w:space="0" w:color="404040"/>
<w:bottom w:val="single" w:sz="6" w:space="0" w:color="404040"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>
<w:insideV w:val="single" w:sz="4" w:space="0" w:color="D9D9D9"/></w:tblBorders>
<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
<w:bottom w:w="40" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E6EEF0"/>
</w:tcPr></w:tblStylePr></w:style>"""
BOX: Final = f"""<w:pBdr {W}><w:top w:val="single" w:sz="6" w:space="4" w:color="744800"/>
<w:left w:val="single" w:sz="6" w:space="4" w:color="744800"/>
<w:bottom w:val="single" w:sz="6" w:space="4" w:color="744800"/>
<w:right w:val="single" w:sz="6" w:space="4" w:color="744800"/></w:pBdr>"""


def set_styles(document: Any) -> None:
    """Give a blank document of python-docx our page, language and styles."""
    _leave_out(document)
    _set_language(document)
    _set_page(document.sections[0])
    _set_paragraphs(document.styles)


def _leave_out(document: Any) -> None:
    for rels in (document.part.rels, document.part.package.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in LEFT_OUT:
                del rels[key]
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in KEPT_TABLES:
            styles.remove(style)
    styles.append(parse_xml(TABLE_LOOK))


def _set_language(document: Any) -> None:
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), LANGUAGE)
    settings = document.settings.element
    for lang in settings.iter(qn("w:themeFontLang")):
        lang.set(qn("w:val"), LANGUAGE)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for tag, sign in (("w:decimalSymbol", ","), ("w:listSeparator", ";")):
        for mark in settings.iter(qn(tag)):
            mark.set(qn("w:val"), sign)
    for marks in settings.findall(qn("w:rsids")):
        settings.remove(marks)


def _set_page(section: Any) -> None:
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)


def _font(style: Any, size: float, is_bold: bool = False) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A font of the theme would win over a named one.
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)
    style.font.size, style.font.bold = Pt(size), is_bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)


def _spacing(style: Any, before: float, after: float, line: float = 1.15) -> None:
    paragraph = style.paragraph_format
    paragraph.space_before, paragraph.space_after = Pt(before), Pt(after)
    paragraph.line_spacing = line


def _set_paragraphs(styles: Any) -> None:
    def own(name: str, size: float, is_bold: bool = False) -> Any:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _font(style, size, is_bold)
        return style

    center = WD_ALIGN_PARAGRAPH.CENTER
    _font(styles["Normal"], 11)
    _spacing(styles["Normal"], 0, 6)
    looks = {1: (14, 18, 8), 2: (12, 14, 6), 3: (11, 12, 4), 4: (11, 10, 3)}
    for level, (size, before, after) in looks.items():
        style = styles[f"Heading {level}"]
        _font(style, size, is_bold=True)
        _spacing(style, before, after)
        style.paragraph_format.keep_with_next = True
    for name, size, before in (("Title", 20, 12), ("Subtitle", 14, 10)):
        style = styles[name]
        _font(style, size, is_bold=True)
        _spacing(style, before, 8)
        for stretched in style.element.rPr.findall(qn("w:spacing")):
            style.element.rPr.remove(stretched)
        style.paragraph_format.alignment = center
        for border in style.element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
    _font(styles["Caption"], 9.5, is_bold=True)
    _spacing(styles["Caption"], 8, 3)
    _spacing(styles["List Bullet"], 0, 4)
    style = own("Isi Tabel", 9)
    _spacing(style, 0, 0, 1.0)
    style = own("Setelah Tabel", 4)
    _spacing(style, 0, 4, 1.0)
    own("Teks Tengah", 11).paragraph_format.alignment = center
    style = own("Catatan Kecil", 9)
    _spacing(style, 0, 6)
    style.paragraph_format.keep_with_next = True
    style = own("Tanda Tangan", 11)
    style.paragraph_format.left_indent = Cm(9)
    style.paragraph_format.keep_together = True
    own("Kalimat Penutup", 11).paragraph_format.keep_with_next = True
    style = own("Pemberitahuan", 10, is_bold=True)
    style.element.get_or_add_pPr().append(parse_xml(BOX))
    _spacing(style, 6, 8)
    style = own("Judul Daftar", 14, is_bold=True)
    style.paragraph_format.alignment = center
    style.paragraph_format.page_break_before = True
    for level in (1, 2, 3):
        style = own(f"toc {level}", 10.5, is_bold=level == 1)
        _spacing(style, 4 if level == 1 else 0, 2, 1.0)
        style.paragraph_format.left_indent = Cm(0.6 * (level - 1))
        style.paragraph_format.tab_stops.add_tab_stop(
            Cm(16), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
