"""What holds for every input: no error but our own, and the promises of each reader. Longer by `make fuzz`."""

import re
import unicodedata
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline import citations, names, reference, repair, text
from pipeline.likeness import bands, likeness
from pipeline.parse import encoding, metadata
from pipeline.parse.item import parse
from pipeline.parse.metadata import Unreadable
from pipeline.rules import RULES
from pipeline.syllables import share, syllables

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WORDS = sorted(syllables())
MARKED = [word for word in WORDS if not word.isascii()]
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

anything = st.text(max_size=400)
scraps = st.sampled_from(
    ["---\n", "kind: article\n", "title: ", "date: 2026-11-20\n", "tieu_de: |\n  ", "sua_chu: dong_y\n", "&a [*a]\n", "!!python/x ",
     "[[", "{a: ", "\t- ", '"', "'", "\r\n", "\u202e", "\u200b", "\u00ad", "e\u0301\u0302", "N\u00d0-CP", "<!--", "<a onclick=x>",
     "[x](javascript:y)", "![](data:z)", "61/2018/NĐ-CP", "57/NQ-TW", "điểm f khoản 0 Điều 1", "mã TTHC 9.9", "X· Sãc S¬n",
     "Baø con thoân xa", "Thá»§ tá»¥c", "quận Cầu Giấy", "chuyên đổi số", "https://xn--80ak6aa92e.com", "|a|\n|-|\n", "> ", "\\u0000"]
)  # fmt: skip
mixture = st.lists(st.one_of(scraps, anything), max_size=12).map("".join)
files = st.one_of(
    st.binary(max_size=500),
    mixture.map(lambda body: body.encode(errors="surrogatepass")),
    mixture.map(lambda body: f"---\nkind: article\ntitle: Tin\ndate: 2026-11-20\n---\n{body}".encode(errors="surrogatepass")),
    st.tuples(st.sampled_from(["utf-16", "utf-16-le", "cp1258", "latin-1"]), mixture).map(
        lambda pair: f"---\nkind: qa\n{pair[1]}".encode(pair[0], errors="replace")),
)  # fmt: skip
sentences = st.lists(st.sampled_from(MARKED), min_size=8, max_size=30).map(" ".join)


@given(files)
def test_a_file_becomes_an_item_or_findings(data):
    """Whatever lies in the folder; texts are NFC, can be stored, and hold nothing that nobody sees."""
    parsed = parse(data, reference.units().get("so-noi-vu"), ZONE)

    assert parsed.item or parsed.findings
    assert all(finding.code in RULES and finding.message for finding in parsed.findings)
    if parsed.item:
        for part in (parsed.item.title, parsed.item.summary, parsed.item.author, parsed.item.document.source):
            assert unicodedata.is_normalized("NFC", part)
            assert text.strip_invisible(part) == part
            assert not NOT_IN_XML.search(part.encode().decode())


@given(st.one_of(anything, mixture).map(lambda body: "---\n" + body))
def test_front_matter_is_read_or_refused(source):
    """Unreadable is the only error."""
    try:
        found = metadata.read(source)
    except Unreadable as error:
        assert error.finding.code in RULES
    else:
        assert set(found.lines) <= set(found.values)


@given(files)
def test_bytes_are_decoded_or_refused(data):
    """And never with a letter replaced."""
    try:
        found = encoding.read(data)
    except Unreadable as error:
        assert error.finding.code in RULES
    else:
        assert "\ufffd" not in found.text
        assert "\r" not in found.text


@given(st.text(alphabet="eaouyEAđ\u0301\u0300\u0302\u0306\u031b\u0323\u0309\u0303\u0327 ", max_size=60))
def test_mending_marks_is_done_once(typed):
    """A second time changes nothing, and no base letter is lost."""
    once = text.nfc(typed)

    assert text.nfc(once) == once
    assert [one for one in unicodedata.normalize("NFD", once) if not unicodedata.combining(one)] == [
        one for one in unicodedata.normalize("NFD", typed) if not unicodedata.combining(one)]  # fmt: skip


@given(st.one_of(anything, mixture))
def test_a_proposal_keeps_the_lines(source):
    """Line numbers of findings stay true."""
    found = repair.propose(source)

    assert found is None or found.text.count("\n") == source.count("\n")
    assert isinstance(repair.accepted(source), bool)


@given(sentences)
def test_every_sentence_comes_back_from_an_old_font(sentence):
    """TCVN3 and UTF-8 read as Latin-1; letter by letter."""
    back = {letter: code for code, letter in zip(repair._TCVN3_FROM[:67], repair._TCVN3_TO[:67], strict=True)}
    tcvn3 = "".join(back.get(letter, letter) for letter in sentence)

    assert repair.propose(sentence) is None
    assert sentence == repair.from_tcvn3(tcvn3)
    for garbled in (tcvn3, sentence.encode().decode("latin-1")):
        assume(share(garbled) < 0.8)  # by chance a sentence of few words is one in both fonts
        found = repair.propose(garbled)
        assert found is not None
        assert found.text == sentence


@given(st.one_of(anything, mixture))
def test_citations_lie_where_they_say(source):
    """And the right way of writing has the key of the wrong one."""
    for found in citations.find(source):
        assert 0 <= found.start < found.end <= len(source)
        again = {citations.canonical(found.shown), citations.canonical(f"Công văn {found.shown}")}
        assert found.flaw == "type" or found.key in again
    for reference_ in citations.references(source):
        assert source[reference_.start : reference_.end]
    list(citations.malformed_codes(source))


@given(st.integers(1, 9999), st.integers(2002, 2026), st.sampled_from(["NĐ-CP", "QĐ-UBND", "TT-BTTTT", "NQ-HĐND"]),
       st.sampled_from(["", " "]), st.sampled_from(["-", "–"]), st.booleans())  # fmt: skip
def test_a_citation_is_known_however_it_is_typed(number, year, symbol, space, dash, small):
    """Spaces, dashes, small letters."""
    typed = f"{number}{space}/{space}{year}{space}/{space}{symbol.replace('-', dash)}"

    assert f"{number}/{year}/{symbol}" == citations.canonical(typed.lower() if small and "-U" not in symbol else typed)


@given(st.one_of(anything, mixture))
def test_names_lie_where_they_say(source):
    """Units, terms, forms."""
    for found in [*names.misspelt_terms(source), *names.ended_units(source, date(2026, 11, 24))]:
        assert source[found.start : found.end].strip()
    names.mixed_forms(source)


@given(st.one_of(anything, mixture))
def test_every_text_has_a_signature(source):
    """Equal for equal texts, with forty bands or none."""
    one, again = likeness([source], {}), likeness([source], {})

    assert one == again
    assert len(bands(int.from_bytes(stored[:4], "little") for _hash, stored in one.passages)) in (0, 40)


@given(st.one_of(anything, mixture))
def test_a_quote_is_fit_for_a_log(source):
    """One short line without long numbers."""
    shown = text.quote(source, 80)

    assert len(shown) <= 80
    assert not re.search(r"\d{8}|[\n\x1b]", shown)
