"""Typed settings from the environment. Unsafe ones are refused at start, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from environs import Env, EnvError

HERE = Path(__file__).parents[1]


class ConfigError(ValueError):
    """A setting is missing or unsafe; the message names the variable and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the host reads from its environment."""

    env: str
    secret_key: str
    app_url: str
    ops_url: str
    owner_url: str
    var: Path
    tenants: Path
    base_domain: str
    port: int
    pool_size: int
    pool_timeout: float
    log_level: str
    trusted_proxies: int
    old_secret_keys: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Cookies are `__Host-` and Secure everywhere but in development and tests."""
        return self.env == "production"


def load(**overrides: Any) -> Settings:
    """Read and judge the environment; `overrides` replace single settings. Raises ConfigError."""
    env = Env()
    try:
        settings = Settings(
            env=env.str("SUPERAPP_ENV", "production"),
            secret_key=env.str("SUPERAPP_SECRET_KEY", ""),
            app_url=env.str("SUPERAPP_APP_URL", ""),
            ops_url=env.str("SUPERAPP_OPS_URL", ""),
            owner_url=env.str("SUPERAPP_OWNER_URL", ""),
            var=Path(env.str("SUPERAPP_VAR", "var")).resolve(),
            tenants=Path(env.str("SUPERAPP_TENANTS", str(HERE / "tenants"))).resolve(),
            base_domain=env.str("SUPERAPP_BASE_DOMAIN", "localhost"),
            port=env.int("SUPERAPP_PORT", 8000),
            pool_size=env.int("SUPERAPP_POOL_SIZE", 8),
            pool_timeout=env.float("SUPERAPP_POOL_TIMEOUT", 5.0),
            log_level=env.str("SUPERAPP_LOG_LEVEL", "INFO"),
            trusted_proxies=env.int("SUPERAPP_TRUSTED_PROXIES", 0),
            old_secret_keys=tuple(filter(None, env.list("SUPERAPP_OLD_SECRET_KEYS", []))),
        )
    except EnvError as error:
        raise ConfigError(str(error)) from error
    return judge(replace(settings, **overrides))


def judge(settings: Settings) -> Settings:
    """Refuse what must not run: an unknown environment, a weak key, no database."""
    if settings.env not in {"development", "production", "test"}:
        raise ConfigError("SUPERAPP_ENV is development, production or test.")
    if len(settings.secret_key) < 32:
        raise ConfigError("SUPERAPP_SECRET_KEY needs at least 32 characters: openssl rand -hex 32.")
    if any(len(old) < 32 for old in settings.old_secret_keys):
        raise ConfigError("SUPERAPP_OLD_SECRET_KEYS lists earlier keys, each whole, with commas between.")
    if not settings.app_url:
        raise ConfigError("SUPERAPP_APP_URL names the database as role superapp_app; `make demo` sets it.")
    if settings.secure and settings.base_domain == "localhost":
        raise ConfigError("SUPERAPP_BASE_DOMAIN is the public domain; localhost is for development.")
    return settings
