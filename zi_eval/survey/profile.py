"""Who answered a survey, as shares: sex, age, education and occupation, counted at reading.

No row keeps any of it. What people typed becomes one of a few usual groups, or "Lainnya": a free
text could name somebody. Groups of fewer than five are hidden, and others with them, so that who
knows this rule cannot compute a hidden one: see `profile_part`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from zi_eval.core.text import fold

__all__ = ["ATTRIBUTES", "SMALLEST", "ProfileCell", "ProfilePart", "attribute_of", "group_of",
           "profile_part"]  # fmt: skip

SMALLEST: Final = 5
"""Respondents of a group that is shown."""
OTHER: Final = "Lainnya"
BLANK: Final = "Tidak diisi"
ATTRIBUTES: Final[Mapping[str, str]] = {
    "sex": "Jenis kelamin",
    "age": "Usia",
    "education": "Pendidikan",
    "occupation": "Pekerjaan",
}
"""The attributes of respondents, and their titles."""
HEADINGS: Final[Mapping[str, re.Pattern[str]]] = {
    "sex": re.compile(r"(?:jenis )?kelamin|gender|jk|sex"),
    "age": re.compile(r"(?:kelompok |rentang |golongan )?(?:usia|umur)"),
    "education": re.compile(r"(?:tingkat |jenjang )?pendidikan(?: terakhir)?"),
    "occupation": re.compile(r"(?:jenis )?pekerjaan(?: utama)?|profesi|occupation"),
}
AROUND: Final = re.compile(
    r"^(?:\d{1,2} |data |profil )?(?:responden )?|(?: (?:anda|responden|bapak ibu|saudara|tahun|"
    r"dalam tahun|saat ini))+$"
)
"""What stands around the words of a heading."""
SEX: Final = {
    "Laki-laki": {"l", "lk", "laki laki", "laki", "pria", "male", "m"},
    "Perempuan": {"p", "pr", "perempuan", "wanita", "female", "f"},
}
AGES: Final = ((20, "di bawah 20"), (30, "20–29"), (40, "30–39"), (50, "40–49"), (60, "50–59"))
NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
MONTHS: Final = re.compile(r"(?<!\d)\d{1,2} ?(?:bulan|bln|bl|hari|hr)\b", re.IGNORECASE)
"""What is beyond the years of an age: ``25 tahun 6 bulan``."""
BIRTH: Final = re.compile(r"lahir|\b(?:jan|feb|mar|apr|mei|jun|jul|ag[us]|sep|okt|nov|des)")
RANGE: Final = re.compile(r"(?:tahun |thn |th )?(?:|sd|s d|sampai(?: dengan)?|hingga|dan|to) ?")
"""What stands between the two ends of a range of ages, folded."""
WIDEST_RANGE: Final = 25
"""Years of a range whose middle still tells a group."""
OLDEST: Final = "60 ke atas"
OLDEST_YEARS: Final = 120
EDUCATION: Final = (
    ("S2 ke atas", r"\bs ?[23]\b|magister|doktor|pascasarjana|strata [23]"),
    ("D4/S1", r"\bs ?1\b|\bd ?(?:4|iv)\b|sarjana|strata 1|diploma (?:4|iv)"),
    ("D1–D3", r"\bd ?(?:[123]|i{1,3})\b|diploma|akademi"),
    ("SMA/sederajat", r"\bsma\b|\bsmk\b|\bsmu\b|\bma\b|\bslta\b|\bstm\b|paket c|aliyah"),
    ("SMP/sederajat", r"\bsmp\b|\bmts\b|\bsltp\b|paket b|tsanawiyah"),
    ("SD/sederajat", r"\bsd\b|\bmi\b|paket a|ibtidaiyah|tidak sekolah|tidak tamat"),
)
OCCUPATION: Final = (
    ("Pensiunan", r"pensiun|purnawirawan|purna ?tugas|\bpurn\b"),
    ("Mengurus rumah tangga", r"(?<!asisten )(?<!pembantu )rumah tangga|\birt\b"),
    # Somebody else's work, work of the past, and work for an office without being its official.
    (OTHER, r"^(?:istri|suami|anak|keluarga)\b|\borang tua\b|\b(?:mantan|eks|bukan|non)\b"),
    (OTHER, r"\bhonor|\bppnpn\b|\bthl\b|\b(?:tenaga|pegawai) (?:kontrak|tidak tetap)"),
    (
        "ASN/TNI/Polri",
        r"\bc?(?:asn|pns)\b|\bpppk\b|\bp3k\b|\btni\b|\bpolri\b|\bpolisi\b|pegawai negeri|"
        r"aparatur sipil|pegawai pemerintah",
    ),
    ("Petani/nelayan", r"\bpetani\b|\btani\b|nelayan|\bpeternak\b|pekebun|\bkebun\b"),
    ("Pegawai swasta/BUMN", r"(?<!wira )\bswasta\b|\bkaryawa[nt]|\bbumn\b|\bbumd\b|\bburuh\b"),
    (
        "Wirausaha",
        r"\bwira ?(?:usaha|swasta)|(?<!tata )\busaha\b|\bpengusaha\b|\b(?:pe|ber)?dagang\b|"
        r"^(?:pelaku |pemilik )?umkm$",
    ),
    ("Pelajar/mahasiswa", r"\bpelajar\b|mahasisw[ai]|\bsisw[ai]\b"),
    ("Tidak/belum bekerja", r"\b(?:tidak|belum) (?:be)?kerja\b|\b(?:me)?nganggur|\bpenganggur"),
)
"""The first that fits counts: who is retired may name the office, and a farm hand is a labourer."""
OCCUPATIONS: Final = (
    "ASN/TNI/Polri", "Pegawai swasta/BUMN", "Wirausaha", "Pelajar/mahasiswa",
    "Mengurus rumah tangga", "Petani/nelayan", "Pensiunan", "Tidak/belum bekerja",
)  # fmt: skip
ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "sex": (*SEX, OTHER, BLANK),
    "age": (*(name for _, name in AGES), OLDEST, OTHER, BLANK),
    "education": (*(name for name, _ in reversed(EDUCATION)), OTHER, BLANK),
    "occupation": (*OCCUPATIONS, OTHER, BLANK),
}
"""Groups of each attribute, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class ProfileCell:
    """A group of respondents.

    Attributes
    ----------
    share
        Of all respondents, from 0 to 1; None where it is hidden.
    """

    group: str
    share: float | None


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """The respondents by one attribute; a group without respondents is left out."""

    attribute: str
    cells: tuple[ProfileCell, ...]

    @property
    def title(self) -> str:
        """The attribute's title."""
        return ATTRIBUTES[self.attribute]

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it can be shown."""
        return all(cell.share is None for cell in self.cells)


def attribute_of(heading: str) -> str:
    """Return which attribute a column holds by its heading, empty for none.

    Examples
    --------
    >>> attribute_of("2. Jenis Kelamin"), attribute_of("Umur (tahun)"), attribute_of("Usia layanan")
    ('sex', 'age', '')
    """
    words = AROUND.sub("", AROUND.sub("", fold(heading)))
    return next((name for name, form in HEADINGS.items() if form.fullmatch(words)), "")


@lru_cache(maxsize=4096)
def _group(attribute: str, text: str) -> str:
    folded = fold(text)
    if not folded:
        return BLANK
    if attribute == "sex":
        return next((name for name, words in SEX.items() if folded in words), OTHER)
    if attribute == "age":
        return _age(text)
    table = EDUCATION if attribute == "education" else OCCUPATION
    return next((name for name, form in table if re.search(form, folded)), OTHER)


def _age(text: str) -> str:
    """Return the group of an age, or of a range of ages by its middle; a date is neither."""
    folded = fold(text)
    years = MONTHS.sub("", text)
    matches = list(NUMBER.finditer(years))
    found = [float(match[0].replace(",", ".")) for match in matches]
    if len(found) not in (1, 2) or BIRTH.search(folded):
        return OTHER
    if len(found) == 2:
        between = fold(years[matches[0].end() : matches[1].start()])
        is_range = RANGE.fullmatch(between) and 0 < found[1] - found[0] <= WIDEST_RANGE
        if not is_range:
            return OTHER
    age = sum(found) / len(found)
    if len(found) == 1 and matches[0][0] != text.strip():  # "di bawah 20", "> 60"
        is_below = "<" in text or re.search(r"bawah|kurang", folded)
        is_above = ">" in text or re.search(r"atas|lebih", folded)
        age += -0.5 if is_below else 0.5 if is_above else 0.0
    if not 0 < age < OLDEST_YEARS:
        return OTHER
    return next((name for limit, name in AGES if age < limit), OLDEST)


def group_of(attribute: str, value: object) -> str:
    """Return the group of what somebody typed."""
    text = "" if value is None else str(value)
    return _group(attribute, text[:200])


def profile_part(attribute: str, counts: Mapping[str, int]) -> ProfilePart:
    """Return the shares of an attribute, small groups hidden, and no hidden one to be computed.

    Hidden are the groups of fewer than five; then, as long as what they hold together would tell
    their sizes, the smallest of the shown groups, all of one size at once. What is published are
    the shown groups and what the hidden ones hold together, not which or how many they are. Even
    who knows those, all respondents and this rule finds two sizes or more for each hidden group.

    Parameters
    ----------
    counts
        Respondents by group.
    """
    found = {name: count for name in ORDER[attribute] if (count := counts.get(name, 0))}
    total = sum(found.values())
    shown = {name: count for name, count in found.items() if count >= SMALLEST}
    while len(shown) < len(found) and shown:
        smallest = min(shown.values())
        if not _tells_sizes([found[name] for name in found if name not in shown], smallest):
            break
        shown = {name: count for name, count in shown.items() if count > smallest}
    cells = (
        ProfileCell(name, count / total if name in shown else None) for name, count in found.items()
    )
    return ProfilePart(attribute, tuple(cells))


def _tells_sizes(hidden: Sequence[int], smallest: int) -> bool:
    """Whether hidden groups beside a smallest shown one can have no other sizes of the same sum.

    Small groups alone have others unless nearly all of them have one person, or nearly all four.
    Beside groups hidden with them, one person must be able to go from the small ones to these,
    which stay below the smallest shown, or the other way.
    """
    small = [count for count in hidden if count < SMALLEST]
    others = [count for count in hidden if count >= SMALLEST]
    held, least, most = sum(small), len(small), (SMALLEST - 1) * len(small)
    if not others:
        return held < SMALLEST or not least + 2 <= held <= most - 2
    can_take = held < most and sum(others) > SMALLEST * len(others)
    can_give = held > least and sum(others) < (smallest - 1) * len(others)
    return not can_take and not can_give
