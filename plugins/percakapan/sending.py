"""Making the report real, through the same service as the web form."""

from __future__ import annotations

from plugins.lapor.contracts import Receipt
from plugins.percakapan import asking, book, filling, reading, words
from plugins.percakapan.turn import NAME, Turn
from superapp.sdk import (
    AppError,
    Invalid,
    PluginRefused,
    address,
    current_tenant,
    rate_limit,
    savepoint,
    settings_of,
)

DAY_SECONDS = 86_400


def send(turn: Turn) -> None:
    """Submit once for each draft, whatever is pressed again; say number and PIN."""
    if turn.lapor.wrong(turn.draft) or not reading.enough(turn.memo.body):
        asking.go_on(turn)
        return
    most = int(settings_of(current_tenant(), NAME)["report_limit"])
    try:
        rate_limit("percakapan.report", turn.talk.who, most, DAY_SECONDS)
        with savepoint():
            made = turn.door.submit(
                turn.draft, filling.pictures(turn), idempotency_key=f"percakapan:{turn.memo.key}"
            )
            if not made.repeated:
                unknown = turn.memo.anonymous or turn.door.reporter_view(made.ticket).secret
                book.follow(turn.sender, made.id, made.number, made.ticket, unknown=unknown)
    except Invalid as error:
        asking.mend(turn, error.errors)
    except PluginRefused as error:
        tag = turn.memo.tag
        turn.say(
            f"{error.title} {error.detail}".strip(), (f"edit:{tag}:", "Ubah"), (f"cancel:{tag}:", "Batal")
        )
        turn.wait("whole")
    except AppError as error:
        turn.also(error)
    else:
        turn.drop()
        _receipt(turn, made)


def _receipt(turn: Turn, made: Receipt) -> None:
    check = next((each for each in made.deadlines if each.step == "verify" and each.due_on), None)
    by = f"Diperiksa paling lambat {words.day(check.due_on)}." if check and check.due_on else ""
    lines = [
        "Terima kasih, laporan Anda kami terima.",
        f"Nomor: {made.number}",
        f"PIN: {made.pin}",
        f"Simpan keduanya. {by}".strip(),
        f"Ikuti: {address(made.tracking_path)} atau tulis STATUS.",
    ]
    turn.say("\n".join(lines))
