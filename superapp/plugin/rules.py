"""What every plugin keeps to. Each rule is a small function that can run alone on a plugin's folder;
each finding names file and line. The sources are read, never imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from superapp.plugin.manifest import ManifestError, load
from superapp.plugin.package import Finding, Package, Rule, imported
from superapp.plugin.rules_templates import inline, namespace, syntax, words

ROUTES = {"route", "get", "post", "put", "patch", "delete"}
DECLARES = {"permit", "public"}
CLOCKS = {"now", "utcnow", "today"}
NETWORK = frozenset(
    [
        "requests",
        "httpx",
        "aiohttp",
        "urllib.request",
        "http.client",
        "smtplib",
        "ftplib",
        "socket",
        "telnetlib",
    ]
)


def manifest(package: Package) -> Iterator[Finding]:
    """manifest.toml can be read, fits this SDK, and names what the folder is named."""
    path = package.folder / "manifest.toml"
    try:
        read = load(package.folder)
    except ManifestError as error:
        said = str(error).removeprefix(f"{path}: ")
        named = (_line_of(path, word) for word in re.findall(r"\w+", said))
        line = next((number for number in named if number > 1), 1)
        yield Finding("manifest", path, line, said, "Mend the manifest.")
        return
    if read.name != package.name:
        yield Finding(
            "manifest",
            path,
            _line_of(path, "name"),
            f"Named {read.name} in a folder named {package.name}.",
            "Give both the same name.",
        )
    if (package.folder / "migrations").is_dir() != bool(read.schema):
        yield Finding(
            "manifest",
            path,
            _line_of(path, "schema"),
            "Schema and migrations/ do not go together.",
            "Name a schema when there are migrations, and none when there are not.",
        )


def imports(package: Package) -> Iterator[Finding]:
    """Of the host only superapp.sdk, of other plugins only contracts and hookspecs."""
    for path, tree in package.modules.items():
        for line, module in imported(tree):
            parts = module.split(".")
            if parts[0] == "superapp" and parts[:2] != ["superapp", "sdk"]:
                yield Finding("imports", path, line, f"Imports {module}.", "Import from superapp.sdk only.")
            foreign = parts[0] == "plugins" and len(parts) > 1 and parts[1] != package.name
            if foreign and parts[2:3] not in (["contracts"], ["hookspecs"]):
                yield Finding(
                    "imports",
                    path,
                    line,
                    f"Imports {module}.",
                    f"Of another plugin import plugins.{parts[1]}.contracts only.",
                )


def clock(package: Package) -> Iterator[Finding]:
    """Time comes from superapp.sdk.now(), which samples and rehearsals can move."""
    for path, tree in package.modules.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CLOCKS
            ):
                owner = ast.unparse(node.func.value)
                if owner.split(".")[-1] in {"datetime", "date"}:
                    yield Finding(
                        "clock",
                        path,
                        node.lineno,
                        f"Calls {owner}.{node.func.attr}().",
                        "Call superapp.sdk.now(), which is aware and can be moved.",
                    )


def network(package: Package) -> Iterator[Finding]:
    """No request waits for another server: views queue a job instead."""
    for path, tree in package.views.items():
        for line, module in imported(tree):
            if module in NETWORK or module.split(".")[0] in NETWORK:
                yield Finding("network", path, line, f"A view imports {module}.", "Queue a job with defer().")


def services(package: Package) -> Iterator[Finding]:
    """Services and queries know no request, so that jobs and commands can call them."""
    for path, tree in package.modules.items():
        if (
            path.stem not in {"service", "queries"}
            and "service" not in path.relative_to(package.folder).parts
        ):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                for name in {alias.name for alias in node.names} & {"request", "session", "g"}:
                    yield Finding(
                        "services",
                        path,
                        node.lineno,
                        f"A service imports flask.{name}.",
                        "Pass what it needs as arguments.",
                    )


def tables(package: Package) -> Iterator[Finding]:
    """Every table is a tenant's, in the plugin's own schema."""
    for path, tree in package.modules.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef) or "__tablename__" not in _assigned(node):
                continue
            if "TenantScoped" not in {ast.unparse(base).split(".")[-1] for base in node.bases}:
                yield Finding(
                    "tables",
                    path,
                    node.lineno,
                    f"{node.name} belongs to no tenant.",
                    "Write class X(TenantScoped, Base).",
                )
            if "__table_args__" not in _assigned(node):
                yield Finding(
                    "tables",
                    path,
                    node.lineno,
                    f"{node.name} names no schema.",
                    f'Add __table_args__ = {{"schema": "{package.name}"}}.',
                )


def migrations(package: Package) -> Iterator[Finding]:
    """Migrations make tables in the plugin's own schema, with tenant_id, and switch Row Level Security on."""
    for path in sorted((package.folder / "migrations" / "versions").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([\w.]+) *\(([^;]*)", text):
            table, line = found[1], text.count("\n", 0, found.start()) + 1
            if not table.startswith(f"{_schema(package)}."):
                remedy = f"Create it as {_schema(package)}.{table.rpartition('.')[2]}."
                yield Finding("migrations", path, line, f"{table} is not in the plugin's schema.", remedy)
            if "tenant_id bigint NOT NULL" not in found[2]:
                yield Finding(
                    "migrations",
                    path,
                    line,
                    f"{table} has no tenant_id.",
                    "Begin it with tenant_id bigint NOT NULL.",
                )
        if "CREATE TABLE" in text and "enable_rls(" not in text:
            yield Finding(
                "migrations",
                path,
                1,
                "Row Level Security is never switched on.",
                "Call enable_rls(op, table).",
            )


def endpoints(package: Package) -> Iterator[Finding]:
    """Every view says who may call it."""
    for path, tree in package.modules.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and _routed(node)
                and not _declares(node)
            ):
                yield _undeclared(path, node.name, node.lineno)
            if isinstance(node, ast.ClassDef) and _routed(node):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and inner.name in ROUTES and not _declares(inner):
                        yield _undeclared(path, f"{node.name}.{inner.name}", inner.lineno)


RULES: tuple[Rule, ...] = (
    manifest,
    imports,
    clock,
    network,
    services,
    tables,
    migrations,
    endpoints,
    namespace,
    inline,
    words,
    syntax,
)


def check(folder: Path, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """All findings of a plugin's folder, in order of file and line."""
    package = Package(folder)
    try:
        package.modules  # noqa: B018 - a module that cannot be read would fail every rule
    except SyntaxError as error:
        at = Path(error.filename or folder)
        return [Finding("python", at, error.lineno or 1, str(error.msg), "Mend the module.")]
    found = [finding for rule in rules for finding in rule(package)]
    return sorted(found, key=lambda finding: (str(finding.file), finding.line, finding.rule))


def _assigned(node: ast.ClassDef) -> set[str]:
    return {
        target.id
        for inner in node.body
        if isinstance(inner, ast.Assign)
        for target in inner.targets
        if isinstance(target, ast.Name)
    }


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[tuple[str, bool]]:
    """(last name, is an attribute) of each decorator."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        yield ast.unparse(called).split(".")[-1], isinstance(called, ast.Attribute)


def _routed(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return any(name in ROUTES and attribute for name, attribute in _decorators(node))


def _declares(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(name in DECLARES for name, _ in _decorators(node))


def _undeclared(path: Path, name: str, line: int) -> Finding:
    return Finding(
        "endpoints",
        path,
        line,
        f"{name} says not who may call it.",
        "Add @permit(...) or @public below the route.",
    )


def _line_of(path: Path, key: str) -> int:
    if not path.is_file():
        return 1
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if re.match(rf"{key}\b\s*=", line)), 1)


def _schema(package: Package) -> str:
    try:
        return load(package.folder).schema or package.name
    except ManifestError:
        return package.name
