"""A Word document as bytes: nothing in it that tells of a machine, the same text the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any, Final

from zi_eval.formats import pack, unpack
from zi_eval.report.documents.content import clean_text

__all__ = ["pack_document"]

MOST: Final = 255
"""Characters a property may have."""


def pack_document(document: Any, title: str, author: str, time: datetime) -> bytes:
    """Return a document of python-docx as bytes, with the properties given and no others.

    Parameters
    ----------
    time
        Stands as its date; with a time zone.
    """
    properties = document.core_properties
    moment = time.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title, properties.author = clean_text(title)[:MOST], clean_text(author)[:MOST]
    properties.created = properties.modified = moment
    properties.language = "id-ID"
    properties.revision = 1
    for name in ("comments", "keywords", "category", "subject", "last_modified_by"):
        setattr(properties, name, "")
    stream = io.BytesIO()
    document.save(stream)
    return pack(unpack(stream.getvalue()))
