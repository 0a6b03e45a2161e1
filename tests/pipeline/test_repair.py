"""Old fonts and wrong encodings: proposed, used only when confirmed, and never seen in good text."""

import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import reference, repair
from pipeline.parse.item import parse
from pipeline.prepare import identify
from pipeline.syllables import is_syllable, share
from pipeline.text import nfc

GOOD = """Người dân được hướng dẫn nộp hồ sơ trực tuyến, tra cứu kết quả và phản ánh ý kiến ngay tại nhà.
Cổng dịch vụ công quốc gia mở suốt ngày đêm; thủ tục đất đai, hộ tịch, cư trú đều có ở đó.
Ủy ban nhân dân phường trả lời trong hai ngày, kể cả những việc khó như xác nhận thửa đất cũ."""
HEAD = "---\nkind: article\ntitle: {title}\nsummary: {title}\ndate: 2026-11-20\n{more}---\n{body}"


def to_tcvn3(text):
    back = {letter: code for code, letter in zip(repair._TCVN3_FROM, repair._TCVN3_TO, strict=True)}
    return "".join(back.get(letter, back.get(letter.lower(), letter)) for letter in text)


def to_vni(text):
    pairs = {letter: pair for pair, letter in repair._vni().items() if len(letter) == 1 and not letter.isascii()}
    return "".join(pairs.get(letter, letter) for letter in text)


def to_mojibake(text):
    return text.encode().decode("latin-1")


def item(body, more="", encoding="utf-8", title="Tin thử nghiệm"):
    data = HEAD.format(title=title, more=more, body=body).encode(encoding)
    return parse(data, reference.units().get("so-noi-vu"), datetime.now().astimezone().tzinfo)


def codes(parsed):
    return [finding.code for finding in parsed.findings]


@pytest.mark.parametrize("word", "giếng quốc khuỷu hòa hoà thuở nghiêng gì ý xoong uỷ ủy đường quý quyển".split())
def test_syllables_are_known_in_both_placements_of_the_tone(word):
    """Built from onset, rhyme and tone, not from a list."""
    assert is_syllable(word)


@pytest.mark.parametrize("word", "café müller thñ tôc™ hµnh ngă ghà cắ xyz".split())
def test_other_words_are_no_syllables(word):
    """Spelling rules count: gh only before e, ê, i; nothing ends in ă."""
    assert not is_syllable(word)


def test_the_alphabet_of_the_old_fonts_is_whole():
    """67 small letters with marks; six capitals that TCVN3 has."""
    alphabet = "".join(repair._TCVN3_TO)[:67]

    assert 67 == len(set(alphabet))
    assert alphabet == repair.from_tcvn3(to_tcvn3(alphabet))
    assert all(letter == repair.from_vni(to_vni(letter)) for letter in alphabet + alphabet.upper())


@pytest.mark.parametrize(("garble", "kind"), [(to_tcvn3, "tcvn3"), (to_vni, "vni"), (to_mojibake, "mojibake")])
def test_an_old_font_is_proposed_letter_by_letter(garble, kind):
    """Only capitals of TCVN3 are lost, because they were a font of their own."""
    found = repair.propose(garble(GOOD))

    assert kind == found.kind
    assert GOOD.casefold() == found.text.casefold()


def test_fonts_may_differ_from_line_to_line():
    """Copied together from several files."""
    first, second, third = GOOD.split("\n")
    found = repair.propose("\n".join([to_vni(first), second, to_vni(third)]))

    assert (GOOD.casefold(), 1) == (found.text.casefold(), found.line)


def test_good_text_is_left_alone(root):
    """Every item of ours and names from abroad."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(root / "content").rglob("*.md"))]

    assert 20 < len(texts)
    assert [] == [text[:80] for text in [*texts, GOOD, "Café résumé, Müller và Björk ở phố cổ", "100 µg, ®, «trích»"]
                  if repair.propose(text)]  # fmt: skip


def test_look_alikes_are_told_apart_from_foreign_words():
    """Ð in "NÐ-CP" and a Cyrillic о in "hồ sо" are traps; a whole Russian word is a word."""
    found = repair.propose("Nghị định 61/2018/N\u00d0-CP về hồ s\u043e của Москва")

    assert ("look-alike", "Nghị định 61/2018/NĐ-CP về hồ so của Москва") == (found.kind, found.text)


def test_an_unconfirmed_text_waits_with_before_and_after():
    """Never silently: the finding shows both."""
    parsed = item(to_tcvn3(GOOD))

    assert ["TXT001"] == codes(parsed)
    assert "TCVN3" in parsed.findings[0].message
    assert "→" in parsed.findings[0].message


@pytest.mark.parametrize("key", ["sua_chu: dong_y", "text_repair: accepted", "Sửa chữ: đồng ý", 'sua-chu: "dong y"'])
def test_a_confirmed_repair_is_used(key):
    """One line in the metadata."""
    parsed = item(to_tcvn3(GOOD), key + "\n", title=to_tcvn3("Thủ tục hành chính công"))

    assert ([], "Thủ tục hành chính công".casefold()) == (codes(parsed), parsed.item.title.casefold())
    assert GOOD.casefold() == parsed.item.document.source.casefold()


def test_a_confirmation_in_the_text_is_no_confirmation():
    """Only the metadata count."""
    assert ["TXT001"] == codes(item("sua_chu: dong_y\n\n" + to_tcvn3(GOOD)))


def test_lost_letters_cannot_be_confirmed_away():
    """Windows-1252 has no sign for five bytes; what was thrown away stays away."""
    broken = to_mojibake(GOOD).replace("\x81", "").replace("\x9d", "").replace("\x8d", "")
    parsed = item(broken, "sua_chu: dong_y\n")

    assert ["TXT001"] == codes(parsed)
    assert 3 <= repair.propose(broken).lost


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_read_with_and_without_its_mark(encoding):
    """Notepad writes the mark, other programs do not."""
    parsed = item(GOOD, encoding=encoding)

    assert (["FILE004"], GOOD) == (codes(parsed), parsed.item.document.source)


def windows_1258(text):
    out = bytearray()
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return bytes(out)


def test_windows_1258_is_read_and_waits_for_a_confirmation():
    """Every letter is right, but another encoding might have been meant."""
    unit, zone = reference.units().get("so-noi-vu"), datetime.now().astimezone().tzinfo
    waiting = parse(windows_1258(HEAD.format(title="Tin", more="", body=GOOD)), unit, zone)
    confirmed = parse(windows_1258(HEAD.format(title="Tin", more="sua_chu: dong_y\n", body=GOOD)), unit, zone)

    assert (["FILE006"], GOOD) == (codes(waiting), waiting.item.document.source)
    assert ([], GOOD) == (codes(confirmed), confirmed.item.document.source)


def test_tcvn3_bytes_that_never_were_unicode():
    """The file of a typewriter program: one byte a letter."""
    parsed = item(to_tcvn3(GOOD), "sua_chu: dong_y\n", encoding="latin-1", title="Tin")

    assert ([], GOOD.casefold()) == (codes(parsed), parsed.item.document.source.casefold())


def test_marks_in_the_wrong_order_are_mended_silently():
    """The letters stay the same, so nobody has to be asked."""
    assert "tiếng" == nfc("tie\u0301\u0302ng")
    assert [] == codes(item("tie\u0301\u0302ng Việt"))


def test_a_message_hides_long_numbers():
    """What is quoted may hold an identity number."""
    parsed = item(to_tcvn3("Sè ®Þnh danh 001199012345 của người dân ở phường hai"))

    assert all("001199012345" not in finding.message for finding in parsed.findings)


def test_the_share_of_syllables_is_one_for_plain_ascii():
    """Nothing can be told from it."""
    assert 1.0 == share("plain ascii only")


def test_an_address_is_made_from_what_the_title_was_meant_to_be():
    """The address stays for ever, so it must not be that of garbled letters."""
    waiting = item(to_tcvn3(GOOD), title=to_tcvn3("Hướng dẫn nộp hồ sơ"))

    assert "Hướng dẫn nộp hồ sơ".casefold() == waiting.meant.casefold()
    assert "/huong-dan-nop-ho-so-" in identify(waiting.item, "a.md", datetime.now().astimezone(), waiting.meant).address
    assert "" == item(GOOD).meant
