"""jsonschema, which checks notebooks and what Jupyter's servers log, loaded without a grammar."""

from __future__ import annotations

import importlib
import sys

__all__ = ["load_json_schema"]

NEEDLESS = "rfc3987_syntax"
"""A grammar of international addresses, which jsonschema builds as it is imported where it can.

That takes nearly as long as all other imports of a notebook's libraries together, and no schema of
notebooks or of Jupyter's events names such an address.
"""


def load_json_schema() -> None:
    """Import jsonschema and let it not find the grammar meanwhile; whoever asks later gets it."""
    sys.modules.setdefault(NEEDLESS, None)  # type: ignore[arg-type]
    try:
        importlib.import_module("jsonschema")
    finally:
        if sys.modules[NEEDLESS] is None:
            del sys.modules[NEEDLESS]
