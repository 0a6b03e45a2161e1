"""The whole way of shipped content to a real WordPress: folder, ledger, page; also when the answer is lost."""

import shutil
from datetime import timedelta

import pytest
from deaf import Deaf

from pipeline import config as settings
from pipeline.session import run_once

pytestmark = pytest.mark.wordpress
CONFIG = """
[portal]
target = "wordpress"
[channels.wordpress]
base_url = "{url}"
user = "editor"
[channels.zalo]
enabled = false
[channels.facebook]
enabled = false
[delivery]
time_out = 60
lease = 300
[intake]
settle = 0
"""


@pytest.fixture
def office(site, tmp_path, root, monkeypatch):
    """A newsroom with a unit of the shipped content whose portal is that WordPress, reached at any address."""
    monkeypatch.setenv("BANTIN_WORDPRESS_PASSWORD", site.passwords["editor"])

    def make(url, unit):
        shutil.copytree(root / "content" / unit, tmp_path / "content" / unit)
        (tmp_path / "config.toml").write_text(CONFIG.format(url=url), encoding="utf-8")
        return settings.load(tmp_path / "config.toml")

    return make


def live(site, text):
    params = {"search": text, "status": "publish", "context": "edit"}
    return site.rest("GET", "posts", params=params).json()


def test_a_second_run_publishes_nothing(site, office, now):
    """And what the first one published is in WordPress once, in Vietnamese, with its clip."""
    config = office(site.url, "cong-an-tp")
    first, second = run_once(config, lambda: now), run_once(config, lambda: now)
    shown = live(site, "VNeID")

    assert {("wordpress", "publish", "done"): 2} == dict(first.sent)
    assert {} == dict(second.sent)
    assert 1 == len([row for row in shown if "<video" in row["content"]["raw"]])
    assert not list((config.path("public")).glob("*"))


def test_a_lost_answer_ends_in_one_post(site, office, now):
    """The run after the settling time finds the post, adopts it, and sends nothing."""
    deaf = Deaf(site.port)
    try:
        config = office(deaf.url, "so-y-te")
        lost = run_once(config, lambda: now)
        early = run_once(config, lambda: now + timedelta(seconds=30))
        found = run_once(config, lambda: now + timedelta(seconds=61))
        after = run_once(config, lambda: now + timedelta(hours=2))
    finally:
        deaf.close()

    assert {("wordpress", "publish", "unsure"): 1} == dict(lost.sent)
    assert {} == dict(early.sent) == dict(after.sent)
    assert {("wordpress", "find", "done"): 1} == dict(found.sent)
    assert 1 == len(live(site, "Bà Thoa"))
