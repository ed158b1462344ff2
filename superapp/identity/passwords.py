"""Passwords: argon2id with OWASP's smallest set of parameters, a rule, and generated ones."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from superapp.errors import FieldError, Invalid

SHORTEST, LONGEST = 12, 128
# Without look-alikes (0 o, 1 l i): these are read aloud and typed from paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def strong() -> PasswordHasher:
    """What every password is kept with: 19 MiB, two passes."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


_hasher = strong()
_nobody = ""


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(_bytes(password))


def right(password_hash: str, password: str) -> bool:
    """Compare; without a hash (unknown login) it takes as long, and says no."""
    try:
        return _hasher.verify(password_hash or _dummy(), _bytes(password)) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """True when the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def generate() -> str:
    """A password of 16 letters in four groups, 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def judge(password: str, login: str, *, field: str = "password") -> None:
    """Raise Invalid when `password` is too short, too long, one letter repeated, or holds the login."""
    if len(password) < SHORTEST:
        message = f"Pakai paling sedikit {SHORTEST} huruf atau angka."
    elif len(password) > LONGEST:
        message = f"Pakai paling banyak {LONGEST} huruf atau angka."
    elif len(set(password)) < 5:
        message = "Sandi ini terlalu mudah ditebak. Pakai lebih banyak huruf yang berbeda."
    elif login.split("@", maxsplit=1)[0] in password.lower():
        message = "Sandi tidak boleh memuat nama masuk Anda."
    else:
        return
    raise Invalid(errors=[FieldError(field, message, "weak_password")])


def _bytes(password: str) -> bytes:
    """Whatever was typed, as bytes: a lone surrogate is wrong, but no reason to crash."""
    return password.encode("utf-8", "surrogatepass")


def _dummy() -> str:
    global _nobody  # noqa: PLW0603  made once, on the first unknown login, not at import
    _nobody = _nobody or hashed(secrets.token_urlsafe(16))
    return _nobody
