"""Covering faces and plates: what readers get, the original kept apart, and the way back."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from plugins.lapor import photos as pictures
from plugins.lapor import service
from plugins.lapor.models import Photo, Redaction
from plugins.lapor.service.proof import redaction
from plugins.lapor.tests import proof_scenes as scenes
from plugins.lapor.tests.desk_people import sits
from plugins.lapor.tests.proof_cases import answered, photo, photo_row
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound, session

BOX = [0.25, 0.25, 0.5, 0.5]


def differs(one: bytes, other: bytes, box: tuple[int, int, int, int]) -> bool:
    first, second = (Image.open(io.BytesIO(each)).convert("RGB").crop(box) for each in (one, other))
    return max(ImageStat.Stat(ImageChops.difference(first, second)).mean) > 10


INSIDE, OUTSIDE = (170, 130, 310, 230), (400, 300, 630, 470)


@pytest.fixture
def case(acting, worker):
    receipt = answered(acting, worker, photo(scenes.scene(21)))
    with acting():
        photo_id = photo_row(receipt).id
    return receipt, photo_id


def shown(photo_id, ticket: str = "") -> bytes:
    return service.open_photo(photo_id, "full", ticket=ticket)[0]


def test_a_covered_photo_is_all_that_readers_get(acting, worker, case) -> None:
    receipt, photo_id = case
    with acting():
        whole = shown(photo_id)
    with acting("liaison", "DLHK"):
        redaction.cover(photo_id, [BOX])
    with acting():  # until it is drawn, nobody outside sees any of it
        for ticket in ("", receipt.ticket):
            with pytest.raises(NotFound):
                shown(photo_id, ticket)
        states = [each.state for item in service.public_view(receipt.number).timeline for each in item.photos]
        assert states == ["waiting"]
    worker()
    with acting():
        covered = shown(photo_id)
        assert shown(photo_id, receipt.ticket) == covered
        thumb = service.open_photo(photo_id, "thumb")[0]
    with acting("coordinator", "DISKOMINFO"):
        assert shown(photo_id) == covered
    assert differs(whole, covered, INSIDE) and not differs(whole, covered, OUTSIDE)
    assert max(Image.open(io.BytesIO(thumb)).size) == 400


def test_more_can_be_covered_from_the_original_and_all_undone(acting, worker, case) -> None:
    _, photo_id = case
    with acting():
        whole = shown(photo_id)
    for areas in ([BOX], [[0.7, 0.7, 0.9, 0.9]]):
        with acting("coordinator", "DISKOMINFO"):
            redaction.cover(photo_id, areas)
        worker()
    with acting():
        second = shown(photo_id)
        assert not differs(whole, second, INSIDE), "the first cover was replaced, from the original"
        assert differs(whole, second, (450, 340, 570, 430))
    with acting("liaison", "DLHK"), pytest.raises(Forbidden):
        redaction.restore(photo_id, reason="Salah.")
    with acting("coordinator", "DISKOMINFO"):
        with pytest.raises(Invalid):
            redaction.restore(photo_id, reason="")
        redaction.restore(photo_id, reason="Bukan wajah orang.")
    worker()
    with acting("coordinator", "DISKOMINFO"):
        assert shown(photo_id) == whole
        row = session().query(Photo).filter(Photo.id == photo_id).one()
        assert (row.original, row.review) == ("", "none")
        with pytest.raises(Conflict):
            redaction.restore(photo_id, reason="Lagi.")


def test_restoring_before_the_worker_came_leaves_the_photo_as_it_was(acting, worker, case) -> None:
    _, photo_id = case
    with acting("coordinator", "DISKOMINFO"):
        whole = shown(photo_id)
        redaction.cover(photo_id, [BOX])
        redaction.restore(photo_id, reason="Salah foto.")
    worker()
    with acting():
        assert shown(photo_id) == whole


def test_the_original_opens_for_a_purpose_that_is_written_down(acting, worker, case) -> None:
    receipt, photo_id = case
    with acting():
        whole = shown(photo_id)
    with acting("coordinator", "DISKOMINFO"):
        redaction.cover(photo_id, [BOX])
    worker()
    with acting("liaison", "DLHK"), pytest.raises(Forbidden):
        redaction.original(photo_id, purpose="Ingin tahu.")
    with acting("liaison", "DPUPR"), pytest.raises(NotFound):
        redaction.original(photo_id, purpose="Ingin tahu.")
    with acting("coordinator", "DISKOMINFO"):
        with pytest.raises(Invalid):
            redaction.original(photo_id, purpose=" ")
        assert redaction.original(photo_id, purpose="Sengketa pelat nomor.")[0] == whole
        lines = [each for each in service.desk_view(receipt.id).notes if each.type == "original"]
        assert [each.text for each in lines] == ["Sengketa pelat nomor."]


def test_a_worker_killed_while_covering_repeats_without_losing_the_original(acting, worker, case) -> None:
    from plugins.lapor.jobs.photos import redact_photo

    _, photo_id = case
    with acting("coordinator", "DISKOMINFO"):
        whole = shown(photo_id)
        redaction.cover(photo_id, [BOX])
        mine = session().query(Redaction).one()
        redact_photo(str(mine.id))
        redact_photo(str(mine.id))
    worker()
    with acting("coordinator", "DISKOMINFO"):
        assert redaction.original(photo_id, purpose="Uji.")[0] == whole
        assert differs(whole, shown(photo_id), INSIDE)


@pytest.mark.parametrize("areas", [[], [[0, 0, 2, 1]], [[0.5, 0.5, 0.5, 0.6]], [BOX] * 41, [["a", 0, 1, 1]]])
def test_rectangles_that_make_no_sense_are_refused(acting, case, areas) -> None:
    _, photo_id = case
    with acting("coordinator", "DISKOMINFO"), pytest.raises(Invalid) as refused:
        redaction.cover(photo_id, areas)
    assert [each.field for each in refused.value.errors] == ["areas"]


def test_a_city_may_have_each_photo_looked_at_before_the_public_sees_it(
    acting, worker, case, monkeypatch
) -> None:
    receipt, photo_id = case
    monkeypatch.setattr(pictures, "setting", lambda name: True)
    with acting():
        with pytest.raises(NotFound):
            shown(photo_id)
        assert shown(photo_id, receipt.ticket)  # the reporter judges the work by it
    with acting("liaison", "DLHK"):
        redaction.clear(photo_id)
    with acting():
        assert shown(photo_id)
    with acting("liaison", "DLHK"):
        redaction.cover(photo_id, [BOX])
        with pytest.raises(Conflict):
            redaction.clear(photo_id)


def test_cells_and_numbers_of_the_form_become_covers(app, client, tenant_a, acting, worker, case) -> None:
    _, photo_id = case
    officer = sits(app, client, tenant_a, "coordinator", "DISKOMINFO")
    address = f"/meja/lapor/foto/{photo_id}"
    assert officer.get(f"{address}/samarkan").text.count('name="cell"') == 12 * 9
    token = {"csrf_token": officer.token("/meja/akun")}
    half = {**token, "left-0": "10", "top-0": "10", "right-0": "", "bottom-0": "30"}
    refused = officer.post(f"{address}/samarkan", data=half)
    assert refused.status_code == 422
    assert "Kotak 1" in refused.text and 'name="bottom-0" value="30"' in refused.text
    assert officer.post(f"{address}/samarkan", data={**token, "cell": "999"}).status_code == 422
    assert officer.post(f"{address}/samarkan", data=token).status_code == 422
    whole = {"left-0": "10,5", "top-0": "10", "right-0": "20", "bottom-0": "30", "cell": ["0", "13"]}
    assert officer.post(f"{address}/samarkan", data={**token, **whole}).status_code == 303
    with acting("coordinator", "DISKOMINFO"):
        areas = redaction.areas_of(photo_id)
    assert [(each.left, each.top) for each in areas] == [(0.105, 0.1), (0, 0), (1 / 12, 1 / 9)]
    worker()
    assert "disamarkan" in officer.get(f"{address}/samarkan").text
    opened = officer.post(f"{address}/asli", data={**token, "purpose": "Uji"})
    assert (opened.content_type, opened.headers["Cache-Control"]) == ("image/webp", "no-store")
    assert officer.post(f"{address}/pulihkan", data={**token, "reason": ""}).status_code == 422
    assert officer.post(f"{address}/pulihkan", data={**token, "reason": "Salah."}).status_code == 303
    unit = sits(app, client, tenant_a, "liaison", "DPUPR")
    assert unit.get(f"{address}/samarkan").status_code == 404
    assert sits(app, client, tenant_a, "leader").get(f"{address}/samarkan").status_code == 403
