"""Words on the screen for channels, views and outcomes: one place for the commands and the desk."""

from __future__ import annotations

from pipeline.i18n import N_, _

VIEWS = {
    "published": N_("public"), "planned": N_("planned"), "sending": N_("under way"), "held": N_("held"),
    "in_doubt": N_("unsure"), "failed": N_("refused by the channel"), "withdrawn": N_("withdrawn"),
}  # fmt: skip
REMEDIES = {  # what a person does about a delivery that is stuck
    "failed": N_("Mend the file, or ask the channel's keeper; it is sent again when the item changes."),
    "in_doubt": N_("The channel gave no answer. It is being looked at there; nothing is sent twice."),
    "held": N_("Somebody holds it; it goes out when the hold ends."),
    "late": N_("It should have gone out long ago: is the scheduler running, is the channel held?"),
}
ATTEMPT_OUTCOMES = {
    "done": N_("done"), "accepted": N_("accepted, being processed"), "later": N_("later"), "held": N_("channel held"),
    "refused": N_("refused"), "unsure": N_("unsure"), "absent": N_("not found, due again"),
    "several": N_("several found, a person decides"), "unchanged": N_("nothing to change there"),
    "": N_("under way"),
}  # fmt: skip
DROP_OUTCOMES = {
    "reject": N_("refused"), "review": N_("waits for an editor"), "ignore": N_("left alone"), "publish": N_("in order"),
}  # fmt: skip
SEVERITIES = {"error": N_("must be mended"), "review": N_("an editor decides"), "warning": N_("note")}
OPS = {
    "publish": N_("publish"), "revise": N_("revise"), "withdraw": N_("withdraw"), "confirm": N_("confirm"),
    "find": N_("look for"),
}  # fmt: skip
KINDS = {"article": N_("article"), "clip": N_("clip"), "qa": N_("question and answer")}
CHANNELS = {"portal": N_("Portal"), "wordpress": "WordPress", "zalo": "Zalo", "facebook": "Facebook"}


def channel_name(name: str) -> str:
    return _(CHANNELS.get(name, name))


# What is wrong with a channel, by ChannelHealth.troubles.
TROUBLES = {
    "held": N_("held: {reason}"), "circuit": N_("stopped after repeated errors, tried again at {rest}: {rest_why}"),
    "unhealthy": N_("cannot publish: {message} → {remedy}"), "token": N_("credentials end in {days} days"),
    "overdue": N_("{overdue} overdue"), "asleep": N_("{asleep} planned that nobody will wake"),
    "persons": N_("{persons} wait for a person"),
}  # fmt: skip
