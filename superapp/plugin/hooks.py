"""The typed face of all hooks: pass the spec function itself, get answers of its return type.

    for answer in ask(superapp_home_tiles, tenant=tenant):
        answer.plugin, answer.value          # value: Tile

Only plugins that the tenant switched on are called, in a fixed order. pluggy finds and checks the
implementations; calling them here keeps who answered, and isolates errors plugin by plugin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from superapp import log
from superapp.context import Tenant
from superapp.db.savepoint import lazy_savepoint
from superapp.errors import AppError
from superapp.plugin.contracts import Answer
from superapp.plugin.hookspecs import Spec
from superapp.plugin.registry import registry

P = ParamSpec("P")
R = TypeVar("R")


def ask(spec: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs) -> list[Answer[R]]:
    """Ask the tenant's plugins; those that answer None are left out.

    With `on_error="skip"` a plugin that raises is logged and left out, and what it wrote is undone;
    with "raise" its error goes on. Arguments are keywords; `tenant` decides who is asked.
    """
    tenant = cast(Tenant, kwargs["tenant"])
    return [
        Answer(name, value)
        for name, function, wanted in registry().chain(spec.__name__, tenant.enabled)
        if (value := _call(spec, name, function, wanted, kwargs)) is not None
    ]


def first(spec: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs) -> Answer[R] | None:
    """The first answer, without calling the plugins after it; None when nobody answers."""
    tenant = cast(Tenant, kwargs["tenant"])
    for name, function, wanted in registry().chain(spec.__name__, tenant.enabled):
        value = _call(spec, name, function, wanted, kwargs)
        if value is not None:
            return Answer(name, value)
    return None


def call_one(spec: Callable[P, R | None], plugin: str, *args: P.args, **kwargs: P.kwargs) -> R | None:
    """Call one plugin's implementation, on or off; errors go on. None when it has none."""
    for name, function, wanted in registry().chain(spec.__name__, frozenset({plugin})):
        if name == plugin:
            return cast("R | None", function(**{key: kwargs[key] for key in wanted}))
    return None


def listeners(hook: str, tenant: Tenant) -> list[str]:
    """Names of the tenant's plugins that implement `hook`."""
    return [name for name, _, _ in registry().chain(hook, tenant.enabled)]


def _call(
    spec: Callable[..., Any], name: str, function: Callable[..., Any], wanted: tuple[str, ...], kwargs: Any
) -> Any:
    declared: Spec = spec.superapp_call  # type: ignore[attr-defined]
    arguments = {key: kwargs[key] for key in wanted}
    if declared.on_error == "raise":
        return function(**arguments)
    try:
        with lazy_savepoint():
            return function(**arguments)
    except AppError as error:
        log.get(__name__).info("hook_refused", plugin=name, hook=spec.__name__, code=error.code)
    except Exception:
        log.get(__name__).exception("hook_failed", plugin=name, hook=spec.__name__)
    return None
