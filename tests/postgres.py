"""A PostgreSQL of our own on loopback, in a temporary folder, for tests that ask for one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


class Server:
    """One cluster; ends with `stop`."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bantin-pg-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._as: list[str] = []
        self._migrated = False
        if os.getuid() == 0:  # it refuses to run as root
            shutil.chown(self.folder, "postgres" if _exists("postgres") else "nobody")
            self._as = ["runuser", "-u", "postgres" if _exists("postgres") else "nobody", "--"]
        self._run("initdb", "-D", self._data, "-U", "bantin", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60"
        if not durable:  # nobody pulls the plug of a unit test
            options += " -c fsync=off -c synchronous_commit=off"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        environment = {**os.environ, "LC_ALL": "C"}
        subprocess.run([*self._as, binary(program), *arguments], check=True, capture_output=True, env=environment,
                       cwd="/")  # fmt: skip

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://bantin@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template1") -> str:
        """A new database, empty or as its template; its address."""
        import psycopg

        with psycopg.connect(f"postgresql://bantin@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def create_ledger(self, name: str) -> str:
        """A new, empty ledger; its address. The migrations run once, and everybody gets a copy."""
        if not self._migrated:
            from pipeline.ledger.engine import open_engine

            open_engine(self.create("migrated")).dispose()
            self._migrated = True
        return self.create(name, "migrated")

    def stop(self) -> None:
        subprocess.run([*self._as, binary("pg_ctl"), "-D", self._data, "-m", "immediate", "stop"], check=False,
                       capture_output=True, cwd="/")  # fmt: skip
        shutil.rmtree(self.folder, ignore_errors=True)


def binary(program: str) -> str:
    """Where a program of PostgreSQL is; Debian keeps them off the path."""
    found = shutil.which(program) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))), "")
    if not found:
        raise FileNotFoundError(f"{program}: install Debian's package postgresql")
    return found


def _exists(user: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
