"""The pages show what citizens would see, and nothing that a post holds can run there."""

import re
from html.parser import HTMLParser

import requests

EVIL = "<script>alert(1)</script>\"'&"


class Balance(HTMLParser):
    """Counts tags that are opened and not closed."""

    VOID = ("meta", "link", "img", "br")

    def __init__(self, text):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag == self.open.pop()


def page(sim, path):
    return requests.get(sim.url + path, timeout=5)


def test_empty_feeds_say_so(sim):
    """A new simulator shows both owners and no post."""
    text = page(sim, "/").text

    assert 2 == text.count("Chưa có bài nào.")
    assert '<html lang="vi">' in text
    assert 'name="viewport"' in text


def test_the_page_shows_posts_and_edits(sim, graph, web):
    """The Page's feed has link cards, pictures with their alternative text, and says what was edited."""
    post = graph.feed(message="Tin mới https://a.vn/x", link=f"{web.url}/tin.html")["id"]
    graph.photo(published="true", alt_text_custom="Bộ phận một cửa")
    graph.call("POST", post, data={"message": "Đã đổi"})
    text = page(sim, "/facebook").text

    assert "Một cửa &amp; nhanh" in text
    assert 'alt="Bộ phận một cửa"' in text
    assert "Đã đổi" in text
    assert "đã sửa 1 lần" in text


def test_deleted_and_failed_posts_are_not_shown(sim, graph, zalo):
    """Only what citizens could see is drawn."""
    graph.call("DELETE", graph.feed(message="Bài bị xóa")["id"])
    zalo.post("remove", {"id": zalo.published(title="Tin bị gỡ")})
    text = page(sim, "/").text

    assert "Bài bị xóa" not in text
    assert "Tin bị gỡ" not in text


def test_an_article_can_be_opened(sim, zalo, web):
    """The list leads to the article, which has its paragraphs, pictures and links."""
    image = {"type": "image", "url": f"{web.url}/anh.png", "caption": "Chú thích ảnh"}
    text = {"type": "text", "content": "<p>Một<br>hai &amp; ba</p><p>Xem https://a.vn/x.</p>"}
    article = zalo.published(body=[text, image])
    listed = page(sim, "/zalo").text
    shown = page(sim, f"/zalo/bai/{article}").text

    assert f'href="/zalo/bai/{article}"' in listed
    assert "<p>Một<br>hai &amp; ba</p>" in shown
    assert '<a href="https://a.vn/x" rel="noopener noreferrer">https://a.vn/x</a>.' in shown
    assert "Chú thích ảnh" in shown


def test_link_view_opens_the_article(sim, zalo):
    """The link in a detail is the page here."""
    link = zalo.get("getdetail", id=zalo.published())["data"]["link_view"]

    assert 200 == requests.get(link, timeout=5).status_code


def test_nothing_in_a_post_can_run(sim, graph, zalo, web):
    """Texts are escaped everywhere, and the policy forbids scripts."""
    web.pages["/xau.html"] = ("text/html", b'<meta property="og:title" content="&lt;script&gt;x&lt;/script&gt;">')
    graph.feed(message=EVIL, link=f"{web.url}/xau.html")
    graph.photo(published="true", alt_text_custom=EVIL)
    body = [{"type": "text", "content": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"}]
    article = zalo.published(title=EVIL, description=EVIL, author=EVIL, body=body)
    for path in ("/", "/facebook", "/zalo", f"/zalo/bai/{article}"):
        answer = page(sim, path)
        seen = Balance(answer.text)

        assert "script" not in {tag for tag, _ in seen.tags}
        assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on")]
        assert [] == seen.open
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_pages_ask_for_nothing_but_pictures(sim, graph, zalo, web):
    """No style sheet, font or script comes from elsewhere."""
    graph.feed(message="a", link=f"{web.url}/tin.html")
    text = page(sim, "/").text

    assert not re.search(r"<(script|iframe|object|embed|form)|@import|url\(", text)
    assert ["data:,"] == [attrs["href"] for tag, attrs in Balance(text).tags if tag == "link"]


def test_unknown_pages_are_404(sim):
    """A page that is not there says so in Vietnamese."""
    answer = page(sim, "/zalo/bai/khong-co")

    assert 404 == answer.status_code
    assert "Không tìm thấy" in answer.text


def test_pictures_are_served(sim, graph):
    """An uploaded photo can be seen at its address."""
    photo = graph.photo()["id"]
    answer = page(sim, f"/_sim/photo/{photo}")

    assert ("image/png", True) == (answer.headers["Content-Type"], answer.content.startswith(b"\x89PNG"))


def test_the_simulator_says_what_it_is(sim):
    """A client can recognise the simulator and see what it holds."""
    assert {"bantin-simulator": 1} == page(sim, "/_sim").json()
    assert {"zalo": [], "facebook": []} == page(sim, "/_sim/held").json()


def test_other_host_names_are_refused(sim):
    """A name from elsewhere that points to this machine is not served."""
    answer = requests.get(f"{sim.url}/_sim/held", headers={"Host": "evil.example"}, timeout=5)

    assert 403 == answer.status_code


def test_held_shows_no_token(sim, graph, zalo):
    """The list for tests holds no credentials."""
    graph.feed(message="a")
    zalo.published()
    text = page(sim, "/_sim/held").text

    assert not [value for name, value in sim.credentials().items() if "token" in name and value in text]
