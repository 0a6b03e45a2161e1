"""Endings of what offices send beside texts, by what is to be done with it; kept apart so that a look loads no rule."""

from typing import Final

OLD: Final = (".doc", ".dot", ".rtf", ".odt", ".pages", ".wps", ".dotx")
MACROS: Final = (".docm", ".dotm")
SHEETS: Final = (
    ".xls",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".csv",
    ".ods",
    ".numbers",
    ".ppt",
    ".pptx",
    ".pptm",
    ".pps",
    ".ppsx",
    ".odp",
    ".key",
)
PLAIN: Final = (".txt", ".htm", ".html", ".mht", ".mhtml", ".xml")
FOREIGN: Final = (*OLD, *MACROS, *SHEETS, *PLAIN)

ARCHIVES: Final = (
    ".zip",
    ".rar",
    ".7z",
    ".gz",
    ".tgz",
    ".tar",
    ".bz2",
    ".xz",
    ".zst",
    ".cab",
    ".iso",
    ".dmg",
    ".arj",
    ".lzh",
)
MAILS: Final = (".eml", ".emlx", ".msg", ".oft", ".mbox", ".pst", ".ost", ".vcf", ".ics")
PROGRAMS: Final = (".exe", ".msi", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jar", ".apk", ".dll", ".sh", ".py",
                   ".php", ".hta", ".wsf", ".reg", ".lnk", ".url", ".webloc", ".desktop")  # fmt: skip

# What may come along with a text: pictures, clips and captions that it names.
TAKEN: Final = (".jpg", ".jpeg", ".png", ".webp", ".mp4", ".webm", ".vtt", ".srt")
PICTURES: Final = (".svg", ".svgz", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".psd", ".ai", ".eps", ".cdr", ".emf",
                   ".wmf", ".ico", ".jfif", ".jp2", ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raw")  # fmt: skip
SOUNDS: Final = (".mov", ".avi", ".mkv", ".wmv", ".flv", ".mpg", ".mpeg", ".m4v", ".3gp", ".mts", ".m2ts", ".vob", ".mp3", ".m4a", ".wav",
                 ".wma", ".aac", ".ogg", ".opus", ".amr", ".ass", ".sub", ".sbv")  # fmt: skip
COMPANIONS: Final = (*TAKEN, *PICTURES, *SOUNDS)
