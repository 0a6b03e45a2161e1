"""A story of a unit's portal as a draft in the unit's folder, for an editor to accept."""

from __future__ import annotations

import json
from datetime import date

import nh3
from markdownify import MarkdownConverter

from pipeline.parse.feed import Story
from pipeline.text import nfc, slug, strip_invisible

FOLDER = "tu-nguon-tin"
_TAGS = {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "b", "em", "i", "blockquote", "table", "thead", "tbody",
         "tr", "th", "td", "sub", "sup", "hr"}  # fmt: skip
_MOST = 40_000  # characters of Markdown


def name_of(story: Story, day: date, number: int = 1) -> str:
    """File name of a draft; a second story of the same day and title gets a number."""
    again = f"-{number}" if number > 1 else ""
    return f"{day:%Y-%m-%d}-{slug(story.title, 60)}{again}.md"


def text_of(story: Story, source: str, day: date) -> str:
    """The Markdown file. Pictures of other sites are left out: they are neither ours nor there to stay."""
    values = {"kind": "article", "title": story.title, "summary": story.summary, "date": day.isoformat(),
              "author": story.author or source, "source": source, "source_url": story.link, "status": "draft"}  # fmt: skip
    # JSON's strings are YAML's double-quoted ones, so nothing in a value can end it or begin a key.
    head = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return f"---\n{head}\n---\n\n{markdown(story.body) or story.summary or story.title}\n"


def markdown(body: str) -> str:
    """HTML of a feed as clean Markdown; markup that we do not take becomes plain words."""
    clean = nh3.clean(body, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None,
                      clean_content_tags={"script", "style", "figure", "picture", "iframe", "svg", "math"})  # fmt: skip
    converter = MarkdownConverter(heading_style="ATX", bullets="-", escape_misc=True, sup_symbol="", sub_symbol="")
    try:
        text = converter.convert(f"<div>{clean}</div>")  # or Beautiful Soup takes a bare word for a forgotten file
    except RecursionError:  # thousands of nested quotations; the words are worth more than their nesting
        text = converter.convert(f"<div>{nh3.clean(body, tags={'p'}, attributes={})}</div>")
    lines = [line.rstrip() for line in strip_invisible(nfc(text)).split("\n")]
    joined = "\n".join(line for number, line in enumerate(lines) if line or (number and lines[number - 1]))
    return joined.strip()[:_MOST]
