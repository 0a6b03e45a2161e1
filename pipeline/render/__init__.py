"""An item in the shape of each channel: one file a channel, plain text and markup beside them."""

from pipeline.render.page import Encoded, Media, Page, Tags, hashtags
from pipeline.render.posts import render

__all__ = ["Encoded", "Media", "Page", "Tags", "hashtags", "render"]
