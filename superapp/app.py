"""create_app(): a numbered list of steps, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

from flask import Flask
from flask_wtf import CSRFProtect

from superapp import config, log
from superapp.db import engine, guard
from superapp.identity import permit
from superapp.plugin import gate, registry
from superapp.web import api, apidoc, desk, edge, fastlane, health, home, pages

WEB = Path(__file__).parent / "web"


def create_app(
    settings: config.Settings | None = None,
    plugins: Iterable[tuple[str, Callable[[], ModuleType]]] | None = None,
) -> Flask:
    """The WSGI application. `plugins` replaces the installed ones in tests.

    Raises config.ConfigError for unsafe settings and RuntimeError for a database role that could
    look past Row Level Security or an endpoint that says nothing of who may call it.
    """
    # 1 settings and logs
    settings = settings or config.load()
    log.configure(settings.log_level, pretty=settings.env == "development")
    app = Flask("superapp", template_folder=str(WEB / "templates"), static_folder=str(WEB / "static"))
    app.extensions["superapp_settings"] = settings
    _flask_options(app, settings)
    # 2 the database and its two walls
    engine.refuse_strong_role(settings.app_url)
    engine.init_app(app, settings)
    guard.install()
    # 3 plugins
    found = registry.discover() if plugins is None else plugins
    app.extensions["superapp_plugins"] = registry.build(found)
    # 4 the edge, pages and the host's own views
    edge.install(app, settings)
    pages.install(app)
    for blueprint in (home.bp, health.bp, desk.bp, apidoc.bp):
        app.register_blueprint(blueprint)
    # 5 the plugins' views, and the API
    with app.app_context():
        made = registry.registry()
        mounts = gate.mount(app, made)
    api.install(app, mounts)
    csrf = CSRFProtect(app)
    for name in (*made.wires, *(mounted.blueprint.name for mounted in mounts)):
        csrf.exempt(app.blueprints[name])
    # The front page is kept for all readers alike: this form has no token, the edge refuses other origins.
    csrf.exempt(home.preferences)
    app.wsgi_app = fastlane.FastLane(app.wsgi_app)  # type: ignore[method-assign]
    # 6 nothing starts that nobody guards
    if undeclared := permit.undeclared(app):
        raise RuntimeError(f"These endpoints carry neither @permit nor @public: {', '.join(undeclared)}")
    return app


def _flask_options(app: Flask, settings: config.Settings) -> None:
    secure = settings.secure
    app.config.update(
        TESTING=settings.env == "test",
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.old_secret_keys),
        SESSION_COOKIE_NAME="__Host-form" if secure else "superapp_form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        MAX_CONTENT_LENGTH=edge.UPLOAD_LIMIT,
        MAX_FORM_PARTS=200,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        TEMPLATES_AUTO_RELOAD=settings.env == "development",
    )
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
