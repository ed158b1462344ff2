"""The addresses of rules, units, batches and outside owners, below /meja/lapor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugins.lapor.desk import moves, rules

ADDRESSES: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
    ("GET", "/aturan", "rules", rules.listing),
    ("POST", "/aturan", "rule_begin", rules.begin),
    ("POST", "/aturan/<uuid:rule_id>/akhiri", "rule_end", rules.end),
    ("GET", "/aturan/coba", "rule_try", rules.try_out),
    ("GET", "/unit", "agencies", rules.agencies),
    ("POST", "/unit/reorganisasi", "reorganise", rules.reorganise),
    ("POST", "/unit/<code>/akhiri", "agency_end", rules.close),
    ("POST", "/unit/<code>/pindahkan", "move_prepare", moves.prepare),
    ("GET", "/pindahan/<uuid:batch_id>", "moves", moves.page),
    ("POST", "/pindahan/<uuid:batch_id>", "move_save", moves.save),
    ("GET", "/luar", "outside", rules.abroad),
)
