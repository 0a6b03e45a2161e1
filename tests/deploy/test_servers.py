"""The same story told to every kind of real server; `make deploy` runs only this."""

import os
import shutil

import pytest
from deploy_town import Town

from channels.deploy import remedies
from channels.deploy.rsync import Rsync
from channels.deploy.sftp import Sftp
from channels.deploy.target import target_of

pytestmark = [
    pytest.mark.deploy,
    pytest.mark.skipif(not shutil.which("rsync"), reason="rsync is not installed: apt-get install rsync"),
]


def test_the_site_arrives_changes_and_shrinks(server):
    """First everything, then an edit alone, then a withdrawal with its pictures; each time the same tree."""
    server.publish(*range(7))
    assert server.told[-1].ok, server.told[-1].message
    assert server.here() == server.there()
    server.portal.publish(server.post(3, body_html="<p>Đã sửa.</p>"))
    server.portal.flush()
    assert server.here() == server.there()
    before = {name for name in server.there() if name.startswith("media/")}
    server.portal.withdraw(server.post(5), "k005")
    server.portal.flush()

    assert [True] * 3 == [health.ok for health in server.told]
    assert server.here() == server.there()
    assert 3 == len(before - server.there().keys())


def test_a_whole_deployment_takes_stale_files_away(server):
    """What an earlier installation left there; a second whole deployment finds nothing to remove."""
    server.publish(*range(3))
    old = server.deployer(state="another-machine")
    shutil.rmtree(server.public / "2026/11")
    shutil.rmtree(server.public / "media")
    report = old.run()

    assert "" == report.error
    assert report.whole
    assert 12 == len([name for name in report.removed if name.startswith(("2026/11/tin", "media/"))])
    assert server.here() == server.there()
    assert () == old.run(whole=True).removed


def test_what_nobody_may_read_stays_away_from_the_log_and_from_health(server):
    """Neither key nor password stands in what is told."""
    server.publish(0)

    assert not any(word in health.message for health in server.told for word in ("mat-khau", "PRIVATE", "secret"))


def test_a_server_with_another_key_gets_nothing(tmp_path, sshd, user, make_key):
    """It may be somebody in between; both ways say what to do."""
    port, key, _known = sshd
    make_key(tmp_path / "other")
    wrong = tmp_path / "known"
    wrong.write_text(f"[127.0.0.1]:{port} {(tmp_path / 'other.pub').read_text()}")
    for scheme, kind in (("rsync+ssh", Rsync), ("sftp", Sftp)):
        to = target_of(f"{scheme}://{user}@127.0.0.1:{port}{tmp_path}/server")
        report = deployed(tmp_path, lambda kind=kind, to=to: kind(to, key=key, known_hosts=wrong, time_out=20))

        assert remedies.HOST_KEY == report.remedy, report.error
    assert not (tmp_path / "server").exists()


def test_a_key_that_the_server_does_not_know_is_told(tmp_path, sshd, user, make_key):
    """And nothing of it is shown."""
    port, _key, known = sshd
    stranger = make_key(tmp_path / "stranger")
    for scheme, kind in (("rsync+ssh", Rsync), ("sftp", Sftp)):
        to = target_of(f"{scheme}://{user}@127.0.0.1:{port}{tmp_path}/server")
        report = deployed(tmp_path, lambda kind=kind, to=to: kind(to, key=stranger, known_hosts=known, time_out=20))

        assert remedies.LOG_IN == report.remedy, report.error


def test_a_wrong_password_is_told(tmp_path, daemon, password_sftp):
    """Of the daemon, and of SFTP."""
    to = target_of(f"rsync://web@127.0.0.1:{daemon}/cchc")
    first = deployed(tmp_path, lambda: Rsync(to, password="khac", known_hosts=tmp_path, time_out=20))
    door = target_of(f"sftp://web@127.0.0.1:{password_sftp.port}{tmp_path}/server")
    second = deployed(tmp_path, lambda: Sftp(door, password="khac", known_hosts=password_sftp.known, time_out=20))

    assert [remedies.LOG_IN] * 2 == [first.remedy, second.remedy], (first.error, second.error)
    assert "khac" not in first.error + second.error


def test_a_server_that_is_away_is_told(tmp_path, sshd, user):
    """The port is closed."""
    _port, key, known = sshd
    for scheme, kind in (("rsync+ssh", Rsync), ("sftp", Sftp)):
        to = target_of(f"{scheme}://{user}@127.0.0.1:1{tmp_path}/server")
        report = deployed(tmp_path, lambda kind=kind, to=to: kind(to, key=key, known_hosts=known, time_out=20))

        assert remedies.UNREACHED == report.remedy, report.error


def test_a_bucket_that_is_not_there_is_told(open_town, s3):
    """With what to look at."""
    from channels.deploy.store import Store

    town = open_town(lambda: Store("s3", "khong-co/x", key="k", secret="s", skip_instance_cache=True,
                                   client_kwargs={"endpoint_url": s3}), "s3://khong-co/x")  # fmt: skip
    town.publish(0)

    assert remedies.BUCKET == town.told[-1].remedy, town.told[-1].message


def test_objects_carry_type_and_caching(open_town, s3, bucket):
    """As the web server would say them; marks with a dot are not put where everybody could list them."""
    from channels.deploy.store import Store

    name, client = bucket
    town = open_town(lambda: Store("s3", name, key="key", secret="secret", skip_instance_cache=True,
                                   client_kwargs={"endpoint_url": s3}), f"s3://{name}")  # fmt: skip
    town.publish(0, 1)
    town.portal.withdraw(town.post(1), "k001")
    town.portal.flush()
    said = {key: client.head_object(Bucket=name, Key=key) for key in ("index.html", "rss.xml", "theme/site.css")}

    assert {"index.html": ("text/html; charset=utf-8", "public, max-age=60"),
            "rss.xml": ("application/rss+xml; charset=utf-8", "public, max-age=300"),
            "theme/site.css": ("text/css; charset=utf-8", "public, max-age=31536000, immutable")} == {
                key: (head["ContentType"], head["CacheControl"]) for key, head in said.items()}  # fmt: skip
    keys = [one["Key"] for one in client.list_objects_v2(Bucket=name)["Contents"]]
    assert not [key for key in keys if key.startswith(".gone")]


@pytest.mark.parametrize("server", ["rsync+ssh", "rsync", "sftp", "sftp-password"], indirect=True)
def test_files_on_the_server_are_readable_for_its_web_server(server):
    """Whatever the umask of the one who brings them; an object store has no rights of files."""
    before = os.umask(0o077)
    try:
        server.publish(0)
    finally:
        os.umask(before)

    assert {0o644} == {path.stat().st_mode & 0o777 for path in server.server.rglob("*.html")}


def deployed(folder, carrier):
    """What a deployment of a small site by this way reports."""
    (folder / "site").mkdir(exist_ok=True)
    town = Town(folder / "site", carrier, "somewhere")
    town.publish(0)
    return town.deployer().run()
