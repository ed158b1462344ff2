"""What plugins hand to the host and get from it: small frozen values, never ORM rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from flask import Blueprint
from markupsafe import Markup

R = TypeVar("R")


class Answer(NamedTuple, Generic[R]):
    """One plugin's answer to a hook."""

    plugin: str
    value: R


@dataclass(frozen=True)
class Event:
    """Something that happened. Subclasses are frozen dataclasses of str, int, bool or None fields
    (ids as text), with `type` set to "<plugin>.<past participle>"."""

    type: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One notification for one person or unit, for plugins that deliver.

    `key` makes a repeated delivery recognisable; `to` is an address of the channel. `kind` names what
    it tells and `values` its parts, for channels that send only texts approved before; `choices` are
    codes and titles of answers that the reader may press.
    """

    channel: str
    to: str
    subject: str
    text: str
    key: str
    html: str = ""
    kind: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mount:
    """A blueprint and what it serves: "pages" of citizens, the "desk", the "api" (described in OpenAPI), or
    a "wire" for programs in a protocol of its own: no cookies are listened to and no form token asked."""

    blueprint: Blueprint
    kind: str = "pages"


@dataclass(frozen=True, slots=True)
class Permission:
    """A right, its title for people, and the roles that hold it in a new tenant."""

    code: str
    title: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job of a plugin: `run(**ids)` in the worker, in the tenant's scope, as the system.

    `cron` makes it periodic for every tenant that has the plugin on. `attempts` counts retries
    with growing pauses before the job is parked where an operator sees it. Jobs that talk to other
    servers go on the lane "outbound", whose slowness delays nobody else.

    With `across` other governments of the host may write to it (`post`): it then runs as
    `run(sender=slug, letter=id, enclosed=(bytes, ...), **payload)` and may raise any AppError to
    refuse. `returned(receiver=slug, letter=id, why=text, **payload)` runs at who wrote, when the
    letter was refused.
    """

    name: str
    run: Callable[..., None]
    cron: str | None = None
    attempts: int = 8
    lane: str = ""
    across: bool = False
    returned: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A service on the home page: one live line of at most 30 characters, never empty."""

    key: str
    title: str
    line: str
    url: str
    icon: str
    order: int = 100
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of a page in a named place; lower `order` comes first."""

    html: Markup
    order: int = 100


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line in the navigation of the desk, or in the citizens' bar (section "bar")."""

    key: str
    title: str
    url: str
    icon: str
    section: str = ""
    count: int | None = None
    order: int = 100


@dataclass(frozen=True, slots=True)
class Health:
    """A plugin's own view of its health, shown by /readyz."""

    ok: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a plugin keeps of a person, as a document that a machine can read."""

    title: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Port(Generic[R]):
    """A typed name: the plugin that offers it, and what it is called there."""

    plugin: str
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands behind a port; `make` is called at its first use, so that imports wait until then."""

    port: Port[Any]
    make: Callable[[], Any]
