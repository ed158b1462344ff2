"""What /readyz may know without a tenant: for which governments Meta refuses the token.

The worker leaves a file with the tenant's name while it is so; there are no words of anybody in it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from superapp.sdk import Health, current_tenant, storage


def token_refused() -> None:
    """Note that Meta refuses the open tenant's token. A disk that cannot be written is no matter here."""
    with contextlib.suppress(OSError):
        _note().parent.mkdir(parents=True, exist_ok=True)
        _note().touch()


def token_taken() -> None:
    """Forget the note: a message went out."""
    with contextlib.suppress(OSError):
        _note().unlink(missing_ok=True)


def token_is_refused() -> bool:
    """True while the open tenant's token is refused."""
    return _note().exists()


def tokens() -> Health:
    """Unwell while a government's token is refused."""
    folder = storage.root("whatsapp")
    count = len(list(folder.glob("*.refused"))) if folder.is_dir() else 0
    return Health(True) if not count else Health(False, f"Meta refuses the token of {count} tenant(s)")


def _note() -> Path:
    return storage.root("whatsapp") / f"{current_tenant().slug}.refused"
