"""A team's own wording of an instrument: other texts for the same questions, the same scores."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zi_eval.core.instrument import Instrument, Question, Scale
from zi_eval.core.problems import MOST, Problem, Severity, nearest

__all__ = [
    "MAX_EVIDENCE",
    "MAX_LENGTH",
    "MAX_WORD",
    "QuestionWording",
    "Wording",
    "answer_type",
    "check_wording",
    "clean_text",
    "reword",
]

MAX_LENGTH = 3000
"""Characters of one text; the longest official one has about 1,000."""
MAX_WORD = 60
"""Characters without a space; a longer word would widen every page."""
MAX_EVIDENCE = 30
LIKE = 0.25
"""Share of our words in a question's other texts, below which it may be another question.

Of the 113 official texts none lies below it, and of their wrong pairs 84 % do.
"""
WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class QuestionWording:
    """The texts of one question; those that are empty stay the instrument's own.

    Attributes
    ----------
    type
        Its answer type, see :func:`answer_type`.
    inputs
        By number of the input.
    """

    type: str
    text: str
    options: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[int, str] = field(default_factory=dict)
    guide: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of all questions of an instrument, by id, and where they come from.

    Attributes
    ----------
    source, source_sha256, date
        The workbook's name, the hash of its bytes and the day it was read.
    sha256
        The hash of the file that holds these texts, empty where they are in none yet.
    """

    instrument: str
    source: str
    source_sha256: str
    date: str
    questions: Mapping[str, QuestionWording]
    sha256: str = ""


def answer_type(scale: Scale) -> str:
    """Return a scale as the official workbook names it: ``A/B/C``, ``%`` or ``Nilai``."""
    if scale.kind == "choice":
        return "/".join(scale.values)
    return "%" if scale.kind == "ratio" else "Nilai"


def clean_text(text: str) -> str:
    """Return a text on one line without characters that cannot be seen.

    Control and format characters could move a cursor or turn the order of what is shown.
    """
    seen = "".join(c for c in text if c.isspace() or not unicodedata.category(c).startswith("C"))
    return " ".join(seen.split())


def _difference(identifier: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem(code=code, key=identifier, message=message, hint=hint)


def _listed(codes: Sequence[object]) -> str:
    return ", ".join(map(str, codes)) or "tidak ada"


def _lengths(question: QuestionWording) -> Iterator[tuple[str, str]]:
    """Yield each text with the name of its key."""
    yield "text", question.text
    yield "guide", question.guide
    yield from ((f"options.{code}", text) for code, text in question.options.items())
    yield from ((f"inputs.{number}", text) for number, text in question.inputs.items())
    yield from ((f"evidence.{place}", text) for place, text in enumerate(question.evidence))


def _check_question(own: Question, other: QuestionWording) -> Iterator[Problem]:
    if other.type != answer_type(own.scale):
        yield _difference(
            own.id,
            "tipe-berbeda",
            f"tipe jawabannya '{other.type}', pada instrumen '{answer_type(own.scale)}'.",
            "Pastikan buku kerjanya dari instrumen dan tahun yang sama.",
        )
    elif other.options and list(other.options) != list(own.options):
        yield _difference(
            own.id,
            "pilihan-berbeda",
            f"pilihan jawabannya {_listed(list(other.options))}; pada instrumen "
            f"{_listed(list(own.options))} (berurutan).",
            "Samakan pilihannya, atau hapus 'options' agar dipakai kalimat instrumen.",
        )
    numbers = [item.number for item in own.inputs]
    if other.inputs and list(other.inputs) != numbers:
        yield _difference(
            own.id,
            "masukan-berbeda",
            f"masukan jumlahnya {_listed(list(other.inputs))}; pada instrumen {_listed(numbers)}.",
            "Samakan masukannya, atau hapus 'inputs' agar dipakai kalimat instrumen.",
        )
    for name, text in _lengths(other):
        if len(text) > MAX_LENGTH:
            yield _difference(
                own.id,
                f"terlalu-panjang:{name}",
                f"'{name}' berisi {len(text)} karakter; paling banyak {MAX_LENGTH}.",
                "Persingkat, atau pastikan isinya memang kalimat pertanyaan ini.",
            )
        elif max(map(len, text.split()), default=0) > MAX_WORD:
            yield _difference(
                own.id,
                f"terlalu-panjang:{name}",
                f"'{name}' memuat lebih dari {MAX_WORD} karakter tanpa spasi.",
                "Beri spasi, atau pastikan isinya memang kalimat pertanyaan ini.",
            )
        elif not text and name != "guide":
            yield _difference(own.id, f"kosong:{name}", f"'{name}' tidak boleh kosong.")
    if len(other.evidence) > MAX_EVIDENCE:
        message = f"'evidence' berisi {len(other.evidence)} butir; paling banyak {MAX_EVIDENCE}."
        yield _difference(own.id, "terlalu-panjang:evidence", message)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(WORD.findall(" ".join(texts).casefold()))


def _is_unlike(own: Question, other: QuestionWording) -> bool:
    """Whether few of our words stand in the other texts; official sentences are far longer."""
    inputs = (item.text for item in own.inputs)
    ours = _words(own.text, own.title, *own.options.values(), *inputs)
    theirs = _words(other.text, other.guide, *other.options.values(), *other.inputs.values())
    return bool(ours) and len(ours & theirs) < LIKE * len(ours)


def check_wording(instrument: Instrument, wording: Wording) -> tuple[Problem, ...]:
    """Compare a wording with the instrument, question by question, and return every difference.

    What differs in answer type, options or counted inputs is another question, and an error; a
    text that has little in common with ours is only a warning. Each problem carries the question's
    id as its key; of a text that is empty or too long the code ends with the place of the text.
    """
    problems: list[Problem] = []
    if wording.instrument != instrument.id:
        message = f"kalimat ini untuk instrumen {wording.instrument}, bukan {instrument.id}."
        problems.append(_difference("", "instrumen-berbeda", message))
        return tuple(problems)
    for identifier in wording.questions:
        if identifier not in instrument.questions:
            told = len(problems) < MOST
            near = nearest(identifier, instrument.questions) if told else None
            hint = f"Mungkin maksudnya '{near}'." if near else "Hapus pertanyaan ini."
            message = "pertanyaan ini tidak ada dalam instrumen."
            problems.append(_difference(identifier, "butir-tidak-dikenal", message, hint))
    for own in instrument.questions.values():
        other = wording.questions.get(own.id)
        if other is None:
            message = "pertanyaan ini belum ada; semua pertanyaan instrumen harus ada."
            problems.append(_difference(own.id, "butir-kurang", message))
            continue
        found = list(_check_question(own, other))
        problems += found
        if not found and _is_unlike(own, other):
            problems.append(
                Problem(
                    code="kalimat-asing",
                    key=own.id,
                    message="kalimatnya hampir tidak sama dengan pertanyaan instrumen: "
                    f"'{own.text}'.",
                    hint="Pastikan ini pertanyaan yang sama.",
                    severity=Severity.WARNING,
                )
            )
    return tuple(problems)


def reword(instrument: Instrument, wording: Wording) -> Instrument:
    """Return the instrument with other texts; ids, weights, scales, rules and hash stay."""
    questions = {}
    for own in instrument.questions.values():
        other = wording.questions[own.id]
        questions[own.id] = replace(
            own,
            text=other.text,
            options=other.options or own.options,
            inputs=tuple(
                replace(item, text=other.inputs.get(item.number, item.text)) for item in own.inputs
            ),
            guide=other.guide or own.guide,
            evidence=other.evidence or own.evidence,
        )
    return replace(
        instrument,
        questions=questions,
        wording=f"{wording.source} ({wording.date})",
        wording_hash=wording.sha256,
    )
