"""Random steps by random roles on one case: parts, clocks and counters agree with a simple model."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.contracts import Order
from plugins.lapor.jobs import tidy
from plugins.lapor.models import DeadlineRow
from superapp.sdk import AppError, session

UNITS = ("DLHK", "DPUPR", "DISKOMINFO", "BPJN")
OUTSIDE = frozenset({"BPJN"})
VILLAGE = "KEL-SERANGAN"
DESK = ("coordinator", "DISKOMINFO")
SETS = st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True)
STEPS = st.one_of(
    st.tuples(st.just("dispose"), SETS),
    st.tuples(st.sampled_from(("progress", "answer", "give_back", "pass_on")), st.sampled_from(UNITS)),
    st.tuples(st.sampled_from(("reply", "unsolved", "solved", "reopen", "hold", "resume")), st.none()),
    st.tuples(st.sampled_from(("village_answers", "village_returns")), st.none()),
    st.tuples(st.just("hear"), st.sampled_from(("progress", "answer", "return"))),
    st.tuples(st.just("copy"), st.sampled_from(UNITS)),
)


@dataclass
class Model:
    """Who has the case and how far each is; `returned` counts what waits for the coordinator."""

    parts: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)
    copies: set[str] = field(default_factory=set)
    under: dict[str, str] = field(default_factory=dict)
    returned: int = 0

    @property
    def status(self) -> str:
        """The state that follows, as long as nobody stopped or closed it."""
        missing = [unit for unit, state in self.parts.items() if state != "answered"]
        if not missing:
            return "answered" if self.parts and not self.returned else "returned"
        if set(missing) <= OUTSIDE:
            return "forwarded"
        return "dispositioned" if set(self.parts.values()) == {"given"} else "in_progress"

    def dispose(self, units: list[str], copies: set[str]) -> None:
        self.parts = {unit: self.parts.get(unit, "given") for unit in units}
        self.copies = copies
        self.under = {
            below: over for below, over in self.under.items() if over in units and below not in units
        }
        self.returned = 0

    def begin(self, unit: str) -> None:
        if self.parts.get(unit) == "given":
            self.parts[unit] = "working"

    def leave(self, unit: str) -> None:
        del self.parts[unit]
        self.under = {below: over for below, over in self.under.items() if over != unit}
        self.returned += 1


def act(acting, receipt, model: Model, step: str, what) -> None:
    """Do one step; the model follows only when it was not refused."""
    if step in ("dispose", "copy"):
        units = what if step == "dispose" else list(model.parts) or ["DLHK"]
        copies = {what} - set(units) if step == "copy" else set()
        with acting(*DESK):
            orders = [*map(Order, units), *(Order(each, referral=True) for each in copies)]
            service.dispose(receipt.id, units=orders)
        model.dispose(units, copies)
    elif step in ("progress", "answer", "give_back", "pass_on"):
        with acting("liaison", what):
            if step == "progress":
                service.progress(receipt.id, text="Kemajuan.")
                model.begin(what)
            elif step == "answer":
                service.answer(receipt.id, text="Selesai.")
                model.parts[what] = "answered"
            elif step == "give_back":
                service.give_back(receipt.id, owner_name="Pihak lain", reason="Bukan kami.")
                model.leave(what)
            else:
                service.pass_on(receipt.id, agency_code=VILLAGE, instruction="Cek.")
                model.under[VILLAGE] = what
    elif step in ("village_answers", "village_returns"):
        with acting("liaison", VILLAGE):
            if step == "village_answers":
                service.answer(receipt.id, text="Sudah dicek.")
                model.begin(model.under[VILLAGE])
            else:
                service.give_back(receipt.id, reason="Bukan wilayah kami.")
                del model.under[VILLAGE]
    elif step == "hear":
        with acting(*DESK):
            service.hear(receipt.id, heard=what, text="Kabar.", source="Surat")
        if what == "progress":
            model.begin("BPJN")
        elif what == "answer":
            model.parts["BPJN"] = "answered"
        else:
            model.leave("BPJN")
    else:
        by_reporter(acting, receipt, model, step)


def by_reporter(acting, receipt, model: Model, step: str) -> None:
    """The reporter's steps, and stopping the clocks."""
    with acting(*DESK):
        if step == "hold":
            service.hold(receipt.id, reason="Menunggu.")
        if step == "resume":
            service.resume(receipt.id)
    with acting():
        if step == "reply":
            service.reply(receipt.ticket, text="Masih ada.")
        if step == "unsolved":
            service.confirm(receipt.ticket, solved=False, text="Belum.")
            model.parts = dict.fromkeys(model.parts, "working")
        if step == "solved":
            service.confirm(receipt.ticket, solved=True)
            model.last, model.parts, model.under = model.parts, {}, {}
        if step == "reopen":
            service.reopen(receipt.ticket, reason="Lagi.")
            model.parts = dict.fromkeys(model.last, "working")


def compare(acting, receipt, model: Model) -> None:
    """Assignments, state, clocks and counters against the model."""
    with acting(*DESK):
        view = service.desk_view(receipt.id)
        active = [each for each in view.assignments if each.active]
        owning = {each.agency.code: each.state for each in active if each.role in ("owner", "co_owner")}
        below = {each.agency.code for each in active if each.role == "delegate"}
        assert owning == model.parts
        assert below == set(model.under)
        assert sum(each.role == "owner" for each in active) == bool(owning)
        if view.case.status not in ("received", "on_hold", "closed"):
            assert view.case.status == model.status
        assert view.open_returns == model.returned
        running = (
            session()
            .query(DeadlineRow)
            .filter(DeadlineRow.complaint_id == receipt.id, DeadlineRow.done_at.is_(None))
        )
        first = {row.agency_id for row in running if row.step == "follow_up"}
        begins = {each.agency.id for each in active if each.state == "given" and not each.outside}
        assert first == {
            each for each in begins if each not in {d.agency.id for d in active if d.role == "delegate"}
        }
        assert bool([row for row in running if row.step == "confirm"]) == (view.case.status == "answered")
        assert tidy.drift() == {}


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, min_size=6, max_size=14))
def test_parts_clocks_and_counters_agree_with_the_model(acting, steps) -> None:
    with acting():
        receipt = service.submit(draft())
    model = Model()
    for step, what in [("dispose", ["DLHK", "DPUPR"]), *steps]:
        before = (dict(model.parts), dict(model.under), model.returned)
        try:
            act(acting, receipt, model, step, what)
        except (AppError, KeyError):
            assert before == (dict(model.parts), dict(model.under), model.returned), (step, what)
        compare(acting, receipt, model)
