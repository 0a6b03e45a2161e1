"""A .docx as a package of parts, opened only as far as it is harmless: what is read is counted before it is unpacked.

Declared sizes may be trusted: zipfile never reads past them, and a lie ends in a wrong checksum.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.i18n import _
from pipeline.parse.metadata import Unreadable
from pipeline.patterns import lazy
from pipeline.rules import word as rules

MOST_BYTES: Final = 25 * 1024 * 1024  # what mail takes (Gmail's limit for attachments), so units never send more
MOST_UNPACKED: Final = 60 * 1024 * 1024  # bytes of all members together; photos do not shrink in a zip
MOST_MEMBERS: Final = 1_000
MOST_RATIO: Final = 100  # unpacked to packed; XML of real documents stays below 30
MOST_XML: Final = 8 * 1024 * 1024  # bytes of one part that is read; a text of 256 KB has about 3 MB of XML
MOST_ELEMENTS: Final = (
    45_000  # in all parts that are read: 1.4 s of mammoth, 4 s on a busy machine; a news text has 5,000
)
MOST_DEPTH: Final = 80  # real documents with tables in text boxes in tables reach about 40

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO_NAME: Final = lazy(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|activeX\d*\.bin)$", re.IGNORECASE)
_MACRO_TYPE: Final = lazy(r"macroEnabled|ms-office\.vbaProject", re.IGNORECASE)
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises while it unpacks a member that is cut off, wrong, encrypted, of a method that it does not know, or
# that lies before the beginning of the file (ValueError, found by fuzzing).
_UNPACKING: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, IndexError, struct.error,
)  # fmt: skip


class _Seen(Exception):
    """The first element: nothing dangerous can stand before it any more."""


@dataclass(frozen=True)
class Package:
    """A checked package; `main` is the name of the part that holds the text."""

    archive: zipfile.ZipFile
    main: str
    elements: Counter[str] = field(default_factory=Counter)  # by part, those that were read

    def names(self) -> list[str]:
        return self.archive.namelist()

    def read(self, name: str) -> bytes:
        """A part's bytes, empty when there is none.

        Raises:
            Unreadable: the part is damaged.
        """
        if name not in self.archive.NameToInfo:
            return b""
        try:
            return self.archive.read(name)
        except _UNPACKING as error:
            _damaged(error)

    def xml(self, name: str) -> bytes:
        """A part's XML, empty when there is none: no DOCTYPE, not too big, not too deep.

        Raises:
            Unreadable: the part is damaged or made to harm.
        """
        info = self.archive.NameToInfo.get(name)
        if info is None:
            return b""
        if info.file_size > MOST_XML:
            raise Unreadable(rules.TOO_BIG, _("The text of the document is too long to be read."))
        data = self.read(name)
        others = sum(count for part, count in self.elements.items() if part != name)
        self.elements[name] = _scan(data, MOST_ELEMENTS - others)
        return data

    def tree(self, name: str) -> ElementTree.Element | None:
        """A part's XML as a tree, None when there is none; as `xml`."""
        data = self.xml(name)
        try:
            return ElementTree.fromstring(data) if data else None  # noqa: S314 - scanned: no DOCTYPE, no depth
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            _damaged(error)


def open_package(data: bytes) -> Package:
    """Look at a package from outside to inside, and open nothing that is not needed.

    Raises:
        Unreadable: cut off, no Word document, locked by a password, with macros, or made to harm.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(rules.TOO_BIG, _("The document has more than 25 MB."))
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise Unreadable(rules.LOCKED, _("The document is locked by a password."))
        raise Unreadable(rules.OLD_FORMAT, _("The document is in an old format of Word, whatever its name says."))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _UNPACKING as error:
        _damaged(error)
    _check_members(archive, len(data))
    return Package(archive, _main(archive))


def _damaged(error: Exception) -> NoReturn:
    raise Unreadable(rules.DAMAGED, _("The document is damaged or was copied only in part.")) from error


def _check_members(archive: zipfile.ZipFile, packed: int) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > max(packed * MOST_RATIO, 1024 * 1024):
        raise Unreadable(rules.HARMFUL, _("The document would grow without end when it is unpacked."))
    if len({member.filename.lower() for member in members}) != len(members):
        raise Unreadable(rules.HARMFUL, _("The document holds the same part twice."))
    for member in members:
        name = member.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
            raise Unreadable(rules.HARMFUL, _("The document holds a part whose name leads out of it."))
        if member.flag_bits & 1:
            raise Unreadable(rules.LOCKED, _("The document is locked by a password."))
        if member.compress_type not in _PLAIN:
            _damaged(ValueError("unusual compression"))
        if _MACRO_NAME.search(name):
            raise Unreadable(rules.MACROS, _("The document holds macros (programs)."))


def _main(archive: zipfile.ZipFile) -> str:
    package = Package(archive, "")
    types = package.tree("[Content_Types].xml")
    if types is None:
        raise Unreadable(rules.DAMAGED, _("The file is no Word document."))
    if any(_MACRO_TYPE.search(one.get("ContentType", "")) for one in types):
        raise Unreadable(rules.MACROS, _("The document holds macros (programs)."))
    names = (one.get("PartName", "").removeprefix("/") for one in types if one.get("ContentType") == _WORD)
    main = next((name for name in names if name in archive.NameToInfo), "")
    if not main:
        raise Unreadable(rules.DAMAGED, _("The file is no Word document."))
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels")):
            _scan(_beginning(package, member), 0)
    return main


def _beginning(package: Package, member: zipfile.ZipInfo) -> bytes:
    """So much of a part that any DOCTYPE of it is within; a longer prolog is no real document's."""
    try:
        with package.archive.open(member) as part:
            return part.read(64 * 1024)
    except _UNPACKING as error:
        _damaged(error)


def _scan(data: bytes, most: int) -> int:
    """Refuse a DOCTYPE in any encoding before anything can be expanded; count elements, at most `most`, and depth.

    With `most` 0 only what stands before the first element is looked at.
    """
    depth = count = 0
    parser = expat.ParserCreate()

    def doctype(*_given: object) -> NoReturn:
        raise Unreadable(rules.HARMFUL, _("The document holds an XML DOCTYPE, which Word never writes."))

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth, count
        if not most:
            raise _Seen
        depth, count = depth + 1, count + 1
        if depth > MOST_DEPTH:
            raise Unreadable(rules.HARMFUL, _("The document is nested too deep."))
        if count > most:
            raise Unreadable(rules.TOO_BIG, _("The text of the document is too long to be read."))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, bool(most))
    except _Seen:
        return 0
    except (expat.ExpatError, ValueError, LookupError) as error:
        _damaged(error)
    if not most:
        _damaged(ValueError("no element in the beginning of a part"))
    return count
