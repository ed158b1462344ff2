"""superapp plugin list | new | docs, and superapp check."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import orjson

as_json = click.option("--json", "json_out", is_flag=True, help="Answer as JSON.")


@click.group("plugin")
def group() -> None:
    """See, begin and understand plugins."""


@group.command("list")
@as_json
def list_(json_out: bool) -> None:
    """List installed plugins: version, SDK range, state, and why one is out of service."""
    rows = _listed()
    if json_out:
        _print(rows)
        return
    for row in rows:
        click.echo(
            f"{row['name']:<16}{row['version']:<10}{row['api']:<12}{row['state']:<12}{row['reason']}".rstrip()
        )
    if not rows:
        click.echo("no plugin is installed")


@group.command()
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="A folder outside this tree.")
def new(name: str, into: Path | None) -> None:
    """Begin a plugin named NAME from the starter, with tests that pass."""
    from superapp.plugin.start import CannotStart, create

    try:
        folder = create(name, into)
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder} is made. Next:")
    install = "make setup" if into is None else f"pip install -e {folder.parent}"
    click.echo(f"  {install}\n  superapp check\n  pytest {folder}/tests")
    click.echo(f"Then switch {name} on for a city: in its tenant.toml, or at the desk under Pengaturan.")


@group.command()
@click.argument("hook", required=False)
@as_json
def docs(hook: str | None, json_out: bool) -> None:
    """Print every hook, or HOOK: when it is called, what None means, an example."""
    from dataclasses import asdict

    from superapp.plugin import document, registry

    found = [h for h in document.hooks(registry.build(registry.discover())) if hook in {None, h.name}]
    if not found:
        raise click.ClickException(f"There is no hook {hook}; `superapp plugin docs` lists them.")
    if json_out:
        _print([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.name}{one.signature}")
        click.echo(f"  mode: {one.mode}, a plugin that raises: {_error(one.mode, one.on_error)}")
        click.echo(f"  when: {one.moment}\n  None: {one.none}\n  example: {one.example}\n")


@click.command()
@as_json
def check(json_out: bool) -> None:
    """Judge every plugin, whether the app starts, and all tenants' folders; exit code 1 on findings."""
    found = [*_plugins(), *_boot(), *_folders()]
    if json_out:
        _print(found)
    else:
        for one in found:
            place = f"{one['file']}:{one['line']}: " if one["file"] else ""
            click.echo(f"{place}{one['problem']} {one['remedy']} [{one['rule']}]")
        if not found:
            click.echo("all is well")
    sys.exit(1 if found else 0)


def folders() -> dict[str, Path]:
    """The folders of installed plugins by entry point name, found without importing the plugins."""
    found = {}
    for point in sorted(entry_points(group="superapp.plugins"), key=lambda point: point.name):
        package = point.value.rpartition(".")[0]
        try:
            spec = find_spec(package)
        except ImportError:
            spec = None
        if spec is not None and spec.submodule_search_locations:
            found[point.name] = Path(next(iter(spec.submodule_search_locations)))
    return found


def _listed() -> list[dict[str, str]]:
    from superapp.plugin import registry

    # The app itself knows more than the registry: a plugin may fail when its pages are asked for.
    made = _app().extensions["superapp_plugins"]
    rows = []
    for point in sorted(entry_points(group=registry.GROUP), key=lambda point: point.name):
        manifest, reason = made.manifests.get(point.name), made.quarantined.get(point.name, "")
        rows.append(
            {
                "name": point.name,
                "version": point.dist.version if point.dist else version("superapp"),
                "api": manifest.api if manifest else "",
                "state": "quarantined" if reason else "working",
                "reason": reason,
            }
        )
    return rows


def _plugins() -> Iterator[dict[str, Any]]:
    from superapp.plugin import rules

    for folder in folders().values():
        for one in rules.check(folder):
            yield _finding(one.rule, str(_shown(one.file)), one.line, one.problem, one.remedy)


def _boot() -> Iterator[dict[str, Any]]:
    """Whether create_app() comes up, and whether each plugin comes up with it."""
    try:
        made = _app().extensions["superapp_plugins"]
    except Exception as error:
        yield _finding("boot", "", 0, f"The app does not start: {error}", "Mend it; nothing runs before.")
        return
    known = folders()
    for name, reason in sorted(made.quarantined.items()):
        file = str(_shown(known[name] / "plugin.py")) if name in known else ""
        yield _finding("boot", file, 1, f"{name} is quarantined: {reason}", "Mend it, or uninstall it.")


def _folders() -> Iterator[dict[str, Any]]:
    from superapp.cli_tenant import TENANTS
    from superapp.plugin import onboarding, registry
    from superapp.tenancy import check as judge
    from superapp.tenancy import folder

    known = onboarding.catalog(registry.build(registry.discover()))
    paths = sorted(path.parent for path in TENANTS.glob("*/tenant.toml"))
    read = [folder.load(path, known) for path in paths]
    found = [(one, finding) for one in read for finding in judge.check(one, known)] + judge.together(read)
    for one, finding in found:
        path = str(_shown(one.path / finding.file))
        yield _finding(
            "tenant", path, finding.line, f"{finding.column} {finding.problem}".strip(), finding.remedy
        )


def _app() -> Any:
    """The app as the environment describes it; without one, as a test would, which needs no database."""
    from superapp import config
    from superapp.app import create_app

    try:
        settings = config.load(log_level="CRITICAL")
    except config.ConfigError:
        settings = config.load(
            env="test", secret_key="0" * 32, app_url="postgresql://nobody@/nothing", log_level="CRITICAL"
        )
    return create_app(settings)


def _finding(rule: str, file: str, line: int, problem: str, remedy: str) -> dict[str, Any]:
    return {"rule": rule, "file": file, "line": line, "problem": problem, "remedy": remedy}


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _error(mode: str, on_error: str) -> str:
    if mode == "collect":
        return "is quarantined"
    if mode == "tell":
        return "is told again later"
    return "stops the deed" if on_error == "raise" else "is left out, and what it wrote is undone"


def _print(value: Any) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
