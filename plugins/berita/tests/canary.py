"""How the canary crawl visits news, and the rows of which another tenant must see nothing."""

from plugins.berita import service
from plugins.berita.contracts import Draft, Text
from superapp.sdk import new_id
from superapp.testing.canary import Recipe

FORM = {"do": "save", "version": "1", "title_id": "Kabar", "body_id": "Isi."}

RECIPES = {
    "berita_citizen.page": Recipe(params={"slug": "berita_slug"}),
    "berita_desk.create": Recipe(form={**FORM, "id": "{berita_new}"}),
    "berita_desk.edit": Recipe(params={"article_id": "berita_id"}),
    "berita_desk.change": Recipe(params={"article_id": "berita_id"}, form=FORM),
}


def seed(token: str) -> dict[str, str]:
    """One published article, in the open tenant's scope; the acting one has to hold berita.publish."""
    draft = Draft({"id": Text(f"Kabar {token}", f"Ringkas {token}", f"Isi **{token}**")})
    article_id = service.publish(draft, new_id())
    slug = service.slug_of(f"Kabar {token}")
    return {"berita_slug": slug, "berita_id": str(article_id), "berita_new": str(new_id())}
