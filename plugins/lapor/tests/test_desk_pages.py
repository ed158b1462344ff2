"""The desk's shared work through its pages, without script: bulk, drafts, templates, views, mentions."""

from __future__ import annotations

import re
from html import unescape

import pytest

from plugins.lapor.service.deskwork import drafts, macros, templates
from plugins.lapor.service.kept import checks
from plugins.lapor.tests.desk_people import COUNTER, behind, lies, sits, step, view
from superapp.sdk import tenant_scope

LIST = "/meja/lapor/"
RETURNED = {"give_back__owner": "DPUPR", "give_back__reason": "Ini saluran kota"}


@pytest.fixture
def chief(app, client, tenant_a):
    """The coordinator's browser."""
    return sits(app, client, tenant_a, "coordinator", COUNTER)


def send(browser, path: str, query: str = "", **fields):
    """Post a form of the desk; a list of values repeats its field."""
    return browser.post(f"{LIST}{path}{query}", data={"csrf_token": browser.token("/meja/akun"), **fields})


def undo_of(page: str) -> str:
    """Where the toast's button leads."""
    return re.search(r'action="/meja/lapor/(urungkan/[0-9a-f-]+)"', page)[1]


def written(text: str) -> dict[str, str]:
    """A text of progress over a draft that was not there yet."""
    return {"progress-text": text, "draft-progress-text": "0"}


def officer(app, tenant, browser):
    """A scope in which the services act as the officer of a browser."""
    from contextlib import ExitStack

    from superapp.identity import permit, sessions

    stack = ExitStack()
    stack.enter_context(app.app_context())
    with tenant_scope(tenant):
        actor = sessions.actor_of(browser.get_cookie(permit.cookie_name(), domain=tenant.host).value)
    stack.enter_context(tenant_scope(tenant, actor))
    return stack


def test_a_step_offers_to_be_undone_in_the_toast_and_on_the_case(app, chief, tenant_a):
    receipt = lies(app, tenant_a)
    assert step(chief, receipt, "verifikasi", 1).status_code == 303
    page = chief.get(f"{LIST}{receipt.number}").text
    assert 'role="status" data-toast' in page
    assert "Bisa diurungkan" in page
    answer = send(chief, undo_of(page))
    assert answer.status_code == 303
    assert "kembali seperti semula" in chief.get(answer.location).text
    assert view(app, tenant_a, receipt).case.status == "received"
    assert "sudah diurungkan" in chief.get(send(chief, undo_of(page)).location).text


def test_an_identity_that_was_seen_says_why_it_cannot_be_undone(app, client, tenant_a):
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    with officer(app, tenant_a, browser):
        from plugins.lapor.models import Complaint
        from plugins.lapor.service.kept import steps
        from superapp.sdk import current_tenant, session, work

        with work():
            case = session().get(Complaint, (current_tenant().id, receipt.id))
            steps.cannot(case, "reveal", None, "Sudah terlihat.")
    assert "Ini tidak bisa diurungkan. Sudah terlihat." in browser.get(f"{LIST}{receipt.number}").text


def test_picked_rows_go_to_their_suggested_unit_and_back(app, chief, tenant_a):
    receipts = [lies(app, tenant_a) for _ in range(3)]
    page = chief.get(f"{LIST}?box=unverified").text
    marks = re.findall(r'name="id" value="([^"]+)" form="bulk"', page)
    assert sorted(marks) == sorted(f"{each.number}:1" for each in receipts)
    answer = send(chief, "massal", "?box=unverified", do="suggested", id=marks)
    assert answer.status_code == 303
    assert {view(app, tenant_a, each).case.status for each in receipts} == {"dispositioned"}
    page = chief.get(answer.location).text
    assert "3 laporan: diteruskan sesuai saran" in page
    send(chief, undo_of(page))
    assert {view(app, tenant_a, each).case.status for each in receipts} == {"received"}


def test_key_one_moves_a_single_row_whatever_is_picked(app, chief, tenant_a):
    one, other = lies(app, tenant_a), lies(app, tenant_a)
    mark = f"{one.number}:1"
    assert f'name="suggested" value="{mark}" data-key="1"' in chief.get(f"{LIST}?box=unverified").text
    send(chief, "massal", suggested=mark, do="", id=[f"{other.number}:1"])
    assert view(app, tenant_a, one).case.status == "dispositioned"
    assert view(app, tenant_a, other).case.status == "received"


def test_an_action_that_needs_words_asks_for_them_first_and_keeps_what_was_typed(app, chief, tenant_a):
    receipt = lies(app, tenant_a)
    mark = f"{receipt.number}:1"
    page = send(chief, "massal", do="archive", id=[mark])
    assert page.status_code == 200
    assert view(app, tenant_a, receipt).case.status == "received"
    assert "Tumpukan sampah di depan pasar" in page.text
    refused = send(chief, "massal", do="archive", id=[mark], go="1", reason_code="", rule="Pasal tujuh")
    assert refused.status_code in {409, 422}
    done = send(chief, "massal", do="hold", id=[mark], go="1", reason="Menunggu cuaca.")
    assert done.status_code == 303
    assert view(app, tenant_a, receipt).case.status == "on_hold"
    bad = send(chief, "massal", do="hold", id=[mark], go="1", reason="Menunggu.", until="besok")
    assert bad.status_code == 422
    assert "Menunggu." in bad.text


def test_what_failed_in_a_bulk_deed_is_listed_with_its_reason(app, chief, tenant_a):
    fresh, moved = lies(app, tenant_a), lies(app, tenant_a, "DLHK")
    page = send(chief, "massal", do="verify", id=[f"{fresh.number}:1", f"{moved.number}:1"])
    assert page.status_code == 200
    assert "Verifikasi: 1 dari 2 berhasil" in page.text
    assert "sudah berubah" in page.text
    send(chief, undo_of(page.text))
    assert view(app, tenant_a, fresh).case.status == "received"


def test_one_who_only_reads_has_no_boxes_to_tick(app, client, tenant_a):
    lies(app, tenant_a, "DLHK")
    browser = sits(app, client, tenant_a, "leader")
    assert 'form="bulk"' not in browser.get(f"{LIST}?box=all").text
    assert send(browser, "massal", do="take", id=["UJI-2026-000001:1"]).status_code == 403


def test_a_stale_form_shows_what_changed_and_loses_no_text(app, client, chief, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    liaison = sits(app, client, tenant_a, "liaison", "DLHK")
    assert step(liaison, receipt, "kemajuan", 2, progress__text="Truk berangkat.").status_code == 303
    refused = step(
        chief, receipt, "kembalikan", 2, give_back__owner="DPUPR", give_back__reason="Ini saluran kota"
    )
    assert refused.status_code == 409
    assert "Truk berangkat." in refused.text
    assert "<del>Diteruskan ke unit</del> <ins>Dikerjakan</ins>" in refused.text
    assert "Ini saluran kota" in refused.text
    again = chief.get(f"{LIST}{receipt.number}").text  # as after a session that ended
    assert "Ini saluran kota" in again
    assert "Konsep Anda" in again


def test_a_draft_is_seen_by_the_unit_and_goes_when_it_is_sent(app, client, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    first = sits(app, client, tenant_a, "liaison", "DLHK")
    kept = send(first, f"{receipt.number}/konsep", **written("Truk sudah"))
    assert kept.status_code == 303
    second = sits(app, client, tenant_a, "operator", "DLHK")
    page = second.get(f"{LIST}{receipt.number}").text
    assert "Truk sudah" in page
    assert "Konsep Pejabat penghubung, DLHK" in page
    told = second.post(
        f"{LIST}{receipt.number}/konsep",
        data={"csrf_token": second.token("/meja/akun"), "progress-text": "Lain", "draft-progress-text": "0"},
        headers={"Accept": "application/json"},
    )
    assert told.status_code == 409
    assert told.json["others"]["progress-text"]["text"] == "Truk sudah"
    both = send(second, f"{receipt.number}/konsep", **written("Truk belum"))
    assert both.status_code == 409
    assert "<ins>sudah</ins>" in both.text
    assert "Truk belum" in both.text
    assert step(second, receipt, "kemajuan", 2, progress__text="Truk sudah berangkat.").status_code == 303
    with officer(app, tenant_a, first):
        assert drafts.drafts_of(receipt.id) == {}


def test_a_template_begins_a_text_without_losing_what_stands_there(app, chief, tenant_a):
    receipt = lies(app, tenant_a)
    with officer(app, tenant_a, chief):
        chosen = templates.save(
            None, {"title": "Titik", "field": "ask", "body": "{pelapor}, di mana titiknya?"}
        )
    page = chief.get(f"{LIST}{receipt.number}").text
    assert 'data-text="Bapak/Ibu, di mana titiknya?"' in page
    fields = {"begin": "ask-question", "template-ask-question": str(chosen), "ask-question": "Selamat pagi."}
    filled = send(chief, f"{receipt.number}/mulai", **fields).text
    assert "Selamat pagi.\n\nBapak/Ibu, di mana titiknya?" in filled


def test_a_macro_is_shown_before_it_runs(app, chief, tenant_a):
    receipt = lies(app, tenant_a)
    with officer(app, tenant_a, chief):
        macro = macros.save(None, {"title": "Cepat", "verify": "1", "dispose": "unit", "agency": "DPUPR"})
    plan = chief.get(f"{LIST}{receipt.number}/makro?makro={macro}").text
    assert "teruskan ke unit: Dinas Pekerjaan Umum dan Penataan Ruang" in plan
    assert plan.count("btn-primary") == 1
    assert send(chief, f"{receipt.number}/makro", macro=str(macro), version="1").status_code == 303
    assert view(app, tenant_a, receipt).case.status == "dispositioned"
    assert send(chief, f"{receipt.number}/makro", macro=str(macro), version="1").status_code == 409
    assert chief.get(f"{LIST}{receipt.number}/makro?makro=x").status_code == 422


def test_who_writes_is_named_and_may_be_relieved(app, client, chief, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    liaison = sits(app, client, tenant_a, "liaison", "DLHK")
    send(liaison, f"{receipt.number}/hadir", editing="answer")
    page = chief.get(f"{LIST}{receipt.number}").text
    assert "Sedang dibuka juga: Pejabat penghubung, DLHK" in page
    assert "Pejabat penghubung, DLHK sedang menulis di sini." in page
    refused = step(chief, receipt, "jawab", 2, answer__text="Sudah diangkut semua.")
    assert refused.status_code == 409
    assert "Sudah diangkut semua." in refused.text
    over = {"action": "answer", "answer-text": "Sudah diangkut semua."}
    assert send(chief, f"{receipt.number}/ambil-alih", **over).status_code == 303
    told = send(liaison, f"{receipt.number}/hadir", editing="answer")
    assert told.json["writers"] == {"answer": "Koordinator, Diskominfo"}
    assert step(chief, receipt, "jawab", 2, answer__text="Sudah diangkut semua.").status_code == 303


def test_the_checklist_is_ticked_and_holds_the_step(app, chief, tenant_a):
    receipt = lies(app, tenant_a)
    with behind(app, tenant_a):
        from plugins.lapor.models import CheckItem
        from superapp.sdk import new_id, work

        item = CheckItem(id=new_id(), code="UJI.1", item="Sudah ditelepon", before_action="dispose")
        with work() as unit:
            unit.add(item)
        item_id = item.id
    checks.forget()
    refused = step(chief, receipt, "teruskan", 1, dispose__agency="DLHK")
    assert refused.status_code == 422
    assert '<a href="#f-dispose-checklist">Sudah ditelepon</a>' in refused.text
    assert send(chief, f"{receipt.number}/centang", item=str(item_id), done="1").status_code == 303
    assert 'aria-checked="true"' in chief.get(f"{LIST}{receipt.number}").text
    assert step(chief, receipt, "teruskan", 1, dispose__agency="DLHK").status_code == 303


def test_links_are_made_by_number_and_a_wrong_one_is_named(app, chief, tenant_a):
    one, other = lies(app, tenant_a), lies(app, tenant_a, title="Pipa bocor")
    wrong = send(chief, f"{one.number}/hubungkan", **{"link-number": "x", "link-kind": "related"})
    assert wrong.status_code == 422
    assert "Tidak ada laporan dengan nomor ini" in wrong.text
    fields = {"link-number": other.number, "link-kind": "caused_by"}
    assert send(chief, f"{one.number}/hubungkan", **fields).status_code == 303
    assert "Pipa bocor" in chief.get(f"{LIST}{one.number}").text
    assert "menyebabkan" in chief.get(f"{LIST}{other.number}").text
    link = re.search(r'name="link" value="([^"]+)"', chief.get(f"{LIST}{one.number}").text)[1]
    assert send(chief, f"{one.number}/lepas", link=link).status_code == 303
    assert "menyebabkan" not in chief.get(f"{LIST}{other.number}").text


def test_a_view_is_kept_shown_counted_and_begun_with(app, chief, tenant_a):
    lies(app, tenant_a)
    fields = {"title": "Sampah baru", "shared": "own", "view-box": "all", "view-category": "WASTE.PILE"}
    kept = send(chief, "tampilan", **fields, **{"view-order": "new", "first": "1"})
    assert kept.status_code == 303
    page = chief.get(f"{LIST}?box=all").text
    assert '>Sampah baru <span class="count">1</span>' in page
    begun = chief.get(LIST)
    assert begun.status_code == 303
    assert "order=new" in begun.location
    assert "Urut: terbaru masuk" in chief.get(begun.location).text
    with officer(app, tenant_a, chief):
        (found,) = views_of()
    assert send(chief, f"tampilan/{found}/awal", on="0").status_code == 303
    assert chief.get(LIST).status_code == 200
    assert send(chief, f"tampilan/{found}/hapus").status_code == 303
    assert "Sampah baru" not in chief.get(f"{LIST}?box=all").text


def views_of():
    from plugins.lapor.service.deskwork.start import look

    return [each.id for each in look().views]


def test_the_reporter_filter_and_the_order_are_plain_selects(app, chief, tenant_a):
    lies(app, tenant_a, title="Tanpa nama", anonymous=True)
    lies(app, tenant_a, title="Dengan nama")
    page = chief.get(f"{LIST}?box=all&reporter=anonymous&order=old").text
    assert "Tanpa nama" in page
    assert "Dengan nama" not in page
    assert '<option value="old" selected>Urut: terlama masuk</option>' in page


def test_a_mentioned_unit_reads_the_case_from_its_list(app, client, chief, tenant_a):
    receipt = lies(app, tenant_a)
    assert step(chief, receipt, "catatan", 1, note__text="@DLHK mohon pendapat.").status_code == 303
    liaison = sits(app, client, tenant_a, "liaison", "DLHK")
    page = liaison.get(f"{LIST}sebutan").text
    assert "mohon pendapat" in page
    assert 'Sebutan</span><span class="desk-count">1</span>' in page
    case = liaison.get(f"{LIST}{receipt.number}")
    assert case.status_code == 200
    assert "btn-primary" not in case.text
    assert 'Sebutan</span><span class="desk-count">' not in liaison.get(f"{LIST}sebutan").text
    wrong = step(chief, receipt, "catatan", 1, note__text="@TIDAKADA?")
    assert wrong.status_code == 422
    assert "@TIDAKADA?" in unescape(wrong.text)


def test_templates_and_macros_are_written_tried_and_ended(app, client, chief, tenant_a):
    words = {"title": "Selesai", "field": "answer", "unit": "", "body": "{pelapor}, {kategori} selesai."}
    shown = send(chief, "templat", **words, preview="1").text
    assert "Bapak/Ibu, Lampu jalan mati selesai." in shown
    wrong = send(chief, "templat", **{**words, "body": "{nomer}"})
    assert wrong.status_code == 422
    assert "Maksud Anda {nomor}?" in wrong.text
    assert send(chief, "templat", **words).status_code == 303
    with officer(app, tenant_a, chief):
        (kept,) = templates.templates()
    assert send(chief, f"templat/{kept.id}", **{**words, "title": "Beres"}).status_code == 303
    assert "Beres" in chief.get(f"{LIST}templat/{kept.id}").text
    assert send(chief, f"templat/{kept.id}/akhiri").status_code == 303
    assert "berakhir" in chief.get(f"{LIST}templat").text
    liaison = sits(app, client, tenant_a, "liaison", "DLHK")
    assert send(liaison, "templat", **words).status_code == 403
    assert send(liaison, "templat", **{**words, "unit": "own"}).status_code == 303
    refused = send(liaison, "makro", title="Kosong", unit="own")
    assert refused.status_code == 422
    assert "Pilih setidaknya satu langkah." in refused.text
    assert send(liaison, "makro", title="Catat", unit="own", note="Dicek.").status_code == 303


def test_all_keys_stand_on_a_page_with_their_switch(app, chief):
    page = chief.get(f"{LIST}pintasan").text
    assert "urungkan langkah terakhir" in page
    assert 'action="/meja/akun/pintasan"' in page


def test_a_form_sent_after_the_sign_in_ended_shows_its_text_again(app, chief, tenant_a):
    receipt = lies(app, tenant_a, "DLHK")
    token = chief.token("/meja/akun")
    with app.app_context():
        from superapp.identity import permit

        chief.delete_cookie(permit.cookie_name(), domain=tenant_a.host)
    words = {"csrf_token": token, "version": "2", "answer-text": "Sudah kami <b>angkut</b> semua."}
    answer = chief.post(f"{LIST}{receipt.number}/jawab", data=words)
    assert answer.status_code == 401
    assert "Sudah kami &lt;b&gt;angkut&lt;/b&gt; semua." in answer.text
    assert 'href="/meja/masuk"' in answer.text
    plain = chief.post(f"{LIST}{receipt.number}/jawab", data={"csrf_token": token, "version": "2"})
    assert plain.status_code == 303
