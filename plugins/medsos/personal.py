"""What is kept of a writer: the links to their posts and the handle."""

from __future__ import annotations

from plugins.medsos.service import of_person
from superapp.sdk import PersonalData, unseal


def export(contact: str) -> PersonalData | None:
    """The posts under a handle, an e-mail address or a phone number; None when there are none."""
    posts = [
        {
            "link": unseal(row.link),
            "handle": unseal(row.handle) if row.handle else "",
            "number": row.number,
            "at": row.taken_at.isoformat(),
        }
        for row in of_person(contact)
    ]
    return PersonalData("Media sosial", {"posts": posts}) if posts else None
