"""The application under test and its database, which is put back before each test."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask

from superapp import config
from superapp.app import create_app
from superapp.context import Tenant
from superapp.db.engine import db
from superapp.identity import passwords
from superapp.tenancy import calendar, directory, resolve
from superapp.testing import governments, postgres
from superapp.testing.keeping import Keeper
from superapp.testing.putback import Putback

LIFETIME = 100  # tests after which everything is made anew, so that nothing grows without end


@dataclass(slots=True)
class Host:
    """One application on one database; `ready` names the database with both tenants in it."""

    server: postgres.Server
    database: str
    ready: str
    var: Path
    app: Flask
    config: dict[str, Any]
    putback: Putback
    keepers: list[Keeper]
    pair: tuple[Tenant, Tenant] | None = field(default=None)
    touched: bool = field(default=False)
    restored: int = field(default=0)

    @classmethod
    def start(cls, server: postgres.Server, worker: str, var: Path, government: Path) -> Host:
        """Makes the application and brings both tenants in once, through the same door as a real one."""
        name = f"{server.template}_{worker}"
        # Tests sign in a thousand times; what a guess costs is tested where passwords are.
        passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
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
        putback = Putback(server.admin_url, name)
        with app.app_context():
            keepers = [Keeper(engine) for engine in db.engines.values()]
        host = cls(server, name, f"{name}_ready", var, app, dict(app.config), putback, keepers)
        host._rest()
        postgres.copy(server, name, host.ready)
        putback.remember()
        return host

    def restore(self) -> None:
        """Puts the database back to both tenants and nothing else; nothing is done when nobody used it."""
        if self.touched:
            self.restored += 1
            if self.restored % LIFETIME and not self._holds_connections() and self.putback.undo():
                for keeper in self.keepers:
                    keeper.renew()
                self._forget()
            else:
                self._renew()
        # A test may have turned a switch of the one application.
        self.app.config.clear()
        self.app.config.update(self.config)
        self.touched = True

    def tenants(self) -> tuple[Tenant, Tenant]:
        """Both governments as the host resolves them; read once, because each test finds the same."""
        if self.pair is None:
            self.pair = governments.read_pair(self.app)
        return self.pair

    def close(self) -> None:
        """Lets go of the database."""
        self._rest()

    def _renew(self) -> None:
        """A fresh copy of the database, and connections to it."""
        self._rest()
        postgres.copy(self.server, self.ready, self.database)
        self.putback.accept()

    def _holds_connections(self) -> bool:
        """Whether a test kept a connection for itself, which the next one may then miss."""
        with self.app.app_context():
            return any(engine.pool.checkedout() for engine in db.engines.values())  # type: ignore[attr-defined]

    def _rest(self) -> None:
        self.putback.close()
        for keeper in self.keepers:
            keeper.rest()
        self._forget()

    def _forget(self) -> None:
        for cache in (resolve, directory, calendar):
            cache.forget()
