"""Pictures: judged before they are decoded, made ready by the worker, shown to those who may see them."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lapor_reports import PIXEL, draft
from PIL import ExifTags, Image

from plugins.lapor import photos, service
from plugins.lapor.contracts import Upload
from plugins.lapor.pictures import imagesize
from superapp.sdk import Invalid, NotFound

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def jpeg(width: int = 2000, height: int = 1000, *, with_exif: bool = False) -> bytes:
    picture, out = Image.new("RGB", (width, height), (90, 120, 60)), io.BytesIO()
    exif = Image.Exif()
    if with_exif:
        exif[ExifTags.Base.Orientation] = 6
        exif[ExifTags.Base.Make] = "KAMERA"
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:02 10:15:00"
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] = (8.0, 44.0, 3.6), "S"
        place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] = (115.0, 14.0, 0.0), "E"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png_saying(width: int, height: int) -> bytes:
    """A small file whose header claims a size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def kept(admin_connection) -> tuple:
    return admin_connection.execute(
        "SELECT state, reason, width, height, taken_at, lat, lng, raw FROM lapor.photo"
    ).fetchone()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (SVG, "bukan foto"),
        (b"GIF89a" + b"\0" * 40, "bukan foto"),
        (b"\xff\xd8\xff" + b"\0" * 40, "rusak"),
        (png_saying(100_000, 100_000), "megapiksel"),
        (png_saying(0, 10), "rusak"),
        (PIXEL + b"\0" * photos.MAX_BYTES, "10 MB"),
    ],
)
def test_what_is_no_fit_picture_is_refused_before_decoding(acting, monkeypatch, data, words) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("it was decoded"))
    with acting(), pytest.raises(Invalid) as refused:
        service.submit(draft(), [Upload("a.png", PIXEL), Upload("b.jpg", data)])
    assert [each.field for each in refused.value.errors] == ["photos"]
    assert "Foto 2 (b.jpg)" in refused.value.errors[0].message and words in refused.value.errors[0].message


def test_six_pictures_at_once_are_too_many(acting) -> None:
    with acting(), pytest.raises(Invalid):
        service.submit(draft(), [Upload("a.png", PIXEL)] * 6)


def test_the_worker_shrinks_turns_and_strips_and_keeps_time_and_place(
    acting, worker, admin_connection
) -> None:
    with acting():
        receipt = service.submit(draft(), [Upload("IMG_1.jpg", jpeg(with_exif=True))])
    worker()
    state, _, width, height, taken_at, lat, lng, raw = kept(admin_connection)
    assert (state, width, height, raw) == ("ready", 800, 1600, "")
    assert taken_at.isoformat() == "2026-03-02T02:15:00+00:00"
    assert (round(lat, 3), round(lng, 3)) == (-8.734, 115.233)
    with acting():
        seen = service.reporter_view(receipt.ticket).case.photos[0]
        full, mimetype = service.open_photo(seen.id, "full", ticket=receipt.ticket)
        thumb, _ = service.open_photo(seen.id, "thumb", ticket=receipt.ticket)
    assert mimetype == "image/webp"
    assert max(Image.open(io.BytesIO(thumb)).size) == 400
    for data in (full, thumb):
        assert b"KAMERA" not in data and b"Exif" not in data and not Image.open(io.BytesIO(data)).getexif()


def test_a_picture_that_cannot_be_decoded_is_rejected_with_a_reason(acting, worker, admin_connection) -> None:
    whole = jpeg()
    with acting():
        service.submit(draft(), [Upload("a.jpg", whole[: len(whole) // 3])])
    worker()
    state, reason, *_, raw = kept(admin_connection)
    assert (state, raw) == ("rejected", "") and "Kirim ulang" in reason


def test_pictures_are_for_everybody_only_once_the_case_was_verified(acting, worker) -> None:
    with acting():
        receipt = service.submit(draft(), [Upload("a.png", PIXEL)])
    worker()
    with acting():
        photo = service.reporter_view(receipt.ticket).case.photos[0].id
        with pytest.raises(NotFound):
            service.open_photo(photo, "full")
    with acting("coordinator", "DISKOMINFO"):
        assert service.open_photo(photo, "full")
        service.dispose(receipt.id, agency_codes=["DLHK"])
    with acting():
        assert service.open_photo(photo, "full")


def test_pictures_of_a_secret_case_and_internal_ones_stay_closed(acting, worker, tenant_b) -> None:
    with acting():
        receipt = service.submit(draft(secret=True), [Upload("a.png", PIXEL)])
        other = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(other.id, agency_codes=["DLHK"])
    with acting("liaison", "DLHK"):
        service.progress(other.id, text="Dalam", public=False, photos=[Upload("b.png", PIXEL)])
    worker()
    with acting("coordinator", "DISKOMINFO"):
        secret = service.desk_view(receipt.id).case.photos[0].id
        inside = service.desk_view(other.id).notes[0].photos[0].id
        assert service.open_photo(secret) and service.open_photo(inside)
    with acting("liaison", "DLHK"), pytest.raises(NotFound):
        service.open_photo(secret)
    with acting():
        for hidden, ticket in ((secret, ""), (inside, ""), (inside, other.ticket), (secret, other.ticket)):
            with pytest.raises(NotFound):
                service.open_photo(hidden, ticket=ticket)
    with acting("coordinator", "DISKOMINFO", tenant=tenant_b), pytest.raises(NotFound):
        service.open_photo(inside)


def test_a_reporter_adds_pictures_until_the_case_is_closed(acting) -> None:
    from superapp.sdk import Conflict

    with acting():
        receipt = service.submit(draft())
        assert len(service.add_photos(receipt.ticket, [Upload("a.png", PIXEL)] * 2)) == 2
        service.withdraw(receipt.ticket)
        with pytest.raises(Conflict):
            service.add_photos(receipt.ticket, [Upload("a.png", PIXEL)])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (321, 17), (1700, 900)])
def test_the_header_tells_the_size_that_decoding_finds(form: str, size: tuple[int, int]) -> None:
    for options in ({}, {"lossless": True}):
        out = io.BytesIO()
        Image.new("RGB", size).save(out, form, **(options if form == "WEBP" else {}))
        kind = imagesize.kind_of(out.getvalue())
        assert kind is not None and imagesize.size_of(out.getvalue(), kind) == size


def test_the_header_of_a_heic_picture_is_read() -> None:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480))).save(out, format="HEIF")
    assert imagesize.kind_of(out.getvalue()) == "image/heic"
    assert imagesize.size_of(out.getvalue(), "image/heic") == (640, 480)


@given(
    st.sampled_from([b"\xff\xd8\xff", PIXEL[:8], b"RIFF1234WEBP", b"\0\0\0\x18ftypheic"]),
    st.binary(max_size=300),
)
def test_no_header_makes_the_reader_stumble(magic: bytes, rest: bytes) -> None:
    kind = imagesize.kind_of(magic + rest)
    assert kind is not None
    imagesize.size_of(magic + rest, kind)
