"""The reporter says whether it is solved: stars when it is, the reason when it is not, taken up again."""

from __future__ import annotations

from plugins.percakapan import book, words
from plugins.percakapan.turn import Turn
from superapp.sdk import AppError, savepoint

STARS = (("5", "Puas"), ("3", "Cukup"), ("1", "Tidak puas"))


def ask_rating(turn: Turn, number: str) -> None:
    """ "Sudah selesai": how was it? Without an answer it is closed without stars."""
    if not _mine(turn, number):
        return
    turn.drop()
    turn.memo.number = number
    turn.say(
        "Terima kasih. Bagaimana penanganannya? Tulis LEWATI bila tidak ingin menilai.",
        *((f"rate:{number}:{stars}", title) for stars, title in STARS),
    )
    turn.wait("rate")


def rate(turn: Turn, rest: str) -> None:
    """The stars were given; an old button closes nothing twice."""
    number, _, stars = rest.partition(":")
    if turn.talk.state != "rate" or turn.memo.number != number:
        turn.say(words.OLD_BUTTON)
        return
    solved(turn, int(stars) if stars in {code for code, _ in STARS} else None)
    turn.drop()


def solved(turn: Turn, stars: int | None) -> None:
    """Close the report that was spoken of."""
    number = turn.memo.number
    ticket = book.ticket_for(turn.sender, number)
    try:
        with savepoint():
            turn.door.confirm(ticket, solved=True, rating=stars)
    except AppError as error:
        turn.also(error)
        return
    turn.say(f"Laporan {number} ditutup. Terima kasih sudah memastikan.")


def ask_why(turn: Turn, number: str) -> None:
    """ "Belum selesai": what is missing?"""
    if _mine(turn, number):
        turn.drop()
        turn.memo.number = number
        turn.say(f"Apa yang belum selesai pada laporan {number}? Tulis dengan singkat.")
        turn.wait("why")


def ask_again(turn: Turn, number: str) -> None:
    """A closed report is to be taken up again: why?"""
    if _mine(turn, number):
        turn.drop()
        turn.memo.number = number
        turn.say(f"Mengapa laporan {number} perlu dibuka lagi? Tulis dengan singkat.")
        turn.wait("again")


def wrote(turn: Turn) -> None:
    """Words where a decision was waited for."""
    if not turn.text:
        turn.say("Tulis dulu alasannya dengan kata-kata.")
        return
    _unsolved(turn)


def unrated(turn: Turn) -> None:
    """No stars were given: it is closed without."""
    solved(turn, None)
    turn.drop()


def leave(turn: Turn) -> None:
    """Another matter begins: a confirmation without stars counts, other questions are forgotten."""
    if turn.talk.state == "rate":
        solved(turn, None)
    if turn.talk.state in ("rate", "why", "again", "about"):
        turn.drop()


def _unsolved(turn: Turn) -> None:
    number, state = turn.memo.number, turn.talk.state
    ticket = book.ticket_for(turn.sender, number)
    try:
        with savepoint():
            if state == "again":
                turn.lapor.reopen(ticket, reason=turn.text[:2000])
            else:
                turn.door.confirm(ticket, solved=False, text=turn.text[:2000])
            if turn.message.photos:
                turn.door.reply(ticket, text="Foto dari pelapor.", photos=turn.message.photos[:5])
    except AppError as error:
        turn.also(error)
        turn.drop()
        return
    turn.drop()
    turn.say(f"Laporan {number} dibuka lagi dan didahulukan. Kami kabari lagi di sini.")


def _mine(turn: Turn, number: str) -> bool:
    if book.ticket_for(turn.sender, number):
        return True
    turn.say(words.NO_MATCH.format(example=words.example()))
    return False
