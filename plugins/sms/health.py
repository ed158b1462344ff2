"""What /readyz may know without a tenant: which governments their gateway refuses.

The worker leaves a file with the tenant's name while it is so; there are no words of anybody in it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from superapp.sdk import Health, current_tenant, storage


def gateway_refuses() -> None:
    """Note that the gateway refuses the open tenant. A disk that cannot be written is no matter here."""
    with contextlib.suppress(OSError):
        _note().parent.mkdir(parents=True, exist_ok=True)
        _note().touch()


def gateway_takes() -> None:
    """Forget the note: a message went out."""
    with contextlib.suppress(OSError):
        _note().unlink(missing_ok=True)


def is_refused() -> bool:
    """True while the gateway refuses the open tenant."""
    return _note().exists()


def gateways() -> Health:
    """Unwell while a gateway refuses a government."""
    folder = storage.root("sms")
    count = len(list(folder.glob("*.refused"))) if folder.is_dir() else 0
    return Health(True) if not count else Health(False, f"a gateway refuses {count} tenant(s)")


def _note() -> Path:
    return storage.root("sms") / f"{current_tenant().slug}.refused"
