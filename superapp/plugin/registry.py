"""Finds plugins, judges them, and keeps what they registered. One registry an app, none global."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

import pluggy
from flask import current_app
from marshmallow import Schema

from superapp import log
from superapp.db.migrate import Migrated
from superapp.plugin import hookspecs
from superapp.plugin.contracts import Answer, Event, JobSpec, Permission
from superapp.plugin.manifest import Manifest, load

GROUP = "superapp.plugins"
P = ParamSpec("P")
R = TypeVar("R")
Link = tuple[str, Callable[..., Any], tuple[str, ...]]


@dataclass(slots=True)
class Registry:
    """The plugins of one app. `quarantined` maps a name to the reason."""

    pm: pluggy.PluginManager
    manifests: dict[str, Manifest] = field(default_factory=dict)
    quarantined: dict[str, str] = field(default_factory=dict)
    permissions: dict[str, Permission] = field(default_factory=dict)
    schemas: dict[str, type[Schema]] = field(default_factory=dict)
    jobs: dict[str, tuple[str, JobSpec]] = field(default_factory=dict)
    events: dict[str, type[Event]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # blueprint name -> plugin
    wires: set[str] = field(default_factory=set)  # names of blueprints that serve programs alone
    ports: dict[tuple[str, str], Callable[[], Any]] = field(default_factory=dict)
    _chains: dict[tuple[str, frozenset[str]], tuple[Link, ...]] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Plugins that work, in the fixed order: `requires` first, then by name."""
        return [name for name in self.manifests if name not in self.quarantined]

    def chain(self, hook: str, enabled: frozenset[str]) -> tuple[Link, ...]:
        """Who answers `hook` for a tenant with these plugins, in call order, ready to call."""
        found = self._chains.get((hook, enabled))
        if found is None:
            found = tuple(link for link in self._links(hook) if link[0] in enabled)
            self._chains[hook, enabled] = found
        return found

    def collect(self, spec: Callable[P, R | None]) -> Iterator[Answer[R]]:
        """Call a boot hook on every working plugin; one that raises is quarantined and left out."""
        for name, function, _ in tuple(self._links(spec.__name__)):
            try:
                value = function()
            except Exception as error:
                self.quarantine(name, f"{spec.__name__}: {error!r}")
                continue
            if value is not None:
                yield Answer(name, value)

    def quarantine(self, name: str, reason: str) -> None:
        """Take a plugin out of service, and everything that requires it; /readyz shows why."""
        log.get(__name__).error("plugin_quarantined", plugin=name, reason=reason)
        self.quarantined[name] = reason
        self._chains.clear()
        if self.pm.has_plugin(name):
            self.pm.unregister(name=name)
        for other in self.names():
            if name in self.manifests[other].requires:
                self.quarantine(other, f"requires {name}, which is out of service")

    def _links(self, hook: str) -> Iterator[Link]:
        caller = getattr(self.pm.hook, hook, None)
        if caller is None:
            return
        order = {name: place for place, name in enumerate(self.manifests)}
        # tryfirst/trylast as pluggy means them, then our fixed order: never the order of import.
        impls = sorted(
            caller.get_hookimpls(),
            key=lambda impl: (not impl.tryfirst, impl.trylast, order[impl.plugin_name]),
        )
        for impl in impls:
            yield impl.plugin_name, impl.function, tuple(impl.argnames)


def registry() -> Registry:
    """The registry of the app at work."""
    found: Registry = current_app.extensions["superapp_plugins"]
    return found


def discover() -> list[tuple[str, Callable[[], ModuleType]]]:
    """Installed plugins as (entry point name, function that imports it)."""
    return sorted((point.name, point.load) for point in entry_points(group=GROUP))


def build(found: Iterable[tuple[str, Callable[[], ModuleType]]]) -> Registry:
    """Import and register plugins in a fixed order; broken ones end in quarantine, never in a crash."""
    made = Registry(pluggy.PluginManager("superapp"))
    made.pm.add_hookspecs(hookspecs)
    modules: dict[str, ModuleType] = {}
    manifests: dict[str, Manifest] = {}
    for name, importer in found:
        try:
            module = importer()
            manifest = load(Path(str(module.__file__)).parent)
            if manifest.name != name:
                raise ValueError(f"entry point {name} and manifest name {manifest.name} differ")
        except Exception as error:
            made.quarantined[name] = repr(error)
            log.get(__name__).error("plugin_quarantined", plugin=name, reason=repr(error))
            continue
        modules[name], manifests[name] = module, manifest
    made.manifests = {name: manifests[name] for name in _order(made, manifests)}
    # Declarations of all come first, so that each implementation is judged as it is registered.
    for name in made.manifests:
        _guarded(made, name, "superapp_hookspecs", partial(_declare, made, modules[name]))
    for name in made.manifests:
        _guarded(made, name, "registering", partial(made.pm.register, modules[name], name=name))
    _read(made)
    return made


def _declare(made: Registry, module: ModuleType) -> None:
    offers = getattr(module, hookspecs.superapp_hookspecs.__name__, None)
    if offers is not None:
        made.pm.add_hookspecs(offers())


def _guarded(made: Registry, name: str, what: str, step: Callable[[], object]) -> None:
    if name in made.quarantined:
        return
    try:
        step()
    except Exception as error:
        made.quarantine(name, f"{what}: {error!r}")


def _order(made: Registry, manifests: dict[str, Manifest]) -> list[str]:
    good = dict(manifests)
    while missing := {n: r for n, m in good.items() for r in m.requires if r not in good}:
        for name, needs in missing.items():
            made.quarantined[name] = f"requires {needs}, which is not installed or out of service"
            good.pop(name, None)
    sorter = TopologicalSorter({name: sorted(good[name].requires) for name in sorted(good)})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        for name in circle:
            made.quarantined[name] = f"requires a circle: {' -> '.join(circle)}"
        return [name for name in sorted(good) if name not in circle]
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return ordered


def _read(made: Registry) -> None:
    while True:
        try:
            made.pm.check_pending()
            break
        except pluggy.PluginValidationError as error:  # one at a time
            made.quarantine(made.pm.get_name(error.plugin) or "", str(error))
    for rights in made.collect(hookspecs.superapp_permissions):
        made.permissions |= {right.code: right for right in rights.value}
    for schema in made.collect(hookspecs.superapp_settings_schema):
        made.schemas[schema.plugin] = schema.value
    for jobs in made.collect(hookspecs.superapp_jobs):
        made.jobs |= {job.name: (jobs.plugin, job) for job in jobs.value}
    for types in made.collect(hookspecs.superapp_event_types):
        made.events |= {kind.type: kind for kind in types.value}
    for offers in made.collect(hookspecs.superapp_offers):
        # A port names its own plugin: nobody offers in another's name.
        own = [offer for offer in offers.value if offer.port.plugin == offers.plugin]
        made.ports |= {(offer.port.plugin, offer.port.name): cache(offer.make) for offer in own}


def migrated(made: Registry) -> list[Migrated]:
    """The plugins that keep tables, in migration order."""
    return [
        Migrated(manifest.schema, manifest.folder / "migrations" / "versions")
        for manifest in made.manifests.values()
        if manifest.schema and (manifest.folder / "migrations" / "versions").is_dir()
    ]
