"""Whatever both do, one of them has the case, and nobody doubts which."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from plugins.antarpemda.scope import agreed, common, related
from plugins.antarpemda.tests.neighbours import Pair, case_of
from plugins.antarpemda.tests.test_antarpemda import DRAFT
from plugins.lapor import service
from plugins.lapor.models import Complaint
from plugins.lapor.service.outside.applying import _ticket
from superapp.sdk import Conflict, Invalid, session

DEEDS = ("hand", "own", "work", "answer", "unsolved", "solved", "withdraw")


class Case:
    """One case on its way, as `number` in the city and `there` in the province."""

    def __init__(self, pair: Pair) -> None:
        self.pair, self.there = pair, ""
        with pair.at(pair.city):
            self.number = service.submit(DRAFT).number

    def do(self, deed: str) -> None:
        """Let who has the case do it; what the state does not allow is not done."""
        holder, number = self.holder()
        with suppress(Conflict, Invalid):
            if deed in ("unsolved", "solved", "withdraw"):
                self._reporter(deed)
            else:
                with self.pair.at(holder):
                    self._officer(deed, number)
        self.pair.deliver()

    def _officer(self, deed: str, number: str) -> None:
        case = case_of(number)
        if deed == "hand":
            service.forward(case.id, agency_code="BPJN", text="Diserahkan.")
        elif deed == "own":
            service.dispose(case.id, agency_codes=["DPUPR"])
        elif deed == "work":
            service.progress(case.id, text="Dikerjakan.")
        else:
            service.answer(case.id, text="Selesai.", no_work="not_found")

    def _reporter(self, deed: str) -> None:
        with self.pair.at(self.pair.city):
            ticket = _ticket(case_of(self.number))
            if deed == "withdraw":
                service.withdraw(ticket)
            else:
                service.confirm(ticket, solved=deed == "solved", text="Belum.")

    def holder(self) -> tuple[object, str]:
        """Who has it, and the number there. Fails when it is nobody or both."""
        city, province = self.pair.city, self.pair.province
        with self.pair.at(city):
            case = case_of(self.number)
            ref = self.pair.ref(city, case.id)
            gone, self.status = ref is not None and ref.owner, case.status
        with self.pair.at(province):
            found = session().scalars(select(Complaint).where(Complaint.external_id == self.number)).first()
            here = False
            if found is not None:
                self.there = found.number
                ref = self.pair.ref(province, found.id)
                assert ref is not None
                here = not ref.owner
        assert gone == here or self.status in ("closed", "archived"), (gone, here, self.status)
        return (province, self.there) if here and gone else (city, self.number)


@pytest.mark.slow
def test_exactly_one_side_has_it_whatever_happens(pair: Pair) -> None:
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(DEEDS), min_size=2, max_size=5))
    def walk(deeds: Sequence[str]) -> None:
        case = Case(pair)
        case.do("hand")
        for deed in deeds:
            case.do(deed)
            case.holder()

    walk()


@dataclass(frozen=True)
class Side:
    """What one side may say."""

    send: bool
    receive: bool
    categories: list[str]
    identity: bool


KINDS = st.sampled_from([[], ["A"], ["B"], ["A", "B"], ["B", "C"]])
SIDES = st.builds(Side, st.booleans(), st.booleans(), KINDS, st.booleans())


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(SIDES, SIDES)
def test_both_sides_read_the_same_agreement(ours: Side, theirs: Side) -> None:
    here, there = agreed(ours, theirs), agreed(theirs, ours)
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert (here.send, here.receive) == (there.receive, there.send)
        assert (here.categories, here.identity) == (there.categories, there.identity)
        assert not here.identity or (ours.identity and theirs.identity)
        assert here.categories == common(ours.categories, theirs.categories)


def test_who_belongs_together() -> None:
    assert related("51", "51.71") and related("51.71", "51")
    assert not any(
        related(*pair) for pair in [("51.71", "51.71"), ("51", "52.71"), ("", "51"), ("5", "51.71")]
    )
