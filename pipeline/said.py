"""What a channel said, for people: first in their own words what it means, then the channel's words as a quotation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.facebook import remedies as facebook
from channels.wordpress import remedies as wordpress
from channels.zalo import remedies as zalo
from pipeline.i18n import N_, _
from pipeline.patterns import lazy

_REMEDIES = {"facebook": facebook.by_code, "zalo": zalo.by_code, "wordpress": wordpress.by_code}
_CODED = lazy(r"\[([^\]\s]{1,40})\] (.*)", re.DOTALL)
_VIETNAMESE = lazy("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
# Our own technical texts, which the log keeps in English: (pattern, what it means, whether the text tells more).
_OURS = (
    (lazy(r"not found at look (\d+) of (\d+)"), N_("Not seen on the channel yet (look {0} of {1})."), False),
    (lazy(r"not found on the channel at the last look"), N_("Not found on the channel at the last look."), False),
    (lazy(r"(\d+) posts match"), N_("{0} posts on the channel may be this one; a person has to say which."), False),
    (lazy(r"there is no stored post"), N_("Nothing was made for this channel out of this edition."), False),
    (lazy(r"came too late to send"), N_("There was not enough time left to send it; it is tried again."), False),
    (lazy(r"no connection"), N_("The channel cannot be reached; it is tried again."), True),
    (lazy(r"no clear answer|took too long"), N_("The answer of the channel was lost: the post may be public or not."), True),
    (lazy(r"no usable answer"), N_("The channel's answer could not be read; it is tried again."), True),
    (lazy(r"HTTP 429"), N_("The channel asks us to wait; it is tried again."), True),
    (lazy(r"files cannot be written|file of this post is missing"), N_("The portal's files cannot be read or written; tell an operator."), True),
    (lazy(r"code points|bytes"), N_("A part of the post is longer or larger than the channel takes."), True),
)  # fmt: skip
# By an attempt's outcome or a delivery's view.
_KINDS = {
    "refused": N_("The channel does not take this post as it is."),
    "held": N_("The channel needs a person: its permission or its account does not let us post."),
    "later": N_("The channel does not take it now; it is tried again."),
    "unsure": N_("The channel gave no clear answer; it is looked for there before anything is sent again."),
}
_AS = {"failed": "refused", "in_doubt": "unsure", "several": "unsure", "planned": "later", "sending": "later"}


@dataclass(frozen=True)
class Said:
    """`quote` is what stands behind the words, "" when they tell all of it; `ours` when it is not the channel's own text."""

    words: str
    quote: str = ""
    ours: bool = False

    def __str__(self) -> str:
        return f'{self.words} ("{self.quote}")' if self.quote else self.words


def explained(channel: str, kind: str, text: str) -> Said:
    """What an error of a channel means.

    Args:
        kind: an attempt's outcome or a delivery's view.
        text: as the ledger keeps it: "[code] message" or a message alone.
    """
    coded = _CODED.fullmatch(text)
    told = (
        coded and channel in _REMEDIES and (channel != "wordpress" or kind == "held")
    )  # there any code means a credential
    remedy = _REMEDIES[channel](coded[1]) if coded and told else ""
    general = _(_KINDS[_AS.get(kind, kind)]) if _AS.get(kind, kind) in _KINDS else _("The channel reported an error.")
    if remedy:
        return Said(f"{_(_KINDS['held'])} {_(remedy)}", text)
    for pattern, meaning, more in _OURS:
        if found := pattern.search(text):
            return Said(_(meaning).format(*found.groups()), text if more else "", ours=True)
    if _VIETNAMESE.search(text):
        return Said(text)
    return Said(general, text)
