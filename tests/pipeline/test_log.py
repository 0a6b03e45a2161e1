"""The program's own log: what is in a line, and what never is."""

import json
import logging
import subprocess
import sys

import pytest

from pipeline import config as settings
from pipeline.log import about, hide, set_up

SECRET = 'mật"khẩu\\rất-dài'


@pytest.fixture(autouse=True)
def root_as_before():
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(("text", "gone"), [
    ("access_token=abcDEF123456&x=1", "abcDEF123456"), ('{"refresh_token": "r-98765432"}', "r-98765432"),
    ("Authorization: Bearer abc.def-123456", "abc.def-123456"), ("password = 'bi-mat-1'", "bi-mat-1"),
    ("https://user:matkhau@host/x", "matkhau"), ("EAAGm0PX4ZCpsBAKZAabcdefghijk", "EAAGm0PX4Z"),
    ("eyJhbGciOi.eyJzdWIiOi.c2ln", "eyJzdWIiOi"), ("key aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA", "aB3dE5gH7jK9"),
    (r'{\"app_secret\":\"0123abcd\"}', "0123abcd"),
])  # fmt: skip
def test_what_looks_like_a_token_is_hidden(text, gone):
    """By its key or by its form."""
    assert gone not in hide(text)
    assert "•••" in hide(text)


@pytest.mark.parametrize("text", [
    "token hết hạn", "digest " + "0123456789abcdef" * 4, "so-y-te/2026-11-05-so-suc-khoe-dien-tu/index.md",
    "https://cchc.example.vn/2026/11/tin-0123456789.html", "secret: ", "1 tệp bị từ chối",
])  # fmt: skip
def test_plain_words_stay(text):
    """A log that hides everything tells nothing."""
    assert text == hide(text)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_line_tells_run_and_context_and_no_secret(as_json, capsys):
    """From any logger, in message, field, traceback and context."""
    run = set_up("info", as_json=as_json, known=[SECRET, "x"])
    log = logging.getLogger("pipeline.some")
    local = "bien-cuc-bo-" + str(len(SECRET))
    with about(job="look", channel="zalo", item="a1"):
        log.info("gửi %s", SECRET, extra={"field": SECRET, "files": 3})
        try:
            raise ValueError(f"hỏng vì {SECRET}", len(local))
        except ValueError:
            log.exception("tick failed")
    shown = capsys.readouterr().err

    assert SECRET not in shown and json.dumps(SECRET, ensure_ascii=False)[1:-1] not in shown
    assert local not in shown and "ValueError" in shown and run in shown
    for word in ("gửi", "look", "zalo", "a1", "tick failed", "pipeline.some"):
        assert word in shown
    if as_json:
        rows = [json.loads(line) for line in shown.splitlines()]
        assert ("gửi •••", 3, "info", run, "look") == tuple(
            rows[0][key] for key in ("event", "files", "level", "run", "job")
        )
        assert "+00:00" in rows[0]["timestamp"] or rows[0]["timestamp"].endswith("Z")


def test_the_level_is_kept_and_setting_up_twice_says_nothing_twice(capsys):
    """A command may be run inside another program."""
    set_up("warning", as_json=True)
    set_up("warning", as_json=True)
    logging.getLogger("pipeline").info("leise")
    logging.getLogger("pipeline").warning("laut")

    assert 1 == len(capsys.readouterr().err.splitlines())


def test_every_secret_that_is_set_is_known(tmp_path, monkeypatch):
    """From the environment and from files; each line of one that has several."""
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    config = settings.load(tmp_path / "config.toml")
    settings.keep_secret(config, "ZALO_APP_SECRET", "aus-der-datei")
    monkeypatch.setenv("BANTIN_ALERT_URLS", "json://a@b/\njson://c@d/")

    assert {"aus-der-datei", "json://a@b/", "json://c@d/"} <= set(settings.secrets(config))


def test_a_run_with_json_writes_nothing_but_json_on_stderr(tmp_path, root):
    """As a collector of logs wants it; the summary stays on stdout."""
    (tmp_path / "content/so-y-te").mkdir(parents=True)
    (tmp_path / "schedules").mkdir()
    text = "[log]\njson = true\n[channels.zalo]\nenabled = false\n[channels.facebook]\nenabled = false\n"
    (tmp_path / "config.toml").write_text(text + '[intake]\nsettle = 0\n[portal]\nbase_url = "https://x.example.vn"\n')
    source = root / "content/so-xay-dung/2026-11-10-hoi-dap-ban-ve-giay.md"
    (tmp_path / "content/so-xay-dung").mkdir()
    (tmp_path / "content/so-xay-dung/a.md").write_bytes(source.read_bytes())
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "run",
        "--config",
        str(tmp_path / "config.toml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    rows = [json.loads(line) for line in done.stderr.splitlines()]

    assert rows and {"attempt"} <= {row["event"] for row in rows}
    assert all(row["run"] == rows[0]["run"] for row in rows)
