"""How the canary crawl visits LAPOR, and the case of which another tenant must see nothing."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import UUID

from PIL import Image
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.contracts import Contact, Draft, Location, Upload
from plugins.lapor.models import (
    Audit,
    Document,
    IncidentDeed,
    Photo,
    ProofFinding,
    RoutingModel,
    RoutingReport,
)
from plugins.lapor.service.incident import gather
from plugins.lapor.service.vault import opening
from plugins.lapor.tests import canary_desk, canary_outside, canary_owners, canary_time
from superapp.sdk import Actor, current_actor, new_id, session, set_actor, storage, work
from superapp.testing.canary import Recipe

CASE = {"number": "lapor_number"}
REPORT = {"kind": "complaint", "title": "Lampu mati", "body": "Lampu mati sejak Senin malam."}
PLACE = {"address": "Jalan Uji 1, depan pasar"}
TEXT = {"version": "1", "text": "Kami periksa.", "reason": "Menunggu suku cadang."}
SAID = {
    "text": "Kami periksa.",
    "reason": "Menunggu suku cadang.",
    "question": "Rumah nomor berapa?",
    "purpose": "uji",
    "agency": "DPUPR",
    "owner": "DLHK",
    "reason_code": "duplicate",
    "rule": "Pasal 9",
    "remedy": "Ikuti laporan pertama.",
    "instruction": "Tolong dicek.",
    "heard": "progress",
    "source": "Telepon",
}
PIN = {"Complaint-Pin": "{lapor_pin}"}

RECIPES = {
    "lapor_citizen.send": Recipe(form={"kind": "complaint", "body": REPORT["body"], **PLACE, "category": ""}),
    "lapor_citizen.suggest": Recipe(query={"teks": "lampu jalan mati"}),
    "lapor_citizen.coach": Recipe(query={"teks": "jalan berlubang besar", "jenis": "ROAD.POTHOLE"}),
    "lapor_citizen.correct": Recipe(
        params=CASE,
        form={"version": "1", "c-title": "Jalan rusak", "c-body": "Jalan berlubang."},
    ),
    "lapor_citizen.receipt": Recipe(params=CASE),
    "lapor_citizen.receipt_file": Recipe(params=CASE),
    "lapor_citizen.find": Recipe(query={"nomor": "{lapor_number}"}),
    "lapor_citizen.enter": Recipe(form={"number": "{lapor_number}", "pin": "{lapor_pin}"}),
    "lapor_citizen.open_link": Recipe(params={"ticket": "lapor_ticket"}),
    "lapor_citizen.claim": Recipe(params={"token": "lapor_claim"}),
    "lapor_citizen.take": Recipe(params={"token": "lapor_claim"}, form={"phone": "0812"}),
    "lapor_citizen.photo": Recipe(params={**CASE, "photo_id": "lapor_photo"}, shared={"size": "thumb"}),
    "lapor_desk.enter": Recipe(form={**REPORT, **PLACE, "channel": "phone"}),
    "lapor_desk.photo": Recipe(params={"photo_id": "lapor_photo"}),
    "lapor_desk.put_question": Recipe(
        form={"category": "ROAD", "code": "uji", "kind": "string", "label": "Uji?", "show": "1"}
    ),
    "lapor_desk.end_question": Recipe(params={"question_id": "lapor_question"}),
    "lapor_desk.inbox": Recipe(query={"box": "all", "q": "lampu"}),
    "lapor_api.submit": Recipe(json={**REPORT, "location": PLACE}),
    "lapor_api.questions": Recipe(query={"category": "ROAD.POTHOLE"}),
    "lapor_api.answer": Recipe(params=CASE, json={"answers": {"width": 40}}, headers=PIN),
    "lapor_api.add_photos": Recipe(params=CASE, headers=PIN),
}
RECIPES |= {
    "lapor_citizen.similar": Recipe(query={"teks": "jalan berlubang sejak senin", "alamat": "Jalan Kenari"}),
    "lapor_citizen.join_form": Recipe(params=CASE),
    "lapor_citizen.join": Recipe(params=CASE, form={"body": "Di depan rumah saya juga."}),
    "lapor_citizen.follow": Recipe(params=CASE, form={"other": "{lapor_number}"}),
    "lapor_citizen.leave_incident": Recipe(params=CASE),
    "lapor_citizen.decline": Recipe(params=CASE),
}
for step in ("gather", "split", "lead"):
    RECIPES[f"lapor_desk.{step}"] = Recipe(params=CASE, form={"into": "{lapor_number}"})
RECIPES |= {
    "lapor_api.likely": Recipe(query={"text": "jalan berlubang sejak senin", "address": "Jalan Kenari"}),
    "lapor_api.join": Recipe(params=CASE, json={"text": "Di depan rumah saya juga."}),
    # Without its PIN: one caller may try only so many in a quarter of an hour.
    "lapor_api.own_leave": Recipe(params=CASE, json={}),
    "lapor_api.act_gather": Recipe(params=CASE, json={"into": "{lapor_number}"}),
    "lapor_api.act_split": Recipe(params=CASE, json={}),
    "lapor_desk.incident": Recipe(params={"incident_id": "lapor_incident"}),
    "lapor_desk.incident_add": Recipe(
        params={"incident_id": "lapor_incident"}, form={"number": "{lapor_number}"}
    ),
    "lapor_desk.incident_undo": Recipe(params={"deed_id": "lapor_deed"}),
    "lapor_desk.twin": Recipe(
        form={"one": "{lapor_number}", "other": "{lapor_voice}", "act": "apart", "reason": "uji"}
    ),
}
DECIDED = {"verdict": "false", "reason": "Belum dikerjakan."}
RECIPES |= {
    "lapor_citizen.document": Recipe(params={**CASE, "document_id": "lapor_document"}),
    "lapor_desk.document": Recipe(params={"document_id": "lapor_document"}),
    "lapor_desk.resolve": Recipe(params={**CASE, "finding_id": "lapor_finding"}, form=DECIDED),
    "lapor_desk.reject_proof": Recipe(params=CASE, form={"version": "1", "reject_proof-reason": "Lama."}),
    "lapor_desk.false_closing": Recipe(params=CASE, form={"version": "1", "false_closing-reason": "Belum."}),
    "lapor_desk.audit": Recipe(params={"audit_id": "lapor_audit"}),
    "lapor_desk.judge": Recipe(params={"audit_id": "lapor_audit"}, form=DECIDED),
}
for step in ("redaction", "cover", "clear", "restore", "original"):
    covered = {"cell": "1", "reason": "Salah tandai.", "purpose": "Sengketa."}
    RECIPES[f"lapor_desk.{step}"] = Recipe(params={"photo_id": "lapor_photo"}, form=covered)
RECIPES |= {
    "lapor_citizen.own_data": Recipe(params=CASE),
    "lapor_citizen.own_copy": Recipe(params=CASE),
    "lapor_citizen.forget": Recipe(params=CASE),
    "lapor_desk.identity_search": Recipe(form={"value": "081234567890", "purpose": "uji"}),
    "lapor_desk.identity_ask": Recipe(params={"number": "lapor_whistle"}, form={"ask-purpose": "uji"}),
    "lapor_desk.identity_decide": Recipe(params={"wish": "lapor_wish"}, form={"grant": "yes"}),
    "lapor_desk.identity_look": Recipe(params={"wish": "lapor_wish"}),
    "lapor_desk.whistle_mark": Recipe(params=CASE, form={"version": "1", "mark-reason": "uji"}),
    "lapor_desk.whistle_release": Recipe(
        params={"number": "lapor_whistle"}, form={"version": "1", "release-reason": "uji"}
    ),
}
RECIPES |= {
    "lapor_desk.train": Recipe(form={}),
    "lapor_desk.read_alarms": Recipe(form={"week": "2026-03-02"}),
    "lapor_desk.use_version": Recipe(params={"model_id": "lapor_model"}, form={}),
    "lapor_desk.recall": Recipe(params=CASE, form={"version": "1", "recall-reason": "Keliru."}),
}
RECIPES |= canary_time.RECIPES
RECIPES |= canary_owners.RECIPES
RECIPES |= canary_outside.RECIPES
for step in ("track", "own", "leave", "confirm", "reopen", "reply", "withdraw", "contact"):
    RECIPES[f"lapor_citizen.{step}"] = Recipe(params=CASE, form={**TEXT, "solved": "yes", "rating": "5"})
HANDLED = (
    *("verify", "dispose", "give_back", "hold", "resume"),
    *("progress", "answer", "archive", "forward", "note", "pass_on", "hear"),
)
for step in (*HANDLED, "case", "reveal", "ask"):
    typed = {f"{step}-{name}": value for name, value in SAID.items()}
    RECIPES[f"lapor_desk.{step}"] = Recipe(params=CASE, form={"version": "1", **typed})
for step in HANDLED:
    RECIPES[f"lapor_api.act_{step}"] = Recipe(params=CASE, json={"version": 1, "text": "Kami periksa."})
for step in ("read", "own_confirm", "own_reopen", "own_reply", "own_withdraw"):
    RECIPES[f"lapor_api.{step}"] = Recipe(params=CASE, json={"text": "Masih mati."}, headers=PIN)

RECIPES |= canary_desk.RECIPES


def seed(token: str) -> dict[str, str]:
    """One open and one desk-entered case with a photo, a note and a contact; every text has the token."""
    place = Location(lat=-8.7, lng=115.22, address=f"Jalan Kenari {token}", area_code="51.71.01.1001")
    contact = Contact(f"Warga {token}", "081234567890", f"{token.lower()}@warga.example")
    options = next(each.options for each in service.questions_of("ROAD.POTHOLE") if each.kind == "choice")
    draft = Draft(
        "complaint",
        f"Jalan rusak {token}",
        f"Jalan berlubang sejak Senin {token}.",
        "ROAD.POTHOLE",
        location=place,
        reporter=contact,
        answers={"traffic": options[-1], "witness": f"Saksi {token}"},
    )
    picture = BytesIO()
    Image.new("RGB", (64, 64), "navy").save(picture, "JPEG")
    connection = canary_outside.connect(token)
    receipt = service.submit(draft, [Upload(f"{token}.jpg", picture.getvalue())])
    service.correct(receipt.ticket, version=None, title=f"Jalan rusak parah {token}")
    service.note(receipt.id, text=f"Catatan dalam {token}")
    entered = service.submit(
        Draft(
            "complaint",
            f"Got mampet {token}",
            f"Got mampet di depan rumah {token}.",
            channel="phone",
            location=place,
        )
    )
    photo = session().scalars(select(Photo.id).where(Photo.complaint_id == receipt.id)).one()
    voices = [service.submit(replace(draft, body=f"Lubang di jalan itu {n} {token}.")) for n in range(2)]
    incident_id = gather.gather(voices[0].id, [voices[1].id], reason=f"Sama {token}")
    deed_id = session().scalars(select(IncidentDeed.id)).one()
    return proof(token, receipt.id, photo) | {
        "lapor_incident": str(incident_id),
        "lapor_deed": str(deed_id),
        "lapor_voice": voices[0].number,
        "lapor_number": receipt.number,
        "lapor_pin": receipt.pin,
        "lapor_ticket": receipt.ticket,
        "lapor_claim": str(entered.claim_token or entered.ticket),
        "lapor_photo": str(photo),
        "lapor_question": str(service.questions_of("ROAD.POTHOLE")[0].id),
        **canary_desk.seed(token, receipt.id, entered),
        **vault_seed(token, contact),
        **canary_time.seed(token),
        **canary_owners.seed(token),
        **canary_outside.seed(token, connection, receipt.id),
        **routing_seed(token),
    }


def routing_seed(token: str) -> dict[str, str]:
    """A version of the model with a note, and a week's report with an alarm."""
    version = RoutingModel(id=new_id(), rows=60, note=f"Versi {token}", activated_by=f"Petugas {token}")
    counts = dict.fromkeys(("suggested", "first", "three", "strong", "strong_right"), 1)
    measures = {**counts, "alone": 0, "alone_right": 0, "units": []}
    alarm = {"kind": "recall", "code": f"UNIT-{token}", "cases": 20, "right": 9}
    alarm |= {"cases_before": 30, "right_before": 27}
    week = RoutingReport(week=date(2026, 3, 2), cases=1, measures=measures, alarms=[alarm])
    session().add_all([version, week])
    session().flush()
    return {"lapor_model": str(version.id)}


def vault_seed(token: str, contact: Contact) -> dict[str, str]:
    """A whistle-blower's case and an inspector's wish to see who it is."""
    draft = Draft(
        "complaint", f"Pungli {token}", f"Diminta uang di loket {token}.", reporter=contact, whistle=True
    )
    receipt = service.submit(draft)
    rights = frozenset({"lapor.identity", "lapor.whistle"})
    before = current_actor()
    set_actor(Actor("officer", new_id(), f"Pemeriksa {token}", rights))
    opening.ask(receipt.id, purpose=f"Memanggil saksi {token}")
    wish = opening.wishes(receipt.id)[0].id
    set_actor(before)
    return {"lapor_whistle": receipt.number, "lapor_wish": str(wish)}


def proof(token: str, complaint_id: UUID, photo_id: UUID) -> dict[str, str]:
    """A document, a finding and a drawn closing of the open case."""
    data = b"%PDF-1.4 " + token.encode() + b" startxref 0 %%EOF"
    paper = Document(
        id=new_id(),
        complaint_id=complaint_id,
        state="ready",
        size=len(data),
        sha256=bytes(32),
        file=storage.put("lapor_document", data, ".pdf"),
    )
    doubt = ProofFinding(
        id=new_id(),
        complaint_id=complaint_id,
        photo_id=photo_id,
        key=f"edited:{token}",
        code="edited",
        weight="doubt",
        evidence={"mark": f"Software: {token}"},
    )
    drawn = Audit(
        id=new_id(),
        complaint_id=complaint_id,
        event_id=new_id(),
        cause="sample",
        closed_how="confirmed",
        rate=5,
    )
    with work() as unit:
        unit.add(paper)
        unit.flush()
        unit.add_all([doubt, drawn])
    names = {"lapor_document": paper, "lapor_finding": doubt, "lapor_audit": drawn}
    return {name: str(row.id) for name, row in names.items()}
