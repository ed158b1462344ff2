"""Addresses of limits, ladder, hours and calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugins.lapor.desk import time_days, time_rules

ADDRESSES: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
    ("GET", "/waktu/kalender", "time_days", time_days.page),
    ("POST", "/waktu/kalender", "time_day_add", time_days.add),
    ("POST", "/waktu/kalender/hapus", "time_day_remove", time_days.remove),
    ("POST", "/waktu/kalender/impor", "time_import", time_days.preview),
    ("POST", "/waktu/kalender/terapkan", "time_take_in", time_days.take_in),
    ("GET", "/waktu/<what>", "time_rules", time_rules.listing),
    ("GET", "/waktu/<what>/baru", "time_new", time_rules.new),
    ("POST", "/waktu/<what>/baru", "time_add", time_rules.add),
    ("GET", "/waktu/<what>/<uuid:row_id>", "time_row", time_rules.row),
    ("POST", "/waktu/<what>/<uuid:row_id>/ganti", "time_succeed", time_rules.succeed),
    ("POST", "/waktu/<what>/<uuid:row_id>/akhiri", "time_end", time_rules.end),
)
