"""The pages of docs/rules/ equal the code."""

import pytest

from pipeline.rules import RULES
from tools import catalog, rule_docs


def test_every_rule_has_a_page_and_stands_in_the_index():
    """In Vietnamese: what, why, how to mend."""
    pages = rule_docs.pages()

    assert {"README.md"} | {f"{code}.md" for code in RULES} == set(pages)
    assert all(f"[{code}]({code}.md)" in pages["README.md"] for code in RULES)
    assert all("## Vì sao" in page and "## Cách sửa" in page for name, page in pages.items() if name != "README.md")


def test_a_page_shows_a_bad_and_a_good_example():
    """Those that the tests of the rules use."""
    page = rule_docs.pages()["DATE001.md"]

    assert page.index("# (không có dòng date)") < page.index('date: "24/11/2026"')


def test_a_page_that_was_changed_lost_or_left_over_is_told(tmp_path):
    """So that make check fails until make catalog was run."""
    rule_docs.write(tmp_path)
    assert [] == rule_docs.problems(tmp_path)
    (tmp_path / "ART001.md").write_text("khác", encoding="utf-8")
    (tmp_path / "ART002.md").unlink()
    (tmp_path / "XYZ999.md").write_text("cũ", encoding="utf-8")

    told = rule_docs.problems(tmp_path)

    assert ["ART001", "ART002", "XYZ999"] == sorted(line.split("/")[2].split(".")[0] for line in told)


@pytest.mark.parametrize("words", catalog.catalogues(), ids=lambda words: words.domain)
def test_a_catalogue_that_misses_or_keeps_too_much_is_told(words, tmp_path, monkeypatch):
    """Both ways, and a .mo that was not made from its .po."""
    folder = tmp_path / words.folder / "locale/vi/LC_MESSAGES"
    folder.mkdir(parents=True)
    text = words.po.read_text(encoding="utf-8")
    first = sorted(catalog.messages(words))[0]
    monkeypatch.setattr(catalog, "messages", lambda words: {first, "A brand new message"})
    monkeypatch.setattr(catalog, "ROOT", tmp_path)
    words.po.write_text(text, encoding="utf-8")
    words.mo.write_bytes(b"old")

    told = "\n".join(catalog.problems(words))

    assert f"{words.po.name}: not in the catalogue: A brand new message" in told
    assert f"{words.po.name}: used nowhere: " in told
    assert f"{words.mo.name} is not made from {words.po.name}" in told
