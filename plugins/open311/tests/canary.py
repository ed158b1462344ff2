"""How the canary crawl visits GeoReport; requests, tokens and updates of another city must stay unseen."""

from plugins.lapor import service
from plugins.lapor.contracts import Draft, Location
from plugins.open311 import reports
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
RECIPES = {
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
    """One published case and a token for it."""
    place = Location(lat=-8.7, lng=115.22, address=f"Jalan Pipit {token}")
    receipt = service.submit(
        Draft("complaint", f"Got {token}", f"Got mampet {token}.", "DRAIN.CLOG", location=place)
    )
    service.verify(receipt.id, version=1)
    return {"open311_number": receipt.number, "open311_token": reports.keep_token(receipt.number)}
