"""The macros and layouts alone, without the app: what they print, and what they may never print."""

import gzip
import re
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace as Thing

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader

from superapp.tenancy.colour import contrast
from superapp.web import assets, build

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "superapp/web/templates"
PARTS = ("_parts.html", "_forms.html", "_desk.html")
EVIL = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def pages() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    environment.install_gettext_callables(str, lambda one, many, n: one if n == 1 else many, newstyle=True)
    environment.globals.update(asset=lambda name: f"/static/dist/{name}", csrf_token=lambda: "token")
    return environment


def draw(pages: Environment, part: str, call: str, **names: object) -> str:
    macro = call.split("(", maxsplit=1)[0]
    return pages.from_string(f'{{% from "{part}" import {macro} %}}{{{{ {call} }}}}').render(**names)


def page(pages: Environment, source: str, **context: object) -> str:
    tenant = Thing(name="Kota Contoh", theme={"pita": "endek", "mark": "candi"})
    return pages.from_string(source).render({"tenant": tenant, "lang": "id", "theme": "", **context})


def test_a_field_says_label_hint_and_error_before_the_input(pages: Environment) -> None:
    drawn = draw(pages, "_forms.html", 'field("address", "Alamat", hint="Contoh", error="Isi alamat")')
    places = [
        drawn.index(part) for part in ("<label", 'id="f-address-hint"', 'id="f-address-error"', "<input")
    ]
    assert all(one < other for one, other in pairwise(places))
    assert 'aria-describedby="f-address-hint f-address-error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_a_field_keeps_what_was_typed_and_a_password_field_does_not(pages: Environment) -> None:
    assert 'value="Jl. Gatot Subroto"' in draw(pages, "_forms.html", 'field("a", "A", "Jl. Gatot Subroto")')
    assert "rahasia123" not in draw(pages, "_forms.html", 'field("a", "A", "rahasia123", type="password")')


def test_an_optional_field_says_so_in_words(pages: Environment) -> None:
    assert "boleh kosong" in draw(pages, "_forms.html", 'field("a", "A", optional=True)')


def test_a_select_marks_the_chosen_option_inside_a_group(pages: Environment) -> None:
    drawn = draw(pages, "_forms.html", 'select("a", "A", [("Utara", [(1, "Satu"), (2, "Dua")])], value="2")')
    assert '<optgroup label="Utara">' in drawn
    assert re.findall(r'<option value="(\d)" selected>', drawn) == ["2"]


def test_the_error_summary_links_to_each_field(pages: Environment) -> None:
    drawn = draw(
        pages, "_forms.html", "error_summary(errors)", errors=[Thing(field="body", message="Ceritakan")]
    )
    assert 'href="#f-body"' in drawn
    assert 'tabindex="-1"' in drawn
    assert draw(pages, "_forms.html", "error_summary([])") == ""


@pytest.mark.parametrize("state", ["ok", "near", "late", "paused", "done"])
def test_a_clock_chip_says_its_text_whole_in_every_state(pages: Environment, state: str) -> None:
    drawn = draw(pages, "_parts.html", f'clock_chip("{state}", "sisa 2 hari kerja", 0.25)')
    assert "sisa 2 hari kerja" in drawn
    assert "Jam:" in drawn
    assert ('stroke-dasharray="25 100"' in drawn) == (state in {"ok", "near"})


def test_a_share_outside_of_zero_to_one_draws_a_full_or_an_empty_ring(pages: Environment) -> None:
    assert 'stroke-dasharray="100 100"' in draw(pages, "_parts.html", 'clock_chip("ok", "x", 7)')
    assert 'stroke-dasharray="0 100"' in draw(pages, "_parts.html", 'clock_chip("ok", "x", -1)')


@pytest.mark.parametrize(("counted", "shown"), [(7, 7), (8, 4), (30, 4)])
def test_a_long_day_strip_keeps_its_ends(pages: Environment, counted: int, shown: int) -> None:
    days = [Thing(kind="counted", label=f"d{n}", under="", today=False) for n in range(counted)]
    drawn = draw(pages, "_parts.html", "day_strip(days)", days=days)
    assert drawn.count("day-counted") == shown
    assert drawn.count("day-gap") == (counted > 7)
    assert f">d{counted - 1}<" in drawn


def test_a_long_day_strip_keeps_today(pages: Environment) -> None:
    days = [Thing(kind="counted", label=f"d{n}", under="", today=n == 10) for n in range(20)]
    assert 'aria-current="date"' in draw(pages, "_parts.html", "day_strip(days)", days=days)


def test_a_broken_service_keeps_its_tile_and_says_so(pages: Environment) -> None:
    tile = Thing(key="a", title="Antrean", line="12 menunggu", url="/a", icon="ticket", broken=True)
    drawn = draw(pages, "_parts.html", "tile(service)", service=tile)
    assert "Sedang gangguan" in drawn
    assert "12 menunggu" not in drawn


def test_what_people_wrote_is_never_markup(pages: Environment) -> None:
    step = Thing(state="done", title=EVIL, when=EVIL, who=EVIL, text=EVIL, note=EVIL, photos=[])
    row = Thing(
        id=EVIL,
        url="/x",
        title=EVIL,
        number=EVIL,
        place=EVIL,
        extra=EVIL,
        clock=Thing(state="ok", text=EVIL, share=0.5),
        suggestion=Thing(name=EVIL, strength=2, decide=False),
        channel=Thing(icon="globe", title=EVIL),
        came=EVIL,
        key="1",
    )
    drawn = [
        draw(pages, "_parts.html", "timeline([step])", step=step),
        draw(pages, "_parts.html", "marked([(evil, True), (evil, False)])", evil=EVIL),
        draw(pages, "_parts.html", "facts([(evil, evil)])", evil=EVIL),
        draw(pages, "_parts.html", "toast(evil)", evil=EVIL),
        draw(pages, "_desk.html", "inbox_row(row)", row=row),
        draw(pages, "_forms.html", "textarea('a', evil, evil, evil, evil)", evil=EVIL),
        draw(pages, "_forms.html", "button(evil, attrs={'data-x': evil})", evil=EVIL),
    ]
    assert all("<script" not in each for each in drawn)
    assert all("&lt;script" in each for each in drawn)


def test_the_bottom_bar_shows_what_the_context_names_and_nothing_else(pages: Environment) -> None:
    nav = [
        Thing(key="home", title="Beranda", url="/", icon="home"),
        Thing(key="news", title="Berita", url="/b", icon="news"),
    ]
    source = '{% extends "citizen.html" %}{% set active = "news" %}'
    assert re.findall(
        r'class="bottom-item" aria-current="page">.*?</span>(\w+)', page(pages, source, nav=nav)
    ) == ["Berita"]
    assert "Lacak" not in page(pages, source, nav=nav)
    assert 'class="bottom"' not in page(pages, source, nav=[])


def test_the_form_page_has_one_h1_and_no_bottom_bar(pages: Environment) -> None:
    source = (
        '{% extends "citizen.html" %}{% set bottom = false %}{% set bar_h1 = true %}'
        "{% block bar_title %}Buat laporan{% endblock %}"
    )
    drawn = page(pages, source, nav=[Thing(key="home", title="Beranda", url="/", icon="home")])
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", drawn) == ["Buat laporan"]
    assert 'class="bottom"' not in drawn


@pytest.mark.parametrize("layout", ["citizen.html", "desk.html"])
def test_a_layout_has_language_landmarks_and_a_way_past_them(pages: Environment, layout: str) -> None:
    drawn = page(pages, f'{{% extends "{layout}" %}}')
    assert '<html lang="id"' in drawn
    assert drawn.count("<main ") == 1
    assert drawn.index('class="skip" href="#main"') < drawn.index("<header")


@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_only_a_chosen_theme_is_written_into_the_page(pages: Environment, theme: str) -> None:
    drawn = page(pages, '{% extends "citizen.html" %}', theme=theme)
    assert (f'data-bs-theme="{theme}"' in drawn) == bool(theme)


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_page_names_the_request_only_when_the_fault_is_ours(pages: Environment, status: int) -> None:
    source = '{% extends "error.html" %}'
    drawn = page(pages, source, status=status, title="100% keliru", detail="", request_id="abc123")
    assert ("abc123" in drawn) == (status == 500)
    assert "100% keliru" in drawn
    assert "tetap aman" in drawn


def every_template() -> list[Path]:
    return sorted(
        [*ROOT.glob("superapp/**/templates/**/*.html"), *ROOT.glob("plugins/*/templates/**/*.html")]
    )


def test_no_template_has_inline_style_or_script() -> None:
    forbidden = re.compile(
        r"\sstyle=|\son(click|change|submit|load|input|error)=|<script(?![^>]*\bsrc=)", re.IGNORECASE
    )
    found = [
        f"{path}: {hit.group()}" for path in every_template() for hit in forbidden.finditer(path.read_text())
    ]
    assert found == []


def test_every_icon_named_in_a_template_is_drawn(pages: Environment) -> None:
    known = set(pages.get_template("_icons.html").module.PATHS)  # type: ignore[attr-defined]
    used = {
        (path.name, name)
        for path in every_template()
        for name in re.findall(r'\bicon\("([^"]+)"|icon_name="([^"]+)"', path.read_text())
    }
    missing = {(file, one or other) for file, (one, other) in used if (one or other) not in known}
    assert missing == set()


@pytest.mark.parametrize("part", PARTS)
def test_the_list_on_top_of_a_file_names_every_macro_with_its_arguments(part: str) -> None:
    text = (TEMPLATES / part).read_text()
    head, _, body = text.partition("-#}")
    macros = re.findall(r"\{%- macro ([a-z]\w*\(.*?\)) -%\}", body)
    assert macros
    assert [macro for macro in macros if macro not in head] == []


def test_every_sentence_of_the_host_has_its_english() -> None:
    with (ROOT / "superapp/web/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file)
    method = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found_in = extract_from_dir(str(ROOT / "superapp"), method, keywords=keywords)
    # The starter is the beginning of somebody's plugin: its words go into that plugin's own catalog.
    said = {message[2] for message in found_in if "starter" not in Path(message[0]).parts}
    untold = [
        words
        for words in said
        if not (found := catalog.get(words))
        or not all([*found.string] if found.pluralizable else [found.string])
    ]
    assert untold == []


TOKENS = (ROOT / "superapp/frontend/src/tokens.css").read_text()
DARK = TOKENS.index("@dark")


def tokens(theme: str) -> dict[str, str]:
    part = TOKENS[:DARK] if theme == "light" else TOKENS[DARK:]
    return {
        name: "#" + "".join(c * 2 for c in v[1:]) if len(v) == 4 else v
        for name, v in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", part)
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "wanted"),
    [
        ("ink", "paper", 7),
        ("ink", "surface", 7),
        ("ink-2", "paper", 6.5),
        ("ink-2", "surface", 6.5),
        ("ink-2", "sunken", 4.5),
        ("ok", "ok-soft", 4.5),
        ("near", "near-soft", 4.5),
        ("on-late", "late", 4.5),
        ("late", "surface", 4.5),
        ("late", "paper", 4.5),
        ("pause", "surface", 4.5),
        ("ink", "note", 7),
        ("ink-2", "note", 4.5),
        ("line-strong", "surface", 3),
        ("line-strong", "paper", 3),
        ("brand-ink", "brand-soft", 4.5),
        ("on-btn", "btn", 7),
    ],
)
def test_the_products_own_colours_can_be_read(theme: str, front: str, back: str, wanted: float) -> None:
    found = tokens(theme)
    assert contrast(found[front], found[back]) >= wanted


def test_the_citizens_style_and_script_are_light_to_carry() -> None:
    build.bundle()
    assets.manifest.cache_clear()
    sizes = {
        name: len(gzip.compress((assets.DIST / file).read_bytes()))
        for name, file in assets.manifest().items()
    }
    assert sizes["citizen.css"] < 25_000
    assert sizes["app.js"] + sizes["form.js"] < 12_000


def test_an_unknown_asset_is_named_with_the_remedy() -> None:
    build.bundle()
    assets.manifest.cache_clear()
    with pytest.raises(assets.AssetMissing, match=r"no-such\.css.*superapp\.web\.build"):
        assets.asset("no-such.css")


def test_a_missing_build_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "DIST", tmp_path)
    assets.manifest.cache_clear()
    with pytest.raises(assets.AssetMissing, match=r"superapp\.web\.build"):
        assets.asset("citizen.css")
    assets.manifest.cache_clear()
