"""Guards of pictures by what is said of them: identity papers, and citizens who can be recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.patterns import lazy
from pipeline.recognise.view import CAPITAL, letters
from pipeline.rules.registry import Context, Flaw, rule
from pipeline.text import without_marks

_DRAWN = lazy(
    r"minh h(?:ọa|oạ)|đồ h(?:ọa|oạ)|tranh vẽ|hình vẽ|biểu (?:đồ|tượng)|infographic|sơ đồ|cách điệu|mô phỏng|ảnh mẫu|(?:thẻ|bản|phôi) mẫu",
    re.IGNORECASE,
)
_PAPER = (
    r"(?:thẻ )?(?:căn cước|CCCD|CMND|CMTND)(?: công dân)?|chứng minh (?:nhân dân|thư)|hộ chiếu|(?:thẻ )?(?:BHYT|bảo hiểm y tế)"
    r"|giấy khai sinh|giấy chứng (?:sinh|tử)|sổ hộ khẩu|giấy phép lái xe|bằng lái(?: xe)?|GPLX|sổ (?:đỏ|hồng)|sổ bảo hiểm|giấy (?:đăng )?ký kết hôn"
)
_PAPER_SHOWN = lazy(
    rf"^\W*(?:(?:bức |tấm )?(?:ảnh|hình)(?: ảnh)?(?: chụp| scan)?|bản (?:chụp|scan|sao|phô tô|photo)|mặt (?:trước|sau)|cận cảnh|trang đầu|chiếc|tấm)?\s?(?:của )?"
    rf"(?:(?:ảnh|hình|mặt trước|mặt sau|chiếc|tấm)\s)?(?:{_PAPER})(?!\w)(?! (?:điện tử trên|được trao|lưu động))"
    rf"|(?:{_PAPER}).{{0,30}}mặt (?:trước|sau)|mặt (?:trước|sau).{{0,20}}(?:{_PAPER})|(?:chụp|scan|ảnh|cầm|giơ).{{0,12}}(?:{_PAPER})(?: của|\s*$|[,.(])",
    re.IGNORECASE,
)
_PAPER_NAME = lazy(
    r"(?:^|[^a-z])(?:cccd|cmnd|cmtnd|can ?cuoc|chung ?minh ?(?:nhan ?dan|thu)|ho ?chieu|passport|khai ?sinh|ho ?khau|gplx|bang ?lai|giay ?phep ?lai ?xe"
    r"|so ?do|bhyt|id ?card|identity)(?:[^a-z]|$)"
)
_ACTIVITY = lazy(
    r"(?:^| )(?:lam|cap|trao|doi|dang ky|thu nhan|huong dan|luu dong|thu tuc|don vi|lien thong|dich vu)(?: |$)"
)
_FACE = lazy(r"(?<!\w)(?:khuôn mặt|gương mặt|chân dung|cận mặt|cận cảnh|rõ mặt|nụ cười)(?!\w)", re.IGNORECASE)
_SOMEBODY = (
    r"(?:người (?:dân|bệnh|già|cao tuổi|khuyết tật|lao động|nghèo|phụ nữ|mẹ|cha|đàn ông)|công dân|cụ (?:ông|bà)|(?:ông|bà) cụ|cụ|bà con|bệnh nhân"
    r"|thai phụ|sản phụ|(?:em|cháu) (?:bé|nhỏ|học sinh)|(?:trẻ|thiếu) (?:em|nhi)|học sinh|sinh viên|phụ huynh|chị|cô gái|thanh niên|phụ nữ)"
)
_SEEN = lazy(
    rf"(?<!\w)(?:một |hai |ba |các |những |nhiều )?{_SOMEBODY}(?!\w).{{0,60}}?(?:quầy|làm thủ tục|nộp hồ sơ|nhận (?:kết quả|thẻ|quà|giấy)|lấy (?:vân tay|số)"
    rf"|chụp ảnh|khám bệnh|tiêm|ngồi|đứng|cười|ký|làm (?:thẻ|căn cước)|được (?:hướng dẫn|hỗ trợ))"
    rf"|(?:hướng dẫn|hỗ trợ|giúp|trao|tiếp|đón|thăm|lấy vân tay|thu nhận|làm (?:thẻ|căn cước|thủ tục) cho).{{0,40}}?{_SOMEBODY}(?!\w)",
    re.IGNORECASE,
)
_NAMED = lazy(
    rf"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Ee]m|[Cc]háu) (?!Trưng|Triệu)(?:[{CAPITAL}]\w{{0,8}})(?: [{CAPITAL}]\w{{0,8}}){{0,3}}"
)
_OFFICIAL = lazy(
    r"chủ tịch|giám đốc|bí thư|đồng chí|lãnh đạo|trưởng|chánh|đại biểu|hội nghị|hội thảo|tọa đàm|lễ (?:ký|ra mắt|khai)|quang cảnh|toàn cảnh",
    re.IGNORECASE,
)


def _said(item: Item) -> Iterator[tuple[str, str, str, int | None]]:
    """What is said of each picture, the name of its file, and the field and line that name it."""
    if item.cover:
        yield item.cover_alt, item.cover, "cover", item.lines.get("cover")
    for image in item.document.images:
        yield f"{image.alt}. {image.title}" if image.title else image.alt, image.src, "", image.line


@rule("SAFE012", Severity.REVIEW, locked=True)
def picture_of_papers(item: Item, context: Context) -> Iterator[Flaw]:
    """No picture shows a citizen's identity card or other papers.

    Why: a picture of papers is sensitive personal data (NĐ 356/2025/NĐ-CP) and is misused within hours.

    Instead: use a drawn picture or a specimen, and say so in the description.
    """
    for said, name, field, line in _said(item):
        words = letters(said).text
        stem = without_marks(name.rpartition("/")[2].rpartition(".")[0]).lower().replace("-", " ").replace("_", " ")
        if not _DRAWN.search(words) and (
            _PAPER_SHOWN.search(words) or (_PAPER_NAME.search(stem) and not _ACTIVITY.search(stem))
        ):
            yield Flaw(_("The picture seems to show somebody's papers."), field, line)


@rule("SAFE013", Severity.REVIEW, locked=True)
def faces_need_consent(item: Item, context: Context) -> Iterator[Flaw]:
    """Citizens who can be recognised in a picture agreed to it.

    Why: a person's picture is personal data; only public meetings need no consent, and a counter is none.

    Instead: ask them and write consent: yes, or use a picture without faces.
    """
    if item.consent:
        return
    for said, _name, field, line in _said(item):
        words = letters(said).text
        if _DRAWN.search(words) or (_OFFICIAL.search(words) and not _FACE.search(words)):
            continue
        people = re.search(_SOMEBODY, words, re.IGNORECASE) or _NAMED.search(words)
        if _SEEN.search(words) or _NAMED.search(words) or (people and _FACE.search(words)):
            yield Flaw(_("The picture seems to show a citizen's face, and the file does not say that the person agreed."),
                       field, line)  # fmt: skip
