"""How the crawl visits the host's own routes, and what it plants there."""

from superapp.context import SYSTEM, set_actor
from superapp.db.work import work
from superapp.identity import keys, sessions
from superapp.identity.officers import ensure_officer
from superapp.plugin.registry import registry
from superapp.testing.canary import Recipe

PLUGIN = {"name": "lapor"}

RECIPES = {
    "web.preferences": Recipe(form={"lang": "id", "next": "/"}),
    "desk.sign_in": Recipe(form={"login": "{login}", "password": "wrong"}),
    "desk.sign_out": Recipe(),
    "desk.code": Recipe(form={"code": "000000"}),
    "desk.set_up": Recipe(form={"code": "000000", "secret": "x"}),
    "desk.password": Recipe(form={"old": "x", "new": "y"}),
    "desk.account.end": Recipe(params=("session_id",)),
    "desk.account.shortcuts": Recipe(form={"on": "1"}),
    "desk.settings.switch_on": Recipe(params=("name",), shared=PLUGIN),
    "desk.settings.switch_off": Recipe(params=("name",), shared={"name": "surel"}),
    "desk.settings.edit": Recipe(params=("name",), shared=PLUGIN),
    "desk.settings.save": Recipe(params=("name",), shared=PLUGIN, form={}),
    "desk.officers.add": Recipe(form={"login": "{login}", "name": "Petugas", "role": "leader"}),
    "desk.officers.switch_on": Recipe(params=("officer_id",)),
    "desk.officers.switch_off": Recipe(params=("officer_id",)),
    "desk.officers.reset": Recipe(params=("officer_id",)),
    "desk.keys.create": Recipe(form={"name": "Kunci", "days": "30", "permissions": ""}),
    "desk.keys.revoke": Recipe(params=("key_id",)),
}


def seed(token: str) -> dict[str, str]:
    """An officer with a sign-in and a key, the token in every text that the tables take."""
    set_actor(SYSTEM)
    officer, _ = ensure_officer("sasaran", f"Sasaran {token}", "leader", second_factor=False)
    with work():
        sessions.start(officer.id, verified=True, agent=f"{token}/1.0", address="127.0.0.1")
    permission = sorted(registry().permissions)[0]
    key, _ = keys.create(f"Kunci {token}", [permission], 30, registry().permissions)
    session_id = sessions.of_officer(officer.id)[0].id
    return {
        "officer_id": str(officer.id),
        "session_id": str(session_id),
        "key_id": str(key.id),
        "login": officer.login,
    }
