"""Every address of GeoReport v2: below /open311/v2, and discovery beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from plugins.lapor.contracts import Upload
from plugins.open311 import bulk, catalogue, description, following, given, incoming, reports
from plugins.open311.answers import answer, refused, shared, written
from superapp.sdk import (
    Actor,
    Forbidden,
    NotFound,
    actor_of_key,
    address,
    current_actor,
    current_tenant,
    public,
    rate_limit,
    set_actor,
    settings_of,
    uploads,
)

bp = Blueprint("open311", __name__, url_prefix="/open311")
V2 = "/v2"
WRITE = "open311.write"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
PER_ADDRESS = 600  # readings in a minute from one address: a city's own page asks much less
View = Callable[..., Any]
WITHOUT_JURISDICTION = frozenset({"open311.discovery", "open311.discovery_v2", "open311.described"})
bp.register_error_handler(Exception, refused)


@bp.before_request
def _door() -> BaseResponse | None:
    """TLS where the host has it, the jurisdiction where it is asked for, and no flood of readings."""
    if current_app.config["SESSION_COOKIE_SECURE"] and not request.is_secure:
        if request.method in {"GET", "HEAD"}:
            return redirect(request.url.replace("http://", "https://", 1), 301)
        raise Forbidden(_("Kirim lewat https."))
    if request.method in {"GET", "HEAD"}:
        rate_limit("open311.read", request.remote_addr or "", PER_ADDRESS, 60)
    _readable()
    if request.endpoint not in WITHOUT_JURISDICTION:
        _jurisdiction()
    return None


def _readable() -> None:
    """Raise BadRequest naming a parameter with a NUL, which no column can hold."""
    if "\x00" in request.path:
        raise NotFound()
    for name, value in request.values.items():
        if "\x00" in name + value:
            raise given.refuse(name.replace("\x00", ""), _("Hapus karakter NUL."), "nul")


def _jurisdiction() -> None:
    own = setting("jurisdiction_id")
    asked = (request.values.get("jurisdiction_id") or "").strip()
    if own and not asked:
        raise given.refuse("jurisdiction_id", _("jurisdiction_id: sebut %(own)s.", own=own), "required")
    if own and asked != own:
        raise NotFound(_("jurisdiction_id ini tidak dilayani di sini."))


def setting(name: str) -> Any:
    """One setting of the tenant."""
    return settings_of(current_tenant(), "open311")[name]


def caller() -> Actor:
    """Who holds the key that came with the request. Raises Forbidden for none or one that is no good."""
    given_key = (request.values.get("api_key") or "").strip()
    actor = actor_of_key(given_key) if given_key else current_actor()
    if actor is None or actor.kind != "api":
        rate_limit("open311.refused", request.remote_addr or "", 60, 60)
        raise Forbidden(_("api_key tidak ada, tidak dikenal, atau sudah berakhir."))
    rate_limit("open311.key", str(actor.id), int(setting("per_minute")), 60)
    set_actor(actor)
    return actor


@public
def discovery(fmt: str) -> Response:
    """Where this server's endpoints are, and when its services last changed."""
    changed = written(catalogue.changeset()) or ""
    facts = {
        "changeset": changed,
        "contact": setting("contact") or current_tenant().name,
        "key_service": address("/meja/pengaturan/kunci"),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": address(f"/open311{V2}"),
                "changeset": changed,
                "type": setting("type"),
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer("discovery", facts, fmt)


@public
def services(fmt: str) -> Response:
    """The kinds of matter that can be reported."""
    kind = "batch" if setting("answer") == "token" else "realtime"
    lat, long = given.number(request.args, "lat", -90, 90), given.number(request.args, "long", -180, 180)
    reached = lat is None or long is None or given.in_reach(lat, long)
    return shared("services", catalogue.services(kind) if reached else [], fmt)


@public
def service(code: str, fmt: str) -> Response:
    """What one of them asks beside the usual."""
    return shared("service_definition", catalogue.definition(code), fmt)


@public
def listing(fmt: str) -> Response:
    """Published requests."""
    found, more = following.page_of(request.args)
    extended = request.args.get("extensions", "") == "true"
    response = shared("service_requests", following.facts_of(found, extended=extended), fmt)
    if more and (request.args.get("page") or request.args.get("page_size")):
        page = given.whole(request.args, "page", 1, 1, 1_000_000)
        query: dict[str, Any] = {**request.args.to_dict(), "page": page + 1}
        after = url_for(".listing", fmt=fmt, _external=True, **query)
        response.headers["Link"] = f'<{after}>; rel="next"'
    return response


@public
def read(number: str, fmt: str) -> Response:
    """One published request."""
    extended = request.args.get("extensions", "") == "true"
    return shared("service_requests", following.facts_of([following.one(number)], extended=extended), fmt)


@public
@uploads
def send(fmt: str) -> Response:
    """A new request; its key is asked for here, because GeoReport sends it as a parameter."""
    actor = caller()
    if not actor.may(WRITE):
        raise Forbidden(_("Kunci ini tidak boleh mengirim laporan."))
    sent = request.files.getlist("media")
    photos = [Upload(each.filename, each.read()) for each in sent if each.filename]
    key = request.headers.get("Idempotency-Key") or request.form.get("client_request_id") or ""
    form, answers = request.form.to_dict(), given.attributes(request.form.to_dict(flat=False))
    made = reports.submit(form, answers, photos, f"open311:{actor.id}:{key[:120]}" if key.strip() else None)
    return answer("service_requests", [reports.facts(made, token=setting("answer") == "token")], fmt)


@public
def token(value: str, fmt: str) -> Response:
    """The id behind a token."""
    facts = {"service_request_id": reports.number_of(value), "token": value}
    return answer("service_requests", [facts], fmt)


@public
def updates(fmt: str) -> Response:
    """What happened to published requests, in order."""
    return shared("service_request_updates", following.updates(request.args), fmt)


@public
def send_update(fmt: str) -> Response:
    """What another system says about a request it works on."""
    caller()
    return answer("service_request_updates", [{"update_id": incoming.take(request.form.to_dict())}], fmt)


@public
def table(fmt: str) -> Response:
    """The published requests of a window as one CSV table (GeoReport Bulk)."""
    found, _more = following.page_of(request.args)
    response = Response(bulk.table(found), content_type="text/csv; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Disposition"] = f'attachment; filename="requests-{current_tenant().slug}.csv"'
    return response


@public
def described() -> Response:
    """All of this in OpenAPI, for generators of clients and tests."""
    response = Response(description.document(), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@public
def nowhere(rest: str) -> Response:
    """Anything else: a known address with a method that it does not take, or none at all."""
    match = current_app.url_map.bind("").match
    taken = [each for each in ("GET", "POST") if match(request.path, each)[0] != request.endpoint]
    if taken:
        raise MethodNotAllowed(["HEAD", *taken] if "GET" in taken else taken)
    raise NotFound(_("Alamat ini tidak ada dalam GeoReport v2."))


ANY = ("GET", "POST", "PUT", "PATCH", "DELETE")
FMT = "<any(xml,json):fmt>"
ADDRESSES: tuple[tuple[str, str, str, View], ...] = (
    ("GET", f"/discovery.{FMT}", "discovery", discovery),
    ("GET", f"{V2}/discovery.{FMT}", "discovery_v2", discovery),
    ("GET", f"{V2}/services.{FMT}", "services", services),
    ("GET", f"{V2}/services/<code>.{FMT}", "service", service),
    ("GET", f"{V2}/requests.{FMT}", "listing", listing),
    ("POST", f"{V2}/requests.{FMT}", "send", send),
    ("GET", f"{V2}/requests.<any(csv):fmt>", "table", table),
    ("GET", f"{V2}/requests/<number>.{FMT}", "read", read),
    ("GET", f"{V2}/tokens/<value>.{FMT}", "token", token),
    ("GET", f"{V2}/servicerequestupdates.{FMT}", "updates", updates),
    ("POST", f"{V2}/servicerequestupdates.{FMT}", "send_update", send_update),
)
for method, rule, endpoint, view in ADDRESSES:
    bp.add_url_rule(rule, endpoint, view, methods=[method])
bp.add_url_rule(f"{V2}/openapi.json", "described", described, methods=["GET"])
bp.add_url_rule("/<path:rest>", "nowhere", nowhere, methods=ANY)
