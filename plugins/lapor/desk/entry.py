"""Writing down what somebody says on the phone, in a chat or at the counter: under thirty seconds."""

from __future__ import annotations

from typing import cast

import segno
from flask import make_response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from plugins.lapor import queries, service
from plugins.lapor.citizen import coach as citizen_coach
from plugins.lapor.citizen.form import by_field, choices
from plugins.lapor.citizen.form import uploads as chosen_photos
from plugins.lapor.contracts import Contact, DeskView, Draft, Kind, Location, Receipt
from plugins.lapor.present import due_day, long_day
from plugins.lapor.words import step_title
from superapp.sdk import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    PluginRefused,
    new_id,
    permit,
    render,
    uploads,
)

CHANNELS = ("phone", "whatsapp", "counter", "social")
FIELDS = (
    "channel",
    "source_url",
    "body",
    "kind",
    "category",
    "address",
    "area",
    "name",
    "phone",
    "email",
    "nik",
    "anonymous",
    "secret",
    "whistle",
    "accused",
    "key",
)


@permit("lapor.enter")
def page() -> str:
    """An empty form; the channel of the last one stays chosen."""
    channel = request.args.get("channel", "")
    return _form({"channel": channel if channel in CHANNELS else CHANNELS[0], "key": new_id().hex})


@permit("lapor.enter")
@uploads
def enter() -> Response:
    """Take it in; the answer shows number, PIN and claim link, to be handed to the reporter now.

    The form's key makes a repeated sending show the same number again. `show` asks for the questions of
    the chosen kind only, as a browser without script does. None of them has to be answered here.
    """
    values = {name: request.form.get(name, "") for name in FIELDS}
    answers = citizen_coach.typed_answers(request.form)
    if request.form.get("show"):
        return make_response(_form(values, answers=answers))
    try:
        photos = chosen_photos(request.files.getlist("photos"))
        files = citizen_coach.sent_files(request.files)
        receipt = service.submit(draft(values, answers), photos, values["key"] or None, answer_files=files)
    except (Invalid, NotFound, PluginRefused, Conflict) as error:
        values["key"] = new_id().hex
        errors = by_field(error.errors) or {"body": f"{error.title} {error.detail}".strip()}
        return make_response(_form(values, errors, answers), error.status)
    return make_response(_receipt(receipt, values), 201)


def draft(values: dict[str, str], answers: dict[str, list[str]] | None = None) -> Draft:
    """What was typed as a report. Raises Invalid for a channel of no desk, or a post without its link."""
    errors = []
    if values["channel"] not in CHANNELS:
        errors.append(FieldError("channel", _("Pilih lewat mana laporan ini masuk."), "choice"))
    if values["channel"] == "social" and not values["source_url"].strip():
        errors.append(FieldError("source_url", _("Tempel tautan ke unggahannya."), "required"))
    if errors:
        raise Invalid(errors=errors)
    return Draft(
        kind=cast(Kind, values["kind"] or "complaint"),
        title="",
        body=values["body"],
        category=values["category"] or None,
        location=Location(address=values["address"], area_code=values["area"] or None),
        reporter=Contact(values["name"], values["phone"], values["email"], values["nik"]),
        anonymous=bool(values["anonymous"]),
        secret=bool(values["secret"]),
        whistle=bool(values["whistle"]),
        accused=(values["accused"] or None) if values["whistle"] else None,
        channel=values["channel"],
        source_url=values["source_url"] if values["channel"] == "social" else "",
        answers=answers or {},
    )


def channel_choices() -> list[dict[str, str]]:
    """The four doors of the desk, as the choice macro takes them."""
    titles = queries.channels()
    icons = {"phone": "phone", "whatsapp": "whatsapp", "counter": "counter", "social": "share"}
    named = {"social": _("Media sosial pimpinan")}
    return [
        {"value": code, "title": named.get(code, titles.get(code, code)), "icon": icons[code]}
        for code in CHANNELS
    ]


def _form(
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    answers: dict[str, list[str]] | None = None,
) -> str:
    wrong = errors or {}
    meant = citizen_coach.meant(values.get("category", ""), values.get("body", ""))
    asked = citizen_coach.fields(service.questions_of(meant or None), answers, wrong)
    return render(
        "lapor/desk/entry.html",
        values={**dict.fromkeys(FIELDS, ""), **values},
        errors=wrong,
        summary=[{"field": name, "message": message} for name, message in wrong.items()],
        channels=channel_choices(),
        choices=choices(),
        questions=Markup(asked),  # noqa: S704 - rendered by Jinja
        asked_for=meant,
    )


def _receipt(receipt: Receipt, values: dict[str, str]) -> str:
    channel, claim = values["channel"], claim_address(receipt)
    view = _seen(receipt)
    told = [(step_title(each.step), long_day(due_day(each))) for each in receipt.deadlines]
    if receipt.agency:
        label = _("Saran unit") if receipt.status == "received" else _("Diterima oleh")
        told.insert(0, (label, receipt.agency.name))
    if view is not None and view.case.category:
        told.insert(0, (_("Jenis"), view.case.category))
    return render(
        "lapor/desk/entered.html",
        receipt=receipt,
        channel=channel if channel in CHANNELS else CHANNELS[0],
        told=told,
        contact=[] if receipt.repeated else contact_told(values),
        may_open=view is not None,
        claim=claim,
        qr=qr_svg(claim) if claim else "",
    )


def contact_told(values: dict[str, str]) -> list[tuple[str, str]]:
    """What was typed of the reporter, to be read back now: no page shows it to who typed it ever again."""
    titles = {"name": _("Nama"), "phone": _("WhatsApp"), "email": _("Surel"), "nik": "NIK"}
    return [(title, values[name].strip()) for name, title in titles.items() if values[name].strip()]


def _seen(receipt: Receipt) -> DeskView | None:
    """The case, as far as who wrote it down may open it: a confidential one goes out of sight at once."""
    try:
        return service.desk_view(receipt.id)
    except NotFound:
        return None


def claim_address(receipt: Receipt) -> str:
    """The whole address with which the reporter makes the report their own; "" without a token."""
    if not receipt.claim_token:
        return ""
    return url_for("lapor_citizen.claim", token=receipt.claim_token, _external=True)


def qr_svg(address: str) -> Markup:
    """`address` as a QR code: dark on white in both themes, because scanners need it so."""
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=3, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704  made by segno, the address is encoded as modules
