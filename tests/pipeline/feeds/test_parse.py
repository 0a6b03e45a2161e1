"""Bytes of feeds become stories; hostile bytes become BadFeed and nothing else, in bounded time."""

import gzip
import time
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.parse.feed import MOST_BYTES, BadFeed, Story, parse, safe_link
from tests.conftest import ZONE

NOW = datetime(2026, 11, 26, 19, 0, tzinfo=ZONE)
BASE = "https://soyte.example.vn/rss"


def rss(*items, head='<?xml version="1.0" encoding="utf-8"?>'):
    return f'{head}<rss version="2.0"><channel><title>Sở Y tế</title>{"".join(items)}</channel></rss>'.encode()


def item(title="Trạm y tế phường mở cửa buổi tối", link="https://soyte.example.vn/tin/1", date="", body="", more=""):
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate><description>{body}</description>{more}</item>"


def read(data):
    return parse(data, BASE, ZONE, NOW)


def one(*args, **kwargs):
    return read(rss(item(*args, **kwargs)))[0]


def test_an_rss_story_is_read_whole():
    """With id, link, plain summary, author and time."""
    story = one(date="Tue, 24 Nov 2026 08:00:00 +0700", body="<![CDATA[<p>Từ tuần này</p><p>mở đến 20 giờ.</p>]]>",
                more='<guid isPermaLink="false">77</guid><author>Lan Anh</author>')  # fmt: skip

    assert Story("77", "https://soyte.example.vn/tin/1", "Trạm y tế phường mở cửa buổi tối", "Từ tuần này mở đến 20 giờ.",
                 "<p>Từ tuần này</p><p>mở đến 20 giờ.</p>", "Lan Anh", story.published) == story  # fmt: skip
    assert datetime(2026, 11, 24, 8, 0, tzinfo=ZONE) == story.published


def test_an_atom_story_is_read_whole():
    """Its content rather than its summary is the body."""
    data = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>urn:x:1</id>
    <title type="html">A &lt;b&gt;b&lt;/b&gt; &amp;amp; c</title><link href="/a"/><updated>2026-11-20T01:00:00Z</updated>
    <summary>ngắn</summary><content type="html">&lt;p&gt;dài&lt;/p&gt;</content></entry></feed>"""
    story = read(data.encode())[0]

    assert ("A b & c", "https://soyte.example.vn/a", "ngắn", "<p>dài</p>") == (
        story.title,
        story.link,
        story.summary,
        story.body,
    )


@pytest.mark.parametrize(("written", "hour"), [
    ("Tue, 24 Nov 2026 08:00:00 +0700", 8), ("Tue, 24 Nov 2026 08:00:00 GMT+7", 8), ("Tue, 24 Nov 2026 08:00:00", 8),
    ("Tue, 24 Nov 2026 01:00:00 GMT", 8), ("24/11/2026 8:00:00 CH", 20), ("Thứ Ba, 24/11/2026 08:00", 8),
    ("11/24/2026 8:00:00 AM", 8), ("2026-11-24T08:00:00", 8), ("2026-11-24T01:00:00Z", 8), ("24-11-2026", 0),
])  # fmt: skip
def test_times_are_read_as_vietnamese_feeds_write_them(written, hour):
    """In the city's zone when they name none."""
    assert datetime(2026, 11, 24, hour, 0, tzinfo=ZONE) == one(date=written).published


@pytest.mark.parametrize(
    "written", ["", "hôm qua", "1970-01-01T00:00:00Z", "2126-01-01T00:00:00Z", "99/99/2026", "0000-00-00"]
)
def test_a_time_that_cannot_be_true_is_none(written):
    """The time of the fetch stands in for it later."""
    assert one(date=written).published is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://a@b.vn/x", "",
                                  "https://x.vn/&lt;script&gt;", "http://[::1", "https://x.vn:99999/a"])  # fmt: skip
def test_a_story_without_a_plain_web_address_is_left_out(link):
    """It could not be cited."""
    data = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>Một tin</title><link href="{link}"/></entry></feed>'

    assert () == parse(data.encode(), "", ZONE, NOW)


def test_titles_that_were_escaped_twice_are_opened():
    """And letters are composed."""
    assert 'Một cửa "số" ở phường' == one("Mo\u0302\u0323t cửa &amp;quot;số&amp;quot; ở phường").title


def test_scripts_and_styles_leave_no_words():
    """Not even as text."""
    story = one(body="<![CDATA[<script>trộm()</script><style>x{}</style>Chữ <b onclick='x'>đậm</b>]]>")

    assert "Chữ đậm" == story.summary


BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '">]>'


@pytest.mark.parametrize(("data", "reason"), [
    (rss(item("&b;"), head='<?xml version="1.0"?>' + BOMB), "entities"),
    (rss(item("&x;"), head='<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entities"),
    (rss(item(), head='<?xml version="1.0"?><!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd" [ ]>'), "entities"),
    ((BOMB + "<rss/>").encode("utf-16"), "entities"),
    (b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-ENTITY', "encoding"),
    (b"<rss>" + b" " * MOST_BYTES, "size"),
    (b"<" * 500_000, "heavy"),
    (rss(*["<item>"] * 60_000), "heavy"),
    (b"&" * 500_000, "heavy"),
    (b"<!DOCTYPE " * 30_000, "heavy"),
    (b"", "feed"), (b"x", "feed"), (b"\0" * 1000, "feed"), (b"<html><body>404</body></html>", "feed"),
    (gzip.compress(rss(item())), "feed"), (b"/etc/passwd", "feed"), (b"http://127.0.0.1:1/", "feed"),
])  # fmt: skip
def test_hostile_bytes_are_refused_by_name(data, reason):
    """Nothing is expanded, opened or fetched."""
    with pytest.raises(BadFeed) as error:
        read(data)

    assert reason == error.value.reason


def test_a_doctype_without_declarations_is_fine():
    """Old RSS 0.91 carries one, and CDATA has brackets of its own."""
    head = '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.vn/rss.dtd">'

    assert 1 == len(read(rss(item(body="<![CDATA[<p>x</p>]]>"), head=head)))


def test_a_broken_feed_gives_what_can_be_read():
    """Press systems forget to escape."""
    data = rss(item("Hỏi & đáp về căn cước"), item()).replace(b"</rss>", b"")

    assert 2 == len(read(data))


def test_the_most_costly_feed_that_passes_takes_less_than_five_seconds():
    """Just below the limits."""
    start = time.monotonic()
    for data in (rss(*["<item>"] * 39_000), b"&" * 119_000, b"<!" * 39_000, b"<rss " + b'a="" ' * 180_000):
        try:
            read(data)
        except BadFeed:
            continue
    assert time.monotonic() - start < 20


@given(st.binary(max_size=3000))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_bytes_raise_nothing_but_our_own(data):
    """Whatever comes over the wire."""
    try:
        stories = read(data)
    except BadFeed:
        return
    assert all(story.title and safe_link(story.link) for story in stories)


PIECES = st.sampled_from([b"<rss>", b"<channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"<link>http://x.vn/a</link>",
                          b"<![CDATA[", b"]]>", b"&lt;b&gt;", b"&#x202e;", b"&#0;", b"<pubDate>24/11/2026</pubDate>", b"\xff\xfe",
                          b"<description>", b"<media:content url='x'>", b"<?xml version='1.0'?>", b"\xc6\xa1", b"<!--", b"-->"])  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=20), max_size=60).map(b"".join))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_pieces_of_feeds_raise_nothing_but_our_own(data):
    """And no story comes out that could not be shown."""
    try:
        stories = read(b"<rss><channel>" + data)
    except BadFeed:
        return
    for story in stories:
        assert "\n" not in story.title and len(story.title) <= 300 and safe_link(story.link)
        assert story.published is None or story.published < NOW + timedelta(days=1)
