"""Feeds of other sites: entities, floods, links, code; each becomes the drafts that an editor would accept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.hostile.attacks import CALL, CASES, HOST, OUTSIDE, SCRIPT, Case

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 8, tzinfo=ZONE)
ITEM = "<item><title>{title}</title><link>{link}</link><description>{body}</description><pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate></item>"


def rss(*items, head='<?xml version="1.0" encoding="utf-8"?>'):
    return f'{head}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Nguồn</title>{"".join(items)}</channel></rss>'


def item(title="Phường mở thêm quầy", link="https://quan.hanoi.gov.vn/tin/1", body="Nội dung", more=""):
    return ITEM.format(title=title, link=link, body=body).replace("</item>", more + "</item>")


def html(code):
    return item(body=f"<![CDATA[<p>Mở đầu {code} kết thúc</p>]]>")


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
FEEDS = {
    "good": rss(item()), "xxe": rss(item(title="&x;"), head='<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "laughs": rss(item(title="&i;"), head=LAUGHS), "laughs-utf16": rss(item(title="&i;"), head=LAUGHS).encode("utf-16"),
    "script": rss(html(SCRIPT)), "onerror": rss(html(f"<img src=x onerror={CALL}>")), "link-js": rss(html(f"<a href='javascript:{CALL}'>bấm</a>")), "link-data": rss(html("<a href='data:text/html,x'>bấm</a>")), "link-relative": rss(html("<a href='/tin/2'>bấm</a> <a href='../3'>x</a> <a href='//evil.example/x'>y</a>")),
    "markdown": rss(item(body=f"[bấm](javascript:{CALL}) ![x](javascript:{CALL}) `x` **y** {SCRIPT.replace('<', '&lt;')}")), "markdown-in-text": rss(html(f"](javascript:{CALL}) &lt;img src=x onerror={CALL}&gt; [^1] | a |\n|-|")), "item-link-js": rss(item(link=f"javascript:{CALL}")), "item-link-quote": rss(item(link=f'https://x.vn/"onclick={CALL}')),
    "item-link-relative": rss(item(link="/tin/1")), "title-script": rss(item(title=SCRIPT.replace("<", "&lt;"))), "title-yaml": rss(item(title='"\nstatus: ready\n---\n')), "title-bidi": rss(item(title="Hồ sơ \u202egpj.exe")), "author-script": rss(item(more=f"<dc:creator>&lt;img src=x onerror={CALL}&gt;</dc:creator>")),
    "10000-entries": rss(*[item(link=f"https://quan.hanoi.gov.vn/{n}") for n in range(10_000)]), "4000-entries": rss(*[item(link=f"https://quan.hanoi.gov.vn/{n}") for n in range(3_900)]), "20-mb": rss(item(body="x" * 20_000_000)), "deep-html": rss(html("<blockquote>" * 8_000 + "x")), "deep-lists": rss(html("<ul><li>" * 4_000 + "x")),
    "deep-xml": "<rss>" + "<a>" * 30_000, "wrong-encoding": rss(item(title="Thủ tục")).encode("cp1258", "replace"), "declared-utf7": rss(item(), head='<?xml version="1.0" encoding="utf-7"?>'), "declared-utf16": rss(item(), head='<?xml version="1.0" encoding="utf-16"?>'), "latin1": rss(item(title="Th\xe9"), head='<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1", "replace"),
    "nul": rss(item(title="a\0b")), "broken": rss(item())[:-60], "html-page": f"<html><body>{SCRIPT}</body></html>", "empty": b"", "bom": b"\xef\xbb\xbf" + rss(item()).encode(), "two-boms": b"\xef\xbb\xbf\xef\xbb\xbf" + rss(item()).encode(), "noise": bytes(range(256)) * 999, "zip": b"PK\3\4" + bytes(999), "date-odd": rss(item(more="<pubDate>99/99/9999 99:99</pubDate>")),
    "date-far": rss(item().replace("2026 08", "9999 08")), "atom-script": f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">&lt;b onclick={CALL}&gt;Tin&lt;/b&gt;</title><link href="https://quan.hanoi.gov.vn/1"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}<a href="javascript:{CALL}">x</a></div></content></entry></feed>',
    "base": f'<rss version="2.0" xml:base="javascript:{CALL}//"><channel>{html("<a href=x>bấm</a>")}</channel></rss>', "doctypes": "<!DOCTYPE a " * 30_000, "entities": rss(item(body="&amp;" * 119_000)), "marks": rss(item(body="<![CDATA[" + "<" * 39_000 + "]]>")), "processing": "<?xml-stylesheet href='javascript:alert(4711)'?>" + rss(item()), "tables": rss(html("<table>" + "<tr><td>x" * 9_000)),
    "attributes": rss(html("<a " + "b=c " * 60_000 + ">x</a>")), "style": rss(html(f"<p style='background:url(//{HOST})'>x</p><style>@import '//{HOST}'</style>")), "form": rss(html(f"<form action=//{HOST}><input name=mk></form>")), "frame": rss(html(f"<iframe src=//{HOST}></iframe><object data=//{HOST}></object><embed src=//{HOST}>")), "outside": rss(item(title="x", link="file:///etc/passwd")),
}  # fmt: skip


def drafts(data: bytes | str) -> Callable[[Path], None]:
    """What `bantin feeds` writes of a feed, accepted at once: all drafts are ready; nothing for a feed that is refused."""

    def write(file: Path) -> None:
        from pipeline.feeds.draft import text_of
        from pipeline.parse.feed import BadFeed, parse

        file.parent.mkdir(parents=True, exist_ok=True)
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        try:
            stories = parse(raw, "https://quan.hanoi.gov.vn/rss", ZONE, NOW)
        except BadFeed:
            stories = ()
        text = text_of(stories[0], "Quận", NOW.date()) if stories else ""
        file.write_text(text.replace('status: "draft"', 'status: "ready"', 1), encoding="utf-8")

    return write


for name, data in FEEDS.items():
    CASES[f"feed/{name}"] = Case(f"feed/{name}", {"tu-nguon-tin/tin.md": drafts(data)})
assert OUTSIDE
