"""Addresses of what officers do together: several cases, texts, macros, drafts, mentions, views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugins.lapor.desk import bulk, keys, library, saved, together, writing

View = Callable[..., Any]
ADDRESSES: tuple[tuple[str, str, str, View], ...] = (
    ("POST", "/massal", "bulk", bulk.act),
    ("POST", "/tampilan", "save_view", saved.save),
    ("POST", "/tampilan/<uuid:view_id>/hapus", "remove_view", saved.remove),
    ("POST", "/tampilan/<uuid:view_id>/awal", "begin_view", saved.begin),
    ("GET", "/templat", "library", library.page),
    ("GET", "/templat/<uuid:template_id>", "template", library.template),
    ("POST", "/templat", "save_template", library.save_template),
    ("POST", "/templat/<uuid:template_id>", "change_template", library.save_template),
    ("POST", "/templat/<uuid:template_id>/akhiri", "end_template", library.end_template),
    ("GET", "/makro/<uuid:macro_id>", "edit_macro", library.macro),
    ("POST", "/makro", "save_macro", library.save_macro),
    ("POST", "/makro/<uuid:macro_id>", "change_macro", library.save_macro),
    ("POST", "/makro/<uuid:macro_id>/akhiri", "end_macro", library.end_macro),
    ("GET", "/pintasan", "keys", keys.page),
    ("GET", "/sebutan", "mentioned", together.mentioned),
    ("POST", "/sebutan", "read_all", together.read_all),
    ("GET", "/sebut", "names", writing.names),
    ("POST", "/<number>/centang", "tick", together.tick),
    ("POST", "/<number>/hubungkan", "link", together.link),
    ("POST", "/<number>/lepas", "unlink", together.unlink),
    ("GET", "/<number>/makro", "macro", together.macro),
    ("POST", "/<number>/makro", "run_macro", together.run_macro),
    ("POST", "/<number>/konsep", "keep", writing.keep),
    ("POST", "/<number>/mulai", "begin", writing.begin),
    ("POST", "/<number>/ambil-alih", "take_over", writing.take_over),
    ("POST", "/<number>/hadir", "beat", writing.beat),
    ("POST", "/<number>/pergi", "leave", writing.leave),
)
