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
    yield from _told(item, context, "not-a-picture", "type")


@rule("IMG004", Severity.ERROR)
def broken_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture is whole.

    Why: a picture that was cut off while copying shows a grey half.

    Instead: copy the picture again.
    """
    yield from _told(item, context, "truncated", "empty")


@rule("IMG005", Severity.ERROR)
def huge_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture has at most 20 MB and 40 million pixels (PNG 30, progressive JPEG 24, WebP 8).

    Why: a larger one is no photo for the web, or was made to stop the program.

    Instead: save it smaller; 2000 pixels wide is plenty.
    """
    yield from _told(item, context, "bomb", "too-large-file")


@rule("IMG008", Severity.ERROR)
def phone_photo(item: Item, context: Context) -> Iterator[Flaw]:
    """A photo of a phone is sent as JPEG.

    Why: HEIC and AVIF files open on few machines, and this program does not read them.

    Instead: on the iPhone choose Settings > Camera > Formats > Most Compatible for the next photos; to send this one as
    JPEG, mail it to yourself, or copy it in Photos and paste it in Files. On Android switch off "High efficiency photos".
    """
    yield from _told(item, context, "photo")


@rule("IMG009", Severity.ERROR)
def drawing(item: Item, context: Context) -> Iterator[Flaw]:
    """A drawing is sent as PNG.

    Why: EMF, WMF and SVG files hold commands instead of pixels; they look different on every machine and can run code.

    Instead: in Word or PowerPoint right-click the drawing, choose "Save as Picture" and the type PNG.
    """
    yield from _told(item, context, "drawing")


@rule("IMG010", Severity.ERROR)
def program_in_a_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture is a picture and nothing else.

    Why: a program, an archive or a script that goes under a picture's name, or hides in its notes (EXIF, XMP), attacks
    whoever opens it.

    Instead: open the picture in Paint and save it as a new JPEG; if that fails, delete the file and ask where it came from.
    """
    yield from _told(item, context, "program")


@rule("IMG011", Severity.WARNING)
def moving_picture(item: Item, context: Context) -> Iterator[Flaw]:
    """A picture stands still.

    Why: of an animation only the first picture is shown, on every channel.

    Instead: make a clip of it, or choose the picture that says most.
    """
    for picture, field, line in _named(item, context):
        if picture.moves and not picture.problem:
            yield Flaw(_('Only the first frame of "{name}" is shown.').format(name=picture.path[:100]), field, line)


def _told(item: Item, context: Context, *problems: str) -> Iterator[Flaw]:
    for picture, field, line in _problem(item, context, *problems):
        yield Flaw(said(picture), field, line)


def said(picture: PictureReport) -> str:
    """What is wrong with the file of a picture, for people."""
    messages = {
        "truncated": _('The picture "{name}" is cut off.'),
        "empty": _('The picture "{name}" is empty (0 bytes).'),
        "bomb": _('The picture "{name}" is too large.'),
        "too-large-file": _('The picture "{name}" is too large.'),
        "photo": _('"{name}" is a {kind} photo, which cannot be shown everywhere.'),
        "drawing": _('"{name}" is a {kind} drawing, not a picture.'),
        "type": _('"{name}" is a {kind} file; only JPEG, PNG and WebP are taken.'),
        "program": _('"{name}" is a {kind} file, no picture.'),
    }
    message = messages.get(picture.problem, _('"{name}" is not a JPEG, PNG or WebP picture.'))
    if picture.problem == "program" and picture.kind in ("JPEG", "PNG", "WebP"):
        message = _('In the picture "{name}" a script, a document or an archive is hidden.')
    return message.format(name=picture.path[:100], kind=picture.kind)


def rule_of(problem: str) -> str:
    """The code of the rule that speaks of a problem."""
    codes = {"missing": "IMG001", "outside": "IMG002", "truncated": "IMG004", "empty": "IMG004", "bomb": "IMG005",
             "too-large-file": "IMG005", "photo": "IMG008", "drawing": "IMG009", "program": "IMG010"}  # fmt: skip
    return codes.get(problem, "IMG003")


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
