"""Proof of what an answer claims: asked for, compared, doubted, resolved, covered, audited."""
