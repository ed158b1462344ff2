"""A link to a post in its one form, so that the same post is the same case. Nothing is ever fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

HOSTS = {
    **dict.fromkeys(("instagram.com", "instagr.am"), "instagram"),
    **dict.fromkeys(("facebook.com", "fb.com", "fb.watch", "fb.me"), "facebook"),
    **dict.fromkeys(("x.com", "twitter.com"), "x"),
    **dict.fromkeys(("tiktok.com", "vm.tiktok.com", "vt.tiktok.com"), "tiktok"),
    **dict.fromkeys(("youtube.com", "youtu.be"), "youtube"),
    **dict.fromkeys(("threads.net", "threads.com"), "threads"),
}
MAIN = {"facebook.com": "www.facebook.com", "fb.com": "www.facebook.com", "twitter.com": "x.com",
        "instagr.am": "www.instagram.com", "instagram.com": "www.instagram.com",
        "tiktok.com": "www.tiktok.com", "youtube.com": "www.youtube.com",
        "threads.net": "www.threads.com", "threads.com": "www.threads.com"}  # fmt: skip
# What names a post; everything else after the question mark says who shared it and how.
NAMES = {
    "facebook": {"story_fbid", "id", "v", "fbid", "comment_id", "multi_permalinks"},
    "youtube": {"v", "lc"},
    "other": None,
}
TRACKS = re.compile(r"(?i)^(?:utm_.*|igshi?d?|fbclid|gclid|ref|ref_src|ref_url|si|feature|mibextid|s|t)$")
DOORS = ("www.", "m.", "mobile.", "web.", "id-id.", "touch.", "mbasic.")
MOST = 1000


class NoLink(ValueError):
    """This is no link to a public post; the message is a short code."""


@dataclass(frozen=True, slots=True)
class Link:
    """A post's address in its one form, and where it stands."""

    url: str
    platform: str


def read(text: str) -> Link:
    """The link in its one form: reading that again changes nothing. Raises NoLink."""
    told = text.strip()
    if not told or len(told) > MOST or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", told):
        raise NoLink("address")
    if "://" not in told:
        told = f"https://{told}"
    try:
        parts = urlsplit(told)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise NoLink("address") from error
    if (
        parts.scheme.lower() not in {"http", "https"}
        or parts.username is not None
        or port not in {None, 80, 443}
    ):
        raise NoLink("scheme")
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", host):
        raise NoLink("address")
    bare = _bare(host)
    platform = HOSTS.get(bare, "other")
    path = quote(re.sub(r"/{2,}", "/", parts.path), safe="/%@:.~!$&()*+,;=-_").rstrip("/")
    query = _query(platform, parts.query)
    if bare == "youtu.be" and path:
        bare, path, query = "youtube.com", "/watch", {"v": path.split("/")[1], **query}
    path = _path(platform, path)
    if not path and not query:
        raise NoLink("post")  # a front page is no post
    shown = MAIN.get(bare, host if platform == "other" else bare)
    asked = f"?{urlencode(sorted(query.items()))}" if query else ""
    return Link(f"https://{shown}{path}{asked}", platform)


def handle_of(text: str) -> str:
    """A handle as it is kept: without @ and spaces around it. Raises NoLink for none."""
    told = text.strip().lstrip("@").strip()
    if len(told) > 100 or not told.isprintable():
        raise NoLink("handle")
    return told


def _bare(host: str) -> str:
    for door in DOORS:
        if host.startswith(door) and host.removeprefix(door) in HOSTS:
            return host.removeprefix(door)
    return host


def _query(platform: str, query: str) -> dict[str, str]:
    names = NAMES.get(platform, set())
    found = parse_qsl(query, errors="replace", max_num_fields=60) if query.count("&") < 60 else []
    if names is None:
        return {name: value for name, value in found if not TRACKS.match(name)}
    return {name: value for name, value in found if name in names}


def _path(platform: str, path: str) -> str:
    """One way to write a post that the platform knows several for."""
    if platform == "x" and (found := re.match(r"(?i)/(?:i|\w{1,30}|i/web)/status/(\d{5,25})", path)):
        return f"/i/status/{found[1]}"
    if platform == "instagram" and (
        found := re.match(r"/(?:[\w.]{1,40}/)?(?:p|reels?|tv)/([\w-]{5,60})", path)
    ):
        return f"/p/{found[1]}"
    return path
