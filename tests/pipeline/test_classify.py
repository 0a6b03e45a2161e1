"""What an item is about, and the words that say so."""

import json
import pickle
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from pipeline import reference
from pipeline.classify import Chosen, Words, classify, tags, to_json
from pipeline.lexicon import load

BENCH = Path(__file__).parents[2] / "bench" / "data" / "tagging-tune.yaml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as quick
DATA = yaml.load((files("pipeline") / "data" / "lexicon.yaml").read_text(encoding="utf-8"), LOADER)


def tag(title, summary="", body="", kind="article", **more):
    given = {key: more.pop(key) for key in ("headings", "hashtags") if key in more}
    return classify(Words(title, summary, body=body, **given), kind, lexicon=load(), **more)


@pytest.mark.parametrize(("title", "area"), DATA["tests"])
def test_labelled_lines_of_the_lexicon(title, area):
    """The lexicon's own examples get the area that an editor gave."""
    assert area == next(iter(tag(title).areas), None)


@pytest.mark.parametrize(
    "words",
    [
        (
            "Không khí lạnh tràn về",
            "",
            "Bên lề một hội nghị về cải cách hành chính, đại diện đài nói trời rét năm ngày.",
        ),
        ("Đội phường vô địch giải bóng đá", "", "Đội của cán bộ một cửa thắng trận chung kết."),
        (
            "Đêm nhạc bên hồ",
            "Hàng nghìn khán giả",
            "Lãnh đạo Sở, người nói nhiều về chuyển đổi số, tặng hoa các nghệ sĩ.",
        ),
        ("Nối liên thông hai hồ", "", "Cống dài 80 mét, hoàn thành đúng hạn."),
        ("", "", ""),
    ],
)
def test_other_news_has_no_area(words):
    """Sport, weather, events and passing mentions get no area."""
    assert () == tag(*words).areas


def test_decomposed_text_is_tagged_like_composed():
    """NFD from a Mac gives the same tagging as NFC, offsets too."""
    title, body = "Phường số hóa hồ sơ tại Bộ phận Một cửa", "Người dân dùng VNeID nộp hồ sơ."

    assert tag(title, "", body) == tag(unicodedata.normalize("NFD", title), "", unicodedata.normalize("NFD", body))


def test_capitals_and_typos_do_not_hide_the_subject():
    """ALL CAPS and common slips of the keyboard are read."""
    assert ("chuyen-doi-so",) == tag("ĐẨY MẠNH CHUYỂN ĐỔI SỐ").areas == tag("Đẩy mạnh chuyên đổi số").areas
    assert "kstthc" == tag("Kiểm sát thủ tục hành chính năm 2026").areas[0]


def test_evidence_points_at_the_words():
    """Each piece of evidence is the text between its offsets."""
    words = Words("Một cửa – liên thông", "Dùng VNeID", ("Đề án 06",), "Chuyển  đổi\nsố và thủ tục\u200b hành chính.")
    texts = {"title": words.title, "summary": words.summary, "heading": words.headings[0], "body": words.body}
    found = classify(words, "article", lexicon=load()).evidence

    assert found
    assert all(texts[one.field][one.start : one.end] == one.text for group in found.values() for one in group)
    assert "Chuyển  đổi\nsố" == max(found["chuyen-doi-so"], key=lambda one: one.weight).text


def test_title_weighs_more_than_body():
    """One decisive word makes an area in the title, not in passing in the body of other news."""
    cup = (
        "Trận chung kết kéo dài năm ván, khán giả reo hò. Nhà vô địch nhận cúp từ tay chủ tịch phường. "
        "Bên lề, ban tổ chức nhắc vận động viên mang thẻ hoặc mở VNeID khi vào cổng. Năm sau phường đăng cai giải mở rộng."
    )

    assert ("de-an-06",) == tag("Hướng dẫn dùng VNeID").areas
    assert () == tag("Phường Láng giành cúp bóng bàn", "Giải có 32 tay vợt.", cup).areas


def test_areas_of_a_round_up_do_not_compete():
    """Several strong terms of an area in the body make it, though most words speak of another."""
    found = tag(
        "Hai việc trong tuần của phường",
        "Ghi nhanh ở trụ sở.",
        "Bộ phận Một cửa nhận 340 hồ sơ, trả đúng hẹn 99%, sáu hồ sơ chậm có thư xin lỗi. "
        "Phường ký số mọi văn bản, họp không giấy, mở lớp kỹ năng số cho người cao tuổi.",
    )

    assert {"mot-cua", "chuyen-doi-so"} == set(found.areas)


def test_ordinary_life_with_tempting_words_has_no_area():
    """Counters, files and forms of an airport or a shop are no public administration."""
    found = tag(
        "Sân bay đông khách, quầy làm thủ tục xếp hàng dài",
        "Hãng bay mở thêm mười quầy.",
        "Hành khách nên đến sớm, mang giấy tờ tùy thân, in thẻ lên tàu bay ở ki-ốt. Nhân viên hướng dẫn gửi hành lý.",
    )

    assert () == found.areas


def test_the_editor_wins_and_the_disagreement_is_kept():
    """What the editor chose is final; what the machine thought is told."""
    found = tag("Hướng dẫn dùng VNeID", chosen=Chosen(areas=("mot-cua",), fields=("thue",)))

    assert ("mot-cua",) == found.areas
    assert ("thue",) == found.fields
    assert "editor" == found.chosen_by
    assert {"+mot-cua", "-de-an-06", "+thue"} <= set(found.disagreement)


def test_the_machine_disagrees_with_nobody():
    """Without a choice there is no disagreement."""
    found = tag("Hướng dẫn dùng VNeID")

    assert ("machine", ()) == (found.chosen_by, found.disagreement)


def test_certainty_of_all_four_areas_is_told():
    """Between 0 and 1; near nought where no words speak."""
    scores = tag("Dùng VNeID").scores

    assert {"kstthc", "mot-cua", "de-an-06", "chuyen-doi-so"} == set(scores)
    assert all(0 <= score <= 1 for score in scores.values())
    assert scores["de-an-06"] > 0.3 > 0.2 > scores["mot-cua"]


def test_unit_prior_needs_words():
    """The sending unit speaks for an area, but never alone."""
    assert () == tag("Trồng hoa ven đường", unit="cong-an-tp").areas
    assert tag("VNeID", unit="cong-an-tp").scores["de-an-06"] > tag("VNeID").scores["de-an-06"]


def test_storytelling_without_the_terms_is_understood():
    """Ordinary words that stand together say what a story is about, and they are shown."""
    found = tag(
        "Ghế số bảy",
        "Một buổi sáng ở nơi nhận giấy tờ.",
        "Cô nhân viên ngồi quầy đọc lại tờ đơn, ghi giấy hẹn rồi đưa cho bà cụ. Chiều mai bà quay lại lấy kết quả, "
        "nếu ngại đường xa thì bưu tá mang tới tận nhà.",
    )

    assert ("mot-cua",) == found.areas
    assert {"quầy", "giấy hẹn"} & {one.term for one in found.evidence["mot-cua"]}


def test_a_text_that_says_little_is_in_doubt_and_a_plain_one_is_not():
    """Doubt names the area that an editor should confirm; the editor's own areas end it."""
    plain, other = tag("Hướng dẫn kích hoạt VNeID"), tag("Đội phường vô địch giải bóng đá")
    low, high = load().scoring["assign"]["doubt"]
    unsure = [
        found
        for item in yaml.load(BENCH.read_text(encoding="utf-8"), LOADER)
        if low <= max((found := tag(item["title"], item["summary"])).scores.values()) < high
    ]

    assert () == plain.doubt == other.doubt
    assert unsure
    assert all(max(found.scores, key=found.scores.get) in found.doubt for found in unsure)


def test_a_slip_of_the_keyboard_is_read_only_where_it_is_no_word():
    """ "chuyễn" is no word, so "chuyễn đổi số" is understood; "sổ" is one, so "một cửa sổ" stays a window."""
    assert ("chuyen-doi-so",) == tag("Kế hoạch chuyễn đổi số năm 2027", "", "Ba việc chuyễn đổi số.").areas
    assert () == tag("Giữ lại một cửa sổ gỗ", "", "Một cửa sổ cũ của làng.").areas


def test_a_footer_makes_no_area():
    """What an office writes under every text says nothing about the text."""
    body = "Mưa lớn từ 20 giờ, nhiều tuyến phố ngập sâu, xe chết máy. " * 8

    assert () == tag("Mưa ngập phố", "Nơi sâu nhất 60 cm.", body + "Tải iHanoi để gửi phản ánh, kiến nghị.").areas


def test_question_about_papers_is_a_procedure():
    """A question and answer about papers, fees and time limits is about procedures; its field and readers are named."""
    found = tag(
        "Tách thửa đất cần giấy tờ gì?",
        "Người dân hỏi về đất đai.",
        "Hồ sơ gồm đơn theo mẫu. Lệ phí theo quy định.",
        "qa",
    )

    assert "kstthc" == found.areas[0]
    assert "N3.1.e" in found.topics
    assert ("dat-dai",) == found.fields
    assert ("nguoi-dan",) == found.audiences


def test_hashtags_without_accents_are_evidence():
    """#ChuyenDoiSo speaks for its area."""
    (one,) = (one for one in tag("Tin", hashtags=("#ChuyenDoiSo",)).evidence["chuyen-doi-so"] if one.field == "hashtag")

    assert ("hashtag", 0, 12) == (one.field, one.start, one.end)


def test_ids_are_those_of_the_outline():
    """Topics and audiences of the lexicon stand in the outline, with the same areas."""
    assert set(load().topic_areas) <= set(reference.topics())
    assert set(DATA["audiences"]) == set(reference.audiences())
    assert set(load().areas) == set(reference.area_names())


def test_tagging_travels():
    """To another process and to JSON."""
    found = tag("Sơ kết Đề án 06 và chuyển đổi số")

    assert found == pickle.loads(pickle.dumps(found))
    assert {"areas", "scores", "topics", "evidence"} <= set(json.loads(json.dumps(to_json(found))))
    assert found.areas == tuple(one.id for one in tags(found))
