"""What each stage of a text costs by itself, with the libraries that the program has chosen: the floor that it stands on.

`python -m bench.floor` prints microseconds an item on one core and their sum; R15 is the sum over what the whole program
spends on an item. Rules, tagging and comparing with earlier items are no stages of a site builder and are not in it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import corpus, newsroom

ITEMS, PASSES = 200, 5


def measured() -> dict[str, float]:
    """Microseconds of processor time an item by stage; the best of several passes."""
    with tempfile.TemporaryDirectory(prefix="bantin-floor-") as name:
        folder = Path(name)
        files = [newsroom.write(folder, one) for one in corpus.corpus(ITEMS)]
        return {stage: _best(work, values) / ((len(values) == 1 and ITEMS) or 1)
                for stage, (work, values) in _stages(folder, files).items()}  # fmt: skip


def shown(found: dict[str, float]) -> str:
    rows = [f"{stage:34} {cost:8.0f}" for stage, cost in found.items()]
    return "\n".join(
        [f"{'floor, us an item on one core':34} {'CPU':>8}", *rows, f"{'sum':34} {sum(found.values()):8.0f}"]
    )


def _best(work: Callable[[Any], object], values: Sequence[Any]) -> float:
    best = float("inf")
    for _pass in range(PASSES):
        begun = time.process_time()
        for value in values:
            work(value)
        best = min(best, time.process_time() - begun)
    return best / len(values) * 1e6


def _stages(folder: Path, files: list[Path]) -> dict[str, tuple[Callable[[Any], object], Sequence[Any]]]:
    from channels.portal.files import Output
    from pipeline import lexicon
    from pipeline.parse import markdown, metadata
    from pipeline.render import markup

    data = [file.read_bytes() for file in files]
    texts = [one.decode() for one in data]
    bodies = [metadata.read(text).body for text in texts]
    tokens = [markdown.document(body, 1).tokens for body in bodies]
    engine, env = markup._engine(), {"inline": {}, "up": "../../"}  # noqa: SLF001 - the very renderer of the program
    raw = [str(engine.renderer.render(one, engine.options, env)) for one in tokens]
    clean = [markup._cleaner().clean(one) for one in raw]  # noqa: SLF001 - as above
    words, low = lexicon.load(), [body.lower() for body in bodies]
    page, output = _page(), Output(folder / "public", durable=False)
    pages = [page(one).encode() for one in clean]
    numbered = [(f"2026/11/tin-{number}.html", content) for number, content in enumerate(pages)]
    turn = iter(range(1 << 30))
    database = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    database.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, body TEXT)")
    return {
        "stat": (os.stat, files), "read": (Path.read_bytes, files), "decode": (bytes.decode, data),
        "NFC": (lambda text: unicodedata.is_normalized("NFC", text), texts),
        "sha256": (lambda one: hashlib.sha256(one).hexdigest(), data), "front matter": (metadata.read, texts),
        "Markdown to tokens": (lambda body: markdown.document(body, 1), bodies),
        "tokens to HTML": (lambda one: engine.renderer.render(one, engine.options, env), tokens),
        "nh3": (markup._cleaner().clean, raw), "small letters": (str.lower, bodies),  # noqa: SLF001 - as above
        "Aho-Corasick": (lambda text: list(words._phrases(text)), low),  # noqa: SLF001 - as above
        "item page": (page, clean), "encode": (str.encode, [one.decode() for one in pages]),
        "write and replace": (lambda one: output.write(one[0], one[1] + str(next(turn)).encode()), numbered),
        f"SQLite, one transaction of {ITEMS}": (lambda rows: _insert(database, rows), [clean]),
    }  # fmt: skip


def _insert(database: sqlite3.Connection, rows: list[str]) -> None:
    database.execute("BEGIN")
    for row in rows:
        database.execute("INSERT INTO item (body) VALUES (?)", (row,))
    database.execute("COMMIT")


def _page() -> Callable[[str], str]:
    """The program's own item page around a body."""
    from dataclasses import replace

    from channels.base import Picture
    from channels.portal.pages import Around, Pages
    from channels.portal.post import Label, PortalPost
    from channels.portal.site import Site

    moment = datetime.fromisoformat("2026-11-20T08:00:00+07:00")
    share = Picture(Path("x.jpg"), "https://cchc.example.vn/media/x.jpg", "image/jpeg", 1200, 630, "")
    post = PortalPost(
        "tin", 1, corpus.entry(1).title, "https://cchc.example.vn/2026/11/tin.html", "m", "2026/11/tin.html", "article",
        corpus.entry(1).summary, Label("so-y-te", "Sở Y tế"), (Label("kstthc", "Kiểm soát TTHC"),), (), (), (), "An", "An",
        moment, None, "", None, share, ("#CCHC",), 600)  # fmt: skip
    pages = Pages(Site("Tin", "UBND", ""), "https://cchc.example.vn", "v")
    return lambda body: pages.item(replace(post, body_html=body), Around("tin-bai", None, None, ()), {}).decode()


if __name__ == "__main__":
    print(shown(measured()))
