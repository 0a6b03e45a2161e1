"""The newsroom's own sample files, good and bad, when they lie beside the project: each gets what its manifest says."""

import shutil
import unicodedata
from datetime import datetime

import pytest
import yaml

from pipeline import config as settings
from pipeline.session import run_once
from tests.conftest import ZONE

CONFIG = """
[portal]
base_url = "https://cchc.example.vn"
[channels.zalo]
enabled = false
[channels.facebook]
enabled = false
[intake]
settle = 0
[media]
webp_method = 0
widths = [480]
"""
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
STEPS = {"publish": {"accept", "warn"}, "review": {"hold"}, "reject": {"reject"}, "ignore": {"ignore"}}


@pytest.fixture
def taken(tmp_path, shared):
    """What one run over a copy of a shared folder did not publish: path → (outcome, findings)."""

    def run(name):
        source = shared(name)
        shutil.copytree(source, tmp_path / "content", copy_function=shutil.copyfile)
        (tmp_path / "content/MANIFEST.yaml").unlink(missing_ok=True)
        (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
        result = run_once(settings.load(tmp_path / "config.toml"), lambda: NOW)
        return source, {one.path: (one.outcome.value, one.findings) for one in result.taken.prepared}

    return run


def test_every_bad_sample_gets_what_its_manifest_says(taken):
    """`must` or one of `also_fine`; a file that must be warned of carries a warning, an ignored one is not seen."""
    source, found = taken("samples-bad")
    found = {unicodedata.normalize("NFC", path): outcome for path, outcome in found.items()}
    manifest = yaml.load(
        (source / "MANIFEST.yaml").read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    wrong = []
    for row in manifest["files"]:
        outcome, findings = found.get(unicodedata.normalize("NFC", row["file"]), ("ignore", ()))
        allowed = {row["must"], *row.get("also_fine", ())}
        if not STEPS[outcome] & allowed or (outcome == "publish" and "accept" not in allowed and not findings):
            wrong.append((row["file"], sorted(allowed), outcome, [one.code for one in findings]))

    assert [] == wrong
    assert 50 < len(manifest["files"])


def test_no_good_sample_is_held_or_refused(taken):
    """Nothing above a warning."""
    _source, found = taken("samples")

    assert {} == {path: [(one.code, one.message) for one in findings] for path, (outcome, findings) in found.items()
                  if outcome not in ("publish", "ignore")}  # fmt: skip
    assert 20 < len(found)
