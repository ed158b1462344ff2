"""A folder with a mistake is named by file, line and remedy, without a database."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from superapp.cli import main
from superapp.plugin import onboarding, registry
from superapp.tenancy import drawings
from superapp.tenancy.check import check, together, warnings
from superapp.tenancy.files import Column, Finding, TenantFile, ordered
from superapp.tenancy.folder import Catalog, load

ROOT = Path(__file__).parents[2]
TENANTS = ROOT / "tenants"
CITIES = ("denpasar", "banjarmasin", "bali")
Break = Callable[[str, str, str], list[Finding]]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """What the installed plugins add to folders."""
    return onboarding.catalog(registry.build(registry.discover()))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of the example folder."""
    return Path(shutil.copytree(TENANTS / "_example", tmp_path / "contoh"))


@pytest.fixture
def broken(place: Path, catalog: Catalog) -> Break:
    """`broken(file, old, new)`: the findings once one text is changed."""

    def judge(name: str, old: str, new: str) -> list[Finding]:
        path = place / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return check(load(place, catalog), catalog)

    return judge


def rows(slug: str, name: str) -> list[dict[str, str]]:
    with (TENANTS / slug / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("slug", [*CITIES, "_example"])
def test_the_folders_that_come_with_the_product_are_right(slug: str, catalog: Catalog) -> None:
    assert check(load(TENANTS / slug, catalog), catalog) == []


def test_the_cities_share_no_name(catalog: Catalog) -> None:
    assert together([load(TENANTS / slug, catalog) for slug in CITIES]) == []


@pytest.mark.parametrize(
    ("slug", "districts", "kelurahan", "desa"), [("denpasar", 4, 16, 27), ("banjarmasin", 5, 52, 0)]
)
def test_each_village_has_a_point_an_agency_and_a_source(
    slug: str, districts: int, kelurahan: int, desa: int
) -> None:
    areas = rows(slug, "areas.csv")
    levels = [row["level"] for row in areas]
    counted = [levels.count(level) for level in ("kecamatan", "kelurahan", "desa")]
    assert counted == [districts, kelurahan, desa]
    assert all(row["lat"] and row["lng"] and row["source"] for row in areas)
    codes = {row["code"].partition("-")[2] for row in rows(slug, "agencies.csv")}
    assert {row["code"] for row in areas} <= codes


@pytest.mark.parametrize("slug", CITIES)
def test_whistle_blowing_goes_to_the_inspectorate_in_secret(slug: str) -> None:
    [category] = [row for row in rows(slug, "categories.csv") if row["code"] == "INTEGRITY.EXTORTION"]
    assert category["confidential"] == "ya"
    owners = {row["agency"] for row in rows(slug, "routing.csv") if row["category"] == category["code"]}
    assert owners == {"INSPEKTORAT"}


@pytest.mark.parametrize(
    ("day", "owner"), [("2020-06-01", "UPT-PJU"), ("2021-06-01", "DISHUB"), ("2023-06-01", "DPUPR")]
)
def test_banjarmasin_knows_who_owned_street_lamps_when(day: str, owner: str) -> None:
    lamps = [row for row in rows("banjarmasin", "routing.csv") if row["category"] == "LIGHT.OUT"]
    valid = [row for row in lamps if row["valid_from"] <= day <= (row["valid_to"] or "9999-12-31")]
    assert [row["agency"] for row in valid] == [owner]


@pytest.mark.parametrize("known", ["2025-04-23", "2025-11-19", "2026-06-17", "2027-01-13"])
def test_galungan_follows_its_210_days(known: str) -> None:
    days = [date.fromisoformat(r["day"]) for r in rows("denpasar", "holidays.csv") if r["name"] == "Galungan"]
    assert date.fromisoformat(known) in days
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=210)}


MISTAKES = [
    ("routing.csv", "ROAD.POTHOLE,,,DPUPR", "ROAD.POTHOLE,,,DPURP", 2, "agency", "DPUPR"),
    ("routing.csv", "2026-01-01", "2025-12-01", 5, "valid_from", "Akhiri baris 4"),
    ("routing.csv", "2026-01-01", "2025-12-31", 5, "valid_from", "Akhiri baris 4"),
    ("routing.csv", "2025-12-31", "", 5, "valid_from", "Akhiri baris 4"),
    ("routing.csv", "2025-12-31", "31-12-2025", 4, "valid_to", "2026-03-17"),
    ("routing.csv", ",0,Jalan kabupaten", ",-1,Jalan kabupaten", 2, "priority", "antara 0 dan 1000"),
    ("agencies.csv", "code,name,short_name", "code,nama,short_name", 1, "nama", "name"),
    ("agencies.csv", "DISHUB,Dinas", "DPUPR,Dinas", 4, "code", "Hapus salah satu"),
    ("agencies.csv", "Dishub,dinas", "Dishub,dians", 4, "kind", "dinas"),
    ("agencies.csv", "kecamatan,,", "kecamatan,KEC-99.01.01,", 6, "parent", "Kosongkan parent"),
    ("agencies.csv", "PLN,external,,,,ya", "PLN,external,,,,mungkin", 8, "external", "ya atau tidak"),
    ("agencies.csv", "PT PLN (Persero)", "PT PLN, Persero", 8, "", "tanda kutip"),
    ("agencies.csv", "PT PLN (Persero)", '"PT PLN', 8, "", "tanda kutip"),
    ("agencies.csv", "Dinas Perhubungan", "", 4, "name", "Isi"),
    ("agencies.csv", "Dinas Perhubungan", "Dinas\x00", 4, "name", "tidak terlihat"),
    ("areas.csv", "-6.201", "-62.01", 3, "lat", "antara -11.5 dan 6.5"),
    ("areas.csv", "-6.201", "nan", 3, "lat", "antara"),
    ("areas.csv", "106.801", "1e308", 3, "lng", "antara"),
    ("areas.csv", "-6.201,106.801", "-6.201,", 3, "lat", "keduanya"),
    ("areas.csv", "Desa Satu,desa", "Desa Satu,kelurahan", 4, "level", "desa"),
    ("areas.csv", "99.01.01.2001", "99.02.01.2001", 4, "code", "region_code"),
    ("holidays.csv", "2026-08-31", "2026-02-30", 2, "day", "tanggal"),
    ("categories.csv", "LIGHT.OUT", "light.out", 3, "code", "huruf besar"),
    ("tenant.toml", 'slug = "contoh" ', 'slug = "lain" ', 2, "slug", "Samakan"),
    ("tenant.toml", 'name = "Kabupaten Contoh"', "", 0, "name", "Isi"),
    ("tenant.toml", "timezone = ", "timezon = ", 6, "timezon", "timezone"),
    ("tenant.toml", '"Asia/Jakarta" ', '"Asia/Singapore" ', 6, "timezone", "Asia/Jakarta"),
    ("tenant.toml", '"Asia/Jakarta" ', "7 ", 6, "timezone", "tanda kutip"),
    ("tenant.toml", '"99.01"', '"99.01', 5, "", "tanda kutip"),
    ("tenant.toml", "hosts = []", 'hosts = ["https://lapor.contoh.go.id"]', 8, "hosts", "tanpa https"),
    ("tenant.toml", '"lapor", "berita"', '"lapor", "berta"', 9, "plugins", "berita"),
    ("tenant.toml", "#7a1f3d", "#ffd400", 12, "look.brand", "Warna terdekat yang memenuhi: #"),
    ("tenant.toml", "#7a1f3d", "merah", 12, "look.brand", "#2a3580"),
    ("tenant.toml", "#f2c14e", "#1a1a3d", 13, "look.accent", "Warna terdekat yang memenuhi: #"),
    ("tenant.toml", '"anyaman" ', '"batik" ', 14, "look.pita", "SVG"),
    ("tenant.toml", '"mark.svg" ', '"../mark.svg" ', 15, "look.mark", "SVG"),
    ("tenant.toml", '"DISKOMINFO" ', '"DISKOMINFOS" ', 20, "contact.agency", "DISKOMINFO"),
    (
        "tenant.toml",
        "[contact]",
        "[settings.lapor]\npublish = 'kadang'\n\n[contact]",
        18,
        "settings.lapor.publish",
        "publish",
    ),
    ("static/mark.svg", "<path", "<script/><path", 15, "look.mark", "path"),
    ("static/mark.svg", "<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg', 15, "look.mark", "path"),
    ("static/mark.svg", "<path", '<path onload="x()"', 15, "look.mark", "path"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "column", "remedy"), MISTAKES)
def test_a_mistake_is_named_by_file_line_and_remedy(
    broken: Break, file: str, old: str, new: str, line: int, column: str, remedy: str
) -> None:
    findings = broken(file, old, new)
    assert findings
    at = "tenant.toml" if file.startswith("static/") else file
    named = [f for f in findings if (f.file, f.line, f.column) == (at, line, column)]
    assert named, findings
    assert remedy in named[0].remedy


def test_a_missing_column_is_named(place: Path, catalog: Catalog) -> None:
    text = (place / "areas.csv").read_text(encoding="utf-8")
    cut = "\n".join(",".join(line.split(",")[:2] + line.split(",")[3:]) for line in text.splitlines())
    (place / "areas.csv").write_text(cut + "\n", encoding="utf-8")
    [finding] = check(load(place, catalog), catalog)
    assert (finding.file, finding.line, finding.column) == ("areas.csv", 1, "level")
    assert "Tambahkan kolom level" in finding.remedy


def test_a_missing_file_and_a_stranger_are_named(place: Path, catalog: Catalog) -> None:
    (place / "agencies.csv").rename(place / "agencis.csv")
    findings = {finding.file: finding for finding in check(load(place, catalog), catalog)}
    assert findings["agencies.csv"].problem == "tidak ada."
    assert "agencies.csv" in findings["agencis.csv"].remedy


def test_an_empty_folder_is_one_finding(tmp_path: Path, catalog: Catalog) -> None:
    [finding] = check(load(tmp_path, catalog), catalog)
    assert finding.file == "tenant.toml"


@pytest.mark.parametrize(
    ("data", "line", "remedy"),
    [
        (b"code;name;short_name;kind\nA;B;C;dinas\n", 1, "koma"),
        ("code,name,short_name,kind\nA,Caf\u00e9,C,dinas\n".encode("latin-1"), 2, "UTF-8"),
        (b"", 1, "Tambahkan kolom"),
        (b"x" * 5_000_001, 0, "ringkas"),
    ],
)
def test_a_file_that_is_no_csv_of_ours_is_named(
    place: Path, catalog: Catalog, data: bytes, line: int, remedy: str
) -> None:
    (place / "agencies.csv").write_bytes(data)
    found = [f for f in check(load(place, catalog), catalog) if f.file == "agencies.csv"]
    assert (found[0].line, remedy in found[0].remedy) == (line, True)


def test_spreadsheets_may_add_a_byte_order_mark_quotes_and_empty_lines(place: Path, catalog: Catalog) -> None:
    text = (place / "holidays.csv").read_text(encoding="utf-8")
    text = "\ufeff" + text.replace("Hari Jadi", '"Hari\nJadi').replace("Contoh,local", 'Contoh",local')
    (place / "holidays.csv").write_bytes((text + ",,,,\n").replace("\n", "\r\n").encode())
    folder = load(place, catalog)
    assert check(folder, catalog) == []
    assert [row.line for row in folder.tables["holidays.csv"]] == [2]


def test_the_built_in_drawings_are_those_of_the_front_end() -> None:
    for role, names in drawings.BUILT_IN.items():
        files = (ROOT / "superapp" / "web" / "static" / role).glob("*.svg")
        assert sorted(names) == sorted(path.stem for path in files)


def test_declarations_that_contradict_each_other_are_refused_at_boot() -> None:
    def declare(name: str, ref: str) -> TenantFile:
        return TenantFile(name, object, (Column("code"), Column("other", ref=ref)), key=("code",))

    with pytest.raises(ValueError, match="circle"):
        ordered([declare("a.csv", "b.csv"), declare("b.csv", "a.csv")])
    with pytest.raises(ValueError, match="claim one file"):
        ordered([declare("a.csv", ""), declare("a.csv", "")])
    with pytest.raises(ValueError, match="must name columns"):
        TenantFile("a.csv", object, (Column("code"),), key=("kode",))


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["tenant", *arguments], env={"SUPERAPP_APP_URL": "", **environment})


def test_the_command_needs_no_database_and_exits_with_1_on_a_finding(place: Path) -> None:
    right = run("check", str(place))
    assert (right.exit_code, "contoh" in right.output) == (0, True)
    (place / "routing.csv").write_text("category,agency\n,SALAH\n", encoding="utf-8")
    wrong = run("check", str(place))
    assert wrong.exit_code == 1
    assert "contoh/routing.csv:2: agency:" in wrong.output
    [finding] = json.loads(run("check", str(place), "--json").stdout)
    assert (finding["file"], finding["line"], finding["column"]) == ("routing.csv", 2, "agency")


def test_an_unknown_folder_is_one_sentence_with_the_known_ones() -> None:
    result = run("check", "jakarta")
    assert result.exit_code == 1
    assert "denpasar" in result.output
    assert "Traceback" not in result.output


def test_a_year_without_its_decree_is_a_warning_with_its_row_and_stops_nothing(
    place: Path, catalog: Catalog
) -> None:
    days = place / "holidays.csv"
    days.write_text(days.read_text(encoding="utf-8") + "2028-05-02,Hari Jadi,local,ya,\n", encoding="utf-8")
    read = load(place, catalog)
    assert check(read, catalog) == []
    (warned,) = warnings(read)
    assert (warned.file, warned.line, warned.column) == ("holidays.csv", 3, "day")
    assert "cuti bersama 2028" in warned.problem
    told = CliRunner().invoke(main, ["tenant", "check", str(place)])
    assert (told.exit_code, "peringatan: " in told.output) == (0, True)
    with days.open("a", encoding="utf-8") as file:
        file.write("2028-12-26,Cuti Bersama Natal,cuti_bersama,ya,SKB\n")
    assert warnings(load(place, catalog)) == []
