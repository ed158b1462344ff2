"""The state table: what it must hold, whatever it says."""

import pytest

from plugins.lapor.contracts import Status
from plugins.lapor.states import OPEN, STATUSES, TABLE, TRANSITIONS, allowed, transition
from superapp.sdk import Conflict

ACTIONS = tuple(dict.fromkeys(each.action for each in TRANSITIONS))


@pytest.mark.parametrize("state", STATUSES)
@pytest.mark.parametrize("action", ACTIONS)
def test_each_pair_is_an_arrow_or_a_conflict_that_names_what_is_allowed(state: Status, action: str) -> None:
    if (state, action) in TABLE:
        assert transition(state, action).action == action
        return
    with pytest.raises(Conflict) as refused:
        transition(state, action)
    assert all(each in refused.value.detail for each in allowed(state))


def test_no_pair_has_two_arrows() -> None:
    pairs = [(source, each.action) for each in TRANSITIONS for source in each.sources]
    assert len(pairs) == len(set(pairs))


def test_every_officers_action_asks_for_a_permission_and_no_other_does() -> None:
    assert all(bool(each.permission) == (each.who == "officer") for each in TRANSITIONS)


def test_every_state_is_reached_and_every_open_one_can_be_left() -> None:
    reached = {state for each in TRANSITIONS for state in (each.to, *each.ends)} | {"received"}
    assert set(STATUSES) <= reached
    assert all(any(TABLE[state, each].to != "SAME" for each in allowed(state)) for state in OPEN)


def test_only_what_follows_from_the_parts_names_where_it_may_end() -> None:
    assert all(bool(each.ends) == (each.to == "PARTS") for each in TRANSITIONS)
    assert all(set(each.ends) <= OPEN for each in TRANSITIONS)


def test_the_reporter_can_always_reopen_what_is_over() -> None:
    assert all("reopen" in allowed(state, "reporter") for state in ("closed", "archived"))
