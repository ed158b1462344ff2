"""Every hook of the host, on a few screens. Plugins declare more of their own by `superapp_hookspecs`.

Three modes: `collect` is called once at boot on every registered plugin; `ask` in a request or a
job, on the plugins that the tenant switched on; `tell` by the worker after commit. Arguments are
keywords, and except for `collect` the first is always `tenant`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
import pluggy
from marshmallow import Schema

from superapp.context import Actor, Tenant
from superapp.plugin.contracts import (
    Event,
    Health,
    JobSpec,
    Message,
    Mount,
    NavItem,
    Offer,
    Permission,
    PersonalData,
    Slot,
    Tile,
)

if TYPE_CHECKING:
    from superapp.tenancy.files import TenantFile

F = TypeVar("F", bound=Callable[..., Any])
Mode = Literal["collect", "ask", "tell"]
OnError = Literal["raise", "skip"]

hookimpl = pluggy.HookimplMarker("superapp")
_mark = pluggy.HookspecMarker("superapp")


@dataclass(frozen=True, slots=True)
class Spec:
    """How a hook is called and what becomes of an error."""

    mode: Mode
    on_error: OnError


def spec(mode: Mode, on_error: OnError = "skip") -> Callable[[F], F]:
    """Declare a hook. `skip` leaves a failing plugin out and undoes its writes; `raise` lets it stop all."""

    def declare(function: F) -> F:
        # pluggy keeps its own options in `superapp_spec`.
        function.superapp_call = Spec(mode, on_error)  # type: ignore[attr-defined]
        marked: F = _mark(function)
        return marked

    return declare


# collect -------------------------------------------------------------------------------------


@spec("collect")
def superapp_hookspecs() -> ModuleType:  # type: ignore[empty-body]
    """At boot, first of all: the module with hook declarations that other plugins may implement.

    None: the plugin offers no hooks. Example: `return plugins.lapor.hookspecs`.
    """


@spec("collect")
def superapp_blueprints() -> list[Mount]:  # type: ignore[empty-body]
    """At boot: the plugin's pages and API. Import views inside, so that the worker stays small.

    None: no pages. Example: `return [Mount(citizen.bp), Mount(desk.bp, "desk"), Mount(api.bp, "api")]`.
    """


@spec("collect")
def superapp_permissions() -> list[Permission]:  # type: ignore[empty-body]
    """At boot: the rights that the plugin's endpoints ask for, and who holds them in a new tenant.

    None: no rights of its own.
    Example: `return [Permission("berita.write", "Menulis berita", ("coordinator",))]`.
    """


@spec("collect")
def superapp_settings_schema() -> type[Schema]:  # type: ignore[empty-body]
    """At boot: the schema of the settings a tenant admin edits in a form made from it.

    Fields carry `metadata={"label": ..., "help": ...}` and `load_default`. None: no settings.
    Example: `return BeritaSettings`.
    """


@spec("collect")
def superapp_jobs() -> list[JobSpec]:  # type: ignore[empty-body]
    """At boot: what the worker may run for the plugin, once or periodically.

    None: no jobs. Example: `return [JobSpec("lapor.autoclose", jobs.autoclose, cron="*/10 * * * *")]`.
    """


@spec("collect")
def superapp_event_types() -> list[type[Event]]:  # type: ignore[empty-body]
    """At boot: the events that the plugin emits, so that the worker can rebuild them.

    None: it emits none. Example: `return [events.Submitted, events.Answered]`.
    """


@spec("collect")
def superapp_tenant_files() -> list[TenantFile]:  # type: ignore[empty-body]
    """At boot: the plugin's own tables in a tenant's folder, for check, apply, diff and export.

    None: no files. Example: `return [CATEGORIES, ROUTING]`.
    """


@spec("collect")
def superapp_health_checks() -> list[Callable[[], Health]]:  # type: ignore[empty-body]
    """At boot: questions that /readyz asks the plugin, each answered within 100 ms without a tenant.

    None: healthy when loaded. Example: `return [mailbox_is_writable]`.
    """


@spec("collect")
def superapp_cli() -> click.Group:  # type: ignore[empty-body]
    """At boot: commands below `superapp <plugin>`; each takes `--tenant` and runs in its scope.

    None: no commands. Example: `return cli.group`.
    """


@spec("collect")
def superapp_offers() -> list[Offer]:  # type: ignore[empty-body]
    """At boot: what other plugins may call, each behind a port that the plugin's contracts declare.

    None: it offers nothing. Example: `return [Offer(DOOR, lambda: import_module("plugins.lapor.door"))]`.
    """


@spec("collect")
def superapp_demo_data() -> Callable[[Tenant, int, Callable[[int], None]], None]:  # type: ignore[empty-body]
    """At boot: a function that brings in generated samples through the plugin's real services.

    It gets the tenant (its scope is open), how many, and a function to report how many are done.
    None: no samples. Example: `return sample.load`.
    """


# ask -----------------------------------------------------------------------------------------


@spec("ask", on_error="raise")
def superapp_tenant_enabling(tenant: Tenant) -> None:
    """Before the plugin is switched on for a tenant, in the same transaction: prepare its rows.

    Asked of the plugin that is switched on alone. Raise PluginRefused to refuse. None: nothing to
    prepare. Example: `seed_default_limits(tenant)`.
    """


@spec("ask", on_error="raise")
def superapp_tenant_disabling(tenant: Tenant) -> None:
    """Before the plugin is switched off, in the same transaction. Its data stay.

    Raise PluginRefused to refuse. None: nothing to do. Example: refuse while a delivery is open.
    """


@spec("ask")
def superapp_home_tiles(tenant: Tenant) -> Tile | None:
    """When the home page is drawn: the plugin's tile among the services.

    None: no tile. Example: `return Tile("berita", "Berita", "3 kabar minggu ini", url, "news")`.
    """


@spec("ask")
def superapp_page_slot(tenant: Tenant, slot: str) -> Slot | None:
    """When a page with named places is drawn: fill one (`home.question`, `home.common`,
    `home.list`, `home.figure`, `home.news`).

    None: leave it empty. Example: `return Slot(render_news(), order=50) if slot == "home.news" else None`.
    """


@spec("ask")
def superapp_citizen_nav(tenant: Tenant) -> list[NavItem] | None:
    """When a citizen's page is drawn: entries for the bottom bar and the header links.

    None: no entry. Example: `return [NavItem("lacak", "Lacak", url, "search", order=20)]`.
    """


@spec("ask")
def superapp_desk_nav(tenant: Tenant, actor: Actor) -> list[NavItem] | None:
    """When a page of the desk is drawn: the entries that this officer may open.

    None: no entry. Example: `return [NavItem("inbox", "Kotak masuk", url, "inbox", count=40)]`.
    """


@spec("ask", on_error="raise")
def superapp_person_export(tenant: Tenant, contact: str) -> PersonalData | None:
    """When a person asks for a copy of the own data (UU 27/2022): all that is kept under `contact`.

    None: nothing is kept. Example: the reports and messages with this e-mail address.
    """


@spec("ask", on_error="raise")
def superapp_person_erase(tenant: Tenant, contact: str) -> int | None:
    """When a person withdraws consent (UU 27/2022): erase what is kept under `contact`.

    Returns how many records lost their personal data. None: nothing was kept.
    Example: blank name, phone and e-mail of the reporter's rows.
    """


# tell ----------------------------------------------------------------------------------------


@spec("tell")
def superapp_event(tenant: Tenant, event: Event) -> None:
    """After commit, in the worker, once for each event and plugin; repeated when it raises.

    Returns None. Example: send a message when `event.type == "lapor.answered"`.
    """


@spec("tell")
def superapp_deliver(tenant: Tenant, message: Message) -> None:
    """After commit, in the worker: deliver a message if `message.channel` is the plugin's.

    Returns None; a repeat with the same `message.key` must not reach the person twice.
    Example: hand an e-mail to the tenant's SMTP server.
    """
