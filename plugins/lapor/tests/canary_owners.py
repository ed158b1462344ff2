"""How the canary crawl visits rules, units, batches and outside owners, and rows that carry the token."""

from __future__ import annotations

from datetime import date

from plugins.lapor.models import MoveBatch, Reorganisation, RoutingRule
from superapp.sdk import directory, work
from superapp.testing.canary import Recipe

RECIPES = {
    "lapor_desk.rule_begin": Recipe(form={"agency": "DLHK", "valid_from": "2030-01-01", "document": "Uji"}),
    "lapor_desk.rule_end": Recipe(params={"rule_id": "lapor_rule"}, form={"valid_to": "2031-01-01"}),
    "lapor_desk.rule_try": Recipe(query={"text": "sampah menumpuk", "area": "51.71.01.1001"}),
    "lapor_desk.reorganise": Recipe(form={"giver": "DLHK", "taker": "DPUPR", "on": "2030-01-01"}),
    "lapor_desk.agency_end": Recipe(shared={"code": "DLHK"}, form={"valid_to": "2030-01-01"}),
    "lapor_desk.move_prepare": Recipe(shared={"code": "DLHK"}),
    "lapor_desk.moves": Recipe(params={"batch_id": "lapor_batch"}),
    "lapor_desk.move_save": Recipe(params={"batch_id": "lapor_batch"}, form={"document": "Uji"}),
}


def seed(token: str) -> dict[str, str]:
    """A rule, a reorganisation and a batch of which each document carries the token."""
    units = directory.agencies_by_code()
    rule = RoutingRule(
        category_code="WASTE.PILE", kind="aspiration", agency_id=units["DLHK"].id, document=f"Perwali {token}"
    )
    change = Reorganisation(
        from_agency_id=units["DPUPR"].id,
        to_agency_id=units["DLHK"].id,
        on_date=date(2020, 1, 1),
        document=f"Perda {token}",
    )
    batch = MoveBatch(agency_id=units["DLHK"].id, document=f"Perda {token}", made_by="Koordinator")
    with work() as unit:
        unit.add_all([rule, change, batch])
    return {"lapor_rule": str(rule.id), "lapor_batch": str(batch.id)}
