"""Structured logs: one JSON line an event, with tenant, plugin and request id, without personal data."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

MASK = "[disamarkan]"
# Numbers and addresses of persons, and what opens somebody's own page; order matters: the longest first.
PERSONAL = re.compile(
    r"(?P<token>\b[0-9a-f]{64}(?:[0-9a-f]{8})?\b)"
    r"|[^\s@'\"<>=:,;()\[\]{}]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
    r"|(?<!\d)\d{16}(?!\d)"
    r"|(?<![\d.:-])(?:\+62|62|0)[ .-]?8(?:[ .-]?\d){7,11}(?!\d)"
)
# A field of this name holds a person's data whatever it looks like.
NAMED = frozenset({"name", "nama", "phone", "telepon", "email", "surel", "nik", "contact", "reporter", "to"})


def mask(logger: object, method: str, event: Any) -> Any:
    """The last step before a line is written: no contact of a person, however it came into the line.

    Databases and libraries put values into their messages, so every text of a line is looked through,
    tracebacks too.
    """
    return {key: MASK if key in NAMED and value else masked(value) for key, value in event.items()}


def masked(value: Any) -> Any:
    """A value with every phone number, e-mail address, NIK and page-opening token in it covered."""
    if isinstance(value, str):
        return PERSONAL.sub(MASK, value)
    if isinstance(value, dict):
        return {key: MASK if key in NAMED and inner else masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    return value if isinstance(value, bool | int | float | type(None)) else masked(str(value))


def configure(level: str, *, pretty: bool = False) -> None:
    """Send structlog and the standard library's log records down one road."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    end: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if pretty
        else structlog.processors.JSONRenderer()
    )
    written: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask,
        end,
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=written,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("procrastinate").setLevel("WARNING")


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger that carries the open scope's fields on each line."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
