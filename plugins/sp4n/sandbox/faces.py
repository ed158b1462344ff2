"""Both protocols of the sandbox: JSON as the contract that comes with the plugin says, and the older XML."""

from __future__ import annotations

import json
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from werkzeug.wrappers import Request, Response

from plugins.sp4n import xml
from plugins.sp4n.sandbox.nation import PREFIX, Nation, Report, is_office

MOST_PAGE: Final = 50
TOPICS: Final = ("JALAN BERLUBANG", "LAMPU PENERANGAN JALAN UMUM", "PENGELOLAAN SAMPAH")


def office_of(token: str) -> str:
    """The government that a token of the sandbox names; "" for none."""
    name = token.removeprefix(PREFIX)
    return name if token.startswith(PREFIX) and is_office(name) else ""


def modern(nation: Nation, request: Request, path: str) -> Response:
    """One call of the JSON transport; `path` is what follows its base."""
    office = office_of(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if not office:
        return _no(401, "Token tidak dikenal.")
    parts = path.strip("/").split("/")
    if request.method == "GET" and parts == ["perubahan"]:
        return _changes(nation, request, office)
    if request.method == "GET" and parts == ["status"]:
        return _states(nation, request, office)
    if request.method != "POST" or parts[0] != "laporan":
        return _no(404, "Alamat tidak dikenal.")
    key = request.headers.get("Idempotency-Key", "")
    if key and (known := nation.answered(f"{office}:{key}")) is not None:
        return _json(known)
    data = _object(request.get_data())
    if data is None:
        return _no(400, "Isi tidak dapat dibaca.")
    if len(parts) == 1:
        return _new(nation, office, data, key)
    report = nation.report(parts[1])
    if len(parts) != 3 or report is None or report.office != office:
        return _no(404, "Nomor tidak dikenal.")
    if data.get("diserahkan") is True:
        report.data["diserahkan"] = True
    nation.follow(report, office, _text(data, "jenis"), _text(data, "teks"), _text(data, "status"))
    return _taken(nation, report, office, key)


def _new(nation: Nation, office: str, data: dict[str, Any], key: str) -> Response:
    if not _text(data, "isi"):
        return _no(422, "Isi laporan kosong.")
    report, fresh = nation.file(office, data, ours=_text(data, "nomor_daerah"))
    if not fresh:
        answer = {"sukses": False, "pesan": "Sudah ada.", "data": {"nomor": report.number}}
        return _json(answer, 409)
    return _taken(nation, report, office, key)


def _taken(nation: Nation, report: Report, office: str, key: str) -> Response:
    named = {"nomor": report.number, "kode_lacak": report.second}
    answer = {"sukses": True, "pesan": "", "data": named}
    nation.remember(f"{office}:{key}" if key else "", answer)
    return _json(answer)


def _changes(nation: Nation, request: Request, office: str) -> Response:
    after = request.args.get("sesudah", "0")
    most = min(request.args.get("batas", MOST_PAGE, type=int) or MOST_PAGE, MOST_PAGE)
    page, cursor, more = nation.changes(office, int(after) if after.isdecimal() else 0, most)
    return _json({"data": page, "berikutnya": str(cursor), "masih_ada": more})


def _states(nation: Nation, request: Request, office: str) -> Response:
    asked = request.args.get("nomor", "").split(",")[:200]
    found = [nation.report(number) for number in asked]
    rows = [
        {"nomor": each.number, "nomor_daerah": each.ours, "status": each.status, "waktu": each.log[-1].at}
        for each in found
        if each is not None and each.office == office
    ]
    return _json({"data": rows})


def legacy(nation: Nation, request: Request, path: str) -> Response:
    """One call of the older transport."""
    if path.strip("/") == "gettopics":
        if not office_of(request.form.get("KEYTOKEN", "")):
            return _xml(401, pesan="Token tidak dikenal.")
        root = Element("topics")
        for name in TOPICS:
            SubElement(root, "topik").text = name
        return Response(tostring(root, encoding="utf-8"), content_type="application/xml")
    try:
        root = xml.read(request.get_data())
    except xml.BadXml:
        return _xml(400, pesan="Dokumen tidak dapat dibaca.")
    office, report = office_of(xml.said(root, "token")), root.find("laporan")
    if not office:
        return _xml(401, pesan="Token tidak dikenal.")
    if report is None or not xml.said(root, "isi"):
        return _xml(422, pesan="Isi laporan kosong.")
    data = {
        "isi": xml.said(root, "isi"),
        "kategori": {"sub": xml.said(root, "topik")},
        "anonim": report.get("anonim") == "1",
        "rahasia": report.get("rahasia") == "1",
        "pelapor": {
            name: xml.said(root, name) for name in ("nama", "telepon", "email") if xml.said(root, name)
        },
    }
    made, _fresh = nation.file(office, data)
    return _xml(200, trackingid=made.number, transaksiid=made.second)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _text(data: dict[str, Any], name: str) -> str:
    found = data.get(name, "")
    return found[:10_000] if isinstance(found, str) else ""


def _no(status: int, why: str) -> Response:
    return _json({"sukses": False, "pesan": why}, status)


def _json(data: Any, status: int = 200) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), status, content_type="application/json")


def _xml(status: int, **told: str) -> Response:
    root = Element("hasil")
    for name, value in told.items():
        SubElement(root, name).text = value
    return Response(tostring(root, encoding="utf-8"), status, content_type="application/xml")
