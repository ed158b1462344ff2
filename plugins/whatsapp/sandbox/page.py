"""The trainer's page: write as a citizen, read what comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from markupsafe import Markup

if TYPE_CHECKING:
    from plugins.whatsapp.sandbox.meta import Answer, Meta

NUMBER = "6281100000001"  # invented
PLACE = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*")
PAGE = Markup("""<!doctype html><html lang="id"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>WhatsApp tiruan</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:1rem;background:#f8f6f2;
color:#1c1a16}}h1{{font-size:1.25rem}}
ol{{list-style:none;padding:0}}li{{background:#fff;border:1px solid #857e70;
border-radius:.5rem;
padding:.6rem .8rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}}
label{{display:block;margin-top:.75rem}}
input,button{{font:inherit;padding:.6rem;min-height:44px;box-sizing:border-box}}
input{{width:100%}}button{{margin:.5rem .5rem 0 0}}</style>
<main><h1>WhatsApp tiruan untuk pelatihan</h1><p>Tidak ada yang dikirim ke luar mesin ini.</p>
<ol>{answers}</ol><form method="post" action="/kirim">
<label>Nomor warga<input name="nomor" value="{number}" inputmode="numeric"></label>
<label>Pesan<input name="teks" autocomplete="off" autofocus></label>
<label>Lokasi (lintang, bujur)<input name="lokasi" placeholder="-8.65, 115.21"></label>
<button>Kirim</button>{buttons}</form><p><a href="/?nomor={number}">Muat ulang</a></p></main></html>""")


def html(meta: Meta, number: str) -> str:
    """The page of one citizen: all answers so far, and the buttons of the last."""
    number = number if number.isascii() and number.isdigit() and len(number) <= 15 else NUMBER
    got = meta.answers(number)
    shown = Markup("").join(Markup("<li>{}</li>").format(_words(each)) for each in got)
    last = got[-1].choices if got else ()
    buttons = Markup("").join(
        Markup('<button name="tombol" value="{}">{}</button>').format(code, title) for code, title in last
    )
    return str(PAGE.format(answers=shown, number=number, buttons=buttons))


def act(meta: Meta, body: bytes) -> str:
    """Do what the form says; returns the citizen's number once an answer came, or after eight seconds."""
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    given = form.get("nomor", "")
    number = given if given.isascii() and given.isdigit() and 6 <= len(given) <= 15 else NUMBER
    before, place = len(meta.answers(number)), PLACE.fullmatch(form.get("lokasi", ""))
    if form.get("tombol"):
        meta.presses(number, form["tombol"])
    elif place:
        meta.shares(number, float(place[1]), float(place[2]))
    elif form.get("teks"):
        meta.says(number, form["teks"])
    else:
        return number
    meta.awaits(number, before + 1, 8.0)
    return number


def _words(answer: Answer) -> str:
    if answer.template:
        return f"Templat {answer.template}: {', '.join(answer.values)}"
    return answer.text + ("\n(meminta lokasi)" if answer.asks_location else "")
