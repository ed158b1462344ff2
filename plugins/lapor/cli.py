"""superapp lapor ...: each group of commands is imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import click


class Rooms(click.Group):
    """Finds a group by its name, so that one command does not load what another needs."""

    LAZY: ClassVar[dict[str, str]] = {
        "route": "plugins.lapor.route_commands:group",
        "routing": "plugins.lapor.learn.commands:group",
        "vault": "plugins.lapor.vault_commands:group",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all groups."""
        return sorted(self.LAZY)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a group; None for an unknown name."""
        if name not in self.LAZY:
            return None
        module, attribute = self.LAZY[name].split(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found


@click.command("lapor", cls=Rooms)
def group() -> None:
    """Public complaints."""
