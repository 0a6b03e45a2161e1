"""The adapter against a real WordPress: what it shows, what it answers, and exactly one post whatever is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from deaf import Deaf
from PIL import Image

from channels.errors import NotAuthorized, Refused, TryLater, Unsure
from channels.wordpress.adapter import WordPress
from channels.wordpress.post import Medium, Term, WordPressPost

pytestmark = pytest.mark.wordpress
SINCE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALIVE = "publish,future,draft,pending,private"


@pytest.fixture
def make(site, tmp_path):
    """A post with a picture above the text and one in it; `name` makes it its own."""

    def post(name, **changes):
        media = []
        for key, colour, alt in (("a.jpg", "red", "Quầy một cửa"), ("b.jpg", "blue", "Bàn nộp hồ sơ <2>")):
            file = tmp_path / key
            Image.new("RGB", (640, 336), colour).save(file)
            media.append(Medium(key, file, "image/jpeg", f"Ảnh {key}", alt))
        slug = f"tin-{name}"
        parts = {
            "item": name, "edition": 1, "title": "Một cửa < hai cửa & “nhanh” 🎉", "link": f"{site.url}/2026/11/{slug}.html",
            "marker": f"2026/11/{slug}.html", "slug": slug, "excerpt": "Tóm tắt & ngắn", "published": SINCE, "featured": "a.jpg",
            "body_html": '<p>Hồ sơ <strong>điện tử</strong> [gallery]</p><figure class="wp-block-image">'
                      '<img src="media/b.jpg" alt="Bàn nộp" width="640" height="336"><figcaption>Chú thích</figcaption></figure>',
            "categories": (Term("mot-cua", "Cơ chế một cửa"),), "tags": (Term("cchc", "#CCHC"),), "media": tuple(media),
        }  # fmt: skip
        return WordPressPost(**parts | changes)

    return post


def find_all(site, slug):
    return site.rest(
        "GET", "posts", params={"search": slug, "status": ALIVE, "context": "edit", "per_page": 100}
    ).json()


def dom(site, url):
    answer = site.page(url)
    assert 200 == answer.status_code
    return html5lib.parse(answer.content, namespaceHTMLElements=False), answer.text


def test_a_post_reads_as_it_was_meant(site, open_channel, make):
    """Title, text, pictures with their words, category, tag and address come back in the page that a reader gets."""
    receipt = open_channel().publish(make("k1"))
    tree, text = dom(site, receipt.url)
    images = {image.get("alt"): image for image in tree.iter("img")}

    assert make("k1").link == receipt.url
    assert "Một cửa < hai cửa & “nhanh” 🎉" in [" ".join(head.itertext()) for head in tree.iter("h1")]
    assert {"Quầy một cửa", "Bàn nộp"} <= set(images)
    assert "wp-content/uploads" in images["Bàn nộp"].get("src")
    assert images["Bàn nộp"].get("srcset")
    assert {"Cơ chế một cửa", "#CCHC"} <= {"".join(link.itertext()) for link in tree.iter("a")}
    assert "[gallery]" in "".join(tree.itertext())
    assert "Chú thích" in text
    assert f'<link rel="canonical" href="{receipt.url}"' in text
    assert 200 == site.page(images["Bàn nộp"].get("src")).status_code


def test_a_second_post_uses_what_is_there(site, open_channel, make):
    """The same picture, category and tag are not made again, by another process either."""
    open_channel().publish(make("k2"))
    before = [len(site.rest("GET", kind, params={"per_page": 100}).json()) for kind in ("media", "categories", "tags")]
    open_channel().publish(make("k2b"))

    assert before == [
        len(site.rest("GET", kind, params={"per_page": 100}).json()) for kind in ("media", "categories", "tags")
    ]


def test_a_revision_replaces_the_post_in_place(site, open_channel, make):
    """Same id, same address, nothing of the old text; what was dropped is dropped."""
    channel = open_channel()
    first = channel.publish(make("k3"))
    changed = replace(make("k3"), title="Tiêu đề mới", body_html="<p>Lời mới</p>", featured="", media=(), tags=())
    second = channel.revise(changed, first.remote_id)
    row = site.rest("GET", f"posts/{first.remote_id}", params={"context": "edit"}).json()

    assert first == second
    assert ("Tiêu đề mới", 0, []) == (row["title"]["raw"], row["featured_media"], row["tags"])
    assert "Hồ sơ" not in row["content"]["raw"]


def test_the_alternative_text_of_a_picture_follows_the_item(site, open_channel, make):
    """It stands in the library, where WordPress takes it from for the picture above the text."""
    channel, post = open_channel(), make("k4")
    first = channel.publish(post)
    media = (replace(post.media[0], alt="Lời mới của ảnh"), post.media[1])
    channel.revise(replace(post, media=media), first.remote_id)

    tree, _text = dom(site, first.url)
    assert "Lời mới của ảnh" in {image.get("alt") for image in tree.iter("img")}


def test_a_withdrawn_post_is_gone_for_readers_and_kept_for_editors(site, open_channel, make):
    """404 for the address, trash for the office; twice is as good as once; published again it is a new post."""
    channel = open_channel()
    first = channel.publish(make("k5"))
    channel.withdraw(make("k5"), first.remote_id)
    channel.withdraw(make("k5"), first.remote_id)

    assert 404 == site.page(first.url).status_code
    assert "trash" == site.rest("GET", f"posts/{first.remote_id}", params={"context": "edit"}).json()["status"]
    assert [] == channel.find(make("k5"), SINCE)
    assert first.url == channel.publish(make("k5")).url


def test_gone_for_good_is_refused_to_a_revision_and_fine_for_a_withdrawal(site, open_channel, make):
    """A person deleted it in WordPress."""
    channel = open_channel()
    first = channel.publish(make("k6"))
    site.rest("DELETE", f"posts/{first.remote_id}", params={"force": "true"})

    with pytest.raises(Refused, match="not in WordPress any more"):
        channel.revise(make("k6"), first.remote_id)
    channel.withdraw(make("k6"), first.remote_id)


def test_a_later_time_is_scheduled(site, open_channel, make):
    """WordPress keeps it for itself until then; find still knows it."""
    channel, later = open_channel(), datetime.now(UTC) + timedelta(days=2)
    receipt = channel.publish(make("k7", published=later))
    row = site.rest("GET", f"posts/{receipt.remote_id}", params={"context": "edit"}).json()

    assert ("future", f"{later:%Y-%m-%dT%H:%M:%S}") == (row["status"], row["date_gmt"])
    assert [receipt.remote_id] == [one.remote_id for one in channel.find(make("k7"), SINCE)]
    assert 404 == site.page(make("k7").link).status_code


def test_a_lost_answer_is_settled_by_looking(site, open_channel, make):
    """The post was made and the answer never came: find gives it back, and there is exactly one."""
    deaf = Deaf(site.port)
    try:
        with pytest.raises(Unsure):
            WordPress(deaf.url, "editor", site.passwords["editor"], clock=lambda: datetime.now(UTC)).publish(make("k8"))
    finally:
        deaf.close()
    found = open_channel().find(make("k8"), SINCE)

    assert [make("k8").link] == [one.url for one in found]
    assert 1 == len(find_all(site, 'data-bantin="k8"'))


def test_two_that_were_made_are_both_told(open_channel, make):
    """WordPress numbers the second slug; both are named, so that a person decides."""
    channel = open_channel()
    made = [channel.publish(make("k9")).remote_id for _ in range(2)]

    assert made == [one.remote_id for one in channel.find(make("k9"), SINCE)]


def test_an_item_whose_id_ends_like_a_number_is_not_taken_for_another(open_channel, make):
    """k10-2 stands at the slug that WordPress would give to a second k10."""
    open_channel().publish(make("k10-2"))

    assert [] == open_channel().find(make("k10"), SINCE)


@pytest.mark.parametrize("call", ["publish", "revise", "withdraw", "find"])
@pytest.mark.parametrize(("user", "password"), [("editor", "wrong"), ("nobody", "wrong"), ("subscriber", "")])
def test_who_may_not_is_not_authorized(open_channel, make, call, user, password):
    """A wrong password, an unknown user and one without rights, whatever is asked; the password is not in the error."""
    post = make("k11", media=(), featured="", categories=(), tags=())
    existing = open_channel().find(make("k1"), SINCE)
    remote = existing[0].remote_id if existing else open_channel().publish(make("k1")).remote_id
    channel = open_channel(user, password)
    calls = {
        "publish": lambda: channel.publish(post), "revise": lambda: channel.revise(post, remote),
        "withdraw": lambda: channel.withdraw(post, remote), "find": lambda: channel.find(post, SINCE),
    }  # fmt: skip

    with pytest.raises(NotAuthorized) as caught:
        calls[call]()
    assert "wrong" not in str(caught.value)
    assert not channel.health().ok


@pytest.mark.parametrize(
    ("name", "size", "mime"),
    [
        ("a.exe", 2, "application/octet-stream"),
        ("large.jpg", 8_600_000, "image/jpeg"),
        ("huge.jpg", 10_000_000, "image/jpeg"),
    ],
)
def test_what_php_does_not_take_is_refused(open_channel, make, tmp_path, name, size, mime):
    """A type that is not allowed, a file over upload_max_filesize (8M here), and one over post_max_size (9M)."""
    (tmp_path / name).write_bytes(b"M" * size)

    with pytest.raises(Refused, match="media: "):
        open_channel().publish(make("k12", featured="", media=(Medium(name, tmp_path / name, mime, name),)))


def test_a_stopped_server_means_later(site, open_channel, make):
    """Nothing was sent, so nothing is in doubt; when it is back, all goes on."""
    channel = open_channel()
    site.stop()

    for call in (lambda: channel.publish(make("k13")), lambda: channel.find(make("k13"), SINCE)):
        with pytest.raises(TryLater) as caught:
            call()
        assert caught.value.whole
    assert not channel.health().ok
    site.start()
    assert make("k13").link == channel.publish(make("k13")).url


def test_health_knows_the_permalinks(site, open_channel, make):
    """With other permalinks than the section's addresses the links of Zalo and Facebook would lead nowhere."""
    channel = open_channel()
    channel.publish(make("k14"))

    assert channel.health().ok
    site.php("update_option( 'permalink_structure', '/%postname%/' ); flush_rewrite_rules();")
    assert "permalinks" in channel.health().message
    site.php("update_option( 'permalink_structure', '/%year%/%monthnum%/%postname%.html' ); flush_rewrite_rules();")
    site.php("update_option( 'timezone_string', 'Europe/Paris' );")
    assert "time zone" in channel.health().message
    site.php("update_option( 'timezone_string', 'Asia/Ho_Chi_Minh' );")
