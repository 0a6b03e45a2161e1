"""The quick reader gives the tokens of markdown-it-py, or leaves the text to it."""

import re

import pytest

from bench import corpus
from pipeline.parse import markdown, swift

pytest.importorskip("markdown_it_pyrs")


def told(tokens):
    """Every field of a token that anything in the pipeline reads; markdown-it-py leaves empty texts beside emphasis."""
    return [
        (one.type, one.tag, dict(one.attrs), one.map and one.map[0], one.content if one.type != "inline" else "", one.hidden,
         [(child.type, child.tag, dict(child.attrs), child.content) for child in one.children or () if child.type != "text" or child.content])
        for one in tokens
    ]  # fmt: skip


def both(source):
    quick = swift.tokens(source)
    assert quick is not None
    return told(quick), told(markdown.engine(links=False).parse(source))


def test_the_corpus_of_the_bench_is_read_alike():
    """60 texts with lists, tables, links and emphasis, none of which is left to the slower reader."""
    for one in corpus.corpus(60):
        quick, slow = both(one.body)
        assert slow == quick


def test_our_own_content_is_read_alike_or_left_alone(root):
    """Every text that is shipped; most of them are read quickly."""
    files = sorted((root / "content").glob("*/*.md"))
    bodies = [re.split(r"\n---\n", file.read_text(encoding="utf-8"), maxsplit=1)[-1].strip() for file in files]
    quick = {body: found for body in bodies if (found := swift.tokens(body)) is not None}

    assert len(quick) > len(bodies) / 2
    for body, found in quick.items():
        assert told(markdown.engine(links=False).parse(body)) == told(found)


@pytest.mark.parametrize("source", [
    "Một **đậm *và nghiêng* nữa** [liên kết](https://a.vn/x \"tên\") ![ảnh bìa](a.jpg 'chú thích')\nhai  \nba",
    "- a\n- b\n\n  đoạn hai\n- c\n", "1. một\n2. hai\n   - trong\n   - nữa\n\n3) ba\n", "7. bảy\n8. tám",
    "> trích\n> dẫn\n\n---\n\nTên\n===\n\n### Ba #\n", "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |\n\nsau", "", "\n\n", "*x", "**",
])  # fmt: skip
def test_each_construct_is_read_alike(source):
    """Nested lists, loose and tight, tables with a missing cell, broken marks."""
    quick, slow = both(source)

    assert slow == quick


@pytest.mark.parametrize(
    "source", ["a <b>", "a &amp; b", "a \\* b", "`x`", "[^1]\n\n[^1]: x", "~~x~~", "[a][b]\n\n[b]: c", "[a]("]
)
def test_what_both_may_read_differently_is_left_alone(source):
    """HTML, entities, escapes, code, notes, struck words, references."""
    assert swift.tokens(source) is None
