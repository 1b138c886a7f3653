"""PortalRB: what it would say, its documents as files, the service, and the tokens for it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_period, choose_units
from zi_eval.cli.options import FOLDER, PATH, PERIOD, UNITS
from zi_eval.cli.telling import tell, tell_next
from zi_eval.cli.words import Command, Group
from zi_eval.core.text import zone_name
from zi_eval.errors import ZiEvalError

if TYPE_CHECKING:
    from zi_eval.portal.checklist import Checklist
    from zi_eval.portal.publication import PortalFinding
    from zi_eval.portal.tokens import TokenFile

__all__ = ["portal"]

TOKENS = "portal-tokens.json"
MOST_PLACES = 8
"""Questions named of one finding; --json names them all."""
SCOPES = ("wbk", "wbbm", "jawaban")
TOKEN_FILE = click.option(
    "--tokens", type=PATH, metavar="BERKAS", help=f"Berkas token (bawaan: {TOKENS} di folder)."
)


@click.group(cls=Group)
def portal() -> None:
    """Siapkan data untuk PortalRB: periksa, tulis sebagai berkas, atau layani.

    Yang diberikan hanya unit yang evaluasi TPI-nya final dan yang memenuhi targetnya.

    \b
    Contoh:
      zi-eval portal check --period 2026
      zi-eval portal export --period 2026
      zi-eval portal token add portalrb-2026
      zi-eval portal serve --period 2026
    """


@portal.command(cls=Command)
@UNITS
@PERIOD
@click.option("--json", "as_json", is_flag=True, help="Keluarkan JSON, dengan semua pertanyaan.")
@FOLDER
def check(units: tuple[str, ...], period: str, as_json: bool, folder: Path) -> None:
    """Sebut yang akan ditolak atau tidak ditemukan PortalRB, unit demi unit.

    UNIT: id, berkas, atau folder; tanpa UNIT: semua. Kode keluar 1 bila ada yang ditolak (ditandai
    ✕); yang ditandai ! diterima tetapi kurang.

    \b
    Contoh:
      zi-eval portal check --period 2026
      zi-eval portal check dpmptsp --json
    """
    from zi_eval.portal.checklist import check_period

    chosen = choose_units(units, period, folder)
    found = check_period(chosen.home)
    if chosen.units:
        found = replace(
            found, units=tuple(unit for unit in found.units if unit.unit in chosen.units)
        )
    if as_json:
        tell(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        tell("\n".join(_describe(found)))
    if found.is_refused:
        sys.exit(1)
    if not as_json:
        tell_next("zi-eval portal export", "dokumennya sebagai berkas", period, folder)


def _as_json(found: Checklist) -> dict[str, object]:
    return {
        "period": found.period,
        "refused": found.is_refused,
        "findings": [_finding_json(finding) for finding in found.findings],
        "units": [
            {
                "unit": unit.unit,
                "name": unit.name,
                "target": unit.target,
                "published": unit.is_published,
                "findings": [_finding_json(finding) for finding in unit.findings],
            }
            for unit in found.units
        ],
    }


def _finding_json(finding: PortalFinding) -> dict[str, object]:
    return {
        "code": finding.code,
        "refused": finding.is_refused,
        "message": finding.message,
        "hint": finding.hint,
        "places": list(finding.places),
    }


def _describe(found: Checklist) -> list[str]:
    lines = []
    if found.findings:
        lines += ["Instansi:", *map(_finding_line, found.findings), ""]
    for unit in found.units:
        state = "diberikan" if unit.is_published else "tidak diberikan"
        target = f", {unit.target}" if unit.target else ""
        lines += [f"{unit.unit}{target}: {state}", *map(_finding_line, unit.findings), ""]
    published = sum(unit.is_published for unit in found.units)
    lines.append(f"{published} dari {len(found.units)} unit diberikan kepada PortalRB.")
    return lines


def _finding_line(finding: PortalFinding) -> str:
    sign = "✕" if finding.is_refused else "!"
    shown = ", ".join(finding.places[:MOST_PLACES])
    rest = len(finding.places) - MOST_PLACES
    places = f" [{shown}{f', dan {rest} lagi' if rest > 0 else ''}]" if shown else ""
    hint = f" {finding.hint}" if finding.hint else ""
    return f"  {sign} {finding.message}{places}{hint}"


@portal.command(cls=Command)
@PERIOD
@click.option(
    "-o", "--output", type=PATH, metavar="DIR", help="Folder hasil (bawaan: outputs/…/portal)."
)
@FOLDER
def export(period: str, output: Path | None, folder: Path) -> None:
    """Tulis dokumen PortalRB sebagai berkas JSON.

    Berkas unit yang tidak lagi memenuhi dihapus dari folder hasil. Kode keluar 1 bila ada berkas
    unit yang tidak terbaca.

    \b
    Contoh:
      zi-eval portal export --period 2026
      zi-eval portal export -o kirim
    """
    from zi_eval.portal.documents import DocumentStore
    from zi_eval.portal.export import write_documents

    home = choose_period(period, folder)
    target = output or folder / "outputs" / home.name / "portal"
    documents = DocumentStore(home).read()
    exported = write_documents(documents, target)
    for path in exported.removed:
        tell(f"Dihapus, tidak lagi memenuhi: {path}")
    tell(f"{len(documents.answers)} unit ditulis di {target.resolve()}.")
    for unit, reason in documents.left_out.items():
        tell(f"Dilewati: {unit}: {reason}", err=True)
    tell("Unit yang tidak ditulis dan sebabnya: zi-eval portal check", err=True)
    if documents.left_out:
        sys.exit(1)
    tell_next("zi-eval portal serve", "diambil PortalRB lewat HTTPS", period, folder)


@portal.command(cls=Command)
@PERIOD
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="IP",
    help="Alamat komputer ini (bawaan: 127.0.0.1, hanya komputer ini).",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8800,
    metavar="N",
    help="Port (bawaan: 8800; 0: yang bebas mana pun).",
)
@click.option("--certfile", type=PATH, metavar="PEM", help="Sertifikat TLS beserta rantainya.")
@click.option("--keyfile", type=PATH, metavar="PEM", help="Kunci sertifikat, tanpa kata sandi.")
@click.option(
    "--behind-proxy",
    is_flag=False,
    flag_value="127.0.0.1",
    metavar="[IP,…]",
    help="TLS diurus proxy di alamat ini (tanpa IP: 127.0.0.1); hanya proxy itu yang dilayani.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0.1),
    metavar="N",
    help="Permintaan per detik untuk tiap token (bawaan: 250).",
)
@TOKEN_FILE
@FOLDER
def serve(
    period: str,
    host: str,
    port: int,
    certfile: Path | None,
    keyfile: Path | None,
    behind_proxy: str | None,
    rate: float | None,
    tokens: Path | None,
    folder: Path,
) -> None:
    """Layani PortalRB sesuai panduan teknisnya, dengan token.

    Perubahan berkas unit dan token berlaku tanpa memulai ulang. Log akses (JSON, satu baris satu
    permintaan, tanpa rahasia) ditulis ke keluaran baku.

    \b
    Contoh:
      zi-eval portal serve --period 2026
      zi-eval portal serve --host 0.0.0.0 --certfile rantai.pem --keyfile kunci.pem
      zi-eval portal serve --behind-proxy
    """
    if find_spec("fastapi") is None or find_spec("uvicorn") is None:
        raise ZiEvalError(
            "Layanan ini memerlukan bagian tambahan yang belum terpasang. "
            'Jalankan: pip install "zi-eval[portal]"'
        )
    from zi_eval.portal.access_log import log_to
    from zi_eval.portal.app import create_app
    from zi_eval.portal.documents import DocumentStore
    from zi_eval.portal.gate import RATE
    from zi_eval.portal.limits import RateLimit
    from zi_eval.portal.server import Listening, bind, require_safe
    from zi_eval.portal.server import serve as serve_app

    proxies = tuple(part.strip() for part in (behind_proxy or "").split(",") if part.strip())
    listening = Listening(host, port, certfile, keyfile, proxies)
    require_safe(listening)
    token_file = _token_file(tokens, folder)
    store = DocumentStore(choose_period(period, folder))
    documents = store.read()
    valid = _count_valid(token_file)
    bound = bind(listening)
    log_to()
    limit = RateLimit(rate or RATE, 2 * (rate or RATE))
    name = f"[{host}]" if ":" in host else host
    tell(
        f"Layanan PortalRB berjalan di {listening.scheme}://{name}:{bound.getsockname()[1]} "
        f"({len(documents.answers)} unit, {valid} token berlaku). Hentikan dengan Ctrl-C.",
        err=True,
    )
    serve_app(create_app(store, token_file, limit), listening, bound)


def _token_file(tokens: Path | None, folder: Path) -> TokenFile:
    from zi_eval.portal.tokens import TokenFile

    return TokenFile(tokens or folder / TOKENS)


def _count_valid(tokens: TokenFile) -> int:
    """Return how many tokens may be used, or say how to make one."""
    from zi_eval.portal.tokens import TokenStanding

    now = datetime.now(UTC)
    count = sum(token.standing(now) is TokenStanding.VALID for token in tokens.read())
    if not count:
        raise ZiEvalError(
            f"Belum ada token yang berlaku di {tokens.path}. "
            "Buat dahulu: zi-eval portal token add NAMA"
        )
    return count


@portal.group(cls=Group)
def token() -> None:
    """Token untuk PortalRB: buat, lihat, cabut.

    Untuk mengganti: buat yang baru, serahkan, lalu cabut yang lama. Keduanya berlaku bersamaan.

    \b
    Contoh:
      zi-eval portal token add portalrb-2026
      zi-eval portal token list
      zi-eval portal token revoke portalrb-2025
    """


@token.command(cls=Command)
@click.argument("name", metavar="NAMA")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    help="Dokumen yang dibuka, boleh beberapa kali (bawaan: ketiganya).",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=365,
    metavar="N",
    help="Berlaku berapa hari (bawaan: 365).",
)
@TOKEN_FILE
@FOLDER
def add(name: str, scopes: tuple[str, ...], days: int, tokens: Path | None, folder: Path) -> None:
    """Buat token; ditampilkan sekali ini saja.

    \b
    Contoh:
      zi-eval portal token add portalrb-2026
      zi-eval portal token add uji-wbk --scope wbk --days 7
    """
    file = _token_file(tokens, folder)
    expires = datetime.now(UTC) + timedelta(days=days)
    text = file.add(name, scopes or SCOPES, expires)
    tell(text)
    tell(
        f"Simpan sekarang: token ini tidak dapat ditampilkan lagi, di {file.path} hanya ada "
        f"sidik SHA-256-nya. Berlaku sampai {_date(expires)} untuk {', '.join(scopes or SCOPES)}.",
        err=True,
    )


@token.command("list", cls=Command)
@TOKEN_FILE
@FOLDER
def list_tokens(tokens: Path | None, folder: Path) -> None:
    """Sebut semua token beserta dokumen dan masa berlakunya.

    \b
    Contoh:
      zi-eval portal token list
    """
    now = datetime.now(UTC)
    file = _token_file(tokens, folder)
    for item in file.read():
        state = item.standing(now).value
        scopes = ",".join(item.scopes)
        tell(f"{item.name:<24} {state:<12} sampai {_date(item.expires)}  {scopes}")
    if not file.read():
        tell(f"Belum ada token di {file.path}. Buat: zi-eval portal token add NAMA")


@token.command(cls=Command)
@click.argument("name", metavar="NAMA")
@TOKEN_FILE
@FOLDER
def revoke(name: str, tokens: Path | None, folder: Path) -> None:
    """Cabut token; layanan yang sedang berjalan langsung menolaknya.

    \b
    Contoh:
      zi-eval portal token revoke portalrb-2025
    """
    _token_file(tokens, folder).revoke(name)
    tell(f"Token '{name}' dicabut.")


def _date(time: datetime) -> str:
    here = time.astimezone()
    return f"{here:%Y-%m-%d %H:%M} {zone_name(here)}"
