"""The audit's own words, told in the reader's."""

import pytest

from pipeline.desk.deeds import told


@pytest.mark.parametrize(("what", "subject", "note", "shown"), [
    ("approve", "x1", "edition 12 đúng kế hoạch", ("duyệt", "", "phiên bản 12: đúng kế hoạch")),
    ("hand in", "x1", "edition 1", ("trình duyệt", "", "phiên bản 1")),
    ("mask", "x1", "2: 001xxxxxxx45", ("che thông tin", "", "phiên bản 2: 001xxxxxxx45")),
    ("adopt 867_228", "x1 facebook", "thấy trên trang", ("nhận", "facebook", "867_228 · thấy trên trang")),
    ("take over", "x1 zalo", "attempt 3", ("tiếp quản", "zalo", "lần thử 3")),
    ("hold", "x1 portal", "edition 3 của đối tác", ("giữ", "portal", "edition 3 của đối tác")),
])  # fmt: skip
def test_a_deed_is_told_without_english(what, subject, note, shown, now):
    """What a person wrote stays as it is; what the program wrote is translated."""
    (deed,) = told([{"at": now, "who": "lan", "what": what, "subject": subject, "note": note}], "x1")
    words, channel, text = shown

    assert words in deed.what
    assert (channel, text) == (deed.channel, deed.note)


def test_the_newest_stands_first(now):
    """The audit is read from its beginning."""
    rows = [{"at": now, "who": who, "what": "hold", "subject": "x1 zalo", "note": ""} for who in ("a", "b")]

    assert ["b", "a"] == [deed.who for deed in told(rows, "x1")]
