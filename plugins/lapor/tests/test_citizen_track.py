"""Following and finishing a report as its reporter, and what everybody else sees of it."""

import io
import re

import pytest
from lapor_reports import PIXEL, draft
from sqlalchemy import event
from sqlalchemy.engine import Engine

from plugins.lapor import queries, service
from plugins.lapor.contracts import Contact, Upload

REPORTER = Contact("Nama Pelapor", "0812 3456 7890", "pelapor@contoh.id")


def text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def made(acting):
    with acting():
        return service.submit(draft(reporter=REPORTER))


@pytest.fixture
def handed(acting, made):
    with acting("coordinator"):
        done = service.verify(made.id, version=1)
        service.dispose(made.id, version=done.version, agency_codes=["DLHK"])
    return made


@pytest.fixture
def answered(acting, handed):
    with acting("liaison", "DLHK"):
        seen = service.desk_view(handed.id)
        service.answer(
            handed.id, version=seen.version, text="Sampah sudah diangkut.", photos=[Upload("s.png", PIXEL)]
        )
    return handed


@pytest.fixture
def stranger(client, tenant_a):
    return client(tenant_a)


@pytest.fixture
def reporter(client, tenant_a, made):
    found = client(tenant_a)
    entered = found.submit("/lapor/lacak", {"number": made.number, "pin": made.pin})
    assert entered.status_code == 303
    assert entered.location.endswith(f"/lapor/lacak/{made.number}/saya")
    return found


def own(made) -> str:
    return f"/lapor/lacak/{made.number}/saya"


def status(acting, made) -> str:
    with acting():
        return service.reporter_view(made.ticket).case.status


def test_the_public_page_tells_who_has_it_and_by_when(stranger, handed) -> None:
    page = text(stranger.get(f"/lapor/lacak/{handed.number}"))
    assert "Dinas Lingkungan Hidup dan Kebersihan" in page
    assert "Batas waktu" in page
    assert 'class="days"' in page
    assert "Diteruskan ke Dinas Lingkungan Hidup" in page


def test_the_public_page_holds_no_personal_data_and_no_step_of_the_reporter(stranger, answered) -> None:
    page = text(stranger.get(f"/lapor/lacak/{answered.number}"))
    for private in (
        "Nama Pelapor",
        "0812",
        "pelapor@contoh.id",
        answered.pin,
        answered.ticket,
        'name="solved"',
    ):
        assert private not in page


def test_the_public_page_answers_304_until_it_changes(acting, stranger, made) -> None:
    path = f"/lapor/lacak/{made.number}"
    first = stranger.get(path)
    kept = {"If-None-Match": first.headers["ETag"]}
    assert stranger.get(path, headers=kept).status_code == 304
    with acting("coordinator"):
        service.verify(made.id, version=1)
    assert stranger.get(path, headers=kept).status_code == 200


def test_the_public_page_costs_two_queries(stranger, answered) -> None:
    path = f"/lapor/lacak/{answered.number}"
    stranger.get(path)  # what is kept for a few seconds is there now
    asked = []

    def note(_connection, _cursor, statement, *_more) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert stranger.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([each for each in asked if not each.startswith("SET LOCAL")]) <= 2, asked


def test_a_number_in_small_letters_leads_to_the_page(stranger, made) -> None:
    moved = stranger.get(f"/lapor/lacak/{made.number.lower()}")
    assert moved.status_code == 301
    assert moved.location.endswith(made.number)


def test_without_pin_the_public_page_opens(stranger, made) -> None:
    found = stranger.submit("/lapor/lacak", {"number": made.number, "pin": ""})
    assert found.location.endswith(f"/lapor/lacak/{made.number}")


def test_a_wrong_pin_is_told_in_plain_words_and_slowed_down(stranger, made) -> None:
    wrong = {"number": made.number, "pin": "000000" if made.pin != "000000" else "000001"}
    first = stranger.submit("/lapor/lacak", wrong)
    assert first.status_code == 404
    assert "Nomor atau PIN tidak cocok" in text(first)
    assert made.number in text(first)
    for _try in range(5):
        last = stranger.submit("/lapor/lacak", wrong)
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0


def test_the_link_opens_the_own_page_and_leaves_the_address(stranger, made) -> None:
    opened = stranger.get(f"/lapor/buka/{made.ticket}")
    assert opened.status_code == 303
    assert made.ticket not in opened.location
    assert "Laporan Anda" in text(stranger.get(opened.location))
    assert stranger.get("/lapor/buka/" + "0" * 64).status_code == 404


def test_the_reporter_says_solved_and_rates(acting, reporter, answered) -> None:
    assert "Sudah selesai" in text(reporter.get(own(answered)))
    done = reporter.submit(
        f"/lapor/lacak/{answered.number}/selesai", {"solved": "yes", "rating": "4"}, form=own(answered)
    )
    assert done.status_code == 303
    assert status(acting, answered) == "closed"
    page = text(reporter.get(own(answered)))
    assert "Terima kasih. Laporan ini selesai." in page
    assert "Buka lagi laporan ini" in page


def test_not_solved_needs_words_and_keeps_what_was_typed(acting, reporter, answered) -> None:
    path = f"/lapor/lacak/{answered.number}/selesai"
    assert reporter.submit(path, {"solved": "no", "missing": ""}, form=own(answered)).status_code == 422
    assert status(acting, answered) == "answered"
    reporter.submit(path, {"solved": "no", "missing": "Masih ada separuhnya."}, form=own(answered))
    assert status(acting, answered) == "in_progress"


@pytest.mark.parametrize(
    "typed", [{"solved": "maybe"}, {}, {"solved": "yes", "rating": "6"}, {"solved": "yes", "rating": "x"}]
)
def test_an_answer_that_is_none_changes_nothing(acting, reporter, answered, typed) -> None:
    assert (
        reporter.submit(f"/lapor/lacak/{answered.number}/selesai", typed, form=own(answered)).status_code
        == 422
    )
    assert status(acting, answered) == "answered"


def test_confirming_what_is_not_answered_is_a_conflict_on_the_page(acting, reporter, made) -> None:
    refused = reporter.submit(f"/lapor/lacak/{made.number}/selesai", {"solved": "yes"}, form=own(made))
    assert refused.status_code == 409
    assert status(acting, made) == "received"


def test_a_closed_report_is_opened_again(acting, reporter, answered) -> None:
    reporter.submit(f"/lapor/lacak/{answered.number}/selesai", {"solved": "yes"}, form=own(answered))
    path = f"/lapor/lacak/{answered.number}/buka-lagi"
    assert reporter.submit(path, {"reason": " "}, form=own(answered)).status_code == 422
    reporter.submit(path, {"reason": "Menumpuk lagi."}, form=own(answered))
    assert status(acting, answered) == "in_progress"


def test_words_and_photos_are_added(acting, reporter, made, worker) -> None:
    path = f"/lapor/lacak/{made.number}/tambah"
    told = {"text": "Sekarang juga di seberang jalan.", "photos": (io.BytesIO(PIXEL), "a.png")}
    assert reporter.submit(path, told, form=own(made), content_type="multipart/form-data").status_code == 303
    alone = {"text": "", "photos": (io.BytesIO(PIXEL), "b.png")}
    assert reporter.submit(path, alone, form=own(made), content_type="multipart/form-data").status_code == 303
    assert "seberang jalan" in text(reporter.get(own(made)))


def test_a_question_is_asked_on_top_and_answered(acting, reporter, made) -> None:
    with acting("coordinator"):
        service.hold(
            made.id,
            version=1,
            reason="Perlu alamat",
            waiting_for="reporter",
            question="Di depan pasar yang mana?",
        )
    assert "Di depan pasar yang mana?" in text(reporter.get(own(made)))
    reporter.submit(f"/lapor/lacak/{made.number}/tambah", {"text": "Pasar Serangan."}, form=own(made))
    assert status(acting, made) == "received"


def test_the_report_is_withdrawn(acting, reporter, made) -> None:
    reporter.submit(f"/lapor/lacak/{made.number}/tarik", {"reason": ""}, form=own(made))
    assert status(acting, made) == "archived"


def test_the_contact_is_corrected_and_erased(acting, reporter, made) -> None:
    path = f"/lapor/lacak/{made.number}/kontak"
    assert reporter.submit(path, {"email": "bukan"}, form=own(made)).status_code == 422
    reporter.submit(path, {"name": "", "phone": "0813 1111 2222", "email": ""}, form=own(made))
    with acting():
        assert service.reporter_view(made.ticket).contact == Contact("", "0813 1111 2222", "")
    reporter.submit(path, {}, form=own(made))
    with acting():
        assert service.reporter_view(made.ticket).contact == Contact()


def test_leaving_forgets_the_report_in_this_browser(reporter, made) -> None:
    reporter.submit(f"/lapor/lacak/{made.number}/keluar", {}, form=own(made))
    assert reporter.get(own(made)).status_code == 303


def test_a_browser_without_ticket_cannot_act(acting, stranger, answered) -> None:
    refused = stranger.submit(
        f"/lapor/lacak/{answered.number}/selesai", {"solved": "yes"}, form="/lapor/lacak"
    )
    assert refused.status_code == 303
    assert "/lapor/lacak?nomor=" in refused.location
    assert status(acting, answered) == "answered"


def test_another_governments_report_is_not_here(client, tenant_b, made) -> None:
    there = client(tenant_b)
    assert there.get(f"/lapor/lacak/{made.number}").status_code == 404
    assert there.get(f"/lapor/buka/{made.ticket}").status_code == 404
    assert there.submit("/lapor/lacak", {"number": made.number, "pin": made.pin}).status_code == 404


def test_a_claim_link_hands_the_report_over_once(acting, client, tenant_a) -> None:
    with acting("coordinator"):
        made = service.submit(draft(channel="phone"))
    path = f"/lapor/klaim/{made.claim_token}"
    taker = client(tenant_a)
    assert made.number in text(taker.get(path))
    assert taker.submit(path, {"email": "bukan"}).status_code == 422
    taken = taker.submit(path, {"phone": "0812 3456 7890"})
    assert re.search(r"pin\">\d{6}<", text(taker.get(taken.location)))
    assert client(tenant_a).get(path).status_code == 404


def test_photos_are_open_to_all_only_once_the_report_is_published(acting, client, tenant_a, worker) -> None:
    with acting():
        made = service.submit(draft(), [Upload("p.png", PIXEL)])
    worker()
    with acting():
        photo = service.reporter_view(made.ticket).case.photos[0]
    path = f"/lapor/foto/{made.number}/{photo.id}/thumb"
    stranger, holder = client(tenant_a), client(tenant_a)
    holder.get(f"/lapor/buka/{made.ticket}")
    assert stranger.get(path).status_code == 404
    assert "/lapor/foto/" not in text(stranger.get(f"/lapor/lacak/{made.number}"))
    assert holder.get(path).mimetype == "image/webp"
    with acting("coordinator"):
        done = service.verify(made.id, version=1)
        service.dispose(made.id, version=done.version, agency_codes=["DLHK"])
    assert stranger.get(path).status_code == 200
    assert f"/lapor/foto/{made.number}/" in text(stranger.get(f"/lapor/lacak/{made.number}"))


def test_the_list_shows_what_is_published_and_can_be_narrowed(acting, stranger, handed) -> None:
    with acting():
        hidden = service.submit(draft(title="Belum diperiksa"))
    page = text(stranger.get("/lapor/daftar"))
    assert handed.number in page
    assert hidden.number not in page
    assert handed.number in text(
        stranger.get("/lapor/daftar?jenis=WASTE.PILE&wilayah=51.71.01&status=dispositioned")
    )
    assert handed.number not in text(stranger.get("/lapor/daftar?jenis=DRAIN.CLOG"))
    assert stranger.get("/lapor/daftar?setelah=xx").status_code == 400


def test_all_kinds_lead_into_the_form(acting, stranger) -> None:
    page = text(stranger.get("/lapor/jenis"))
    with acting():
        for each in queries.categories():
            assert f"jenis={each.code}" in page


def test_the_front_page_asks_the_question_and_shows_the_newest(stranger, handed) -> None:
    page = text(stranger.get("/"))
    assert "Ada yang perlu diperbaiki?" in page
    assert f"/lapor/lacak/{handed.number}" in page
    assert "jenis=WASTE.PILE" in page
    assert "belum ada yang selesai" in page


def test_the_figure_on_the_front_page_carries_its_base(acting, stranger, answered) -> None:
    with acting():
        service.confirm(answered.ticket, solved=True, rating=5)
    assert "1 dari 1" in text(stranger.get("/"))
