"""What a message means by itself: tidy text, commands, numbers of reports, words of danger."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 4000
STACKED = 10
DIRECTION = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
COMMANDS = {
    "cancel": "batal batalkan cancel stop hapus",
    "menu": "menu mulai start",
    "hello": "halo hai hi hello p ping assalamualaikum permisi pagi siang sore malam selamat_pagi "
    "selamat_siang selamat_sore selamat_malam om_swastiastu halo_admin min admin",
    "help": "bantuan help tolong_bantuan cara",
    "status": "status cek cek_status cek_laporan lacak status_laporan",
    "new": "baru lapor laporan_baru buat_laporan",
    "send": "kirim ya_kirim send",
    "edit": "ubah ganti edit",
    "hide": "rahasiakan_nama rahasia anonim",
    "skip": "lewati skip tidak_ada tidak_tahu",
}
WORDS = {word.replace("_", " "): code for code, words in COMMANDS.items() for word in words.split()}
URGENT = re.compile(
    r"\b(?:darurat|kebakaran|terbakar|kecelakaan|tabrakan|tenggelam|gempa|tsunami|longsor|meledak|ledakan|"
    r"begal|tersengat|pingsan)\b"
)
FILLERS_WORDS = (
    "tolong dong mau lapor melapor melaporkan laporan laporkan ingin pak bu bapak ibu kak min admin "
    "saya kami aku mohon bantu bantuannya dibantu ada nih ya permisi halo hai hallo selamat pagi "
    "siang sore malam assalamualaikum om swastiastu p izin ijin bisa buat"
)
FILLERS = frozenset(FILLERS_WORDS.split())
PIN = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}(?!\d)")
ASKS = re.compile(r"^(?:status|cek|lacak|pin|nomor|no)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A report's number found in a text, a PIN beside it ("" without), and the other words."""

    number: str
    pin: str
    rest: str


def tidy(text: str) -> str:
    """Normalised, without what cannot be stored or deceives the eye, at most 4000 characters."""
    kept, stack = [], 0
    for char in unicodedata.normalize("NFC", text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")):
        kind = unicodedata.category(char)
        stack = stack + 1 if kind in {"Mn", "Me"} else 0
        if kind in {"Cs", "Cn", "Co"} or (kind == "Cc" and char not in "\n\t") or char in DIRECTION:
            continue
        if stack <= STACKED:
            kept.append(char)
    return "".join(kept).strip()


def plain(text: str) -> str:
    """Lower case words without signs: "Status?" is "status", "/start" is "start"."""
    return " ".join(re.findall(r"\w+", text.casefold()))[:200]


def command(text: str) -> str:
    """The command that the whole text is, or ""."""
    return WORDS.get(plain(text), "")


def urgent(text: str) -> bool:
    """True when a word of danger stands in the text."""
    return URGENT.search(text.casefold()) is not None


def named(text: str, prefix: str) -> Named | None:
    """The number of a report of this government (`prefix` is its short code), None without."""
    found = re.search(rf"\b{re.escape(prefix)}[ -]?(20\d\d)[ -]?(\d{{1,8}})\b", text, re.IGNORECASE)
    if found is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    pin = PIN.search(rest)
    if pin is not None:
        rest = f"{rest[: pin.start()]} {rest[pin.end() :]}"
    words = ASKS.sub("", rest.strip(" \n:,.?!")).strip(" \n:,.?!")
    words = re.sub(r"^pin$", "", words, flags=re.IGNORECASE)
    number = f"{prefix}-{found[1]}-{int(found[2]):06d}"
    return Named(number, re.sub(r"\D", "", pin[0]) if pin else "", words)


def enough(text: str) -> bool:
    """True for a text that tells something: two words with letters, of which one is more than politeness."""
    words = re.findall(r"[^\W\d_]{2,}", text.casefold())
    return len(words) >= 2 and not polite(text)


def polite(text: str) -> bool:
    """True for "tolong dong" and "saya mau lapor": words that tell nothing yet."""
    return set(re.findall(r"\w+", text.casefold())) <= FILLERS


def cut(text: str, most: int) -> str:
    """The text in at most `most` characters, cut between words where that is possible."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    head = flat[: most - 1]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head[most // 2 :] else head}…"
