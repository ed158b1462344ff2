"""superapp tenant | person | plugin | db | jobs | demo | check: exit code 0, or one sentence and 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import click
from flask import Flask

from superapp import config
from superapp.errors import AppError
from superapp.plugin.manifest import ManifestError

if TYPE_CHECKING:
    from superapp.context import Tenant


class Commands(click.Group):
    """Looks up the heavy commands only when they are called, and turns errors into one sentence."""

    LAZY: ClassVar[dict[str, str]] = {
        "tenant": "superapp.cli_tenant:group",
        "demo": "superapp.cli_demo:command",
        "person": "superapp.cli_person:group",
        "plugin": "superapp.cli_plugin:group",
        "check": "superapp.cli_plugin:check",
        "db": "superapp.cli_ops:database",
        "jobs": "superapp.cli_ops:jobs",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The host's commands and those of the installed plugins that offer some."""
        return sorted(self.LAZY)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command, or ask the plugins."""
        if name in self.LAZY:
            from importlib import import_module

            module, attribute = self.LAZY[name].split(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        return plugin_command(name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; an expected error is one sentence on stderr and exit code 1."""
        try:
            return super().invoke(ctx)
        except (AppError, config.ConfigError, ManifestError) as error:
            click.echo(f"superapp: {error}", err=True)
            sys.exit(1)
        except Exception as error:
            if not _is_database(error):
                raise
            click.echo(f"superapp: the database does not answer: {str(error).splitlines()[0]}", err=True)
            sys.exit(1)


def _is_database(error: Exception) -> bool:
    import psycopg
    from sqlalchemy.exc import InterfaceError, OperationalError

    return isinstance(error, psycopg.OperationalError | OperationalError | InterfaceError)


@click.command(cls=Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Run citizens' super apps for many governments on one host."""
    context.obj = inside


def app() -> Flask:
    """The app for a command; made once it is needed."""
    from superapp.app import create_app

    return create_app()


@contextmanager
def inside(slug: str) -> Iterator[Tenant]:
    """A government's scope as the system. Raises click.ClickException for an unknown one."""
    from superapp.context import SYSTEM, tenant_scope
    from superapp.tenancy import resolve

    with app().app_context():
        tenant = resolve.by_slug(slug, fresh=True)
        if tenant is None:
            raise click.ClickException(f"There is no tenant {slug}; `superapp tenant list` names them.")
        with tenant_scope(tenant, SYSTEM):
            yield tenant


def plugin_command(name: str) -> click.Command | None:
    """The group of commands of an installed plugin, by the plugin's name."""
    from superapp.plugin import registry
    from superapp.plugin.hookspecs import superapp_cli

    found = registry.discover()
    if name not in {each for each, _importer in found}:
        return None
    made = registry.build(found)  # all: one whose requirements are missing would be out of service
    return next((answer.value for answer in made.collect(superapp_cli) if answer.plugin == name), None)
