"""How the canary crawl visits the pages of e-mail, with a delivery and a mail that stay unseen elsewhere."""

from plugins.surel import service
from plugins.surel.intake import review
from plugins.surel.intake.take import take
from plugins.surel.tests.letters import letter
from superapp.sdk import Message, current_tenant, work
from superapp.testing.canary import Recipe

ONE = {"incoming_id": "surel_incoming"}
RECIPES = {
    "surel_desk.test": Recipe(form={"to": "uji@example.org"}),
    "surel_intake.show": Recipe(params=ONE),
    "surel_intake.take": Recipe(
        params=ONE, form={"text": "Lampu jalan mati sejak kemarin.", "where": "Jl. Uji 1"}
    ),
    "surel_intake.discard": Recipe(params=ONE, form={"reason": "uji"}),
    "surel_wire.deliver": Recipe(headers={"X-Surel-Secret": "bukan rahasianya"}),
}


def seed(token: str) -> dict[str, str]:
    """One delivery and a mail that waits for its place, in the open tenant's scope."""
    message = Message("email", f"x@{token.lower()}.example.org", token, token, key=f"{token}:1")
    with work():
        service.deliver(current_tenant(), message)
    take(letter(f"Bau sampah {token} sejak kemarin.", subject=token, number=token), "file")
    return {"surel_incoming": str(review.listing()[0].id)}
