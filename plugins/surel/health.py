"""What /readyz may know without a tenant: whether the file mailbox can be written."""

from __future__ import annotations

import os

from superapp.sdk import Health, storage


def mailbox() -> Health:
    """Unwell when the folder of mails, or the nearest one above it that exists, refuses writing."""
    folder = storage.root("mail")
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return Health(True) if os.access(folder, os.W_OK) else Health(False, "the mail folder cannot be written")
