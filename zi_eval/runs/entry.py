"""The door by which papermill finds our engine, without importing papermill.

Papermill loads its entry points while it is itself being imported, also by our engine's module:
an entry point naming that module would find it half made.
"""

from __future__ import annotations

from typing import Any

__all__ = ["ENGINE_NAME", "EngineEntry"]

ENGINE_NAME = "zi-eval"


class EngineEntry:
    """What papermill asks of an engine, passed on to :class:`~zi_eval.runs.engine.ForkedEngine`."""

    @classmethod
    def execute_notebook(cls, *arguments: Any, **options: Any) -> Any:
        """Run a notebook."""
        from zi_eval.runs.engine import ForkedEngine

        return ForkedEngine.execute_notebook(*arguments, **options)

    @classmethod
    def nb_kernel_name(cls, *arguments: Any, **options: Any) -> Any:
        """Return the kernel a notebook names."""
        from zi_eval.runs.engine import ForkedEngine

        return ForkedEngine.nb_kernel_name(*arguments, **options)

    @classmethod
    def nb_language(cls, *arguments: Any, **options: Any) -> Any:
        """Return the language a notebook names."""
        from zi_eval.runs.engine import ForkedEngine

        return ForkedEngine.nb_language(*arguments, **options)
