"""What the forms write is read back as the same, whatever a person typed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parse import metadata
from pipeline.writing import document, edited

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
WORDS = st.text(st.sampled_from("aBđế \n\t\"'\\#:-{}[],&*!|>%@`.\u2028\x85\ufeff"), max_size=40)
VALUES = st.one_of(TEXTS, WORDS, st.lists(st.one_of(TEXTS, WORDS), min_size=1, max_size=4))
KEYS = st.sampled_from(["title", "summary", "question", "tiêu đề", "nguon_url", "areas", "x"])
SOURCE = """---
# ghi chú của người soạn
kind: article
Tiêu đề: 'Tin cũ'
nguon_url: "https://a.vn/x"   # giữ nguyên
summary: |
  Dòng một

  dòng hai

# trước ngày
date: 2026-11-05
areas: [de-an-06,
  mot-cua]
---
Thân bài cũ.
"""


def filled(values):
    return {key: value for key, value in values.items() if value not in ("", [])}


@settings(max_examples=400)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_every_value_comes_back(values):
    """Quotes, colons, hashes, line ends, signs that nobody sees."""
    written = document({"kind": "article", **values}, "Thân bài.")

    assert {"kind": "article", **filled(values)} == metadata.read(written).values


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["title", "summary", "areas", "status", "hashtags"]), VALUES, max_size=4))
def test_an_edit_changes_what_was_changed_and_nothing_else(changes):
    """Also in a file whose keys are Vietnamese and whose values run over lines."""
    before = metadata.read(SOURCE).values
    names = {"title": "Tiêu đề"}
    expected = filled({**before, **{names.get(key, key): value for key, value in changes.items()}})

    assert expected == metadata.read(edited(SOURCE, changes, "Mới.")).values


def test_lines_that_were_not_changed_stay_as_they_are():
    """Comments, spelling of keys, unknown keys, order."""
    found = edited(SOURCE, {"title": "Tin mới", "status": "draft", "areas": []}, "Thân bài mới.\n")

    assert SOURCE.replace("'Tin cũ'", '"Tin mới"').replace("areas: [de-an-06,\n  mot-cua]\n", "status: draft\n").replace(
        "---\nThân bài cũ.", "---\n\nThân bài mới.") == found  # fmt: skip


def test_a_file_whose_lines_do_not_tell_the_keys_apart_is_written_anew():
    """A mapping on one line is YAML too."""
    found = edited("---\n{kind: article, title: Cũ, x: [1, 2]}\n---\nThân", {"title": "Mới: có dấu"}, "Thân")

    assert {"kind": "article", "title": "Mới: có dấu", "x": ["1", "2"]} == metadata.read(found).values


def test_a_key_that_is_written_twice_in_two_spellings_changes_both_or_none():
    """Whatever the file holds, the value that parse reads is the new one."""
    found = metadata.read(edited("---\ntitle: A\ntieu_de: B\n---\nx", {"title": "C"}, "x")).values

    assert "C" in found.values()
