"""Hook declarations and their documentation hold together, and each hook is really used."""

import inspect
import re
from pathlib import Path

import pytest
from flask import Flask

from superapp.plugin import document, hookspecs, registry
from superapp.plugin.document import Hook

ROOT = Path(__file__).parents[2]
HOOKS = document.hooks(registry.build(registry.discover()))


def functions() -> dict[str, object]:
    made = registry.build(registry.discover())
    offered = [answer.value for answer in made.collect(hookspecs.superapp_hookspecs)]
    return {f.__name__: f for module in (hookspecs, *offered) for f in document.declared(module)}


def sources() -> str:
    """The code of host, plugins and tests, where a hook is implemented or asked."""
    paths = [p for folder in ("superapp", "plugins", "tests") for p in (ROOT / folder).rglob("*.py")]
    left_out = {"hookspecs.py", Path(__file__).name}
    return "\n".join(p.read_text(encoding="utf-8") for p in paths if p.name not in left_out)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_hook_says_its_moment_what_none_means_and_an_example(hook: Hook) -> None:
    assert len(hook.moment) > 15, "the docstring begins with the moment"
    assert hook.none, 'the docstring says "None: ..."'
    assert hook.example, 'the docstring gives "Example: ..."'


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_hook_is_named_after_its_owner_and_takes_the_tenant_first(hook: Hook) -> None:
    assert hook.name.startswith(f"{hook.owner}_")
    parameters = list(inspect.signature(functions()[hook.name]).parameters.values())  # type: ignore[arg-type]
    names = [p.name for p in parameters]
    assert names == [] if hook.mode == "collect" else names[0] == "tenant"
    assert all(p.annotation is not inspect.Parameter.empty for p in parameters)
    assert all(p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for p in parameters)
    assert "->" in hook.signature


def test_each_hook_has_an_implementation_in_this_tree_or_a_test() -> None:
    code = sources()
    unused = [hook.name for hook in HOOKS if not re.search(rf"\b(def {hook.name}\(|{hook.name}=)", code)]
    assert unused == []


def test_each_hook_is_called_by_someone() -> None:
    code = sources()
    called = r"\b{0}\b[,)\]]|[\"']{0}[\"']"
    uncalled = [hook.name for hook in HOOKS if not re.search(called.format(hook.name), code)]
    assert uncalled == []


def test_every_declaration_is_in_the_printed_docs(app: Flask) -> None:
    assert {hook.name for hook in HOOKS} == set(functions())
    assert len(HOOKS) == len({hook.name for hook in HOOKS})
