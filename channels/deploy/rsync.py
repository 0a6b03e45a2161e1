"""rsync, over ssh or to a daemon: the program that operators know, told exactly which files."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from channels.deploy import remedies
from channels.deploy.carrier import STAMP, DeployError, File, Told
from channels.deploy.target import Target

_MANY: Final = 2_000  # files in one call, so that a broken connection costs no more than these
_NOT_THERE: Final = 23  # "partial transfer": here that a name does not exist
# What ssh and rsync say, in English because of LC_ALL=C, and what a person does about it.
_SAID: Final = (
    ("Host key verification failed", remedies.HOST_KEY), ("Permission denied (", remedies.LOG_IN),
    ("auth failed on module", remedies.LOG_IN), ("Permission denied", remedies.RIGHTS),
    ("No space left", remedies.SPACE), ("Disk quota exceeded", remedies.SPACE), ("rsync: not found", remedies.RSYNC),
    ("rsync: command not found", remedies.RSYNC), ("Connection refused", remedies.UNREACHED),
    ("Could not resolve", remedies.UNREACHED), ("timed out", remedies.UNREACHED), ("timeout", remedies.UNREACHED),
)  # fmt: skip


class Rsync:
    """Each call is one run of rsync; renames come after all files of a call have arrived (--delay-updates).

    Args:
        key: private key for ssh, or "".
        password: of an rsync daemon, or "".
        known_hosts: file with the server's key; ssh accepts no other.
        time_out: seconds of silence.
    """

    hidden = True

    def __init__(self, target: Target, *, key: str = "", password: str = "", known_hosts: Path, time_out: int) -> None:
        self._target, self._key, self._password = target, key, password
        self._known_hosts, self._time_out = known_hosts, time_out
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._program = shutil.which("rsync") or ""
        if not self._program:
            raise DeployError("rsync is not installed on this machine", remedies.RSYNC)
        self._folder = tempfile.TemporaryDirectory(prefix="bantin-deploy-")  # only we can read it
        (self._own / "key").touch(mode=0o600)
        (self._own / "key").write_text(self._key.strip() + "\n", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if (self._own / "line").exists():
            words = [*shlex.split(self._ssh()), "-O", "exit", self._target.host]
            subprocess.run(words, check=False, capture_output=True, env=self._environment)  # noqa: S603 - as below
        if self._folder:
            self._folder.cleanup()

    def stamp(self) -> str:
        into = self._own / "stamp"
        into.unlink(missing_ok=True)
        code, text, _ = self._run([f"{self._there}/{STAMP}", str(into)])
        if code and not (code == _NOT_THERE and "No such file" in text):
            raise _problem(code, text)
        return into.read_text(encoding="utf-8") if into.exists() else ""

    def mark(self, stamp: str) -> None:
        (self._own / STAMP).write_text(stamp, encoding="utf-8")
        self._must([*_SENDING, str(self._own / STAMP), f"{self._there}/"])

    def send(self, root: Path, files: Sequence[File], told: Told) -> None:
        for first in range(0, len(files), _MANY):
            part = files[first : first + _MANY]
            self._must([*_SENDING, "--delay-updates", "--from0", "--files-from=-", f"{root}/", f"{self._there}/"],
                       [one.address for one in part])  # fmt: skip
            told(part)

    def remove(self, root: Path, addresses: Sequence[str]) -> None:
        """rsync takes away what is asked for and does not exist on this side, if the folder does."""
        for first in range(0, len(addresses), _MANY):
            part = addresses[first : first + _MANY]
            with tempfile.TemporaryDirectory(dir=self._own) as empty:
                for folder in {Path(empty, one).parent for one in part}:
                    folder.mkdir(parents=True, exist_ok=True)
                words = ["--recursive", "--no-implied-dirs", "--delete-missing-args", "--from0", "--files-from=-"]
                self._must([*words, f"{empty}/", f"{self._there}/"], part)

    def names(self) -> Iterable[str]:
        code, text, out = self._run(["--recursive", "--list-only", "--no-human-readable", f"{self._there}/"])
        if code == _NOT_THERE and "No such file" in text:
            return
        if code:
            raise _problem(code, text)
        for line in out.splitlines():
            mode, *_sizes, name = line.split(maxsplit=4)  # rights, size, date, time, name
            if mode.startswith("-"):
                yield name

    @property
    def _own(self) -> Path:
        assert self._folder
        return Path(self._folder.name)

    @property
    def _there(self) -> str:
        to = self._target
        host = f"[{to.host}]" if ":" in to.host else to.host
        at = f"{to.user}@" if to.user else ""
        if to.scheme == "rsync":
            return f"rsync://{at}{host}{f':{to.port}' if to.port else ''}/{to.path}"
        return f"{at}{host}:{to.path}"

    def _ssh(self) -> str:
        options = [
            "BatchMode=yes", "StrictHostKeyChecking=yes", f'UserKnownHostsFile="{self._known_hosts}"', "GlobalKnownHostsFile=none",
            "IdentitiesOnly=yes", f"ConnectTimeout={self._time_out}", f"ServerAliveInterval={max(1, self._time_out // 3)}",
            # One connection for all calls; it ends by itself if we die.
            "ControlMaster=auto", f"ControlPath={self._own / 'line'}", "ControlPersist=30",
        ]  # fmt: skip
        words = ["ssh", "-F", "none", "-i", str(self._own / "key")]
        words += [word for one in options for word in ("-o", one)]
        return shlex.join([*words, "-p", str(self._target.port or 22)])

    def _must(self, words: Sequence[str], names: Sequence[str] = ()) -> None:
        code, text, _out = self._run(words, names)
        if code:
            raise _problem(code, text)

    def _run(self, words: Sequence[str], names: Sequence[str] = ()) -> tuple[int, str, str]:
        command = [self._program, f"--timeout={self._time_out}"]
        command += (
            [f"--rsh={self._ssh()}"] if self._target.scheme == "rsync+ssh" else [f"--contimeout={self._time_out}"]
        )
        said = (
            self._own / "said"
        )  # a file, because a shared connection of ssh may hold a pipe open after rsync has ended
        with said.open("wb") as errors:
            done = subprocess.run(  # noqa: S603 - words of ours, no shell
                [*command, *words], input="\0".join(names).encode(), stdout=subprocess.PIPE, stderr=errors, check=False,
                env=self._environment,
            )  # fmt: skip
        return done.returncode, said.read_text(errors="replace"), done.stdout.decode(errors="replace")

    @property
    def _environment(self) -> dict[str, str]:
        clean = {"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self._own)}
        return clean | ({"RSYNC_PASSWORD": self._password} if self._target.scheme == "rsync" else {})


# Compared by content, not by time; nothing of this machine's users and rights travels along.
_SENDING: Final = ("--times", "--perms", "--chmod=D755,F644", "--checksum", "--compress", "--mkpath")


def _problem(code: int, text: str) -> DeployError:
    remedy = next((remedy for said, remedy in _SAID if said in text), "")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("rsync error")]
    return DeployError(
        f"rsync ({code}): {(lines or text.splitlines() or ['no answer'])[-1 if not remedy else 0][:300]}", remedy
    )
