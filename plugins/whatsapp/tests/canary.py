"""How the canary crawl visits WhatsApp; numbers, tokens and messages of another city must stay unseen."""

from sqlalchemy import select

from plugins.whatsapp.models import Outgoing
from plugins.whatsapp.service import queueing
from superapp.sdk import Message, current_tenant, save_settings, seal, session, work
from superapp.testing.canary import Recipe

RECIPES = {
    "whatsapp.verify": Recipe(query={"hub.mode": "subscribe", "hub.verify_token": "x", "hub.challenge": "1"}),
    "whatsapp.post": Recipe(json={"object": "whatsapp_business_account"}),
    "whatsapp_desk.token": Recipe(),
    "whatsapp_desk.decide": Recipe(params={"outgoing_id": "whatsapp_outgoing"}, form={"what": "drop"}),
}


def seed(token: str) -> dict[str, str]:
    """A number with its secrets, a template, and one parked notice."""
    word = token.lower().replace("-", "_")
    own = {"phone_number_id": "1", "access_token": token, "app_secret": token, "verify_token": token}
    lines = [f"lapor.{word} | {word} | id"]
    save_settings(current_tenant(), "whatsapp", {"mode": "off", **own, "templates": lines})
    with work():
        queueing.deliver(Message("whatsapp", "6281100000001", token, token, key=token, kind=f"lapor.{word}"))
        row = session().scalars(select(Outgoing).where(Outgoing.key == f"note:{token}")).one()
        row.state, row.reason, row.sealed = "failed", token, seal("{}")
    return {"whatsapp_outgoing": str(row.id)}
