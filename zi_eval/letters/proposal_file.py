"""What a proposal needs beyond the evaluation: who signs, whom to ask, links, quota, order.

An agency states it in the part ``usulan`` of its file::

    usulan:
      nomor: 000.8.3/112/ORG/2026
      tanggal: 20 Mei 2026
      kota: Contoh
      jabatan: Bupati Contoh
      nama: Nama lengkap
      nip: ""
      kontak: {nama: Nama lengkap, surel: organisasi@contoh.example, telepon: "0800"}
      kuota: {WBK: 3, WBBM: 1}
      urutan: [kekurangan, keraguan, peluang, selisih]
      tautan:
        surat_usulan: https://…
        sptjm: https://…
        tlhp: https://…
        survei: https://…
        lke: {dpmptsp: https://…}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from zi_eval.core.problems import Problem
from zi_eval.period.keys import KeyReader, Section

__all__ = ["CRITERIA", "DOCUMENTS", "PART", "ProposalDetails", "parse_details"]

PART: Final = "usulan"
TEXTS: Final = ("nomor", "tanggal", "kota", "kepada", "jabatan", "nama", "nip")
CONTACT: Final = ("nama", "surel", "telepon")
DOCUMENTS: Final = {
    "surat_usulan": "surat usulan", "sptjm": "SPTJM", "tlhp": "pernyataan tindak lanjut (TLHP)",
    "survei": "laporan survei mandiri",
}  # fmt: skip
"""The documents whose links the portal asks for, with what messages call them."""
CRITERIA: Final = ("kekurangan", "keraguan", "peluang", "selisih", "nilai")
"""By which candidates can be ranked; :mod:`zi_eval.proposal.ranking` says how."""
USUAL_ORDER: Final = CRITERIA[:4]
"""The first criterion decides; the next where it is the same. The unit's id decides the rest."""
KEYS: Final = (*TEXTS, "kontak", "kuota", "urutan", "tautan")
ADDRESSEE: Final = "Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi"


@dataclass(frozen=True, slots=True)
class ProposalDetails:
    """What an agency states of its proposal; all untrusted, empty where it states nothing.

    Attributes
    ----------
    texts, contact
        By key: number, date, place, addressee, position, name and NIP; name, e-mail and phone.
    quota
        Most units by predicate; a predicate that is not named has none.
    order
        The criteria of the ranking, the first one first.
    links, unit_links
        Of the documents, and of each unit's LKE by its id.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    quota: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = USUAL_ORDER
    links: Mapping[str, str] = field(default_factory=dict)
    unit_links: Mapping[str, str] = field(default_factory=dict)

    @property
    def addressee(self) -> str:
        """Whom the letter is sent to."""
        return self.texts.get("kepada") or ADDRESSEE


def parse_details(
    section: Section, predicates: tuple[str, ...]
) -> tuple[ProposalDetails, tuple[Problem, ...]]:
    """Return what the part ``usulan`` of an agency file states, and all that is wrong with it."""
    reader = section.reader()
    top = reader.mapping((PART,), section.value, KEYS, f"'{PART}'")
    links = reader.mapping((PART, "tautan"), top.get("tautan"), (*DOCUMENTS, "lke"), "'tautan'")
    details = ProposalDetails(
        texts=_texts(reader, (PART,), {key: top.get(key) for key in TEXTS}),
        contact=_texts(
            reader,
            (PART, "kontak"),
            reader.mapping((PART, "kontak"), top.get("kontak"), CONTACT, "'kontak'"),
        ),
        quota=_quota(reader, top.get("kuota"), predicates),
        order=_order(reader, top.get("urutan")),
        links=_texts(reader, (PART, "tautan"), {k: links.get(k) for k in DOCUMENTS}),
        unit_links=_by_unit(reader, links.get("lke")),
    )
    return details, tuple(reader.problems)


def _texts(reader: KeyReader, path: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, str]:
    found = {k: reader.text((*path, k), value, f"'{k}'") for k, value in values.items()}
    return {key: text for key, text in found.items() if text}


def _by_unit(reader: KeyReader, value: Any) -> dict[str, str]:
    path = (PART, "tautan", "lke")
    if value is not None and not isinstance(value, dict):
        said = "'lke' harus ditulis untuk tiap unit, mis. 'dpmptsp: https://…'."
        reader.report(path, "bukan-pemetaan", said)
        value = None
    return _texts(reader, path, {str(unit): link for unit, link in (value or {}).items()})


def _quota(reader: KeyReader, value: Any, predicates: tuple[str, ...]) -> dict[str, int]:
    path = (PART, "kuota")
    found = {}
    for predicate, count in reader.mapping(path, value, predicates, "'kuota'").items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            said = "kuota harus bilangan bulat, 0 atau lebih."
            reader.report((*path, predicate), "kuota-tidak-sah", said)
        else:
            found[predicate] = count
    return found


def _order(reader: KeyReader, value: Any) -> tuple[str, ...]:
    if value is None:
        return USUAL_ORDER
    path = (PART, "urutan")
    if not isinstance(value, list) or not value:
        said = f"'urutan' harus berupa daftar dari: {', '.join(CRITERIA)}."
        reader.report(path, "bukan-daftar", said)
        return USUAL_ORDER
    names = [reader.choice((*path, n), item, CRITERIA, "urutan") for n, item in enumerate(value)]
    return tuple(dict.fromkeys(name for name in names if name)) or USUAL_ORDER
