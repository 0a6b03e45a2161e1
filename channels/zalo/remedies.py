"""What a person does about each trouble with the Official Account; whole sentences, so that they can be translated."""

from __future__ import annotations

RECONSENT = (
    "Let an administrator of the Official Account give consent again: start the Zalo login in bantin, open the address "
    "that it shows, agree, and hand back the address of the page that follows."
)
VERIFY = "Have the Official Account verified: OA Manager, account settings, verification, with the office's letter."
UPGRADE = "Buy or renew a package that includes the article API: OA Manager, service packages."
GRANT = (
    "Register the Official Account API for the app and tick the right to manage articles (developers.zalo.me, the app, "
    "Official Account), then give consent again: a changed set of rights ends the old consent."
)
QUOTA = (
    "The package's articles of this month are used up. Wait for the monthly renewal or buy a larger package; waiting "
    "articles go out by themselves."
)
APP = "Check the app's id and secret key: developers.zalo.me, the app, settings; the app must be active."
PROOF = "The app demands appsecret_proof and it does not fit: check the app's secret key, or switch the demand off."
ACCOUNT = "Log in to the OA Manager and see why the account or the app was closed; Zalo's support desk can open it."
CALLBACK = (
    "Save exactly this callback address in the app (developers.zalo.me, the app, Official Account, general settings), "
    "then begin the consent anew."
)
AGAIN = "Begin the consent anew: a code is good for ten minutes and for one use."
OWNER = "Let an administrator of the Official Account itself agree, and check that the account is linked to this app."

BY_CODE = {
    "-124": RECONSENT, "-216": RECONSENT, "-220": RECONSENT, "-14014": RECONSENT, "-14020": RECONSENT,
    "-221": VERIFY, "-224": UPGRADE, "-212": GRANT, "-223": GRANT, "-209": GRANT, "-242": PROOF,
    "-204": ACCOUNT, "-205": ACCOUNT, "-219": ACCOUNT, "-223/quota": QUOTA, "-211/quota": QUOTA,
    "-14002": APP, "-14004": APP, "-14018": APP, "-14003": CALLBACK, "-14005": AGAIN, "-14012": OWNER,
    "-14024": OWNER,
}  # fmt: skip
ALL = frozenset({*BY_CODE.values(), CALLBACK})  # what a catalogue translates


def by_code(code: str) -> str:
    """The remedy for a code of the API or of OAuth (zalo.md §1.2, §6); empty when none is known."""
    return BY_CODE.get(code, "")
