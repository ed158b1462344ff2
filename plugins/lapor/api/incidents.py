"""The same report by several people, over the API: look, join and leave; gather and split at the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from plugins.lapor import queries
from plugins.lapor.api.schemas import LAT, LNG, Flag, LocationIn, ReporterIn, Strict, string
from plugins.lapor.contracts import Contact, Done, Location, Offer, Receipt
from plugins.lapor.service.alike import offers
from plugins.lapor.service.incident import gather as gathering
from plugins.lapor.service.incident import join as joining
from plugins.lapor.service.incident.lists import as_done

LOOKS, LOOK_WINDOW = 120, 60


class LikelyQuery(Strict):
    """What one is about to report: its words and place; `lat` and `lng` in degrees, both or neither."""

    text = string(4000, 1, required=True)
    category = string(60, load_default="")
    address = string(500, load_default="")
    lat = fields.Float(load_default=None, allow_nan=False, validate=validate.Range(*LAT))
    lng = fields.Float(load_default=None, allow_nan=False, validate=validate.Range(*LNG))


class LikelyOut(Schema):
    """A public report that is probably the same. `reporters` counts all who report it."""

    number = fields.String()
    title = fields.String()
    category = fields.String()
    status = fields.String()
    metres = fields.Integer(allow_none=True)
    day = fields.Date()
    reporters = fields.Integer(attribute="voices")


class JoinIn(Strict):
    """One's own words, place and contact; all of it may be left out."""

    text = string(9000, load_default="")
    location = fields.Nested(LocationIn, load_default=None, allow_none=True)
    reporter = fields.Nested(ReporterIn, load_default=dict)
    anonymous = Flag(load_default=False)


class LeaveIn(Strict):
    """Nothing to say."""


class GatherIn(Strict):
    """Puts this case into the incident of `into`, which leads a new one when it is in none."""

    into = string(40, 1, required=True)
    reason = string(500)


class SplitIn(Strict):
    """Takes this case out of its incident."""

    reason = string(500)


def likely(query: dict[str, Any]) -> tuple[Offer, ...]:
    """Public reports that are probably the same, the likest first."""
    placed = query["lat"] is not None and query["lng"] is not None
    return offers.near(
        query["text"],
        category=query["category"] or None,
        lat=query["lat"] if placed else None,
        lng=query["lng"] if placed else None,
        address=query["address"],
    )


def join(number: str, values: dict[str, Any], key: str | None) -> Receipt:
    """A voice of one's own beside the report of this number."""
    place, who = values["location"], values["reporter"]
    return joining.join(
        number,
        text=values["text"],
        contact=Contact(who.get("name", ""), who.get("phone", ""), who.get("email", "")),
        anonymous=values["anonymous"],
        location=Location(
            place.get("lat"), place.get("lng"), place.get("address", ""), place.get("area") or None
        )
        if place
        else None,
        channel="api",
        key=key,
    )


def gather(complaint_id: UUID, *, into: str, reason: str = "") -> Done:
    """An officer's step: see `GatherIn`."""
    gathering.gather(queries.id_of(into), [complaint_id], reason=reason)
    return as_done(complaint_id)


def split(complaint_id: UUID, *, reason: str = "") -> Done:
    """An officer's step: see `SplitIn`."""
    return gathering.split(complaint_id, reason=reason)
