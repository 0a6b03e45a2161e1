"""The newsroom's gauges in Prometheus' text form; made anew at each scrape, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from pipeline.ledger.health import ChannelHealth, Health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(health: Health, attempts: Mapping[tuple[str, str, str], int]) -> bytes:
    """All metrics as text.

    Args:
        attempts: number of attempts by (channel, operation, outcome).
    """
    registry = CollectorRegistry()
    registry.register(_Collector(health, attempts))
    return generate_latest(registry)


class _Collector:
    def __init__(self, health: Health, attempts: Mapping[tuple[str, str, str], int]) -> None:
        self._health, self._attempts = health, attempts

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield from self._channels()
        ages = GaugeMetricFamily("bantin_job_age_seconds", "Seconds since a schedule last fired.", labels=["job"])
        for job, age in self._health.last_run.items():
            ages.add_metric([job], age)
        files = GaugeMetricFamily(
            "bantin_files", "Files that are missing, refused or wait for an editor.", labels=["state"]
        )
        for state in ("missing", "refused", "waiting"):
            files.add_metric([state], getattr(self._health, state))
        tried = CounterMetricFamily("bantin_attempts", "Attempts.", labels=["channel", "operation", "outcome"])
        for key, count in sorted(self._attempts.items()):
            tried.add_metric(key, count)
        yield from (ages, files, tried)
        yield GaugeMetricFamily("bantin_ok", "1 when nothing needs a person.", value=float(self._health.ok))
        yield GaugeMetricFamily(
            "bantin_blackout", "1 during a blackout by hand.", value=float(bool(self._health.blackout))
        )

    def _channels(self) -> Iterator[Metric]:
        views = GaugeMetricFamily("bantin_deliveries", "Deliveries by channel and view.", labels=["channel", "view"])
        for channel in self._health.channels:
            for view, count in channel.views.items():
                views.add_metric([channel.name, view], count)
        yield views
        for name, text, value in _GAUGES:
            family = GaugeMetricFamily(name, text, labels=["channel"])
            for channel in self._health.channels:
                found = value(channel)
                if found is not None:
                    family.add_metric([channel.name], found)
            yield family


def _held(channel: ChannelHealth) -> float:
    return float(bool(channel.state and channel.state.hold))


def _circuit(channel: ChannelHealth) -> float:
    return float(bool(channel.state and channel.state.open_circuit))


_GAUGES = (
    ("bantin_overdue", "Deliveries that could have gone out long ago.", lambda one: one.overdue),
    ("bantin_asleep", "Planned deliveries that nobody will wake.", lambda one: one.asleep),
    ("bantin_waiting_for_person", "Deliveries that a person has to decide.", lambda one: one.persons),
    ("bantin_oldest_doubt_seconds", "Age of the oldest unsure attempt.", lambda one: one.oldest_doubt),
    ("bantin_token_days", "Days until the credentials end.", lambda one: one.token_days),
    ("bantin_channel_held", "1 when the channel waits for a person.", _held),
    ("bantin_circuit_open", "1 when the channel is stopped after repeated errors.", _circuit),
)
