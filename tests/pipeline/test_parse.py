"""Drops become items, or findings that name line and remedy."""

import codecs
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.rules_core import inline

from pipeline import reference
from pipeline.parse import markdown, values
from pipeline.parse.item import parse

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HEAD = 'kind: article\ntitle: "Tin thử"\nsummary: "Tóm tắt"\ndate: 2026-11-20\n'


def read(text, encoding="utf-8"):
    unit = reference.units().get("so-noi-vu")
    return parse(text.encode(encoding), unit, ZONE)


def codes(parsed):
    return [finding.code for finding in parsed.findings]


def test_ids_phones_and_times_stay_text():
    """YAML would make 83 of 0123 and 76500 of 21:15."""
    parsed = read(
        "---\nkind: qa\ntitle: on\nsummary: 0123\ndate: 2026-11-20\nprocedure: 1.001193\nasker: 21:15\n---\nĐáp"
    )

    assert ("on", "0123", "1.001193", "21:15") == (
        parsed.item.title, parsed.item.summary, parsed.item.procedure, parsed.item.asker)  # fmt: skip


@given(st.lists(st.sampled_from(
    ["một cửa", " ", "\n", "\n\n", "|", "|---|---|", "```", "~~~", "~~", "`", ">", "[^1]", "[^1]: ghi chú", "[a]: b", "[a]", "(b)", "![", "^[c]",
     "<b>", "<!-- ", "<https://a.vn>", "\\", "**", "_", "*", "&amp;", "&", "- ", "1. ", "# ", "---", "    "])))  # fmt: skip
def test_rules_that_are_left_out_would_have_found_nothing(pieces):
    """A text without the sign of a rule has the same tokens without the rule."""
    source = "".join(pieces)
    assert markdown.engine().parse(source) == markdown.engine(idle=markdown._idle(source)).parse(source)


def test_a_byte_order_mark_is_fine():
    """Notepad writes one."""
    assert "Tin thử" == read(f"\ufeff---\n{HEAD}---\nThân").item.title


def test_utf16_is_read_and_remarked():
    """Every letter is right, and the editor is told."""
    parsed = parse(
        codecs.BOM_UTF16_LE + f"---\n{HEAD}---\nThân".encode("utf-16-le"), reference.units().get("so-noi-vu"), ZONE
    )

    assert (["FILE004"], "Tin thử") == (codes(parsed), parsed.item.title)


def test_vietnamese_keys_are_accepted():
    """tieu_de, "Tóm tắt" and "Ngày" are the same keys."""
    parsed = read("---\nloai: tin\ntieu_de: A\nTóm tắt: B\nNgày: 20/11/2026\nkênh: [cong]\n---\nThân")

    assert ("A", "B", "2026-11-20", ("portal",)) == (
        parsed.item.title, parsed.item.summary, parsed.item.date.isoformat(), parsed.item.channels)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("", "FILE001", None),
        ("no front matter", "META001", 1),
        ("---\ntitle: x\nno end", "META001", 1),
        ("---\nareas:\n\t- mot-cua\n---\n", "META002", 3),
        ('---\nkind: article\ntitle: "never closed\nsummary: "x"\n---\n', "META002", 4),
        ("---\n- kind: article\n---\nx", "META003", 2),
        ("---\na: &a [1,2,3,4,5,6,7,8,9]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
         "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d]\n---\nx", "META004", 5),
        ("---\ntitle: !!python/object/apply:os.system [ls]\n---\nx", "META005", 2),
        ("---\ntitle: {a: {b: {c: {d: e}}}}\n---\nx", "META010", 2),
        ("---\nkind: article\ntitle:\n  a: b\n---\nx", "META006", 3),
        ("---\nkind: article\ntitle: a\ntitle: b\n---\nx", "META007", 4),
        ("---\nkind: thong-bao\ntitle: a\n---\nx", "META006", 2),
        (f"---\n{HEAD}---\n---\n{HEAD}---\nx", "META009", 7),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name_and_line(source, code, line):
    """One clear finding each."""
    parsed = read(source)

    assert (None, [(code, line)]) == (parsed.item, [(found.code, found.line) for found in parsed.findings])


def test_other_encodings_are_refused_not_guessed():
    """No letter is ever replaced."""
    parsed = parse(b"---\nkind: article\ntitle: Th\xf4ng b\xe1o\n---\nx", reference.units().get("so-noi-vu"), ZONE)

    assert (None, ["FILE003"]) == (parsed.item, codes(parsed))


def test_a_misspelt_key_is_remarked_with_the_likely_one():
    """And the item goes on."""
    parsed = read(f"---\n{HEAD}sumary: x\n---\nThân")

    assert (["META008"], True) == (codes(parsed), "summary" in parsed.findings[0].message)


@pytest.mark.parametrize(("written", "seconds"), [("PT1M20S", 80), ("01:20", 80), ("1:02:03", 3723), ("45", 45)])
def test_durations_in_all_spellings(written, seconds):
    """As the samples of the units write them."""
    assert seconds == values.seconds(written)


@pytest.mark.parametrize(
    "written", ["2026-11-24T07:30", "2026-11-24T00:30:00+00:00", "24/11/2026 07:30", "7h30 ngày 24/11/2026"]
)
def test_moments_are_aware_and_in_the_citys_zone(written):
    """A time without a zone is Hanoi's."""
    assert "2026-11-24T07:30:00+07:00" == values.moment(written, ZONE).astimezone(ZONE).isoformat()


def test_body_lines_are_lines_of_the_file():
    """A finding about the text points at the right line."""
    parsed = read(f"---\n{HEAD}---\n\n\nMột\n\n[xấu](javascript:alert(1))\n")

    assert [("javascript:alert(1)", 11)] == [(link.href, link.line) for link in parsed.item.document.links]


def test_runs_of_words_without_a_sign_become_the_tokens_that_the_parser_makes(root):
    """The short way and the long one, over every text that is shipped."""
    plain = markdown.engine.__wrapped__(links=False)
    plain.core.ruler.at("inline", inline)
    for file in sorted((root / "content").glob("*/*.md")):
        source = file.read_text(encoding="utf-8")

        assert plain.parse(source) == markdown.engine(links=False).parse(source)
