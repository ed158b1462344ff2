"""What a measurement stands on: a database of its own in var/bench, the app, and gunicorn before it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from superapp import config
from superapp.context import Tenant, tenant_scope
from superapp.db.embedded import running
from superapp.db.migrate import Urls, prepare
from superapp.plugin import registry
from superapp.tenancy import resolve
from tests.bench import seed

ROOT = Path(__file__).parents[2]
VAR = ROOT / "var" / "bench"
KEY = "a key for measurements on this machine only"
SIZES = {"banjarmasin": 1_000, "besar": 100_000, "denpasar": int(os.environ.get("BENCH_ROWS", "1000000"))}


@dataclass(frozen=True, slots=True)
class Ground:
    """Addresses and the app in this process."""

    admin: str
    urls: Urls
    app: Flask
    environ: dict[str, str]

    def tenant(self, slug: str) -> Tenant:
        """A seeded tenant, read anew."""
        with self.app.app_context():
            found = resolve.by_slug(slug, fresh=True)
        assert found is not None, slug
        return found


@contextmanager
def laid() -> Iterator[Ground]:
    """PostgreSQL with its normal durability, three tenants of three sizes; seeded once, then kept."""
    VAR.mkdir(parents=True, exist_ok=True)
    with running(VAR) as admin:
        made = registry.build(registry.discover())
        urls = prepare(admin, KEY, plugins=registry.migrated(made))
        environ = {
            **os.environ,
            # As it runs for real: in development templates are looked at again at every use.
            "SUPERAPP_ENV": "production",
            "SUPERAPP_BASE_DOMAIN": "bench.example",
            "SUPERAPP_SECRET_KEY": KEY,
            "SUPERAPP_VAR": str(VAR),
            "SUPERAPP_APP_URL": urls.app,
            "SUPERAPP_OPS_URL": urls.ops,
            "SUPERAPP_OWNER_URL": urls.owner,
            "SUPERAPP_LOG_LEVEL": "ERROR",
            "SUPERAPP_TRUSTED_PROXIES": "1",
        }
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would slow every start
        os.environ.update({name: value for name, value in environ.items() if name.startswith("SUPERAPP_")})
        _onboard(environ)
        from superapp.app import create_app

        app = create_app(config.load())
        ground = Ground(admin, urls, app, environ)
        _fill(ground)
        yield ground


def _onboard(environ: dict[str, str]) -> None:
    copy = VAR / "tenants" / "besar"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT / "tenants" / "denpasar", copy)
    text = (copy / "tenant.toml").read_text(encoding="utf-8")
    text = text.replace('"denpasar"', '"besar"').replace('"DPS"', '"BSR"').replace("denpasar.", "besar.")
    (copy / "tenant.toml").write_text(text, encoding="utf-8")
    folders = [str(ROOT / "tenants" / "denpasar"), str(ROOT / "tenants" / "banjarmasin"), str(copy)]
    for folder in folders:
        command = [str(Path(sys.executable).parent / "superapp"), "tenant", "apply", folder]
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)


def _fill(ground: Ground) -> None:
    with psycopg.connect(_inside(ground.admin), autocommit=True) as admin:
        for slug, rows in SIZES.items():
            tenant = ground.tenant(slug)
            started = time.perf_counter()
            seed.cases(admin, tenant.id, tenant.short_code, rows)
            if time.perf_counter() - started > 2:
                print(
                    f"  seeded {rows} complaints for {slug} in {time.perf_counter() - started:.0f} s",
                    flush=True,
                )
    from plugins.lapor.jobs.tidy import repair_counters

    for slug in SIZES:
        with ground.app.app_context(), tenant_scope(ground.tenant(slug)):
            repair_counters()


def _inside(admin: str) -> str:
    return admin.replace("/postgres?", "/superapp?", 1)


def admin_url(ground: Ground) -> str:
    """The administrator's address of the benchmark's own database."""
    return _inside(ground.admin)


@contextmanager
def served(target: str, environ: dict[str, str], *, workers: int = 2) -> Iterator[int]:
    """gunicorn in front of `target` with the product's own settings; yields its port, ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:superapp.serve",
        "-b",
        f"127.0.0.1:{port}",
        target,
    ]
    server = subprocess.Popen(command, cwd=ROOT, env={**environ, "SUPERAPP_WORKERS": str(workers)})
    try:
        _await(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError("gunicorn ended before it answered")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("gunicorn did not answer within 10 s")


def hello() -> Flask:
    """A bare Flask that says hello: the limit of everything that this stack serves."""
    bare = Flask("hello")
    bare.add_url_rule("/", "hello", lambda: "hello")
    bare.add_url_rule("/healthz", "healthz", lambda: "ok")
    return bare
