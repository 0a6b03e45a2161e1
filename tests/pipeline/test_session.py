"""The whole way on real files: folder, ledger, static portal."""

import json
import socket
from datetime import timedelta

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.planning import plan_once
from pipeline.session import run_once
from tests.pipeline.offices import bring, open_office

ITEMS = ("so-xay-dung", "xa-00166", "cong-an-tp")


@pytest.fixture
def office(tmp_path, root, pictures):
    """A newsroom with three units of the shipped content and a portal of its own."""
    bring(root, tmp_path, *ITEMS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return open_office(tmp_path, f"http://127.0.0.1:{port}", pictures=pictures)


@pytest.fixture
def clock(now):
    return lambda: now


def pages(office):
    return sorted(file.name for file in office.path("public").glob("2026/*/*.html"))


def outcomes(result):
    return sorted((op, outcome) for _item, _channel, op, outcome in result.items)


def test_a_first_run_publishes_everything_and_a_second_nothing(office, clock):
    """Desired state against the ledger."""
    first = run_once(office, clock)
    assert {("publish", "done")} == set(outcomes(first))
    assert len(first.items) == len(pages(office)) == first.taken.seen
    second = run_once(office, clock)
    assert ([], []) == (second.items, second.taken.prepared)


def test_a_changed_file_is_exactly_one_revision(office, clock, tmp_path):
    """And its address stays."""
    run_once(office, clock)
    before = pages(office)
    file = next((tmp_path / "content/so-xay-dung").glob("*.md"))
    file.write_text(
        file.read_text(encoding="utf-8").replace("title: ", "title: ", 1) + "\nThêm một câu.\n", encoding="utf-8"
    )

    assert [("revise", "done")] == outcomes(run_once(office, clock))
    assert before == pages(office)


def test_a_broken_file_among_good_ones_is_the_only_one_refused(office, clock, tmp_path):
    """With file, line and remedy, in Vietnamese."""
    bad = tmp_path / "content/so-xay-dung/hong.md"
    bad.write_text("---\nkind: article\ntitle: x\nsummary: y\ndate: hôm nào\n---\nz", encoding="utf-8")
    result = run_once(office, clock).as_dict()

    assert ["so-xay-dung/hong.md"] == [report["file"] for report in result["not_published"]]
    finding = result["not_published"][0]["findings"][0]
    assert ("META006", 5) == (finding["code"], finding["line"])
    assert "không phải" in finding["message"] or "viết" in finding["message"]


def test_a_withdrawn_item_leaves_a_notice(office, clock, tmp_path):
    """The page says that the item was taken down; lists no longer name it."""
    run_once(office, clock)
    file = next((tmp_path / "content/so-xay-dung").glob("*.md"))
    file.write_text(file.read_text(encoding="utf-8").replace("kind:", "status: withdrawn\nkind:", 1), encoding="utf-8")

    assert [("withdraw", "done")] == outcomes(run_once(office, clock))


def test_a_vanished_file_withdraws_nothing(office, clock, tmp_path):
    """A share may be unmounted: it is reported."""
    run_once(office, clock)
    next((tmp_path / "content/so-xay-dung").glob("*.md")).unlink()
    result = run_once(office, clock)

    assert (1, []) == (len(result.taken.missing), result.items)


def test_an_embargo_holds_to_the_minute(office, now, tmp_path):
    """publish_at binds everybody, also a run by hand."""
    file = next((tmp_path / "content/so-xay-dung").glob("*.md"))
    text = file.read_text(encoding="utf-8").replace("kind:", "publish_at: 2026-11-24T08:30:00+07:00\nkind:", 1)
    file.write_text(text, encoding="utf-8")
    early = run_once(office, lambda: now)
    late = run_once(office, lambda: now + timedelta(minutes=30))

    assert (early.taken.seen - 1, 1) == (len(early.items), len(late.items))


def test_a_plan_touches_nothing(office, now, tmp_path):
    """Not even a ledger is made."""
    (office.state / "ledger.sqlite").unlink()  # before the first run
    before = sorted(tmp_path.rglob("*"))
    steps = plan_once(office, now)

    assert {"publish"} == {step["step"] for step in steps}
    assert before == sorted(tmp_path.rglob("*"))


def test_check_prints_one_object_a_file(office, tmp_path):
    """And ends with 1 when something must be mended."""
    bad = tmp_path / "content/so-xay-dung/hong.md"
    bad.write_text("", encoding="utf-8")
    answer = CliRunner().invoke(main, ["check", "--json", "--config", str(tmp_path / "config.toml"), str(bad)])

    report = json.loads(answer.stdout)
    assert (1, "reject", "FILE001") == (answer.exit_code, report["outcome"], report["findings"][0]["code"])
    assert {"file", "item", "kind", "areas", "findings", "outcome"} == set(report)


def test_classify_reads_and_writes_json_lines(office, tmp_path):
    """One line out for each line in."""
    line = json.dumps(
        {"id": "x", "kind": "article", "title": "Sơ kết Đề án 06 trên địa bàn", "summary": "", "body": ""}
    )
    answer = CliRunner().invoke(main, ["classify", "--config", str(tmp_path / "config.toml")], input=line + "\n")

    assert ("x", ["de-an-06"]) == (lambda row: (row["id"], row["areas"]))(json.loads(answer.stdout))


def test_a_configuration_error_ends_with_2(tmp_path):
    """One message, no traceback."""
    (tmp_path / "config.toml").write_text("[portal]\nbase_url = 'x'", encoding="utf-8")
    answer = CliRunner().invoke(main, ["run", "--config", str(tmp_path / "config.toml")])

    assert 2 == answer.exit_code
    assert "base_url" in answer.stderr
