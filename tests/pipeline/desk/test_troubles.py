"""Whatever goes wrong, a person reads what it means in Vietnamese."""

import html

import pytest

from pipeline.desk import review
from pipeline.errors import RunError
from pipeline.ledger import views

ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"


def told(answer):
    return html.unescape(answer.text)


def test_a_form_that_cannot_be_read_is_told_as_a_page(desk):
    """Too long, or no number; the framework's own answer would be English JSON."""
    item = views.item(desk.ledger, ITEM)["id"]
    for form in ({"verb": "hold", "channel": "zalo", "why": "x" * 501}, {"verb": "approve", "edition": "một"}, {}):
        answer = desk.post(f"/tin/{item}/lam", **form)
        assert (422, True) == (answer.status_code, "Không đọc được biểu mẫu" in told(answer))
        assert "string_too_long" not in answer.text


def test_an_address_that_takes_no_forms_says_so(desk):
    """With the methods that it takes, as HTTP asks for."""
    answer = desk.post("/lich")

    assert (405, "GET") == (answer.status_code, answer.headers["allow"])
    assert "Không thực hiện được" in told(answer)


@pytest.mark.parametrize(("error", "status", "words"), [
    (RunError("Sổ đang bị khóa."), 503, "Sổ đang bị khóa."), (ValueError("secret inside"), 500, "Chương trình gặp lỗi")])  # fmt: skip
def test_trouble_of_the_program_is_told_without_its_inside(desk, monkeypatch, error, status, words):
    """The log knows it; the page does not."""

    def broken(*_given):
        raise error

    monkeypatch.setattr(review, "awaiting", broken)
    answer = desk.get("/duyet")

    assert (status, True) == (answer.status_code, words in told(answer))
    assert "secret inside" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
