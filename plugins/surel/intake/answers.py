"""What the sender is told, at most so many times a day; each answer carries the thread it belongs to.

Messages are in Indonesian, whoever reads them, as all that LAPOR sends.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from plugins.lapor.contracts import PublicView, Receipt
from plugins.surel.models import Incoming
from superapp.sdk import Message, address, current_tenant, notify, now, session, settings_of

DAY = timedelta(days=1)


def status_words(status: str) -> str:
    """A state in a citizen's words."""
    words: dict[str, str] = {
        "received": "diterima, menunggu diperiksa",
        "verified": "diperiksa, menunggu diteruskan",
        "dispositioned": "diteruskan kepada unit",
        "returned": "dikembalikan unit, dicarikan yang berwenang",
        "in_progress": "sedang dikerjakan",
        "on_hold": "menunggu",
        "answered": "dijawab, menunggu kata Anda",
        "closed": "selesai",
        "archived": "diarsipkan",
        "forwarded": "diteruskan kepada instansi yang berwenang",
    }
    return words.get(status, status)


def received(row: Incoming, to: str, receipt: Receipt, *, secret: bool) -> None:
    """Number, PIN and the way to follow. Of a secret case nothing ties the mail to it but the number."""
    lines = ["Laporan Anda kami terima."]
    lines += ["", f"Nomor: {receipt.number}", f"PIN: {receipt.pin}"]
    lines += [f"Ikuti di: {address(receipt.tracking_path)}"]
    if receipt.agency and not secret:
        lines += ["", f"Menurut saran kami ini urusan {receipt.agency.name}."]
    lines += _not_taken(row)
    if not secret:
        lines += ["", "Balas surat ini untuk menambah keterangan atau foto, atau tulis: status?"]
    values = {} if secret else {"ticket": receipt.ticket}
    _send(row, to, f"Laporan {receipt.number}", lines, "received", **values)


def ask(row: Incoming, to: str, draft: Incoming, missing: str) -> None:
    """What is still missing, to be answered by replying."""
    words = {
        "no_place": "Di mana ini terjadi? Balas surat ini dengan nama jalan, patokan, atau kelurahannya.",
        "no_text": "Apa yang terjadi, dan di mana? Balas surat ini dengan cerita singkat dan tempatnya.",
    }[missing]
    lines = ["Terima kasih, surat Anda kami baca. Masih ada yang kurang.", "", words, ""]
    lines += [f"Atau isi formulirnya: {address('/lapor/buat')}"]
    lines += ["Laporan mendapat nomor setelah lengkap. Tanpa jawaban, surat ini dihapus setelah 14 hari."]
    _send(row, to, "Laporan Anda belum lengkap", [*lines, *_not_taken(row)], "ask", draft=str(draft.id))


def could_not(row: Incoming, to: str, why: str, what_to_do: str = "") -> None:
    """That it was not taken, in the words of who refused it."""
    _send(
        row,
        to,
        "Surat Anda belum menjadi laporan",
        [why, *([what_to_do] if what_to_do else [])],
        "refused",
    )


def status(row: Incoming, to: str, found: list[PublicView], asked: str, ticket: str = "") -> None:
    """How cases stand that everybody may see."""
    lines = []
    for case in found:
        unit = case.agency.name if case.agency else current_tenant().name
        lines += [
            f"{case.number}: {case.title}",
            f"Keadaan: {status_words(case.status)} ({unit})",
            address(f"/lapor/lacak/{case.number}"),
            "",
        ]
    if not lines and asked:
        lines = [f"Nomor {asked} tidak ditemukan di antara laporan terbuka."]
    elif not lines:
        lines = ["Belum ada laporan terbuka yang masuk dari alamat ini."]
    lines += [f"Laporan rahasia hanya dapat dibuka dengan nomor dan PIN: {address('/lapor/lacak')}"]
    _send(row, to, "Keadaan laporan", lines, "status", **({"ticket": ticket} if ticket else {}))


def _not_taken(row: Incoming) -> list[str]:
    if not row.dropped:
        return []
    return [
        "",
        f"Lampiran ini tidak kami simpan: {row.dropped}. Kami menerima foto, paling banyak 5.",
    ]


def _send(row: Incoming, to: str, subject: str, lines: list[str], what: str, **values: str) -> None:
    """Queue one answer unless the sender had enough today; notes it in the row. Belongs inside of work()."""
    if not _may(row):
        row.cause = row.cause or "answers"
        return
    row.answered_at = now()
    text = "\n".join([*lines, "", current_tenant().name, ""])
    key = f"surel.{what}:{row.id}"
    notify(Message("email", to, subject, text, key=key, values={"incoming": str(row.id), **values}))


def _may(row: Incoming) -> bool:
    """False once this address got its answers of a day: the last wall against two machines talking."""
    most = int(settings_of(current_tenant(), "surel")["answers_per_day"])
    query = select(func.count()).where(
        Incoming.sender_tag == row.sender_tag, Incoming.answered_at > now() - DAY, Incoming.id != row.id
    )
    return int(session().scalar(query) or 0) < most
