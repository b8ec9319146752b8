"""Prometheus metrics for operators. No label ever holds a name, an id or typed text.

Every series exists from the start, at 0: an alert on growth would miss the first fault of a series that appears with
it.
"""

import itertools
import platform
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric

from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.ports import Fault, Meter

_LATE_S = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)
_CLAIM_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5)
_ANSWER_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
#: Results of a delivery.
SETTLED = (
    *("sent", "redrawn", "unsaid", "unreachable", "unknown", "looked_for", "broken", "failed"),
    *(fault.value for fault in Fault if fault not in (Fault.OTHER, Fault.FORM, Fault.MESSAGE_GONE)),
)
#: The kinds of requests: Slack's, and those of other tools.
DOORS = ("command", "click", "form", "step", "api", "mcp")
#: The methods of Slack's Web API that Kept calls.
METHODS = (
    *("auth.test", "chat.getPermalink", "chat.postEphemeral", "chat.postMessage", "chat.update"),
    *("conversations.history", "conversations.info", "conversations.members", "conversations.open"),
    *("conversations.replies", "dnd.info", "users.info", "users.list", "views.open", "views.publish", "views.update"),
)
#: Every gauge that is read at a scrape, with its help text. `kept_socket_up` is there in Socket Mode alone.
GAUGES = {
    "kept_people_pending": "People whose agenda has a next time",
    "kept_people_overdue": "People whose agenda is overdue",
    "kept_oldest_overdue_seconds": "How long the most overdue agenda has waited",
    "kept_messages_overdue": "Messages that are overdue",
    "kept_events_waiting": "Events from Slack that are not handled yet",
    "kept_workspaces_paused": "Workspaces to which nothing is sent until a fault is fixed",
    "kept_scheduler_silence_seconds": "Seconds since the last tick of the scheduler that succeeded",
    "kept_socket_up": "Whether the connection to Slack works, in Socket Mode",
    "kept_database_up": "Whether the database answered when last asked",
    "kept_database_seconds": "How long the last answer of the database took",
    "kept_schema": "The newest revision of the schema that this version knows",
}


class Metrics(Meter):
    """The Meter of a running bot, with its own registry."""

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
            "From the time planned for a message to its posting in Slack",
            ["kind"],
            buckets=_LATE_S,
            registry=registry,
        )
        self._answers = Histogram(
            "kept_request_seconds",
            "From a request to its acknowledgement, by kind and whether it was answered in time",
            ["door", "in_time"],
            buckets=_ANSWER_S,
            registry=registry,
        )
        self._apologies = Counter(
            "kept_apologies",
            "Replies that were an apology with a reference, after an internal error",
            registry=registry,
        )
        self._failed_ticks = Counter("kept_failed_ticks", "Ticks of the scheduler that raised", registry=registry)
        self._lines = Counter(
            "kept_socket_lines", "Connections to Slack that were built in Socket Mode", registry=registry
        )
        self._set_aside = Counter(
            "kept_events_set_aside", "Events from Slack that were tried too often without success", registry=registry
        )
        self._limited = Counter(
            "kept_slack_429", "Times that Slack asked us to wait, by method", ["method"], registry=registry
        )
        self._has_every_series = False

    def _complete(self) -> CollectorRegistry:
        """Return the registry with every series that a label can name: created when first read, not at the start."""
        if not self._has_every_series:
            self._has_every_series = True
            self._create_series()
        return self._registry

    def _create_series(self) -> None:
        built = Info("kept_build", "The version that runs", registry=self._registry)
        built.info({"version": version("kept"), "python": platform.python_version()})
        for act in Act:
            self._acts.labels(act)
        for kind in Kind:
            self._late.labels(kind)
        for kind, outcome in itertools.product(Kind, SETTLED):
            self._deliveries.labels(kind, outcome)
        for method in METHODS:
            self._limited.labels(method)
        for door, in_time in itertools.product(DOORS, ("yes", "no")):
            self._answers.labels(door, in_time)

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

    def answered(self, door: str, took_s: float, *, in_time: bool) -> None:
        self._answers.labels(door, "yes" if in_time else "no").observe(took_s)

    def apologised(self) -> None:
        self._apologies.inc()

    def tick_failed(self) -> None:
        self._failed_ticks.inc()

    def connection_built(self) -> None:
        self._lines.inc()

    def watch(self, name: str, value: Callable[[], float]) -> None:
        """Add one of GAUGES, whose value is read at each scrape."""
        Gauge(name, GAUGES[name], registry=self._registry).set_function(value)

    def families(self) -> Iterator[Metric]:
        """Yield each metric with its samples."""
        yield from self._complete().collect()

    def written(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._complete())
