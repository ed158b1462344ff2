"""How the canary crawl visits limits, ladder, hours and calendar."""

from datetime import date

from plugins.lapor.models import LadderRung, ShiftRow, TimeLimit
from superapp.sdk import dayfile, new_id, work
from superapp.testing.canary import Recipe

RULE = {"params": {"row_id": "lapor_rule"}, "shared": {"what": "batas"}}
LIMIT = {"step": "verify", "authority": "tenant", "amount": "2", "unit": "wd", "document": "Perwali 1"}
DAY = {"day": "2031-05-02", "name": "Hari Uji"}
RECIPES = {
    "lapor_desk.time_rules": Recipe(shared={"what": "batas"}),
    "lapor_desk.time_new": Recipe(shared={"what": "batas"}),
    "lapor_desk.time_add": Recipe(shared={"what": "batas"}, form=LIMIT),
    "lapor_desk.time_row": Recipe(**RULE),
    "lapor_desk.time_succeed": Recipe(**RULE, form={**LIMIT, "valid_from": "2030-01-01"}),
    "lapor_desk.time_end": Recipe(**RULE, form={"end-valid_to": "2031-01-01", "end-document": "Perwali 2"}),
    "lapor_desk.time_day_add": Recipe(form={**DAY, "kind": "local", "document": "SE 1"}),
    "lapor_desk.time_day_remove": Recipe(form=DAY),
    "lapor_desk.time_import": Recipe(form={"kind": "local", "document": "SE 2"}),
    "lapor_desk.time_take_in": Recipe(form={"source": "uji.csv", "days": "day,name\n2031-05-03,Hari Uji\n"}),
}


def seed(token: str) -> dict[str, str]:
    """A limit, a rung, hours and a day off of this government alone, each with the token."""
    dated = {"document": f"Perwali {token}"}
    limit = TimeLimit(id=new_id(), step="follow_up", authority="tenant", amount=4, unit="wd", **dated)
    rung = LadderRung(id=new_id(), step="confirm", level=1, who="agency", relation="after", amount=1, **dated)
    hours = ShiftRow(id=new_id(), weekday=7, opens="08:00", closes="09:00", **dated)
    with work() as unit:
        unit.add_all([limit, rung, hours])
        dayfile.take_in([dayfile.DayOff(date(2031, 6, 2), f"Hari {token}", "local", True, f"SE {token}")])
    return {"lapor_rule": str(limit.id)}
