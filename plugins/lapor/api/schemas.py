"""What the API takes and gives. Unknown fields are refused; every text and number has its bounds."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from plugins.lapor.contracts import Upload
from plugins.lapor.states import STATUSES

KINDS = ("complaint", "aspiration", "information")
LAT, LNG = (-11.5, 6.5), (94.5, 141.5)  # Indonesia
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Number(fields.Float):
    """A JSON number; text and true are none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool | str):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Flag(fields.Boolean):
    """true or false, and nothing that only looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A JSON integer."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return value


class File(fields.String):
    """The bytes of a photo or document, as base64."""

    default_error_messages = {"base64": "Tulis isi berkas sebagai base64 tanpa awalan data:."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return Upload("berkas", base64.b64decode(super()._deserialize(value, attr, data), validate=True))
        except (binascii.Error, ValueError) as error:
            if isinstance(error, ValidationError):
                raise
            raise self.make_error("base64") from error


class Day(fields.Date):
    """A date as YYYY-MM-DD and in no other spelling."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


def string(most: int, least: int = 0, **options: Any) -> fields.String:
    """A text of `least` to `most` characters."""
    return fields.String(validate=validate.Length(min=least, max=most), **options)


class Strict(Schema):
    """Refuses fields that it does not know."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE


def answers_field(**options: Any) -> fields.Dict:
    """Answers by the code of their question: text, number, date as YYYY-MM-DD, or a list of options."""
    return fields.Dict(
        keys=string(40, 1), values=fields.Raw(allow_none=True), validate=validate.Length(max=60), **options
    )


class LocationIn(Strict):
    """Where it is; `lat` and `lng` in degrees WGS 84, both or neither, within Indonesia."""

    lat = Number(allow_none=True, validate=validate.Range(*LAT))
    lng = Number(allow_none=True, validate=validate.Range(*LNG))
    address = string(500, load_default="")
    area = string(20, allow_none=True, metadata={"description": "Region code, like 51.71.01.1001"})


class ReporterIn(Strict):
    """How to reach the reporter; all may be empty."""

    name = string(200, load_default="")
    phone = string(26, load_default="")
    email = string(254, load_default="")
    nik = string(24, load_default="", metadata={"description": "16 digits; kept locked, shown to nobody"})


class ComplaintIn(Strict):
    """A report."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = string(200, 1, required=True)
    body = string(10_000, 1, required=True)
    category = string(60, allow_none=True, metadata={"description": 'Code; leave out for "I don\'t know"'})
    occurred_on = Day(allow_none=True)
    location = fields.Nested(LocationIn, load_default=dict)
    reporter = fields.Nested(ReporterIn, load_default=dict)
    anonymous = Flag(load_default=False, metadata={"description": "Hides who reported"})
    secret = Flag(load_default=False, metadata={"description": "Hides what was reported"})
    whistle = Flag(
        load_default=False, metadata={"description": "A complaint of officials: inspectorate alone"}
    )
    accused = string(60, allow_none=True, metadata={"description": "Code of the unit complained of"})
    answers = answers_field(load_default=dict)
    incomplete = Flag(
        load_default=False, metadata={"description": "Send although a required question has no answer"}
    )


class AnswersIn(Strict):
    """Answers to questions of the category; an officer's question is answered with them, too."""

    answers = answers_field(required=True)
    text = string(10_000, load_default="")


class QuestionsQuery(Strict):
    """Whose questions."""

    category = string(60, 1, required=True)


class QuestionOut(Schema):
    """A question of a category. `low` and `high` bound length, value, count, or days from today."""

    code = fields.String()
    kind = fields.String()
    label = fields.String()
    help = fields.String()
    options = fields.List(fields.String())
    required = fields.Boolean()
    public = fields.Boolean()
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)
    unit = fields.String()
    version = fields.Integer()


class AnswerOut(Schema):
    """An answer with the question as it was asked."""

    code = fields.String()
    label = fields.String()
    text = fields.String()
    kind = fields.String()
    value = fields.List(fields.String())
    version = fields.Integer()


class SubmitHeaders(Schema):
    """The same key with the same report gives the first answer again."""

    key = fields.String(
        data_key="Idempotency-Key", validate=[validate.Length(1, 200), validate.Regexp(r"^[\x21-\x7e]+$")]
    )


PIN = validate.Regexp(r"^[0-9]{6}$", error="PIN: 6 angka.")


class PinHeaders(Schema):
    """The reporter's PIN, as the receipt shows it."""

    pin = fields.String(data_key="Complaint-Pin", validate=PIN)


class PinRequired(Schema):
    """The reporter's PIN."""

    pin = fields.String(data_key="Complaint-Pin", required=True, validate=PIN)


class ListQuery(Strict):
    """Narrows the public list; `cursor` is `next` of the part before."""

    category = string(60, load_default="")
    area = string(20, load_default="")
    status = fields.String(load_default="", validate=validate.OneOf(["", "open", *STATUSES]))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    cursor = string(200)


class PhotosIn(Schema):
    """JPEG, PNG, WebP or HEIC; at most 5 of 10 MB."""

    photos = fields.List(
        fields.Raw(metadata={"type": "string", "format": "binary"}),
        required=True,
        validate=validate.Length(1, 5),
    )


class AgencyOut(Schema):
    """A unit of the government, or an outside one."""

    code = fields.String()
    name = fields.String()


class SkippedOut(Schema):
    """A day that did not count, and why."""

    day = fields.Date()
    reason = fields.String()


class DeadlineOut(Schema):
    """A promise with its explanation; `unit` wd is working days, d calendar days."""

    step = fields.String()
    authority = fields.String()
    amount = fields.Integer()
    unit = fields.String()
    started_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    due_on = fields.Date(allow_none=True)
    skipped = fields.List(fields.Nested(SkippedOut))
    document = fields.String()


class ReceiptOut(Schema):
    """The answer to a report; the PIN is shown here and nowhere else."""

    number = fields.String()
    pin = fields.String()
    status = fields.String()
    agency = fields.Nested(AgencyOut, allow_none=True)
    tracking_url = fields.String()
    deadlines = fields.List(fields.Nested(DeadlineOut))


class PhotoOut(Schema):
    """A photo; `url` is there once the worker made it ready."""

    id = fields.UUID()
    state = fields.String()
    stage = fields.String()
    url = fields.String(allow_none=True)


class EventOut(Schema):
    """A line of the timeline; `by` is a unit or role, never a person."""

    type = fields.String()
    at = fields.AwareDateTime()
    by = fields.String()
    text = fields.String()
    status = fields.String(attribute="to_status", allow_none=True)


class ClockOut(Schema):
    """The clock that runs now; `state` is ok, near, late, paused or done."""

    state = fields.String()
    text = fields.String()
    due_at = fields.AwareDateTime(allow_none=True)


class PlaceOut(Schema):
    """Where it is."""

    lat = fields.Float(allow_none=True)
    lng = fields.Float(allow_none=True)
    address = fields.String()
    area = fields.String(attribute="area_code", allow_none=True)


class ComplaintOut(Schema):
    """A case as its reader may see it; `own` is there with the right PIN, `desk` with an API key."""

    number = fields.String()
    version = fields.Integer()
    kind = fields.String()
    title = fields.String()
    body = fields.String()
    status = fields.String()
    category = fields.String(attribute="category_code")
    location = fields.Nested(PlaceOut)
    anonymous = fields.Boolean()
    agency = fields.Nested(AgencyOut, allow_none=True)
    routing_reason = fields.String()
    received_at = fields.AwareDateTime()
    updated_at = fields.AwareDateTime()
    clock = fields.Nested(ClockOut)
    deadlines = fields.List(fields.Nested(DeadlineOut))
    timeline = fields.List(fields.Nested(EventOut))
    photos = fields.List(fields.Nested(PhotoOut))
    rating = fields.Integer(allow_none=True)
    secret = fields.Boolean()
    actions = fields.List(fields.String())
    question = fields.String()
    answers = fields.List(fields.Nested(AnswerOut))
    units = fields.List(fields.Nested("plugins.lapor.api.owners.UnitOut"))
    part = fields.Nested("PartOut", allow_none=True)


class RowOut(Schema):
    """A line of the public list."""

    number = fields.String()
    title = fields.String()
    status = fields.String()
    kind = fields.String()
    category = fields.String()
    area = fields.String()
    agency = fields.Nested(AgencyOut, allow_none=True)
    received_at = fields.AwareDateTime()
    updated_at = fields.AwareDateTime()
    clock = fields.Nested(ClockOut)


class ListOut(Schema):
    """A part of the list; `next` is the cursor of the following part, null at the end."""

    items = fields.List(fields.Nested(RowOut))
    next = fields.String(allow_none=True)


class DoneOut(Schema):
    """Where a step has left the case."""

    number = fields.String()
    status = fields.String()
    version = fields.Integer()


class FieldProblem(Schema):
    """What is wrong with one field."""

    field = fields.String()
    message = fields.String()
    code = fields.String()


class Problem(Schema):
    """problem+json (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    instance = fields.String()
    request_id = fields.String()
    errors = fields.List(fields.Nested(FieldProblem))
