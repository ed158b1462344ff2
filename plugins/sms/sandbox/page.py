"""The trainer's page: write as a citizen, read what comes back and how many parts it has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from markupsafe import Markup

from plugins.sms import parts

if TYPE_CHECKING:
    from plugins.sms.sandbox.gateway import Gateway

NUMBER = "6281100000001"  # invented
PAGE = Markup("""<!doctype html><html lang="id"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>SMS tiruan</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:1rem;background:#f8f6f2;
color:#1c1a16}}h1{{font-size:1.25rem}}
ol{{list-style:none;padding:0}}li{{background:#fff;border:1px solid #857e70;border-radius:.5rem;
padding:.6rem .8rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}}small{{display:block}}
label{{display:block;margin-top:.75rem}}
input,button{{font:inherit;padding:.6rem;min-height:44px;box-sizing:border-box}}
input{{width:100%}}button{{margin:.5rem .5rem 0 0}}</style>
<main><h1>SMS tiruan untuk pelatihan</h1><p>Tidak ada yang dikirim ke luar mesin ini.</p>
<ol>{answers}</ol><form method="post" action="/kirim">
<label>Nomor warga<input name="nomor" value="{number}" inputmode="numeric"></label>
<label>Pesan<input name="teks" autocomplete="off" autofocus></label>
<button>Kirim</button></form><p><a href="/?nomor={number}">Muat ulang</a></p></main></html>""")
ROW = Markup("<li>{}<small>{} bagian</small></li>")


def html(gateway: Gateway, number: str) -> str:
    """The page of one citizen: all answers so far."""
    number = number if number.isascii() and number.isdigit() and len(number) <= 15 else NUMBER
    rows = [ROW.format(each.text, parts.count(each.text)) for each in gateway.answers(number)]
    return str(PAGE.format(answers=Markup("").join(rows), number=number))


def act(gateway: Gateway, body: bytes) -> str:
    """Do what the form says; returns the citizen's number once an answer came, or after eight seconds."""
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    given = form.get("nomor", "")
    number = given if given.isascii() and given.isdigit() and 6 <= len(given) <= 15 else NUMBER
    before = len(gateway.answers(number))
    if form.get("teks"):
        gateway.says(number, form["teks"])
        gateway.awaits(number, before + 1, 8.0)
    return number
