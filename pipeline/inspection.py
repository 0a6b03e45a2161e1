"""`bantin check`: one report a file, from the same rules as a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import intake
from pipeline.check import Checked, Work, Workshop
from pipeline.check import check as check_drop
from pipeline.config import Config
from pipeline.model import Finding, Outcome
from pipeline.settling import Patience, is_noise
from pipeline.wiring import workshop


def check_paths(config: Config, paths: Sequence[Path], now: datetime) -> list[dict[str, Any]]:
    """One report a file; folders are walked, pictures and clips belong to the files that name them."""
    shop = workshop(config, now, ())
    reports: list[dict[str, Any]] = []
    for path in paths:
        if path.is_dir():
            reports += _check_folder(config, path, shop)
        elif is_noise(path.name, config.intake.ignore):
            reports.append(report_of(str(path), "", "", (), (), Outcome.IGNORE))
        elif not path.exists():
            raise_missing(path)
        else:
            root, _prefix = _content_root(path)
            drop = intake.single(root, root / path.absolute().relative_to(root.absolute()))
            reports.append(_report(check_drop(Work(root, drop, {}), shop), str(path)))
    return reports


def _check_folder(config: Config, path: Path, shop: Workshop) -> Iterator[dict[str, Any]]:
    """Texts first, then what no text of the folder names, then what is silently left alone."""
    root, prefix = _content_root(path)
    walk = intake.walk(root, Patience(shop.now, 0), config.intake.ignore)
    assets = []
    for drop in walk.drops.values():
        if drop.path.startswith(prefix):
            found = check_drop(Work(root, drop, walk.stamps), shop)
            assets.append(found.assets)
            yield _report(found, str(root / drop.path))
    whole = prefix.count("/") <= 1  # within a unit's folder, texts elsewhere in it may name what lies here
    for drop in intake.unnamed(root, walk, intake.alone(walk, assets)).told.values() if whole else ():
        if drop.path.startswith(prefix):
            yield _report(check_drop(Work(root, drop, walk.stamps), shop), str(root / drop.path))
    for name in walk.ignored:
        if name.startswith(prefix):
            yield report_of(str(root / name), "", "", (), (), Outcome.IGNORE)


def raise_missing(path: Path) -> None:
    from pipeline.errors import ConfigError
    from pipeline.i18n import _

    raise ConfigError(_("{path} does not exist.").format(path=path))


def _content_root(path: Path) -> tuple[Path, str]:
    """The folder whose children are the units' folders, and the part of it that was asked for."""
    from datetime import date

    from pipeline import reference

    whole = path.absolute()
    for folder in (whole, *whole.parents):
        if reference.units().find(folder.name, date.max) and folder.parent != folder:
            prefix = whole.relative_to(folder.parent).as_posix()
            return folder.parent, prefix + ("/" if whole.is_dir() else "")
    if whole.is_dir():
        return whole, ""
    return (whole.parent.parent if whole.parent.parent != whole.parent else whole.parent), ""


def _report(found: Checked, shown: str) -> dict[str, Any]:
    areas = found.tagging.areas if found.tagging else ()
    kind = found.item.kind if found.item else ""
    return report_of(shown, found.item.id if found.item else "", kind, areas, found.findings, found.outcome)


def report_of(
    file: str, item: str, kind: str, areas: Sequence[str], findings: Sequence[Finding], result: Outcome
) -> dict[str, Any]:
    rows = [{"code": f.code, "severity": str(f.severity), "message": f.message, "field": f.field, "line": f.line,
             "hint": f.hint} for f in findings]  # fmt: skip
    return {"file": file, "item": item, "kind": kind, "areas": list(areas), "findings": rows, "outcome": str(result)}
