"""Lines of journals that are whole by their checksum, and not ours."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

STEP: dict[str, Any] = {
    "jenis": "ubah",
    "nomor": 9,
    "waktu": "2026-05-20T14:30:00+07:00",
    "oleh": "Sari",
    "peran": "unit",
    "ubah": [{"pertanyaan": "A.I.1.i.b", "bagian": "unit", "lama": "A", "baru": "B"}],
}
FILE: dict[str, Any] = {
    **STEP, "jenis": "berkas", "ubah": [], "sha256": "0" * 64, "sampai": 9, "tertinggal": False,
    "teks": "id: x\n",
}  # fmt: skip
WRITE: dict[str, Any] = {
    "jenis": "tulis", "waktu": STEP["waktu"], "dari": "0" * 64, "sha256": "1" * 64, "sampai": 9,
}  # fmt: skip
DONE: dict[str, Any] = {"jenis": "tertulis", "sha256": "0" * 64}
STRANGE: tuple[Any, ...] = (
    None, True, -1, 1.5, 10**30, "", "x", [], [1], {}, {"a": 1}, "2026-05-20", [[]], [None],
    "\x1b[2J", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
)  # fmt: skip
VALUES: tuple[tuple[str, str, Any], ...] = (
    ("A.I.1.i.b", "unit", {"x": 1}),
    ("A.I.1.i.b", "unit", "Z"),
    ("A.I.1.i.b", "unit", [1, 2]),
    ("A.I.1.i.b", "catatan", 5),
    ("A.I.1.i.b", "bukti", "x"),
    ("A.I.1.i.b", "bukti", [1, None]),
    ("A.II.1.i.a", "unit", [-1, 2]),
    ("A.II.1.i.a", "unit", [1, 2, 3, 4, 5, 6, 7]),
    ("syarat", "lhkpn", "banyak"),
    ("identitas", "nama", {"x": 1}),
    ("identitas", "afirmasi", "ya"),
    ("evaluasi", "final", {"oleh": 1}),
    ("evaluasi", "final", {"oleh": "x", "waktu": "kemarin"}),
    ("evaluasi", "final", "ya"),
)
"""Values that no place of the kind can have."""


def line_of(body: str) -> bytes:
    """Return a line with the right checksum for a body of JSON, whatever it holds."""
    check = zlib.crc32(body.encode("utf-8", "surrogatepass"))
    return f'{body[:-1]},"cek":"{check:08x}"}}\n'.encode("utf-8", "surrogatepass")


def malformed() -> Iterator[bytes]:
    """Yield lines whose checksum is right and whose content is not."""
    for whole in (STEP, FILE, WRITE, DONE):
        for name in whole:
            yield line_of(json.dumps({k: v for k, v in whole.items() if k != name}))
            for value in STRANGE:
                if type(value) is not type(whole[name]) or name == "waktu":
                    yield line_of(json.dumps({**whole, name: value}))
    for item in STRANGE:
        yield line_of(json.dumps({**STEP, "ubah": [item]}))
    for key, field, value in VALUES:
        change = {"pertanyaan": key, "bagian": field, "lama": None, "baru": value}
        yield line_of(json.dumps({**STEP, "ubah": [change]}))
    yield line_of('{"jenis":"ubah","nomor":NaN}')
    yield line_of('{"jenis":' + "[" * 100_000 + "]" * 100_000 + "}")
    yield line_of('{"jenis":"ubah","nomor":' + "9" * 5000 + "}")
    yield line_of('{"jenis":"\\ud800"}'.replace("\\ud800", "ubah")[:-1] + ',"oleh":"\\ud800"}')


NEWER = (
    line_of('{"jenis":"lampiran","nomor":9,"isi":{}}'),
    line_of(json.dumps({**STEP, "peran": "pengawas"})),
)
"""Lines of a version that knows more than ours."""
