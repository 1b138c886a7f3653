"""What the YAML parser says of a syntax error, in words a person who never saw YAML can act on."""

from __future__ import annotations

from yaml import YAMLError  # type: ignore[import-untyped,unused-ignore]

from zi_eval.core.problems import Problem

__all__ = ["syntax_problem"]

_QUOTE_HINT = "Apit teks itu dengan tanda kutip, misalnya: 'Catatan: lengkap'."
_SYNTAX: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "tanda ': ' muncul di tempat yang tidak boleh, biasanya di dalam teks tanpa tanda kutip.",
        _QUOTE_HINT,
    ),
    (
        "quoted scalar",
        "tanda kutip dibuka tetapi tidak ditutup.",
        "Tutup dengan tanda kutip yang sama di akhir teks.",
    ),
    (
        "flow",
        "kurung [ ] atau { } tidak lengkap, atau koma di dalamnya kurang.",
        "Tutup kurungnya dan pisahkan isinya dengan koma.",
    ),
    (
        "while scanning an a",
        "teks yang diawali '*' atau '&' harus diapit tanda kutip.",
        _QUOTE_HINT,
    ),
    (
        "cannot start any token",
        "ada tanda yang tidak boleh mengawali teks tanpa tanda kutip, misalnya @, % atau `.",
        _QUOTE_HINT,
    ),
    (
        "sequence entries are not allowed",
        "tanda '- ' tidak boleh berada di sini.",
        "Tulis setiap butir daftar di barisnya sendiri, menjorok di bawah kuncinya.",
    ),
    (
        "expected ':'",
        "baris ini bukan pasangan 'kunci: nilai'.",
        "Tulis ':' dan satu spasi setelah kunci, atau apit teks panjang dengan tanda kutip.",
    ),
    (
        "expected key",
        "jorokan (spasi di awal baris) tidak sejajar dengan baris di atasnya.",
        "Samakan jumlah spasi baris yang setingkat; periksa pula tanda kutip di baris di atasnya.",
    ),
    (
        "'-' indicator",
        "jorokan (spasi di awal baris) tidak sejajar dengan butir daftar di atasnya.",
        "Samakan jumlah spasi di depan tanda '- '.",
    ),
)


def syntax_problem(error: YAMLError, name: str, text: str) -> Problem:
    """Turn a parser's error into a problem with its line and what to do."""
    rows = text.splitlines() or [""]
    said = f"{getattr(error, 'context', '') or ''}; {getattr(error, 'problem', '') or ''}"
    mark = getattr(error, "problem_mark", None)
    start = getattr(error, "context_mark", None)
    if start is not None and ("quoted scalar" in said or "flow" in said):
        mark = start
    line = None if mark is None else min(mark.line + 1, len(rows))
    row = rows[line - 1] if line else ""

    def problem(message: str, hint: str = "", code: str = "bukan-yaml") -> Problem:
        return Problem(code=code, message=message, hint=hint, file=name, line=line)

    if "\t" in row[: len(row) - len(row.lstrip())] or "'\\t'" in said:
        return problem(
            "ada karakter TAB di awal baris; YAML hanya menerima spasi.",
            "Ganti setiap TAB dengan dua spasi.",
        )
    if "document start" in said:
        return problem(
            "isi berkas tidak bermula dari satu akar: ada isi lain setelah isi pertama selesai.",
            "Jadikan satu susunan 'kunci: nilai'; periksa jorokan dan tanda kutip.",
            code="akar-banyak",
        )
    for part, message, hint in _SYNTAX:
        if part in said:
            return problem(message, hint)
    return problem(
        "isi di sekitar baris ini bukan YAML yang benar.",
        "Periksa jorokan, tanda kutip, dan kurung di baris ini dan baris di atasnya.",
    )
