"""Everything a unit's notebook imports, loaded once in the process that others are forked from.

Only the fork server imports this module. What is copied into every new process must be still: no
second thread, no shell, no socket, and no plotting backend, which takes hold of a shell as it is
imported.
"""

from __future__ import annotations

import gc
import importlib
import os
import threading

# The same backend as in a kernel, before matplotlib reads it.
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

for _name in (
    "IPython.core.completer",
    "IPython.extensions.storemagic",
    "ipykernel.ipkernel",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "nbconvert.exporters.templateexporter",
    "nbformat.v4",
    "papermill.clientwrap",
    "zi_eval.report.exporter",
    "zi_eval.report.recap",
    "zi_eval.runs.engine",
    "zi_eval.workspace",
):
    importlib.import_module(_name)

if threading.active_count() != 1:
    raise RuntimeError(
        "an imported module started a thread; a process with threads cannot be forked safely: "
        + ", ".join(thread.name for thread in threading.enumerate())
    )

# Objects that never die here need not be visited, and so copied, in every process to come.
gc.collect()
gc.freeze()
