"""How the canary crawl visits GeoReport; requests, tokens and updates of another city must stay unseen."""

from uuid import UUID

from plugins.lapor import service
from plugins.lapor.contracts import Draft, Location
from plugins.open311 import reports
from plugins.open311.client import servers
from plugins.open311.models import Told
from superapp.sdk import work
from superapp.testing.canary import Recipe

JSON = {"fmt": "json"}
SENT = {"service_code": "DRAIN.CLOG", "description": "Got mampet.", "address_string": "Jalan Uji 3"}
SAID = {
    "service_request_id": "{open311_number}",
    "update_id": "a1",
    "status": "IN_PROGRESS",
    "updated_datetime": "2026-03-17T08:00:00Z",
    "description": "Kami kerjakan.",
}
ONE = {"server_id": "open311_server"}
OTHER = {"title": "Uji", "endpoint": "https://contoh.example/v2", "spelling": "xml", "copies": "1"}
RECIPES = {
    "open311_desk.add": Recipe(form=OTHER),
    "open311_desk.change": Recipe(params=ONE, form=OTHER),
    "open311_desk.services": Recipe(params=ONE, form={"map-DRAIN.CLOG": "D1"}),
    **{f"open311_desk.{name}": Recipe(params=ONE, form={}) for name in ("show", "answers", "read", "end")},
    "open311.discovery": Recipe(shared=JSON),
    "open311.discovery_v2": Recipe(shared=JSON),
    "open311.services": Recipe(shared={"fmt": "xml"}),
    "open311.service": Recipe(shared={**JSON, "code": "DRAIN.CLOG"}),
    "open311.listing": Recipe(shared=JSON, query={"extensions": "true"}),
    "open311.send": Recipe(shared=JSON, form=SENT),
    "open311.table": Recipe(shared={"fmt": "csv"}),
    "open311.read": Recipe(params={"number": "open311_number"}, shared=JSON),
    "open311.token": Recipe(params={"value": "open311_token"}, shared=JSON),
    "open311.updates": Recipe(shared={"fmt": "xml"}),
    "open311.send_update": Recipe(shared=JSON, form=SAID),
    "open311.nowhere": Recipe(shared={"rest": "v2/tidak-ada.xml"}),
}


def seed(token: str) -> dict[str, str]:
    """One published case and a token for it; a server whose services and answers carry the token."""
    place = Location(lat=-8.7, lng=115.22, address=f"Jalan Pipit {token}")
    receipt = service.submit(
        Draft("complaint", f"Got {token}", f"Got mampet {token}.", "DRAIN.CLOG", location=place)
    )
    service.verify(receipt.id, version=1)
    return {
        "open311_number": receipt.number,
        "open311_token": reports.keep_token(receipt.number),
        "open311_server": str(_server(token)),
    }


def _server(token: str) -> UUID:
    address = f"https://{token.lower()}.example/v2"
    made = servers.add(servers.Given(f"Balai {token}", address, jurisdiction=token, copies=True))
    with work() as unit:
        row = servers.one(made)
        row.services = [{"code": "D1", "name": f"Saluran {token}", "group": token, "metadata": True}]
        row.mapping, row.fixed = {"DRAIN.CLOG": "D1"}, {"D1": {"a": token}}
        row.fetch_error = f"503 {token}"
        asked = {"code": "a", "datatype": "text", "required": True, "description": token, "values": []}
        row.definitions = {"D1": [asked]}
        unit.add(Told(server_id=made, update_id=token))
    return made
