"""Rules on clips."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline.i18n import _
from pipeline.model import Clip, Item, Severity
from pipeline.patterns import lazy
from pipeline.rules.registry import Context, Flaw, rule

HOSTS = ("youtube.com", "youtu.be", "hanoi.gov.vn", "hanoionline.vn")
FILE_TYPES = (".mp4", ".webm")
_MOST_ADDRESS = 300  # signs; those of YouTube have about 60
_STRANGE = lazy(r"[\s\"'<>\\^`{|}]|[^\x21-\x7e]")  # never in an address that was copied from a browser


def is_address(video: str) -> bool:
    return "://" in video


@rule("CLIP001", Severity.ERROR, Clip)
def no_video(item: Item, context: Context) -> Iterator[Flaw]:
    """A clip names its video.

    Why: without it there is nothing to watch.

    Instead: write video: with a YouTube address or a file such as video/clip.mp4.
    """
    assert isinstance(item, Clip)
    if not item.video:
        yield Flaw(_("The video is missing."), "video", item.lines.get("title"))


@rule("CLIP002", Severity.ERROR, Clip)
def video_host(item: Item, context: Context) -> Iterator[Flaw]:
    """A clip lies on a video host that the city uses, or in the unit's folder.

    Why: shared drives ask for a login or vanish, and other hosts follow the viewer.

    Instead: upload the clip to the unit's YouTube channel, or put the file into the folder video/.
    """
    assert isinstance(item, Clip)
    if not is_address(item.video):
        return
    try:
        parts = urlsplit(item.video)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        parts, host = urlsplit(""), ""
    strange = len(item.video) > _MOST_ADDRESS or _STRANGE.search(item.video)
    if strange or parts.scheme != "https" or not any(host == name or host.endswith("." + name) for name in HOSTS):
        yield Flaw(
            _('Clips from "{host}" cannot be published.').format(host=host[:60]), "video", item.lines.get("video")
        )


@rule("CLIP003", Severity.ERROR, Clip)
def clip_files(item: Item, context: Context) -> Iterator[Flaw]:
    """The video and captions files of a clip lie in the unit's folder.

    Why: otherwise the page shows an empty player.

    Instead: copy them into the folder, video as .mp4 or .webm and captions as .vtt or .srt, and name them without ../.
    """
    assert isinstance(item, Clip)
    for key, path in (("video", item.video), ("captions", item.captions)):
        problem = context.files.get(path, "")
        if path and problem and not (key == "video" and is_address(path)):
            yield Flaw(_('The file "{name}" of the clip is missing or cannot be used.').format(name=path[:100]),
                       key, item.lines.get(key))  # fmt: skip


@rule("CLIP004", Severity.REVIEW, Clip)
def no_words(item: Item, context: Context) -> Iterator[Flaw]:
    """A clip has a transcript or captions.

    Why: deaf citizens, and everybody on a bus, need the words.

    Instead: write transcript: | with what is said, or add a captions file (.vtt or .srt).
    """
    assert isinstance(item, Clip)
    if not item.transcript and not item.captions:
        yield Flaw(_("The clip has neither transcript nor captions."), "transcript", item.lines.get("video"))


@rule("CLIP005", Severity.WARNING, Clip)
def no_duration(item: Item, context: Context) -> Iterator[Flaw]:
    """A clip says how long it is.

    Why: people decide by it whether to watch now.

    Instead: write duration: PT1M20S or "01:20".
    """
    assert isinstance(item, Clip)
    if item.duration is None:
        yield Flaw(_("The duration is missing."), "duration", item.lines.get("video"))


@rule("CLIP006", Severity.ERROR, Clip)
def captions_unreadable(item: Item, context: Context) -> Iterator[Flaw]:
    """A captions file is WebVTT (.vtt) or SubRip (.srt) in Unicode, with a right time for every caption.

    Why: a player shows nothing of a file that it cannot read, and what cannot be read cannot be checked.

    Instead: export the captions again from YouTube Studio, CapCut or Subtitle Edit as .vtt or .srt, encoding UTF-8.
    """
    assert isinstance(item, Clip)
    report = context.captions_report
    if report.problem:
        message = _('The captions file "{name}" cannot be used: {problem}')
        yield Flaw(
            message.format(name=item.captions[:100], problem=report.problem), "captions", item.lines.get("captions")
        )


@rule("CLIP007", Severity.REVIEW, Clip)
def captions_with_code(item: Item, context: Context) -> Iterator[Flaw]:
    """A captions file holds words and times, no HTML and no scripts.

    Why: somebody put code there, or the file is a web page; only the words are published, and they may read oddly.

    Instead: delete the tags, or export the captions again.
    """
    assert isinstance(item, Clip)
    if context.captions_report.foreign:
        message = _('The captions file "{name}" holds HTML or code on its line {line}.')
        yield Flaw(message.format(name=item.captions[:100], line=context.captions_report.foreign), "captions",
                   item.lines.get("captions"))  # fmt: skip
