"""schema.org facts of a page as JSON-LD that cannot end its own <script>."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from channels.portal.card import Card
from channels.portal.post import PortalPost, Question
from channels.portal.site import SEARCH, Site, public_url
from channels.portal.words import compact, iso, plain, printable

# A browser looks for "</script" and "<!--" inside the data, whatever JSON means by them.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_LANGUAGE = "vi"
Trail = Sequence[tuple[str, str]]


class Facts:
    """The facts of the section's pages; a trail is (name, address) from the home page on."""

    def __init__(self, site: Site, base_url: str) -> None:
        self._site = site
        self._base_url = base_url

    def item(self, post: PortalPost, url: str, media: dict[str, str], trail: Trail) -> Markup:
        """An item page: the article, film or question, and where it stands."""
        if post.question is not None:
            facts = _questions(post, post.question, url)
        elif post.video is not None:
            facts = self._clip(post, url, media)
        else:
            facts = self._article(post, url)
        return _script(facts, self._trail(trail))

    def home(self) -> Markup:
        """The first page: whose it is, and how to search it."""
        search = public_url(self._base_url, SEARCH)
        site = {
            "@type": "WebSite", "name": self._site.title, "url": f"{self._base_url}/", "inLanguage": _LANGUAGE,
            "publisher": {"@id": self._owner_id},
            "potentialAction": {"@type": "SearchAction", "target": f"{search}?q={{q}}", "query-input": "required name=q"},
        }  # fmt: skip
        return _script(self._owner(), site)

    def listing(self, name: str, url: str, trail: Trail, questions: Sequence[Card]) -> Markup:
        """A page of a list; the questions and answers on it, if it is theirs."""
        if questions:
            asked = [
                {"@type": "Question", "name": card.title, "url": public_url(self._base_url, card.address),
                 "acceptedAnswer": {"@type": "Answer", "text": card.summary or card.title}}
                for card in questions
            ]  # fmt: skip
            return _script({"@type": "FAQPage", "url": url, "name": name, "mainEntity": asked}, self._trail(trail))
        page = {"@type": "CollectionPage", "url": url, "name": name, "inLanguage": _LANGUAGE}
        return _script(page, self._trail(trail))

    def contact(self, url: str) -> Markup:
        """The office with its hotlines."""
        points = [{"@type": "ContactPoint", "contactType": one.name, "telephone": one.value}
                  for one in self._site.contacts if one.kind == "phone"]  # fmt: skip
        owner = self._owner() | ({"contactPoint": points} if points else {})
        return _script(owner, {"@type": "ContactPage", "url": url, "about": {"@id": self._owner_id}})

    @property
    def _owner_id(self) -> str:
        return f"{self._base_url}/#co-quan"

    def _owner(self) -> dict[str, Any]:
        return {
            "@type": "GovernmentOrganization", "@id": self._owner_id, "name": self._site.owner,
            "url": f"{self._base_url}/", "logo": f"{self._base_url}/theme/mark.svg",
        }  # fmt: skip

    def _article(self, post: PortalPost, url: str) -> dict[str, Any]:
        person = post.author and post.author != post.unit.name
        author = {"@type": "Person", "name": post.author} if person else _unit(post)
        return {
            "@type": "NewsArticle", "headline": post.title, "description": post.summary,
            "datePublished": iso(post.published), "dateModified": iso(post.updated or post.published),
            "mainEntityOfPage": url, "image": [post.share.url], "inLanguage": _LANGUAGE, "author": author,
            "sourceOrganization": _unit(post), "articleSection": [area.name for area in post.areas],
            "wordCount": post.words, "isAccessibleForFree": True, "publisher": self._owner(),
            **({"correction": post.corrections} if post.corrections else {}),
        }  # fmt: skip

    def _clip(self, post: PortalPost, url: str, media: dict[str, str]) -> dict[str, Any]:
        video = post.video
        facts: dict[str, Any] = {
            "@type": "VideoObject", "name": post.title, "description": post.summary or post.title,
            "thumbnailUrl": [post.share.url], "uploadDate": iso(post.published), "url": url, "inLanguage": _LANGUAGE,
            "publisher": self._owner(),
        }  # fmt: skip
        if "video" in media:
            facts["contentUrl"] = public_url(self._base_url, media["video"])
        if "captions" in media:
            facts["caption"] = {"@type": "MediaObject", "contentUrl": public_url(self._base_url, media["captions"]),
                                "encodingFormat": "text/vtt", "inLanguage": _LANGUAGE}  # fmt: skip
        if video and video.page:
            facts["sameAs"] = video.page
        if video and video.transcript:
            facts["transcript"] = video.transcript
        if video and video.duration:
            facts["duration"] = f"PT{video.duration}S"
        return facts

    def _trail(self, trail: Trail) -> dict[str, Any]:
        places = [{"@type": "ListItem", "position": number, "name": name, "item": public_url(self._base_url, address)}
                  for number, (name, address) in enumerate(trail, 1)]  # fmt: skip
        return {"@type": "BreadcrumbList", "itemListElement": places}


def _unit(post: PortalPost) -> dict[str, str]:
    return {"@type": "GovernmentOrganization", "name": post.unit.name}


def _questions(post: PortalPost, question: Question, url: str) -> dict[str, Any]:
    answer = {
        "@type": "Answer", "text": plain(post.body_html) or post.summary, "url": f"{url}#tra-loi", "upvoteCount": 0,
        "datePublished": iso(post.published),
        "author": {"@type": "GovernmentOrganization", "name": question.answered_by or post.unit.name},
    }  # fmt: skip
    asked = {
        "@type": "Question", "name": post.title, "text": question.text, "answerCount": 1, "upvoteCount": 0,
        "datePublished": iso(post.published), "acceptedAnswer": answer,
        **({"author": {"@type": "Person", "name": question.asker}} if question.asker else {}),
    }  # fmt: skip
    return {"@type": "QAPage", "url": url, "inLanguage": _LANGUAGE, "mainEntity": asked}


def _script(*facts: dict[str, Any]) -> Markup:
    graph = {"@context": "https://schema.org", "@graph": list(facts)}
    text = printable(compact(graph))
    for sign, code in _ESCAPES.items():  # one after the other is quicker than a table, because most texts have none
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - every character that means something is escaped
