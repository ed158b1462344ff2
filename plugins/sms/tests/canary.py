"""How the canary crawl visits SMS; tokens, costs and messages of another city must stay unseen."""

from sqlalchemy import select

from plugins.sms.models import Outgoing
from plugins.sms.service import queueing
from superapp.sdk import Message, current_tenant, save_settings, seal, session, work
from superapp.testing.canary import Recipe

RECIPES = {
    "sms.post": Recipe(form={"from": "+6281100000001", "text": "uji"}),
    "sms_desk.test": Recipe(form={"to": "0811 0000 0001"}),
    "sms_desk.token": Recipe(),
    "sms_desk.decide": Recipe(params={"outgoing_id": "sms_outgoing"}, form={"what": "drop"}),
}


def seed(token: str) -> dict[str, str]:
    """A gateway's secrets and one parked notice."""
    own = {"secret": token, "in_secret": token, "proof_header": f"X-{token}"}
    save_settings(current_tenant(), "sms", {"mode": "off", **own})
    with work():
        queueing.deliver(Message("sms", "6281100000001", token, token, key=token, kind=f"lapor.{token}"))
        row = session().scalars(select(Outgoing).where(Outgoing.key == f"note:{token}")).one()
        row.state, row.reason, row.sealed = "failed", token, seal("{}")
    return {"sms_outgoing": str(row.id)}
