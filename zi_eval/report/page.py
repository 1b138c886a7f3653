"""What every page is made of: its room, the sections it renders, and their templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Final, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from zi_eval.report import words
from zi_eval.report.compiled import CompiledTemplates
from zi_eval.report.made import Made

__all__ = [
    "Page",
    "Room",
    "Section",
    "has_outer_style",
    "in_own_style",
    "kept",
    "leave_style_to_page",
    "page_templates",
    "paper_style",
    "report_environment",
    "report_style",
]

PACKAGE: Final = Path(__file__).resolve().parent.parent
P = TypeVar("P", bound="Page")


LIVE: Final = ".zi-section.zi-section.zi-section"
"""Selects what a notebook shows of ours; thrice, to outweigh JupyterLab's own rules for outputs."""
_STYLE_TAG: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_PAGE_RULE: Final = re.compile(r"@page\s*\{[^}]*\}|(?m:^html \{[^}]*\})")
_PLAIN: Final = re.compile(r"[^0-9A-Za-z ]")
_WHOLE_PAGE: Final = re.compile(r"(?m)^(\s*)(?::root|body)(?= \{)")


class _Outside:
    """Whether whatever shows the sections brings their style."""

    has_style = False


def leave_style_to_page(is_left: bool = True) -> None:
    """Say whether sections of this process go into a page that has the style: they come bare."""
    _Outside.has_style = is_left


def has_outer_style() -> bool:
    """Whether the sections of this process go into a page that has the style already."""
    return _Outside.has_style


@cache
def _own_style(inner: str) -> str:
    """Return the report's style, and that of a section, nested below what selects our sections."""
    css = report_style("report/style.css", "report/live.css") + inner
    nested = _WHOLE_PAGE.sub(r"\1&", _PAGE_RULE.sub("", css))
    dark = f"[data-jp-theme-light=false] {LIVE} {{\n{report_style('report/dark.css')}}}\n"
    return f"{LIVE} {{\n{nested}}}\n{dark}"


def in_own_style(html: str) -> str:
    """Return HTML with the report's style, scoped so that it touches nothing beside it.

    In a ``section``, so that its ``header`` is that of the section and no banner of JupyterLab's.
    """
    inner = "".join(_STYLE_TAG.findall(html))
    bare = _STYLE_TAG.sub("", html)
    return f'<section class="zi-section"><style>\n{_own_style(inner)}</style>\n{bare}</section>'


@dataclass(frozen=True, slots=True)
class Section:
    """A rendered part of a page; a notebook shows it as HTML. Without any it is empty."""

    # Not in the repr, which a notebook would store beside the HTML: the same text twice.
    html: Markup = field(default=Markup(), repr=False)

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.html)

    def _repr_html_(self) -> str:
        return str(self.html)

    @property
    def live_html(self) -> str:
        """The section with its own style, which touches nothing else: for a notebook."""
        return in_own_style(str(self.html)) if self.html else ""

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        """Return the section for a notebook that people look at; a page has the style already."""
        return {} if _Outside.has_style or not self.html else {"text/html": self.live_html}

    def __html__(self) -> str:
        """Return the HTML for templates that take the section in."""
        return str(self.html)


@dataclass(frozen=True)
class Room:
    """Where the templates of a topic stand, with the style and the words they share.

    Attributes
    ----------
    folder
        By its path in the package, as ``survey/page``.
    styles
        Style sheets by their paths in the package; templates show them as ``css``.
    words
        A module: all that it names in ``__all__``, templates use by that name.
    """

    folder: str
    styles: tuple[str, ...] = ()
    words: ModuleType | None = None

    def render(self, name: str, /, **values: Any) -> str:
        """Render the template ``<name>.html.j2`` of this room."""
        template = report_environment().get_template(f"{self.folder}/{name}.html.j2")
        is_page = "report/paper.css" in self.styles
        css = Markup(report_style(*self.styles) + (screen_style() if is_page else ""))
        return template.render({"css": css, **_words_of(self.words), **values})

    def section(self, name: str, /, **values: Any) -> Section:
        """Render a template of this room as a section."""
        return Section(Markup(self.render(name, **values)))


@cache
def _words_of(module: ModuleType | None) -> Mapping[str, Any]:
    return {name: getattr(module, name) for name in module.__all__} if module else {}


class Page:
    """A page: a frozen value of results, with a method for each section it shows.

    A page computes nothing but what its sections show; each section is rendered when it is first
    asked for, and kept (see :func:`kept`).
    """

    room: ClassVar[Room]
    made: Made
    """Templates show it as ``made``."""

    def __repr__(self) -> str:
        """Return its kind and its sections; what it is given would fill many screens."""
        sections = [n for n, m in vars(type(self)).items() if getattr(m, "is_section", False)]
        return f"{type(self).__name__}: {', '.join(f'.{name}()' for name in sections)}"

    def common(self) -> Mapping[str, Any]:
        """Return what every template of the page is given."""
        return {}

    def section(self, name: str, /, **values: Any) -> Section:
        """Render a template of the page's room with what all are given and ``values``."""
        return self.room.section(name, made=self.made, **self.common(), **values)


def kept(method: Callable[[P], Section]) -> Callable[[P], Section]:
    """Render a section of a page once: whoever asks again gets the same."""
    name = method.__name__

    @wraps(method)
    def first(page: P) -> Section:
        sections = page.__dict__.setdefault("_sections", {})
        if name not in sections:
            sections[name] = method(page)
        found: Section = sections[name]
        return found

    first.__dict__["is_section"] = True
    return first


@cache
def report_style(*names: str) -> str:
    """Return style sheets as one text; each is named by its path in the package."""
    return "".join((PACKAGE / name).read_text("utf-8") for name in names)


@cache
def screen_style() -> str:
    """Return the colours of a page of its own where the reader's system is dark.

    A page printed from there is light. Sections in a notebook follow its theme instead.
    """
    dark = report_style("report/dark.css")
    return f"@media screen and (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n"


def paper_style(title: str) -> str:
    """Return how a page is printed: its size, its title above and its number below.

    Parameters
    ----------
    title
        Any text: every sign that could end a string, or the style, is written by its number.
    """
    shown = _PLAIN.sub(lambda sign: f"\\{ord(sign[0]):x} ", " ".join(title.split()))
    head = f'@page {{ @top-left {{ content: "{shown}"; }} }}\n'
    return report_style("report/paper.css") + head


def page_templates() -> list[str]:
    """Return the name of every template that the environment renders."""
    found = (path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.html.j2"))
    # Those two belong to Voilà and nbconvert, which render them.
    return sorted(name for name in found if not name.startswith(("app/", "report/template/")))


@cache
def report_environment() -> Environment:
    """Return the one template environment: everything typed by people is escaped.

    A template is named by its path in the package, as ``survey/page/elements.html.j2``.
    It keeps its compiled templates: a warm process for all its reports, and the machine for all
    processes.
    """
    environment = Environment(
        loader=FileSystemLoader(PACKAGE),
        bytecode_cache=CompiledTemplates(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=words.format_number,
        count=words.format_count,
        percent=words.format_percent,
        margin=words.format_margin,
        formula=words.formula_text,
    )
    environment.globals.update(
        against=words.format_points_against,
        margin_text=words.margin_text,
        status_label=words.status_label,
        status_icon=words.status_icon,
        stage_label=words.stage_label,
        stage_text=words.stage_text,
        verdict_label=words.verdict_label,
        doubts_text=words.doubts_text,
        explained_text=words.explained_text,
    )
    return environment
