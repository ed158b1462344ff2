"""Which part of the conversation answers: a pressed choice, a command, a number, or what was asked last."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plugins.percakapan import asking, cases, choosing, deciding, reading, reporting, words
from plugins.percakapan.turn import Turn
from superapp.sdk import current_tenant

Part = Callable[[Turn], None]
FREE = frozenset({"extra", "why", "again", "where", "category"})


def answer(turn: Turn) -> None:
    """Say what follows from this message."""
    _warn(turn)
    code = _pressed(turn)
    turn.memo.offered = [] if turn.talk.state == "idle" and not code else turn.memo.offered
    if code and _choose(turn, code):
        return
    command = reading.command(turn.text) if not _brings(turn) else ""
    if command and _command(turn, command):
        return
    if turn.talk.state in ("idle", "number") and _about_a_number(turn):
        return
    if turn.message.problem and not _brings(turn) and not turn.text:
        turn.say(words.PROBLEMS.get(turn.message.problem, words.PROBLEMS["unsupported"]))
        return
    STATES.get(turn.talk.state, reporting.take)(turn)


def lapse(turn: Turn) -> None:
    """End what was not finished in its time: a confirmation without stars counts, a draft is forgotten."""
    if turn.talk.state == "rate":
        deciding.solved(turn, None)
    turn.drop()


def _brings(turn: Turn) -> bool:
    return bool(turn.message.photos or turn.message.location)


def _warn(turn: Turn) -> None:
    """The number to call, at once and once for each report: the matter's own advice, or the city's number."""
    if "urgent" in turn.memo.settled or not turn.text:
        return
    found = turn.lapor.guess(turn.text[:600])
    advice = found[0].category.urgent if found and found[0].strength >= asking.SURE else ""
    if advice or reading.urgent(turn.text):
        turn.say(advice or words.emergency())
        turn.memo.settled.append("urgent")


def _pressed(turn: Turn) -> str:
    """The code of a pressed choice, or of the one whose number or words were written."""
    if turn.message.choice:
        return turn.message.choice
    offered, text = turn.memo.offered, turn.text.strip().rstrip(".")
    if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= len(offered):
        return offered[int(text[:3]) - 1][0]
    plain = reading.plain(text)
    return next((code for code, title in offered if plain and plain == reading.plain(title)), "")


def _choose(turn: Turn, code: str) -> bool:
    name, _, rest = code.partition(":")
    of_draft, of_case = choosing.OF_DRAFT.get(name), CASES.get(name)
    if of_draft is not None:
        tag, _, value = rest.partition(":")
        if not turn.memo.key or tag != turn.memo.tag:
            turn.say(words.OLD_BUTTON if turn.memo.begun else words.NOTHING)
        else:
            of_draft(turn, value)
        return True
    if of_case is not None:
        of_case(turn, rest)
        return True
    return name in ("new", "status", "help", "menu") and _command(turn, name)


def _command(turn: Turn, command: str) -> bool:
    """True when the command means something here; where a free answer is waited for, most words are one."""
    state = turn.talk.state
    if state in FREE and command not in ("cancel", "help", "menu", "status", "skip"):
        return False
    if command == "cancel":
        _cancel(turn)
    elif command == "help":
        turn.say(words.help_text())
    elif command == "status":
        cases.status(turn)
    elif command in ("menu", "hello", "new"):
        _menu(turn, command)
    elif command in ("send", "hide", "edit"):
        return _whole(turn, command)
    elif state in ("extra", "category", "kind"):
        choosing.skip(turn, "")
    elif state == "whole":
        asking.go_on(turn)
    else:
        return False
    return True


def _cancel(turn: Turn) -> None:
    begun = turn.memo.begun or turn.talk.state not in ("idle", "number")
    turn.say(words.CANCELLED if begun else words.NOTHING)
    turn.drop()


def _menu(turn: Turn, command: str) -> None:
    """Begin, or go on with what was begun."""
    deciding.leave(turn)
    if turn.memo.begun:
        asking.go_on(turn)
    elif command == "new" or turn.talk.state == "what":
        reporting.ask_all(turn)
    else:
        menu(turn)


def _whole(turn: Turn, command: str) -> bool:
    """Words for the buttons of the summary; "kirim" alone where there is nothing to send."""
    if turn.talk.state == "whole":
        choosing.OF_DRAFT[command](turn, "")
        return True
    if command == "send" and not turn.memo.begun:
        turn.say(words.NOTHING)
        return True
    return False


def menu(turn: Turn) -> None:
    """What can be done here."""
    turn.say(turn.greet(words.TELL), ("new", "Buat laporan"), ("status", "Cek laporan"))


def begin(turn: Turn) -> None:
    """The first message: to a report that it may belong to, else a greeting and what it brings."""
    if not turn.text and not _brings(turn):
        menu(turn)
    elif not cases.may_be_about(turn):
        reporting.begin(turn)


def _unrated(turn: Turn) -> None:
    """Something else than stars: it is closed without, and what was written begins anew."""
    deciding.unrated(turn)
    if reading.command(turn.text) != "skip":
        begin(turn)


def _about_a_number(turn: Turn) -> bool:
    found = reading.named(turn.text, current_tenant().short_code)
    if found is None:
        if turn.talk.state == "number":
            turn.wait("idle")
        return False
    if found.rest and reading.enough(found.rest):
        return cases.add_to(turn, found.number, found.rest)
    turn.wait("idle")
    cases.show(turn, found.number, found.pin)
    return True


STATES: Mapping[str, Part] = {
    "idle": begin,
    "number": begin,
    "what": reporting.take,
    "where": reporting.take,
    "kind": choosing.wrote,
    "category": choosing.wrote,
    "extra": choosing.wrote,
    "whole": reporting.take,
    "edit": choosing.wrote,
    "about": cases.wrote,
    "rate": _unrated,
    "why": deciding.wrote,
    "again": deciding.wrote,
}
CASES: Mapping[str, Callable[[Turn, str], None]] = {
    "see": lambda turn, number: cases.show(turn, number, ""),
    "to": cases.to_case,
    "fresh": cases.fresh,
    "solved": deciding.ask_rating,
    "rate": deciding.rate,
    "unsolved": deciding.ask_why,
    "reopen": deciding.ask_again,
}
