"""The same post has one address, whoever shared it and how; what is no public post is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.medsos import links, replies


@pytest.mark.parametrize(
    ("told", "url", "platform"),
    [
        ("https://twitter.com/Warga/status/1790001?s=20", "https://x.com/i/status/1790001", "x"),
        ("x.com/i/web/status/1790001/photo/1", "https://x.com/i/status/1790001", "x"),
        ("https://www.instagram.com/reel/C7_D-1/?igsh=z", "https://www.instagram.com/p/C7_D-1", "instagram"),
        ("http://instagram.com/wali.kota/p/C7_D-1#x", "https://www.instagram.com/p/C7_D-1", "instagram"),
        (
            "https://m.facebook.com/story.php?story_fbid=12&id=34&mibextid=zz",
            "https://www.facebook.com/story.php?id=34&story_fbid=12",
            "facebook",
        ),
        ("https://fb.watch/abc123/", "https://fb.watch/abc123", "facebook"),
        ("https://youtu.be/dQw4w9WgXcQ?si=zz&t=4", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "youtube"),
        ("m.youtube.com/watch?v=abc&lc=Ug1&t=4", "https://www.youtube.com/watch?lc=Ug1&v=abc", "youtube"),
        ("tiktok.com/@warga/video/731?_r=1", "https://www.tiktok.com/@warga/video/731", "tiktok"),
        ("https://vm.tiktok.com/ZM1/", "https://vm.tiktok.com/ZM1", "tiktok"),
        ("https://forum.contoh.id/topik?utm_source=a&id=4", "https://forum.contoh.id/topik?id=4", "other"),
    ],
)  # fmt: skip
def test_one_post_one_address(told: str, url: str, platform: str) -> None:
    assert links.read(told) == links.Link(url, platform)


@pytest.mark.parametrize(
    "told",
    [
        *("", "   ", "bukan tautan", "javascript:alert(1)", "ftp://x.com/a", "https://x.com", "https://x.com/?s=20"),
        *("https://a:b@x.com/i/status/12345", "https://x.com:8080/i/status/12345", "https://127.0.0.1/a"),
        *("https://localhost/a", "https://[::1]/a", "https://x.com/\x00a", "https://x.com/a b"),
        f"https://x.com/{'a' * 1000}",
        "https://x.com<script>/a",
    ],
)  # fmt: skip
def test_what_is_no_public_post_is_refused(told: str) -> None:
    with pytest.raises(links.NoLink):
        links.read(told)


TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=60)
HOSTS = st.sampled_from(
    [*links.HOSTS, *(f"{door}{host}" for door in links.DOORS for host in links.HOSTS), "a.id"]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(TEXT, st.builds("https://{}/{}?{}".format, HOSTS, TEXT, TEXT)))
def test_reading_twice_changes_nothing_and_never_breaks(told: str) -> None:
    try:
        once = links.read(told)
    except links.NoLink:
        return
    assert links.read(once.url) == once
    assert once.url.startswith("https://") and once.url.isascii() and not set(once.url) & set(" <>\"'\n")


@pytest.mark.parametrize("platform", [*replies.LIMITS, "other"])
@pytest.mark.parametrize("host", ["kota.go.id", "layanan-pengaduan-masyarakat.kabupaten-panjang.go.id"])
def test_a_reply_fits_and_leads_to_the_case(platform: str, host: str) -> None:
    follow = f"https://{host}/lapor/lacak/DPS-2026-000123"
    told = replies.public(platform, number="DPS-2026-000123", follow=follow, by="Pemerintah Kota " * 3)
    assert follow in told and len(told) <= replies.limit_of(platform) and "klaim" not in told
