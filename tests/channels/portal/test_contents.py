"""The list of headings before a long text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from channels.portal.adapter import Portal
from channels.portal.contents import with_contents

BODY = "<p>Mở đầu.</p><h2>Một &amp; hai</h2><p>a</p><h2><em>Ba</em></h2><p>b</p><h3>Nhỏ</h3><h2>Bốn</h2>"


def test_a_long_text_with_headings_begins_with_their_list(portal: Portal, desk: Any, public: Path) -> None:
    """Each line leads to its heading; markup in a heading stays in the text."""
    portal.publish(desk.article(0, body_html=BODY, words=900))
    portal.flush()
    text = (public / desk.article(0).address).read_text(encoding="utf-8")
    lines = re.findall(r'<li><a href="#(phan-\d)">(.*?)</a></li>', text)

    assert [("phan-1", "Một &amp; hai"), ("phan-2", "Ba"), ("phan-3", "Bốn")] == lines
    assert all(f'<h2 id="{place}">' in text for place, _words in lines)


def test_a_short_text_or_one_with_few_headings_has_none() -> None:
    """It is read faster than its list."""
    assert (BODY, ()) == with_contents(BODY, 200)
    assert ("<h2>Một</h2><h2>Hai</h2>", ()) == with_contents("<h2>Một</h2><h2>Hai</h2>", 2000)
    assert () == with_contents(BODY.replace("<em>Ba</em>", "<em></em>"), 2000)[1]
