"""The words that secrecy marks and the papers under them are made of, for the patterns of texts and of file names."""

from __future__ import annotations

import re

from pipeline.patterns import lazy

GAP = r"[ .\-_*·]{0,6}"
MARK = rf"(?:(?:t{GAP}ố{GAP}i|t{GAP}u{GAP}y{GAP}ệ{GAP}t){GAP})?m{GAP}ậ{GAP}t"
LEVEL = r"(?:tối\s{0,3}mật|tuyệt\s{0,3}mật|mật)"
HIGH = lazy(rf"t{GAP}ố{GAP}i{GAP}m{GAP}ậ{GAP}t|t{GAP}u{GAP}y{GAP}ệ{GAP}t{GAP}m{GAP}ậ{GAP}t", re.IGNORECASE)
ALONE = lazy(MARK, re.IGNORECASE)
PAPERS = "tài liệu|văn bản|công văn|hồ sơ|báo cáo|kế hoạch|phương án|thông báo|tờ trình|chỉ thị|phụ lục|đề án|biên bản|giấy mời|danh sách|sơ đồ|thư|điện|nội dung|bản"
PAPER = rf"(?:{PAPERS})"
COMPOUND = r"khẩu|ong|độ|mã|thiết|mía|vụ|thám|thư|nghị|hoa|ngọt|rừng|dừa|nhãn|gấu|lợn|bò|phải|được|không|theo"
