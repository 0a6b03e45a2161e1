"""Rules on the pictures that an item names."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.i18n import _
from pipeline.model import Item, PictureReport, Severity
from pipeline.rules.registry import Context, Flaw, rule

MIN_WIDTH, MIN_HEIGHT = 600, 315  # pixels; half of the 1200 x 630 that link previews use


def _named(item: Item, context: Context) -> Iterator[tuple[PictureReport, str, int | None]]:
    """Each picture with the field and line that names it."""
    if item.cover and item.cover in context.pictures:
        yield context.pictures[item.cover], "cover", item.lines.get("cover")
    for image in item.document.images:
        if image.src in context.pictures:
            yield context.pictures[image.src], "", image.line


def _problem(item: Item, context: Context, *problems: str) -> Iterator[tuple[PictureReport, str, int | None]]:
    return (found for found in _named(item, context) if found[0].problem in problems)


@rule("IMG001", Severity.ERROR)
def missing_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture that is named lies in the folder.

    Why: a page with a hole where the picture should be looks broken.

    Instead: copy the picture into the folder, or correct its name (capitals and marks count).
    """
    for picture, field, line in _problem(item, context, "missing"):
        yield Flaw(_('The picture "{name}" does not exist.').format(name=picture.path[:100]), field, line)


@rule("IMG002", Severity.ERROR)
def picture_outside(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture lies inside the unit's own folder.

    Why: a path that leaves the folder could publish what is not meant for the public. Nothing outside is opened.

    Instead: copy the picture beside the text and name it without ../ or a drive letter.
    """
    for _picture, field, line in _problem(item, context, "outside"):
        yield Flaw(_("The path of the picture leads out of the unit's folder."), field, line)


@rule("IMG003", Severity.ERROR)
def not_a_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture is a JPEG, PNG or WebP file.

    Why: other files, whatever their name says, cannot be shown safely.

    Instead: open the picture and save it as JPEG.
    """
    for picture, field, line in _problem(item, context, "not-a-picture", "type"):
        yield Flaw(_('"{name}" is not a JPEG, PNG or WebP picture.').format(name=picture.path[:100]), field, line)


@rule("IMG004", Severity.ERROR)
def broken_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture is whole.

    Why: a picture that was cut off while copying shows a grey half.

    Instead: copy the picture again.
    """
    for picture, field, line in _problem(item, context, "truncated"):
        yield Flaw(_('The picture "{name}" is cut off.').format(name=picture.path[:100]), field, line)


@rule("IMG005", Severity.ERROR)
def huge_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture has at most 40 million pixels and 20 MB.

    Why: a larger one is no photo for the web, or was made to stop the program.

    Instead: save it smaller; 2000 pixels wide is plenty.
    """
    for picture, field, line in _problem(item, context, "bomb", "too-large-file"):
        yield Flaw(_('The picture "{name}" is too large.').format(name=picture.path[:100]), field, line)


@rule("IMG006", Severity.REVIEW)
def small_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A cover is at least 600 x 315 pixels.

    Why: a smaller one is blurred on the portal, and Facebook shows it as a stamp.

    Instead: use the original photo, not one saved from a chat.
    """
    picture = context.pictures.get(item.cover)
    if picture and not picture.problem and (picture.width < MIN_WIDTH or picture.height < MIN_HEIGHT):
        size = _("The cover is only {width} x {height} pixels.").format(width=picture.width, height=picture.height)
        yield Flaw(size, "cover", item.lines.get("cover"))


@rule("IMG007", Severity.REVIEW)
def no_alt_text(item: Item, context: Context) -> Iterator[Flaw]:
    """Every picture has a description for those who do not see it.

    Why: the law on accessible state portals asks for it (TT 26/2020/TT-BTTTT), and blind citizens need it.

    Instead: write cover_alt: "…", for a picture in the text ![description](file.jpg).
    """
    if item.cover and not item.cover_alt:
        yield Flaw(_("The cover has no description (cover_alt)."), "cover_alt", item.lines.get("cover"))
    for image in item.document.images:
        if not image.alt.strip():
            yield Flaw(_('The picture "{name}" has no description.').format(name=image.src[:100]), "", image.line)
