"""superapp db, superapp jobs: what an operator does."""

from __future__ import annotations

import os
import sys

import click

from superapp import config


@click.group("db")
def database() -> None:
    """Prepare and inspect the database."""


@database.command()
@click.option(
    "--admin-url", envvar="DATABASE_URL", required=True, help="A role that may create roles and databases."
)
@click.option("--name", default="superapp", show_default=True, help="The database.")
def prepare(admin_url: str, name: str) -> None:
    """Create roles, database and schemas, run migrations, and print the roles' addresses."""
    from superapp.db import migrate
    from superapp.plugin import registry

    key = os.environ.get("SUPERAPP_SECRET_KEY", "")
    if len(key) < 32:
        raise config.ConfigError("SUPERAPP_SECRET_KEY needs at least 32 characters: openssl rand -hex 32.")
    made = registry.build(registry.discover())
    urls = migrate.prepare(admin_url, key, database=name, plugins=registry.migrated(made))
    click.echo(f"SUPERAPP_APP_URL={urls.app}\nSUPERAPP_OPS_URL={urls.ops}\nSUPERAPP_OWNER_URL={urls.owner}")


@database.command()
def upgrade() -> None:
    """Run pending migrations, core first, then each plugin's."""
    from superapp.db import migrate
    from superapp.plugin import registry

    settings = config.load()
    if not settings.owner_url:
        raise config.ConfigError("SUPERAPP_OWNER_URL is needed to migrate; `superapp db prepare` prints it.")
    made = registry.build(registry.discover())
    moved = migrate.upgrade(settings.owner_url, registry.migrated(made))
    click.echo(f"migrated: {', '.join(moved)}" if moved else "nothing to do")


@click.group()
def jobs() -> None:
    """Run the worker, and see what it could not do."""


@jobs.command()
def work() -> None:
    """Work until stopped; running jobs are finished first."""
    from superapp.cli import app
    from superapp.jobs.worker import work_forever

    work_forever(app())


@jobs.command()
@click.option("--json", "as_json", is_flag=True)
def parked(as_json: bool) -> None:
    """List jobs that used up their attempts, newest first."""
    from superapp.cli import app
    from superapp.jobs.parked import listed

    rows = listed(app())
    if as_json:
        import orjson

        sys.stdout.write(orjson.dumps(rows).decode() + "\n")
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['task']}  {row['tenant']}  {row['what']}  attempts {row['attempts']}")
    if not rows:
        click.echo("nothing is parked")


@jobs.command()
@click.argument("job_id", type=int)
def retry(job_id: int) -> None:
    """Give one parked job another run."""
    from superapp.cli import app
    from superapp.jobs.parked import again

    again(app(), job_id)
    click.echo(f"job {job_id} is queued again")
