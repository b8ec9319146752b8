"""What is counted for operators, in Prometheus' words. No label ever holds a name, an id or a word that was typed."""

from collections.abc import Callable
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_LATE_S = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)
_CLAIM_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Metrics:
    """The Meter of a running bot, with a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        registry = self._registry
        self._acts = Counter("kept_acts", "Acts done, by name", ["act"], registry=registry)
        self._claims = Histogram("kept_claim_seconds", "Time of one claim", buckets=_CLAIM_S, registry=registry)
        self._claimed = Counter("kept_claimed", "Deliveries claimed", registry=registry)
        self._deliveries = Counter(
            "kept_deliveries", "Deliveries settled, by kind and outcome", ["kind", "state"], registry=registry
        )
        self._late = Histogram(
            "kept_reminder_lateness_seconds",
            "From when it was meant to go to when it stood in Slack",
            ["kind"],
            buckets=_LATE_S,
            registry=registry,
        )
        self._set_aside = Counter(
            "kept_events_set_aside", "Events from Slack that were tried too often without success", registry=registry
        )
        self._limited = Counter(
            "kept_slack_429", "Times that Slack asked us to wait, by method", ["method"], registry=registry
        )

    def acted(self, act: str) -> None:
        self._acts.labels(act).inc()

    def claimed(self, count: int, took_s: float) -> None:
        self._claims.observe(took_s)
        self._claimed.inc(count)

    def settled(self, kind: str, outcome: str) -> None:
        self._deliveries.labels(kind, outcome).inc()

    def was_late(self, kind: str, late: timedelta) -> None:
        self._late.labels(kind).observe(max(late.total_seconds(), 0.0))

    def set_aside(self, events: int) -> None:
        self._set_aside.inc(events)

    def limited(self, method: str) -> None:
        self._limited.labels(method).inc()

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Shows a number that is asked for at each scrape."""
        Gauge(name, meaning, registry=self._registry).set_function(value)

    def written(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)
