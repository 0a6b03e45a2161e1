"""What an upload is refused for besides its content, with the status of the answer."""

from __future__ import annotations

import os

from pipeline.errors import NotPossible
from pipeline.i18n import _


class TooMuch(NotPossible):
    """The form is larger, has more parts or is slower than is taken; `status` is the answer's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def unstored(error: OSError) -> TooMuch:
    """What a full disk or a share that is away means for who sent something."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return TooMuch(
        507, _("It could not be stored ({reason}). Tell an operator; send it again later.").format(reason=reason)
    )


def too_long(name: str, most: int) -> str:
    """The message about one file or field."""
    if most < 1024 * 1024:
        return _('"{name}" has more than {most} KB.').format(name=name, most=most // 1024)
    return _('"{name}" has more than {most} MB.').format(name=name, most=most // (1024 * 1024))
