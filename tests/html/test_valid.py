"""The Nu HTML checker over every page: portal, monitor, simulator and what a unit finds in its folder; `make html`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/browser"))  # one newsroom for both suites
from newsroom import ROOM_PAGES, real_newsroom  # noqa: E402 - as above

VNU = ROOT / "build/vnu/vnu.jar"
pytestmark = [
    pytest.mark.html,
    pytest.mark.skipif(not shutil.which("java"), reason="java is not installed: apt-get install default-jre-headless"),
    pytest.mark.skipif(not VNU.exists(), reason="the checker is not fetched: tests/html/fetch.sh build/vnu"),
]


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A newsroom with trouble in it, and one item withdrawn, so that its notice is checked too."""
    with real_newsroom(tmp_path_factory.mktemp("newsroom")) as room:
        room.bantin("withdraw", "ttpvhcc/2026-11-16-dat-lich-theo-luot-giam-cho.md", "--why", "thử")
        room.bantin("run")
        yield room


def checked(*words):
    """What the checker says of files, without what it only informs of."""
    command = ["java", "-Xss4m", "-jar", str(VNU), "--format", "json", "--errors-only", "--exit-zero-always", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    told = json.loads(done.stderr)["messages"]
    return [
        f"{Path(one['url']).name}:{one.get('lastLine', 0)}: {one['message']} — {one.get('extract', '')[:120]!r}"
        for one in told
    ]


def test_the_checker_finds_what_is_wrong(tmp_path):
    """Or its silence would say nothing."""
    (tmp_path / "a.html").write_text("<!doctype html><html lang=vi><title>x</title><p><div id=a></div><i id=a></p>")

    assert len(checked(str(tmp_path))) > 1


def test_every_page_of_the_portal_is_valid(room):
    """Each file that readers may get, style sheets and drawings too."""
    public = room.folder / "public"

    assert len(list(public.rglob("*.html"))) > 60
    assert any("Bài này đã được gỡ" in page.read_text(encoding="utf-8") for page in public.glob("2026/*/*.html"))
    assert [] == checked(*(str(page) for page in public.rglob("*.html") if ".gone" not in page.parts))
    assert [] == checked("--css", *map(str, public.rglob("*.css")))
    assert [] == checked("--svg", *map(str, public.rglob("*.svg")))


def test_every_page_of_the_monitor_and_the_simulator_is_valid(room, tmp_path):
    """Each kind of page that the browser suite opens."""
    for name, site, place in ROOM_PAGES:
        if site != "portal":
            answer = requests.get(room.address(site, place), timeout=60)
            assert answer.status_code == (404 if name.endswith("missing") else 200), name
            (tmp_path / f"{name}.html").write_bytes(answer.content)

    assert len(list(tmp_path.iterdir())) > 20
    assert [] == checked(str(tmp_path))


def test_what_a_unit_finds_in_its_folder_is_valid(room):
    """KET-QUA.html, of a unit with findings and of one without."""
    reports = list((room.folder / "content").glob("*/KET-QUA.html"))

    assert len(reports) > 3
    assert [] == checked(*map(str, reports))
