"""How the canary crawl visits the bot; what another city's bot took and sent must stay unseen."""

from sqlalchemy import select

from plugins.telegram import api, inbox, outbox, setup
from plugins.telegram.models import Message, Update
from superapp.sdk import current_tenant, save_settings, session, work
from superapp.testing.canary import Recipe

UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": {"id": 9, "type": "private"}}}
RECIPES = {
    "telegram_wire.webhook": Recipe(json=UPDATE),
    "telegram_desk.register": Recipe(form={}),
    "telegram_desk.check": Recipe(form={}),
    "telegram_desk.decide": Recipe(params={"update_id": "telegram_update"}, form={"what": "skip"}),
    "telegram_desk.send": Recipe(params={"message_id": "telegram_message"}),
}


def seed(token: str) -> dict[str, str]:
    """A parked update and a dead message, whose reasons carry the token; the numbers differ by city."""
    number = sum(token.encode())
    given = {**api.settings(), "secret": "rahasia-uji-webhook", "server": "http://127.0.0.1:9"}
    save_settings(current_tenant(), api.NAME, given)
    message = {"text": token, "chat": {"id": number, "type": "private"}}
    inbox.keep({"update_id": number, "message": message})
    with work():
        setup.ask("check")
        found = setup.state()
        assert found is not None
        found.note = token
        outbox.add(number, f"{token}:1", "sendMessage", {"chat_id": number, "text": token})
    with work():
        update = session().scalars(select(Update).where(Update.update_id == number)).one()
        update.state, update.reason = "parked", token
        row = session().scalars(select(Message).where(Message.key == f"{token}:1")).one()
        row.state, row.reason = "dead", token
    return {"telegram_update": str(number), "telegram_message": str(row.id)}
