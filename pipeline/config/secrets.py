"""Secrets, read by name and on demand, never part of the settings; the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pipeline import whole
from pipeline.config.settings import Config
from pipeline.errors import ConfigError
from pipeline.i18n import _

PREFIX = "BANTIN_"


def secret(config: Config, name: str, *, needed_for: str = "") -> str:
    """A secret from the environment (BANTIN_…) or a file of that name in the secrets folder; never from config.toml.

    Raises:
        ConfigError: it is needed and there is none.
    """
    value = os.environ.get(PREFIX + name, "")
    if not value:
        file = config.path(config.paths.secrets) / (PREFIX + name)
        try:
            value = file.read_text(encoding="utf-8").strip()
        except OSError:
            value = ""
    if not value and needed_for:
        raise ConfigError(
            _("The secret {name} is missing, which {channel} needs: set it in the environment or write it into "
              "{folder}.").format(name=PREFIX + name, channel=needed_for, folder=config.path(config.paths.secrets))
        )  # fmt: skip
    return value


def secrets(config: Config) -> Iterator[str]:
    """Every secret that is set, for the log to hide; those of several lines also line by line."""
    found = [value for name, value in os.environ.items() if name.startswith(PREFIX)]
    folder = config.path(config.paths.secrets)
    for file in sorted(folder.glob(f"{PREFIX}*")) if folder.is_dir() else ():
        try:
            found.append(file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            continue
    for value in found:
        yield from {value, *value.splitlines()}


def keep_secret(config: Config, name: str, value: str) -> str:
    """The secret file's value, which is `value` unless a process was first: of several that start together, all get one.

    Only the file's owner may read it. For what we make ourselves: our own key, the simulator's credentials.
    """
    folder = config.path(config.paths.secrets)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / (PREFIX + name)
    whole.create(file, value.encode(), mode=0o600)
    return file.read_text(encoding="utf-8").strip()
