"""The application under test and its database, which is put back before each test."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from superapp import config
from superapp.app import create_app
from superapp.db.engine import db
from superapp.tenancy import calendar, directory, resolve
from superapp.testing import governments, postgres


@dataclass(slots=True)
class Host:
    """One application on one database; `ready` names the database with both tenants in it."""

    server: postgres.Server
    database: str
    ready: str
    var: Path
    app: Flask
    config: dict[str, Any]
    touched: bool = field(default=False)

    @classmethod
    def start(cls, server: postgres.Server, worker: str, var: Path, government: Path) -> Host:
        """Makes the application and brings both tenants in once, through the same door as a real one."""
        name = f"{server.template}_{worker}"
        urls = postgres.copy(server, server.template, name)
        app = create_app(
            config.load(
                env="test",
                secret_key=postgres.KEY,
                app_url=urls.app,
                ops_url=urls.ops,
                owner_url=urls.owner,
                var=var,
                base_domain="localhost",
                log_level="ERROR",
                trusted_proxies=0,
            )
        )
        governments.bring_in(app, government, var / "tenants")
        host = cls(server, name, f"{name}_ready", var, app, dict(app.config))
        host._rest()
        postgres.copy(server, name, host.ready)
        return host

    def restore(self) -> None:
        """Puts the database back to both tenants and nothing else; 30 ms, none when nobody used it."""
        if self.touched:
            self._rest()
            postgres.copy(self.server, self.ready, self.database)
        # A test may have turned a switch of the one application.
        self.app.config.clear()
        self.app.config.update(self.config)
        self.touched = True

    def close(self) -> None:
        """Lets go of the database."""
        self._rest()

    def _rest(self) -> None:
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        for cache in (resolve, directory, calendar):
            cache.forget()
