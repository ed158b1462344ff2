"""What the API takes and gives about the units of a case: orders, parts, news from outside owners."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from plugins.lapor.api.schemas import AgencyOut, Day, Flag, Strict, Whole, string
from plugins.lapor.contracts import Order
from plugins.lapor.service.owners.outside import HEARD

MOST = 2_000_000_000


class OrderIn(Strict):
    """One unit with its own instruction; a referral only gets to see the case."""

    agency_code = string(40, 1, required=True)
    instruction = string(2000, load_default="")
    referral = Flag(load_default=False)

    @post_load
    def order(self, data: dict[str, Any], **_: Any) -> Order:
        """As the service takes it."""
        return Order(**data)


class DisposeIn(Strict):
    """The first unit leads, each of the others answers its own part: `units` with an instruction each, or
    `agency_codes` with one for all; `referrals` get to see it without owning it."""

    version = Whole(required=True, validate=validate.Range(min=1, max=MOST))
    agency_codes = fields.List(string(40, 1), validate=validate.Length(1, 10))
    units = fields.List(fields.Nested(OrderIn), validate=validate.Length(1, 10))
    referrals = fields.List(string(40, 1), validate=validate.Length(1, 10))
    instruction = string(2000)
    reason = string(500)
    apart = string(500, metadata={"description": "Why another unit, where the same text lies with one"})


class PartStep(Strict):
    """A step on one unit's part: `version` is the case's, `part_version` the part's own. One is needed.

    With the part's own, what other units do meanwhile is no conflict. Who works for the whole desk
    names the unit by `agency_code` when several have a part.
    """

    version = Whole(validate=validate.Range(min=1, max=MOST))
    part_version = Whole(validate=validate.Range(min=1, max=MOST))
    agency_code = string(40, 1)

    @validates_schema
    def one_version(self, data: dict[str, Any], **_: Any) -> None:
        """Nobody acts on what they have not seen."""
        if "version" not in data and "part_version" not in data:
            raise ValidationError("Give version or part_version.", "version")


class PassOnIn(Strict):
    """Hands the own part to a unit below or a village; the own unit stays responsible."""

    version = Whole(validate=validate.Range(min=1, max=MOST))
    part_version = Whole(validate=validate.Range(min=1, max=MOST))
    agency_code = string(40, 1, required=True)
    instruction = string(2000, 1, required=True)
    reason = string(500)


class HearIn(Strict):
    """News from an outside owner: progress, answer, closing there, or its return."""

    version = Whole(required=True, validate=validate.Range(min=1, max=MOST))
    heard = fields.String(required=True, validate=validate.OneOf(HEARD))
    text = string(10_000, 1, required=True)
    source = string(200, 1, required=True)
    agency_code = string(40, 1)
    heard_on = Day()
    external_id = string(100)


class UnitOut(Strict):
    """A unit's part: owner leads, co_owner answers its own part, delegate works for `parent`."""

    agency = fields.Nested(AgencyOut)
    role = fields.String()
    state = fields.String(metadata={"description": "given, working or answered"})
    since = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    answer = fields.String()
    parent = fields.Nested(AgencyOut, allow_none=True)
    outside = fields.Boolean()
    external_id = fields.String()
    heard_at = fields.AwareDateTime(allow_none=True)


class PartOut(Strict):
    """The caller's own part, with what it was told and the version that its steps take."""

    agency = fields.Nested(AgencyOut)
    role = fields.String()
    state = fields.String()
    version = fields.Integer()
    instruction = fields.String()
