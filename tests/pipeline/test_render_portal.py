"""What the portal is handed over: pictures in several sizes, and the date of a revision only when there was one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from channels.registry import post_from_json
from pipeline import intake
from pipeline.check import Work, Workshop
from pipeline.prepare import prepare

TEXT = """---
kind: article
author: Ngọc Diệp
title: "Nộp hồ sơ tại nhà"
summary: "Ba bước, không phải đi lại."
date: 2026-11-20
areas: [mot-cua]
corrections: "Số đúng là 5."
---
Người dân nộp hồ sơ qua mạng.

![Màn hình nộp hồ sơ](man-hinh.jpg "Bước 1")
"""


@pytest.fixture
def shop(tmp_path, now):
    folder = tmp_path / "content/so-y-te"
    folder.mkdir(parents=True)
    (folder / "tin.md").write_text(TEXT, encoding="utf-8")
    Image.linear_gradient("L").resize((1600, 900)).convert("RGB").save(folder / "man-hinh.jpg")
    return Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), tmp_path / "media", now)


def rendered(tmp_path, shop, **changes):
    found = intake.walk(tmp_path / "content")
    work = Work(tmp_path / "content", found.drops["so-y-te/tin.md"], found.stamps, **changes)
    return post_from_json("portal", prepare(work, shop).posts["portal"][0])


def test_a_picture_in_the_text_comes_in_two_widths_and_two_formats(tmp_path, shop):
    """A phone loads the narrow one; room is kept before it comes, and below the fold it waits."""
    post = rendered(tmp_path, shop)
    webp, jpeg = re.findall(r'srcset="([^"]+)"', post.body_html)

    assert [" 640w", " 1200w"] == re.findall(r" \d+w", webp) == re.findall(r" \d+w", jpeg)
    assert 'width="1200" height="675" loading="lazy"' in re.sub(r"\s+", " ", post.body_html)
    assert set(re.findall(r"media/\w\w/([\w.]+)", post.body_html)) <= {one.file.name for one in post.pictures}


def test_avif_comes_first_where_it_is_wanted(tmp_path, shop):
    """The first source that a browser knows is the one it loads."""
    post = rendered(tmp_path, replace(shop, avif=True))

    assert ["image/avif", "image/webp"] == re.findall(r'<source[^>]+type="([^"]+)"', post.body_html)
    assert 4 == len([one for one in post.pictures if one.mime != "image/jpeg"])


def test_the_first_publication_has_no_date_of_revision(tmp_path, shop):
    """Whatever was edited before anybody could read it."""
    assert rendered(tmp_path, shop).updated is None


def test_a_revision_has_the_moment_it_was_taken_in(tmp_path, shop):
    """And carries the editor's note of correction."""
    later = replace(shop, now=shop.now + timedelta(days=1))
    post = rendered(tmp_path, later, published_before=True)

    assert (later.now, "Số đúng là 5.") == (post.updated, post.corrections)
