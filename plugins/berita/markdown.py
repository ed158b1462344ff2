"""Markdown to the few HTML elements that an article may have; raw HTML stays text, pictures are left out."""

from __future__ import annotations

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "em", "s", "a", "ul", "ol", "li",
    "blockquote", "code", "pre", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
# The page has its own h1.
LOWER = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}


def to_html(text: str) -> Markup:
    """Safe HTML of a Markdown text."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = LOWER[token.tag]
    drawn = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        drawn, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="nofollow noopener"
    )
    return Markup(clean)  # noqa: S704 - nh3 has just taken out all that is not in TAGS


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
