"""What citizens read: list, page, feed, home; in their language, and only what is visible now."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import timedelta

import pytest

from plugins.berita import present, service
from plugins.berita.markdown import to_html
from superapp.context import Tenant
from superapp.sdk import now
from superapp.testing.client import TenantClient

Make = Callable[..., str]
Browse = Callable[[Tenant], TenantClient]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_a_published_article_stands_in_list_page_feed_and_home(
    client: Browse, article: Make, tenant_a: Tenant
) -> None:
    article(tenant_a, "Jadwal libur Nyepi", "Tutup **dua** hari.")
    browser = client(tenant_a)
    assert "/berita/jadwal-libur-nyepi" in browser.get("/berita/").text
    page = browser.get("/berita/jadwal-libur-nyepi").text
    assert "<strong>dua</strong>" in page and "17 Maret" in page and "Kota Uji" in page
    home = browser.get("/").text
    assert home.count("Jadwal libur Nyepi") == 2  # as the tile's line and among the news
    feed = ElementTree.fromstring(browser.get("/berita/umpan.xml").data)
    assert [e.text for e in feed.findall("a:entry/a:title", ATOM)] == ["Jadwal libur Nyepi"]
    assert "<strong>dua</strong>" in (feed.findtext("a:entry/a:content", "", ATOM))


def test_a_feed_without_articles_is_still_well_formed(client: Browse, tenant_a: Tenant) -> None:
    feed = ElementTree.fromstring(client(tenant_a).get("/berita/umpan.xml").data)
    assert feed.findtext("a:updated", "", ATOM)


def test_a_scheduled_article_is_seen_by_nobody_before_its_time(
    client: Browse, article: Make, tenant_a: Tenant
) -> None:
    moment = now()
    article(tenant_a, "Besok", at=moment, publish_at=moment + timedelta(days=1))
    browser = client(tenant_a)
    assert "Besok" not in browser.get("/berita/").text
    assert browser.get("/berita/besok").status_code == 404
    assert "Besok" not in browser.get("/berita/umpan.xml").text


def test_pinned_articles_stand_first_and_once_until_their_day_has_passed(
    client: Browse, article: Make, tenant_a: Tenant
) -> None:
    today = now().date()
    article(tenant_a, "Disematkan lama", at=now() - timedelta(days=9), pinned_until=today + timedelta(days=3))
    article(tenant_a, "Kabar baru", at=now() - timedelta(days=1))
    article(tenant_a, "Sematan usai", at=now() - timedelta(days=5), pinned_until=today - timedelta(days=2))
    text = client(tenant_a).get("/berita/").text
    places = [text.index(title) for title in ("Disematkan lama", "Kabar baru", "Sematan usai")]
    assert places == sorted(places) and text.count("Disematkan lama") == 1
    home = client(tenant_a).get("/").text
    assert home.index(">Disematkan lama<") < home.index(">Kabar baru<") and "Sematan usai" not in home


def test_pages_follow_one_another_without_gap_or_double(
    client: Browse, article: Make, tenant_a: Tenant
) -> None:
    moment = now() - timedelta(hours=1)
    for number in range(23):  # several at the same moment
        article(tenant_a, f"Nomor {number:02}", at=moment - timedelta(minutes=number // 3))
    browser, url, seen = client(tenant_a), "/berita/", []
    while url:
        text = browser.get(url).text
        seen += [f"Nomor {n:02}" for n in range(23) if f"Nomor {n:02}" in text]
        found = text.split('rel="next" href="')
        url = found[1].split('"')[0].replace("&amp;", "&") if len(found) > 1 else ""
    assert len(seen) == 23 and len(set(seen)) == 23


@pytest.mark.parametrize("cursor", ["x", "zz-1", "-", f"{'f' * 40}-{'0' * 32}", "%00"])
def test_a_broken_address_is_refused_in_words(client: Browse, tenant_a: Tenant, cursor: str) -> None:
    assert client(tenant_a).get(f"/berita/?sesudah={cursor}").status_code == 400


def test_readers_get_their_language_or_are_told_that_there_is_none(
    client: Browse, article: Make, tenant_a: Tenant
) -> None:
    article(tenant_a, "Pasar murah", english="Cheap market")
    article(tenant_a, "Air mati")
    browser = client(tenant_a)
    assert "Cheap market" in browser.get("/berita/pasar-murah?lang=en").text
    page = browser.get("/berita/pasar-murah")
    assert "Pasar murah" in page.text and 'hreflang="en"' in page.text
    assert "hanya ada dalam bahasa Indonesia" not in browser.get("/berita/air-mati").text
    only = browser.get("/berita/air-mati?lang=en").text
    assert '<h1 lang="id">Air mati</h1>' in only


def test_an_unchanged_page_costs_a_reader_nothing(client: Browse, article: Make, tenant_a: Tenant) -> None:
    article(tenant_a, "Kabar")
    browser = client(tenant_a)
    for url in ("/berita/", "/berita/kabar", "/berita/umpan.xml"):
        etag = browser.get(url).headers["ETag"]
        again = browser.get(url, headers={"If-None-Match": etag})
        assert again.status_code == 304 and not again.data, url
    article(tenant_a, "Kabar lain")
    assert browser.get("/berita/", headers={"If-None-Match": etag}).status_code == 200


def test_the_other_city_sees_nothing_of_it(
    client: Browse, article: Make, tenant_a: Tenant, tenant_b: Tenant
) -> None:
    article(tenant_a, "Rahasia kota")
    browser = client(tenant_b)
    assert browser.get("/berita/rahasia-kota").status_code == 404
    assert "Rahasia kota" not in browser.get("/berita/").text + browser.get("/").text
    article(tenant_b, "Rahasia kota")  # the same address is free there
    assert browser.get("/berita/rahasia-kota").status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/x.png)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<a href='data:text/html,x'>x</a>",
        "`<script>`",
    ],
)
def test_markdown_yields_no_script_no_picture_and_no_handler(typed: str) -> None:
    html = to_html(typed).lower()
    assert "<script" not in html and "<img" not in html
    assert 'href="javascript' not in html and 'href="data' not in html
    assert "<a" not in html or " on" not in html.split("<a")[1].split(">")[0]


def test_headings_begin_below_the_pages_own() -> None:
    html = to_html("# Satu\n\n## Dua\n\n###### Enam")
    assert "<h1" not in html and "<h2>Satu</h2>" in html and "<h4>Enam</h4>" in html


def test_a_tiles_line_is_cut_between_words() -> None:
    assert present.shorten("Jadwal libur layanan Nyepi") == "Jadwal libur layanan Nyepi"
    cut = present.shorten("Jadwal layanan selama libur Nyepi dan Idulfitri")
    assert cut == "Jadwal layanan selama libur…" and len(cut) <= present.TILE_LENGTH
    assert len(present.shorten("x" * 80)) == present.TILE_LENGTH


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Jadwal libur Nyepi & Idulfitri 2026!", "jadwal-libur-nyepi-idulfitri-2026"),
        ("Café é", "cafe-e"),
        ("!!!", "berita"),
        ("中文", "berita"),
        ("a" * 300, "a" * 80),
        ("umpan.xml", "umpan-xml"),
    ],
)
def test_an_address_is_readable_ascii(title: str, slug: str) -> None:
    assert service.slug_of(title) == slug
