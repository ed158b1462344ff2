"""The words of a report as the model sees them: masked, lower case, chat spelling undone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from plugins.lapor.service.routing.mask import masked

WORD = re.compile(r"[^\W\d_]+")
LONG_RUN = re.compile(r"(\w)\1{2,}")
LONGEST_TEXT: Final = 4_000  # characters; what matters is said before
LONGEST_WORD: Final = 40

# How people write on a phone. Only what is certain: "ga" is never a place, "gn" might be one.
SHORT: Final[dict[str, str]] = {
    "yg": "yang", "dg": "dengan", "dgn": "dengan", "krn": "karena", "karna": "karena", "krna": "karena",
    "tdk": "tidak", "tak": "tidak", "gk": "tidak", "ga": "tidak", "gak": "tidak", "ngga": "tidak",
    "nggak": "tidak", "enggak": "tidak", "kagak": "tidak", "jln": "jalan", "jl": "jalan", "jlan": "jalan",
    "gg": "gang", "kec": "kecamatan", "kel": "kelurahan", "kab": "kabupaten", "prov": "provinsi",
    "sdh": "sudah", "udh": "sudah", "udah": "sudah", "dah": "sudah", "blm": "belum", "blom": "belum",
    "utk": "untuk", "unt": "untuk", "tlg": "tolong", "tlong": "tolong", "mhn": "mohon", "ijin": "izin",
    "bs": "bisa", "bsa": "bisa", "hrs": "harus", "jgn": "jangan", "jg": "juga", "jga": "juga",
    "sy": "saya", "sya": "saya", "aq": "saya", "bpk": "bapak", "dr": "dari", "dri": "dari", "pd": "pada",
    "dlm": "dalam", "lg": "lagi", "lgi": "lagi", "aja": "saja", "aj": "saja", "sm": "sama", "dpn": "depan",
    "blkg": "belakang", "sblh": "sebelah", "deket": "dekat", "dkt": "dekat", "bnyk": "banyak",
    "byk": "banyak", "bgt": "sangat", "banget": "sangat", "skrg": "sekarang", "kmrn": "kemarin",
    "tgl": "tanggal", "mlm": "malam", "hr": "hari", "mgg": "minggu", "bln": "bulan",
    "thn": "tahun", "th": "tahun", "org": "orang", "rmh": "rumah", "sklh": "sekolah", "dket": "dekat",
    "trs": "terus", "trus": "terus", "kpn": "kapan", "gmn": "bagaimana", "gimana": "bagaimana",
    "knp": "kenapa", "mslh": "masalah", "lap": "laporan", "pmkot": "pemkot", "wrg": "warga",
    "kpd": "kepada", "ttg": "tentang", "tsb": "tersebut", "spy": "supaya", "sdg": "sedang", "sll": "selalu",
    "krg": "kurang", "ttp": "tetap", "msh": "masih", "lbh": "lebih", "spt": "seperti", "kyk": "seperti",
    "kayak": "seperti", "pake": "pakai", "smpe": "sampai", "sampe": "sampai", "lwt": "lewat",
    "kluar": "keluar", "msk": "masuk", "dijln": "jalan", "mtr": "motor", "mbl": "mobil",
    "lmpu": "lampu", "smpah": "sampah", "bnjir": "banjir", "aer": "air", "mksh": "terima kasih",
    "makasih": "terima kasih", "trims": "terima kasih", "tq": "terima kasih",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One word: as it was typed, and as the model reads it ("jln" -> "jalan")."""

    typed: str
    plain: str


def spoken(text: str) -> list[Said]:
    """The words of `text` in their order, without what is masked. At most 4,000 characters are read."""
    return [Said(word, plain(word)) for word in WORD.findall(masked(text[:LONGEST_TEXT]))]


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """A word in lower case with drawn-out letters ("tolooong") and chat spelling undone."""
    word = LONG_RUN.sub(r"\1", word.casefold())[:LONGEST_WORD]
    return SHORT.get(word, word)
