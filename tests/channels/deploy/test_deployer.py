"""Bringing the portal to a server: only what changed, in a sound order, again after whatever went wrong."""

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from channels.deploy import remedies
from channels.deploy.carrier import STAMP, DeployError
from channels.deploy.deployer import forget
from channels.deploy.store import Store
from channels.portal.outbox import rank
from channels.portal.post import Label

LINK = re.compile(rb'(?:href|src)="(/?[^"#?:]+)["#?]')


class Watched(Store):
    """A mounted folder whose every step is looked at, and which may break off."""

    def __init__(self, folder, look=lambda: None, most=10_000):
        super().__init__("file", str(folder), auto_mkdir=True)
        self.look, self.most, self.seen = look, most, []

    def send(self, root, files, told):
        for one in files:
            if len(self.seen) == self.most:
                raise DeployError("the line is cut", remedies.UNREACHED)
            super().send(root, [one], told)
            self.seen.append(one.address)
            self.look()

    def remove(self, root, addresses):
        for one in addresses:
            super().remove(root, [one])
            self.look()


def test_the_server_gets_the_same_files(town):
    """After the first flush, with the marks of what was withdrawn; nothing of the workshop goes along."""
    town.publish(0, 1, 2, 3, 4)

    assert town.here() == town.there()
    assert [True] == [health.ok for health in town.told]


def test_nothing_is_sent_when_nothing_changed(town):
    """Nor is the server even asked."""
    town.publish(0, 1)
    asked = []
    town.carrier = lambda: asked.append(1)
    town.portal.flush()

    assert [] == asked


def test_an_edit_brings_only_what_it_changed(town):
    """One page among forty: itself, the lists and feeds that show it; no picture, no style sheet, no other page."""
    town.publish(*range(40))
    carrier = Watched(town.server)
    town.carrier = lambda: carrier
    town.portal.publish(town.post(20, body_html="<p>Đã sửa.</p>"))
    town.portal.flush()

    assert ["2026/11/tin-20-k020.html"] == [one for one in carrier.seen if one.startswith("2026/")]
    assert len(carrier.seen) < 12
    assert town.here() == town.there()


def test_a_withdrawal_leaves_the_notice_and_takes_the_pictures_away(town):
    """The picture of a withdrawn item must not stay public on the server."""
    town.publish(0, 1)
    shown = {name for name in town.there() if name.startswith("media/")}
    town.portal.withdraw(town.post(1), "k001")
    town.portal.flush()
    after = town.there()

    assert 3 == len(shown - after.keys())
    assert ".gone/2026/11/tin-1-k001.html" in after
    assert town.here() == after


def test_what_is_shown_again_loses_its_mark_with_its_page(town):
    """A page must not answer 410 while lists already name it."""
    town.publish(0, 1)
    town.portal.withdraw(town.post(1), "k001")
    town.portal.flush()
    mark, lists = town.server / ".gone/2026/11/tin-1-k001.html", []
    home = (town.server / "index.html").read_bytes()
    town.carrier = lambda: Watched(town.server, lambda: lists.append(
        mark.exists() and (town.server / "index.html").read_bytes() != home))  # fmt: skip
    town.publish(1)

    assert not mark.exists()
    assert lists and not any(lists)


def dangling(server, known):
    """Links that lead nowhere, on pages to which a reader comes: from the home page, or from an address that he kept."""
    found, todo = set(), [f"{server}/index.html", *(f"{server}/{name}" for name in known if name.endswith(".html"))]
    seen = set(todo)
    while todo:
        page = todo.pop()
        for link in set(LINK.findall(Path(page).read_bytes())) if os.path.isfile(page) else ():
            at = os.path.join(server if link.startswith(b"/") else os.path.dirname(page), link.decode().lstrip("/"))
            at = os.path.normpath(f"{at}/index.html" if os.path.isdir(at) else at)
            if not os.path.isfile(at):
                found.add((os.path.relpath(page, server), link.decode()))
            elif at.endswith(".html") and at not in seen:
                seen.add(at)
                todo.append(at)
    return found


def test_no_reader_ever_finds_a_link_that_leads_nowhere(town):
    """After every single file of two new items, one of them of a new unit, and of a withdrawal."""
    town.publish(*range(8))
    states, known = [], set(town.there())
    assert set() == dangling(town.server, known)
    town.carrier = lambda: Watched(town.server, lambda: states.append(dangling(town.server, known)))
    town.portal.publish(town.post(9, unit=Label("so-y-te", "Sở Y tế"), areas=(Label("de-an-06", "Đề án 06"),)))
    town.publish(8)
    first = len(states)
    town.portal.withdraw(town.post(2), "k002")
    town.portal.flush()

    assert first > 25 and len(states) > first + 15
    assert set() == set().union(*states)


@pytest.mark.parametrize("most", [0, 1, 7, 30, 55])
def test_a_line_that_is_cut_costs_only_what_was_under_way(town, most):
    """What has arrived is not sent again; the result is the same tree."""
    cut = Watched(town.server, most=most)
    town.carrier = lambda: cut
    town.publish(*range(6))
    assert [False] == [health.ok for health in town.told]
    again = Watched(town.server)
    town.carrier, town.now = lambda: again, town.now + timedelta(minutes=2)
    town.portal.flush()

    assert most == len(cut.seen)
    assert set() == set(cut.seen) & set(again.seen)
    assert town.here() == town.there()
    assert town.told[-1].ok


def test_a_server_in_trouble_is_left_alone_for_a_while_and_health_says_so(town):
    """A minute after the first failure, longer after each; a person at the keyboard need not wait."""
    tries = []

    class Away(Watched):
        def __enter__(self):
            tries.append(town.now)
            raise DeployError("no route", remedies.UNREACHED)

    town.carrier = lambda: Away(town.server)
    town.publish(0)
    for _minute in range(10):
        town.now += timedelta(minutes=1)
        town.portal.flush()
    health = town.portal.health()

    assert 4 == len(tries)  # at 0, 1, 3 and 7 minutes
    assert not health.ok and "no route" in health.message and "since 08:00 01/11/2026" in health.message
    assert remedies.UNREACHED == health.remedy
    assert "no route" == town.deployer().run().error


def test_another_server_gets_everything(town):
    """Whatever we remember of the first."""
    town.publish(0, 1)
    town.server, town.target = town.folder / "second", "file:///second"
    town.portal.flush()
    town.deployer().run()

    assert town.here() == town.there()


def test_a_server_that_was_set_back_or_written_by_another_is_made_whole(town):
    """The stamp is not ours: every file is brought, stale ones of the portal go, files of others stay."""
    town.publish(0, 1)
    (town.server / STAMP).write_text("somebody else")
    (town.server / "index.html").write_text("old")
    stale = ["media/ff/ff00.jpg", "2025/01/cu-k9.html", "tin/trang-7.html"]
    for name in [*stale, "google1234.html"]:
        (town.server / name).parent.mkdir(parents=True, exist_ok=True)
        (town.server / name).write_text("x")
    report = town.deployer().run()

    assert report.whole and sorted(stale) == sorted(report.removed)
    assert town.here() | {"google1234.html": b"x"} == town.there()


def test_a_dry_run_changes_nothing(town):
    """It tells what would go and what would come."""
    town.publish(0, 1)
    away = town.carrier
    town.carrier = lambda: Watched(town.server, most=0)
    town.portal.withdraw(town.post(1), "k001")
    town.portal.flush()
    town.carrier, before = away, town.there()
    report = town.deployer().run(dry=True)

    assert "2026/11/tin-1-k001.html" in report.sent
    assert 3 == len([name for name in report.removed if name.startswith("media/")])
    assert before == town.there()


def test_what_changes_while_a_deployment_runs_is_brought_next_time(town):
    """The files that are sent are those of one moment, and what came meanwhile stays noted."""
    town.publish(0)
    late = Watched(town.server)

    def meanwhile():
        if len(late.seen) == 1:
            late.seen.append("-")
            town.portal.publish(town.post(1))

    late.look = meanwhile
    town.carrier = lambda: late
    town.portal.publish(town.post(0, title="Đã sửa"))
    town.portal.flush()
    assert "2026/11/tin-1-k001.html" not in town.there()
    town.portal.flush()

    assert town.here() == town.there()


def test_switched_off_and_on_again_brings_everything(town):
    """Changes were not noted in between."""
    town.publish(0)
    forget(town.folder / "state")
    (town.server / "index.html").write_text("changed by hand")
    town.portal.flush()

    assert town.here() == town.there()


def test_a_file_of_somebody_else_in_the_folder_is_not_published(town):
    """Neither a note of an operator nor a hidden file."""
    town.publish(0)
    (town.public / "ghi-chu.txt").write_text("nội bộ")
    (town.public / ".env").write_text("nội bộ")
    town.deployer().run(whole=True)

    assert not {"ghi-chu.txt", ".env"} & town.there().keys()


def test_every_file_that_the_portal_writes_has_a_rank(town):
    """Or it would never be brought, and never be taken away."""
    town.publish(*range(8))
    town.portal.withdraw(town.post(2), "k002")
    town.portal.flush()

    assert [] == [name for name in town.here() if rank(name) is None]
    assert [rank(name) for name in ("media/aa/a.jpg", "2026/11/a.html", "mot-cua/index.html", "index.html", "rss.xml",
                                    "sitemap.xml")] == [0, 1, 2, 3, 4, 5]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["media/../../etc/x", ".gone/2026/../../x", "theme/..", "/media/a.jpg", "media/a\nb", "con-so/x"]
)
def test_a_name_that_a_hostile_server_tells_is_none_of_ours(name):
    """Nothing is made or taken away under it."""
    assert rank(name) is None


CHILD = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from deploy_town import Town
calls, rename = [0], os.replace
def replace(source, target):
    if "/server/" in str(target):
        calls[0] += 1
        if calls[0] == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
    rename(source, target)
os.replace = replace
Town(Path(sys.argv[2])).publish(*range(6))
"""


@pytest.mark.parametrize("deadly", [1, 12, 40])
def test_after_a_kill_the_next_deployment_ends_with_the_same_tree(town, deadly):
    """The process dies between two files."""
    words = [str(Path(__file__).parent), str(town.folder), str(deadly)]
    assert -signal.SIGKILL == subprocess.run([sys.executable, "-c", CHILD, *words], check=False, timeout=60).returncode
    carrier = Watched(town.server)
    town.carrier = lambda: carrier
    town.portal.flush()

    assert town.here() == town.there()


def test_two_deployments_at_once_do_not_meet(town):
    """The second leaves it to the first."""
    town.publish(0)
    errors = []
    town.carrier = lambda: Watched(town.server, lambda: errors.append(town.deployer().run().error))
    town.publish(1)

    assert {"another deployment is under way"} == set(errors)
    assert town.here() == town.there()
