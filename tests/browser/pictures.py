"""Pictures of pages, kept small and compared by a tolerance; what changed is named in words.

A kept picture is the page seen from afar: the mean colour of each block of ``BLOCK`` pixels, in
32 steps a channel. It weighs some kilobytes, shows every box, line of text and colour, and is the
same where a newer Chromium smooths its letters otherwise.
"""

from __future__ import annotations

import base64
import io
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from playwright.sync_api import Page
from scipy import ndimage

__all__ = ["KEPT", "Album", "Landmark", "Region", "changed_regions", "photograph", "print_sheets"]

KEPT = Path(__file__).with_name("kept")
BLOCK = 12
"""Pixels of a block's side: about the height of a small letter."""
STEP = 8
"""Of 256 steps of a colour, how many are one in a kept picture."""
TOLERANCE = 24
"""By how many of 256 the mean of a block may differ: letters smoothed otherwise stay below."""
TINGE = 10
"""By how many the mean of 3 × 3 blocks may: smoothing comes to nothing there, a colour does not."""
LEAST = 2
"""Blocks beside one another from which a difference is one that people see."""
SLICE = 8000
"""Pixels taken at a time: past 16,384 Chromium repeats what it has drawn."""
FONT = """* { font-family: "DejaVu Sans" !important; }
.code, code, pre, kbd { font-family: "DejaVu Sans Mono" !important; }"""
"""Debian's ``fonts-dejavu-core``, whatever else a machine has."""
STILL = """*, *::before, *::after {
  transition: none !important; animation: none !important; caret-color: transparent !important;
  scroll-behavior: auto !important; content-visibility: visible !important;
}"""
SETTLE = """(frames) => new Promise((done) => {
  let quiet = 0;
  const watcher = new MutationObserver(() => { quiet = 0; });
  const parts = { subtree: true, childList: true, attributes: true, characterData: true };
  watcher.observe(document, parts);
  const frame = () => {
    for (const node of document.querySelectorAll("*")) if (node.scrollTop) node.scrollTop = 0;
    quiet += 1;
    if (quiet < frames) return requestAnimationFrame(frame);
    watcher.disconnect();
    done();
  };
  frame();
})"""
"""Waits until nothing has changed for so many frames, with everything at its top."""

TEXTS = """() => {
  const found = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const words = text.data.trim(), node = text.parentElement;
    if (!words || !node.checkVisibility()) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const isHead = node.closest("h1, h2, h3, h4, caption, figcaption, summary, legend") !== null;
    const [x, y] = [box.left + scrollX, box.top + scrollY];
    found.push([words.slice(0, 80), x, y, x + box.width, y + box.height, isHead]);
  }
  return found;
}"""

Blocks = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Landmark:
    """A text of a page and where it stands, in pixels; a heading is what others stand below."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture that differs, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def name(self, landmarks: Sequence[Landmark]) -> str:
        """Return where it is, in the page's own words."""
        place = f"x {self.left}–{self.right}, y {self.top}–{self.bottom} px"
        heads = [m for m in landmarks if m.is_heading and m.top < self.top + 2 * BLOCK]
        inside = [
            mark.text
            for mark in landmarks
            if mark.top < self.bottom and mark.bottom > self.top
            if mark.left < self.right and mark.right > self.left
        ]
        words = [f"below '{max(heads, key=lambda mark: mark.top).text}'"] if heads else []
        ends = dict.fromkeys((inside[0], inside[-1])) if inside else ()
        words += [" to ".join(f"'{text}'" for text in ends)] if ends else []
        return f"{', '.join(words) or 'no text near'} ({place})"


def _see(picture: Image.Image) -> Image.Image:
    """Return a picture as it is kept."""
    return picture.convert("RGB").reduce(BLOCK).point(lambda v: v // STEP * STEP + STEP // 2)


def changed_regions(kept: Image.Image, now: Image.Image) -> list[Region]:
    """Return the parts that differ, from the top; both are means of blocks.

    What one has below the end of the other, a block of rounding aside, is such a part.
    """
    one, two = (np.asarray(picture, dtype=np.int16) for picture in (kept, now))
    height, width = (min(a, b) for a, b in zip(one.shape[:2], two.shape[:2], strict=True))
    tall, wide = (max(a, b) for a, b in zip(one.shape[:2], two.shape[:2], strict=True))
    differs = np.zeros((tall, wide), dtype=bool)
    gap = (two[:height, :width] - one[:height, :width]).astype(float)
    around = ndimage.uniform_filter(gap, size=(3, 3, 1), mode="nearest")
    is_seen = (np.abs(gap) > TOLERANCE) | ((np.abs(around) > TINGE) & (np.abs(gap) > TINGE))
    differs[:height, :width] = is_seen.any(axis=2)
    differs[height + 1 :], differs[:, width:] = True, True
    near = ndimage.binary_dilation(differs, np.ones((3, 3)), iterations=1)
    labels, _ = ndimage.label(near)
    found = []
    for number, _ in enumerate(ndimage.find_objects(labels), start=1):
        rows, columns = np.nonzero(differs & (labels == number))
        if len(rows) >= LEAST:
            edges = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            found.append(Region(*(int(edge) * BLOCK for edge in edges)))
    return sorted(found, key=lambda region: (region.top, region.left))


def photograph(page: Page, *, frames: int = 30) -> Image.Image:
    """Return the whole page as it is shown now, in the kept pictures' font.

    Parameters
    ----------
    frames
        For so many frames nothing may have changed; half a second's where scripts are at work.
    """
    page.add_style_tag(content=FONT + STILL)
    page.mouse.move(0, 0)
    page.evaluate(SETTLE, frames)
    width, height = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    whole = Image.new("RGB", (width, height))
    browser = page.context.new_cdp_session(page)
    for top in range(0, height, SLICE):
        clip = {"x": 0, "y": top, "width": width, "height": min(SLICE, height - top), "scale": 1}
        # As `page.screenshot` does, which packs its pictures for three times as long.
        taken = browser.send(
            "Page.captureScreenshot",
            {"optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip},
        )
        whole.paste(Image.open(io.BytesIO(base64.b64decode(taken["data"]))), (0, top))
    browser.detach()
    return whole


def texts_of(page: Page) -> list[Landmark]:
    """Return every text of a page."""
    return [Landmark(*found) for found in page.evaluate(TEXTS)]


def print_sheets(
    page: Page, folder: Path, most: int
) -> tuple[Image.Image, Callable[[], list[Landmark]]]:
    """Return the first sheets of a page as printed on A4, below one another, and their texts."""
    page.add_style_tag(content=FONT)
    pdf = folder / "sheets.pdf"
    pdf.write_bytes(page.pdf(prefer_css_page_size=True))
    some = ["-l", str(most), str(pdf)]
    subprocess.run(["pdftoppm", "-r", "96", "-png", *some, str(folder / "sheet")], check=True)
    sheets = [Image.open(path) for path in sorted(folder.glob("sheet-*.png"))]
    whole = Image.new("RGB", (max(s.width for s in sheets), sum(s.height for s in sheets)))
    tops = [sum(s.height for s in sheets[:number]) for number in range(len(sheets))]
    for top, sheet in zip(tops, sheets, strict=True):
        whole.paste(sheet, (0, top))

    def texts() -> list[Landmark]:
        made = subprocess.run(
            ["pdftotext", "-bbox-layout", *some, "-"], check=True, capture_output=True, text=True
        ).stdout
        found: list[Landmark] = []
        for number, sheet in enumerate(made.split("<page ")[1:]):
            for block in re.findall(r"<line (.*?)</line>", sheet, re.DOTALL):
                edges = re.findall(r'="([\d.]+)"', block.partition(">")[0])
                left, top, right, bottom = (float(edge) * 96 / 72 for edge in edges)
                words = " ".join(re.findall(r">([^<>]+)</word>", block))
                at = tops[number]
                found.append(Landmark(words[:80], left, top + at, right, bottom + at))
        return found

    return whole, texts


class Album:
    """Kept pictures, with which new ones are compared.

    Parameters
    ----------
    kept
        Their folder.
    wrong
        Where what differs is written.
    is_accepting
        Whether new pictures are kept instead.
    """

    def __init__(self, kept: Path, wrong: Path, is_accepting: bool = False) -> None:
        self._kept, self._wrong, self._is_accepting = kept, wrong, is_accepting

    def compare(
        self, name: str, picture: Image.Image, texts: Callable[[], Iterable[Landmark]]
    ) -> str:
        """Return what differs from the kept picture in words; empty where nothing does.

        Parameters
        ----------
        texts
            Asked only where something differs.
        """
        path, now = self._kept / f"{name}.webp", _see(picture)
        if self._is_accepting:
            if not path.is_file() or changed_regions(Image.open(path), now):
                path.parent.mkdir(parents=True, exist_ok=True)
                now.save(path, lossless=True, quality=60, method=4)
            return ""
        kept = Image.open(path).convert("RGB") if path.is_file() else None
        regions = [] if kept is None else changed_regions(kept, now)
        if kept is not None and not regions:
            return ""
        self._wrong.mkdir(parents=True, exist_ok=True)
        picture.save(self._wrong / f"{name}.png")
        if kept is None:
            return f"{name}: no kept picture; `make pictures` keeps {self._wrong / name}.png"
        self._show(kept, picture, regions).save(self._wrong / f"{name}.difference.png")
        marks = list(texts())
        named = "".join(f"\n  - {region.name(marks)}" for region in regions[:5])
        more = f"\n  - and {len(regions) - 5} more" if len(regions) > 5 else ""
        return (
            f"{name}: {len(regions)} regions changed, from the top:{named}{more}\n"
            f"  See {self._wrong / name}.difference.png (kept left, now right); "
            f"if it is meant, accept with `make pictures`."
        )

    @staticmethod
    def _show(kept: Image.Image, picture: Image.Image, regions: list[Region]) -> Image.Image:
        """Return the kept picture beside the new one, what differs framed in both."""
        far = kept.resize((kept.width * BLOCK, kept.height * BLOCK), Image.Resampling.NEAREST)
        both = Image.new("RGB", (far.width + picture.width, max(far.height, picture.height)))
        both.paste(far, (0, 0))
        both.paste(picture, (far.width, 0))
        draw = ImageDraw.Draw(both)
        for region in regions:
            for shift in (0, far.width):
                edges = (region.left + shift, region.top, region.right + shift, region.bottom)
                draw.rectangle(edges, outline="red", width=3)
        return both

    def left_over(self, names: Iterable[str], pattern: str = "*") -> list[str]:
        """Return the kept pictures of a pattern that nothing is compared with any more."""
        there = {path.stem for path in self._kept.glob(f"{pattern}.webp")}
        extra = sorted(there - set(names))
        if self._is_accepting:
            for name in extra:
                (self._kept / f"{name}.webp").unlink()
            return []
        return extra
