"""Everything a plugin may import.

The promise: names in `__all__` keep their meaning within one major number of `API` (see
`superapp.plugin.manifest`); what is added raises the minor one, what is removed is announced one
minor earlier. A plugin imports nothing else of the host, and of other plugins only `contracts`.
"""

from superapp import log, outbound
from superapp.context import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    Tenant,
    at_time,
    current_actor,
    current_tenant,
    now,
    set_actor,
    tenant_scope,
)
from superapp.db.base import Base, TenantScoped, key, new_id, tenant_fk
from superapp.db.engine import session
from superapp.db.rls import create_schema, definer, enable_rls, grant_app
from superapp.db.savepoint import lazy_savepoint as savepoint
from superapp.db.work import after_commit, before_commit, once_more, work
from superapp.errors import (
    AppError,
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    PluginRefused,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
)
from superapp.identity import audit
from superapp.identity.keys import actor_of as actor_of_key
from superapp.identity.permit import permit, public
from superapp.identity.rate import clear as rate_clear
from superapp.identity.rate import hit as rate_limit
from superapp.identity.roles import known_roles
from superapp.identity.seal import (
    BrokenSeal,
    digest,
    keyed,
    keyed_before,
    seal,
    unseal,
    unwrap_key,
    wrap_key,
    wrapped_now,
)
from superapp.jobs.across import Government, governments, post
from superapp.jobs.events import defer, emit, event_types, notify
from superapp.plugin.command import listening, opened_tenant, tenant_option, until_stopped
from superapp.plugin.contracts import (
    Answer,
    Event,
    Health,
    JobSpec,
    Message,
    Mount,
    NavItem,
    Offer,
    Permission,
    PersonalData,
    Port,
    Slot,
    Tile,
)
from superapp.plugin.hooks import ask, first
from superapp.plugin.hookspecs import hookimpl, spec
from superapp.plugin.lifecycle import save_settings, settings_of
from superapp.plugin.ports import use
from superapp.tenancy import calendar, dayfile, directory, rulebook, storage
from superapp.tenancy.address import address
from superapp.tenancy.files import Column, Finding, Row, Tables, TenantFile
from superapp.tenancy.models import Agency, Area
from superapp.web.api import ApiBlueprint
from superapp.web.edge import uploads
from superapp.web.fastlane import keep
from superapp.web.pages import language, render

__all__ = [
    "ANONYMOUS",
    "SYSTEM",
    "Actor",
    "Agency",
    "Answer",
    "ApiBlueprint",
    "AppError",
    "Area",
    "BadRequest",
    "Base",
    "BrokenSeal",
    "Column",
    "Conflict",
    "Event",
    "FieldError",
    "Finding",
    "Forbidden",
    "Government",
    "Health",
    "Invalid",
    "JobSpec",
    "Message",
    "Mount",
    "NavItem",
    "NotFound",
    "Offer",
    "Permission",
    "PersonalData",
    "PluginRefused",
    "Port",
    "Row",
    "Slot",
    "Tables",
    "Tenant",
    "TenantFile",
    "TenantScoped",
    "Tile",
    "TooLarge",
    "TooMany",
    "Unauthorized",
    "Unavailable",
    "actor_of_key",
    "address",
    "after_commit",
    "ask",
    "at_time",
    "audit",
    "before_commit",
    "calendar",
    "create_schema",
    "current_actor",
    "current_tenant",
    "dayfile",
    "defer",
    "definer",
    "digest",
    "directory",
    "emit",
    "enable_rls",
    "event_types",
    "first",
    "governments",
    "grant_app",
    "hookimpl",
    "keep",
    "key",
    "keyed",
    "keyed_before",
    "known_roles",
    "language",
    "listening",
    "log",
    "new_id",
    "notify",
    "now",
    "once_more",
    "opened_tenant",
    "outbound",
    "permit",
    "post",
    "public",
    "rate_clear",
    "rate_limit",
    "render",
    "rulebook",
    "save_settings",
    "savepoint",
    "seal",
    "session",
    "set_actor",
    "settings_of",
    "spec",
    "storage",
    "tenant_fk",
    "tenant_option",
    "tenant_scope",
    "unseal",
    "until_stopped",
    "unwrap_key",
    "uploads",
    "use",
    "work",
    "wrap_key",
    "wrapped_now",
]
