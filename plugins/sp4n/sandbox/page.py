"""The page on which a trainer plays the nation. Plain HTML without scripts, for this machine only."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import ChainableUndefined, Environment, Template
from werkzeug.wrappers import Request, Response

from plugins.sp4n.sandbox.nation import FAULTS, Nation, is_office

KINDS: Final = {
    "tindak_lanjut": "Tindak lanjut",
    "jawaban": "Jawaban",
    "pertanyaan": "Pertanyaan kepada pelapor",
    "penutupan": "Tutup",
    "pengembalian": "Kembalikan, bukan wewenang",
    "tanggapan": "Pelapor menanggapi",
    "selesai": "Pelapor: sudah selesai",
    "belum_selesai": "Pelapor: belum selesai",
    "dicabut": "Pelapor mencabut",
}
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
NOTHING: Final = "Tidak ada halaman di sini."


def answer(nation: Nation, request: Request) -> Response:
    """The page, its forms, and everything as JSON for who looks on."""
    path = request.path.rstrip("/")
    if request.method == "GET" and path == "":
        response = Response(_page(nation), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = POLICY
        return response
    if request.method == "GET" and path == "/latihan/keadaan.json":
        body = json.dumps(nation.dump(), ensure_ascii=False)
        return Response(body, content_type="application/json")
    origin = request.headers.get("Origin")
    if request.method != "POST" or (origin and origin != request.host_url.rstrip("/")):
        return _said(NOTHING, 404)
    try:
        return _deed(nation, path, request.form)
    except KeyError:
        return _said("Nomor ini tidak ada.", 404)
    except ValueError as error:
        return _said(str(error), 422)


def _deed(nation: Nation, path: str, form: Any) -> Response:
    parts = path.strip("/").split("/")
    if parts == ["latihan", "disposisi"]:
        return _dispose(nation, form)
    if parts == ["latihan", "gangguan"]:
        nation.fail(*form.getlist("gangguan"))
        return _see("/")
    if len(parts) == 3 and parts[0] == "latihan" and parts[2] == "kabar":
        rating = form.get("penilaian", type=int)
        nation.say(parts[1], form.get("jenis", ""), form.get("teks", "").strip(), rating=rating)
        return _see(f"/#n{parts[1]}")
    return _said(NOTHING, 404)


def _dispose(nation: Nation, form: Any) -> Response:
    named = ("instansi", "judul", "isi", "utama", "sub", "alamat", "nama")
    given = {name: form.get(name, "").strip() for name in named}
    if not (is_office(given["instansi"]) and given["judul"] and given["isi"]):
        raise ValueError("Isi pemerintah daerah, judul, dan isi laporan.")
    number = nation.dispose(
        given["instansi"],
        title=given["judul"],
        body=given["isi"],
        jenis=form.get("jenis", "pengaduan"),
        kategori={"utama": given["utama"], "sub": given["sub"]},
        anonim=form.get("anonim") == "1",
        rahasia=form.get("rahasia") == "1",
        lokasi={"alamat": given["alamat"]},
        pelapor={"nama": given["nama"]},
    )
    return _see(f"/#n{number}")


def _page(nation: Nation) -> str:
    return _template().render(
        offices=nation.offices(),
        faults=list(nation.faults),
        reports=list(reversed(nation.reports())),
        kinds_of_fault=FAULTS,
        kinds_of_news=KINDS,
    )


@cache
def _template() -> Template:
    text = files("plugins.sp4n.sandbox").joinpath("page.html").read_text("utf-8")
    made = Environment(autoescape=True, trim_blocks=True, undefined=ChainableUndefined)
    return made.from_string(text)


def _see(address: str) -> Response:
    return Response(status=303, headers={"Location": address})


def _said(words: str, status: int) -> Response:
    return Response(words, status, content_type="text/plain; charset=utf-8")
