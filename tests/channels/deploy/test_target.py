"""Addresses of servers, and what an object store is told of a file."""

import pytest

from channels.deploy.headers import headers_of
from channels.deploy.target import Target, target_of


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("rsync+ssh://web@may-chu.vn/srv/cchc/", Target("rsync+ssh", "may-chu.vn", "/srv/cchc", "web")),
        ("sftp://web@10.0.0.7:2222/srv/cchc", Target("sftp", "10.0.0.7", "/srv/cchc", "web", 2222)),
        ("rsync://may-chu.vn/cchc/tin", Target("rsync", "may-chu.vn", "cchc/tin")),
        ("s3://cchc-ha-noi/trang", Target("s3", "cchc-ha-noi", "trang")),
        ("file:///mnt/cchc", Target("file", "", "/mnt/cchc")),
    ],
)
def test_an_address_is_read_and_written(text, target):
    """Without a slash at its end."""
    assert target == target_of(text)
    assert text.rstrip("/") == str(target)


@pytest.mark.parametrize(
    "text",
    ["", "/srv/cchc", "ftp://may-chu/srv", "sftp://may-chu/srv", "sftp://web:mat-khau@may-chu/srv", "sftp://web@may-chu",
     "sftp://web@-oProxyCommand=x/srv", "rsync+ssh://-l@may-chu/srv", "s3://", "file://may/srv", "sftp://web@may-chu/srv/../etc",
     "sftp://web@may-chu/srv%0aid", "s3://bucket/x?y", "sftp://web@may-chu:99999/srv"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    """Passwords, options of ssh in disguise, ways up, unknown schemes."""
    with pytest.raises(ValueError):
        target_of(text)


@pytest.mark.parametrize(
    ("address", "kind", "cache"),
    [
        ("index.html", "text/html; charset=utf-8", "public, max-age=60"),
        ("media/ab/abcd.webp", "image/webp", "public, max-age=31536000, immutable"),
        ("theme/site.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("theme/mark.svg", "image/svg+xml", "public, max-age=60"),
        ("mot-cua/rss.xml", "application/rss+xml; charset=utf-8", "public, max-age=300"),
        ("feed.json", "application/feed+json; charset=utf-8", "public, max-age=300"),
        ("tim-kiem/2026-11.json", "application/json; charset=utf-8", "public, max-age=60"),
    ],
)
def test_an_object_has_the_headers_that_nginx_would_give(address, kind, cache):
    """Types and caching of docs/nginx/portal.conf."""
    assert (kind, cache) == headers_of(address)
