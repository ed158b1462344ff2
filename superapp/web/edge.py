"""The edge: host name to tenant, who asks, security headers, and the one map of errors."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
from flask import Flask, Request, Response, g, make_response, request, session
from flask_wtf.csrf import CSRFError
from psycopg.errors import InvalidTextRepresentation, UntranslatableCharacter
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response as BaseResponse

from superapp import log
from superapp.config import Settings
from superapp.context import ANONYMOUS, Actor, scope, set_actor, tenant_scope
from superapp.db.base import new_id
from superapp.errors import (
    AppError,
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    Misdirected,
    NotFound,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
)
from superapp.identity.permit import SIGN_IN, guard, inside, load_actor
from superapp.plugin import gate
from superapp.tenancy import resolve

BODY_LIMIT = 1_000_000
UPLOAD_LIMIT = 56_000_000  # five photos of 10 MB and the words beside them
TENANTLESS = frozenset({"health.healthz", "health.readyz"})


class NamedParts(FormDataParser):
    """Forms as views may read them: a part without a name says nothing to anybody and is left out.

    RFC 7578 demands the name; without this the key of such a part is None, which no view expects.
    """

    def parse(self, *args: Any, **options: Any) -> Any:
        """Stream, fields and files, as werkzeug gives them."""
        stream, form, files = super().parse(*args, **options)
        return stream, _named(form), _named(files)


def _named(parts: MultiDict[str, Any]) -> MultiDict[str, Any]:
    if None not in parts:
        return parts
    return type(parts)((name, value) for name, value in parts.items(multi=True) if name is not None)


class EdgeRequest(Request):
    """A request whose forms hold only what has a name."""

    form_data_parser_class = NamedParts


def install(app: Flask, settings: Settings) -> None:
    """Put the edge around every view of the app."""
    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.request_class = EdgeRequest
    app.before_request(_enter)
    app.before_request(gate.check_request)
    app.before_request(_guarded)
    app.after_request(_headers)
    app.teardown_request(_leave)
    for kind in (
        AppError,
        HTTPException,
        OperationalError,
        InterfaceError,
        PoolTimeout,
        IntegrityError,
        DataError,
    ):
        app.register_error_handler(kind, _answer_error)
    app.register_error_handler(Exception, _answer_crash)


def _guarded() -> BaseResponse | None:
    """Hold the request to its endpoint; a form sent after the sign-in ended shows its texts again."""
    refused = guard()
    if refused is None or request.method != "POST" or not str(refused.location).startswith(SIGN_IN):
        return refused
    texts = [text for name, text in request.form.items() if name != "csrf_token" and " " in text.strip()]
    if not texts:
        return refused
    from superapp.web.pages import render

    came = inside(urlsplit(request.referrer or "").path)
    page = render("desk/kept.html", texts=texts, onward=f"{SIGN_IN}?next={came}" if came else SIGN_IN)
    return make_response(page, 401)


def uploads(view: Any) -> Any:
    """Mark a view that takes photos or files: its body may be larger than 1 MB."""
    view.superapp_uploads = True
    return view


def _enter() -> None:
    g.request_id = new_id().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    _limit_body()
    if request.endpoint in TENANTLESS:
        return
    tenant = resolve.by_host(_host())
    if tenant is None or tenant.status != "live":
        raise Misdirected(detail="Periksa ejaan alamat, atau buka situs resmi pemerintah daerah Anda.")
    _refuse_foreign_origin()
    g.door = ExitStack()
    g.door.enter_context(tenant_scope(tenant))
    if session and session.get("tenant") != tenant.id:
        session.clear()
    set_actor(_actor())


def _refuse_foreign_origin() -> None:
    """A form of another site must not speak for the reader; programs send no Origin."""
    origin = request.headers.get("Origin")
    if request.method in {"GET", "HEAD", "OPTIONS"} or origin is None:
        return
    if urlsplit(origin).netloc.lower() != request.host.lower():
        raise Forbidden("Kiriman ini datang dari situs lain.", "Buka halaman kota Anda lalu kirim dari sana.")


def _actor() -> Actor:
    """Who asks. What serves programs never listens to cookies, so that no page elsewhere can speak for an
    officer."""
    bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
    if (request.path.startswith("/api/") or gate.for_programs(request.endpoint)) and not bearer:
        return ANONYMOUS
    return load_actor(request)


def _host() -> str:
    host = request.host.lower()
    return host.rsplit(":", 1)[0] if ":" in host else host


def _limit_body() -> None:
    view = request.url_rule and request.endpoint
    function = _views().get(view) if view else None
    taking = getattr(function, "superapp_uploads", False)
    request.max_content_length = UPLOAD_LIMIT if taking else BODY_LIMIT
    request.max_form_memory_size = BODY_LIMIT
    if (request.content_length or 0) > request.max_content_length:
        raise TooLarge(detail=f"Batasnya {request.max_content_length // 1_000_000} MB.")


def _views() -> Any:
    from flask import current_app

    return current_app.view_functions


def _leave(error: BaseException | None) -> None:
    door = g.pop("door", None)
    if door is not None:
        door.close()
    structlog.contextvars.clear_contextvars()


def _headers(response: Response) -> Response:
    here = scope()
    if session and "tenant" not in session and here is not None and here.tenant is not None:
        session["tenant"] = here.tenant.id  # a form's session is worth nothing on another host
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    policy = (
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data: blob:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    set_default = response.headers.setdefault
    set_default("Content-Security-Policy", policy)
    set_default("X-Content-Type-Options", "nosniff")
    set_default("Referrer-Policy", "same-origin")
    set_default("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(), payment=()")
    set_default("Cross-Origin-Opener-Policy", "same-origin")
    set_default("X-Request-Id", g.get("request_id", ""))
    if request.is_secure:
        set_default("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if request.method != "GET" else "private, no-cache"
    response.vary.add("Cookie")
    return response


STATUSES: dict[int, type[AppError]] = {
    kind.status: kind
    for kind in (
        BadRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        TooLarge,
        Invalid,
        TooMany,
        Unavailable,
    )
}


def translate(error: Exception) -> AppError:
    """The answerable error behind any exception that a view let out."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, CSRFError):
        return Forbidden("Formulir ini sudah kedaluwarsa.", "Muat ulang halaman, lalu kirim lagi.")
    if isinstance(error, HTTPException):
        status = error.code or 500
        known = STATUSES.get(status)
        if known is not None:
            return known()
        made = AppError(error.name, str(error.description or ""))
        made.status = status  # type: ignore[misc]
        made.code = error.name.lower().replace(" ", "_")  # type: ignore[misc]
        return made
    if isinstance(error, IntegrityError):
        return Conflict(detail="Muat ulang lalu coba lagi.")
    cause = getattr(error, "orig", None)
    if isinstance(error, DataError) or isinstance(cause, UntranslatableCharacter | InvalidTextRepresentation):
        return Invalid(detail="Ada karakter atau angka yang tidak dapat disimpan.")
    return Unavailable(detail="Coba lagi sebentar lagi. Yang sudah kami terima tidak hilang.", retry_after=5)


def _answer_error(error: Exception) -> Response:
    known = translate(error)
    if known.status >= 500:
        log.get(__name__).error("request_failed", status=known.status, error=type(error).__name__)
    location = getattr(error, "new_url", None)  # werkzeug's RequestRedirect is an error, too
    if location:
        response = make_response("", 308)
        response.headers["Location"] = location
        return response
    allow = getattr(error, "valid_methods", None)
    response = _represent(known)
    if allow:
        response.headers["Allow"] = ", ".join(sorted(allow))
    if known.retry_after:
        response.headers["Retry-After"] = str(known.retry_after)
    if known.status == 401 and wants_problem():
        response.headers["WWW-Authenticate"] = "Bearer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer_crash(error: Exception) -> Response:
    from flask import current_app

    log.get(__name__).exception("request_crashed", path=request.path)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    response = _represent(AppError(detail="Kami sudah mencatatnya. Coba lagi sebentar lagi."))
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_problem() -> bool:
    """True when the caller is a program: below /api/, or asking for JSON rather than a page."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html" and not request.accept_mimetypes.accept_html


def problem(error: AppError) -> dict[str, Any]:
    """problem+json (RFC 9457): type, title, status, detail, instance, and `errors` field by field."""
    body: dict[str, Any] = {
        "type": f"urn:superapp:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "instance": request.path,
        "request_id": g.get("request_id", ""),
    }
    if error.detail:
        body["detail"] = error.detail
    if error.errors:
        body["errors"] = [{"field": e.field, "message": e.message, "code": e.code} for e in error.errors]
    return body


def _represent(error: AppError) -> Response:
    if wants_problem():
        return Response(orjson.dumps(problem(error)), error.status, content_type="application/problem+json")
    from superapp.web.pages import render_error

    here = scope()
    return Response(
        render_error(error, bool(here and here.tenant)), error.status, content_type="text/html; charset=utf-8"
    )
