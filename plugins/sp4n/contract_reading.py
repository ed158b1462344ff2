"""Reading a contract's text: every fault at once, each with its line and key, never half a contract."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, cast

from flask_babel import gettext as _

from plugins.sp4n import contract as c
from plugins.sp4n.contract_lines import key_lines, line_of
from plugins.sp4n.contract_table import Table

LONGEST: Final = 20_000
ROOM: Final = ("title", "access", "send", "answer", "pull", "compare", "words")
AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def default_text() -> str:
    """The contract that comes with the plugin: it fits the sandbox, and nothing else was tried."""
    return files("plugins.sp4n").joinpath("contract.toml").read_text("utf-8")


@lru_cache(64)
def of(text: str) -> c.Contract:
    """The contract of a text, the one that comes with the plugin for an empty text. Raises BadContract."""
    return read(text if text.strip() else default_text())


def read(text: str) -> c.Contract:
    """The contract. Raises BadContract with all that is wrong."""
    if len(text) > LONGEST:
        raise c.BadContract([c.Fault(0, "", _("Paling panjang %(most)s huruf.", most=LONGEST))])
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise c.BadContract([_syntax(text, error)]) from error
    faults: list[c.Fault] = []
    lines = key_lines(text)

    def say(path: tuple[str, ...], message: str) -> None:
        faults.append(c.Fault(line_of(lines, path), ".".join(path), message))

    made = _contract(Table((), data, say))
    if faults:
        raise c.BadContract(sorted(faults, key=lambda each: (each.line, each.key)))
    return made


def _syntax(text: str, error: Exception) -> c.Fault:
    found = AT_LINE.search(str(error))
    line = int(found[1]) if found else text.count("\n") + 1 if "end of document" in str(error) else 0
    return c.Fault(
        line, "", _("Tulisan TOML di baris ini tidak dapat dibaca: periksa tanda kutip dan kurung.")
    )


def _contract(root: Table) -> c.Contract:
    root.only(*ROOM)
    access, words = root.table("access"), root.table("words", needed=False)
    access.only("header", "value", "idempotency")
    return c.Contract(
        title=root.text("title", most=120),
        header=access.text("header", shape="header"),
        value=access.template("value", ("token",)),
        idempotency=access.text("idempotency", shape="header", needed=False),
        sends=_sends(root.table("send")),
        answer=_answer(root.table("answer")),
        pull=_pull(root.table("pull")) if root.has("pull") else None,
        compare=_compare(root.table("compare")) if root.has("compare") else None,
        words=_words(words),
    )


def _sends(table: Table) -> tuple[c.Send, ...]:
    made: list[c.Send] = []
    told: set[str] = set()
    for name in table.names():
        each = table.table(name)
        each.only("steps", "method", "path", "fields")
        steps = each.choices("steps", c.STEPS)
        if twice := told & set(steps):
            each.wrong("steps", _("Sudah ada di bagian lain: %(what)s.", what=", ".join(sorted(twice))))
        told |= set(steps)
        method = each.text("method", shape="method")
        path = each.template("path", ("foreign_id", "second_id", "number"), shape="path")
        fields = each.templates("fields", c.OURS)
        made.append(c.Send(cast(Any, steps), method, path, fields))
    if "new" not in told:
        table.wrong("", _('Belum ada yang mengirim laporan baru: steps = ["new"].'))
    return tuple(made)


def _answer(table: Table) -> c.Answer:
    table.only("ok", "ok_values", "message", "foreign_id", "second_id")
    return c.Answer(
        ok=table.text("ok", shape="dotted", needed=False),
        ok_values=table.plain_values("ok_values", (True,)),
        message=table.text("message", shape="dotted", needed=False),
        foreign_id=table.text("foreign_id", shape="dotted"),
        second_id=table.text("second_id", shape="dotted", needed=False),
    )


def _pull(table: Table) -> c.Pull:
    table.only("method", "path", "query", "list", "cursor", "more", "item", "case", "types")
    item = table.dotted("item", c.ITEM, needed=("id", "type", "foreign_id"))
    return c.Pull(
        method=table.text("method", shape="method"),
        path=table.template("path", (), shape="path"),
        query=table.templates("query", ("cursor",)),
        list=table.text("list", shape="dotted"),
        cursor=table.text("cursor", shape="dotted"),
        more=table.text("more", shape="dotted", needed=False),
        item=item,
        case=table.dotted("case", c.REPORT, needed=("body",)),
        types=table.words("types", (*c.NEWS, c.CASE)),
    )


def _compare(table: Table) -> c.Compare:
    table.only("method", "path", "query", "batch", "list", "foreign_id", "number", "word", "at")
    return c.Compare(
        method=table.text("method", shape="method"),
        path=table.template("path", (), shape="path"),
        query=table.templates("query", ("ids",)),
        list=table.text("list", shape="dotted"),
        batch=table.number("batch", 50, 1, 200),
        foreign_id=table.text("foreign_id", shape="dotted"),
        number=table.text("number", shape="dotted", needed=False),
        word=table.text("word", shape="dotted"),
        at=table.text("at", shape="dotted", needed=False),
    )


def _words(table: Table) -> c.Words:
    table.only("kind", "step", "status", "meaning")
    meaning = table.table("meaning", needed=False)
    known: Mapping[str, Any] = {name: meaning.choices(name, c.STATUSES) for name in meaning.names()}
    return c.Words(
        kind=table.by_key("kind", c.KINDS),
        step=table.by_key("step", c.STEPS),
        status=table.by_key("status", c.STATUSES),
        meaning=known,
    )
