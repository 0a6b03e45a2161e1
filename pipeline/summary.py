"""What the commands print for people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.config import Config
from pipeline.hosting import enabled
from pipeline.i18n import N_, _
from pipeline.labels import ATTEMPT_OUTCOMES, DROP_OUTCOMES, OPS, VIEWS, channel_name
from pipeline.ledger.channels import ChannelState
from pipeline.ledger.health import Health
from pipeline.session import RunResult

STEPS = {
    "publish": N_("publish"), "revise": N_("revise"), "withdraw": N_("withdraw"), "reject": N_("refuse"),
    "review": N_("hold for an editor"), "ignore": N_("leave alone"), "missing": N_("report as missing"),
    "move": N_("renamed or moved, still the same item"),
    "deliver": N_("deliver what is planned"),
}  # fmt: skip
_DONE = ("done", "unchanged")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def print_run(config: Config, result: RunResult) -> None:
    """A table by unit and channel, what was refused and why, what waits, and what to open next."""
    out = _console()
    data = result.as_dict()
    changed = any(outcome in _DONE for *_item, outcome in result.items)
    if changed:
        out.print(_run_table(config, data["by_unit"]))
        out.print()
    elif not data["not_published"] and not result.items:
        out.print(_("Nothing to publish: {files} files are unchanged.").format(files=data["files"]))
    for report in data["not_published"]:
        _print_report(out, report)
    for (channel, op, outcome), count in sorted(result.sent.items()):
        if outcome not in (*_DONE, "accepted") and (op, outcome) != ("confirm", "later"):  # the channel's own pace
            line = _("{channel}: {count} × {outcome}").format(
                channel=channel_name(channel), count=count, outcome=_(ATTEMPT_OUTCOMES.get(outcome, outcome)))  # fmt: skip
            out.print(escape(line))
    for old, new in result.taken.moved:
        out.print(escape(_("Renamed or moved, still the same item: {old} → {new}").format(old=old, new=new)))
    if settling := result.taken.settling:
        names = ", ".join(settling[:5]) + (" …" if len(settling) > 5 else "")
        text = _("{count} files are still being copied or written and are taken at the next look: {names}")
        out.print(escape(text.format(count=len(settling), names=names)))
    for path in result.taken.missing:
        out.print(escape(_("Missing from the folder (what is public stays): {path}").format(path=path)))
    for warning in result.warnings:
        out.print(escape(warning))
    _print_waiting(out, result.waiting)
    if changed:
        static = config.portal.target != "wordpress"
        index = config.path(config.portal.output) / "index.html" if static else config.public_url
        out.print(
            _('Next: open {index}, or run "make serve" for the monitor, the portal and the simulator.').format(
                index=index
            )
        )


def _run_table(config: Config, by_unit: Mapping[str, Mapping[str, int]]) -> Table:
    from pipeline.reference import units

    channels = enabled(config)
    table = _table(_("Unit"), *(channel_name(name) for name in channels))
    for unit_id, counts in sorted(by_unit.items()):
        unit = units().get(unit_id)
        cells = []
        for channel in channels:
            parts = [
                f"{counts[f'{channel}.{op}']} {_(OPS[op])}"
                for op in ("publish", "revise", "withdraw")
                if f"{channel}.{op}" in counts
            ]
            cells.append(", ".join(parts) or "–")
        table.add_row(escape(unit.name if unit else unit_id), *cells)
    return table


def _print_waiting(out: Console, waiting: Mapping[str, Mapping[str, int]]) -> None:
    for channel, counts in waiting.items():
        rest = {view: n for view, n in counts.items() if view not in ("published", "withdrawn") and n}
        if rest:
            shown = ", ".join(f"{n} {_(VIEWS[view])}" for view, n in rest.items())
            out.print(escape(_("{channel} still has: {rest}").format(channel=channel_name(channel), rest=shown)))


def _print_report(out: Console, report: Mapping[str, Any]) -> None:
    name = DROP_OUTCOMES[report["outcome"]]
    out.print(escape(f"{report['file']}: {_(name)}"))
    for finding in report["findings"]:
        line = _("line {line}").format(line=finding["line"]) + ": " if finding["line"] else ""
        out.print(escape(f"    {finding['code']} {line}{finding['message']}"))
        out.print(escape(f"        → {finding['hint']}"))


def print_check(reports: Iterable[Mapping[str, Any]]) -> None:
    out = _console()
    for report in reports:
        if report["outcome"] != "ignore":
            _print_report(out, report)


def print_plan(steps: Sequence[Mapping[str, Any]]) -> None:
    out = _console()
    if not steps:
        out.print(_("Nothing would change."))
        return
    table = _table(_("File or item"), _("Step"), _("Channel"), _("When"), _("Why"))
    for step in steps:
        when = f"{step['when'].astimezone():%d/%m/%Y %H:%M}" if isinstance(step.get("when"), datetime) else ""
        channel = channel_name(step["channel"]) if step.get("channel") else ""
        table.add_row(escape(step.get("file") or step.get("title", "")), _(STEPS[step["step"]]), channel, when,
                      escape(step.get("why", "")))  # fmt: skip
    out.print(table)


def print_item(config: Config, found: Mapping[str, Any]) -> None:
    out = _console()
    out.print(f"[bold]{escape(found['title'])}[/bold]")
    for label, value in ((_("Item"), found["id"]), (_("File"), found["file"]), (_("Edition"), found["edition"]),
                         (_("Address"), f"{config.public_url}/{found['address']}")):  # fmt: skip
        out.print(escape(f"  {label}: {value}"))
    tagging = found["editions"][-1]["tagging"] if found["editions"] else {}
    out.print(escape("  " + _("Areas: {areas}").format(areas=", ".join(found["areas"]) or "–")))
    for row in tagging.get("evidence", []):
        out.print(
            escape(
                f'    {row.get("area", row.get("tag", ""))}: "{row.get("text", "")}" ({row.get("field", "")}, {row.get("weight", "")})'
            )
        )
    for finding in found["findings"]:
        out.print(escape(f"  {finding['code']} {finding['message']}\n      → {finding['hint']}"))
    for row in found["deliveries"]:
        shown = f"{channel_name(row['channel'])}: {_(VIEWS[row['view']])} {row['url']} {row['error']}"
        out.print(escape("  " + shown.strip()))
        _print_question(out, found["id"], row)


def _print_question(out: Console, item: str, row: Mapping[str, Any]) -> None:
    """What only a person can settle: the candidates, and the two commands that settle it."""
    if not row["person"]:
        return
    for remote_id, url in row["candidates"] or ():
        out.print(escape(_("    candidate: {id} {url}").format(id=remote_id, url=url)))
    channel = row["channel"]
    out.print(escape(_("    Look at the channel. It is there: bantin adopt {item} {channel} ID · It is not there: "
                       "bantin absent {item} {channel}").format(item=item, channel=channel)))  # fmt: skip


def print_log(config: Config, rows: Iterable[Mapping[str, Any]]) -> None:
    table = _table(_("Time"), _("Channel"), _("What"), _("Result"), _("Title"), _("Answer"))
    for row in rows:
        started = f"{row['started'].astimezone(config.zone):%d/%m/%Y %H:%M:%S}"
        outcome = _(ATTEMPT_OUTCOMES.get(row["outcome"], row["outcome"]))
        table.add_row(
            started,
            channel_name(row["channel"]),
            _(OPS[row["op"]]),
            outcome,
            escape(row["title"]),
            escape(row["error"]),
        )
    _console().print(table)


def status_of(found: Health) -> dict[str, Any]:
    """The gauges as plain data, for --json and for monitors."""
    return dataclasses.asdict(found) | {
        "ok": found.ok, "troubles": {channel.name: channel.troubles for channel in found.channels if channel.troubles},
    }  # fmt: skip


def print_health(found: Health, config: Config) -> None:
    out = _console()
    table = _table(_("Channel"), *(_(name) for name in VIEWS.values()), _("now"))
    for channel in found.channels:
        cells = (str(channel.views.get(view, 0)) for view in VIEWS)
        table.add_row(channel_name(channel.name), *cells, escape(channel.gate or _("open")))
    out.print(table)
    for channel in found.channels:
        for line in channel.lines(config.zone):
            out.print(escape(f"{channel_name(channel.name)}: {line}"))
    if found.blackout:
        out.print(escape(_("Blackout is on: {why}").format(why=found.blackout)))
    out.print(_("Files refused: {refused}; waiting for an editor: {waiting}; missing: {missing}").format(
        refused=found.refused, waiting=found.waiting, missing=found.missing))  # fmt: skip


def print_channels(states: Mapping[str, ChannelState], config: Config) -> None:
    out = _console()
    for name, state in states.items():
        word = _("may publish") if state.healthy else _("cannot publish")
        ends = (
            _("; credentials end on {day}").format(day=f"{state.expires.astimezone(config.zone):%d/%m/%Y}")
            if state.expires
            else ""
        )
        out.print(escape(f"{channel_name(name)}: {word} ({state.message or '–'}){ends}"))
        if state.remedy:
            out.print(escape(f"    → {_(state.remedy)}"))
