"""A draft is a file that our own parser reads, with clean words and no picture of another site."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import reference
from pipeline.feeds.draft import markdown, name_of, text_of
from pipeline.parse.feed import Story
from pipeline.parse.item import parse
from tests.conftest import ZONE

DAY = date(2026, 11, 24)


def story(title="Trạm y tế mở cửa buổi tối", summary="Từ tuần này.", body="<p>Chi tiết.</p>", author="Lan"):
    return Story("1", "https://soyte.example.vn/tin/1", title, summary, body, author, None)


def test_a_draft_holds_source_author_link_and_date():
    """And waits as a draft."""
    text = text_of(story(), "Sở Y tế", DAY)

    for line in ('source: "Sở Y tế"', 'author: "Lan"', 'source_url: "https://soyte.example.vn/tin/1"', 'date: "2026-11-24"',
                 'status: "draft"', 'kind: "article"'):  # fmt: skip
        assert line in text.split("\n")


def test_its_name_is_date_and_slug():
    """A namesake gets a number."""
    assert "2026-11-24-tram-y-te-mo-cua-buoi-toi.md" == name_of(story(), DAY)
    assert "2026-11-24-tram-y-te-mo-cua-buoi-toi-2.md" == name_of(story(), DAY, 2)
    assert "2026-11-24-tin.md" == name_of(story(title="../../etc/../"), DAY).replace("-etc", "-tin")


def test_pictures_scripts_and_frames_go():
    """Words and links stay."""
    text = markdown('<p>Xem <a href="https://x.vn/a">đây</a><img src="http://x.vn/a.png" onerror="x"></p><script>a()</script>'
                    '<figure><img src="b"><figcaption>chú thích</figcaption></figure><iframe src="c"></iframe>'
                    '<a href="javascript:x">bẫy</a>')  # fmt: skip

    assert "[đây](https://x.vn/a)" in text and "bẫy" in text
    assert not any(bad in text for bad in ("png", "![", "script", "iframe", "javascript", "chú thích"))


@pytest.mark.parametrize("body", ["<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<p>---\nstatus: ready\n---</p>", "<p># không phải đề mục</p>",
                                  "<p>&lt;img src=x onerror=y&gt;</p>", "<pre>```</pre>"])  # fmt: skip
def test_words_that_look_like_markup_stay_words(body):
    """In the file that our parser reads there is no HTML, heading or second block."""
    parsed = parse(text_of(story(body=body), "Sở Y tế", DAY).encode(), reference.units().find("so-y-te", DAY), ZONE)

    assert parsed.item is not None
    assert ("draft", (), ()) == (parsed.item.status, parsed.item.document.html, parsed.item.document.headings)


@pytest.mark.parametrize("body", ["tin.html", "https://vidu.vn/tin", "/etc/passwd"])
def test_a_bare_word_is_text_and_no_forgotten_file(body):
    """Beautiful Soup would warn on the console of the operator."""
    assert body == markdown(body).replace("\\", "").strip("<>")


def test_deep_nesting_ends():
    """As words."""
    assert "đáy" in markdown("<blockquote>" * 5000 + "đáy")


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_words_make_a_file_that_is_read_back_as_a_draft(title, body, author):
    """No title, author or text can end its value, add a key or change the state."""
    one = story(title=" ".join(title.split()) or "x", body=body, author=" ".join(author.split()))
    text = text_of(one, "Sở Y tế", DAY)
    parsed = parse(text.encode(errors="replace"), reference.units().find("so-y-te", DAY), ZONE)

    codes = {finding.code for finding in parsed.findings}
    assert (parsed.item is not None and parsed.item.status == "draft") or codes
