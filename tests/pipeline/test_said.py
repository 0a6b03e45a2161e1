"""What channels said, for people: their own language first, the channel's words as a quotation."""

import pytest

from pipeline.said import explained


@pytest.mark.parametrize(("channel", "kind", "text", "words"), [
    ("facebook", "held", "[190/463] Error validating access token: Session has expired", "Kênh cần người xử lý"),
    ("zalo", "held", "[-216] Access token is invalid", "Kênh cần người xử lý"),
    ("facebook", "failed", "[100] Invalid parameter", "Kênh không nhận bài này."),
    ("zalo", "in_doubt", "127.0.0.1:8790: no clear answer: ConnectionError", "Mất câu trả lời của kênh"),
    ("facebook", "later", "graph.facebook.com: no connection (ConnectionError)", "Không kết nối được với kênh"),
    ("facebook", "failed", "message: 70000 code points, Facebook takes 1 to 63206", "dài hoặc lớn hơn"),
    ("portal", "published", "something odd", "Kênh báo lỗi."),
])  # fmt: skip
def test_a_platforms_words_are_explained_and_quoted(channel, kind, text, words):
    """Whatever it says, a person who reads no English knows what it means."""
    said = explained(channel, kind, text)

    assert words in said.words
    assert text == said.quote
    assert f'("{text}")' in str(said)


def test_a_known_code_tells_what_to_do():
    """The remedy of the adapter, in the reader's language."""
    assert "BANTIN_FACEBOOK_PAGE_TOKEN" in explained("facebook", "held", "[190] x").words


@pytest.mark.parametrize(("text", "words"), [
    ("not found at look 2 of 3", "Chưa thấy trên kênh (lần tìm 2/3)."),
    ("2 posts match", "Trên kênh có 2 bài có thể là bài này; cần người xác định."),
    ("Trang của cổng chưa công khai (HTTP 404).", "Trang của cổng chưa công khai (HTTP 404)."),
])  # fmt: skip
def test_our_own_words_need_no_quotation(text, words):
    """They are told whole, in the reader's language."""
    assert (words, "") == (explained("zalo", "unsure", text).words, explained("zalo", "unsure", text).quote)
