"""Choices about the report that is being written, and words where a choice was expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from plugins.percakapan import asking, reading, reporting, sending, words
from plugins.percakapan.turn import Turn
from superapp.sdk import current_tenant, directory, now

DAYS = {"hari ini": 0, "tadi": 0, "kemarin": 1, "kemarin lusa": 2}


def wrote(turn: Turn) -> None:
    """Words, a picture or a place while a choice was waited for."""
    state = turn.talk.state
    if state == "extra" and turn.text:
        given(turn, turn.text)
    elif state == "category" and turn.text and not turn.message.photos:
        found = turn.lapor.guess(turn.text[:600])
        turn.memo.category = found[0].category.code if found and found[0].strength >= asking.SURE else ""
        asking.go_on(turn)
    else:
        reporting.take(turn)


def given(turn: Turn, text: str) -> None:
    """The answer to the question that was asked last."""
    memo = turn.memo
    question = next(
        (each for each in turn.lapor.questions_of(memo.category or None) if each.code == memo.asked), None
    )
    if question is None:
        asking.go_on(turn)
        return
    value: str | list[str] = text
    if question.kind == "several":
        value = [
            _option(question.options, each) for each in text.replace(";", ",").split(",") if each.strip()
        ]
    elif question.kind == "choice":
        value = _option(question.options, text)
    elif question.kind == "date":
        value = _date(text)
    memo.answers[question.code] = value
    wrong = [each for each in turn.lapor.wrong(turn.draft) if each.field == f"answers.{question.code}"]
    if wrong:
        memo.answers.pop(question.code, None)
        asking.ask(turn, question, f"{wrong[0].message} Tulis LEWATI bila tidak tahu.")
        return
    asking.go_on(turn)


def _option(options: tuple[str, ...], text: str) -> str:
    """The option that a number or its words mean, else the text itself, which LAPOR will refuse."""
    said = text.strip()
    if said.isascii() and said.isdigit() and 1 <= int(said[:3]) <= len(options):
        return options[int(said[:3]) - 1]
    plain = reading.plain(said)
    return next((each for each in options if reading.plain(each) == plain), said)


def _date(text: str) -> str:
    """A day as LAPOR reads it: "kemarin" and 17/3/2026 become 2026-03-17."""
    plain = reading.plain(text)
    if plain in DAYS:
        today = now().astimezone(ZoneInfo(current_tenant().timezone)).date()
        return str(today - timedelta(days=DAYS[plain]))
    parts = plain.split()
    if len(parts) == 3 and all(each.isascii() and each.isdigit() for each in parts) and len(parts[2]) == 4:
        return f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}"
    return text.strip()


def skip(turn: Turn, _value: str) -> None:
    """Leave what was asked open."""
    turn.memo.settled.append(f"q:{turn.memo.asked}" if turn.talk.state == "extra" else turn.talk.state)
    asking.go_on(turn)


def _kind(turn: Turn, value: str) -> None:
    if value in asking.KINDS:
        turn.memo.kind = value
    asking.go_on(turn)


def _category(turn: Turn, value: str) -> None:
    known = {each.code for each in turn.door.categories()}
    turn.memo.category = value if value in known else ""
    asking.go_on(turn)


def _area(turn: Turn, value: str) -> None:
    turn.memo.area = value if value in directory.areas() else ""
    asking.go_on(turn)


def _answer(turn: Turn, value: str) -> None:
    questions = turn.lapor.questions_of(turn.memo.category or None)
    question = next((each for each in questions if each.code == turn.memo.asked), None)
    place = int(value) if value.isascii() and value.isdigit() and len(value) < 4 else -1
    if question is None or not 0 <= place < len(question.options):
        asking.go_on(turn)
        return
    given(turn, question.options[place])


def _hide(turn: Turn, _value: str) -> None:
    turn.memo.anonymous = True
    asking.go_on(turn)


def _edit(turn: Turn, _value: str) -> None:
    tag = turn.memo.tag
    turn.say(
        "Apa yang diubah?",
        (f"body:{tag}:", "Cerita"),
        (f"place:{tag}:", "Tempat"),
        (f"matter:{tag}:", "Jenis laporan"),
    )
    turn.wait("edit")


def _body(turn: Turn, _value: str) -> None:
    memo = turn.memo
    memo.body, memo.category, memo.answers = "", "", {}
    memo.settled = [each for each in memo.settled if each == "urgent"]
    turn.say(words.TELL)
    turn.wait("what")


def _place(turn: Turn, _value: str) -> None:
    memo = turn.memo
    memo.lat = memo.lng = None
    memo.address = memo.area = ""
    memo.settled = [each for each in memo.settled if each != "area"]
    turn.say(words.WHERE, asks_location=True)
    turn.wait("where")


def _matter(turn: Turn, _value: str) -> None:
    memo = turn.memo
    memo.category, memo.answers = "", {}
    memo.settled = [*(each for each in memo.settled if not each.startswith("q:")), "category"]
    turn.say("Tulis jenisnya dengan kata Anda, misalnya: lampu jalan, sampah, jalan rusak.")
    turn.wait("category")


def _cancel(turn: Turn, _value: str) -> None:
    turn.say(words.CANCELLED)
    turn.drop()


def _send(turn: Turn, _value: str) -> None:
    sending.send(turn)


OF_DRAFT: Mapping[str, Callable[[Turn, str], None]] = {
    "send": _send,
    "edit": _edit,
    "hide": _hide,
    "cancel": _cancel,
    "body": _body,
    "place": _place,
    "matter": _matter,
    "kind": _kind,
    "cat": _category,
    "area": _area,
    "ans": _answer,
    "skip": skip,
}
