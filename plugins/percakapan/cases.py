"""Reports that exist: how they stand, and words that go to one of them."""

from __future__ import annotations

from plugins.lapor.contracts import ReporterView, Upload
from plugins.percakapan import book, filling, reporting, words
from plugins.percakapan.turn import Turn
from superapp.sdk import AppError, NotFound, savepoint

LISTED = 3
PICTURE_WORDS = "Foto dari pelapor."


def status(turn: Turn) -> None:
    """The sender's own report; of several a choice; without any the question for a number."""
    mine = book.followed(turn.sender)
    if not mine:
        turn.say(f"Tulis nomor laporan Anda, misalnya {words.example()}. Tambahkan PIN bila rahasia.")
        if turn.talk.state == "idle":
            turn.wait("number")
    elif len(mine) == 1:
        show(turn, mine[0].number, "")
    else:
        turn.say("Laporan yang mana?", *((f"see:{row.number}", row.number) for row in mine[:LISTED]))


def show(turn: Turn, number: str, pin: str) -> None:
    """How a report stands: everything to its reporter, to others what everybody may see."""
    try:
        with savepoint():
            ticket = book.ticket_for(turn.sender, number)
            if pin and not ticket:
                ticket = turn.door.enter(number, pin, source=turn.talk.who)
            if ticket:
                _own(turn, turn.door.reporter_view(ticket), steps=bool(book.ticket_for(turn.sender, number)))
            else:
                turn.say(turn.lapor.told(turn.door.public_view(number)))
    except NotFound:
        turn.say(words.NO_MATCH.format(example=words.example()))
    except AppError as error:
        turn.also(error)


def _own(turn: Turn, view: ReporterView, *, steps: bool) -> None:
    number, text = view.case.number, turn.lapor.told(view)
    if view.question:
        text += f"\nPetugas bertanya: {view.question}\nBalas pesan ini untuk menjawab."
    choices: list[tuple[str, str]] = []
    if steps and "confirm" in view.actions:
        choices = [(f"solved:{number}", "Sudah selesai"), (f"unsolved:{number}", "Belum selesai")]
    elif steps and "reopen" in view.actions:
        choices = [(f"reopen:{number}", "Belum selesai")]
    turn.say(text, *choices)


def may_be_about(turn: Turn) -> bool:
    """True when the words were taken as an answer to a report, or it was asked to which they belong."""
    opened = _open(turn)
    if not opened:
        return False
    asked = [number for number, view in opened if view.question]
    if len(asked) == 1 and turn.text:
        _reply(turn, asked[0], turn.text, list(turn.message.photos))
        return True
    turn.memo.fresh()
    filling.hold(turn)
    choices = [(f"to:{number}", number) for number, _ in opened[:2]]
    turn.say("Ini tambahan untuk laporan Anda, atau laporan baru?", *choices, ("fresh:", "Laporan baru"))
    turn.wait("about")
    return True


def _open(turn: Turn) -> list[tuple[str, ReporterView]]:
    """The sender's reports that take words now, those that wait for an answer first."""
    found = []
    for row in book.followed(turn.sender):
        ticket = book.ticket_for(turn.sender, row.number)
        try:
            view = turn.door.reporter_view(ticket)
        except NotFound:
            continue
        if "reply" in view.actions:
            found.append((row.number, view))
    return sorted(found, key=lambda pair: not pair[1].question)


def wrote(turn: Turn) -> None:
    """Something more while it is open to which report it belongs."""
    filling.hold(turn)
    turn.say("Pilih dulu: untuk laporan yang ada, atau laporan baru?", *turn.memo.offered)


def to_case(turn: Turn, number: str) -> None:
    """What was held goes to this report."""
    memo = turn.memo
    text, photos = memo.text, filling.pictures(turn)
    if not text and not photos:
        turn.say(words.NOTHING)
        return
    _reply(turn, number, text or PICTURE_WORDS, photos)
    turn.drop()


def fresh(turn: Turn, _rest: str) -> None:
    """What was held begins a report."""
    if turn.memo.text or turn.memo.begun:
        reporting.restart(turn, turn.memo.text)
    else:
        reporting.ask_all(turn)


def add_to(turn: Turn, number: str, text: str) -> bool:
    """Words beside a number go to that report when it is the sender's; False otherwise."""
    if not book.ticket_for(turn.sender, number):
        return False
    _reply(turn, number, text, list(turn.message.photos))
    return True


def _reply(turn: Turn, number: str, text: str, photos: list[Upload]) -> None:
    ticket = book.ticket_for(turn.sender, number)
    if not ticket:
        turn.say(words.NO_MATCH.format(example=words.example()))
        return
    try:
        with savepoint():
            turn.door.reply(ticket, text=text, photos=photos[: filling.PHOTOS_MOST])
    except AppError as error:
        turn.also(error)
        return
    turn.say(f"Pesan Anda sudah masuk ke laporan {number}. Bila ini laporan baru, tulis BARU.")
