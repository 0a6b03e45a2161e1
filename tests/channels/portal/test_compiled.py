"""Compiled templates: the next process runs what this one compiled, and nothing that anybody else could have written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from channels.portal import compiled
from channels.portal.compiled import Compiled

PAGE = {"page.html": "Tin {{ number }}"}


class Counting(Environment):
    """Counts what it compiles."""

    def __init__(self, folder: Path, language: str = "vi", pages: dict[str, str] | None = None) -> None:
        super().__init__(loader=DictLoader(pages or PAGE), autoescape=True, bytecode_cache=Compiled(language, folder))
        self.counted = 0

    def compile(self, *given: Any, **more: Any) -> Any:
        self.counted += 1
        return super().compile(*given, **more)

    def shown(self) -> str:
        return self.get_template("page.html").render(number=1)


@pytest.fixture(autouse=True)
def next_process() -> Iterator[Callable[[], None]]:
    """Forgets what is in the memory."""
    kept = compiled._in_memory
    kept.cache_clear()
    yield kept.cache_clear
    kept.cache_clear()


@pytest.fixture
def file(tmp_path: Path, next_process: Callable[[], None]) -> Path:
    """What a first process left."""
    assert "Tin 1" == Counting(tmp_path / "templates").shown()
    next_process()
    (found,) = (tmp_path / "templates").iterdir()
    return found


def test_the_next_process_compiles_nothing(file: Path) -> None:
    """It shows the same page."""
    again = Counting(file.parent)

    assert ("Tin 1", 0) == (again.shown(), again.counted)


def test_a_second_portal_of_a_process_compiles_nothing(tmp_path: Path) -> None:
    """Wherever its state lies."""
    assert "Tin 1" == Counting(tmp_path / "a").shown()
    other = Counting(tmp_path / "b")

    assert ("Tin 1", 0) == (other.shown(), other.counted)


def test_what_is_kept_is_for_its_owner_only(file: Path) -> None:
    """Nobody else reads or writes it."""
    assert [0o700, 0o600] == [path.stat().st_mode & 0o777 for path in (file.parent, file)]


@pytest.mark.parametrize("damage", [
    lambda whole: b"", lambda whole: whole[:-1], lambda whole: whole[:40], lambda whole: whole[:-9] + b"\0" + whole[-8:],
    lambda whole: b"\xff" * 5000, lambda whole: whole + b"\0"], ids=["empty", "cut", "head", "bit", "other", "more"])  # fmt: skip
def test_a_damaged_file_costs_the_time_and_is_mended(file: Path, damage: Callable[[bytes], bytes]) -> None:
    """It is told by its seal before a byte of it is run."""
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    again = Counting(file.parent)

    assert ("Tin 1", 1) == (again.shown(), again.counted)
    assert whole == file.read_bytes()


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_not_run(file: Path, mode: int) -> None:
    """However whole it is; a new one takes its place."""
    file.chmod(mode)
    again = Counting(file.parent)

    assert ("Tin 1", 1) == (again.shown(), again.counted)
    assert 0o600 == file.stat().st_mode & 0o777


def test_a_file_of_somebody_else_is_not_run(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here we are somebody else."""
    owner = file.stat().st_uid
    monkeypatch.setattr(compiled.os, "geteuid", lambda: owner + 1)
    again = Counting(file.parent)

    assert ("Tin 1", 1) == (again.shown(), again.counted)


def test_a_link_is_not_followed(file: Path) -> None:
    """It may lead anywhere."""
    file.rename(file.parent / "elsewhere")
    file.symlink_to(file.parent / "elsewhere")
    again = Counting(file.parent)

    assert ("Tin 1", 1) == (again.shown(), again.counted)
    assert not file.is_symlink()


def test_another_language_another_program_or_another_template_is_compiled_anew(
    file: Path, next_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words are put into a template before it is compiled."""
    english, changed = Counting(file.parent, "en"), Counting(file.parent, pages={"page.html": "Bài {{ number }}"})
    assert ("Tin 1", 1) == (english.shown(), english.counted)
    assert ("Bài 1", 1) == (changed.shown(), changed.counted)
    next_process()
    monkeypatch.setattr(compiled, "program", lambda: "newer")
    upgraded = Counting(file.parent)

    assert ("Tin 1", 1) == (upgraded.shown(), upgraded.counted)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """Each process then compiles for itself."""
    (tmp_path / "templates").write_text("", encoding="utf-8")

    assert "Tin 1" == Counting(tmp_path / "templates").shown()
    assert ["templates"] == [path.name for path in tmp_path.iterdir()]
