"""Graph API errors in the envelope and with the headers that the real one sends (facebook.md §7)."""

from __future__ import annotations

import secrets
from typing import Any, NoReturn

from channels.simulator.wire import Reply

_LIMITS = "For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."


class GraphError(Exception):
    """What the call is answered with instead of data."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        sub: int = 0,
        status: int = 400,
        kind: str = "OAuthException",
        user: tuple[str, str] = ("", ""),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.sub, self.status = code, message, sub, status
        self.kind, self.user, self.headers = kind, user, headers or {}

    def reply(self) -> Reply:
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.sub:
            error["error_subcode"] = self.sub
        error["is_transient"] = self.code in (1, 2)
        if self.user[0]:
            error["error_user_title"], error["error_user_msg"] = self.user
        error["fbtrace_id"] = secrets.token_urlsafe(8)
        why = "invalid_token" if self.code == 190 else "invalid_request"
        trace = {
            "www-authenticate": f'OAuth "Facebook Platform" "{why}" "{self.message.encode("ascii", "replace").decode()}"'
        }
        return Reply(self.status, {"error": error}, {**trace, **self.headers})


def invalid(message: str) -> NoReturn:
    raise GraphError(100, f"(#100) {message}")


def gone(object_id: str, verb: str = "get") -> GraphError:
    return GraphError(
        100,
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation",
        sub=33,
        kind="GraphMethodException",
    )


def unreadable_photo() -> GraphError:
    text = (
        "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or "
        "WebP files."
    )
    return GraphError(100, "Invalid parameter", sub=1366046, user=("Can't Read Files", text))


def dead_token(sub: int) -> GraphError:
    texts = {
        0: "Invalid OAuth access token - Cannot parse access token",
        460: "Error validating access token: The session has been invalidated because the user changed their password",
        463: "Error validating access token: Session has expired",
    }
    return GraphError(190, texts.get(sub, "Error validating access token"), sub=sub)


_THROTTLES = {
    4: "(#4) Application request limit reached",
    32: "(#32) Page request limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80001: "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
}


def throttled(code: int, headers: dict[str, str], status: int = 400) -> GraphError:
    """A limit; sources disagree on the HTTP status (§7.1), so the caller alternates between 400 and 403."""
    return GraphError(code, f"{_THROTTLES[code]} {_LIMITS}", headers=headers, status=status)


def blocked(sub: int) -> GraphError:
    text = "The action attempted has been deemed abusive or is otherwise disallowed"
    return GraphError(368, text, sub=sub)


def vanished() -> GraphError:
    """What reading a post gave that had an id and was not there (§9, S29)."""
    return GraphError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission or the post is gone")


def broken(code: int = 2) -> GraphError:
    if code == 1:
        return GraphError(1, "An unknown error has occurred.", sub=99, status=500)
    return GraphError(2, "An unexpected error has occurred. Please retry your request later.", status=500)
