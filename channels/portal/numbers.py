"""The page of numbers: what was published in the last twelve months, by area, kind and unit, drawn as plain SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MONTHS_SHOWN: Final = 12
WIDTH: Final = 480  # of a chart, in its own units
HEIGHT: Final = 120
_GAP: Final = 6
_TOP: Final = 16  # room for the number above the highest bar


@dataclass(frozen=True)
class Bar:
    """One month of a chart, in the chart's own units."""

    month: str
    count: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Chart:
    """A list with its bars, oldest month first."""

    name: str
    total: int
    bars: tuple[Bar, ...]


def months_before(newest: str) -> tuple[str, ...]:
    """Twelve months up to one given as YYYY-MM, oldest first."""
    year, month = int(newest[:4]), int(newest[5:7])
    counted = range(year * 12 + month - MONTHS_SHOWN, year * 12 + month)
    return tuple(f"{one // 12:04d}-{one % 12 + 1:02d}" for one in counted)


def chart(name: str, counts: Mapping[str, int], months: Sequence[str], highest: int) -> Chart:
    """Bars of one list; charts that share `highest` can be compared by eye."""
    step = WIDTH // len(months)
    bars = []
    for place, month in enumerate(months):
        count = counts.get(month, 0)
        height = round((HEIGHT - _TOP) * count / highest) if highest else 0
        height = max(height, 2) if count else 0
        bars.append(Bar(month, count, place * step + _GAP // 2, HEIGHT - height, step - _GAP, height))
    return Chart(name, sum(bar.count for bar in bars), tuple(bars))
