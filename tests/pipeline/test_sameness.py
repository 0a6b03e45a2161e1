"""The ledger tells a later item of an earlier one that says the same; on a real database."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from pipeline.ledger import Ledger, Prepared, keyed, sameness, schema
from pipeline.ledger.engine import open_engine
from pipeline.likeness import likeness
from pipeline.model import Identity, Outcome
from tests.ledgers import empty_ledger

STORY = """Trong tháng 10, toàn thành phố tiếp nhận 412.300 hồ sơ, trong đó 78% nộp trực tuyến. Tỷ lệ giải quyết đúng hạn đạt 98,6%.
Lĩnh vực đất đai còn 1.120 hồ sơ quá hạn, chủ yếu do phải xác minh nguồn gốc thửa đất."""
EDITED = STORY.replace("toàn thành phố tiếp nhận", "cả thành phố đã nhận").replace("chủ yếu do", "vì")
OTHERS = [
    "Tổ công nghệ số của phường hướng dẫn người cao tuổi cài VNeID tại nhà văn hóa, mỗi cụ có một bạn sinh viên ngồi cạnh, buổi sau nói về cuộc gọi lừa đảo.",
    "Loa thôn phát thêm mục năm phút thủ tục vào chiều thứ Ba, kể những tình huống có thật như mất giấy tờ, sang tên xe, cấp lại sổ đỏ bị rách vì lũ.",
    "Sở công bố bản đồ quy hoạch số, ai cũng tra được thửa đất của mình nằm trong khu nào trước khi xin phép xây dựng nhà ở riêng lẻ ven đường vành đai.",
    "Chi nhánh bỏ máy lấy số, thay bằng nhân viên đón ở cửa, hỏi việc cần làm rồi đưa thẳng đến quầy đúng lĩnh vực và kiểm tra nhanh giấy tờ mang theo.",
    "Hội thi tìm hiểu cải cách hành chính có mười hai đội, phần thi xử lý tình huống được khán giả vỗ tay nhiều nhất vì giống hệt chuyện ở quầy mỗi ngày.",
]
NOTE = "Mọi thắc mắc, phản ánh, kiến nghị xin gọi Tổng đài 1022 nhánh 7, 8 hoặc gửi qua ứng dụng iHanoi để được hướng dẫn và trả lời trong hai ngày làm việc."


@pytest.fixture
def engine(sqlite_url):
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


def item(name, text, now, unit="so-noi-vu", pictures=None):
    signature = replace(likeness([text], {}), pictures=pictures or {})
    return Prepared(f"{unit}/{name}.md", unit, "", (), name, Outcome.PUBLISH, identity=Identity(name, f"{name}.html", now),
                    kind="article", title=f"Tin {name}", likeness=signature)  # fmt: skip


def codes(prepared):
    return [[finding.code for finding in one.findings] for one in prepared]


def test_the_second_telling_of_a_story_waits_for_an_editor(engine, now):
    """From another unit, under another title, in the same batch; the first goes on."""
    first, second = sameness.compared(engine, [item("a", STORY, now), item("b", EDITED, now, "so-tu-phap")])

    assert ([[], ["SAME001"]], [Outcome.PUBLISH, Outcome.REVIEW]) == (
        codes([first, second]),
        [first.outcome, second.outcome],
    )
    assert "so-noi-vu/a.md" in second.findings[0].message


def test_an_edit_of_the_first_is_not_held_because_of_the_second(engine, now):
    """Who came first stays first."""
    sameness.compared(engine, [item("a", STORY, now), item("b", EDITED, now)])

    assert [[]] == codes(sameness.compared(engine, [item("a", STORY + " Thêm một câu.", now)]))


def test_an_item_is_not_like_itself(engine, now):
    """Edited, or renamed: the same item."""
    sameness.compared(engine, [item("a", STORY, now)])
    renamed = replace(item("a", EDITED, now), path="so-noi-vu/moi.md")

    assert [[], []] == codes(sameness.compared(engine, [item("a", EDITED, now), renamed]))


def test_half_a_story_is_only_remarked(engine, now):
    """A warning; the item goes out."""
    sameness.compared(engine, [item("a", STORY, now)])
    half = STORY.split("\n")[0] + " " + OTHERS[0]
    found = sameness.compared(engine, [item("b", half, now)])

    assert ([["SAME002"]], Outcome.PUBLISH) == (codes(found), found[0].outcome)


def test_a_paragraph_that_all_items_carry_counts_for_nothing(engine, now):
    """Not even while it is still new."""
    found = sameness.compared(engine, [item(f"n{n}", f"{text}\n{NOTE}", now) for n, text in enumerate(OTHERS)])

    assert [[]] * len(OTHERS) == codes(found)


def test_the_tenth_copy_is_found_as_the_second_was(engine, now):
    """Copies do not make a story boilerplate."""
    found = sameness.compared(engine, [item(f"c{n}", STORY, now) for n in range(10)])

    assert [[], *[["SAME001"]] * 9] == codes(found)


def test_a_story_is_found_behind_a_paragraph_that_all_carry(engine, now):
    """Boilerplate is taken off on both sides."""
    before = [item(f"n{n}", f"{text}\n{NOTE}", now) for n, text in enumerate(OTHERS)]
    found = sameness.compared(
        engine, [*before, item("a", f"{STORY}\n{NOTE}", now), item("b", f"{EDITED}\n{NOTE}", now)]
    )

    assert [[], ["SAME001"]] == codes(found[-2:])


def test_the_same_picture_is_remarked(engine, now):
    """With the name of the item that had it first."""
    hashes = 0x0F1E2D3C4B5A6978
    found = sameness.compared(engine, [item("a", STORY, now, pictures={"anh/1.jpg": hashes}),
                                       item("b", OTHERS[0], now, pictures={"anh/2.jpg": hashes ^ 0b11}),
                                       item("c", OTHERS[1], now, pictures={"anh/3.jpg": ~hashes & (2**64 - 1)})])  # fmt: skip

    assert [[], ["SAME003"], []] == codes(found)
    assert "anh/2.jpg" in found[1].findings[0].message


def test_short_texts_are_left_alone(engine, now):
    """Two short answers are alike by chance."""
    assert [[], []] == codes(
        sameness.compared(engine, [item("a", "Có, nộp tại quầy.", now), item("b", "Có, nộp tại quầy.", now)])
    )


def test_what_was_compared_can_be_recorded(engine, now):
    """The two halves of one step."""
    ledger = Ledger(engine)
    meanings = ledger.record(sameness.compared(engine, [item("a", STORY, now), item("b", EDITED, now)]), now)

    assert {"so-noi-vu/a.md": "new", "so-noi-vu/b.md": "new"} == meanings


def test_in_one_batch_a_renamed_file_and_a_new_one_in_its_place_keep_their_order(engine, now):
    """The renamed item came first, whichever of the two is looked at first; nobody is like himself."""
    for turn, order in enumerate((slice(None), slice(None, None, -1))):
        old = item(f"a{turn}", OTHERS[turn], now)
        sameness.compared(engine, [old])
        batch = [
            replace(old, path=f"so-noi-vu/moi{turn}.md"),
            replace(item(f"b{turn}", OTHERS[turn + 2], now), path=old.path),
        ]

        assert [[], []] == codes(sameness.compared(engine, batch[order]))
        assert [[], []] == codes(sameness.compared(engine, batch[order]))
    with engine.connect() as connection:
        rows = connection.scalars(select(schema.likeness.c.item).order_by(schema.likeness.c.id)).all()

    assert ["a0", "a1", "b0", "b1"] == sorted(rows)


WORDS = " ".join([STORY, NOTE, *OTHERS]).split()
PICTURES = (0x0F1E2D3C4B5A6978, 0x0F1E2D3C4B5A6979, 0x7F1E2D3C4B5A6978, 0x1122334455667788)


@st.composite
def drops(draw):
    """A few items: stories, copies, edits, halves and short ones, with notes and pictures; edited, renamed, exchanged."""
    made = []
    for _turn in range(draw(st.integers(1, 16))):
        parts = draw(st.lists(st.sampled_from([STORY, EDITED, *OTHERS]), min_size=1, max_size=3))
        text = "\n".join(parts)[draw(st.sampled_from([0, 0, 150])) :]
        if draw(st.booleans()):
            text += "\n" + " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40)))
        if draw(st.booleans()):
            text += "\n" + NOTE
        shown = draw(st.lists(st.sampled_from(PICTURES), max_size=2))
        made.append((text, draw(st.integers(0, 9)), draw(st.integers(0, 9)), shown))
    return made


@given(drops(), st.lists(st.integers(1, 7)))
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_batches_of_any_size_give_what_one_by_one_gives(tmp_path_factory, some, sizes):
    """Findings, outcomes, and all that is remembered."""
    batch, folder = _prepared(some), tmp_path_factory.mktemp("sizes")
    single, several, whole = (
        _taken(empty_ledger(folder / f"{turn}.sqlite"), batch, cuts)
        for turn, cuts in enumerate(([1] * len(batch), sizes, []))
    )

    assert single == several
    assert single == whole


@given(drops())
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
def test_sketches_change_nothing_but_the_time(tmp_path_factory, some):
    """Nobody is told more or less when every candidate is compared the long way."""
    folder, batch = tmp_path_factory.mktemp("sketches"), _prepared(some)
    plain = [replace(one, likeness=replace(one.likeness, sketch=b"")) for one in batch]
    quick, long = (
        _taken(empty_ledger(folder / f"{turn}.sqlite"), each, [3])[0] for turn, each in enumerate((batch, plain))
    )

    assert [(one.findings, one.outcome) for one in long] == [(one.findings, one.outcome) for one in quick]


def _prepared(some):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return [replace(item(f"i{name}", text, now, pictures={f"{n}.jpg": one for n, one in enumerate(shown)}),
                    path=f"so-noi-vu/{path}.md", title=f"Tin {turn}")
            for turn, (text, name, path, shown) in enumerate(some)]  # fmt: skip


def _taken(file, batch, sizes):
    """What everybody was told, and the tables afterwards."""
    engine, rest, told = open_engine(f"sqlite:///{file}"), iter(batch), []
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = OFF"))
    engine.dispose()  # what was opened before
    for size in [*sizes, len(batch)]:
        told += sameness.compared(engine, list(islice(rest, size)))
    with engine.connect() as connection:
        kept = [sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in (schema.likeness, schema.likeness_band, schema.likeness_passage)]  # fmt: skip
    engine.dispose()
    return told, kept


def test_a_batch_that_meets_very_much_is_asked_about_by_halves(engine, now, monkeypatch):
    """With the same answers; no more than a fixed number of rows is ever in memory."""
    monkeypatch.setattr(keyed, "_MOST_MET", 60)
    monkeypatch.setattr(keyed, "_USUAL_MET", 1)
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    sameness.compared(engine, [item("a", STORY, now)])
    copies = sameness.compared(engine, [item(f"c{n}", STORY, now) for n in range(3)])
    met = sum("FROM likeness_band" in one for one in asked)
    others = sameness.compared(engine, [item(f"n{n}", text, now) for n, text in enumerate(OTHERS)])
    found = sameness.compared(engine, [item("d", STORY, now), item("e", OTHERS[3] + " Hết.", now)])

    assert [["SAME001"]] * 3 == codes(copies)
    assert [[]] * 5 == codes(others)
    assert [["SAME001"]] * 2 == codes(found)
    assert sum("FROM likeness_band" in one for one in asked) > met + 2


def test_a_batch_is_compared_with_few_statements(engine, now):
    """Its size costs no more of them."""
    sameness.compared(engine, [item("a", STORY, now)])
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    texts = [" ".join(random.Random(number).sample(WORDS, 90)) for number in range(60)]  # noqa: S311 - no secret
    found = sameness.compared(engine, [item(f"b{n}", text, now) for n, text in enumerate(texts)])

    assert [[]] * 60 == codes(found)
    assert 12 >= len(asked)
