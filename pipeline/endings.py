"""Endings of the documents that offices send and that are refused by name; kept apart so that a look loads no rule."""

from typing import Final

OLD: Final = (".doc", ".dot", ".rtf", ".odt", ".pages", ".wps", ".dotx")
MACROS: Final = (".docm", ".dotm")
SHEETS: Final = (".xls", ".xlsx", ".xlsm", ".ods", ".ppt", ".pptx", ".pptm", ".odp")
PLAIN: Final = (".txt", ".htm", ".html", ".mht")
FOREIGN: Final = (*OLD, *MACROS, *SHEETS, *PLAIN)
