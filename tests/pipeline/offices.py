"""Newsrooms in a temporary folder: a portal, no social channel, files taken in at once."""

import shutil

from pipeline import config as settings
from tests.ledgers import empty_ledger

CONFIG = """
[portal]
base_url = "{address}"
[channels.zalo]
enabled = false
[channels.facebook]
enabled = false
[intake]
settle = {settle}
[media]
webp_method = 0
{more}
"""


def open_office(folder, address="https://cchc.example.vn", settle=0, more="", pictures=None):
    """Its settings; `pictures` is a store of renditions to share, for tests that are not about encoding."""
    text = CONFIG.format(address=address, settle=settle, more=more)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    office = settings.load(folder / "config.toml")
    empty_ledger(office.state / "ledger.sqlite")
    if pictures:
        (office.state / "media").symlink_to(pictures)
    return office


def bring(root, folder, *units):
    """Copy units of the shipped content, without reports that a run may have left there."""
    for unit in units:
        shutil.copytree(root / "content" / unit, folder / "content" / unit, ignore=shutil.ignore_patterns("KET-QUA.*"))
