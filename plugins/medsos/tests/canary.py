"""How the canary crawl visits the pages of social media; posts of another city must stay unseen."""

from plugins.medsos import service
from superapp.testing.canary import Recipe

CLAIM = {"token": "medsos_token"}
RECIPES = {
    "medsos_desk.take": Recipe(
        form={
            "link": "https://x.com/warga/status/1234567890",
            "text": "Lampu mati.",
            "address": "Jalan Uji 1",
        }
    ),
    "medsos_desk.show": Recipe(params={"post_id": "medsos_post"}),
    "medsos_citizen.show": Recipe(params=CLAIM),
    "medsos_citizen.take": Recipe(params=CLAIM, form={"phone": "salah"}),
}


def seed(token: str) -> dict[str, str]:
    """One post that nobody has claimed."""
    made, _known = service.take(
        link=f"https://www.instagram.com/p/{token}12345/", text=f"{token} lampu mati.", handle=token
    )
    return {"medsos_post": str(made), "medsos_token": service.one(made).token}
