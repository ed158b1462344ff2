"""A plugin's command as `superapp <plugin> ...` runs it, in the scope of a tenant of the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context

import click
from click.testing import CliRunner
from flask import Flask

from superapp.context import SYSTEM, Tenant, tenant_scope


def command(app: Flask, tenant: Tenant, group: click.Group, words: str) -> tuple[int, str]:
    """Run `superapp <plugin> <words> --tenant <slug>`: exit code and output; other errors are raised."""

    @contextmanager
    def opened(slug: str) -> Iterator[Tenant]:
        assert slug == tenant.slug
        with tenant_scope(tenant, SYSTEM):
            yield tenant

    def run() -> tuple[int, str]:
        with app.app_context():
            done = CliRunner().invoke(group, [*words.split(), "--tenant", tenant.slug], obj=opened)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return Context().run(run)  # a test may hold a tenant's scope open
