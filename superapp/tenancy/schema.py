"""What tenant.toml may say: a flat list of dotted names, read with the same rules as a table's cells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from superapp.tenancy.cells import CellError, empty, nearest, read
from superapp.tenancy.files import Column, Finding

TOML = "tenant.toml"
HOST = r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+"
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
COLOUR = Column("", required=True, pattern=r"#[0-9a-fA-F]{6}", remedy="Tulis seperti #2a3580.")

FIELDS: tuple[Column, ...] = (
    Column(
        "slug",
        required=True,
        pattern=r"[a-z][a-z0-9-]{1,40}",
        remedy="Huruf kecil, angka, dan tanda hubung; sama dengan nama folder.",
    ),
    Column("name", required=True),
    Column(
        "short_code",
        required=True,
        pattern=r"[A-Z]{2,6}",
        remedy="Dua sampai enam huruf besar, misalnya DPS.",
    ),
    Column(
        "region_code",
        required=True,
        pattern=r"[0-9]{2}(\.[0-9]{2})?",
        remedy="Kode Kemendagri, misalnya 51.71.",
    ),
    Column("timezone", required=True, choices=ZONES),
    Column("locale", choices=("id", "en"), default="id"),
    Column("hosts", kind="list", pattern=HOST, remedy="Nama host tanpa https dan tanpa port, huruf kecil."),
    Column("plugins", kind="list"),
    Column("look.brand", required=True, pattern=COLOUR.pattern, remedy=COLOUR.remedy),
    Column("look.accent", required=True, pattern=COLOUR.pattern, remedy=COLOUR.remedy),
    Column("look.pita", default="anyaman"),
    Column("look.mark", default="balai"),
    Column("contact.emergency", default="112", pattern=r"[0-9]{3,5}", remedy="Nomor pendek, misalnya 112."),
    Column("contact.unit", required=True),
    Column("contact.agency", required=True),
    Column("contact.address"),
    Column("contact.phone", pattern=r"\+?[0-9 ()-]{3,20}", remedy="Tulis angka, misalnya 0361 123456."),
    Column("contact.email", pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", remedy="Tulis alamat surel lengkap."),
    Column("contact.hours"),
)
TYPES: Mapping[str, type[Any]] = {"text": str, "list": list, "bool": bool, "int": int, "float": float}


@dataclass(frozen=True, slots=True)
class Profile:
    """A read tenant.toml: `values` by dotted name, `settings` by plugin, `lines` of each name."""

    values: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    lines: Mapping[str, int]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def parse(text: str) -> tuple[Profile, list[Finding]]:
    """Read tenant.toml; what cannot be read is a finding, and its value the empty one."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        problem = f"bukan TOML yang benar ({error})."
        finding = Finding(TOML, line, "", problem, "Periksa tanda kutip, kurung, dan tanda sama dengan.")
        return Profile({column.name: empty(column) for column in FIELDS}, {}, {}), [finding]
    lines = _lines(text)
    settings = raw.pop("settings", {})
    findings = []
    if not isinstance(settings, dict) or not all(isinstance(part, dict) for part in settings.values()):
        findings.append(
            Finding(TOML, lines.get("settings", 0), "settings", "bukan tabel.", "Tulis [settings.<layanan>].")
        )
        settings = {}
    flat = _flat(raw)
    values = {}
    for column in FIELDS:
        values[column.name], problem_here = _value(column, flat.get(column.name))
        if problem_here is not None:
            line = lines.get(column.name, 0)
            findings.append(Finding(TOML, line, column.name, problem_here.problem, problem_here.remedy))
    findings += _unknown(flat, lines)
    return Profile(values, settings, lines), findings


def _value(column: Column, given: Any) -> tuple[Any, CellError | None]:
    if given is not None and not isinstance(given, TYPES[column.kind]):
        word = {"text": "teks di antara tanda kutip", "list": "daftar teks di antara [ ]"}[column.kind]
        return empty(column), CellError("jenis nilainya keliru.", f"Tulis {word}.")
    if column.kind == "list" and not all(isinstance(part, str) for part in given or ()):
        return empty(column), CellError(
            "memuat isi yang bukan teks.", "Tulis setiap isi di antara tanda kutip."
        )
    text = "|".join(given) if isinstance(given, list) else given or ""
    try:
        return read(column, text), None
    except CellError as error:
        return empty(column), error


def _unknown(flat: Mapping[str, Any], lines: Mapping[str, int]) -> Iterator[Finding]:
    known = [column.name for column in FIELDS]
    for name in flat:
        if name not in known:
            remedy = nearest(name, known) or "Hapus baris ini."
            yield Finding(TOML, lines.get(name, 0), name, "tidak dikenal.", remedy)


def _flat(raw: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in raw.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[before + name] = value
    return flat


def _lines(text: str) -> dict[str, int]:
    """The line of each dotted name, as an editor counts; good enough for keys written one a line."""
    lines: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if table := re.match(r"\s*\[([A-Za-z0-9_.-]+)\]", line):
            section = table.group(1) + "."
            lines.setdefault(table.group(1), number)
        elif entry := re.match(r"\s*([A-Za-z0-9_.-]+)\s*=", line):
            lines.setdefault(section + entry.group(1), number)
    return lines


def write(values: Mapping[str, Any], settings: Mapping[str, Mapping[str, Any]]) -> str:
    """tenant.toml of these values; reading it gives them again."""
    groups: dict[str, list[str]] = {"": []}
    for column in FIELDS:
        value = values.get(column.name)
        if value in (None, "", []) and not column.required:
            continue
        group, _, name = column.name.rpartition(".")
        groups.setdefault(group, []).append(f"{name} = {_toml(value)}")
    for plugin, given in sorted(settings.items()):
        if given:
            groups[f"settings.{plugin}"] = [
                f"{name} = {_toml(value)}" for name, value in sorted(given.items())
            ]
    blocks = [
        (f"[{group}]\n" if group else "") + "\n".join(lines) for group, lines in groups.items() if lines
    ]
    return "\n\n".join(blocks) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_name(key)} = {_toml(part)}" for key, part in value.items()) + " }"
    return _quoted(str(value))


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    known = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return (
        '"' + "".join(known.get(s, s if s >= " " and s != "\x7f" else f"\\u{ord(s):04x}") for s in text) + '"'
    )
