"""Through which doors a report can come."""

from __future__ import annotations

from typing import Final

from plugins.lapor.hookspecs import lapor_channels
from superapp.sdk import ask, current_tenant

SELF_SERVICE: Final = frozenset({"web", "api"})
OWN: Final = {
    "web": "Situs",
    "api": "Aplikasi",
    "phone": "Telepon",
    "whatsapp": "WhatsApp",
    "counter": "Loket",
    "social": "Media sosial",
    "email": "Surel",
    "national": "SP4N-LAPOR!",
}


def channels() -> dict[str, str]:
    """All doors with their titles: LAPOR's own and those of other plugins."""
    found = dict(OWN)
    for answer in ask(lapor_channels, tenant=current_tenant()):
        found |= {code: title for code, title in answer.value.items() if code not in found}
    return found


def is_channel(code: str) -> bool:
    """True for the code of a door; other plugins are asked only where it is none of LAPOR's own."""
    return code in OWN or code in channels()
