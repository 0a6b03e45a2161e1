"""Words that were learned: how they are read, weighed and fitted."""

import json
from pathlib import Path

from pipeline import lexicon
from pipeline.classify import Words, classify
from pipeline.learned import Learned, Text, count, load, phrases
from tools import learn_words

AREAS = ["kstthc", "mot-cua", "de-an-06", "chuyen-doi-so"]
SMALL = [
    {"id": f"{area}-{number}", "kind": "article", "title": title, "summary": "", "body": "", "required": [area] if area else []}
    for number in range(3)
    for area, title in (("mot-cua", "Bà ngồi chờ ở quầy"), ("chuyen-doi-so", "Robot ở trường"), ("", "Mưa to ở phố"))
]  # fmt: skip


def test_punctuation_and_numbers_part_pairs_of_syllables():
    """A pair is two syllables side by side; numbers are not read."""
    assert ["nhận", "giấy", "nhận giấy", "chờ", "phút"] == [one for one, _, _ in phrases("Nhận giấy, chờ 15 phút")]


def test_both_tone_placements_are_one_word():
    """hoà and hòa, thuỷ and thủy."""
    assert [one for one, _, _ in phrases("hoà thuỷ")] == [one for one, _, _ in phrases("hòa thủy")]


def test_another_sense_is_not_counted():
    """What a mask covers says nothing."""
    texts = [Text("title", "kết quả xét nghiệm tốt", ((0, 18),))]

    assert {"tốt"} == set(count(texts, 1.0, None, {}))


def test_a_long_body_is_thinned():
    """The same words weigh less in a longer text."""
    once = count([Text("body", "quầy")], 1.0, None, {})["quầy"].value
    thin = count([Text("body", "quầy")], 5.0, None, {})["quầy"].value

    assert 0 < thin < once


def test_text_without_accents_is_read_where_it_is_plain():
    """ "giay hen" is one phrase only; "cua" could be many words and is left."""
    given = {
        "areas": AREAS,
        "bias": [0.0] * 5,
        "syllables": "",
        "weights": dict.fromkeys(("giấy hẹn", "cửa", "của"), [0.0] * 5),
    }
    weights = Learned(given)

    assert {"giấy hẹn"} == set(count([Text("title", "giay hen cua toi")], 1.0, weights.weights, weights.folded))


def test_fitting_finds_what_the_items_say_and_is_the_same_every_time():
    """A handful of items is enough to tell their words apart."""
    made = learn_words.learn(SMALL, "")
    weights = Learned(made | {"syllables": ""})
    found = classify(Words("Cụ ngồi chờ ở quầy số ba", ""), "article", lexicon=lexicon.load(), weights=weights)

    assert made == learn_words.learn(SMALL, "")
    assert made["weights"]["quầy"][1] > 0 > made["weights"]["mưa"][1]
    assert "mot-cua" == max(found.scores, key=found.scores.get)


def test_terms_of_an_area_never_speak_against_it_nor_for_another():
    """Strong own evidence cannot be outvoted by terms of other areas: only the last weight, of any area, knows them all."""
    weights = load()

    for key, of in weights.weights.items():
        if (owner := key.partition(":")[0]) in AREAS:
            assert all(one >= 0 if area == owner else one == 0 for area, one in zip(AREAS, of[:-1], strict=True))


def test_an_item_of_no_area_is_in_none_of_them():
    """What speaks against any area lowers each of them."""
    given = {"areas": AREAS, "bias": [0.0] * 5, "syllables": "", "weights": {"mưa": [0.0, 0.0, 0.0, 0.0, -4.0]}}

    assert dict.fromkeys(AREAS, 0.25) == Learned(given).certainty({}, {})
    assert all(one < 0.01 for one in Learned(given).certainty({"mưa": 1.0}, {}).values())


def test_items_are_also_learned_together():
    """A mix has the words and the areas of its parts; items without area are mixed with one another."""
    items = [one | {"body": one["title"], "optional": []} for one in SMALL]
    made = list(learn_words.mixes(items))

    assert {("chuyen-doi-so", "mot-cua"), ()} == {tuple(one["required"]) for one in made}
    assert all("quầy" in one["body"] and "Robot" in one["body"] for one in made if one["required"])


def test_the_weights_of_the_package_were_learned_from_the_sets_as_they_are():
    """Whoever adds an item or a line learns again, and no held-out set is among what is learned from."""
    items = learn_words.read(learn_words.SETS) + learn_words.lines_of_the_lexicon()
    path = Path(learn_words.ROOT) / "pipeline" / "data" / "learned.json"

    assert f"({len(items)} items)" in json.loads(path.read_text(encoding="utf-8"))["about"]
    assert {"tagging-dev.yaml", "tagging-tune.yaml", "tagging-train.yaml"} == {one.name for one in learn_words.SETS}
    assert tuple(AREAS) == load().areas


def test_a_pair_that_reaches_into_another_sense_is_not_counted():
    """Its other half still is, and so is the pair behind it."""
    found = count([Text("title", "một hai ba bốn", ((4, 7),))], 1.0, None, {})

    assert {"một": (0, 3), "ba": (8, 10), "bốn": (11, 14), "ba bốn": (8, 14)} == {
        phrase: (one.start, one.end) for phrase, one in found.items()
    }
