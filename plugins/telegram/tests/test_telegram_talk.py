"""A citizen writes, the bot answers: the real webhook and worker, and a Bot API on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from plugins.lapor.tests.lapor_reports import PIXEL
from plugins.telegram import board, jobs, outbox, setup
from plugins.telegram.models import Message, Update
from plugins.telegram.sandbox import Telegram, serving
from superapp.context import SYSTEM, Tenant, at_time, now, tenant_scope
from superapp.db.work import work
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin.registry import registry
from superapp.sdk import Message as Told
from superapp.sdk import save_settings, session
from superapp.testing import governments

TOKEN = "123456:" + "x" * 35
SECRET = "rahasia-webhook-uji"
PAGE = "/meja/telegram/"


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
        yield Bot(app, governments.read_pair(app)[0], server, worker)


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


def test_only_telegram_itself_is_heard_and_each_update_once(bot: Bot) -> None:
    update = bot.server.message(text="halo")
    assert bot.server.deliver(update, secret="salah") == 403
    assert bot.server.deliver(update, secret="") == 403
    assert bot.rows(Update) == []
    assert bot.server.deliver(update) == 200
    assert bot.server.deliver(update) == 200  # what Telegram repeats is taken once
    bot.drain()
    assert bot.server.deliver(update) == 200
    bot.drain()
    assert len(bot.server.sent()) == 1
    for bad in ({"update_id": "7"}, {"update_id": -1}, {"update_id": True}, {}, [], "x"):
        assert bot.server.deliver(bad) == 400  # type: ignore[arg-type]


def test_groups_bots_and_edits_are_not_answered(bot: Bot) -> None:
    group = bot.server.message(text="halo")
    group["message"]["chat"] = {"id": -100, "type": "group"}
    edited = bot.server.message(text="halo")
    edited["edited_message"] = edited.pop("message")
    for update in (group, edited, {"update_id": 1, "poll": {}}, {"update_id": 2, "message": {"chat": []}}):
        assert bot.server.deliver(update) == 200
    bot.drain()
    assert bot.server.sent() == []
    assert {row.state for row in bot.rows(Update)} == {"dropped"}


def test_telegram_says_when_to_come_again(bot: Bot) -> None:
    slow = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests",
        "parameters": {"retry_after": 40},
    }
    bot.server.answers = [(429, slow)]
    bot.text("halo")
    [row] = bot.rows(Message)
    assert row.state == "waiting"
    assert timedelta(seconds=30) < row.due_at - now() <= timedelta(seconds=40)
    before = len(bot.server.sent())
    bot.text("bantuan")  # its answer waits behind the first one
    assert len(bot.server.sent()) == before
    with at_time(now() + timedelta(seconds=41)):
        _talk(bot)
    told = [each["text"] for each in bot.server.sent()[before:]]
    assert "Halo" in told[0]
    assert "BATAL" in told[1]


def test_a_citizen_who_stopped_the_bot_is_left_alone(bot: Bot) -> None:
    gone = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    bot.server.answers = [(403, gone)]
    bot.text("halo")
    with bot.app.app_context(), tenant_scope(bot.tenant, SYSTEM):
        outbox.deliver(Told("telegram", "700001", "", "Kabar", key="k1"))
        outbox.deliver(Told("telegram", "700001", "", "Kabar", key="k1"))
        outbox.deliver(Told("email", "a@b.example", "", "Kabar", key="k2"))
    stopped = {"chat": {"id": 700_001, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    assert bot.server.deliver({"update_id": 3, "my_chat_member": stopped}) == 200
    bot.drain()
    assert [(row.state, row.reason) for row in bot.rows(Message)] == [("refused", "blocked")] * 2


def test_a_line_that_breaks_is_tried_again_and_given_up_in_the_end(bot: Bot) -> None:
    bot.server.answers = [(502, {})] * (len(outbox.PAUSES) + 1)
    bot.text("halo")
    moment = now()
    for pause in outbox.PAUSES:
        moment += timedelta(seconds=pause + 1)
        with at_time(moment):
            _talk(bot)
    assert [row.state for row in bot.rows(Message)] == ["dead"]


def test_a_poisoned_update_is_parked_and_the_next_one_answered(bot: Bot, monkeypatch: Any) -> None:
    from plugins.percakapan import service

    hear, poison = service.hear, RuntimeError("no word of the citizen in here")

    def failing(sender: Any, message: Any) -> Any:
        if message.text == "racun":
            raise poison
        return hear(sender, message)

    monkeypatch.setattr(service, "hear", failing)
    for words in ("racun", "halo"):
        assert bot.server.deliver(bot.server.message(text=words)) == 200
    bot.drain()
    moment = now()
    for _ in range(3):
        moment += timedelta(seconds=61)
        with at_time(moment):
            _talk(bot)
    assert sorted(row.state for row in bot.rows(Update)) == ["done", "parked"]
    assert "Halo" in bot.said
    monkeypatch.setattr(service, "hear", hear)
    [parked] = [row for row in bot.rows(Update) if row.state == "parked"]
    with bot.app.app_context(), tenant_scope(bot.tenant, SYSTEM):
        board.take_again(parked.update_id)
    bot.drain()
    assert {row.state for row in bot.rows(Update)} == {"done"}


def test_pictures_are_bounded_and_judged_before_they_are_kept(bot: Bot) -> None:
    bot.text("sampah menumpuk di Gang Mawar 2")
    assert "tidak dapat diterima" in bot.hears(bot.server.photo(b"GIF89a not a picture that is taken"))
    large = bot.server.message(document={"file_id": "x", "mime_type": "image/png", "file_size": 20_000_000})
    assert "terlalu besar" in bot.hears(large)
    movie = bot.server.message(document={"file_id": "x", "mime_type": "video/mp4", "file_size": 10})
    assert "tidak dapat diterima" in bot.hears(movie)
    assert "belum dapat dibaca" in bot.hears(bot.server.message(voice={"file_id": "x"}))
    assert "tidak dapat diambil" in bot.hears(bot.server.message(photo=[{"file_id": "hilang", "width": 9}]))
    grown = bot.server.photo(PIXEL + b"\0" * (11 * 1024 * 1024))
    grown["message"]["photo"][1]["file_size"] = 900  # it says less than it is
    assert bot.server.deliver(grown) == 200
    bot.drain()
    assert not any(row.state == "parked" for row in bot.rows(Update))
    assert "terlalu besar" in bot.said
    assert "Foto: 1" in bot.hears(bot.server.photo(PIXEL))


def test_news_bring_buttons_that_are_answered(bot: Bot) -> None:
    long = "solved:" + "x" * 80
    with bot.app.app_context(), tenant_scope(bot.tenant, SYSTEM):
        choices = (("status", "Cek laporan"), (long, "Sudah selesai"))
        outbox.deliver(Told("telegram", "700001", "", "Kabar", key="k1", choices=choices))
    bot.drain()
    rows = bot.server.sent()[-1]["reply_markup"]["inline_keyboard"]
    assert [row[0]["callback_data"] for row in rows] == ["status", "=Sudah selesai"]
    assert "Tulis nomor laporan" in bot.press("Cek laporan")


def test_the_desk_connects_the_bot_and_decides(bot: Bot, client: Any) -> None:
    browser = _admin(bot, client)
    assert "@lapor_uji_bot" in browser.get(PAGE).text
    bot.server.webhook = "https://lain.example/telegram"
    assert browser.submit("/meja/telegram/periksa", form=PAGE).status_code == 303
    bot.drain()
    page = browser.get(PAGE).text
    assert "menunjuk ke alamat lain" in page
    assert TOKEN not in page
    assert browser.submit("/meja/telegram/daftar", form=PAGE).status_code == 303
    bot.drain()
    assert "terhubung" in browser.get(PAGE).text
    assert browser.submit("/meja/telegram/kiriman/12", {"what": "again"}, form=PAGE).status_code == 404


def _talk(bot: Bot) -> None:
    with bot.app.app_context(), tenant_scope(bot.tenant, SYSTEM):
        jobs.talk(outbox.chat_key(700_001))


def _admin(bot: Bot, client: Any) -> Any:
    """A browser in which an admin is signed in."""
    with bot.app.app_context(), tenant_scope(bot.tenant, SYSTEM), work():
        roles.seed_roles(bot.tenant, registry().permissions.values())
        who, _ = officers.ensure_officer(
            "admin-uji", "Admin", "admin", None, None, password="kata sandi yang panjang", second_factor=False
        )
        token = sessions.start(who.id, verified=True)
        name = permit.cookie_name()
    browser = client(bot.tenant)
    browser.set_cookie(name, token, domain=bot.tenant.host)
    return browser
