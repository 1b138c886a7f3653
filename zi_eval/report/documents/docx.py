"""A document for Word: real styles, a table of contents, captions that count themselves.

Only what python-docx has no word for is written as elements here. Importing this module costs the
import of python-docx, so whoever needs it imports it when it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from docx import Document as new_docx
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser
from lxml.etree import fromstring, tostring

from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Contents,
    Document,
    Figure,
    Heading,
    Inline,
    Line,
    PageBreak,
    Paragraph,
    Strong,
    Table,
    clean_text,
    line_parts,
    line_text,
)
from zi_eval.report.documents.package import pack_document
from zi_eval.report.documents.styles import set_styles
from zi_eval.report.documents.widths import column_widths

__all__ = [
    "BlockWriter",
    "elements",
    "prepare_document",
    "read_look",
    "render_document_docx",
    "write_runs",
]

LISTED: Final = 3
MOST_NAMED: Final = 6
"""Columns or rows by which a table without a caption is described."""
EMU_PER_TWIP: Final = 635
USUAL_WIDTH: Final = 9000
KEPT_ROWS: Final = 8
"""Rows up to which a table is kept on one page."""
STYLE_NAMES: Final = {
    "center": "Teks Tengah",
    "title": "Title",
    "subtitle": "Subtitle",
    "notice": "Pemberitahuan",
    "note": "Catatan Kecil",
    "sign": "Tanda Tangan",
    "closing": "Kalimat Penutup",
}
TABLE_STYLES: Final = ("Tabel Laporan", "Table Grid")
EDGES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


Property = tuple[str, str]
"""A property of a run by its name in Word (any other's has its namespace), and its XML."""
QUOTED: Final = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def _element(tag: str, *content: str, **attributes: str | int) -> str:
    """Return an element of Word as XML around other elements, or text that is escaped already."""
    values = [f' w:{name}="{escape(str(v), QUOTED)}"' for name, v in attributes.items()]
    return f"<w:{tag}{''.join(values)}>{''.join(content)}</w:{tag}>"


def _text(tag: str, text: str) -> str:
    """Return an element with text whose blanks count."""
    return f'<w:{tag} xml:space="preserve">{escape(text)}</w:{tag}>'


def elements(xml: str) -> list[Any]:
    """Return what XML holds as elements, made by the parser: one by one they take Python's time."""
    return list(fromstring(f'<w:body xmlns:w="{nsmap["w"]}">{xml}</w:body>', oxml_parser))


def write_runs(
    parts: Iterable[Inline], look: Sequence[Property] = (), is_strong: bool = False
) -> Iterator[str]:
    """Write text as runs, each as XML; ``look`` are run properties that all of them take over."""
    for part in parts:
        text = clean_text(part if isinstance(part, str) else part.text)
        properties = list(look)
        if (is_strong or isinstance(part, Strong)) and not any(n == "b" for n, _ in properties):
            _insert_property(properties, "b", "<w:b/>")
        if isinstance(part, Blank):
            _insert_property(properties, "highlight", '<w:highlight w:val="yellow"/>')
        written = "<w:br/>".join(
            "<w:tab/>".join(_text("t", piece) if piece else "" for piece in line.split("\t"))
            for line in text.split("\n")
        )
        yield f"<w:r>{_look(properties)}{written}</w:r>"


def _look(properties: Sequence[Property]) -> str:
    return f"<w:rPr>{''.join(xml for _, xml in properties)}</w:rPr>" if properties else ""


def read_look(properties: Any) -> tuple[Property, ...]:
    """Return the run properties of a document that may be another's; None has none."""
    own = f"{{{nsmap['w']}}}"
    return tuple(
        (str(child.tag).removeprefix(own), tostring(child, encoding="unicode", with_tail=False))
        for child in (() if properties is None else properties)
    )


ORDER: Final = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
    "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden",
    "color", "spacing", "w", "kern", "position", "sz", "szCs", "highlight",
)  # fmt: skip
"""The order in which the format wants the properties of a run, as far as we add any."""


def _insert_property(properties: list[Property], name: str, xml: str) -> None:
    properties[:] = [old for old in properties if old[0] != name]
    before = ORDER[: ORDER.index(name)]
    place = max((n for n, old in enumerate(properties, 1) if old[0] in before), default=0)
    properties.insert(place, (name, xml))


def _field(
    code: str, shown: Iterable[str], look: Sequence[Property] = (), is_dirty: bool = False
) -> Iterator[str]:
    def run(child: str) -> str:
        return f"<w:r>{_look(look)}{child}</w:r>"

    dirty = {"dirty": "true"} if is_dirty else {}
    yield run(_element("fldChar", fldCharType="begin", **dirty))
    yield run(_text("instrText", f" {code} "))
    yield run(_element("fldChar", fldCharType="separate"))
    yield from shown
    yield run(_element("fldChar", fldCharType="end"))


def _text_width(section: Any) -> int:
    """Return the width between the margins, in twentieths of a point."""
    sides = (section.left_margin or 0) + (section.right_margin or 0)
    return max(((section.page_width or 0) - sides) // EMU_PER_TWIP, 0) or USUAL_WIDTH


class BlockWriter:
    """Writes blocks as elements of a Word document, in that document's own styles.

    A style the document does not have is left out, and what it would show is set directly.

    Parameters
    ----------
    document
        Of python-docx.
    has_bookmarks
        Whether headings get the marks that a table of contents leads to.
    """

    def __init__(self, document: Any, has_bookmarks: bool = True) -> None:
        self._has_bookmarks = has_bookmarks
        self._styles: dict[str, str] = {}
        for style in document.styles.element.findall(qn("w:style")):
            name = style.find(qn("w:name"))
            if name is not None:
                self._styles[name.get(qn("w:val")).casefold()] = style.get(qn("w:styleId"))
        self._width = next((_text_width(section) for section in document.sections), USUAL_WIDTH)
        self._tables = 0
        self._headings = 0

    def _style(self, name: str) -> str | None:
        return self._styles.get(name.casefold())

    def write(
        self, blocks: Iterable[Block], outline: Sequence[Heading] = (), width: int | None = None
    ) -> list[Any]:
        """Write blocks as elements.

        Parameters
        ----------
        outline
            What a table of contents among them lists.
        width
            Of tables, in twentieths of a point; by default that of the page within its margins.
        """
        return elements("".join(self._write(blocks, outline, width or self._width)))

    def _write(
        self, blocks: Iterable[Block], outline: Sequence[Heading], width: int
    ) -> Iterator[str]:
        for block in blocks:
            match block:
                case Heading():
                    yield self._heading(block)
                case Paragraph():
                    yield self._paragraph(block)
                case Bullets():
                    yield from self._bullets(block)
                case Table():
                    yield from self._table(block, width)
                case Contents():
                    yield from self._contents(outline)
                case PageBreak():
                    yield '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
                case Figure():
                    pass

    def _properties(self, name: str | None, *more: str) -> str:
        found = self._style(name) if name else None
        return _element("pPr", *([_element("pStyle", val=found)] if found else []), *more)

    def _heading(self, block: Heading) -> str:
        breaks = ["<w:pageBreakBefore/>"] if block.on_new_page else []
        style = f"heading {block.level}"
        runs = write_runs(line_parts(block.text), is_strong=self._style(style) is None)
        if not self._has_bookmarks:
            return _element("p", self._properties(style, *breaks), *runs)
        self._headings += 1
        name, key = f"_Toc{self._headings:06d}", self._headings
        return _element(
            "p",
            self._properties(style, *breaks),
            _element("bookmarkStart", id=key, name=name),
            *runs,
            _element("bookmarkEnd", id=key),
        )

    def _paragraph(self, block: Paragraph) -> str:
        name = STYLE_NAMES.get(block.style)
        direct = []
        if name and self._style(name) is None and block.style in {"center", "title", "subtitle"}:
            direct = [_element("jc", val="center")]
        return _element("p", self._properties(name, *direct), *write_runs(line_parts(block.line)))

    def _bullets(self, block: Bullets) -> Iterator[str]:
        for number, item in enumerate(block.items, 1):
            if not block.is_numbered and self._style("List Bullet"):
                yield _element("p", self._properties("List Bullet"), *write_runs(line_parts(item)))
                continue
            sign = f"{number}.\t" if block.is_numbered else "–\t"
            place = _element("tabs", _element("tab", val="left", pos=425))
            hanging = _element("ind", left=425, hanging=425)
            yield _element(
                "p",
                self._properties("List Paragraph", place, hanging),
                *write_runs((sign, *line_parts(item))),
            )

    def _caption(self, text: str) -> str:
        self._tables += 1
        number = _field("SEQ Tabel \\* ARABIC", write_runs([str(self._tables)]))
        return _element(
            "p",
            self._properties("caption", "<w:keepNext/>"),
            *write_runs(["Tabel "]), *number, *write_runs([f". {text}"]),
        )  # fmt: skip

    def _table(self, block: Table, width: int) -> Iterator[str]:
        if block.caption:
            yield self._caption(block.caption)
        widths = column_widths(block, width)
        style = next((found for name in TABLE_STYLES if (found := self._style(name))), None)
        border: dict[str, str | int] = {"val": "single", "sz": 4, "space": 0, "color": "auto"}
        has_head = any(column.title for column in block.columns)
        # Without a row of headings the first column says what stands in a row.
        look = "0420" if has_head else "0480"
        properties = _element(
            "tblPr",
            *([_element("tblStyle", val=style)] if style else []),
            _element("tblW", w=sum(widths), type="dxa"),
            *([] if style else [
                _element("tblBorders", *(_element(edge, **border) for edge in EDGES))
            ]),
            _element("tblLayout", type="fixed"),
            _element("tblLook", val=look, firstRow=int(has_head), lastRow=0,
                     firstColumn=int(not has_head),
                     lastColumn=0, noHBand=0, noVBand=1),
            _element("tblCaption", val=clean_text(_description(block))),
        )  # fmt: skip
        rows = []
        if has_head:
            titles = [column.title for column in block.columns]
            rows.append(self._row(block, widths, titles, is_kept=True, is_head=True))
        last = len(block.rows) - block.totals
        for number, row in enumerate(block.rows, 1):
            is_kept = len(block.rows) <= KEPT_ROWS and number < len(block.rows)
            rows.append(self._row(block, widths, row, is_kept, is_strong=number > last))
        grid = _element("tblGrid", *(_element("gridCol", w=width) for width in widths))
        yield _element("tbl", properties, grid, *rows)
        # Word joins two tables that touch, and a cell may not end with one.
        yield _element("p", self._properties("Setelah Tabel"))

    def _row(
        self,
        block: Table,
        widths: Sequence[int],
        cells: Sequence[Line],
        is_kept: bool,
        is_head: bool = False,
        is_strong: bool = False,
    ) -> str:
        written = [_element("trPr", "<w:cantSplit/>", *(["<w:tblHeader/>"] if is_head else []))]
        for column, width, cell in zip(block.columns, widths, cells, strict=True):
            direct = ["<w:keepNext/>"] if is_kept else []
            if column.is_number:
                direct.append('<w:jc w:val="right"/>')
            paragraph = _element(
                "p",
                self._properties("Isi Tabel", *direct),
                *write_runs(line_parts(cell), is_strong=is_head or is_strong),
            )
            size = _element("tcPr", _element("tcW", w=width, type="dxa"))
            written.append(_element("tc", size, paragraph))
        return _element("tr", *written)

    def _contents(self, outline: Sequence[Heading]) -> Iterator[str]:
        """Write the field with its entries; the numbers of pages are Word's to fill in."""
        yield _element("p", self._properties("Judul Daftar"), *write_runs(["DAFTAR ISI"]))
        listed = [entry for entry in enumerate(outline, 1) if entry[1].level <= LISTED]
        *start, end = _field(f'TOC \\o "1-{LISTED}" \\h \\z \\u', (), is_dirty=True)
        for place, (number, heading) in enumerate(listed, 1):
            runs = write_runs([line_text(heading.text)])
            yield _element(
                "p",
                self._properties(f"toc {heading.level}"),
                *(start if place == 1 else []),
                _element("hyperlink", *runs, anchor=f"_Toc{number:06d}", history=1),
                *([end] if place == len(listed) else []),
            )


def _description(table: Table) -> str:
    """Return what a screen reader says of a table before it is read."""
    if table.caption:
        return table.caption
    titles = [column.title for column in table.columns]
    named = titles if any(titles) else [line_text(row[0]) for row in table.rows]
    return f"Rincian: {', '.join(filter(None, named[:MOST_NAMED]))}"


_ahead: Final[list[Any]] = []


def prepare_document() -> None:
    """Make the next document's styles ahead: a process forked from a warm one starts with them."""
    docx = new_docx()
    set_styles(docx)
    _ahead.append(docx)


def new_document(mark: str, has_cover: bool = True) -> Any:
    """Return an empty A4 document in Indonesian with our styles, a mark above and page numbers."""
    if not _ahead:
        prepare_document()
    docx = _ahead.pop()
    section = docx.sections[0]
    section.different_first_page_header_footer = has_cover
    look = (("color", '<w:color w:val="595959"/>'), ("sz", '<w:sz w:val="16"/>'))
    head, foot = section.header._element, section.footer._element
    for edge in (head, foot):
        for child in list(edge):
            edge.remove(child)
    page = _field("PAGE", write_runs(["1"], look), look)
    pages = _field("NUMPAGES", write_runs(["1"], look), look)
    right, center = (f'<w:pPr><w:jc w:val="{side}"/></w:pPr>' for side in ("right", "center"))
    before, between = (write_runs([text], look) for text in ("Halaman ", " dari "))
    head.extend(elements(_element("p", right, *write_runs([mark], look))))
    foot.extend(elements(_element("p", center, *before, *page, *between, *pages)))
    return docx


def render_document_docx(document: Document) -> bytes:
    """Return the document as a ``.docx``; the same document gives the same bytes."""
    docx = new_document(document.mark)
    body = docx.element.body
    writer = BlockWriter(docx)
    outline = tuple(document.headings)
    body[-1:-1] = writer.write(document.blocks, outline)
    return pack_document(docx, document.title, document.author, document.time)
