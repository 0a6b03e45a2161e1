"""A builder that dies at any moment, and two that build at once: readers keep whole files, and nothing is lost."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from channels.portal.adapter import Portal
from tests.channels.portal.conftest import Desk

Snapshot = Callable[..., dict[str, tuple[bytes, int]]]

# Publishes the posts and flushes; the n-th renaming of a file kills the process, before or after it is done.
CHILD = """
import os, pickle, signal, sys
from pathlib import Path
from channels.portal.adapter import Portal, Site
output, state, posts, deadly, after = sys.argv[1:]
calls, rename = [0], os.replace
def replace(*names):
    calls[0] += 1
    if calls[0] == int(deadly) and after == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    try:
        rename(*names)
    except FileNotFoundError:  # its folder is not there yet; it is tried again
        calls[0] -= 1
        raise
    if calls[0] == int(deadly):
        os.kill(os.getpid(), signal.SIGKILL)
os.replace = replace
site = Site("Cải cách hành chính Hà Nội", "UBND thành phố Hà Nội", "Gần dân")
portal = Portal(Path(output), Path(state), "https://cchc.example.vn", site, page_size=3, durable=False)
for post in pickle.loads(Path(posts).read_bytes()):
    portal.publish(post)
portal.flush()
"""


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posts")
    desk = Desk(folder / "store")
    made = [desk.article(n) for n in range(6)] + [desk.qa(6), desk.clip(7)]
    (folder / "posts").write_bytes(pickle.dumps(made))
    return folder / "posts"


@pytest.fixture(scope="module")
def whole(posts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a builder makes that nobody kills: bytes by address."""
    folder = tmp_path_factory.mktemp("whole")
    assert 0 == child(folder, "public", posts, 10_000, "before").wait(60)
    return {file.relative_to(folder / "public").as_posix(): file.read_bytes()
            for file in (folder / "public").rglob("*") if file.is_file()}  # fmt: skip


def child(tmp_path: Path, name: str, posts: Path, deadly: int, after: str) -> subprocess.Popen[bytes]:
    words = [str(tmp_path / name), str(tmp_path / f"{name}-state"), str(posts), str(deadly), after]
    return subprocess.Popen([sys.executable, "-c", CHILD, *words])


def contents(snapshot: Snapshot, folder: Path) -> dict[str, bytes]:
    return {name: content for name, (content, _) in snapshot(folder).items()}


@pytest.mark.parametrize(
    ("deadly", "after"), [(1, "before"), (9, "after"), (47, "before"), (60, "after"), (95, "before")]
)
def test_after_a_kill_the_next_flush_gives_the_same_tree(
    open_portal: Callable[..., Portal], posts: Path, whole: dict[str, bytes], snapshot: Snapshot, tmp_path: Path,
    deadly: int, after: str,
) -> None:  # fmt: skip
    """While publishing and while flushing, with a half-written file and with one that nobody noted."""
    assert -signal.SIGKILL == child(tmp_path, "killed", posts, deadly, after).wait(60)
    portal = open_portal("killed")
    for post in pickle.loads(posts.read_bytes()):  # the pipeline sends again what it has no receipt for
        portal.publish(post)
    portal.flush()

    assert whole == contents(snapshot, tmp_path / "killed")


def test_a_kill_while_everything_is_rebuilt_is_noticed(
    open_portal: Callable[..., Portal], posts: Path, snapshot: Snapshot, tmp_path: Path
) -> None:
    """The folder was deleted and the builder died in the middle: the next flush does not take the rest for whole."""
    assert 0 == child(tmp_path, "whole", posts, 10_000, "before").wait(60)
    before = contents(snapshot, tmp_path / "whole")
    (tmp_path / "whole").rename(tmp_path / "away")
    (tmp_path / "none").write_bytes(pickle.dumps([]))
    assert -signal.SIGKILL == child(tmp_path, "whole", tmp_path / "none", 50, "before").wait(60)
    open_portal("whole").flush()

    assert before == contents(snapshot, tmp_path / "whole")


def test_two_builders_at_once_give_one_tree(
    posts: Path, whole: dict[str, bytes], snapshot: Snapshot, tmp_path: Path
) -> None:
    """The index lets one write at a time; the other waits."""
    both = [child(tmp_path, "both", posts, 10_000, "before") for _ in range(2)]

    assert [0, 0] == [one.wait(60) for one in both]
    assert whole == contents(snapshot, tmp_path / "both")
