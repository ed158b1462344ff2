"""Every hook with what its author needs to know, read from the declarations themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from superapp.plugin import hookspecs
from superapp.plugin.hookspecs import Spec
from superapp.plugin.registry import Registry


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook: who offers it, how it is called, and its words."""

    owner: str
    name: str
    mode: str
    on_error: str
    signature: str
    moment: str
    none: str
    example: str


def hooks(made: Registry) -> list[Hook]:
    """The host's hooks, then each working plugin's, in the order in which they are declared."""
    found = list(_read("superapp", hookspecs))
    for answer in made.collect(hookspecs.superapp_hookspecs):
        found += _read(answer.plugin, answer.value)
    return found


def declared(module: ModuleType) -> Iterator[Callable[..., Any]]:
    """The hook declarations of a module, in their order."""
    for value in vars(module).values():
        if (
            inspect.isfunction(value)
            and hasattr(value, "superapp_call")
            and value.__module__ == module.__name__
        ):
            yield value


def _read(owner: str, module: ModuleType) -> Iterator[Hook]:
    for function in declared(module):
        how: Spec = function.superapp_call  # type: ignore[attr-defined]
        words = " ".join(inspect.cleandoc(function.__doc__ or "").split())
        # The declared names are read from the source form: annotations stay as they were written.
        signature = str(inspect.signature(function)).replace("'", "")
        moment, none, example = _parts(words)
        yield Hook(owner, function.__name__, how.mode, how.on_error, signature, moment, none, example)


def _parts(words: str) -> tuple[str, str, str]:
    """A docstring's words as (moment, meaning of None, example); a part that is missing is empty."""
    rest, _, example = words.partition("Example:")
    found = re.search(r"\bNone(?: always\.|:)|\bReturns None\b", rest)
    place = found.start() if found else len(rest)
    none = re.sub(r"^None(?: always\.|:) ?", "", rest[place:]).strip() or rest[place:].strip()
    return rest[:place].removeprefix("When:").strip(), none, example.strip()
