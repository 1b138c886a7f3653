"""The notebooks as an app without code, for people who never saw Jupyter (extra ``app``).

:mod:`zi_eval.app.offers` says which notebooks are shown and under which name, and
:mod:`zi_eval.app.server` serves them: Voilà with our own pages and nothing else of it open.
"""

__all__: list[str] = []
