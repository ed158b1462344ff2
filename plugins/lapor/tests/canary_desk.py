"""How the canary crawl visits what officers do together, and rows that another tenant must not see."""

from uuid import UUID

from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.contracts import Receipt
from plugins.lapor.models import CheckItem, UndoEntry
from plugins.lapor.service.deskwork import checklist, drafts, links, macros, presence, templates, views
from plugins.lapor.service.kept import checks
from superapp.sdk import Actor, current_actor, new_id, session, set_actor, work
from superapp.testing.canary import Recipe

CASE = {"number": "lapor_number"}
MARK = "{lapor_mark}"
WRITTEN = {"title": "Uji", "field": "note", "body": "Kami periksa {nomor}."}
BEGUN = {"begin": "note-text", "template-note-text": "{lapor_template}"}
RECIPES = {
    "lapor_desk.undo": Recipe(params={"batch_id": "lapor_batch"}, form={}),
    "lapor_desk.bulk": Recipe(form={"do": "take", "id": MARK}),
    "lapor_desk.save_view": Recipe(form={"title": "Uji", "shared": "own", "view-box": "all"}),
    "lapor_desk.remove_view": Recipe(params={"view_id": "lapor_view"}, form={}),
    "lapor_desk.begin_view": Recipe(params={"view_id": "lapor_view"}, form={"on": "1"}),
    "lapor_desk.template": Recipe(params={"template_id": "lapor_template"}),
    "lapor_desk.save_template": Recipe(form=WRITTEN),
    "lapor_desk.change_template": Recipe(params={"template_id": "lapor_template"}, form=WRITTEN),
    "lapor_desk.end_template": Recipe(params={"template_id": "lapor_template"}, form={}),
    "lapor_desk.edit_macro": Recipe(params={"macro_id": "lapor_macro"}),
    "lapor_desk.save_macro": Recipe(form={"title": "Uji", "note": "Dicek."}),
    "lapor_desk.change_macro": Recipe(params={"macro_id": "lapor_macro"}, form={"title": "Uji", "note": "x"}),
    "lapor_desk.end_macro": Recipe(params={"macro_id": "lapor_macro"}, form={}),
    "lapor_desk.read_all": Recipe(form={}),
    "lapor_desk.tick": Recipe(params=CASE, form={"item": "{lapor_item}", "done": "1"}),
    "lapor_desk.link": Recipe(params=CASE, form={"link-number": "{lapor_number}", "link-kind": "related"}),
    "lapor_desk.unlink": Recipe(params=CASE, form={"link": "{lapor_link}"}),
    "lapor_desk.macro": Recipe(params=CASE, query={"makro": "{lapor_macro}"}),
    "lapor_desk.run_macro": Recipe(params=CASE, form={"version": "1", "macro": "{lapor_macro}"}),
    "lapor_desk.keep": Recipe(params=CASE, form={"answer-text": "Sudah kami periksa."}),
    "lapor_desk.begin": Recipe(
        params=CASE, form={"begin": "note-text", "template-note-text": "{lapor_template}"}
    ),
    "lapor_desk.take_over": Recipe(params=CASE, form={"action": "answer"}),
    "lapor_desk.beat": Recipe(params=CASE, form={"editing": "answer"}),
    "lapor_desk.leave": Recipe(params=CASE, form={}),
}


def seed(token: str, complaint_id: UUID, other: Receipt) -> dict[str, str]:
    """What the desk keeps, each with the token: a note to undo, a draft, a link, a tick, texts and views."""
    rights = frozenset({"lapor.handle", "lapor.all", "lapor.templates"})
    officer, before = Actor("officer", new_id(), f"Petugas {token}", rights), current_actor()
    set_actor(officer)
    item = CheckItem(id=new_id(), code="UJI.CANARY", item=f"Butir {token}")
    with work() as unit:
        unit.add(item)
    checks.forget()
    service.note(complaint_id, text=f"Catatan kedua {token} @koordinator")
    batch = session().scalars(select(UndoEntry.batch_id)).first()
    checklist.tick(complaint_id, item.id, done=True)
    links.link(complaint_id, other.number, "related")
    drafts.keep(complaint_id, "answer-text", f"Konsep {token}", None)
    presence.beat(complaint_id, "answer")
    found = {
        "lapor_batch": str(batch),
        "lapor_item": str(item.id),
        "lapor_link": str(links.links_of(complaint_id)[0].id),
        "lapor_template": str(
            templates.save(None, {"title": f"Templat {token}", "field": "note", "body": f"Isi {token}"})
        ),
        "lapor_macro": str(macros.save(None, {"title": f"Makro {token}", "note": f"Catat {token}"})),
        "lapor_view": str(views.save(f"Tampilan {token}", "desk", {"box": "all"})),
        "lapor_mark": f"{other.number}:1",
    }
    set_actor(before)
    return found
