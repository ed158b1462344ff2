"""Who may enter: every endpoint says `@public` or `@permit(...)`, and one guard holds it to that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, Request, current_app, redirect, request
from werkzeug.wrappers import Response

from superapp.context import ANONYMOUS, Actor, current_actor
from superapp.errors import Forbidden, Unauthorized
from superapp.identity import keys, rate, sessions

F = TypeVar("F", bound=Callable[..., Any])
MARK = "__superapp_permit__"
SIGN_IN = "/meja/masuk"
ANY_OFFICER = "*"
NEXT_STEP = {"second_factor": "/meja/kode", "password": "/meja/sandi"}


def permit(*permissions: str) -> Callable[[F], F]:
    """Let in officers and API keys that hold any one of `permissions`.

    Marks the view; it may stand above or below other decorators that keep attributes
    (`functools.wraps`), as those of Flask and flask-smorest do, and on methods of a MethodView.
    """
    if not permissions:
        raise ValueError("permit() names at least one permission; an endpoint for all is @public.")

    def mark(view: F) -> F:
        setattr(view, MARK, permissions)
        return view

    return mark


def signed_in(view: F) -> F:
    """Let in every officer, whatever their role: for pages about one's own account."""
    setattr(view, MARK, (ANY_OFFICER,))
    return view


def public(view: F) -> F:
    """Let everybody in."""
    setattr(view, MARK, ())
    return view


def declared(view: Callable[..., Any], method: str = "GET") -> tuple[str, ...] | None:
    """What a view declares for a method: () for public, permissions, or None for nothing."""
    found: tuple[str, ...] | None = getattr(view, MARK, None)
    cls = getattr(view, "view_class", None)
    if cls is not None:
        handler = getattr(cls, method.lower(), None) or getattr(cls, "get", None)
        found = getattr(handler, MARK, getattr(cls, MARK, found))
    return found


def undeclared(app: Flask) -> list[str]:
    """Endpoints (with their methods) that declare nothing: each one is an error at boot.

    Static files are open by nature; the plugin gate holds those of plugins that are off.
    """
    missing = set()
    for rule in app.url_map.iter_rules():
        if is_open(rule.endpoint):
            continue
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if declared(view, method) is None:
                missing.add(f"{method} {rule.rule} ({rule.endpoint})")
    return sorted(missing)


def is_open(endpoint: str) -> bool:
    """True for static files, which declare nothing themselves."""
    return endpoint == "static" or endpoint.endswith(".static")


def require(actor: Actor, *permissions: str) -> None:
    """Raise Unauthorized for nobody, Forbidden for one who holds none of `permissions`."""
    if any(actor.may(permission) for permission in permissions):
        return
    if ANY_OFFICER in permissions and actor.kind == "officer":
        return
    if actor.kind == "anonymous":
        raise Unauthorized()
    raise Forbidden(detail="Minta admin kota Anda memberi peran yang sesuai.")


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host and to TLS; plain HTTP in development cannot have it."""
    return "__Host-superapp-desk" if current_app.config.get("SESSION_COOKIE_SECURE") else "superapp_desk"


def load_actor(incoming: Request) -> Actor:
    """Who sends this request: a bearer key, an officer's cookie, or nobody (then without a query).

    The API knows keys alone: a cookie there would let any page of the same site act as the officer.
    Raises Unauthorized for a key that is unknown, ended or expired; TooMany for many of them.
    """
    scheme, _, token = incoming.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = keys.actor_of(token.strip())
        if actor is None:
            rate.hit("api.refused", incoming.remote_addr or "", 60, 60)
            raise Unauthorized(
                "Kunci API tidak dikenal atau sudah berakhir.", "Minta kunci baru kepada admin."
            )
        return actor
    cookie = None if incoming.path.startswith("/api/") else incoming.cookies.get(cookie_name())
    return (sessions.actor_of(cookie) if cookie else None) or ANONYMOUS


def guard() -> Response | None:
    """Hold the request to what its endpoint declares; runs before the view, once the actor is known.

    Desk pages send a visitor to the sign-in (303) and an officer to the step that is still open.
    Elsewhere raises Unauthorized or Forbidden.
    """
    if request.endpoint is None or is_open(request.endpoint):
        return None
    needed = declared(current_app.view_functions[request.endpoint], request.method)
    if needed is None:
        raise Forbidden()
    if not needed:
        return None
    actor = current_actor()
    page = request.path.startswith("/meja")
    if page and actor.kind == "anonymous":
        return redirect(f"{SIGN_IN}?next={quote(wished())}" if wished() else SIGN_IN, 303)
    if page and actor.must:
        return redirect(NEXT_STEP[actor.must], 303)
    if actor.must:
        raise Unauthorized()
    require(actor, *needed)
    return None


def wished() -> str:
    """The desk page that was asked for, to go on to after the sign-in; "" for anything but a GET."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def inside(path: str) -> str:
    """`path` when it is a page of this desk, else "": never a way out to another site."""
    clean = path.startswith("/meja/") and "\\" not in path and path.isprintable()
    return path if clean and ".." not in path else ""
