"""What PortalRB gets of a period: checked beforehand, as files, or by a service (extra ``portal``).

:mod:`.publication` says which units may be given away and what stands in the way of the others,
:mod:`.checklist` collects that for a period, :mod:`.documents` keeps the documents by file state
and :mod:`.export` writes them. The service is :mod:`.app` behind :mod:`.gate` (:mod:`.tokens`,
:mod:`.limits`, :mod:`.access_log`), started by :mod:`.server`; only these need the extra.
"""

__all__: list[str] = []
