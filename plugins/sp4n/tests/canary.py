"""How the canary crawl visits SP4N-LAPOR!; words of another city must stay unseen."""

from plugins.sp4n import categories, connecting
from plugins.sp4n.models import Trial
from plugins.sp4n.transport import National
from superapp.sdk import new_id, now, work
from superapp.testing.canary import Recipe

URL = "https://nasional.example/{token}"
RECIPES = {
    "sp4n_desk.connect": Recipe(
        form={
            "transport": "modern",
            "base_url": "https://nasional.example/api",
            "token": "uji",
            "takes": "forwarded",
            "agency_code": "BPJN",
        }
    ),
    "sp4n_desk.disconnect": Recipe(form={"reason": "uji"}),
    "sp4n_desk.trial": Recipe(form={}),
    "sp4n_desk.save_mapping": Recipe(form={"main-WASTE.PILE": "LINGKUNGAN", "sub-WASTE.PILE": "SAMPAH"}),
    "sp4n_desk.save_contract": Recipe(form={"what": "check", "contract": "title = 1"}),
}


def seed(token: str) -> dict[str, str]:
    """A connection for forwarded cases, a category, a contract and a trial, each with the token."""
    connecting.connect(
        {
            "base_url": URL.format(token=token.lower()),
            "token": token,
            "takes": "forwarded",
            "agency_code": "BPJN",
        }
    )
    categories.save({"WASTE.PILE": National(f"UTAMA {token}", f"SUB {token}")})
    with work() as unit:
        unit.add(Trial(id=new_id(), asked_at=now(), done_at=now(), ok=True, said=f"Topik {token}"))
    return {}
