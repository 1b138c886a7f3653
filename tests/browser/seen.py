"""What a page looks like to those who see little or nothing: axe-core, and contrast as painted.

axe leaves to a person what it cannot decide: text over figures, over half transparent boxes, in
pseudo-elements' reach. Here every text is measured, from the computed styles of whatever lies
below its middle, so that nothing is left.
"""

from __future__ import annotations

from importlib.util import find_spec

from playwright.sync_api import Page

__all__ = ["HAS_AXE", "low_contrast", "violations"]

HAS_AXE = find_spec("axe_playwright_python") is not None
LEAST, LEAST_LARGE = 4.5, 3.0
"""WCAG 1.4.3; large is from 24 px, or 18.66 px bold."""

MEASURE = r"""([least, leastLarge, within]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const once = (find) => { // each thing is looked up once, for nothing changes meanwhile
    const kept = new Map();
    return (key) => {
      if (!kept.has(key)) kept.set(key, find(key));
      return kept.get(key);
    };
  };
  const rgba = once((text) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  });
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const light = (rgb) => rgb.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const opacity = once((node) =>
    node ? Number(getComputedStyle(node).opacity) * opacity(node.parentElement) : 1);
  const isDrawn = (node) => node instanceof SVGElement && !(node instanceof SVGSVGElement);
  const paint = once((node) => {
    const style = getComputedStyle(node);
    const [r, g, b, a] = isDrawn(node)
      ? (style.fill === "none" ? [0, 0, 0, 0] : rgba(style.fill)) : rgba(style.backgroundColor);
    return [r, g, b, a * opacity(node) * (isDrawn(node) ? Number(style.fillOpacity) : 1)];
  });
  const all = document.createElement("style");
  all.textContent =
    "*, *::before, *::after { pointer-events: auto !important; transition: none !important; }";
  document.head.append(all);
  const found = [];
  let count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    const isShown = node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!text.data.trim() || !isShown) continue;
    if (node.closest("script, style, option, :disabled, [aria-disabled=true]")) continue;
    if (!node.closest(within)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const line = () => [...range.getClientRects()].find((one) => one.width > 1 && one.height > 1);
    if (!line()) continue; // kept for screen readers alone
    const look = () => {
      const box = line();
      const stack =
        document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return [stack, stack.indexOf(node)];
    };
    let [stack, at] = look();
    if (at < 0) { // out of sight
      node.scrollIntoView({ block: "center", inline: "center" });
      [stack, at] = look();
    }
    if (at < 0) continue; // clipped away, or below a dialog
    const style = getComputedStyle(node);
    const layers = stack.slice(isDrawn(node) ? at + 1 : at).map(paint);
    const isDark = getComputedStyle(document.documentElement).colorScheme.includes("dark");
    const canvasColor = rgba(isDark ? "#121212" : "#fff").slice(0, 3);
    const below = layers.reverse().reduce((under, layer) => over(layer, under), canvasColor);
    const ink = rgba(isDrawn(node) ? style.fill : style.color);
    const seen = over([ink[0], ink[1], ink[2], ink[3] * opacity(node)], below);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    count += 1;
    const got = ratio(seen, below);
    if (got < (isLarge ? leastLarge : least) - 0.005) {
      const place = `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""}`;
      found.push(`${got.toFixed(2)}: '${text.data.trim().slice(0, 40)}' in ${place}`);
    }
  }
  all.remove();
  return [count, [...new Set(found)]];
}"""


def low_contrast(page: Page, within: str = "body") -> tuple[int, list[str]]:
    """Return how many texts were measured, and those that are too faint to read.

    Parameters
    ----------
    within
        Selects what is looked at.
    """
    count, found = page.evaluate(MEASURE, [LEAST, LEAST_LARGE, within])
    return count, found


def violations(page: Page, within: str = "html") -> list[str]:
    """Return what axe-core finds wrong; contrast is measured by :func:`low_contrast`.

    Nothing where axe-core is not installed; ``test_axe_core_is_there`` then says so.

    Parameters
    ----------
    within
        Selects what is looked at.
    """
    if not HAS_AXE:
        return []
    from axe_playwright_python.sync_playwright import Axe

    rules = {"color-contrast": {"enabled": False}}
    options = {"resultTypes": ["violations"], "rules": rules}
    results = Axe().run(page, context={"include": [[within]]}, options=options)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ]
