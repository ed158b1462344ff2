"""The state table: what it must hold, whatever it says."""

from typing import get_args

import pytest

from plugins.lapor.contracts import Status
from plugins.lapor.states import OPEN, STATUSES, TABLE, TRANSITIONS, UNVERIFIED, Action, allowed, transition
from superapp.sdk import Conflict

# The whole life on one screen, to be read beside the law: `=` stays, `held` goes back to the state before
# the hold, `*` follows from how far the units are and ends in one of the last column, `.` is refused.
SHORT = {
    "rec": "received",
    "ver": "verified",
    "dis": "dispositioned",
    "ret": "returned",
    "wip": "in_progress",
    "hold": "on_hold",
    "ans": "answered",
    "clo": "closed",
    "arc": "archived",
    "fwd": "forwarded",
}
LIFE = """
action        who      permission    rec  ver  dis  ret  wip  hold ans  clo  arc  fwd  ends
verify        officer  lapor.verify  ver  .    .    .    .    .    .    .    .    .    -
dispose       officer  lapor.dispose *    *    *    *    *    .    .    .    .    *    dis,wip,fwd,ans
give_back     officer  lapor.handle  .    .    *    .    *    .    .    .    .    .    ret,dis,wip,fwd
pass_on       officer  lapor.handle  .    .    =    .    =    .    .    .    .    .    -
hold          officer  lapor.handle  hold hold hold hold hold .    .    .    .    .    -
resume        officer  lapor.handle  .    .    .    .    .    held .    .    .    .    -
progress      officer  lapor.handle  .    .    wip  .    wip  .    .    .    .    =    -
answer        officer  lapor.handle  .    .    *    .    *    .    .    .    .    *    ans,wip,fwd,ret
hear          officer  lapor.forward .    .    *    .    *    .    .    .    .    *    dis,wip,fwd,ans,ret
archive       officer  lapor.archive arc  arc  arc  arc  arc  arc  .    .    .    arc  -
forward       officer  lapor.forward fwd  fwd  fwd  fwd  fwd  .    .    .    .    fwd  -
move          system   -             .    .    =    .    =    =    =    .    .    =    -
solved        reporter -             .    .    .    .    .    .    clo  .    .    .    -
unsolved      reporter -             .    .    .    .    .    .    *    .    .    .    wip,fwd
autoclose     system   -             .    .    .    .    .    .    clo  .    .    .    -
reject_proof  officer  lapor.proof   .    .    .    .    .    .    *    .    .    .    wip,fwd
false_closing officer  lapor.audit   .    .    .    .    .    .    .    *    .    .    wip,fwd,rec
reopen        reporter -             .    .    .    .    .    .    .    *    rec  .    wip,fwd,rec
recall        officer  lapor.dispose .    .    ver  .    .    .    .    .    .    .    -
reply         reporter -             =    =    =    =    =    held =    .    .    =    -
correct       reporter -             =    .    .    .    .    .    .    .    .    .    -
withdraw      reporter -             arc  arc  arc  arc  arc  arc  arc  .    .    arc  -
"""
HEAD, *ROWS = (line.split() for line in LIFE.strip().splitlines())
CELLS = [
    (SHORT[state], row[0], row[1], row[2], cell, row[-1])
    for row in ROWS
    for state, cell in zip(HEAD[3:-1], row[3:-1], strict=True)
]


@pytest.mark.parametrize(("state", "action", "who", "permission", "cell", "ends"), CELLS)
def test_the_life_is_what_is_written_here(
    state: Status, action: Action, who: str, permission: str, cell: str, ends: str
) -> None:
    arrow = TABLE.get((state, action))
    assert (action in allowed(state)) == (action in allowed(state, who)) == (cell != ".")  # type: ignore[arg-type]
    if cell == ".":
        assert arrow is None
        return
    assert arrow is not None
    assert (arrow.who, arrow.permission or "-") == (who, permission)
    assert arrow.to == {"=": "SAME", "held": "HELD", "*": "PARTS"}.get(cell, SHORT.get(cell))
    told = ",".join(short for short in SHORT if SHORT[short] in arrow.ends)
    assert cell != "*" or set(told.split(",")) == set(ends.split(","))
    assert all(action not in allowed(state, other) for other in {"officer", "reporter", "system"} - {who})


def test_the_table_above_is_whole() -> None:
    assert [SHORT[each] for each in HEAD[3:-1]] == list(STATUSES)
    assert sorted(row[0] for row in ROWS) == sorted(get_args(Action))
    assert sorted(each for row in ROWS for each in [row[0]]) == sorted({each.action for each in TRANSITIONS})
    assert set(STATUSES) - OPEN == {"closed", "archived"}
    assert {"received", "returned"} == UNVERIFIED


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
