"""What other plugins and LAPOR's own guess add to a report before it is judged."""

from __future__ import annotations

from dataclasses import fields, replace

from plugins.lapor.contracts import Draft
from plugins.lapor.hookspecs import lapor_enrich
from plugins.lapor.service.reference import reference
from plugins.lapor.service.routing.guess import guess
from superapp.sdk import ask, current_tenant

SURE_ENOUGH = 2


def enrich(draft: Draft) -> Draft:
    """Merge all answers: a field that an earlier plugin changed stays so."""
    merged = draft
    for answer in ask(lapor_enrich, tenant=current_tenant(), draft=draft):
        merged = _merge(draft, merged, answer.value)
    category = reference().categories.get(merged.category or "")
    if category is not None and category.confidential and not merged.secret:
        merged = replace(merged, secret=True)
    return merged


def own(draft: Draft) -> Draft | None:
    """LAPOR's own answer: a category for "I don't know" when the words are clear, and those words."""
    guesses = guess(f"{draft.title}\n{draft.body}")
    if not guesses:
        return None
    if draft.category is not None:
        words = next((each.words for each in guesses if each.category.code == draft.category), ())
        return replace(draft, words=words) if words and not draft.words else None
    best = guesses[0]
    if best.strength < SURE_ENOUGH:
        return None
    extra = {**draft.extra, "strength": best.strength}
    return replace(draft, category=best.category.code, guessed=True, words=best.words, extra=extra)


def _merge(sent: Draft, merged: Draft, answer: Draft) -> Draft:
    changes = {
        field.name: getattr(answer, field.name)
        for field in fields(Draft)
        if getattr(answer, field.name) != getattr(sent, field.name)
        and getattr(merged, field.name) == getattr(sent, field.name)
    }
    return replace(merged, **changes)
