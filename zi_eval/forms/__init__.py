"""The workbench: answers filled in and evaluated in notebooks, every change saved at once."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zi_eval.forms.form import unit_form, verification_form

__all__ = ["unit_form", "verification_form"]


def __getattr__(name: str) -> Any:
    """Import a form when it is first asked for; widgets are heavy."""
    if name not in __all__:
        raise AttributeError(f"module 'zi_eval.forms' has no attribute {name!r}")
    return getattr(importlib.import_module("zi_eval.forms.form"), name)
