"""What can go wrong on a channel, named by what the caller does next.

ChannelError
├── Refused        never as it is: an editor changes the item
├── NotAuthorized  a person mends the channel (token, permission, account); the channel holds its deliveries
├── TryLater       nothing was taken; the same call again after `after` seconds
└── Unsure         it may be live: read the channel back before anything is sent again
"""

from __future__ import annotations


class ChannelError(Exception):
    """Base of the four errors; `message` is safe to show and to log (no token, no secret).

    Args:
        message: what the channel said, in its own words or ours.
        code: the platform's code as text, e.g. "190/463" or "-214"; empty when it gave none.
        trace: the platform's trace id (Facebook's fbtrace_id), for its support desk.
    """

    def __init__(self, message: str, *, code: str = "", trace: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.trace = trace

    def __str__(self) -> str:
        return f"[{self.code}] {self.message}" if self.code else self.message


class Refused(ChannelError):
    """The channel will never take this post as it is."""


class NotAuthorized(ChannelError):
    """The channel needs a person: token, permission, or a blocked account."""


class TryLater(ChannelError):
    """Nothing was taken; the same call may be repeated after `after` seconds.

    Args:
        whole: the channel is busy or out of reach, so nothing else should be tried there either (throttle, quota,
            no connection); False when only this post has to wait.
    """

    def __init__(
        self, message: str, *, after: float = 60.0, code: str = "", trace: str = "", whole: bool = False
    ) -> None:
        super().__init__(message, code=code, trace=trace)
        self.after = after
        self.whole = whole


class Unsure(ChannelError):
    """No clear answer to a write: the post may be live."""
