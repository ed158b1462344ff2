"""What is still missing, one question at a time, and the summary at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from plugins.lapor.contracts import Question
from plugins.percakapan import place, reading, words
from plugins.percakapan.turn import TITLE_MOST, Turn
from superapp.sdk import FieldError, directory

SURE = 2
KINDS = {"complaint": "Masalah", "aspiration": "Usul", "information": "Minta informasi"}
LONG = {"complaint": "pengaduan", "aspiration": "usul", "information": "permintaan informasi"}
IDEA = re.compile(r"\b(?:usul|saran|aspirasi|mengusulkan|menyarankan|sebaiknya)\b")
INFORMATION = re.compile(r"\b(?:bagaimana cara|apa syarat\w*|berapa biaya\w*|minta informasi|info tentang)\b")


def go_on(turn: Turn) -> None:
    """Ask for the first thing that is missing; show the summary when nothing is."""
    for step in STEPS:
        if step(turn):
            return
    summary(turn)


def what(turn: Turn) -> bool:
    """What happened, in at least two words."""
    if reading.enough(turn.memo.body):
        return False
    again = bool(turn.memo.body) or turn.talk.state == "what"
    turn.say(words.MORE if again else "Apa yang terjadi? Ceritakan dengan singkat.")
    turn.wait("what")
    return True


def kind(turn: Turn) -> bool:
    """Whether it is a problem, an idea or a question, when the words leave that open."""
    memo, text = turn.memo, turn.memo.body.casefold()
    meant = "aspiration" if IDEA.search(text) else "information" if INFORMATION.search(text) else ""
    if not meant or "kind" in memo.settled:
        return False
    memo.settled.append("kind")
    order = [meant, *(each for each in KINDS if each != meant)]
    turn.say("Ini yang mana?", *((f"kind:{memo.tag}:{each}", KINDS[each]) for each in order))
    turn.wait("kind")
    return True


def where(turn: Turn) -> bool:
    """A point, an address or a village; only a problem has to have one. Then which of several villages."""
    memo = turn.memo
    if memo.kind != "complaint" and not memo.address:
        return False
    if memo.lat is None and not memo.address and not memo.area:
        turn.say(words.WHERE_AGAIN if turn.talk.state == "where" else words.WHERE, asks_location=True)
        turn.wait("where")
        return True
    found = place.villages(memo.address) if not memo.area else ()
    if len(found) < 2 or "area" in memo.settled:
        return False
    memo.settled.append("area")
    titles = [place.title(each) for each in found[:3]]
    codes = [f"area:{memo.tag}:{each.code}" for each in found[:3]]
    told = "; ".join(titles)
    turn.say(f"Yang mana: {told}?", *_short(zip(codes, titles, strict=True)))
    turn.wait("where")
    return True


def category(turn: Turn) -> bool:
    """The kind of matter: taken when the words are clear, asked when they are not."""
    memo = turn.memo
    if memo.category or "category" in memo.settled:
        return False
    memo.settled.append("category")
    found = turn.lapor.guess(memo.body[:600])
    if found and found[0].strength >= SURE:
        memo.category = found[0].category.code
        return False
    if not found:
        return False
    names = "; ".join(each.category.name for each in found[:2])
    offered = [(f"cat:{memo.tag}:{each.category.code}", each.category.name) for each in found[:2]]
    turn.say(f"Ini tentang apa: {names}?", *_short([*offered, (f"cat:{memo.tag}:", "Lainnya")]))
    turn.wait("category")
    return True


def extra(turn: Turn) -> bool:
    """The required questions of the category, one by one."""
    memo = turn.memo
    if memo.kind != "complaint":
        return False
    for question in turn.lapor.questions_of(memo.category or None):
        if not question.required or question.kind == "file" or question.code in memo.answers:
            continue
        if f"q:{question.code}" not in memo.settled:
            ask(turn, question)
            return True
    return False


def ask(turn: Turn, question: Question, wrong: str = "") -> None:
    """Ask one question; few options are buttons, many are numbered lines."""
    memo = turn.memo
    memo.asked = question.code
    options = [(f"ans:{memo.tag}:{n}", each) for n, each in enumerate(question.options)]
    turn.offers = False
    lines = [wrong, question.label, question.help]
    if options and not (len(options) <= 3 and all(len(each) <= TITLE_MOST for each in question.options)):
        lines += [f"{n}. {each}" for n, each in enumerate(question.options, start=1)]
        turn.say("\n".join(filter(None, lines)))
    elif question.kind == "choice":
        turn.say("\n".join(filter(None, lines)), *options)
    else:
        turn.say("\n".join(filter(None, [*lines, ", ".join(question.options)])))
    turn.wait("extra")
    if question.kind == "choice":
        memo.offered = options


def summary(turn: Turn) -> None:
    """The whole report before it is sent; what LAPOR would refuse is asked for again instead."""
    memo = turn.memo
    if mend(turn, turn.lapor.wrong(turn.draft)):
        return
    lines = ["Periksa dulu laporan Anda.", f"Cerita: {reading.cut(memo.body, 160)}"]
    if where_words := _where(turn):
        lines.append(f"Tempat: {where_words}")
    name = next((each.name for each in turn.door.categories() if each.code == memo.category), "")
    lines.append(f"Jenis: {name or LONG[memo.kind]}")
    if memo.photos:
        lines.append(f"Foto: {len(memo.photos)}")
    lines.append("Nama: dirahasiakan" if memo.anonymous else "Nama: hanya dilihat petugas yang berwenang")
    hide = ("cancel", "Batal") if memo.anonymous else ("hide", "Rahasiakan nama")
    if not memo.anonymous:
        lines.append("Tulis BATAL untuk menghapusnya.")
    choices = (("send", "Kirim"), ("edit", "Ubah"), hide)
    turn.say("\n".join(lines), *((f"{code}:{memo.tag}:", title) for code, title in choices))
    turn.wait("whole")


def mend(turn: Turn, errors: Sequence[FieldError]) -> bool:
    """Turn what LAPOR refuses into the question for that field; False when there is nothing to mend."""
    if not errors:
        return False
    first, memo = errors[0], turn.memo
    if first.field.startswith("location"):
        memo.lat = memo.lng = None
        memo.address = memo.area = ""
        turn.say(f"{first.message} {words.WHERE}", asks_location=True)
        turn.wait("where")
    elif first.field.startswith("answers."):
        code = first.field.removeprefix("answers.")
        memo.answers.pop(code, None)
        question = next((q for q in turn.lapor.questions_of(memo.category or None) if q.code == code), None)
        if question is None:
            go_on(turn)
        else:
            ask(turn, question, first.message)
    elif first.field == "category":
        memo.category = ""
        go_on(turn)
    elif first.field in ("body", "title"):
        memo.body = ""
        turn.say(f"{first.message} {words.TELL}")
        turn.wait("what")
    else:
        turn.say(first.message)
        turn.wait("whole")
    return True


def _where(turn: Turn) -> str:
    memo = turn.memo
    area = directory.areas().get(memo.area)
    parts = [reading.cut(memo.address, 100)] if memo.address else []
    if area is not None and area.name.casefold() not in memo.address.casefold():
        parts.append(area.name)
    if memo.lat is not None:
        parts.append("titik lokasi")
    return ", ".join(parts)


def _short(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices whose titles stay different after being cut."""
    found: dict[str, str] = {}
    for code, title in choices:
        short = reading.cut(title, TITLE_MOST)
        while short in found.values():
            short = f"{short[: TITLE_MOST - 2]} {len(found) + 1}"
        found[code] = short
    return list(found.items())


STEPS: tuple[Callable[[Turn], bool], ...] = (what, kind, where, category, extra)
