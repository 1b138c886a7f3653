"""The page of everything that can be typed, made from the docstrings (extra ``docs``)."""

from __future__ import annotations

from pathlib import Path

import zi_eval
from zi_eval.errors import ZiEvalError

__all__ = ["write_api_page"]


def write_api_page(folder: Path) -> Path:
    """Write the page with all its parts into a folder, and return it.

    Raises
    ------
    ZiEvalError
        Where pdoc is not installed.
    """
    try:
        import pdoc.doc
        import pdoc.render
    except ImportError:
        raise ZiEvalError(
            'Halaman ini memerlukan pdoc. Jalankan: pip install "zi-eval[docs]"'
        ) from None
    for name in zi_eval.__all__:
        getattr(zi_eval, name)  # pdoc documents what the module has, and it is imported when used
    pdoc.render.configure(
        docformat="numpy",
        show_source=False,
        search=False,
        template_directory=Path(__file__).resolve().parent,
    )
    module = pdoc.doc.Module(zi_eval)
    for part in module.classes:
        # A view is built of bases that nobody types: what they give is shown as the view's own.
        own, others = list(part.own_members), {}
        for origin, members in part.inherited_members.items():
            if origin[0].startswith("zi_eval."):
                own += members
            else:
                others[origin] = members
        vars(part).update(own_members=own, inherited_members=others)
    page = folder / "zi_eval.html"
    folder.mkdir(parents=True, exist_ok=True)
    page.write_text(pdoc.render.html_module(module, {"zi_eval": module}), "utf-8")
    return page
