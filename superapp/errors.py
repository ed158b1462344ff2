"""Errors that people and programs are meant to see, each with its HTTP status.

Services raise these; `superapp.web.edge` turns them into a page or into problem+json (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its name as the sender wrote it, what to do, a stable code."""

    field: str
    message: str
    code: str = "invalid"


class AppError(Exception):
    """Base of all errors with an answer. `title` says what happened, `detail` what to do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    default_title: ClassVar[str] = "Ada gangguan di pihak kami."

    def __init__(
        self, title: str = "", detail: str = "", *, errors: Sequence[FieldError] = (), retry_after: int = 0
    ) -> None:
        self.title = title or self.default_title
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after
        super().__init__(self.title if not detail else f"{self.title} {detail}")


class BadRequest(AppError):
    """400: the message itself cannot be read."""

    status, code, default_title = 400, "bad_request", "Permintaan tidak dapat dibaca."


class Unauthorized(AppError):
    """401: the caller has to say who it is."""

    status, code, default_title = 401, "unauthorized", "Masuk dahulu untuk melanjutkan."


class Forbidden(AppError):
    """403: known, but without the right to do this."""

    status, code, default_title = 403, "forbidden", "Peran Anda tidak memuat tindakan ini."


class NotFound(AppError):
    """404: not here, or not this tenant's."""

    status, code, default_title = 404, "not_found", "Halaman ini tidak ada."


class Conflict(AppError):
    """409: the state or another actor's change forbids it; nothing was changed."""

    status, code, default_title = 409, "conflict", "Keadaannya sudah berubah."


class TooLarge(AppError):
    """413: more bytes than this address takes."""

    status, code, default_title = 413, "too_large", "Kiriman terlalu besar."


class Misdirected(AppError):
    """421: no government answers on this host name."""

    status, code, default_title = 421, "unknown_host", "Alamat ini bukan milik pemerintah daerah mana pun."


class Invalid(AppError):
    """422: readable, but fields are missing, unknown or wrong; `errors` names each."""

    status, code, default_title = 422, "invalid", "Beberapa isian perlu diperbaiki."


class PluginRefused(AppError):
    """422: a plugin's validation said no; `detail` is the plugin's reason."""

    status, code, default_title = 422, "plugin_refused", "Isian ditolak."


class TooMany(AppError):
    """429: slow down; `retry_after` is in seconds."""

    status, code, default_title = 429, "too_many", "Terlalu sering mencoba."


class Unavailable(AppError):
    """503: a part we stand on is away; `retry_after` is in seconds."""

    status, code, default_title = 503, "unavailable", "Layanan sedang terganggu."
