"""Attachments: whether a file is a PDF that may be handed to citizens, and the words in it, which the guards look at."""

from pipeline.attachments.container import MOST_BYTES, problem, shown
from pipeline.attachments.reading import Reader, inspect

__all__ = ["MOST_BYTES", "Reader", "inspect", "problem", "shown"]
