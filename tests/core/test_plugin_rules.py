"""Each rule finds its fault with file and line, and lets the plugins of this tree pass."""

from pathlib import Path

import pytest

from superapp.plugin import rules
from superapp.plugin.start import STARTER, create

ROOT = Path(__file__).parents[2]
GOOD = 'name = "baru"\ntitle = "Baru"\napi = ">=1.0,<2"\nschema = "baru"\n'
MODEL = "class Note({bases}):\n    __tablename__ = 'note'\n    __table_args__ = {{'schema': 'baru'}}\n"
VIEW = "@bp.get('/')\n{guard}def page() -> str:\n    return ''\n"
OWN = "tenant_id bigint NOT NULL, "
TABLE = "CREATE TABLE {table} (\n    {tenant}id uuid\n);"


def findings(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    folder = tmp_path / "baru"
    for name, text in {"manifest.toml": GOOD, "migrations/versions/0001.py": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [(f.rule, str(f.file.relative_to(folder)), f.line) for f in rules.check(folder)]


@pytest.mark.parametrize("name", ["berita", "lapor", "surel"])
def test_the_plugins_of_this_tree_keep_every_rule(name: str) -> None:
    found = rules.check(ROOT / "plugins" / name)
    assert not found, "\n".join(map(str, found))


def test_the_starter_keeps_every_rule(tmp_path: Path) -> None:
    assert not (found := rules.check(create("taman", tmp_path))), "\n".join(map(str, found))
    assert STARTER.is_dir()


@pytest.mark.parametrize(
    ("rule", "file", "text", "line"),
    [
        ("manifest", "manifest.toml", GOOD + 'colour = "red"\n', 5),
        ("manifest", "manifest.toml", GOOD.replace(">=1.0,<2", ">=9"), 1),
        ("manifest", "manifest.toml", GOOD.replace(">=1.0,<2", "always"), 3),
        ("manifest", "manifest.toml", GOOD.replace('"baru"', '"lain"', 1), 1),
        ("manifest", "manifest.toml", GOOD.replace('schema = "baru"\n', ""), 1),
        ("manifest", "manifest.toml", "name = ", 1),
        ("imports", "service.py", "import os\nfrom superapp.db.engine import session\n", 2),
        ("imports", "service.py", "import superapp.config\n", 1),
        ("imports", "service.py", "from superapp import context\n", 1),
        ("imports", "service.py", "def f():\n    from plugins.lapor.models import Complaint\n", 2),
        ("imports", "service.py", "from plugins.lapor import queries\n", 1),
        ("clock", "service.py", "from datetime import datetime\nx = datetime.now()\n", 2),
        ("clock", "service.py", "import datetime\nx = datetime.datetime.utcnow()\n", 2),
        ("clock", "service.py", "from datetime import date\nx = date.today()\n", 2),
        ("network", "citizen.py", "import requests\n", 1),
        ("network", "desk_list.py", "from urllib.request import urlopen\n", 1),
        ("network", "api.py", "def f():\n    import smtplib\n", 2),
        ("services", "service.py", "from flask import request\n", 1),
        ("services", "service/submit.py", "from flask import g, request\n", 1),
        ("tables", "models.py", MODEL.format(bases="Base"), 1),
        ("tables", "models.py", "class Note(TenantScoped, Base):\n    __tablename__ = 'note'\n", 1),
        ("endpoints", "citizen.py", VIEW.format(guard=""), 2),
        (
            "endpoints",
            "api.py",
            "@bp.route('/')\nclass A(MethodView):\n    def get(self):\n        pass\n",
            3,
        ),
        ("namespace", "templates/index.html", "", 1),
        ("namespace", "templates/baru/a.html", '\n{% include "lapor/x.html" %}', 2),
        ("inline", "templates/baru/a.html", "<p>\n<script>1</script></p>", 2),
        ("inline", "templates/baru/a.html", '<p style="color: red"></p>', 1),
        ("inline", "templates/baru/a.html", '\n\n<a onclick="x()"></a>', 3),
        ("words", "templates/baru/a.html", "<p>\nHalo warga</p>", 2),
        ("words", "templates/baru/a.html", '<img alt="Foto jalan">', 1),
        ("words", "desk.py", 'flash("Tersimpan.")\n', 1),
        ("words", "desk.py", 'flash(f"Nomor {number} tersimpan")\n', 1),
        ("syntax", "templates/baru/a.html", "{% if x %}\n", 1),
        ("python", "service.py", "def f(:\n", 1),
    ],
)
def test_a_fault_is_found(tmp_path: Path, rule: str, file: str, text: str, line: int) -> None:
    assert (rule, file, line) in findings(tmp_path, {file: text})


@pytest.mark.parametrize(("table", "tenant"), [("baru.note", ""), ("core.note", OWN), ("note", OWN)])
def test_migrations_keep_to_the_plugins_schema_and_to_tenants(
    tmp_path: Path, table: str, tenant: str
) -> None:
    text = f'SQL = """\n{TABLE.format(table=table, tenant=tenant)}\n"""\nenable_rls(op, "{table}")\n'
    assert ("migrations", "migrations/versions/0001.py", 2) in findings(
        tmp_path, {"migrations/versions/0001.py": text}
    )


def test_a_migration_without_row_level_security_is_found(tmp_path: Path) -> None:
    text = f'SQL = """{TABLE.format(table="baru.note", tenant=OWN)}"""\n'
    assert [f[0] for f in findings(tmp_path, {"migrations/versions/0001.py": text})] == ["migrations"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "service.py",
            "from plugins.lapor.contracts import Draft\nfrom superapp.sdk import now\n",
        ),
        ("models.py", MODEL.format(bases="TenantScoped, Base")),
        ("citizen.py", VIEW.format(guard="@public\n")),
        ("service.py", "import smtplib\n"),
        (
            "templates/baru/a.html",
            '{# a note #}<p title="{{ _("Halo") }}">{{ _("Halo") }} · 112 <code>slug</code></p>',
        ),
        ("desk.py", 'flash(_("Tersimpan."))\nflash(f"{number}: {said}")\n'),
    ],
)
def test_what_is_right_is_let_pass(tmp_path: Path, file: str, text: str) -> None:
    assert findings(tmp_path, {file: text}) == []
