"""A WordPress for the whole session, and bantin's channel to it."""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from server import WordPress as Site
from server import missing

from channels.http import HttpOptions
from channels.wordpress.adapter import WordPress

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="session")
def _installed(tmp_path_factory):
    if why := missing():
        pytest.skip(why)
    site = Site(tmp_path_factory.mktemp("wordpress"))
    yield site
    site.stop()


@pytest.fixture
def site(_installed):
    """The WordPress, answering; a test may stop it."""
    if not _installed.running:
        _installed.start()
    return _installed


@pytest.fixture
def open_channel(site):
    """bantin's channel to it, as the editor unless another user or password is given."""

    def make(user="editor", password="", read=30.0):
        options = HttpOptions(read=read, repeats=0)
        word = password or site.passwords[user]
        return WordPress(site.url, user, word, clock=lambda: datetime.now(ZONE), canonical=True, http=options)

    return make
