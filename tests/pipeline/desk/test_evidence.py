"""The text cut at the places that count."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.desk.evidence import Piece, Words, differences, pieces, text, words

SPANS = st.lists(
    st.tuples(st.integers(-2, 40), st.integers(-2, 40), st.sampled_from(["mot-cua", "masked"])), max_size=6
)


@given(st.text(max_size=30), SPANS)
def test_the_pieces_together_are_the_text_again(whole, spans):
    """Whatever the ledger says, no letter is lost or shown twice."""
    assert whole == "".join(piece.text for piece in pieces(whole, spans))


def test_words_that_two_areas_share_belong_to_both():
    """Each stretch names all its owners."""
    found = pieces("nộp hồ sơ trực tuyến", [(0, 9, "mot-cua"), (4, 20, "kstthc")])

    expected = [("nộp ", ("mot-cua",)), ("hồ sơ", ("kstthc", "mot-cua")), (" trực tuyến", ("kstthc",))]
    assert expected == [(piece.text, piece.owners) for piece in found]


def test_lines_become_paragraphs():
    """An edition that was recorded without its text has none."""
    tagging = {"read": {"body": "một\n\nhai"}, "evidence": [], "masked": []}

    assert [[Piece("một", ())], [Piece("hai", ())]] == text(tagging, "body")
    assert [] == text({}, "body")


def test_the_same_words_stand_once_with_their_count():
    """Those that weigh most come first."""
    row = {"text": "một cửa", "field": "body", "weight": 2.0}
    title = {"text": "TTHC", "field": "title", "weight": 3.0}

    assert (Words("TTHC", "title", 3.0, 1), Words("một cửa", "body", 2.0, 2)) == words([row, title, row])


def test_what_the_editor_put_in_and_left_out_is_told_by_name():
    """Not by the ids of the front matter; an id that is no longer known stands for itself."""
    assert (["Đề án 06/Chính phủ"], ["xyz"]) == differences({"disagreement": ["+de-an-06", "-xyz"]})
