"""The older transport, as it is publicly described: a document `lapor` is posted, `trackingid` and
`transaksiid` come back, and `gettopics` lists topics for a `KEYTOKEN`. It tells new reports only.

The description leaves open where the addresses are and what stands in `pelapor`; what is chosen here
was tried with the sandbox, never with the real system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from flask_babel import gettext as _

from plugins.lapor.contracts.outside import Busy, CaseRef, Pulled, Pushed, Refused, Standing, Step, Unsure
from plugins.sp4n import asking, incoming, outgoing, xml
from plugins.sp4n.transport import Codes, Sending


@dataclass(frozen=True, slots=True)
class Legacy:
    """The other side, whose door for reports is `base`."""

    base: str
    token: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """New reports, nothing after them."""
        return ("new",)

    @property
    def repeatable(self) -> bool:
        """Nothing is known by which it would recognise a repeat."""
        return False

    def push(self, sending: Sending) -> Pushed:
        """One new report."""
        parcel = sending.parcel
        if parcel.step != "new":
            raise Refused(_("Jalur lama hanya menerima laporan baru. Catat di sana manual, atau lewati."))
        headers = {"Content-Type": "application/xml; charset=utf-8", "User-Agent": "superapp-sp4n/1"}
        content = document(sending, self.token)
        return _pushed(asking.hand_over("POST", self.base, headers=headers, content=content))

    def pull(self, cursor: Mapping[str, Any], codes: Codes) -> Pulled | None:
        """It has no news by itself."""
        return None

    def compare(self, refs: Sequence[CaseRef]) -> Sequence[Standing] | None:
        """It cannot be asked."""
        return None

    def test(self) -> str:
        """Asks for the topics."""
        topics = self.topics()
        return str(_("Menjawab dengan %(count)s topik.", count=len(topics)))

    def topics(self) -> list[str]:
        """The names of their topics. Raises Busy."""
        url = f"{self.base.rstrip('/')}/gettopics"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "superapp-sp4n/1"}
        content = urlencode({"KEYTOKEN": self.token}).encode()
        try:
            root = xml.read(asking.look("POST", url, headers=headers, content=content).body)
        except xml.BadXml as error:
            raise Busy(_("Jawaban SP4N-LAPOR! tidak dapat dibaca.")) from error
        names = (incoming.text(each.text or "", 200) for each in root.iter() if each.tag.lower() == "topik")
        return list(filter(None, names))


def document(sending: Sending, token: str) -> bytes:
    """The document of a new report. An anonymous one has an empty `pelapor`, whatever came along."""
    case = sending.parcel.case
    root = Element("lapor")
    _put(root, "token", token)
    who = case.reporter if not case.anonymous else None
    reporter = SubElement(root, "pelapor")
    for name, value in (
        ("nama", who and who.name),
        ("telepon", who and who.phone),
        ("email", who and who.email),
    ):
        _put(reporter, name, value or "")
    flags = {"rahasia": "1" if case.secret else "0", "anonim": "1" if case.anonymous else "0"}
    report = SubElement(root, "laporan", flags)
    _put(report, "topik", sending.category.sub or sending.category.main)
    _put(report, "isi", _body(sending))
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _body(sending: Sending) -> str:
    """All that has no place of its own there goes into the text."""
    case = sending.parcel.case
    place = f"{case.lat}, {case.lng}" if case.lat is not None else ""
    lines = (
        case.title,
        outgoing.body(sending),
        _("Tempat: %(place)s", place=case.address) if case.address else "",
        _("Koordinat: %(place)s", place=place) if place else "",
        _("Nomor di daerah: %(number)s", number=case.number),
    )
    return "\n\n".join(str(each) for each in lines if each)


def _put(parent: Element, name: str, value: str) -> None:
    if value:
        SubElement(parent, name).text = xml.allowed(value)


def _pushed(reply: asking.Reply) -> Pushed:
    """Numbers make it taken, also beside a word that it was there before; else it is refused or unclear."""
    try:
        root = xml.read(reply.body)
    except xml.BadXml as error:
        if not 200 <= reply.status < 300:
            raise asking.refused(reply.status, "") from error
        raise Unsure(_("SP4N-LAPOR! menjawab, tetapi jawabannya tidak dapat dibaca.")) from error
    told = incoming.text(xml.said(root, "pesan", "error", "galat", "message"), asking.LONGEST_MESSAGE)
    number = incoming.text(xml.said(root, "trackingid"), incoming.IDS)
    second = incoming.text(xml.said(root, "transaksiid"), incoming.IDS)
    if number and (200 <= reply.status < 300 or reply.status == 409):
        return Pushed(number, second, told)
    if not 200 <= reply.status < 300:
        raise asking.refused(reply.status, told)
    if told:
        raise asking.refused(422, told)
    raise Unsure(_("SP4N-LAPOR! menjawab tanpa menyebut nomor."))
