"""What stands at an address is whole, readable by the web server and replaced at once, whoever put what in the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.portal.files import PARTS, Output


@pytest.fixture
def output(public: Path) -> Output:
    return Output(public, durable=False)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def mask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("mask")
def test_the_web_server_can_read_a_page_and_nobody_else_write_it(output: Output, public: Path) -> None:
    """Whatever the umask."""
    output.write("2026/11/a.html", b"x")

    assert 0o644 == stat.S_IMODE((public / "2026/11/a.html").stat().st_mode)


@pytest.mark.parametrize("size", [0, 1, 5_000_000])
def test_a_page_has_all_its_bytes(output: Output, public: Path, size: int) -> None:
    """Also none, and more than the system takes at once; the same again is not written."""
    content = os.urandom(size)

    assert output.write("a.html", content)
    assert content == (public / "a.html").read_bytes()
    assert not output.write("a.html", content)
    assert (1, 1) == (output.written, output.same)


def test_the_system_may_take_a_few_bytes_at_a_time(
    output: Output, public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that is nearly full."""
    whole = os.write
    monkeypatch.setattr(os, "write", lambda number, content: whole(number, content[:7]))
    output.write("a.html", b"0123456789" * 10)

    assert b"0123456789" * 10 == (public / "a.html").read_bytes()


def test_who_reads_the_old_page_goes_on_reading_it(output: Output, public: Path) -> None:
    """A page is put in another's place and never written over."""
    output.write("a.html", b"old page")
    with (public / "a.html").open("rb") as reader:
        assert b"old" == reader.read(3)
        output.write("a.html", b"new page")

        assert b" page" == reader.read()
    assert b"new page" == (public / "a.html").read_bytes()


def test_a_full_disk_leaves_the_old_page_and_no_part(
    output: Output, public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it was written."""
    output.write("a.html", b"old")
    monkeypatch.setattr(os, "write", lambda *_given: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        output.write("a.html", b"new")

    assert b"old" == (public / "a.html").read_bytes()
    assert [] == list((public / PARTS).iterdir())


def test_a_link_that_somebody_laid_there_is_replaced_and_not_followed(
    output: Output, public: Path, tmp_path: Path
) -> None:
    """At a page's address; what it points to stays as it is."""
    other = tmp_path / "secret"
    other.write_bytes(b"other")
    public.mkdir()
    (public / "a.html").symlink_to(other)
    output.write("a.html", b"page")

    assert (b"other", b"page", False) == (
        other.read_bytes(),
        (public / "a.html").read_bytes(),
        (public / "a.html").is_symlink(),
    )


def test_a_part_is_never_written_through_what_lies_there(output: Output, public: Path, tmp_path: Path) -> None:
    """Nobody can know its name; and if one did, it would be refused."""
    other = tmp_path / "secret"
    other.write_bytes(b"other")
    (public / PARTS).mkdir(parents=True)
    Path(f"{output._part}-{os.getpid()}-1").symlink_to(other)
    with pytest.raises(FileExistsError):
        output.write("a.html", b"page")

    assert b"other" == other.read_bytes()
    assert output._part != Output(public)._part


def test_folders_that_went_away_come_back(output: Output, public: Path, tmp_path: Path) -> None:
    """Another process swept the parts, or an operator deleted the folder; known by the next transaction at the latest."""
    store = tmp_path / "picture.jpg"
    store.write_bytes(b"picture")
    for _turn in range(2):
        output.write("2026/11/a.html", b"page")
        output.link("media/ab/abc.jpg", store)
        output.look_anew()

        assert (b"page", b"picture") == tuple(
            (public / name).read_bytes() for name in ("2026/11/a.html", "media/ab/abc.jpg")
        )
        for folder in ("2026/11", "2026", "media/ab", PARTS):
            for file in (public / folder).iterdir():
                file.unlink()
            (public / folder).rmdir()


def test_a_picture_that_many_pages_show_is_looked_at_once(output: Output, public: Path, tmp_path: Path) -> None:
    """But it counts as shown for each; and once it was taken away, it is put there again."""
    store = tmp_path / "picture.jpg"
    store.write_bytes(b"picture")
    for _turn in range(3):
        output.link("media/ab/abc.jpg", store)
    output.remove("media/ab/abc.jpg")
    output.link("media/ab/abc.jpg", store)

    assert b"picture" == (public / "media/ab/abc.jpg").read_bytes()
    assert 2 == output.written
    assert ["media/ab/abc.jpg"] * 5 == output.touched()
