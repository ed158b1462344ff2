"""How the canary crawl visits links; what another government agreed with its province must stay unseen."""

from uuid import uuid4

from plugins.antarpemda.models import Heard, Journey, Terms
from superapp.sdk import work
from superapp.testing.canary import Recipe

ONE = {"slug": "antarpemda_slug"}
RECIPES = {
    "antarpemda_desk.show": Recipe(params=ONE),
    "antarpemda_desk.save": Recipe(params=ONE, form={"send": "1", "receive": "1", "agency": "BPJN"}),
    "antarpemda_desk.end": Recipe(params=ONE, form={"reason": "uji"}),
}


def seed(token: str) -> dict[str, str]:
    """A link that both sides spoke of, and the way of a case."""
    slug = f"pemprov-{token.lower()}"
    with work() as unit:
        unit.add(Terms(slug=slug, agency_code="BPJN", reason=token, told=token))
        unit.add(
            Heard(slug=slug, title=f"Provinsi {token}", send=True, receive=True, active=False, reason=token)
        )
        unit.add(Journey(complaint_id=uuid4(), chain=[slug]))
    return {"antarpemda_slug": slug}
