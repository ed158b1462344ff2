"""Of a case that was handed over only what was sent is on the other side: not one word more."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import psycopg
from PIL import ExifTags, Image
from sqlalchemy import select

from plugins.antarpemda.tests.neighbours import Pair, case_of
from plugins.antarpemda.tests.test_antarpemda import DRAFT
from plugins.lapor import service
from plugins.lapor.contracts import Contact, Upload
from plugins.lapor.models import CaseEvent, Photo
from plugins.lapor.service.vault import letters, people
from superapp.sdk import session

STAYS = {
    "name": "Rahasianama",
    "phone": "081298765432",
    "email": "rahasia.surel@uji.example",
    "nik": "5171011234560007",
    "witness": "Rahasiasaksi",
    "note": "Rahasiacatatan",
    "hidden": "Rahasiakemajuan",
    "instruction": "Rahasiainstruksi",
}
SENT = ("Tandajudul", "Tandaisi", "Tandajalan", "Tandapengantar")
TABLES = """
SELECT table_schema || '.' || table_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE column_name = 'tenant_id' AND table_type = 'BASE TABLE' ORDER BY 1
"""


def picture() -> bytes:
    """A photo that says where it was taken."""
    made, out, exif = Image.new("RGB", (320, 200), (90, 120, 60)), io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Make] = "RAHASIAKAMERA"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] = (8.0, 44.0, 3.6), "S"
    place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] = (115.0, 14.0, 0.0), "E"
    made.save(out, "JPEG", exif=exif)
    return out.getvalue()


def everything_of(pair: Pair, link: psycopg.Connection, var: Path, tenant_id: int) -> str:
    """All rows and files of a government, and all letters that lie in the queue, as one text."""
    found = []
    for (table,) in link.execute(TABLES).fetchall():
        rows = link.execute(f"SELECT x::text FROM {table} x WHERE tenant_id = %s", (tenant_id,))  # type: ignore[arg-type]
        found += [row[0] for row in rows.fetchall()]
    found += [
        row[0]
        for row in link.execute(
            "SELECT args::text FROM jobs.procrastinate_jobs WHERE args->>'tenant_id' = %s", (str(tenant_id),)
        ).fetchall()
    ]
    for folder in var.rglob(str(tenant_id)):
        found += [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    return "\n".join(found)


def test_only_what_was_sent_is_there(pair: Pair, admin_connection: psycopg.Connection, var: Path) -> None:
    draft = replace(
        DRAFT,
        title="Tandajudul ambles",
        body="Tandaisi ambles sejak kemarin.",
        location=replace(DRAFT.location, address="Jalan Tandajalan 7"),
        reporter=Contact(STAYS["name"], STAYS["phone"], STAYS["email"], STAYS["nik"]),
        answers={"traffic": "Sebagian", "witness": STAYS["witness"]},
    )
    with pair.at(pair.city):
        receipt = service.submit(draft, [Upload("a.jpg", picture())])
        service.note(receipt.id, text=STAYS["note"])
        service.verify(receipt.id)
        service.dispose(receipt.id, agency_codes=["DPUPR"], instruction=STAYS["instruction"])
        service.progress(receipt.id, text=STAYS["hidden"], public=False)
    pair.work()
    with pair.at(pair.city):
        service.forward(receipt.id, agency_code="BPJN", text="Tandapengantar untuk provinsi.")
    pair.deliver()
    pair.work()
    there = everything_of(pair, admin_connection, var, pair.province.id)
    for word in SENT[:3]:
        assert word in there, word
    for what, word in STAYS.items():
        assert word not in there, what
    assert receipt.pin not in there and "RAHASIAKAMERA" not in there and "GPSLatitude" not in there
    with pair.at(pair.province):
        case = case_of(pair.arrived().number)
        assert "Apakah jalan masih bisa dilewati?: Sebagian" in case.body
        assert people.kept(case.id).contact == Contact()
        photo = session().scalars(select(Photo)).one()
        assert photo.state == "ready" and photo.lat is None and photo.taken_at is None
        assert not letters.to_reporter(case, "kabar", "k")
        service.note(case.id, text="Rahasiaprovinsi")
        service.verify(case.id)
        service.dispose(case.id, agency_codes=["DPUPR"], instruction="Rahasiaperintah")
        service.progress(case.id, text="Tandakemajuan", photos=[Upload("b.jpg", picture())])
    pair.work()
    pair.deliver()
    pair.work()
    here = everything_of(pair, admin_connection, var, pair.city.id)
    assert "Tandakemajuan" in here
    assert "Rahasiaprovinsi" not in here and "Rahasiaperintah" not in here
    with pair.at(pair.city):
        photos = session().scalars(select(Photo).order_by(Photo.id)).all()
        assert [each.stage for each in photos] == ["report", "progress"], "its own picture did not come back"


def test_names_travel_only_when_both_agree_and_never_for_the_anonymous(pair: Pair) -> None:
    who = Contact("Sekar", "081234567890", "sekar@uji.example", "5171011234560007")
    pair.consent(pair.city, identity=True)
    pair.post_round()
    numbers: list[Contact] = []

    def arrives(**changes: object) -> Contact:
        with pair.at(pair.city):
            receipt = service.submit(replace(DRAFT, reporter=who, **changes))  # type: ignore[arg-type]
            service.forward(receipt.id, agency_code="BPJN")
        pair.deliver()
        with pair.at(pair.province):
            case = pair.arrived()
            assert not letters.to_reporter(case, "kabar", "k"), "the city writes to them, nobody else"
            return people.kept(case.id).contact

    numbers.append(arrives())
    pair.consent(pair.province, identity=True)
    pair.post_round()
    numbers += [arrives(), arrives(anonymous=True)]
    assert numbers == [Contact(), replace(who, nik=""), Contact()]
    with pair.at(pair.city):
        told = session().scalars(select(CaseEvent.type)).all()
        assert told.count("forward") == 3


def test_what_is_secret_or_blows_the_whistle_never_leaves(pair: Pair) -> None:
    with pair.at(pair.city):
        for changes in ({"secret": True}, {"whistle": True}):
            receipt = service.submit(replace(DRAFT, **changes))  # type: ignore[arg-type]
            if "secret" in changes:
                service.forward(receipt.id, agency_code="BPJN")
    pair.deliver()
    with pair.at(pair.province):
        assert pair.arrived() is None
