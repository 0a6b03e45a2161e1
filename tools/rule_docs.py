"""docs/rules/: one page a rule in Vietnamese, made from the code, its catalogue and tests/rules/cases.toml.

The translations are read from the .po file, so that `make catalog` writes catalogue and pages in one go.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from pipeline.model import QA, Article, Clip
from pipeline.rules import RULES
from pipeline.rules.registry import ANY, Rule

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/rules"
PO = ROOT / "pipeline/locale/vi/LC_MESSAGES/bantin.po"
CASES = ROOT / "tests/rules/cases.toml"
EFFECTS = {
    "error": "lỗi – tin bị từ chối, chưa đăng ở kênh nào",
    "review": "chờ biên tập – tin được giữ lại cho tới khi biên tập viên xem",
    "warning": "lưu ý – tin vẫn được đăng",
}
KINDS = {Article: "bài viết", Clip: "clip", QA: "hỏi đáp"}
MOST = 200  # code points of a value that a page shows
_MADE = "<!-- Trang này được tạo bằng `make catalog`; đừng sửa tay. -->\n"


def pages() -> dict[str, str]:
    """Every page by file name."""
    catalogue = read_po(io.BytesIO(PO.read_bytes()), locale="vi")
    words = {str(one.id): str(one.string or one.id) for one in catalogue if one.id}
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))
    made = {f"{rule.code}.md": page(rule, words, cases.get(rule.code)) for rule in RULES.values()}
    return {"README.md": index(words)} | made


def index(words: Mapping[str, str]) -> str:
    rows = [f"| [{rule.code}]({rule.code}.md) | {EFFECTS[rule.severity].split(' – ')[0]} | {_text(words, rule.what)} |"
            for rule in sorted(RULES.values(), key=lambda one: one.code)]  # fmt: skip
    head = ["# Các quy tắc kiểm tra tin", "", f"{len(rows)} quy tắc; xem trong máy bằng `bantin rules`.", ""]
    return _MADE + "\n".join([*head, "| mã | mức | điều cần đúng |", "|---|---|---|", *rows]) + "\n"


def page(rule: Rule, words: Mapping[str, str], case: Mapping[str, Any] | None) -> str:
    """What, why, how to mend, and a bad and a good example when there is one."""
    kinds = "mọi tin" if rule.kinds == ANY else ", ".join(KINDS[kind] for kind in rule.kinds)
    lines = [f"# {rule.code}", "", _text(words, rule.what), "", f"- Mức: {EFFECTS[rule.severity]}.",
             f"- Áp dụng cho: {kinds}.", "", "## Vì sao", "", _text(words, rule.why), "",
             "## Cách sửa", "", _text(words, rule.instead), ""]  # fmt: skip
    if case:
        lines += [
            "## Ví dụ",
            "",
            "Chưa đúng:",
            "",
            *_example(case["bad"]),
            "",
            "Đúng:",
            "",
            *_example(case["good"]),
            "",
        ]
    return _MADE + "\n".join([*lines, "[Tất cả các quy tắc](README.md)"]) + "\n"


def _text(words: Mapping[str, str], message: str) -> str:
    """A sentence that begins with a capital letter and that Markdown shows as it is written."""
    text = words.get(message, message)
    return re.sub(r"([<>*_|\[\]])", r"\\\1", text[:1].upper() + text[1:])


def _example(values: Mapping[str, Any]) -> list[str]:
    """The front matter or the text of a file, fenced so that nothing of it is rendered."""
    lines = []
    meta = {key: value for key, value in values.items() if key != "body"}
    if meta:
        lines += ["~~~yaml", *(_pair(key, value) for key, value in meta.items()), "~~~"]
    if "body" in values:
        shown = str(values["body"]) or "(không có nội dung)"
        lines += ["~~~markdown", *_short(shown).split("\n"), "~~~"]
    return lines


def _pair(key: str, value: Any) -> str:
    if value == "":
        return f"# (không có dòng {key})"
    shown = _short(value) if isinstance(value, str) else value
    return f"{key}: {json.dumps(shown, ensure_ascii=False)}"


def _short(text: str) -> str:
    return text if len(text) <= MOST else text[:MOST].rsplit(" ", 1)[0] + " …"


def problems(folder: Path = FOLDER) -> list[str]:
    """Pages that differ from the code, are missing, or belong to no rule."""
    wanted = pages()
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    found = [f"docs/rules/{name} does not equal the code" for name in wanted if there.get(name) != wanted[name]]
    return found + [f"docs/rules/{name} belongs to no rule" for name in there if name not in wanted]


def write(folder: Path = FOLDER) -> int:
    """Write all pages, remove those of rules that are gone; the number of pages."""
    wanted = pages()
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(wanted)
