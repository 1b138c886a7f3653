"""The app's own pages: the start page, a notebook, what is not there."""

# Voilà has no types, and a part of jupyter_server none either.
# mypy: disable-error-code="misc, no-untyped-call"

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

from jupyter_server.base.handlers import JupyterHandler
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from tornado.web import HTTPError, authenticated
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from zi_eval.app.offers import (
    ROLES,
    STOCK,
    Choice,
    Offer,
    Place,
    find_choice,
    find_choices,
    find_places,
)
from zi_eval.app.visitors import Visitors
from zi_eval.calendar.deadlines import coming
from zi_eval.calendar.load import load_deadlines
from zi_eval.calendar.page.words import day_text, days_text
from zi_eval.errors import ZiEvalError
from zi_eval.report.made import Made
from zi_eval.report.page import report_style, screen_style

__all__ = [
    "MissingPage",
    "NotebookPage",
    "StartPage",
    "TemplateFile",
    "keep_error",
    "prepare_notebook",
]

MOST_DUE = 3
"""Deadlines on the start page."""
QUEUE_SECONDS = 10
"""After how long a page in the queue asks again."""


class Page(JupyterHandler):
    """A page of the app: with our templates, and without the token in the browser's address."""

    def is_token_taken_out(self) -> bool:
        """Send the browser on to the same page without its token, once the cookie is set.

        By a page of ours and not by a redirection: a cookie of this site only is not sent where the
        way began elsewhere, as in the file from which the browser is opened.
        """
        if self.request.method != "GET" or "token" not in self.request.query_arguments:
            return False
        kept = [
            (key, value)
            for key, values in self.request.query_arguments.items()
            for value in values
            if key != "token"
        ]
        address = self.request.path + (f"?{urlencode(kept)}" if kept else "")
        self.write(
            f'<!DOCTYPE html><html lang="id"><meta charset="utf-8"><title>zi-eval</title>'
            f'<meta http-equiv="refresh" content="0;url={escape(address)}">'
            f'<p><a href="{escape(address)}">Buka zi-eval</a></p></html>\n'
        )
        return True


class StartPage(Page):
    """What can be opened for one period, in plain words; the newest own period first."""

    @authenticated
    def get(self) -> None:
        """Show the offers by whom they are for, each with the units of the period there are."""
        if self.is_token_taken_out():
            return
        app = self.settings["zi_eval_app"]
        places = find_places(app.folder)
        wanted = self.get_argument("periode", "")
        place = next((p for p in places if p.name == wanted), places[0] if places else None)
        cards: dict[str, list[tuple[Offer, tuple[Choice, ...]]]] = {}
        problem = ""
        for offer in app.offers.values():
            choices: tuple[Choice, ...] = ()
            if place is not None:
                try:
                    choices = find_choices(place.period, offer)
                except ZiEvalError as error:
                    problem = str(error)
            cards.setdefault(offer.role, []).append((offer, choices))
        groups = [(name, cards[role]) for role, name in ROLES.items() if role in cards]
        self.write(
            self.render_template(
                "start.html",
                groups=groups,
                place=place,
                places=places,
                problem=problem,
                due=_due(place),
                folder=app.folder.name,
            )
        )


def _due(place: Place | None) -> list[tuple[str, str, str]]:
    """Return the next deadlines of a period: the day, what is due, and for whom."""
    if place is None:
        return []
    today = Made.now().time.date()
    try:
        deadlines, _ = load_deadlines(place.period)
    except ZiEvalError:  # of a folder without a year nothing is due
        return []
    return [
        (f"{day_text(item.day)}, {days_text(item.day, today)}", item.title, item.who)
        for item in coming(deadlines, today)[:MOST_DUE]
    ]


class NotebookPage(Page, TornadoVoilaHandler):
    """One offered notebook, run in a kernel of its own for this visit."""

    offer: Offer
    choice: Choice | None

    @authenticated
    async def get(self, name: str) -> None:
        """Run a notebook and send its page as it grows; for a report, ``?untuk=`` says of whom."""
        if self.is_token_taken_out():
            return
        app = self.settings["zi_eval_app"]
        if name not in app.offers:
            raise HTTPError(404)
        self.offer = app.offers[name]
        wanted = self.get_argument("untuk", "")
        try:
            self.choice = find_choice(app.folder, self.offer, wanted)
        except ZiEvalError:
            self.redirect(self.base_url)  # where the sentence is shown
            return
        # A form asks for what nobody chose; what is not there is not opened.
        if self.choice is None and (wanted or (self.offer.parameter and not self.offer.is_form)):
            raise HTTPError(404)
        if not app.kernel_manager.has_room:
            self.set_status(503)
            self.set_header("Retry-After", str(QUEUE_SECONDS))
            self.write(
                self.render_template(
                    "queue.html", most=app.kernel_manager.most, seconds=QUEUE_SECONDS
                )
            )
            return
        self.xsrf_token  # noqa: B018 - sets the cookie with which the page may end its kernel
        await TornadoVoilaHandler.get(self, f"{name}.ipynb")


class MissingPage(Page):
    """Every other address."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Send a stranger to the login page and tell a visitor that there is nothing."""
        await super().prepare()
        if not self._finished:
            raise HTTPError(404)


class TemplateFile(TemplateStaticFileHandler):
    """A style or script of Voilà's templates."""

    def parse_url_path(self, url_path: str) -> str:
        """Refuse a path that leaves a template's ``static`` folder."""
        parts = url_path.split("/")
        if len(parts) < 3 or parts[1] != "static" or {"", ".", ".."} & set(parts):
            raise HTTPError(404)  # where Voilà would stop with an error of the program
        return str(super().parse_url_path(url_path))


def prepare_notebook(handler: NotebookPage, notebook: NotebookNode, cwd: str) -> NotebookNode:
    """Give a notebook its title, the chosen unit or period, and a report its style."""
    offer, choice = handler.offer, handler.choice
    is_stock = offer in STOCK
    title = offer.title if choice is None else f"{offer.title}: {choice.label}"
    notebook.metadata["title"] = title
    notebook.metadata["zi_eval"] = {
        "title": title,
        "style": ""
        if choice is None or offer.is_form
        else report_style("report/style.css") + screen_style(),
        "has_heading": not is_stock or (choice is not None and not offer.is_form),
    }
    if is_stock:  # their text explains how to run them in JupyterLab
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if choice is not None:
        chosen = new_code_cell(f"{offer.parameter} = {choice.value!r}")
        tagged = [
            place
            for place, cell in enumerate(notebook.cells)
            if "parameters" in cell.metadata.get("tags", [])
        ]
        notebook.cells.insert(tagged[0] + 1 if tagged else 0, chosen)
    visitors: Visitors = handler.settings["identity_provider"]
    owner = visitors.owner(handler.current_user)
    if owner is not None:  # before anything else runs, and by us alone
        said = f"prove({owner.name!r}, {owner.role!r}, {list(owner.units)!r}, {owner.id!r})"
        proof = new_code_cell(f"from zi_eval.journal.proof import prove\n{said}\ndel prove")
        notebook.cells.insert(0, proof)
    return notebook


def keep_error(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
    """Keep the sentence of an error that is meant to be read; the page says all others in general.

    Voilà takes error outputs out of the page, names and texts included, before it is made.
    """
    content = execute_reply["content"]
    names = {kind.__name__ for kind in _all_subclasses(ZiEvalError)}
    if content.get("ename") in names:
        cell.metadata["zi_eval_error"] = str(content.get("evalue", ""))


def _all_subclasses(kind: type[Exception]) -> list[type[Exception]]:
    children: list[type[Exception]] = kind.__subclasses__()
    return [kind, *(each for child in children for each in _all_subclasses(child))]
