"""A portal in a temporary folder, and posts to show on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.base import Picture
from channels.portal.adapter import Portal, Site, media_address
from channels.portal.post import Cover, Label, PortalPost, Question, Video
from channels.portal.words import HANOI

BASE = "https://cchc.example.vn"
START = datetime(2026, 11, 1, 8, tzinfo=HANOI)


class Desk:
    """Makes posts; the n-th is n hours younger than the first."""

    def __init__(self, store: Path) -> None:
        self.store = store

    def file(self, text: str, suffix: str) -> Path:
        self.store.mkdir(exist_ok=True)
        path = self.store / f"{hashlib.sha256(text.encode()).hexdigest()}{suffix}"
        if not path.exists():
            path.write_text(text, encoding="utf-8")
        return path

    def picture(self, text: str, mime: str = "image/jpeg", width: int = 800) -> Picture:
        file = self.file(text, ".webp" if mime == "image/webp" else ".jpg")
        return Picture(file, f"{BASE}/{media_address(file.name)}", mime, width, width // 2, "Ảnh minh họa")

    def article(self, number: int, **changes: Any) -> PortalPost:
        address = f"2026/11/tin-{number}-k{number:03}.html"
        sizes = tuple(
            self.picture(f"{number} {width} {mime}", mime, width)
            for width in (480, 1200)
            for mime in ("image/webp", "image/jpeg")
        )
        made = PortalPost(
            item=f"k{number:03}", edition=1, title=f"Tin số {number}", link=f"{BASE}/{address}", marker=address,
            address=address, kind="article", summary=f"Tóm tắt {number}", unit=Label("so-noi-vu", "Sở Nội vụ"),
            areas=(Label("mot-cua", "Một cửa"),), topics=(), fields=(), audiences=(), author="Ngọc Diệp", source="Sở Nội vụ",
            published=START + timedelta(hours=number), updated=None, body_html="<p>Nội dung.</p>",
            cover=Cover(sizes, "Quầy tiếp nhận"), share=self.picture(f"share {number}", width=1200), hashtags=("#HaNoi",),
            words=440,
        )  # fmt: skip
        return replace(made, **changes)

    def qa(self, number: int, **changes: Any) -> PortalPost:
        question = Question("Tôi nộp ở đâu?", "Bạn đọc", "Sở Tư pháp", ("Nghị định 118/2025/NĐ-CP",), "1.001234")
        return self.article(number, **{"kind": "qa", "question": question, "cover": None, **changes})

    def clip(self, number: int, **changes: Any) -> PortalPost:
        video = Video(
            self.file("phim", ".mp4"), "", 125, "Công dân số", self.file("WEBVTT", ".vtt"), "Xin chào.\nTạm biệt."
        )
        return self.article(number, **{"kind": "clip", "video": video, **changes})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "store")


@pytest.fixture
def open_portal(tmp_path: Path) -> Callable[..., Portal]:
    def opened(output: str = "public", **changes: Any) -> Portal:
        site = changes.pop("site", Site("Cải cách hành chính Hà Nội", "UBND thành phố Hà Nội", "Gần dân"))
        return Portal(
            tmp_path / output,
            tmp_path / f"{output}-state",
            BASE,
            site,
            page_size=changes.pop("page_size", 3),
            workers=changes.pop("workers", 1),
            durable=False,  # no test cuts the power
        )

    return opened


@pytest.fixture
def portal(open_portal: Callable[..., Portal]) -> Portal:
    return open_portal()


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def snapshot(public: Path) -> Callable[..., dict[str, tuple[bytes, int]]]:
    """Every file with its bytes and the moment it was written."""

    def taken(folder: Path = public) -> dict[str, tuple[bytes, int]]:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    return taken
