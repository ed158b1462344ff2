"""A person's own data (UU 27/2022): a copy of them, and taking them away."""

from __future__ import annotations

from plugins.lapor.service.vault import rights
from superapp.sdk import PersonalData


def export(contact: str) -> PersonalData | None:
    """All reports under an e-mail address, phone number or NIK, with what is kept of the person."""
    reports = rights.reports_of(contact)
    return PersonalData("Laporan", {"reports": reports}) if reports else None


def erase(contact: str) -> int | None:
    """Destroy what is kept of the person; the reports stay, because others have acted on them."""
    return rights.erase(contact) or None
