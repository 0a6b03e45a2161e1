"""A real WordPress on loopback: Debian's files, SQLite, PHP's own web server; no other server, no network."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import zipfile
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
PARTS = ROOT / "build/wordpress"  # where fetch.sh puts what it fetched
HERE = Path(__file__).parent
EXTENSIONS = {"pdo_sqlite", "mbstring", "xml", "gd"}
_CONFIG = """<?php
define( 'DB_NAME', 'wordpress' ); define( 'DB_USER', '' ); define( 'DB_PASSWORD', '' ); define( 'DB_HOST', '' );
define( 'DB_DIR', %(data)s ); define( 'DB_FILE', 'wordpress.sqlite' );
define( 'WP_HOME', %(url)s ); define( 'WP_SITEURL', %(url)s );
define( 'WP_ENVIRONMENT_TYPE', 'local' );  // application passwords over http
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); define( 'DISABLE_WP_CRON', true ); define( 'WP_DEBUG', false );
define( 'AUTH_KEY', 'a' ); define( 'SECURE_AUTH_KEY', 'b' ); define( 'LOGGED_IN_KEY', 'c' ); define( 'NONCE_KEY', 'd' );
define( 'AUTH_SALT', 'e' ); define( 'SECURE_AUTH_SALT', 'f' ); define( 'LOGGED_IN_SALT', 'g' ); define( 'NONCE_SALT', 'h' );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) { define( 'ABSPATH', __DIR__ . '/' ); }
require_once ABSPATH . 'wp-settings.php';
"""


def missing() -> str:
    """Why there can be no WordPress here, "" when there can."""
    if not shutil.which("php"):
        return "php is not installed: apt-get install php-cli php-sqlite3 php-mbstring php-xml php-gd"
    loaded = set(subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.lower().split())
    if lacking := EXTENSIONS - loaded:
        return f"php lacks {', '.join(sorted(lacking))}: apt-get install php-sqlite3 php-mbstring php-xml php-gd"
    if not shutil.which("dpkg-deb"):
        return "dpkg-deb is missing: this WordPress is Debian's"
    if not (list(PARTS.glob("wordpress_*.deb")) and (PARTS / "sqlite-database-integration.zip").exists()):
        return "WordPress is not fetched: tests/wordpress/fetch.sh build/wordpress"
    return ""


class WordPress:
    """One installed WordPress; `start` and `stop` its web server as often as a test likes.

    Args:
        passwords: application passwords by user, who is called like his role.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder, self._html = folder, folder / "html"
        self._process: subprocess.Popen[bytes] | None = None
        self._lay_out()
        done = subprocess.run(
            ["php", "setup.php"], check=False, cwd=folder, capture_output=True, text=True, timeout=120
        )
        if done.returncode or not done.stdout.strip().endswith("}"):
            raise RuntimeError(f"WordPress was not installed: {done.stdout[-2000:]} {done.stderr[-2000:]}")
        self.passwords: dict[str, str] = json.loads(done.stdout[done.stdout.rindex("{") :])

    def _lay_out(self) -> None:
        debs = self._folder / "debs"
        for deb in PARTS.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", deb, debs], check=True)
        # Debian's links point into /usr; those whose packages are not here dangle and are not needed.
        shutil.copytree(debs / "usr/share/wordpress", self._html, symlinks=False, ignore_dangling_symlinks=True)
        plugins, data = self._html / "wp-content/plugins", self._folder / "data"
        themes = debs / "var/lib/wordpress/wp-content/themes"
        if themes.exists():
            shutil.copytree(themes, self._html / "wp-content/themes", dirs_exist_ok=True, ignore_dangling_symlinks=True)
        getid3 = debs / "usr/share/php/getid3"
        shutil.copytree(getid3, self._html / "wp-includes/ID3", dirs_exist_ok=True)
        with zipfile.ZipFile(PARTS / "sqlite-database-integration.zip") as driver:
            driver.extractall(plugins)
        found = next(plugins.glob("*sqlite*"))
        text = (found / "db.copy").read_text().replace("{SQLITE_IMPLEMENTATION_FOLDER_PATH}", str(found))
        (self._html / "wp-content/db.php").write_text(text.replace("{SQLITE_PLUGIN}", f"{found.name}/load.php"))
        # The driver sets a property that WordPress has only since 6.2, and PHP 8.2 warns of unknown ones.
        wpdb = self._html / "wp-includes/class-wpdb.php"
        if "allow_unsafe_unquoted_parameters" not in (source := wpdb.read_text()):
            added = "class wpdb {\n\tprivate $allow_unsafe_unquoted_parameters = true;\n"
            wpdb.write_text(source.replace("class wpdb {\n", added, 1))
        data.mkdir()
        settings = {"data": json.dumps(str(data)), "url": json.dumps(self.url)}
        (self._html / "wp-config.php").write_text(_CONFIG % settings)
        for name in ("setup.php", "router.php"):
            shutil.copy(HERE / name, self._folder / name)

    def start(self) -> None:
        """Answer requests; returns when it does."""
        limits = ["-d", "upload_max_filesize=8M", "-d", "post_max_size=9M"]
        command = [
            "php",
            *limits,
            "-S",
            f"127.0.0.1:{self.port}",
            "-t",
            str(self._html),
            str(self._folder / "router.php"),
        ]
        with (self._folder / "php.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                env=os.environ | {"PHP_CLI_SERVER_WORKERS": "2"},
                start_new_session=True,
            )
        end = time.monotonic() + 30
        while True:
            try:
                requests.get(f"{self.url}/wp-json/", timeout=20)
            except requests.ConnectionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Cut the web server off with its workers; the content stays."""
        if self._process is not None:
            os.killpg(self._process.pid, 15)
            self._process.wait(timeout=10)
            self._process = None

    @property
    def running(self) -> bool:
        return self._process is not None

    def php(self, code: str) -> None:
        """Run some PHP inside WordPress, as an administrator's settings page would."""
        load = f"require '{self._html}/wp-load.php'; {code}"
        subprocess.run(["php", "-r", load], check=True, capture_output=True, timeout=60)

    def rest(self, method: str, path: str, **parts: object) -> requests.Response:
        """Ask as the editor, past our adapter."""
        auth = ("editor", self.passwords["editor"])
        return requests.request(method, f"{self.url}/wp-json/wp/v2/{path}", auth=auth, timeout=30, **parts)  # type: ignore[arg-type]  # passed on

    def page(self, url: str) -> requests.Response:
        """What a reader gets."""
        return requests.get(url, timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
