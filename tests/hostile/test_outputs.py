"""A whole newsroom that took in hostile drops and whose editor approved all that can be: portal, reports and desk pages."""

import json
from datetime import datetime

import pytest
import requests
import uvicorn

from pipeline import reference
from pipeline.desk.app import build
from pipeline.errors import BantinError
from pipeline.ledger.verbs import By
from pipeline.session import run_once
from tests.conftest import ZONE
from tests.hostile import attacks_feeds, attacks_files, attacks_text, looking
from tests.hostile.attacks import CASES
from tests.pipeline.desk.conftest import Served
from tests.pipeline.offices import open_office

NOW = datetime(2026, 11, 24, 8, tzinfo=ZONE)
assert attacks_feeds and attacks_files and attacks_text
CHOSEN = [name for name in CASES if name.startswith(("field/", "name/")) or name in {
    "body/script", "body/onerror", "body/link-js", "body/code-language", "body/footnote-name", "body/heading-id", "body/link-quote", "body/jinja",
    "body/terminal", "body/entities", "letters/bidi-title", "letters/noncharacter", "letters/emoji-title", "captions/script", "captions/settings",
    "pdf/title", "pdf/name", "feed/markdown", "feed/title-bidi", "feed/atom-script", "picture/exif-host", "video/https://youtu.be/\"onload=\"alert(4711)"}]  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Each case in a unit of its own; what may be approved is approved and published."""
    folder = tmp_path_factory.mktemp("office")
    made = open_office(folder)
    units = [one.id for one in reference.units().all() if one.valid_on(NOW.date())]
    used = []
    for name, unit in zip(CHOSEN, units, strict=False):
        CASES[name].write(folder / "content" / unit)
        used.append(unit)
    first = run_once(made, lambda: NOW)
    for one in first.taken.prepared:
        if one.item and one.outcome == "review":
            try:
                first.ledger.approve(one.item, By("biên tập", NOW))
            except BantinError:
                continue
    run_once(made, lambda: NOW)
    return made, first, used


def test_the_portal_and_the_reports_let_nothing_through(office):
    """Every page, feed, picture and KET-QUA file."""
    made, first, _used = office
    reports = list(made.content.glob("*/KET-QUA.*"))

    assert [] == list(looking.in_site(made.path(made.portal.output)))
    assert [] == [found for file in reports for found in looking.in_file(file)]
    assert 20 < len(reports)
    assert 20 < len({one.item for one in first.taken.prepared if one.item})


def test_the_desk_shows_hostile_words_as_words(office):
    """The monitor, every item, the log, and each unit's letter box."""
    made, first, used = office
    items = {one.item for one in first.taken.prepared if one.item}
    addresses = [
        "/",
        "/nhat-ky",
        *(f"/tin/{item}" for item in items),
        *(f"/gui-tin/{unit}/ket-qua" for unit in used[:10]),
    ]
    wrong = []
    app = build(first.ledger, made, lambda: NOW)
    with Served(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1)) as host:
        for address in addresses:
            page = requests.get(host + address, timeout=60)
            assert page.status_code in (200, 303), (address, page.status_code)
            wrong += [(address, found) for found in looking.in_html(page.text, page=True)]

    assert [] == wrong


def test_every_answer_for_a_program_is_json(office):
    """What `bantin run --json` prints of it."""
    assert json.loads(json.dumps(office[1].as_dict(), default=str))
