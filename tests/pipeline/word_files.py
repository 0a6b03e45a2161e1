"""Word documents for tests: real ones by python-docx, hostile ones by hand."""

import io
import zipfile

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from PIL import Image

HEAD = {"Loại tin": "Tin bài", "Tiêu đề": "Phường mở thêm quầy", "Tóm tắt": "Hai quầy mới.", "Ngày đăng": "20/11/2026",
        "Tác giả": "Minh Anh"}  # fmt: skip
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(head=HEAD):
    """A new document that begins with its table of metadata."""
    made = docx.Document()
    if head:
        table = made.add_table(rows=0, cols=2)
        for label, value in head.items():
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
    return made


def saved(made):
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def picture(kind="PNG", size=(40, 30), colour="red"):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    buffer.seek(0)
    return buffer


def add_picture(made, alt, data=None):
    paragraph = made.add_paragraph()
    paragraph.add_run().add_picture(data or picture(), width=Cm(4))
    for facts in paragraph._p.iter(qn("wp:docPr")):
        facts.set("descr", alt)
    return paragraph


def add_link(paragraph, text, address):
    relation = paragraph.part.relate_to(
        address, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
    )
    link, run, words = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    link.set(qn("r:id"), relation)
    words.text = text
    run.append(words)
    link.append(run)
    paragraph._p.append(link)


def with_parts(data, parts, without=()):
    """The package with these parts put in or replaced (bytes, or a function of the old bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name not in without:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part(old.read(name)) if callable(part) else part)
    return buffer.getvalue()


def with_body(xml, head=HEAD):
    """A document whose body ends in this WordprocessingML."""
    before = b"<w:sectPr"
    return with_parts(saved(document(head)), {
        "word/document.xml": lambda old: old.replace(before, xml.encode() + before, 1)})  # fmt: skip
