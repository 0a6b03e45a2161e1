"""Words that people type find items: in any order, with and without marks, and never as syntax."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, insert, text

import pipeline.ledger
from pipeline.ledger import Ledger, searching
from pipeline.ledger import schema as t
from pipeline.ledger.copying import copy
from pipeline.ledger.engine import HEAD, open_engine
from pipeline.ledger.listing import Wish, page
from pipeline.ledger.paging import items
from pipeline.model import Outcome
from tests.pipeline.ledger.making import prepared, send

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = ("AND", "a AND b", "NOT", '"', '""', "'", "*", "a*b", "NEAR(a b)", "title:x", "facts:tin", "^a", "a:*", "!a", "a & b",
           "a | b", "(", ")", "-a", "+a", "{facts}:a", "\\", "'; DROP TABLE item; --", "%", "_", "a\x00b", "\x00", "\ud800",
           "x" * 3000, "ａ", "漢字", "<->", "<1>", "\u0323", "đ" * 50)  # fmt: skip


def found(ledger, words):
    """Items whose deliveries are listed, and what the API's list of items says."""
    listed = {row["item"] for row in page(ledger, Wish(words=words), 100).rows}
    assert listed == {row["id"] for row in items(ledger, Wish(words=words), "", "", 100).rows}
    return listed


def portal_post(**fields):
    return {"portal": (json.dumps({"address": "khong-tim/x.html", "post_id": "KHONGTIM"} | fields), "d")}


@pytest.fixture
def some(ledger, now):
    """Four items with names as they occur."""
    for item, title in (("k3f9a2xq", "Đề án 06: đẩy mạnh định danh điện tử"), ("b2", "Phường Hoàn Kiếm cấp giấy phép xây dựng"),
                        ("ho_so_84", "Kế hoạch 84/KH-UBND về hồ sơ trực tuyến"), ("d4", "Ngày hội ở xã Ba Vì")):  # fmt: skip
        ledger.record([prepared(now, item=item, title=title)], now)
    return ledger


@pytest.mark.parametrize(("words", "item"), [
    ("de an 06", "k3f9a2xq"), ("ĐỀ ÁN 06", "k3f9a2xq"), ("06 an de", "k3f9a2xq"), ("đẩy mạnh đị", "k3f9a2xq"), ("dien tu dinh da", "k3f9a2xq"),
    ("xây dựng HOÀN", "b2"), ("hoa\u0300n kie\u0301\u0302m", "b2"), ("xay du", "b2"), ("84/KH-UBND", "ho_so_84"), ("ubnd kh 84", "ho_so_84"),
    ("ho_so_84", "ho_so_84"), ("so-noi-vu/d4.md", "d4"), ("d4.m", "d4"), ("https://cchc.example.vn/2026/11/d4.html", "d4"), ("k3f9", "k3f9a2xq"),
    ("Sở Nội vụ ba vì", "d4")])  # fmt: skip
def test_words_find_their_item(some, words, item):
    """Title, id, unit, file and address; the last word may be unfinished."""
    assert {item} == found(some, words)


@pytest.mark.parametrize("words", ["d an 06", "hoa kiem", "iem", "06 de khong", "tinh danh"])
def test_only_the_last_word_may_be_unfinished_and_all_must_be_there(some, words):
    """Else "so" would find every "song" before it."""
    assert set() == found(some, words)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_search_engine_would_obey_is_text(some, words):
    """Never an error; its letters and digits are words, and without any it narrows nothing, as an empty field."""
    asked = searching.asked(words)
    with some.reads.connect() as connection:
        facts = {row.item: row.facts.split() for row in connection.execute(t.search.select())}

    assert {item for item, there in facts.items() if not asked or _all_in(asked, there)} == found(some, words)


def test_the_words_and_or_not_are_looked_for(ledger, now):
    """As in a title that has them."""
    ledger.record(
        [prepared(now, title="CHỈ SỐ PAR INDEX AND NEAR"), prepared(now, item="b1", title="Chỉ số khác")], now
    )

    assert {"a1"} == found(ledger, "chi so and near")
    assert {"a1"} == found(ledger, "NEAR AND")
    assert set() == found(ledger, "chi OR khac")


def test_the_text_of_the_stored_posts_is_searched_without_its_markup(ledger, now):
    """Its letters, not its tags, addresses and digests; a question and its answer too."""
    post = portal_post(
        body_html="<p class=lophong>Một cửa &amp; dịch&nbsp;vụ</p><p>công</p>",
        question={"text": "Nộp ở đâu?", "asker": "Bà Tám"},
    )
    bodies = {name: body for name, (body, _digest) in post.items()}
    ledger.record([prepared(now, words=searching.body(bodies))], now)

    for words in ("mot cua dich vu cong", "nop o dau", "ba tam", "vụ cô"):
        assert {"a1"} == found(ledger, words), words
    for words in ("lophong", "khongtim", "khong-tim", "nbsp"):
        assert set() == found(ledger, words), words


def test_a_new_edition_is_found_by_its_own_words(ledger, now):
    """What was taken out of the text is not found any more."""
    ledger.record([prepared(now, title="Cũ kỹ", words="van ban sai")], now)
    ledger.record([prepared(now, digest="d2", title="Mới mẻ", words="van ban dung")], now)

    assert set() == found(ledger, "cu ky") | found(ledger, "sai")
    assert {"a1"} == found(ledger, "moi me dung")


def test_an_edition_that_may_not_go_out_leaves_the_words_of_what_is_public(ledger, now):
    """What is public stays public, and people look for it."""
    ledger.record([prepared(now, words="van ban cong khai")], now)
    send(ledger, "portal", now)
    refused = prepared(now, digest="d2", title="Tên khác", outcome=Outcome.REJECT, channels=(), words="")
    ledger.record([refused], now + timedelta(hours=1))

    assert {"a1"} == found(ledger, "ten khac cong khai")


def test_a_file_of_which_nothing_may_be_kept_leaves_no_word(ledger, now):
    """Neither in the table nor in the index."""
    kept = prepared(now, outcome=Outcome.REJECT, channels=())
    ledger.record([replace(kept, identity=None, title="")], now)
    with ledger.reads.connect() as connection:
        assert [] == connection.execute(t.search.select()).all()


def test_the_index_follows_its_table_by_itself(ledger, now):
    """Also when a row goes, which the program never does."""
    ledger.record([prepared(now, item=f"i{number}", title=f"Tin số {number}") for number in range(20)], now)
    with ledger.engine.begin() as connection:
        connection.execute(delete(t.search).where(t.search.c.item == "i7"))
        if not ledger.postgres:
            connection.execute(text("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"))
    with ledger.reads.connect() as connection:
        assert [] == searching.hits(connection, ["tin", "so", "7"], 9)
        assert ["i8"] == searching.hits(connection, ["tin", "so", "8"], 9)


def test_a_batch_of_new_files_is_found_as_one_by_one(ledger, now):
    """The two ways of recording write the same."""
    ledger.record([prepared(now, item=f"i{number}", title="Tin chung", words="noi dung") for number in range(12)], now)
    ledger.record([prepared(now, item="rieng", title="Tin chung", words="noi dung")], now)

    assert 13 == len(found(ledger, "tin chung noi dung"))


def test_a_copied_ledger_finds_the_same(some, tmp_path):
    """The index of the new database is made from the rows."""
    target = open_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    copy(some.engine, target)

    assert {"k3f9a2xq"} == found(Ledger(target), "de an 06")
    target.dispose()


def test_many_hits_are_paged_through_without_loss(some, monkeypatch):
    """The way for common words finds what the way for rare ones finds."""
    few = found(some, "so noi vu")
    monkeypatch.setattr("pipeline.ledger.listing._FEW", 1)

    assert 4 == len(few)
    assert few == found(some, "so noi vu")
    assert {"d4"} == {
        row["item"] for row in page(some, Wish(words="so noi vu", unit="so-noi-vu", channel="zalo"), 1).rows
    }
    assert {"d4"} == found(some, "ba vi")


WORD = st.text(st.sampled_from("aăâAĂđĐ01oơ "), max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    asked=st.one_of(WORD, st.text(max_size=12), st.sampled_from(HOSTILE)), titles=st.lists(WORD, min_size=1, max_size=4)
)
def test_the_index_finds_what_a_comparison_of_words_finds(some, asked, titles):
    """For any text; in both databases."""
    kept = {f"x{number}": searching.facts(f"x{number}", title, "", [], "") for number, title in enumerate(titles)}
    with some.engine.connect() as connection:  # never committed
        base = {"unit": "", "kind": "article", "title": "", "edition": 1, "areas": [], "first_published": SINCE}
        connection.execute(insert(t.item), [base | {"id": item, "address": item} for item in kept])
        connection.execute(insert(t.search), [{"item": item, "facts": facts} for item, facts in kept.items()])
        words = searching.asked(asked)
        mine = {item for item, facts in kept.items() if words and _all_in(words, facts.split())}
        hits = set(searching.hits(connection, words, 99)) & set(kept) if words else set()
        connection.rollback()

    assert mine == hits


def _all_in(words, there):
    return set(words[:-1]) <= set(there) and any(one.startswith(words[-1]) for one in there)


def test_an_older_ledger_is_searched_after_its_migration(bare_url, now):
    """Titles, summaries that only the old column had, files, and texts of posts, those of the newest edition."""
    _older(bare_url, now)
    engine = open_engine(bare_url)
    ledger = Ledger(engine)

    with ledger.reads.connect() as connection:
        assert HEAD == connection.scalar(text("SELECT version_num FROM alembic_version"))
        assert ["x1"] == searching.hits(connection, ["tom", "tat", "cu"], 9)
        for words in ("x1 mot", "tom tat cu", "tep.md", "lan hai", "2026/11/x1.html"):
            assert "x1" in searching.hits(connection, searching.asked(words), 9), words
        assert [] == searching.hits(connection, ["lan", "dau"], 9)
        assert 1201 == len(searching.hits(connection, ["mot"], 5000))
    _back_and_forth(engine)
    engine.dispose()


def _older(url, now):
    """A ledger as 0009 left it, with more items than are filled at a time."""
    engine, config = create_engine(url), Config()
    config.set_main_option("script_location", str(Path(pipeline.ledger.__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        for number in range(1, 1202):
            connection.execute(text(
                "INSERT INTO item (id, unit, kind, title, address, first_published, edition, areas, folded) VALUES "
                "(:id, 'so-noi-vu', 'article', 'Một cửa', :address, :now, 2, '[]', 'mot cua tom tat cu')"),
                {"id": f"x{number}", "address": f"2026/11/x{number}.html", "now": now})  # fmt: skip
        connection.execute(text("UPDATE item SET folded = 'mot cua' WHERE id <> 'x1'"))
        connection.execute(text(
            "INSERT INTO \"drop\" (path, unit, stamp, assets, digest, item, edition, outcome, seen) VALUES "
            "('so-noi-vu/tep.md', 'so-noi-vu', '', '[]', '', 'x1', 2, 'publish', :now)"), {"now": now})  # fmt: skip
        for number, body in ((1, "<p>lần đầu</p>"), (2, "<p>lần hai</p>")):
            connection.execute(text("INSERT INTO post (item, edition, channel, body, digest) VALUES ('x1', :n, 'portal', :b, '')"),
                               {"n": number, "b": json.dumps({"body_html": body})})  # fmt: skip
    engine.dispose()


def _back_and_forth(engine):
    """The way back leaves what 0009 had, and the way forth can be gone again."""
    config = Config()
    config.set_main_option("script_location", str(Path(pipeline.ledger.__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0009")
        assert "mot cua x7" == connection.scalar(text("SELECT folded FROM item WHERE id = 'x7'"))
        command.upgrade(config, "head")
        assert ["x7"] == searching.hits(connection, ["mot", "x7", "2026", "x7"], 9)
