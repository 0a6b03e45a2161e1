"""schema.org facts of a page as JSON-LD that cannot end its own <script>."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from channels.portal.post import PortalPost, Question
from channels.portal.words import iso, printable

# A browser looks for "</script" and "<!--" inside the data, whatever JSON means by them.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_ld(post: PortalPost, url: str, owner: str, video_url: str) -> Markup:
    """The facts of an item page, safe to stand in the page."""
    if post.question is not None:
        facts = _questions(post, post.question, url)
    elif post.video is not None:
        facts = _clip(post, url, video_url)
    else:
        facts = _article(post, url, owner)
    text = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False, separators=(",", ":"))
    return Markup(printable(text).translate(_ESCAPES))  # noqa: S704 - every character that means something is escaped


def _article(post: PortalPost, url: str, owner: str) -> dict[str, Any]:
    return {
        "@type": "NewsArticle",
        "headline": post.title,
        "description": post.summary,
        "datePublished": iso(post.published),
        "dateModified": iso(post.updated or post.published),
        "mainEntityOfPage": url,
        "image": post.share.url,
        "inLanguage": "vi",
        "author": {"@type": "Organization", "name": post.unit.name},
        "publisher": {"@type": "GovernmentOrganization", "name": owner},
    }


def _questions(post: PortalPost, question: Question, url: str) -> dict[str, Any]:
    answer = {
        "@type": "Answer",
        "text": post.summary,
        "url": url,
        "author": {"@type": "Organization", "name": question.answered_by},
    }
    return {
        "@type": "QAPage",
        "mainEntity": {
            "@type": "Question",
            "name": post.title,
            "text": question.text,
            "answerCount": 1,
            "datePublished": iso(post.published),
            "acceptedAnswer": answer,
        },
    }


def _clip(post: PortalPost, url: str, video_url: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@type": "VideoObject",
        "name": post.title,
        "description": post.summary or post.title,
        "thumbnailUrl": post.share.url,
        "uploadDate": iso(post.published),
        "url": url,
    }
    if video_url:
        facts["contentUrl"] = video_url
    if post.video and post.video.duration:
        facts["duration"] = f"PT{post.video.duration}S"
    return facts
