"""The report form as a browser without script uses it: sent once, kept when wrong, a receipt at the end."""

import io
import re
import time
from dataclasses import replace

import pytest
import time_machine
from lapor_reports import PIXEL

from plugins.lapor import queries
from plugins.lapor.citizen import report as citizen_report
from superapp.plugin import gate
from superapp.sdk import tenant_scope

FORM = "/lapor/buat"
TYPED = {
    "body": "Sampah menumpuk tiga hari di depan pasar.",
    "category": "WASTE.PILE",
    "kind": "complaint",
    "address": "Jalan Tukad Punggawa, depan pasar",
    "key": "11111111-2222-4333-8444-555555555555",
}


@pytest.fixture
def visitor(client, tenant_a):
    return client(tenant_a)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def receipt_of(visitor, **changes):
    """Send the form and open the receipt; gives the answer of the receipt and the number."""
    sent = visitor.submit(FORM, {**TYPED, **changes})
    assert sent.status_code == 303, text(sent)
    return visitor.get(sent.location), sent.location.rsplit("/", 1)[1]


def test_a_report_leads_to_a_receipt_with_number_pin_and_the_next_steps(visitor) -> None:
    page, number = receipt_of(visitor)
    assert re.fullmatch(r"[A-Z]+-\d{4}-\d{6}", number)
    assert number in text(page)
    assert re.search(r'class="big-code pin">\d{6}<', text(page))
    assert "paling lambat" in text(page)
    assert "<svg" in text(page)


def test_reloading_the_receipt_sends_nothing_again(app, visitor, tenant_a) -> None:
    _page, number = receipt_of(visitor)
    again, same = receipt_of(visitor)
    assert same == number
    assert again.status_code == 200
    with app.app_context(), tenant_scope(tenant_a):
        assert queries.figures().received == 1


def test_the_title_is_made_of_what_and_where(app, visitor, tenant_a) -> None:
    _page, number = receipt_of(visitor)
    assert "Tumpukan sampah di Jalan Tukad Punggawa" in text(visitor.get(f"/lapor/lacak/{number}/saya"))


def test_the_pin_is_shown_for_a_quarter_of_an_hour_only(visitor) -> None:
    _page, number = receipt_of(visitor)
    with time_machine.travel(time.time() + 1000):
        later = text(visitor.get(f"/lapor/terkirim/{number}"))
    assert "PIN hanya ditampilkan sekali" in later
    assert 'class="big-code pin"' not in later


def test_the_receipt_of_one_report_never_shows_the_pin_of_another(visitor) -> None:
    _page, first = receipt_of(visitor)
    page, second = receipt_of(visitor, key="22222222-2222-4333-8444-555555555555")
    assert 'class="big-code pin"' in text(page)
    assert second != first
    assert 'class="big-code pin"' not in text(visitor.get(f"/lapor/terkirim/{first}"))


def test_another_browser_does_not_see_the_receipt(client, tenant_a, visitor) -> None:
    _page, number = receipt_of(visitor)
    stranger = client(tenant_a)
    for path in (
        f"/lapor/terkirim/{number}",
        f"/lapor/terkirim/{number}/struk.txt",
        f"/lapor/lacak/{number}/saya",
    ):
        assert stranger.get(path).status_code == 303, path


def test_the_receipt_can_be_kept_as_a_file(visitor) -> None:
    _page, number = receipt_of(visitor)
    kept = visitor.get(f"/lapor/terkirim/{number}/struk.txt")
    assert kept.headers["Content-Disposition"] == f'attachment; filename="{number}.txt"'
    assert re.search(rf"{number}[\s\S]*PIN[^\d]*\d{{6}}", text(kept))


def test_what_was_typed_stays_when_something_is_missing(visitor) -> None:
    answer = visitor.submit(
        FORM, {**TYPED, "body": "Sampah", "address": "", "anonymous": "1", "phone": "0812 3456 7890"}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert 'href="#f-body"' in page
    assert 'href="#f-address"' in page
    assert "Sampah</textarea>" in page
    assert '"0812 3456 7890"' in page
    assert re.search(r'name="anonymous"[^>]*checked', page)
    assert TYPED["key"] in page


def test_a_file_that_is_no_photo_is_named_and_nothing_is_kept(app, visitor, tenant_a) -> None:
    photo = (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "gambar.svg")
    answer = visitor.submit(FORM, {**TYPED, "photos": photo}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "gambar.svg" in text(answer)
    assert TYPED["address"] in text(answer)
    with app.app_context(), tenant_scope(tenant_a):
        assert queries.figures().received == 0


def test_photos_have_to_be_chosen_again_and_the_form_says_so(visitor) -> None:
    photo = (io.BytesIO(PIXEL), "foto.png")
    answer = visitor.submit(FORM, {**TYPED, "body": "x", "photos": photo}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Pilih lagi fotonya" in text(answer)


def test_photos_are_kept_with_the_report(visitor, worker) -> None:
    photo = (io.BytesIO(PIXEL), "foto.png")
    sent = visitor.submit(FORM, {**TYPED, "photos": photo}, content_type="multipart/form-data")
    number = sent.location.rsplit("/", 1)[1]
    assert "Satu foto sedang disiapkan" in text(visitor.get(f"/lapor/lacak/{number}/saya"))


WRONG = [
    ("lat", "95"),
    ("lat", "nan"),
    ("lat", "1e308"),
    ("lat", "utara"),
    ("area", "99.99"),
    ("category", "NONE"),
    ("kind", "other"),
    ("email", "bukan-surel"),
    ("body", "a b\x00"),
    ("unknown", "1"),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_value_is_refused_without_a_half_written_report(app, visitor, tenant_a, field, value) -> None:
    typed = {**TYPED, "lat": "-8.7", "lng": "115.2", field: value}
    assert visitor.submit(FORM, typed).status_code == 422
    with app.app_context(), tenant_scope(tenant_a):
        assert queries.figures().received == 0


def test_a_form_without_token_is_refused(visitor) -> None:
    assert visitor.post(FORM, data=TYPED).status_code in {400, 403}


def test_an_information_request_needs_no_place(visitor) -> None:
    sent = visitor.submit(FORM, {**TYPED, "kind": "information", "address": "", "category": ""})
    assert sent.status_code == 303


def test_a_secret_report_has_no_public_page(client, tenant_a, visitor) -> None:
    _page, number = receipt_of(visitor, secret="1")
    assert client(tenant_a).get(f"/lapor/lacak/{number}").status_code == 404
    assert "Rahasia" in text(visitor.get(f"/lapor/lacak/{number}/saya"))


def test_sending_is_slowed_down_with_the_form_kept(app, visitor, tenant_a, monkeypatch) -> None:
    monkeypatch.setattr(citizen_report, "setting", lambda name: 0)
    answer = visitor.submit(FORM, TYPED)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert TYPED["body"] in text(answer)


def test_words_bring_up_the_kind_they_speak_for(visitor) -> None:
    found = visitor.get("/lapor/saran-jenis?teks=sampah+menumpuk").get_json()
    assert found[0]["code"] == "WASTE.PILE"
    assert "sampah" in found[0]["words"]


def test_a_kind_may_be_chosen_by_link(visitor) -> None:
    assert re.search(r'value="WASTE.PILE" selected', text(visitor.get(f"{FORM}?jenis=WASTE.PILE")))
    assert visitor.get(f"{FORM}?jenis=NONE").status_code == 200


def test_a_city_without_the_service_answers_nowhere(app, client, two_tenants) -> None:
    off = replace(two_tenants[0], enabled=frozenset())
    with app.app_context():
        assert not gate.is_open(off, "lapor")
