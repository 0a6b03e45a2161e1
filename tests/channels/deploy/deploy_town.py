"""A portal with a deployer, and posts to show on it."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from channels.base import Picture
from channels.deploy.deployer import Deployer
from channels.deploy.store import Store
from channels.portal.adapter import Portal, Site, media_address
from channels.portal.index import Index
from channels.portal.outbox import Outbox
from channels.portal.post import Cover, Label, PortalPost
from channels.portal.words import HANOI

START = datetime(2026, 11, 1, 8, tzinfo=HANOI)


class Town:
    """A site in a folder, its server, and what deployments told.

    Args:
        carrier: makes the way to the server; a mounted folder `server` unless another is given.
    """

    def __init__(self, folder, carrier=None, target="file:///server"):
        self.folder, self.target, self.told, self.now = folder, target, [], START
        self.server, self.public = folder / "server", folder / "public"
        self.carrier = carrier or (lambda: Store("file", str(self.server), auto_mkdir=True))
        self.portal = Portal(self.public, folder / "state", "https://cchc.example.vn", Site("Cải cách", "UBND"), page_size=3,
                             durable=False, deploy=self.deployer)  # fmt: skip

    def deployer(self, outbox=None, state="state"):
        outbox = outbox or Outbox(self.public, Index(self.folder / "state/portal.sqlite"))
        return Deployer(
            outbox,
            lambda: self.carrier(),  # noqa: PLW0108 - asked anew each time: tests change the way to the server
            self.target,
            self.folder / state,
            clock=lambda: self.now,
            tell=self.told.append,
        )

    def post(self, number, **changes):
        address = f"2026/11/tin-{number}-k{number:03}.html"
        pictures = [self._picture(f"{number} {size}") for size in (480, 1200)]
        made = PortalPost(
            item=f"k{number:03}", edition=1, title=f"Tin số {number}", link=f"https://cchc.example.vn/{address}", marker=address,
            address=address, kind="article", summary=f"Tóm tắt {number}", unit=Label("so-noi-vu", "Sở Nội vụ"),
            areas=(Label("mot-cua", "Một cửa"),), topics=(), fields=(), audiences=(), author="Ngọc Diệp", source="Sở Nội vụ",
            published=START + timedelta(hours=number), updated=None, body_html="<p>Nội dung.</p>",
            cover=Cover(tuple(pictures), "Quầy"), share=self._picture(f"share {number}"), hashtags=(), words=4,
        )  # fmt: skip
        return replace(made, **changes)

    def publish(self, *numbers):
        for number in numbers:
            self.portal.publish(self.post(number))
        self.portal.flush()

    def _picture(self, text):
        (self.folder / "store").mkdir(exist_ok=True)
        file = self.folder / "store" / f"{hashlib.sha256(text.encode()).hexdigest()}.jpg"
        file.write_text(text)
        return Picture(file, f"https://cchc.example.vn/{media_address(file.name)}", "image/jpeg", 480, 240, "Ảnh")

    def here(self, hidden=True):
        return tree(self.public, hidden=hidden)

    def there(self):
        return tree(self.server, hidden=True)


def tree(folder, *, hidden):
    """Address and bytes of every file of the site; without what bantin keeps beside it."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    own = (".parts/", ".outgoing/", ".bantin-deploy")
    return {name: data for name, data in found.items()
            if not name.startswith(own) and (hidden or not name.startswith("."))}  # fmt: skip
