"""What a person does about each trouble with the Page; whole sentences, so that they can be translated."""

from __future__ import annotations

RENEW = (
    "Make a new long-lived Page token: log in as somebody who manages the Page, exchange the login for a long-lived user "
    "token, take the Page token from /me/accounts, and store it as the secret BANTIN_FACEBOOK_PAGE_TOKEN."
)
CHECKPOINT = "The token's owner logs in on facebook.com and does what Facebook asks; then make a new Page token."
ROLE = "Give the token's owner a role on the Page that may create content, then make a new Page token."
WRONG_PAGE = "The token belongs to another account: take the token of this very Page from /me/accounts."
RIGHTS = (
    "Make the token again and tick pages_manage_posts, pages_read_engagement and pages_show_list for this Page; the app "
    "must be Live."
)
APP = "Check the app id and the app secret: the app token is the two with a bar between them."
PROOF = "The app demands appsecret_proof: check the app secret, or switch the demand off in the app's settings."
BLOCKED = (
    "Facebook has blocked posting. Post nothing, look at the Page's support inbox and quality page, appeal there, and "
    "release the channel afterwards."
)
IDENTITY = "Confirm identity or publishing authorization: a manager of the Page follows the notice on the Page itself."
PUBLISH_PAGE = "The Page itself is not published: publish it in the Page's settings."

_SUBCODES = {
    458: RENEW, 459: CHECKPOINT, 464: CHECKPOINT, 492: ROLE, 2069032: WRONG_PAGE, 2853006: ROLE, 1404078: IDENTITY,
    4854002: IDENTITY, 1404006: IDENTITY, 1404112: BLOCKED, 1346003: BLOCKED, 1404102: BLOCKED,
}  # fmt: skip
_CODES = {102: RENEW, 104: PROOF, 190: RENEW, 368: BLOCKED, 459: CHECKPOINT, 10: RIGHTS, 3: RIGHTS, 283: RIGHTS}
ALL = frozenset({*_SUBCODES.values(), *_CODES.values(), APP, PUBLISH_PAGE})  # what a catalogue translates


def by_code(code: str) -> str:
    """The remedy for "code" or "code/subcode" (facebook.md §7.3); empty when none is known."""
    number, _, sub = code.partition("/")
    if not number.isdecimal():
        return ""
    found = _SUBCODES.get(int(sub)) if sub.isdecimal() else None
    return found or _CODES.get(int(number)) or (RIGHTS if 200 <= int(number) <= 299 else "")
