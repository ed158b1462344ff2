"""superapp lapor routing train | models | use | rollback | report: a tenant's versions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from uuid import UUID

import click
import orjson

from plugins.lapor.contracts.routing import ModelView
from superapp.sdk import AppError, opened_tenant, tenant_option

json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@contextmanager
def inside(slug: str) -> Iterator[None]:
    """The tenant's scope as the system; an expected error becomes one sentence."""
    with opened_tenant(slug) as tenant:
        if "lapor" not in tenant.enabled:
            raise click.ClickException(f"{slug} has lapor off.")
        try:
            yield
        except AppError as error:
            raise click.ClickException(f"{error.title} {error.detail}".strip()) from error


@click.command()
@tenant_option
@json_option
def train(slug: str, as_json: bool) -> None:
    """Train a version from all decisions, measure it, use it when it is not worse than the present one."""
    from plugins.lapor.learn.run import learn
    from plugins.lapor.service.routing.versions import versions

    with inside(slug):
        made = learn()
        _tell([each for each in versions() if each.id == made], as_json=as_json)


@click.command()
@tenant_option
@json_option
def models(slug: str, as_json: bool) -> None:
    """List the versions, the newest first."""
    from plugins.lapor.service.routing.versions import versions

    with inside(slug):
        _tell(list(versions()), as_json=as_json)


@click.command()
@tenant_option
@click.argument("model_id", type=click.UUID)
def use(slug: str, model_id: UUID) -> None:
    """Let the version MODEL_ID give the suggestions from now on."""
    from plugins.lapor.service.routing import versions

    with inside(slug):
        _tell([versions.use(model_id)], as_json=False)


@click.command()
@tenant_option
def rollback(slug: str) -> None:
    """Use the version again that was in use before the present one."""
    from plugins.lapor.service.routing import versions

    with inside(slug):
        _tell([versions.back()], as_json=False)


@click.command()
@tenant_option
@json_option
def report(slug: str, as_json: bool) -> None:
    """Write last week's report if it is not there yet, and show the newest ones."""
    from plugins.lapor.service.routing import report as weekly

    with inside(slug):
        weekly.write()
        found = weekly.reports()
    if as_json:
        sys.stdout.write(orjson.dumps([asdict(each) for each in found]).decode() + "\n")
        return
    if not found:
        click.echo("no decisions in the last four weeks")
    for each in found:
        click.echo(
            f"week of {each.week}: first suggestion right {each.first} of {each.suggested}, "
            f"strong ones {each.strong_right} of {each.strong}, alarms {len(each.alarms)}"
        )


def _tell(found: list[ModelView], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps([asdict(each) for each in found]).decode() + "\n")
        return
    if not found:
        click.echo("no version yet")
    for each in found:
        right = "not measured" if each.first is None else f"top-1 {each.first:.3f} on {each.later} later"
        basis = f"{each.rows} decisions" if each.basis == "decisions" else "example words"
        head = f"{each.id}  {each.state:<9}  {each.trained_at:%Y-%m-%d %H:%M}"
        click.echo(f"{head}  {basis}, {right}. {each.note}")
