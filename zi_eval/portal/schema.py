"""The documents and errors of the guide as models: what the OpenAPI description says."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CODES", "AnswersDocument", "ErrorDocument", "ProposalsDocument", "error_document"]

CODES = {
    401: ("UNAUTHORIZED", "Token tidak ada atau tidak berlaku."),
    403: ("FORBIDDEN", "Token ini tidak membuka dokumen yang diminta."),
    404: ("DATA_NOT_FOUND", "Data tidak ditemukan."),
    405: ("METHOD_NOT_ALLOWED", "Hanya GET yang dilayani."),
    422: ("VALIDATION_ERROR", "Id unit tidak sah: huruf kecil, angka, dan tanda hubung."),
    429: ("TOO_MANY_REQUESTS", "Terlalu banyak permintaan. Ulangi setelah Retry-After detik."),
    500: ("INTERNAL_ERROR", "Layanan sedang bermasalah. Ulangi nanti."),
}
"""Code and message of each error; the guide names only ``DATA_NOT_FOUND`` and the numbers."""


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProposedUnit(_Document):
    """A unit proposed for WBK or WBBM."""

    id: str
    nama: str
    kategori: Literal["WBK", "WBK-AFIRMASI", "WBBM"]
    afirmasi: bool


class ProposalsDocument(_Document):
    """The units proposed for one predicate."""

    tahun: int
    units: list[ProposedUnit]


class UnitAnswer(_Document):
    """The answers to one ``soal_id``; a ratio question has one for each input."""

    soal_id: int = Field(ge=1)
    jawaban_unit: str | None
    jawaban_tpi: str | None
    catatan_unit: str | None
    bukti_dukung_unit: str | None
    catatan_tpi: str | None


class AnswersDocument(_Document):
    """All answers of one unit."""

    unit_id: str
    nama_unit: str
    tahun: int
    answers: list[UnitAnswer]


class ErrorDocument(_Document):
    """Every error, whatever went wrong."""

    error: Literal[True]
    code: str
    message: str


def error_document(status: int) -> dict[str, object]:
    """Return the body of an error; a status without a code of its own is an internal error."""
    code, message = CODES.get(status, CODES[500])
    return {"error": True, "code": code, "message": message}
