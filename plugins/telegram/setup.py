"""Connecting the bot: its webhook, and how it stands."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select

from plugins.telegram import api
from plugins.telegram.models import Bot
from superapp.sdk import address, current_tenant, defer, new_id, now, save_settings, session, work

PATH = "/telegram/webhook"
WANTED = ["message", "callback_query", "my_chat_member"]


def ask(job: str) -> None:
    """Queue a check or a registration; the page shows that it was asked."""
    with work():
        _bot().state = "asked"
        defer(f"telegram.{job}", once=f"telegram.{job}")


def state() -> Bot | None:
    """How the bot stood when it was last asked."""
    return session().scalars(select(Bot)).one_or_none()


def register() -> None:
    """Set the webhook with a secret, made here where the admin set none; then look how the bot stands."""
    given = dict(api.settings())
    if given["token"] and not given["secret"]:
        given["secret"] = secrets.token_urlsafe(32)
        save_settings(current_tenant(), api.NAME, given)
    params = {
        "url": address(PATH),
        "secret_token": given["secret"],
        "allowed_updates": WANTED,
        "max_connections": 10,
    }
    if _tried("setWebhook", params) is not None:
        check()


def check() -> None:
    """Ask for the bot's name and its webhook."""
    if not api.settings()["token"]:
        return
    me = _tried("getMe", {})
    told = _tried("getWebhookInfo", {}) if me is not None else None
    if me is None or told is None:
        return
    pending = told.get("pending_update_count")
    wrong = str(told.get("last_error_message") or "")[:200]
    here = told.get("url") == address(PATH)
    with work():
        bot = _bot()
        bot.username = str(me.get("username", ""))[:100]
        bot.url = str(told.get("url", ""))[:300]
        bot.pending = pending if isinstance(pending, int) and 0 <= pending < 2**31 else 0
        bot.state, bot.note, bot.checked_at = "ok" if here else "bad", wrong if here else "elsewhere", now()


def _tried(method: str, params: dict[str, Any]) -> dict[str, Any] | None:
    """What Telegram answers; None when it does not, and that is noted."""
    try:
        told = api.call(method, params)
    except (api.Later, api.Refused) as error:
        with work():
            bot = _bot()
            bot.state, bot.note, bot.checked_at = "bad", str(error)[:200], now()
        return None
    return told if isinstance(told, dict) else {}


def _bot() -> Bot:
    found = state()
    if found is None:
        found = Bot(id=new_id(), state="asked", checked_at=now())
        session().add(found)
        session().flush()
    return found
