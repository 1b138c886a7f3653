"""What a notebook's process finds around it: what a kernel started at this moment would find.

The process is forked from one that may be older than the moment: environment, time zone, folder
and search path are those of whoever asks for the notebook to be run.
"""

from __future__ import annotations

import locale
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Final

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from zi_eval.runs.fresh import WARM_MODULE, renew_chance
from zi_eval.runs.hidden import hide_modules

__all__ = ["Surroundings", "describe_surroundings", "enter"]

OWN_NAMES: Final = ("python", "python3")
"""Names of the kernel of this interpreter; jupyter_client takes the first for the second."""
OWN_COMMAND: Final = {"-m", "ipykernel_launcher", "ipykernel", "-f", "{connection_file}"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Folder, environment and a kernel's further arguments."""

    folder: str
    environment: Mapping[str, str]
    arguments: tuple[str, ...] = ()


def describe_surroundings(
    kernel: str, arguments: Sequence[str] = (), folder: str | None = None
) -> Surroundings | None:
    """Return what a kernel would be started with now; None where it is not this interpreter's own.

    Parameters
    ----------
    kernel
        Its name. One of the person's own may bear a usual name and be another program.
    """
    if kernel not in OWN_NAMES:
        return None
    try:
        spec = KernelSpecManager().get_kernel_spec(OWN_NAMES[-1])
    except NoSuchKernel:
        return None
    program, *rest = spec.argv
    usual = (sys.executable, *OWN_NAMES, f"python3.{sys.version_info.minor}")
    if program not in usual or not set(rest) <= OWN_COMMAND:
        return None
    environment = dict(os.environ)
    own = {name: Template(value).safe_substitute(environment) for name, value in spec.env.items()}
    environment |= own | {"JPY_PARENT_PID": str(os.getpid()), "PYDEVD_USE_FRAME_EVAL": "NO"}
    environment.pop("PYTHONEXECUTABLE", None)
    return Surroundings(folder or os.getcwd(), environment, tuple(arguments))


def enter(surroundings: Surroundings) -> None:
    """Take over what is around, in a process made for one notebook."""
    before = _paths(os.environ)
    os.environ.clear()
    os.environ.update(surroundings.environment)
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    os.chdir(surroundings.folder)
    multiprocessing.current_process().name = "MainProcess"
    warm = sys.modules.get(WARM_MODULE)
    if warm is not None:
        rest = [path for path in warm.SEARCH_PATH if path and path not in before]
        renew_chance()  # of libraries, too, that are out of sight from here on
        sys.path[:] = _paths(surroundings.environment) + rest
        ours = {name for name in sys.modules if name.partition(".")[0] == "zi_eval"}
        hide_modules(warm.OURS | ours)


def _paths(environment: Mapping[str, str]) -> list[str]:
    """Return where a person lets Python look first."""
    named = environment.get("PYTHONPATH", "").split(os.pathsep)
    return [os.path.abspath(path) for path in named if path]
