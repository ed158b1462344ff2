"""Rendering: one Jinja overlay per overriding tenant, and what every template may rely on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, Domain, get_locale
from flask_babel import gettext as _
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from werkzeug.local import LocalProxy

from superapp.context import Tenant, current_actor, current_tenant, scope
from superapp.errors import AppError
from superapp.identity import officers
from superapp.plugin.contracts import NavItem
from superapp.plugin.hooks import ask
from superapp.plugin.hookspecs import superapp_citizen_nav, superapp_desk_nav
from superapp.plugin.registry import registry
from superapp.web.assets import asset
from superapp.web.desk_nav import host_items, unit_of
from superapp.web.nonce import csp_nonce

LANGUAGES = ("id", "en")
THEMES = ("light", "dark")
WEB = Path(__file__).parent


def install(app: Flask) -> None:
    """Languages, template globals and overlays of an app."""
    folders = [str(WEB / "translations")]
    folders += [str(registry_folder / "translations") for registry_folder in _plugin_folders(app)]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    babel = Babel(app, locale_selector=language, timezone_selector=_timezone)
    babel.domain_instance = _Words()
    app.context_processor(_common)
    app.extensions["superapp_overlays"] = {}


class _Words(Domain):  # type: ignore[misc]
    """The catalogues, with that of the reader's language found once a request instead of once a word.

    A page says some 170 words; a tenth of its time went into finding out the language anew for each.
    """

    def get_translations(self) -> Any:
        """The catalogue in which to look."""
        if not has_request_context():
            return super().get_translations()
        if "words" not in g:
            g.words = super().get_translations()
        return g.words


def _plugin_folders(app: Flask) -> Iterable[Path]:
    with app.app_context():
        return [manifest.folder for manifest in registry().manifests.values()]


def language() -> str:
    """The reader's language: chosen by link, remembered, asked for by the browser, or the tenant's."""
    here = scope()
    default = here.tenant.locale if here and here.tenant else LANGUAGES[0]
    if not has_request_context():  # a job or a command speaks the tenant's language
        return default
    chosen = request.args.get("lang") or request.cookies.get("lang")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, default) or default


def theme() -> str:
    """ "light" or "dark" when the reader chose one, else empty: the device decides."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def _timezone() -> str:
    here = scope()
    return here.tenant.timezone if here and here.tenant else "Asia/Jakarta"


def render(template: str, **context: Any) -> str:
    """Render in the open tenant's overlay, with the context that every page has."""
    current_app.update_template_context(context)
    environment = environment_of(current_tenant()) if scope() and _has_tenant() else current_app.jinja_env
    return environment.get_template(template).render(context)


def environment_of(tenant: Tenant) -> Environment:
    """The app's own environment, or an overlay when the tenant's folder overrides templates.

    One overlay each: a tenant-aware loader would leak through Jinja's template cache.
    """
    overlays: dict[str, Environment] = current_app.extensions["superapp_overlays"]
    found = overlays.get(tenant.slug)
    if found is None:
        found = current_app.jinja_env
        folder = current_app.extensions["superapp_settings"].tenants / tenant.slug / "templates"
        if folder.is_dir() and found.loader is not None:
            found = found.overlay(loader=ChoiceLoader([FileSystemLoader(folder), found.loader]))
        overlays[tenant.slug] = found
    return found


def render_error(error: AppError, in_tenant: bool) -> str:
    """The error page; a bare one when no tenant is known or the database is away."""
    facts = {
        "status": error.status,
        "title": error.title,
        "detail": error.detail,
        "errors": error.errors,
        "request_id": g.get("request_id", "") if error.status >= 500 else "",
    }
    if in_tenant and error.status != 503:
        try:
            return render("error.html", **facts)
        except Exception:
            current_app.logger.exception("error_page_failed")
    return current_app.jinja_env.get_template("bare.html").render(lang=language(), **facts)


def theme_version(tenant: Tenant) -> str:
    """Changes when the tenant's colours change, so that the style sheet may be kept for a year."""
    return hashlib.sha256(theme_css(tenant).encode()).hexdigest()[:12]


def theme_css(tenant: Tenant) -> str:
    """The tenant's derived colours as custom properties, for both themes."""
    sets = {name: tenant.theme.get(name, {}) for name in THEMES}
    light, dark = (_declare(sets[name]) for name in THEMES)
    return (
        f":root{{{light}}}[data-bs-theme=dark]{{{dark}}}"
        f"@media(prefers-color-scheme:dark){{:root:not([data-bs-theme=light]){{{dark}}}}}"
    )


def _declare(values: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in sorted(values.items()))


def _has_tenant() -> bool:
    here = scope()
    return bool(here and here.tenant)


def _common() -> dict[str, Any]:
    if not _has_tenant():
        return {"lang": language(), "theme": theme(), "asset": asset, "csp_nonce": LocalProxy(csp_nonce)}
    tenant = current_tenant()
    return {
        "tenant": tenant,
        "actor": current_actor(),
        "lang": str(get_locale() or "id"),
        "theme": theme(),
        "asset": asset,
        "csp_nonce": LocalProxy(csp_nonce),
        "theme_url": url_for("web.theme_css", v=theme_version(tenant)),
        "nav": LocalProxy(_once("citizen_nav", _citizen_nav)),
        "desk_nav": LocalProxy(_once("desk_nav", desk_entries)),
        "officer_unit": LocalProxy(lambda: unit_of(current_actor())),
        "logout_url": "/meja/keluar",
        "shortcuts": LocalProxy(_once("shortcuts", lambda: officers.shortcuts_on(current_actor().id))),
    }


def _once(name: str, make: Callable[[], Any]) -> Callable[[], Any]:
    def get() -> Any:
        if name not in g:
            setattr(g, name, make())
        return getattr(g, name)

    return get


def _citizen_nav() -> list[NavItem]:
    """Home and services are the host's; between and after them stands what plugins offer."""
    own = [
        NavItem("home", _("Beranda"), "/", "home", order=10),
        NavItem("services", _("Layanan"), "/#layanan", "grid", order=40),
    ]
    answers = ask(superapp_citizen_nav, tenant=current_tenant())
    offered = [item for answer in answers for item in answer.value]
    return sorted([*own, *offered], key=lambda item: item.order)


def desk_entries() -> list[NavItem]:
    """The navigation of the desk for this officer: what plugins offer, then the host's own foot."""
    answers = ask(superapp_desk_nav, tenant=current_tenant(), actor=current_actor())
    offered = [item for answer in answers for item in answer.value]
    return sorted([*offered, *host_items(current_actor())], key=lambda item: item.order)
