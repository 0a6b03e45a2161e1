"""/metrics: the gauges of the ledger, in a form that Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from pipeline.desk.metrics import exposition
from pipeline.ledger.channels import ChannelState
from pipeline.ledger.health import ChannelHealth, Health


def samples(health, attempts):
    text = exposition(health, attempts).decode()
    return {(s.name, *sorted(s.labels.values())): s.value
            for family in text_string_to_metric_families(text) for s in family.samples}  # fmt: skip


def test_every_gauge_of_a_channel_is_told():
    """Counts by view, what is late, asleep, unsure, held."""
    state = ChannelState("zalo", True, None, "token", 4, None, "", None, None, True, "", "", None)
    channel = ChannelHealth("zalo", {"published": 7}, 1, 2, 3, 60.0, 12.5, "", state)
    found = samples(Health((channel,), {"look": 5.0}, 1, 2, 3, ""), {("zalo", "publish", "done"): 9})

    assert 7 == found["bantin_deliveries", "published", "zalo"]
    assert [1, 2, 3, 60, 12.5, 1, 1] == [found[f"bantin_{name}", "zalo"] for name in (
        "overdue", "asleep", "waiting_for_person", "oldest_doubt_seconds", "token_days", "channel_held", "circuit_open")]  # fmt: skip
    assert (9, 5, 0) == (
        found["bantin_attempts_total", "done", "publish", "zalo"], found["bantin_job_age_seconds", "look"],
        found[("bantin_ok",)])  # fmt: skip


def test_what_is_unknown_is_left_out():
    """No token, no doubt: no sample, rather than a zero that looks like an alarm."""
    found = samples(Health((ChannelHealth("portal"),), {}, 0, 0, 0, ""), {})

    assert ("bantin_token_days", "portal") not in found
    assert 1 == found[("bantin_ok",)]
