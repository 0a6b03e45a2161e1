"""The channels and the portal as the settings describe them, for those who open them and for those who only ask whether
anything is owed."""

from __future__ import annotations

from channels.portal.debt import owes
from channels.portal.site import Contact, Site
from pipeline.config import Config


def portal_site(config: Config) -> Site:
    """What the portal's pages say about the section."""
    contacts = tuple(Contact(one.kind, one.name, one.value, one.note) for one in config.portal.contacts)
    return Site(config.portal.title, config.portal.owner, config.portal.tagline, config.portal.imprint, contacts,
                language=config.newsroom.language)  # fmt: skip


def portal_owes(config: Config) -> bool:
    """Whether the portal has something to write although nothing is due."""
    portal = config.portal
    return portal.target != "wordpress" and owes(
        config.path(portal.output), config.state, portal_site(config), portal.base_url, portal.page_size
    )


def enabled(config: Config) -> tuple[str, ...]:
    """Channels that this newsroom uses, those that carry its pages first."""
    social, target = config.channels, config.portal.target
    names = (
        "portal" if target != "wordpress" else "",
        "wordpress" if target != "static" else "",
        "zalo" if social.zalo.enabled else "",
        "facebook" if social.facebook.enabled else "",
    )
    return tuple(name for name in names if name)
