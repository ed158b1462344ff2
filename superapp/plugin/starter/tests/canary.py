"""How the canary crawl visits the plugin, and a row that another tenant must not see."""

from plugins.contoh import service

from superapp.testing.canary import Recipe

RECIPES = {"contoh_desk.write": Recipe(form={"text": "Halo"})}


def seed(token: str) -> dict[str, str]:
    """One note, in the open tenant's scope."""
    service.write(f"Catatan {token}")
    return {}
