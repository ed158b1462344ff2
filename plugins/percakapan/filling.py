"""Taking what a message brings: words, a place, pictures. Nothing is asked here."""

from __future__ import annotations

import hashlib

from plugins.lapor.contracts import Upload
from plugins.percakapan import place, reading, words
from plugins.percakapan.turn import Turn
from superapp.sdk import NotFound, storage

PHOTOS_MOST = 5
KEPT = "percakapan_raw"
LETTERS = 3  # of a place


def everything(turn: Turn) -> bool:
    """Take all that is there; True when pictures came."""
    problem(turn)
    took = photos(turn)
    location(turn)
    if turn.text:
        in_words(turn)
    return took


def problem(turn: Turn) -> None:
    """Say what the channel could not take."""
    if turn.message.problem:
        turn.say(words.PROBLEMS.get(turn.message.problem, words.PROBLEMS["unsupported"]))


def in_words(turn: Turn) -> None:
    """The answer to where, else the story, which may name its place."""
    memo, text = turn.memo, turn.text
    if turn.talk.state == "where":
        _place(turn, text)
        return
    if reading.polite(memo.body):
        memo.body = text
    else:
        between = "\n" if reading.enough(memo.body) else ", "  # the first line becomes the title
        memo.body = f"{memo.body}{between}{text}"[: reading.LONGEST]
    if not memo.address and memo.lat is None:
        memo.address = place.street(text)
    if not memo.area:
        found = place.villages(text)
        if len(found) == 1:
            memo.area = found[0].code
            memo.address = memo.address or found[0].name


def _place(turn: Turn, text: str) -> None:
    """Several villages of the name are asked about later."""
    memo = turn.memo
    if sum(char.isalnum() for char in text) < LETTERS or place.vague(text):
        return
    memo.address = text[:500]
    found = place.villages(text)
    memo.area = found[0].code if len(found) == 1 else ""


def location(turn: Turn) -> None:
    """A point that LAPOR can take."""
    given = turn.message.location
    if given is None:
        return
    memo = turn.memo
    before = memo.lat, memo.lng, memo.address
    memo.lat, memo.lng = given.lat, given.lng
    memo.address = reading.tidy(given.address)[:500] or memo.address
    if any(each.field.startswith("location") for each in turn.lapor.wrong(turn.draft)):
        memo.lat, memo.lng, memo.address = before
        turn.say("Lokasi itu di luar wilayah yang dapat kami catat.")


def photos(turn: Turn) -> bool:
    """Keep the pictures that LAPOR takes, at most five; True when one came."""
    took = False
    for photo in turn.message.photos:
        if len(turn.memo.photos) >= PHOTOS_MOST:
            turn.say(f"Paling banyak {PHOTOS_MOST} foto. Foto selebihnya tidak disimpan.")
            break
        if any(each.field == "photos" for each in turn.lapor.wrong(turn.draft, [photo])):
            turn.say(words.PROBLEMS["type"])
        elif not _known(turn, photo):
            turn.memo.photos.append(storage.put(KEPT, photo.data))
            took = True
    return took


def _known(turn: Turn, photo: Upload) -> bool:
    """True when this very picture is in the report already."""
    mark = hashlib.sha256(photo.data).digest()
    return any(hashlib.sha256(each.data).digest() == mark for each in pictures(turn))


def pictures(turn: Turn) -> list[Upload]:
    """The pictures of the report so far; one that was swept meanwhile is left out."""
    found = []
    for number, name in enumerate(turn.memo.photos, start=1):
        try:
            found.append(Upload(f"foto-{number}", storage.read(name)))
        except NotFound:
            continue
    return found


def hold(turn: Turn) -> None:
    """Keep what came until it is known to which report it belongs."""
    problem(turn)
    photos(turn)
    location(turn)
    turn.memo.text = f"{turn.memo.text}\n{turn.text}".strip()[: reading.LONGEST]
