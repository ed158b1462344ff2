"""How the canary crawl visits webhooks; addresses and messages of another city must stay unseen."""

from sqlalchemy import select

from plugins.webhook import service
from plugins.webhook.models import Delivery
from superapp.sdk import session, work
from superapp.testing.canary import Recipe

ONE = {"subscription_id": "webhook_target"}
RECIPES = {
    "webhook_desk.add": Recipe(
        form={"title": "Uji", "url": "https://contoh.example/masuk", "events": "lapor.closed"}
    ),
    **{f"webhook_desk.{name}": Recipe(params=ONE) for name in ("show", "test", "secret", "end_old", "end")},
    "webhook_desk.pause": Recipe(params=ONE, form={"active": "1"}),
    "webhook_desk.decide": Recipe(
        params={**ONE, "delivery_id": "webhook_delivery"}, form={"what": "skip", "reason": "uji"}
    ),
}


def seed(token: str) -> dict[str, str]:
    """One address and a dead message."""
    made, _ = service.subscribe(token, f"https://{token.lower()}.example/masuk", ["lapor.closed"])
    service.pause(made, active=False)
    service.test(made)
    with work():
        row = session().scalars(select(Delivery).where(Delivery.subscription_id == made)).one()
        row.state, row.reason = "dead", token
    return {"webhook_target": str(made), "webhook_delivery": str(row.id)}
