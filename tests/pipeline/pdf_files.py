"""PDFs written by hand, byte by byte: text as Word saves it (Identity-H with a ToUnicode map), scans, locks, tricks."""

import zlib


def pdf(*pages, catalog=b"", trailer=b"", stream=None, more=None):
    """One page for each text; None is a page with a picture only. `more` holds objects with numbers from 6 to 9."""
    objects = {1: b"<</Type /Catalog /Pages 2 0 R %s>>" % catalog, 3: _font(), 4: _descendant(), 5: _unicode(pages)}
    kids = []
    for number, text in enumerate(pages):
        page, content = 10 + 2 * number, 11 + 2 * number
        kids.append(b"%d 0 R" % page)
        objects[page] = (b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                         b"/Resources <</Font <</F1 3 0 R>>>>>>" % content)  # fmt: skip
        objects[content] = _stream(_drawn(text) if stream is None else stream)
    objects[2] = b"<</Type /Pages /Kids [%s] /Count %d>>" % (b" ".join(kids), len(kids))
    return _file(objects | (more or {}), trailer)


def _file(objects, trailer):
    out, places = b"%PDF-1.7\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, most = len(out), max(places) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % most
    out += b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(1, most)
    )
    return out + b"trailer <</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (most, trailer, start)


def _stream(data):
    packed = zlib.compress(data)
    return b"<</Length %d /Filter /FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)


def _drawn(text):
    if text is None:
        return b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q"
    rows = b"".join(b"<%s> Tj 0 -16 Td\n" % row.encode("utf-16-be").hex().encode() for row in text.split("\n"))
    return b"BT /F1 12 Tf 50 780 Td\n%sET" % rows


def _font():
    return b"<</Type /Font /Subtype /Type0 /BaseFont /Times /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R>>"


def _descendant():
    return (b"<</Type /Font /Subtype /CIDFontType2 /BaseFont /Times /DW 500 /CIDSystemInfo <</Registry (Adobe) "
            b"/Ordering (Identity) /Supplement 0>>>>")  # fmt: skip


def _unicode(pages):
    """Codes are UTF-16 already, so that every sign maps to itself."""
    signs = sorted({sign for text in pages if text for sign in text if sign != "\n"})
    rows = [f"<{ord(sign):04X}> <{ord(sign):04X}>" for sign in signs]
    parts = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
    return _stream(
        (head + "1 begincodespacerange <0000> <FFFF> endcodespacerange\n" + body + "\nendcmap end end").encode()
    )
