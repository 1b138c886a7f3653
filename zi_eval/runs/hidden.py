"""Loaded modules that a fresh interpreter would not have: out of sight until they are asked for.

A process forked from the warm one has the libraries of all reports. A notebook that looks whether
a library is loaded is not to be misled, nor is whoever walks through all modules (as Python does
for each frame of a traceback) to walk through ours. An import gives the module as it is at once.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["hide_modules"]


class _Hidden(MetaPathFinder, Loader):
    """Finds modules that are loaded already and brings them back as they were."""

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        self._modules = modules

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        module = self._modules.get(name)
        if module is None or module.__spec__ is None:
            return None
        spec = copy.copy(module.__spec__)
        spec.loader = self
        spec.loader_state = module.__spec__
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Bring back what its package had loaded too: parts of one package expect one another."""
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state
        package = module.__name__.partition(".")[0]
        for name in [name for name in self._modules if name.partition(".")[0] == package]:
            sys.modules.setdefault(name, self._modules.pop(name))


def hide_modules(names: Iterable[str]) -> None:
    """Take modules out of ``sys.modules``; each comes back with its package when it is imported."""
    hidden = {
        name: module
        for name in names
        if (module := sys.modules.get(name)) is not None
        and (spec := getattr(module, "__spec__", None)) is not None
        and spec.name == name  # not under a second name, like os.path
    }
    for name in hidden:
        del sys.modules[name]
    sys.meta_path.insert(0, _Hidden(hidden))
