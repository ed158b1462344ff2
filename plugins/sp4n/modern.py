"""The JSON transport: everything that is particular stands in the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from flask_babel import gettext as _

from plugins.lapor.contracts.outside import (
    Arrival,
    Busy,
    CaseRef,
    Parcel,
    Pulled,
    Pushed,
    Refused,
    Standing,
    Step,
    Unsure,
)
from plugins.sp4n import asking, incoming, outgoing
from plugins.sp4n.contract import Contract
from plugins.sp4n.transport import Codes, Sending
from superapp.sdk import log

MOST_NEWS: Final = 500  # of one page


@dataclass(frozen=True, slots=True)
class Modern:
    """The other side at `base`, spoken to as `contract` says."""

    base: str
    token: str
    contract: Contract

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the contract has a call for."""
        return self.contract.steps

    @property
    def repeatable(self) -> bool:
        """True when the contract names a header by which repeats are known."""
        return self.contract.repeatable

    def push(self, sending: Sending) -> Pushed:
        """One parcel in one call."""
        parcel = sending.parcel
        step = step_of(parcel, self.steps)
        send = self.contract.send_of(step)
        if send is None:
            raise Refused(_("Kontraknya tidak memuat langkah ini. Lewati, atau lengkapi kontraknya."))
        if "{foreign_id}" in send.path and not parcel.foreign_id:
            raise Refused(_("Nomor di SP4N-LAPOR! belum diketahui. Catat nomornya, lalu kirim lagi."))
        known = outgoing.values(sending, self.contract)
        known["step"] = self.contract.words.step.get(step, step)
        if step == "returned":
            known["status"] = self.contract.words.status.get(step, step)
        headers = {**self._headers(), "Content-Type": "application/json"}
        if self.contract.idempotency:
            headers[self.contract.idempotency] = str(parcel.id)
        url = outgoing.address(self.base, send.path, known)
        content = orjson.dumps(outgoing.fields(send, known))
        reply = asking.hand_over(send.method, url, headers=headers, content=content)
        return self._pushed(reply, new=step == "new")

    def pull(self, cursor: Mapping[str, Any], codes: Codes) -> Pulled | None:
        """One page of news. What cannot be read in it is noted and left out."""
        pull = self.contract.pull
        if pull is None:
            return None
        before = str(cursor.get("after", ""))
        url = outgoing.address(self.base, pull.path, {"cursor": before}, pull.query)
        data = self._look(pull.method, url)
        items = incoming.at(data, pull.list)
        if not isinstance(items, list):
            raise Busy(_("Jawaban SP4N-LAPOR! tidak sesuai kontrak: daftarnya tidak ditemukan."))
        after = incoming.text(incoming.at(data, pull.cursor), 500) or before
        read = list(
            _readable([incoming.arrival(each, self.contract, pull, codes) for each in items[:MOST_NEWS]])
        )
        more = incoming.truth(incoming.at(data, pull.more)) and after != before
        return Pulled(read, {"after": after}, more)

    def compare(self, refs: Sequence[CaseRef]) -> Sequence[Standing] | None:
        """The state there of each case whose number of theirs is known."""
        call = self.contract.compare
        if call is None:
            return None
        asked = [each.foreign_id for each in refs if each.foreign_id]
        found: list[Standing] = []
        for begin in range(0, len(asked), call.batch):
            ids = ",".join(asked[begin : begin + call.batch])
            url = outgoing.address(self.base, call.path, {"ids": ids}, call.query)
            items = incoming.at(self._look(call.method, url), call.list)
            if not isinstance(items, list):
                raise Busy(_("Jawaban SP4N-LAPOR! tidak sesuai kontrak: daftarnya tidak ditemukan."))
            found += [each for item in items[:MOST_NEWS] if (each := self._standing(item)) is not None]
        return found

    def test(self) -> str:
        """Asks for news, or for the state of nothing, and says what came."""
        pulled = self.pull({}, {})
        if pulled is None:
            return str(_("Kontrak ini tidak memuat cara menanyakan kabar: tidak ada yang dapat diuji."))
        return str(
            _("Menjawab sesuai kontrak. Kabar di halaman pertama: %(count)s.", count=len(pulled.arrivals))
        )

    def _headers(self) -> dict[str, str]:
        value = outgoing.filled(self.contract.value, {"token": self.token})
        return {
            self.contract.header: str(value),
            "Accept": "application/json",
            "User-Agent": "superapp-sp4n/1",
        }

    def _look(self, method: str, url: str) -> Any:
        data = _read(asking.look(method, url, headers=self._headers()).body)
        if not isinstance(data, Mapping):
            raise Busy(_("Jawaban SP4N-LAPOR! tidak dapat dibaca."))
        return data

    def _pushed(self, reply: asking.Reply, *, new: bool) -> Pushed:
        """What an answer to a parcel says. A clear "it is there, as number N" counts as taken."""
        there, data = self.contract.answer, _read(reply.body)
        said = incoming.text(incoming.at(data, there.message), asking.LONGEST_MESSAGE)
        number = incoming.text(incoming.at(data, there.foreign_id), incoming.IDS)
        second = incoming.text(incoming.at(data, there.second_id), incoming.IDS)
        if reply.status == 409 and number:
            return Pushed(number, second, said)
        if not 200 <= reply.status < 300:
            raise asking.refused(reply.status, said)
        ok = incoming.at(data, there.ok)
        if there.ok and ok is None:
            raise Unsure(_("SP4N-LAPOR! menjawab, tetapi jawabannya tidak dapat dibaca."))
        if there.ok and not any(type(ok) is type(each) and ok == each for each in there.ok_values):
            raise asking.refused(422, said)
        if new and not number:
            raise Unsure(_("SP4N-LAPOR! menjawab tanpa menyebut nomor."))
        return Pushed(number, second, said)

    def _standing(self, item: Any) -> Standing | None:
        call, meaning = self.contract.compare, self.contract.words.meaning
        if call is None:
            return None
        word = incoming.text(incoming.at(item, call.word), 100)
        foreign = incoming.text(incoming.at(item, call.foreign_id), incoming.IDS)
        number = incoming.text(incoming.at(item, call.number), 40)
        at = incoming.moment(incoming.at(item, call.at)) if call.at else None
        return Standing(foreign, word, meaning.get(word, ()), number, at) if foreign else None


def step_of(parcel: Parcel, told: Sequence[Step]) -> Step:
    """The step as they see it: what they know already and get again is given back or opened again."""
    if parcel.step != "new" or not parcel.foreign_id:
        return parcel.step
    step: Step = "returned" if parcel.came_from_there else "reopened"
    return step if step in told else "new"


def _readable(read: Sequence[Arrival | None]) -> Iterator[Arrival]:
    for each in read:
        if each is not None:
            yield each
    if unread := sum(each is None for each in read):
        log.get(__name__).warning("sp4n_news_unread", count=unread)


def _read(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
