"""The plugin's own job; sending and asking are LAPOR's."""

from __future__ import annotations

from uuid import UUID

from plugins.sp4n import connector
from superapp.sdk import current_tenant


def try_it(trial_id: str) -> None:
    """One trial of the connection."""
    connector.run_trial(current_tenant(), UUID(trial_id))
