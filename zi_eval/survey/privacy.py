"""Taking personal data out of what people typed: addresses, numbers, names after a title.

This is applied where a file is read, before anything is kept. It takes out too much rather than
too little; what no pattern can know (a name without a title in the middle of a sentence) it takes
out where the same file has that name in a column of its own. A name all in capitals after a word
for staff ("petugas BUDI") is taken for an office and stays: comments are to be read before they are
shown outside the unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["identity_kind", "mask_text", "name_pattern"]

LONGEST = 1000
"""Characters of a text that are kept: every pattern has to look at them."""
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Characters that show as nothing, put between the digits of a number they hide."""
EMAIL = re.compile(
    r"[\w.+-]{1,64}+\s?(?:@|\(at\)|\[at\])\s?[\w-]+"
    r"(?:\.[\w-]+|\s\.\s[\w-]+|\s?[(\[](?:dot|titik)[)\]]\s?[\w-]+)+",
    re.IGNORECASE,
)
LINK = re.compile(r"(?:https?://|www\.|wa\.me/|t\.me/)\S+", re.IGNORECASE)
HANDLE = re.compile(r"(?<!\w)@[\w.]{3,}")
DIGITS = re.compile(
    r"(?P<kept>\bRp\.?\s?[1-9](?:\d{0,2}(?:\.\d{3})+|\d{0,8})(?![\d.]*\d)|(?<![\d.])[1-9]\d{0,2}(?:\.\d{3}){0,2}\.000(?![\d.])"
    r"|(?<!\d)[012]?\d[.:](?:00|15|30|45)\s?(?:-|–|s/d|sampai)\s?[012]?\d[.:](?:00|15|30|45)(?!\d))"
    r"|\+?\(?\d(?:[\s().\-/]{0,2}\d){5,}",
    re.IGNORECASE,
)
"""Six digits or more, however grouped: phone, NIK, account or patient number, a full date.

Sums of money and opening hours are kept: they are what comments are about.
"""
PLATE = re.compile(r"\b[A-Z]{1,2}[ -]?\d{1,4}[ -]?[A-Z]{2,3}\b")
STREET = re.compile(
    r"(?:\b(?i:jl|jln|gg|perum|komp|dsn)\b\.?\s*|\b(?i:jalan|gang|perumahan|kompleks?|dusun)\b\s+"
    r"(?=[A-Z0-9]|[\w ]{1,40}\bno\b))(?:[\w./'-]{1,30}\s*){1,4}?"
    r"(?:,?\s*(?i:no)\b\.?\s*\w+|(?=[,;.](?:\s|$))|(?=\s(?i:rt)\W?\d)|(?=\s[a-z])|$)"
)
NEIGHBOURHOOD = re.compile(r"\brt\W{0,2}\d+(?:\W{0,3}rw\W{0,2}\d+)?", re.IGNORECASE)
SHORT_TITLES = "pak|bu|mbak|mba|mas|bang|kak|sdr|sdri|dr|drg"
TITLES = (
    f"{SHORT_TITLES}|bapak|bpk|ibu|saudara|saudari|tuan|nyonya|nona|tn|ny|nn|kakak|dokter|suster|"
    "bidan|ustaz|ustadz|haji|hajah|hj|gus|pdt|kompol|iptu|aiptu|bripka|an|saya|sy|aku"
)
NAME = re.compile(rf"(?<!\w)((?i:{TITLES}))(\.?\s+)((?:[A-Z][\w'.-]*)(?:\s+(?:[A-Z][\w'.-]*))*)")
STAFF_NAME = re.compile(
    r"(?<!\w)((?i:petugas|pegawai|perawat|satpam|kasir|operator|staf|admin|calo|oknum))(\s+)"
    r"([A-Z][a-z'.-]+(?:\s+[A-Z][a-z'.-]+)*)"
)
"""Acronyms after these are offices, not people."""
LOWER_NAME = re.compile(rf"(?<!\w)((?i:{SHORT_TITLES}))(\.?\s+)([a-z][\w'-]+)")
OWN_NAME = re.compile(
    r"(?<!\w)(nama saya|saya bernama|atas nama|bernama)(\s+)([\w'.-]+(?:\s+[\w'.-]+)?)",
    re.IGNORECASE,
)
ROLE_WORDS = (
    "petugas kepala camat bupati wali lurah dokter perawat bidan guru loket kasir satpam "
    "sekretaris "
    "dinas kantor bagian bidang seksi puskesmas rsud direktur ketua staf operator admin rt rw desa "
    "kades kabid kasi kadis ibu bapak anak hamil kota negara rumah yang yg di dan tolong mohon "
    "semoga terima ini itu nya sudah sangat lebih juga tidak jangan agar saya kami kalau untuk "
    "dari dengan pada seperti jaga parkir dukuh penghulu"
)
ROLES = frozenset(ROLE_WORDS.split())
"""Words that follow a title without being a name."""
IDENTITY = {
    "nama": re.compile(
        r"\bnama\b(?! (?:layanan|unit|instansi|opd|loket|poli|kantor|dinas))|\bname\b|"
        r"\bfull name\b|\binisial\b"
    ),
    "nomor": re.compile(
        r"\bnik\b|\bnip\b|\bnrp\b|\bnpwp\b|identitas|rekam medis|^(?:ktp|kk|sim|paspor|bpjs)$|"
        r"\bno(?:mor)? (?:ktp|kk|kartu keluarga|sim|paspor|bpjs)\b|"
        r"\bno(?:mor)? (?:pendaftaran|registrasi|antrean|rekening|peserta)"
    ),
    "telepon": re.compile(
        r"\bhp\b|\bwa\b|whats ?app|telepon|telp|\btlp\b|handphone|\bponsel\b|\bphone\b|\bmobile\b|"
        r"\bkontak\b|nomor seluler"
    ),
    "surel": re.compile(r"\be ?mail\b|surel|\busername\b|nama pengguna"),
    "alamat": re.compile(
        r"\balamat\b|\baddress\b|tempat tinggal|domisili|tanggal lahir|tgl lahir|\bttl\b|"
        r"tempat lahir|\blahir\b|\bip\b|latitude|longitude|\bgps\b|koordinat|lokasi gps|"
        r"tanda tangan|\bfoto\b|signature|\bdevice ?id\b|\bsim ?serial|\bimei\b|\bsubscriber ?id\b|"
        r"media sosial|instagram|facebook"
    ),
}
"""What headings of personal data say, folded to words."""


def identity_kind(heading: str) -> str:
    """Return what kind of personal data a column holds by its heading, or empty.

    Examples
    --------
    >>> identity_kind("Nomor HP / WhatsApp"), identity_kind("Nama layanan")
    ('telepon', '')
    """
    folded = " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())
    order = ("surel", "telepon", "nomor", "alamat", "nama")
    return next((kind for kind in order if IDENTITY[kind].search(folded)), "")


def name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds names of a column in other texts: each as a whole, and its long parts."""
    wanted: set[str] = set()
    for name in names:
        words = re.findall(r"[^\W\d_][\w'-]+", name)
        wanted.update(word for word in words if len(word) >= 4)
        if len(words) > 1:
            wanted.add(" ".join(words))
    if not wanted:
        return None
    return _pattern(tuple(sorted(wanted, key=lambda word: (-len(word), word))))


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _take_name(match: re.Match[str]) -> str:
    title, space, name = match[1], match[2], match[3]
    words = name.split()
    kept = []
    # Roles are capitalised too; whatever follows the first other word is taken for the name.
    while words and words[0].strip(".,").casefold() in ROLES:
        kept.append(words.pop(0))
    return f"{title}{space}{' '.join([*kept, *(['[nama]'] if words else [])])}"


def mask_text(text: str, names: re.Pattern[str] | None = None) -> str:
    """Return a text with personal data replaced by what it was.

    Parameters
    ----------
    names
        From :func:`name_pattern`: names known from the same row of the file.

    Examples
    --------
    >>> mask_text("Pak Budi Santoso minta 50000, hubungi 0812-3456-7890")
    'Pak [nama] minta 50000, hubungi [nomor]'
    """
    text = EMAIL.sub("[surel]", UNSEEN.sub("", text)[:LONGEST])
    text = LINK.sub("[tautan]", text)
    text = HANDLE.sub("[akun]", text)
    text = STREET.sub("[alamat] ", text)
    text = NEIGHBOURHOOD.sub("[alamat]", text)
    text = DIGITS.sub(lambda match: match["kept"] or "[nomor]", text)
    text = PLATE.sub("[nomor]", text)
    if names is not None:
        text = names.sub("[nama]", text)
    for pattern in (NAME, STAFF_NAME, OWN_NAME, LOWER_NAME):
        text = pattern.sub(_take_name, text)
    text = re.sub(r"\[(nama|alamat)\](?:\s+\[\1\])+", r"[\1]", text)
    return re.sub(r"[ \t]{2,}", " ", text).replace("] ,", "],").strip()
