"""What can stop the program itself; what is wrong with an editor's file is a Finding, never an exception.

BantinError
├── ConfigError    a person mends config.toml or a secret; exit code 2
├── RunError       this run cannot finish (disk, database, too much of the folder gone); exit code 1
│   └── LedgerError        the database does not answer as it should; the next run goes on where this one stopped
│       └── LedgerDamaged  and will not by itself: a person restores a backup
└── NotPossible    what a person asked for does not fit the state; nothing was changed; exit code 1
"""

from __future__ import annotations


class BantinError(Exception):
    """Base of the errors that end a command with one clear message."""


class ConfigError(BantinError):
    """A setting or a secret is missing or wrong; the message names key, value and what is expected."""


class RunError(BantinError):
    """The run cannot go on; nothing that was recorded is lost."""


class NotPossible(BantinError):
    """A verb that the state does not allow; the message says why."""


class LedgerError(RunError):
    """The database is locked, full, read-only or out of reach; nothing that was recorded is lost."""


class LedgerDamaged(LedgerError):
    """The database's file is damaged; trying again would make it worse."""
