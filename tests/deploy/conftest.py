"""Real servers on loopback: OpenSSH's sshd with rsync and SFTP, an rsync daemon, asyncssh's SFTP server, an S3 of moto."""

import asyncio
import getpass
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "channels/deploy"))
from deploy_town import Town, tree

from channels.deploy.rsync import Rsync
from channels.deploy.sftp import Sftp
from channels.deploy.store import Store
from channels.deploy.target import target_of

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USER = getpass.getuser()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended"
        time.sleep(0.05)  # a program that starts cannot be awaited otherwise
    raise AssertionError(f"nothing listens on {port} after 30 s")


def _make_key(file):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    return file.read_text()


@pytest.fixture(scope="session")
def make_key():
    """Makes a key pair; gives the private half's text."""
    return _make_key


@pytest.fixture(scope="session")
def user():
    return USER


@pytest.fixture
def open_town(tmp_path):
    return lambda carrier, target: Town(tmp_path, carrier, target)


@pytest.fixture(scope="session")
def sshd(tmp_path_factory):
    """Port, the client's key, and the file with the server's key, of a real sshd."""
    if not SSHD:
        pytest.skip("sshd is not installed: apt-get install openssh-server")
    folder, port = tmp_path_factory.mktemp("sshd"), free_port()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # the service's own folder, which only its start script makes
    client = _make_key(folder / "client")
    _make_key(folder / "host")
    (folder / "authorized").write_text((folder / "client.pub").read_text())
    known = folder / "known hosts"  # a name with a space, as it happens
    known.write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile {folder}/pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        "MaxStartups 50\nSubsystem sftp internal-sftp\n"
    )
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(folder / "config")], stdout=log, stderr=log)
    wait_for(port, process)
    yield port, client, known
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def s3():
    """Address of an object store."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def over_rsync(folder, sshd):
    port, key, known = sshd
    to = target_of(f"rsync+ssh://{USER}@127.0.0.1:{port}{folder}/server")
    return str(to), lambda: Rsync(to, key=key, known_hosts=known, time_out=20)


def over_sftp(folder, sshd):
    port, key, known = sshd
    to = target_of(f"sftp://{USER}@127.0.0.1:{port}{folder}/server")
    return str(to), lambda: Sftp(to, key=key, known_hosts=known, time_out=20)


@pytest.fixture
def daemon(tmp_path):
    """An rsync daemon that asks for a password."""
    if not shutil.which("rsync"):
        pytest.skip("rsync is not installed: apt-get install rsync")
    port, config = free_port(), tmp_path / "rsyncd.conf"
    (tmp_path / "server").mkdir()
    (tmp_path / "passwords").write_text("web:mat-khau\n")
    (tmp_path / "passwords").chmod(0o600)
    owner = "uid = root\ngid = root\n" if os.geteuid() == 0 else ""
    config.write_text(f"use chroot = no\n{owner}[cchc]\npath = {tmp_path}/server\nread only = no\nauth users = web\n"
                      f"secrets file = {tmp_path}/passwords\n")  # fmt: skip
    words = ["rsync", "--daemon", "--no-detach", f"--config={config}", f"--port={port}", "--address=127.0.0.1"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(port, process)
    yield port
    process.terminate()
    process.wait(20)


class AsyncSftp:
    """asyncssh's own server in a thread: it takes the password only."""

    def __init__(self, folder):
        import asyncssh

        class Door(asyncssh.SSHServer):
            def begin_auth(self, _user):
                return True

            def password_auth_supported(self):
                return True

            def validate_password(self, _user, password):
                return password == "mat-khau"

        self.loop, ready = asyncio.new_event_loop(), threading.Event()
        key = asyncssh.generate_private_key("ssh-ed25519")
        self.public = key.export_public_key().decode()

        async def serve():
            self.server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], server_factory=Door,
                                                sftp_factory=True)  # fmt: skip
            self.port = self.server.get_port()
            ready.set()

        def run():
            asyncio.set_event_loop(self.loop)
            self.loop.run_until_complete(serve())
            self.loop.run_forever()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        assert ready.wait(30)
        self.known = folder / "known"
        self.known.write_text(f"[127.0.0.1]:{self.port} {self.public}")

    def stop(self):
        async def end():
            self.server.close()
            await self.server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(20)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(20)
        self.loop.close()


@pytest.fixture
def password_sftp(tmp_path):
    (tmp_path / "asyncssh").mkdir()
    server = AsyncSftp(tmp_path / "asyncssh")
    yield server
    server.stop()


@pytest.fixture
def bucket(s3, request):
    """A new bucket: its name, and boto's client to look into it."""
    import boto3

    client = boto3.client(
        "s3", endpoint_url=s3, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1"
    )
    name = f"cchc-{abs(hash(request.node.name))}"
    client.create_bucket(Bucket=name)
    yield name, client
    client.close()


@pytest.fixture(params=["rsync+ssh", "rsync", "sftp", "sftp-password", "s3"])
def server(request, tmp_path):
    """A town whose portal goes to a real server, and a look at what stands there."""
    get = request.getfixturevalue
    if request.param == "s3":
        name, client = get("bucket")
        address = get("s3")
        town = Town(tmp_path, lambda: Store("s3", f"{name}/trang", key="key", secret="secret", skip_instance_cache=True,
                                            use_listings_cache=False, client_kwargs={"endpoint_url": address}), f"s3://{name}/trang")  # fmt: skip

        def there():
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=name, Prefix="trang/")
            keys = [one["Key"] for page in pages for one in page.get("Contents", ())]
            return {key.removeprefix("trang/"): client.get_object(Bucket=name, Key=key)["Body"].read()
                    for key in keys if not key.endswith(".bantin-deploy")}  # fmt: skip

        town.there, town.here = there, lambda: tree(town.public, hidden=False)
        return town
    if request.param == "rsync":
        to = target_of(f"rsync://web@127.0.0.1:{get('daemon')}/cchc")
        return Town(tmp_path, lambda: Rsync(to, password="mat-khau", known_hosts=tmp_path, time_out=20), str(to))
    if request.param == "sftp-password":
        door = get("password_sftp")
        to = target_of(f"sftp://web@127.0.0.1:{door.port}{tmp_path}/server")
        return Town(tmp_path, lambda: Sftp(to, password="mat-khau", known_hosts=door.known, time_out=20), str(to))
    to, carrier = (over_rsync if request.param == "rsync+ssh" else over_sftp)(tmp_path, get("sshd"))
    return Town(tmp_path, carrier, to)
