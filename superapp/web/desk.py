"""The door of the desk: sign in, second factor, new password, sign out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from superapp.context import current_actor, current_tenant
from superapp.errors import FieldError, Invalid, TooMany, Unauthorized
from superapp.identity import login, sessions, totp
from superapp.identity.login import Came, Opened
from superapp.identity.permit import NEXT_STEP, SIGN_IN, cookie_name, inside, public, signed_in
from superapp.web import desk_account, desk_audit, desk_keys, desk_officers, desk_settings
from superapp.web.pages import desk_entries, render

HOME = "/meja/"
NEXT_COOKIE = "superapp_next"

bp = Blueprint("desk", __name__, url_prefix="/meja")
for inner in (desk_account.bp, desk_settings.bp, desk_officers.bp, desk_keys.bp, desk_audit.bp):
    bp.register_blueprint(inner)


@bp.get("/")
@signed_in
def index() -> BaseResponse:
    """On to the first page of this officer's navigation; to their account when there is none."""
    entries = sorted(desk_entries(), key=lambda item: item.section == "foot")
    return redirect(entries[0].url if entries else "/meja/akun", 303)


@bp.get("/masuk")
@public
def sign_in_page() -> BaseResponse | str:
    """The form for login and password; an officer who is in already goes on."""
    actor = current_actor()
    if actor.kind == "officer":
        return redirect(NEXT_STEP.get(actor.must, HOME), 303)
    return render("desk/sign_in.html", next=inside(request.args.get("next", "")), errors=[], login="")


@bp.post("/masuk")
@public
def sign_in() -> BaseResponse:
    """Check login and password; the form again, with what was typed but the password, when they are wrong."""
    name, onward = request.form.get("login", ""), inside(request.form.get("next", ""))
    try:
        opened = login.sign_in(name, request.form.get("password", ""), _came())
    except (Invalid, TooMany) as error:
        errors = error.errors or (FieldError("login", error.title, error.code),)
        page = make_response(
            render("desk/sign_in.html", next=onward, errors=errors, login=name), error.status
        )
        if error.retry_after:
            page.headers["Retry-After"] = str(error.retry_after)
        return page
    return _enter(opened, onward)


@bp.post("/keluar")
@public
def sign_out() -> BaseResponse:
    """End this sign-in and forget the cookie."""
    login.sign_out(current_actor())
    session.clear()
    response = redirect(SIGN_IN, 303)
    response.delete_cookie(cookie_name(), secure=_secure(), httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/kode")
@public
def code_page() -> BaseResponse | str:
    """The form for six digits; one without an authenticator app sets it up first."""
    try:
        _officer, _name, ready = login.half_way(current_actor())
    except Unauthorized:
        return redirect(HOME, 303)
    return render("desk/code.html", errors=[]) if ready else redirect(f"{HOME}kode/pasang", 303)


@bp.post("/kode")
@public
def code() -> BaseResponse:
    """Check six digits or a recovery code."""
    try:
        opened = login.second_factor(current_actor(), request.form.get("code", ""), _came())
    except Unauthorized:
        return redirect(SIGN_IN, 303)
    except (Invalid, TooMany) as error:
        errors = error.errors or (FieldError("code", error.title, error.code),)
        return make_response(render("desk/code.html", errors=errors), error.status)
    return _enter(opened)


@bp.get("/kode/pasang")
@public
def set_up_page() -> BaseResponse | str:
    """A QR code to scan, and the field to confirm it."""
    try:
        officer_id, name, ready = login.half_way(current_actor())
    except Unauthorized:
        return redirect(HOME, 303)
    if ready:
        return redirect(f"{HOME}kode", 303)
    sealed, secret = totp.offer(officer_id)
    return _offer(name, sealed, secret, ())


@bp.post("/kode/pasang")
@public
def set_up() -> BaseResponse | str:
    """Confirm the authenticator app, then show the recovery codes this once."""
    actor, sealed = current_actor(), request.form.get("offer", "")
    try:
        opened, codes = login.set_up_second_factor(actor, sealed, request.form.get("code", ""), _came())
    except Unauthorized:
        return redirect(SIGN_IN, 303)
    except (Invalid, TooMany) as error:
        officer_id, name, _ready = login.half_way(actor)
        try:
            secret = totp.offered(sealed, officer_id)
        except Invalid:
            sealed, secret = totp.offer(officer_id)
        errors = error.errors or (FieldError("code", error.title, error.code),)
        return make_response(_offer(name, sealed, secret, errors), error.status)
    page = make_response(render("desk/recovery.html", codes=codes, onward=_onward(opened)))
    return _with_cookie(page, opened)


@bp.get("/sandi")
@public
def password_page() -> BaseResponse | str:
    """The form for a new password, wanted or due."""
    actor = current_actor()
    if actor.kind != "officer" or actor.must == "second_factor":
        return redirect(NEXT_STEP.get(actor.must, SIGN_IN), 303)
    return render("desk/password.html", errors=[], due=actor.must == "password")


@bp.post("/sandi")
@public
def password() -> BaseResponse:
    """Change one's own password."""
    actor = current_actor()
    if actor.kind != "officer" or actor.must == "second_factor":
        return redirect(NEXT_STEP.get(actor.must, SIGN_IN), 303)
    new = request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid(
                errors=[FieldError("again", _("Kedua sandi baru berbeda. Ketik sekali lagi."), "differs")]
            )
        login.change_password(actor, request.form.get("old", ""), new, _came())
    except (Invalid, TooMany) as error:
        errors = error.errors or (FieldError("old", error.title, error.code),)
        return make_response(
            render("desk/password.html", errors=errors, due=actor.must == "password"), error.status
        )
    response = redirect(_wished() or HOME, 303)
    response.delete_cookie(NEXT_COOKIE)
    return response


def _offer(name: str, sealed: str, secret: str, errors: tuple[FieldError, ...]) -> str:
    address = totp.address(secret, name)
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    picture = totp.picture(address)
    return render(
        "desk/set_up.html", errors=errors, sealed=sealed, secret=spaced, picture=picture, address=address
    )


def _came() -> Came:
    return Came(request.remote_addr or "", request.headers.get("User-Agent", ""))


def _enter(opened: Opened, onward: str = "") -> BaseResponse:
    """Hand over the cookie and go to the step that is still open, or to the page that was asked for."""
    response = redirect(_onward(opened, onward), 303)
    if onward and opened.must:
        response.set_cookie(NEXT_COOKIE, onward, max_age=900, secure=_secure(), httponly=True, samesite="Lax")
    elif not opened.must:
        response.delete_cookie(NEXT_COOKIE)
    return _with_cookie(response, opened)


def _onward(opened: Opened, onward: str = "") -> str:
    return NEXT_STEP.get(opened.must) or onward or _wished() or HOME


def _wished() -> str:
    return inside(request.cookies.get(NEXT_COOKIE, ""))


def _with_cookie(response: Response | BaseResponse, opened: Opened) -> BaseResponse:
    session.clear()  # a fresh form token with a fresh sign-in
    session["tenant"] = current_tenant().id
    seconds = int(sessions.ABSOLUTE.total_seconds())
    response.set_cookie(
        cookie_name(),
        opened.token,
        max_age=seconds,
        path="/",
        secure=_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _secure() -> bool:
    return cookie_name().startswith("__Host-")
