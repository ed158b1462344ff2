"""How the canary crawl visits the desk page of e-mail, and a delivery that another tenant must not see."""

from plugins.surel import service
from superapp.sdk import Message, current_tenant, work
from superapp.testing.canary import Recipe

RECIPES = {"surel_desk.test": Recipe(form={"to": "uji@example.org"})}


def seed(token: str) -> dict[str, str]:
    """One delivery, in the open tenant's scope."""
    message = Message("email", f"x@{token.lower()}.example.org", token, token, key=f"{token}:1")
    with work():
        service.deliver(current_tenant(), message)
    return {}
