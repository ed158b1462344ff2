"""Updates as Telegram documents them, and as nobody does."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.telegram import composing, reading

CHAT = {"id": 8812, "first_name": "Warga", "type": "private"}
WHO = {"id": 8812, "is_bot": False, "first_name": "Warga", "last_name": "Uji"}
# The shapes of https://core.telegram.org/bots/api#message and #callbackquery.
FRAME = {"message_id": 12, "from": WHO, "chat": CHAT, "date": 1_764_100_000}
SIZES = [
    {"file_id": "s", "file_unique_id": "1", "file_size": 1_200, "width": 90, "height": 67},
    {"file_id": "m", "file_unique_id": "2", "file_size": 90_000, "width": 1280, "height": 960},
    {"file_id": "l", "file_unique_id": "3", "file_size": 400_000, "width": 5120, "height": 3840},
]


def read(**parts: Any) -> reading.Arrival:
    found = reading.read({"update_id": 1, "message": {**FRAME, **parts}})
    assert found is not None
    return found


def test_documented_messages_are_understood() -> None:
    told = read(text="Lampu mati")
    assert (told.chat, told.name, told.text, told.at.year) == (8812, "Warga Uji", "Lampu mati", 2025)
    assert read(photo=SIZES, caption="Ini").file == reading.File("m", 90_000)
    assert read(document={"file_id": "d", "mime_type": "image/heic", "file_size": 5}).file == reading.File(
        "d", 5
    )
    place = read(location={"latitude": -8.67, "longitude": 115.21, "horizontal_accuracy": 12.0}).location
    assert place is not None
    assert (place.lat, place.lng) == (-8.67, 115.21)
    venue = {
        "location": {"latitude": -8, "longitude": 115},
        "title": "Pasar",
        "address": "Jalan Sulawesi",
    }
    found = read(venue=venue, location=venue["location"]).location
    assert found is not None
    assert found.address == "Pasar, Jalan Sulawesi"
    assert read(sticker={"file_id": "x"}).problem == "unsupported"
    assert read(video={"file_id": "x"}, caption="Lihat").text == "Lihat"
    pressed = {"id": "77", "from": WHO, "message": FRAME, "chat_instance": "1", "data": "send:abc:"}
    button = reading.read({"update_id": 2, "callback_query": pressed})
    assert button is not None
    assert (button.choice, button.callback) == ("send:abc:", "77")


FIELDS = (
    "update_id message callback_query my_chat_member chat id type from data text photo document location "
    "venue date width file_id new_chat_member status"
)
KEYS = st.sampled_from(FIELDS.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("private")
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=5))
def test_no_shape_breaks_the_reading(update: dict[str, Any]) -> None:
    reading.read(update)
    message = {**FRAME, **update, "chat": CHAT}
    assert reading.read({"message": message}) is None or reading.chat_of({"message": message}) == 8812


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100), st.text(max_size=20))
def test_buttons_fit_and_come_back(code: str, title: str) -> None:
    data = composing.data(code, title)
    assert len(data.encode("utf-8", "replace")) <= 64
