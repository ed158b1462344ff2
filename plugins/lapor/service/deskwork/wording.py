"""Texts with variables: `{nomor}`, `{unit}`, `{batas}` and what else a template may say about a case.

Nobody's name is among them: `{pelapor}` is a form of address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor.clock import local_day
from plugins.lapor.models import Complaint
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.views import area_name, category_name
from superapp.sdk import FieldError, Invalid, current_actor, current_tenant, now

VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
# Name -> what stands in the help beside the field.
VARIABLES: Final = {
    "nomor": "nomor laporan",
    "judul": "judul laporan",
    "pelapor": "Bapak/Ibu, tanpa nama",
    "unit": "unit yang memegang laporan",
    "unit_saya": "unit Anda",
    "batas": "hari terakhir langkah sekarang",
    "alamat": "alamat atau patokan",
    "wilayah": "desa atau kelurahan",
    "kategori": "jenis laporan",
    "hari_ini": "tanggal hari ini",
    "kota": "nama pemerintah daerah",
}


def check(field: str, text: str) -> None:
    """Raise Invalid naming each variable that does not exist, or a brace without its other half."""
    errors = [FieldError(field, _unknown(name), "unknown") for name in strange(text)]
    if errors:
        raise Invalid(errors=errors)


def strange(text: str) -> list[str]:
    """The variables of a text that do not exist; a lone brace counts as one."""
    found = [name for name in VARIABLE.findall(text) if name not in VARIABLES]
    rest = VARIABLE.sub("", text)
    return list(dict.fromkeys([*found, *(brace for brace in "{}" if brace in rest)]))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables in place; an unknown one stays as it was written."""
    return VARIABLE.sub(lambda hit: values.get(hit[1], hit[0]), text)


def values_of(case: Complaint, agency_id: UUID | None = None) -> dict[str, str]:
    """What the variables say of a case; `agency_id` names the unit when it is not the case's own yet."""
    zone = ZoneInfo(current_tenant().timezone)
    holder = agency_ref(agency_id or case.agency_id)
    own = agency_ref(current_actor().agency_id)
    due, today = local_day(case.due_at, zone), local_day(now(), zone)
    return {
        "nomor": case.number,
        "judul": case.title,
        "pelapor": "Bapak/Ibu",
        "unit": holder.name if holder else "unit yang berwenang",
        "unit_saya": own.name if own else current_tenant().name,
        "batas": f"{due.day} {MONTHS[due.month - 1]} {due.year}",
        "alamat": case.address or area_name(case.area_code) or "lokasi laporan",
        "wilayah": area_name(case.area_code) or "wilayah laporan",
        "kategori": category_name(case.category_code) or "laporan",
        "hari_ini": f"{today.day} {MONTHS[today.month - 1]} {today.year}",
        "kota": current_tenant().name,
    }


def sample() -> dict[str, str]:
    """Values for a preview without a case."""
    return {
        "nomor": f"{current_tenant().short_code}-2026-000123",
        "judul": "Lampu jalan mati, tiga tiang berturut-turut",
        "pelapor": "Bapak/Ibu",
        "unit": "Dinas Perhubungan",
        "unit_saya": "Dinas Perhubungan",
        "batas": "27 Maret 2026",
        "alamat": "Jl. Gatot Subroto, depan SPBU",
        "wilayah": "Dauh Puri Kaja, Denpasar Utara",
        "kategori": "Lampu jalan mati",
        "hari_ini": "25 Maret 2026",
        "kota": current_tenant().name,
    }


def _unknown(name: str) -> str:
    if name in {"{", "}"}:
        return f"Ada tanda {name} tanpa pasangannya. Tulis variabel seperti {{nomor}}."
    near = get_close_matches(name.lower(), VARIABLES, n=1)
    hint = f" Maksud Anda {{{near[0]}}}?" if near else f" Yang ada: {', '.join(VARIABLES)}."
    return f"Variabel {{{name}}} tidak dikenal.{hint}"
