"""One thing has one word on the screens: the glossary's."""

import pytest

FOR = {"tạm ngừng": "tạm dừng"}  # what was once said beside the glossary's word


@pytest.mark.parametrize("other", FOR)
def test_the_screens_and_documents_say_the_glossarys_word(root, other):
    """Never its neighbour, which people take for something else."""
    catalogues = [*root.glob("pipeline/locale/**/*.po"), *root.glob("channels/portal/locale/**/*.po")]
    shown = [*catalogues, *root.glob("docs/*.md"), *root.glob("pipeline/desk/templates/*.html")]

    assert {"bantin.po", "portal.po"} == {one.name for one in catalogues}
    assert FOR[other] in (root / "docs/glossary.md").read_text(encoding="utf-8")
    assert [] == [one.name for one in shown if other in one.read_text(encoding="utf-8").lower()]
