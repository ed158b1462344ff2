"""One request to the national system, and what its answer means for a parcel.

Surely not taken and worth another try: Busy. Never to be taken as it is: Refused, in words for an
officer. Handed over without a clear answer: Unsure. Who only asks for news never changes anything
there, so that each failure of those is Busy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _

from plugins.lapor.contracts.outside import Busy, Refused, Unsure
from superapp.sdk import outbound

SECONDS: Final = 15.0
MOST: Final = 2_000_000  # bytes of an answer
LATER: Final = frozenset({429, 503})
UNCLEAR: Final = frozenset({408, 500, 502, 504})
LONGEST_MESSAGE: Final = 300
Reply = outbound.Reply


def hand_over(method: str, url: str, *, headers: Mapping[str, str], content: bytes) -> Reply:
    """Send something that changes the other side; returns answers below 300 and 409 for who reads them.

    Raises Busy, Unsure, or Refused without the other side's words: see `refused`.
    """
    try:
        reply = outbound.send(method, url, headers=headers, content=content, seconds=SECONDS, most=MOST)
    except outbound.NotSent as error:
        raise Busy(_not_sent(str(error))) from error
    except outbound.Uncertain as error:
        raise Unsure(_("SP4N-LAPOR! tidak menjawab dengan jelas.")) from error
    if reply.status in LATER:
        raise Busy(_("SP4N-LAPOR! sedang sibuk (%(status)s).", status=reply.status), _after(reply))
    if reply.status in UNCLEAR or reply.status > 504:
        raise Unsure(_("SP4N-LAPOR! mengalami gangguan (%(status)s).", status=reply.status))
    return reply


def look(method: str, url: str, *, headers: Mapping[str, str], content: bytes = b"") -> Reply:
    """Ask for something; the answer is a success. Raises Busy for everything else."""
    try:
        reply = outbound.send(method, url, headers=headers, content=content, seconds=SECONDS, most=MOST)
    except outbound.NotSent as error:
        raise Busy(_not_sent(str(error))) from error
    except outbound.Uncertain as error:
        raise Busy(_("SP4N-LAPOR! tidak menjawab dengan jelas.")) from error
    if not 200 <= reply.status < 300:
        raise Busy(refusal(reply.status, ""), _after(reply))
    return reply


def refused(status: int, said: str) -> Refused:
    """What an officer can do about an answer of this status, with the other side's own words."""
    return Refused(refusal(status, said))


def refusal(status: int, said: str) -> str:
    """The same as a sentence."""
    told = _(" Kata mereka: %(said)s", said=tidy(said)) if tidy(said) else ""
    words = {
        400: _("SP4N-LAPOR! menolak isiannya. Periksa kategori dan isi laporan."),
        401: _("SP4N-LAPOR! tidak mengenal token. Periksa token di halaman SP4N-LAPOR!."),
        403: _("SP4N-LAPOR! tidak mengizinkan token ini. Hubungi admin nasional."),
        404: _("SP4N-LAPOR! tidak mengenal alamat atau nomor ini. Periksa alamat, kontrak, dan nomornya."),
        409: _("SP4N-LAPOR! menyatakan bertentangan dengan yang sudah ada di sana."),
        422: _("SP4N-LAPOR! menolak isiannya. Periksa kategori dan isi laporan."),
    }
    other = _("SP4N-LAPOR! menolak kiriman ini (%(status)s).", status=status)
    return str(words.get(status, other)) + str(told)


def tidy(said: str) -> str:
    """Somebody's words as one short printable line."""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:LONGEST_MESSAGE]


def _after(reply: Reply) -> int | None:
    given = next((v for name, v in reply.headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(given)
    except ValueError:
        return None
    return max(1, min(int(seconds), 86_400)) if math.isfinite(seconds) else None


def _not_sent(code: str) -> str:
    words = {
        "inside": _("Alamat SP4N-LAPOR! berada di jaringan dalam. Perbaiki alamatnya."),
        "scheme": _("Alamat SP4N-LAPOR! harus diawali https://."),
        "address": _("Alamat SP4N-LAPOR! tidak dapat dibaca. Perbaiki alamatnya."),
        "unknown": _("Nama server SP4N-LAPOR! tidak ditemukan."),
    }
    return str(words.get(code, _("SP4N-LAPOR! tidak dapat dicapai.")))
