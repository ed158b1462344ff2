"""Secrets at rest and the host's key that may be changed."""

import pytest
from flask import Flask

from superapp import config
from superapp.identity import seal

OLD, NEW = "o" * 40, "n" * 40


@pytest.fixture
def host():
    """`host(key, *old)` opens an application with these keys."""

    def make(key: str, *old: str):
        made = Flask("uji")
        made.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=list(old))
        return made.app_context()

    return make


def test_what_was_sealed_and_wrapped_opens_after_the_key_changed_while_the_old_one_is_listed(host) -> None:
    with host(OLD):
        sealed, wrapped, hashed = seal.seal("rahasia"), seal.wrap_key(b"k" * 32, "here"), seal.keyed("a", "b")
        assert seal.wrapped_now(wrapped) and seal.unwrap_key(wrapped, "here") == b"k" * 32
    with host(NEW, OLD):
        assert seal.unseal(sealed) == "rahasia" and seal.unwrap_key(wrapped, "here") == b"k" * 32
        assert not seal.wrapped_now(wrapped)
        assert seal.keyed_before("a", "b")[1] == hashed != seal.keyed("a", "b")
        fresh = seal.wrap_key(b"k" * 32, "here")
    with host(NEW):
        assert seal.unwrap_key(fresh, "here") == b"k" * 32
        for opens in (lambda: seal.unseal(sealed), lambda: seal.unwrap_key(wrapped, "here")):
            with pytest.raises(seal.BrokenSeal):
                opens()


def test_a_wrapped_key_opens_in_its_place_alone_and_not_when_changed(host) -> None:
    with host(OLD):
        wrapped = seal.wrap_key(b"k" * 32, "here")
        assert len(wrapped) == 68 and wrapped != seal.wrap_key(b"k" * 32, "here")
        assert wrapped[:8] == seal.wrap_key(b"k" * 32, "here", secret=OLD)[:8]
        changed = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
        for broken, place in ((wrapped, "there"), (changed, "here"), (wrapped[:9], "here"), (b"", "here")):
            with pytest.raises(seal.BrokenSeal):
                seal.unwrap_key(broken, place)


def test_a_hash_differs_by_purpose_and_text(host) -> None:
    with host(OLD):
        assert len({seal.keyed("a", "b"), seal.keyed("a", "c"), seal.keyed("b", "b")}) == 3
        assert len(seal.digest("x")) == 32 and seal.unseal(seal.seal("")) == ""


def test_old_keys_are_read_from_the_environment_and_judged(monkeypatch) -> None:
    for name, value in {
        "SUPERAPP_ENV": "test",
        "SUPERAPP_SECRET_KEY": NEW,
        "SUPERAPP_APP_URL": "postgresql://x",
        "SUPERAPP_OLD_SECRET_KEYS": f"{OLD},{'p' * 40}",
    }.items():
        monkeypatch.setenv(name, value)
    assert config.load().old_secret_keys == (OLD, "p" * 40)
    monkeypatch.setenv("SUPERAPP_OLD_SECRET_KEYS", "")
    assert config.load().old_secret_keys == ()
    monkeypatch.setenv("SUPERAPP_OLD_SECRET_KEYS", "short")
    with pytest.raises(config.ConfigError, match="SUPERAPP_OLD_SECRET_KEYS"):
        config.load()
