"""A citizen writes, the bot answers: the real webhook and worker, and a Bot API on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from plugins.lapor.tests.lapor_reports import PIXEL
from plugins.telegram import setup
from plugins.telegram.models import Message, Update
from plugins.telegram.sandbox import Telegram, serving
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.sdk import save_settings, session

TOKEN = "123456:" + "x" * 35
SECRET = "rahasia-webhook-uji"


@dataclass
class Bot:
    """The bot of one government beside its stand-in of Telegram."""

    app: Flask
    tenant: Tenant
    server: Telegram
    drain: Callable[[], None]

    def hears(self, update: dict[str, Any]) -> str:
        """Deliver an update, let the worker run, give the bot's newest words."""
        assert self.server.deliver(update) == 200
        self.drain()
        return self.said

    def text(self, words: str) -> str:
        return self.hears(self.server.message(text=words))

    def press(self, title: str) -> str:
        _, _, buttons = self.server.lines[-1]
        [data] = [data for shown, data in buttons if shown == title]
        return self.hears(self.server.pressed(data))

    @property
    def said(self) -> str:
        return str(self.server.sent()[-1]["text"]) if self.server.sent() else ""

    def rows(self, model: Any) -> list[Any]:
        with self.app.app_context(), tenant_scope(self.tenant, SYSTEM):
            return list(session().scalars(select(model)).all())


@pytest.fixture
def bot(app: Flask, tenant_a: Tenant, client: Any, worker: Callable[[], None]) -> Iterator[Bot]:
    browser = client(tenant_a)

    def post(url: str, headers: Any, body: bytes) -> int:
        path = url.split("/", 3)[3]
        return int(browser.post(f"/{path}", data=body, headers=dict(headers)).status_code)

    with serving(post=post) as server:
        with app.app_context(), tenant_scope(tenant_a, SYSTEM):
            given = {"token": TOKEN, "secret": SECRET, "server": server.url}
            save_settings(tenant_a, "telegram", given)
        with app.app_context(), tenant_scope(tenant_a, SYSTEM):
            setup.ask("register")
        worker()
        yield Bot(app, tenant_a, server, worker)


def test_a_report_from_hello_to_solved(bot: Bot) -> None:
    assert bot.server.webhook.endswith("/telegram/webhook")
    assert "Halo" in bot.text("/start")
    assert "Di mana" in bot.text("Lampu jalan mati sejak Senin")
    assert bot.server.sent()[-1]["reply_markup"]["keyboard"][0][0]["request_location"] is True
    bot.hears(bot.server.photo(PIXEL))
    assert "Foto diterima (1)" in bot.said
    assert "Periksa dulu" in bot.hears(bot.server.message(location={"latitude": -8.7, "longitude": 115.22}))
    said = bot.press("Kirim")
    assert "Nomor: UJI-" in said
    assert "PIN: " in said
    number = said.split("Nomor: ")[1][:15]
    assert any(method == "answerCallbackQuery" for method, _ in bot.server.calls)
    assert number in bot.text("status")
    assert {row.state for row in bot.rows(Update)} == {"done"}
    assert all(not row.body for row in (*bot.rows(Update), *bot.rows(Message)))
