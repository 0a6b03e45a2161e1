"""What citizens would see: the Page and the Official Account drawn as phone feeds. Visible text is Vietnamese."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from html import escape, unescape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from channels.simulator.graph_read import PAGE_NAME
from channels.simulator.zalo_read import OA_NAME

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SHOWN = 50
# No script and nothing from elsewhere but pictures, whatever a post holds.
POLICY = (
    "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'"
)
_PARAGRAPHS = re.compile(r"</p>\s*|<p>", re.IGNORECASE)
_BREAKS = re.compile(r"<br ?/?>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")

Held = dict[str, Any]


class Pages:
    """Draws both platforms.

    Args:
        language: for the pages' lang attribute.
    """

    def __init__(self, language: str = "vi") -> None:
        self._language = language

    def index(self, articles: list[Held], posts: list[Held], now: float) -> str:
        both = _facebook(posts, now, "h2") + _zalo(articles, now, "h2")
        return self._page("Facebook và Zalo", "/", both, "Facebook và Zalo trên máy này")

    def facebook(self, posts: list[Held], now: float) -> str:
        return self._page("Trang Facebook", "/facebook", _facebook(posts, now, "h1"))

    def zalo(self, articles: list[Held], now: float) -> str:
        return self._page("Zalo OA", "/zalo", _zalo(articles, now, "h1"))

    def article(self, article: Held) -> str:
        """One article as a reader opens it."""
        title, cover = escape(article["title"]), article["cover"]
        picture = _picture(cover["photo_url"], "") if cover["status"] == "show" else ""
        lead = f'<p class="lead">{escape(article["description"])}</p>'
        about = f'<p class="when">{escape(article["author"])} · {_time(article["created"])}{_edited(article)}</p>'
        head = f"<h1>{title}</h1>{about}{lead}"
        body = "".join(_block(block) for block in article["body"])
        figure = f"<figure>{picture}</figure>" if picture else ""
        inside = f'<div class="phone"><article class="reading">{head}{figure}{body}</article></div>'
        return self._page(article["title"], "/zalo/bai", inside)

    def consent(self, address: str) -> str:
        """Where an administrator of the account agrees; the link hands the code back."""
        inside = (
            f'<div class="phone"><article><header><h1>{escape(OA_NAME)}</h1></header><p class="text">Ứng dụng xin quyền quản lý bài viết '
            f'của Official Account này. Mã có hạn 10 phút và dùng được một lần.</p><p class="text">'
            f'<a id="agree" href="{escape(address)}" rel="noopener noreferrer">Đồng ý</a></p></article></div>'
        )
        return self._page("Cho phép ứng dụng", "", inside)

    def refused(self, code: str) -> str:
        """What Zalo shows instead when the address is wrong."""
        inside = f'<div class="phone"><p class="empty">Không thể cấp quyền: lỗi {escape(code)}.</p></div>'
        return self._page("Không thể cấp quyền", "", inside)

    def missing(self) -> str:
        text = '<div class="phone"><p class="empty">Không tìm thấy trang này.</p></div>'
        return self._page("Không tìm thấy", "", text)

    def _page(self, title: str, here: str, inside: str, heading: str = "") -> str:
        top = f"<h1>{escape(heading)}</h1>" if heading else ""
        places = (("/", "Cả hai"), ("/facebook", "Facebook"), ("/zalo", "Zalo"))
        links = "".join(
            f'<a href="{path}"{" aria-current=page" if path == here else ""}>{name}</a>' for path, name in places
        )
        return (
            f'<!doctype html><html lang="{escape(self._language)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="robots" content="noindex"><link rel="icon" href="data:,">'
            f"<title>{escape(title)} – mô phỏng</title><style>{_style()}</style></head><body>"
            '<header><p class="note">Bản mô phỏng trên máy này, không phải Facebook hay Zalo thật.</p>'
            f'<nav aria-label="Kênh">{links}</nav>{top}</header><main>{inside}</main></body></html>'
        )


def _facebook(posts: list[Held], now: float, heading: str) -> str:
    public = [post for post in posts if post["status"] == "published" and post["visible"] <= now]
    cards = "".join(_post(post) for post in public[:SHOWN])
    return _phone(PAGE_NAME, "Trang Facebook", "f", heading, cards, len(public), "bài viết")


def _zalo(articles: list[Held], now: float, heading: str) -> str:
    public = [one for one in articles if one["status"] in ("show", "hide") and one["visible"] <= now]
    level = "h2" if heading == "h1" else "h3"
    cards = "".join(_card(article, level) for article in public[:SHOWN])
    return _phone(OA_NAME, "Zalo Official Account", "Z", heading, cards, len(public), "bài viết")


def _phone(name: str, kind: str, letter: str, heading: str, cards: str, count: int, what: str) -> str:
    more = f'<p class="empty">Hiển thị {SHOWN} bài mới nhất.</p>' if count > SHOWN else ""
    inside = cards or '<p class="empty">Chưa có bài nào.</p>'
    return (
        f'<section class="phone" aria-label="{escape(kind)}"><div class="owner">'
        f'<span class="badge" aria-hidden="true">{letter}</span><div><{heading}>{escape(name)}</{heading}>'
        f"<p>{escape(kind)} · {count} {what}</p></div></div>{inside}{more}</section>"
    )


def _post(post: Held) -> str:
    pictures = "".join(_picture(photo["src"], photo["alt"]) for photo in post["photos"])
    media = f'<div class="pictures">{pictures}</div>' if pictures else _share(post)
    text = f'<p class="text">{_linked(post["message"])}</p>' if post["message"] else ""
    return (
        f'<article id="{escape(post["id"])}"><header><p class="when">{_time(post["created"])}{_edited(post)}</p>'
        f"</header>{text}{media}</article>"
    )


def _share(post: Held) -> str:
    if not post["link"]:
        return ""
    preview = post["preview"]
    picture = _picture(preview["image"], "") if preview["image"] else ""
    return (
        f'<a class="share" href="{escape(post["link"])}" rel="noopener noreferrer">{picture}'
        f"<span>{escape(urlsplit(post['link']).netloc)}</span><b>{escape(preview['title'])}</b>"
        f"<span>{escape(preview['description'])}</span></a>"
    )


def _card(article: Held, level: str) -> str:
    hidden = '<p><span class="tag">Đang ẩn</span></p>' if article["status"] == "hide" else ""
    address = f"/zalo/bai/{escape(article['id'])}"
    return (
        f'<article>{_picture(article["cover"]["photo_url"], "")}<header><{level}><a href="{address}">'
        f"{escape(article['title'])}</a></{level}>{hidden}"
        f'<p class="when">{escape(article["author"])} · {_time(article["created"])}{_edited(article)}</p></header>'
        f'<p class="text">{escape(article["description"])}</p></article>'
    )


def _block(block: Held) -> str:
    if block["type"] == "text":
        return _text(block["content"])
    if block["type"] == "image":
        caption = escape(block.get("caption", ""))
        under = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"<figure>{_picture(block['url'], block.get('caption', ''))}{under}</figure>"
    play = f'<a href="{escape(block["url"])}" rel="noopener noreferrer">Xem video</a>'
    return f"<figure>{_picture(block['thumb'], '')}<figcaption>{play}</figcaption></figure>"


def _text(content: str) -> str:
    """Rebuild the paragraphs from plain text, so that nothing of the stored HTML reaches the page as it is."""
    paragraphs = [part for part in _PARAGRAPHS.split(content) if part.strip()]
    return "".join(
        f"<p>{'<br>'.join(_linked(unescape(line)) for line in _BREAKS.split(one))}</p>" for one in paragraphs
    )


def _linked(text: str) -> str:
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        link = f'<a href="{address}" rel="noopener noreferrer">{address}</a>'
        pieces += [escape(text[end : found.start()]), link]
        end = found.end()
    return "".join([*pieces, escape(text[end:])])


def _picture(url: str, alt: str) -> str:
    return f'<img src="{escape(url)}" alt="{escape(alt)}" loading="lazy" referrerpolicy="no-referrer">'


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, HANOI).strftime("%H:%M, %d/%m/%Y")


def _edited(held: Held) -> str:
    return f" · đã sửa {held['edits']} lần" if held["edits"] else ""


@cache
def _style() -> str:
    return files("channels.simulator").joinpath("style.css").read_text("utf-8")
