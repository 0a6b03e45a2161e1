"""What a person does about each trouble with a WordPress; whole sentences, so that they can be translated."""

from __future__ import annotations

CREDENTIAL = (
    "In WordPress, open the profile of the user that bantin publishes as, make a new application password and put it "
    "into the secret BANTIN_WORDPRESS_PASSWORD. If it is right, let the web server pass on the Authorization header."
)
RIGHTS = "Give the user that bantin publishes as the role Editor in WordPress: Users, the user, Role."
ADDRESS = (
    "Check [channels.wordpress] base_url: the address of the WordPress, with its REST API switched on and permalinks "
    'other than "Plain".'
)
PERMALINKS = (
    "In WordPress, Settings, Permalinks, choose the custom structure /%year%/%monthnum%/%postname%.html and, in "
    "General, the time zone Ho Chi Minh: posts on Zalo and Facebook link to such addresses."
)
ALL = frozenset({CREDENTIAL, RIGHTS, ADDRESS, PERMALINKS})  # what a catalogue translates


def by_code(code: str) -> str:
    """The remedy for a code of the REST API."""
    if code in ("rest_no_route", "404", "405"):
        return ADDRESS
    return RIGHTS if code.startswith("403") else CREDENTIAL
