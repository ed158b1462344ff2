"""The second factor: six digits of an authenticator app (RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import hmac
import secrets
from io import BytesIO
from uuid import UUID

import pyotp
import segno
from markupsafe import Markup

from superapp.context import current_tenant, now
from superapp.db.engine import session
from superapp.errors import Conflict, FieldError, Invalid
from superapp.identity.models import Officer
from superapp.identity.passwords import LETTERS
from superapp.identity.seal import BrokenSeal, keyed, seal, unseal

STEP_S = 30
WINDOW = 1  # one step to either side: phones' clocks drift
RECOVERY = 8


def offer(officer_id: UUID) -> tuple[str, str]:
    """A fresh secret as (sealed for the form, base32 for the eye); nothing is kept until it is confirmed."""
    secret = pyotp.random_base32()
    return seal(f"{officer_id}:{secret}"), secret


def offered(sealed: str, officer_id: UUID) -> str:
    """The base32 secret that `offer` sealed for this officer. Raises Invalid for any other text."""
    try:
        owner, _, secret = unseal(sealed).partition(":")
    except BrokenSeal:
        owner, secret = "", ""
    if owner != str(officer_id) or not secret:
        raise Invalid(
            errors=[FieldError("code", "Pemasangan sudah kedaluwarsa. Pindai kode yang baru.", "stale")]
        )
    return secret


def address(secret: str, login: str) -> str:
    """The otpauth:// address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=current_tenant().name)


def picture(text: str) -> Markup:
    """`text` as a QR code: inline SVG, dark on white in both themes, because scanners need it so."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        scale=5,
        border=3,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=False,
        omitsize=False,
    )
    return Markup(out.getvalue().decode())  # noqa: S704  made by segno, the text is encoded as modules


def confirm(officer: Officer, sealed: str, code: str) -> list[str]:
    """Set the second factor up inside of `work()`; returns the recovery codes, shown this once.

    Raises Invalid when the six digits are not those of the offered secret.
    """
    secret = offered(sealed, officer.id)
    step = _step(secret, code, after=0)
    if step is None:
        raise Invalid(
            errors=[
                FieldError(
                    "code", "Kode tidak cocok. Periksa jam ponsel Anda, lalu coba kode berikutnya.", "wrong"
                )
            ]
        )
    officer.totp_secret, officer.totp_step = seal(secret), step
    return renew_recovery(officer)


def renew_recovery(officer: Officer) -> list[str]:
    """Eight fresh recovery codes of 49 bits; the old ones are void."""
    codes = [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY)
    ]
    officer.recovery = [_hash(code) for code in codes]
    return codes


def accept(officer: Officer, code: str) -> str:
    """Use up a code inside of `work()`; returns "totp" or "recovery", or "" when it is wrong or was used.

    Raises Conflict when the host's key was changed since the second factor was set up.
    """
    try:
        secret = unseal(officer.totp_secret)
    except BrokenSeal as error:
        raise Conflict(
            "Kode masuk perlu dipasang ulang.", "Minta admin kota Anda mengatur ulang akun ini."
        ) from error
    step = _step(secret, code, after=officer.totp_step)
    if step is not None:
        officer.totp_step = step
        return "totp"
    given = _hash(code)
    left = [kept for kept in officer.recovery if not hmac.compare_digest(kept, given)]
    if len(left) == len(officer.recovery):
        return ""
    officer.recovery = left
    return "recovery"


def lock(officer_id: UUID) -> Officer | None:
    """The officer's row, locked, so that two requests cannot both use one code."""
    return session().get(
        Officer, (current_tenant().id, officer_id), with_for_update=True, populate_existing=True
    )


def _step(secret: str, code: str, *, after: int) -> int | None:
    """The time step whose digits `code` is, later than `after`; None when there is none."""
    digits = "".join(code.split())
    here = int(now().timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in range(here - WINDOW, here + WINDOW + 1):
        if step > after and hmac.compare_digest(
            totp.at(step * STEP_S).encode(), digits.encode("utf-8", "replace")
        ):
            return step
    return None


def _hash(code: str) -> str:
    return keyed("recovery", code.strip().lower().replace("-", "").replace(" ", ""))
