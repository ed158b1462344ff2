"""Files as bytes: fingerprints and their bands, marks, documents, covers."""

import io
import struct
import zlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageChops, ImageStat, PngImagePlugin

from plugins.lapor.pictures import darkroom, hashes, marks, pdf, pixelate
from plugins.lapor.pictures.areas import Area, readable
from plugins.lapor.pictures.hashes import Fingerprint
from plugins.lapor.tests import proof_scenes as scenes

BITS = st.integers(0, 2**64 - 1)


@given(BITS, st.sets(st.integers(0, 63), max_size=hashes.GUARANTEED))
def test_two_within_the_guaranteed_distance_share_a_probed_band(value: int, flipped: set[int]) -> None:
    other = value
    for bit in flipped:
        other ^= 1 << bit
    probes = [hashes.near(band) for band in hashes.bands(hashes.signed(value))]
    found = zip(hashes.bands(hashes.signed(other)), probes, strict=True)
    assert any(band in near for band, near in found)
    assert hashes.distance(hashes.signed(value), hashes.signed(other)) == len(flipped)


def test_one_bit_more_than_guaranteed_can_be_missed() -> None:
    other = sum(0b111 << (16 * place) for place in range(4))  # three bits in each band: twelve
    probes = [hashes.near(band) for band in hashes.bands(0)]
    found = zip(hashes.bands(hashes.signed(other)), probes, strict=True)
    assert not any(band in near for band, near in found)
    assert other.bit_count() == hashes.GUARANTEED + 1


@given(BITS)
def test_bands_are_what_the_database_can_keep(value: int) -> None:
    signed = hashes.signed(value)
    assert -(2**63) <= signed < 2**63
    assert all(-(2**15) <= band < 2**15 for band in hashes.bands(signed))
    assert len(set(hashes.near(hashes.bands(signed)[0]))) == 137
    together = sum((band & 0xFFFF) << (16 * (3 - place)) for place, band in enumerate(hashes.bands(signed)))
    assert together == value


def fingerprint(picture: Image.Image) -> Fingerprint:
    found = hashes.fingerprint(picture)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(4))
def test_copies_are_alike_and_other_scenes_are_not(seed: int) -> None:
    original = scenes.scene(seed)
    first = fingerprint(original)
    again = Image.open(io.BytesIO(scenes.saved(original.resize((320, 240)), quality=40)))
    assert hashes.same(first, fingerprint(again))
    assert hashes.alike(first, fingerprint(scenes.cut(original, 0.02)))
    assert not hashes.alike(first, fingerprint(scenes.scene(seed + 100)))


def test_a_blank_picture_has_no_fingerprint() -> None:
    assert hashes.fingerprint(Image.new("RGB", (300, 200), "navy")) is None


def found_in(data: bytes) -> dict[str, tuple[str, str]]:
    with Image.open(io.BytesIO(data)) as opened:
        opened.load()
        return {mark.code: (mark.weight, mark.text) for mark in marks.marks(opened, data)}


def png(picture: Image.Image | None = None, **texts: str) -> bytes:
    told = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        told.add_text(name.replace("_", "-"), text)
    out = io.BytesIO()
    (picture or scenes.scene(1, (64, 48))).save(out, "PNG", pnginfo=told)
    return out.getvalue()


@pytest.mark.parametrize(
    ("software", "code", "weight"),
    [
        ("Adobe Photoshop 25.1 (Windows)", "edited", "doubt"),
        ("Snapseed 2.0", "edited", "doubt"),
        ("Midjourney v6", "generated", "serious"),
        ("Adobe Firefly", "generated", "serious"),
    ],
)
def test_programs_that_name_themselves_are_found(software: str, code: str, weight: str) -> None:
    found = found_in(scenes.saved(scenes.scene(1, (64, 48)), software=software))
    assert found[code][0] == weight


@pytest.mark.parametrize("software", ["HDR+ 1.0.585", "17.4.1", "MediaTek Camera Application", "SM-A155F"])
def test_what_phones_write_is_no_mark(software: str) -> None:
    found = found_in(scenes.saved(scenes.scene(1, (64, 48)), software=software))
    assert set(found) == {"no_camera"}


def test_prompts_in_text_chunks_and_comments_are_found() -> None:
    asked = "a clean street\nSteps: 30, CFG scale: 7, Sampler: Euler a, Seed: 1"
    assert found_in(png(parameters=asked))["generated"][0] == "serious"
    assert found_in(png(workflow='{"nodes": []}'))["generated"][0] == "serious"
    assert found_in(png(sd_metadata="{}"))["generated"][0] == "serious"
    assert "generated" not in found_in(png(Title="Jalan Gatot Subroto", Software="gnome-screenshot"))
    exif, out = Image.Exif(), io.BytesIO()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"UNICODE\0" + asked.encode("utf-16-be")
    scenes.scene(1, (64, 48)).save(out, "JPEG", exif=exif)
    assert found_in(out.getvalue())["generated"][0] == "serious"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        (b"trainedAlgorithmicMedia", {"generated"}),
        (b"compositeWithTrainedAlgorithmicMedia", {"generated"}),
        (b"digitalCapture", set()),
    ],
)
def test_the_source_type_of_xmp_is_read(source: bytes, codes: set[str]) -> None:
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>digitalsourcetype/' + source + b"</a></x:xmpmeta>"
    data = scenes.saved(scenes.scene(1, (64, 48)))
    data = data[:2] + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet) + data[2:]
    assert set(found_in(data)) - {"no_camera"} == codes


def test_a_seal_of_origin_alone_is_a_note_and_with_a_generator_in_it_serious() -> None:
    plain = scenes.saved(scenes.scene(1, (64, 48)))
    sealed = plain[:2] + segment(0xEB, b"JP\0\0\0\0\0\x10jumb\0\0\0\x08jumdc2pa") + plain[2:]
    assert found_in(sealed)["origin_record"][0] == "note"
    inside = segment(0xEB, b"JP jumb c2pa digitalsourcetype/trainedAlgorithmicMedia")
    assert found_in(plain[:2] + inside + plain[2:])["generated"][0] == "serious"


def test_the_size_of_a_screen_is_doubted_only_without_a_camera() -> None:
    screen = scenes.scene(2, (1080, 2400))
    assert found_in(png(screen))["screenshot"][0] == "doubt"
    assert found_in(scenes.saved(screen))["screenshot"][0] == "note"
    assert found_in(scenes.saved(screen, taken=datetime(2026, 3, 2, 9))) == {}


def packed(body: bytes) -> bytes:
    return b"<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(body) + b"\nendstream"


@pytest.mark.parametrize(
    ("body", "code", "weight"),
    [
        (
            b"<< /Type /Page /AA << /O << /S /JavaScript /JS (app.alert) >> >> >>",
            "document_script",
            "serious",
        ),
        (b"<< /S /J#61vaScr#69pt >>", "document_script", "serious"),
        (packed(b"<< /S /JavaScript >>"), "document_script", "serious"),
        (b"<< /OpenAction << /S /Launch /F (cmd.exe) >> >>", "document_launch", "serious"),
        (b"<< /Type /EmbeddedFile >>", "document_carries", "doubt"),
        (b"<< /S /SubmitForm /F (http://x) >>", "document_sends", "doubt"),
        (b"<< /Encrypt 2 0 R >>", "document_locked", "doubt"),
        (packed(b"0" * (pdf.UNFOLD_ONE + 10)), "document_unread", "doubt"),
        (b"<script>alert(1)</script>", "document_mixed", "serious"),
    ],
)
def test_what_acts_or_hides_in_a_document_is_found(body: bytes, code: str, weight: str) -> None:
    found = {mark.code: mark.weight for mark in pdf.check(scenes.pdf(body)).marks}
    assert found.get(code) == weight


def test_a_plain_document_has_no_marks_and_its_pages_are_counted() -> None:
    checked = pdf.check(scenes.pdf(b"<< /Type /Pages >> << /Type /Page >>" + packed(b"<< /Type/Page >>")))
    assert (checked.pages, checked.marks) == (2, ())
    # a picture's own bytes may spell a name by chance
    inside = b"<< /Filter /DCTDecode >>\nstream\n\xff\xd8 /JavaScript /Launch \nendstream"
    assert pdf.check(scenes.pdf(inside)).marks == ()


@given(st.binary(max_size=300), st.integers(0, 60))
def test_no_bytes_make_the_checks_stumble(body: bytes, lost: int) -> None:
    whole = scenes.pdf(b"stream\n" + body + zlib.compress(body)[:-2])
    pdf.check(whole)
    with pytest.raises(pdf.BrokenDocument):
        pdf.check(whole[: len(whole) - 20 - lost])


def test_a_small_document_does_not_unfold_without_bounds() -> None:
    bomb = packed(b"0" * 50_000_000) * 12
    codes = {mark.code for mark in pdf.check(scenes.pdf(bomb)).marks}
    assert codes == {"document_unread"}


def test_covers_leave_nothing_of_what_lay_below() -> None:
    made = darkroom.develop(
        scenes.saved(scenes.scene(3)), "image/jpeg", __import__("zoneinfo").ZoneInfo("UTC")
    )
    full, thumb = pixelate.pixelate(made.full, [Area(0.25, 0.25, 0.5, 0.5)])
    before, after = (Image.open(io.BytesIO(data)).convert("RGB") for data in (made.full, full))
    box = (168, 128, 312, 232)
    inside = after.crop(box)
    # four blocks along the longer side: shrunk to them and grown again it stays the same
    blocks = inside.resize((4, 3), Image.Resampling.BOX).resize(inside.size, Image.Resampling.NEAREST)
    assert difference(inside, blocks) < 12
    assert difference(before.crop(box), inside) > 12
    untouched = (400, 300, 600, 460)
    assert difference(before.crop(untouched), after.crop(untouched)) < 6
    assert max(Image.open(io.BytesIO(thumb)).size) == 400


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@given(
    st.tuples(*[st.floats(0, 1)] * 4).filter(lambda each: each[0] < each[2] and each[1] < each[3]),
    st.integers(1, 3000),
    st.integers(1, 3000),
)
def test_an_area_covers_at_least_what_was_drawn(sides, width: int, height: int) -> None:
    left, top, right, bottom = readable([sides])[0].pixels(width, height)
    assert 0 <= left < right <= width and 0 <= top < bottom <= height
    assert left <= sides[0] * width and right >= min(width, sides[2] * width - 1e-6)


@pytest.mark.parametrize(
    "sides", [(0.5, 0, 0.5, 1), (0, 0, 1.1, 1), (-0.1, 0, 1, 1), (float("nan"), 0, 1, 1)]
)
def test_a_rectangle_outside_of_the_picture_is_refused(sides) -> None:
    with pytest.raises(ValueError, match="rectangle"):
        readable([sides])
