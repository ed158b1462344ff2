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
from superapp.db.work import working
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
    answers: list[Answer[R]] = []
    # Written out, because it runs for every tile of every page: 0.4 µs a plugin instead of 2.4.
    call = _caller(spec)
    count = len(kwargs)
    for name, function, wanted in registry().chain(spec.__name__, tenant.enabled):
        arguments = kwargs if len(wanted) == count else {key: kwargs[key] for key in wanted}
        try:
            value = function(**arguments) if call is None else call(function, arguments)
        except Exception as error:
            _failed(spec, name, error)
            continue
        if value is not None:
            answers.append(Answer(name, value))
    return answers


def first(spec: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs) -> Answer[R] | None:
    """The first answer, without calling the plugins after it; None when nobody answers."""
    tenant, call = cast(Tenant, kwargs["tenant"]), _caller(spec)
    for name, function, wanted in registry().chain(spec.__name__, tenant.enabled):
        arguments = {key: kwargs[key] for key in wanted}
        try:
            value = function(**arguments) if call is None else call(function, arguments)
        except Exception as error:
            _failed(spec, name, error)
            continue
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


def _caller(spec: Callable[..., Any]) -> Callable[[Callable[..., Any], Any], Any] | None:
    """How to call so that a skipped plugin's writes are undone; None where there is nothing to undo."""
    declared: Spec = spec.superapp_call  # type: ignore[attr-defined]
    return _undone if declared.on_error == "skip" and working() else None


def _undone(function: Callable[..., Any], arguments: Any) -> Any:
    with lazy_savepoint():
        return function(**arguments)


def _failed(spec: Callable[..., Any], name: str, error: Exception) -> None:
    """Log a plugin that is left out; called in the handler. Raises the error again where it has to go on."""
    declared: Spec = spec.superapp_call  # type: ignore[attr-defined]
    if declared.on_error == "raise":
        raise error
    if isinstance(error, AppError):
        log.get(__name__).info("hook_refused", plugin=name, hook=spec.__name__, code=error.code)
    else:
        log.get(__name__).exception("hook_failed", plugin=name, hook=spec.__name__)
