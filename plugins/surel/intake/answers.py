"""What the sender is told, at most so many times a day; each answer carries the thread it belongs to."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from plugins.lapor.contracts import PublicView, Receipt
from plugins.surel.models import Incoming
from superapp.sdk import Message, address, current_tenant, notify, now, session, settings_of

DAY = timedelta(days=1)


def status_words(status: str) -> str:
    """A state in a citizen's words."""
    words: dict[str, str] = {
        "received": _("diterima, menunggu diperiksa"),
        "verified": _("diperiksa, menunggu diteruskan"),
        "dispositioned": _("diteruskan kepada unit"),
        "returned": _("dikembalikan unit, dicarikan yang berwenang"),
        "in_progress": _("sedang dikerjakan"),
        "on_hold": _("menunggu"),
        "answered": _("dijawab, menunggu kata Anda"),
        "closed": _("selesai"),
        "archived": _("diarsipkan"),
        "forwarded": _("diteruskan kepada instansi yang berwenang"),
    }
    return words.get(status, status)


def received(row: Incoming, to: str, receipt: Receipt, *, secret: bool) -> None:
    """Number, PIN and the way to follow. Of a secret case nothing ties the mail to it but the number."""
    lines = [_("Laporan Anda kami terima.")]
    lines += ["", _("Nomor: %(number)s", number=receipt.number), _("PIN: %(pin)s", pin=receipt.pin)]
    lines += [_("Ikuti di: %(link)s", link=address(receipt.tracking_path))]
    if receipt.agency and not secret:
        lines += ["", _("Menurut saran kami ini urusan %(unit)s.", unit=receipt.agency.name)]
    lines += _not_taken(row)
    if not secret:
        lines += ["", _("Balas surat ini untuk menambah keterangan atau foto, atau tulis: status?")]
    values = {} if secret else {"ticket": receipt.ticket}
    _send(row, to, _("Laporan %(number)s", number=receipt.number), lines, "received", **values)


def ask(row: Incoming, to: str, draft: Incoming, missing: str) -> None:
    """What is still missing, to be answered by replying."""
    words = {
        "no_place": _("Di mana ini terjadi? Balas surat ini dengan nama jalan, patokan, atau kelurahannya."),
        "no_text": _("Apa yang terjadi, dan di mana? Balas surat ini dengan cerita singkat dan tempatnya."),
    }[missing]
    lines = [_("Terima kasih, surat Anda kami baca. Masih ada yang kurang."), "", words, ""]
    lines += [_("Atau isi formulirnya: %(link)s", link=address("/lapor/buat"))]
    lines += [_("Laporan mendapat nomor setelah lengkap. Tanpa jawaban, surat ini dihapus setelah 14 hari.")]
    _send(row, to, _("Laporan Anda belum lengkap"), [*lines, *_not_taken(row)], "ask", draft=str(draft.id))


def could_not(row: Incoming, to: str, why: str, what_to_do: str = "") -> None:
    """That it was not taken, in the words of who refused it."""
    _send(
        row,
        to,
        _("Surat Anda belum menjadi laporan"),
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
            _("Keadaan: %(words)s (%(unit)s)", words=status_words(case.status), unit=unit),
            address(f"/lapor/lacak/{case.number}"),
            "",
        ]
    if not lines and asked:
        lines = [_("Nomor %(number)s tidak ditemukan di antara laporan terbuka.", number=asked)]
    elif not lines:
        lines = [_("Belum ada laporan terbuka yang masuk dari alamat ini.")]
    lines += [
        _("Laporan rahasia hanya dapat dibuka dengan nomor dan PIN: %(link)s", link=address("/lapor/lacak"))
    ]
    _send(row, to, _("Keadaan laporan"), lines, "status", **({"ticket": ticket} if ticket else {}))


def _not_taken(row: Incoming) -> list[str]:
    if not row.dropped:
        return []
    return [
        "",
        _(
            "Lampiran ini tidak kami simpan: %(names)s. Kami menerima foto, paling banyak 5.",
            names=row.dropped,
        ),
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
