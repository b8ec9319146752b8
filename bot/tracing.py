"""OpenTelemetry traces of requests, calls to Slack and SQL, where OTEL_* names an exporter; else nothing is imported.

The libraries' own instrumentation makes the spans. What leaves the process is an allowlist of attributes: addresses of
requests hold private links, and faults may hold the words of people.
"""

import contextlib
import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.config import ConfigError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter

#: Any of these asks for traces.
ASKS = ("OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
#: What a span may say; addresses, headers, peers and errors' texts are left out.
ALLOWED = frozenset(
    {
        *("http.method", "http.request.method", "http.route", "http.status_code", "http.response.status_code"),
        *("db.system", "db.system.name", "db.statement", "db.query.text", "error.type", "slack.method"),
    }
)
MISSING = (
    "OTEL_* asks for traces, and Kept was installed without them: install it as kept[otel] "
    "(in a checkout: pip install --require-hashes --requirement requirements/otel.txt), or unset OTEL_*."
)


def is_asked_for(environ: Mapping[str, str]) -> bool:
    """Return whether the environment asks for traces."""
    is_off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER") == "none"
    return not is_off and any(environ.get(name, "").strip() for name in ASKS)


@contextlib.contextmanager
def traced(environ: Mapping[str, str], exporter: "SpanExporter | None" = None) -> Iterator[None]:
    """Trace what is imported and built in the block, if that is asked for; `exporter` is the environment's own if None.

    The modules that make engines and applications must not be imported before. Raises ConfigError where the libraries
    are missing.
    """
    if not is_asked_for(environ):
        yield
        return
    try:
        from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
        from opentelemetry.instrumentation.starlette import StarletteInstrumentor
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
    except ImportError as error:
        raise ConfigError([MISSING]) from error
    known = {
        SERVICE_VERSION: importlib.metadata.version("kept"),
        SERVICE_NAME: environ.get("OTEL_SERVICE_NAME", "kept"),
    }
    provider = TracerProvider(resource=Resource.create(known))
    provider.add_span_processor(_processor(environ, exporter))
    # Its own list of versions ends before the SQLAlchemy that Kept uses; a test shows that it works with it.
    chosen: dict[str, Any] = {"tracer_provider": provider, "skip_dep_check": True}
    instrumentors: list[Any] = [AioHttpClientInstrumentor(), SQLAlchemyInstrumentor(), StarletteInstrumentor()]
    instrumentors[0].instrument(**chosen, request_hook=_name_method)
    for each in instrumentors[1:]:
        each.instrument(**chosen)
    try:
        yield
    finally:
        for each in instrumentors:
            each.uninstrument()
        provider.shutdown()


def _processor(environ: Mapping[str, str], exporter: "SpanExporter | None") -> "SpanProcessor":
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

    if exporter is None and environ.get("OTEL_TRACES_EXPORTER") != "console":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return BatchSpanProcessor(_discreet(OTLPSpanExporter()))
    return SimpleSpanProcessor(_discreet(exporter or ConsoleSpanExporter()))


def _name_method(span: Any, params: Any) -> None:
    """Name a call to Slack by its method, which is the end of its path; anything else is just HTTP."""
    head, _, method = params.url.path.rpartition("/")
    span.update_name(f"Slack {method}" if head.endswith("/api") else f"HTTP {params.method}")
    if head.endswith("/api"):
        span.set_attribute("slack.method", method)


def _discreet(exporter: "SpanExporter") -> "SpanExporter":
    """Return an exporter that hands on no more of a span than is allowed."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Status

    class AllowedAttributes(SpanExporter):
        def export(self, spans: "Sequence[ReadableSpan]") -> Any:
            return exporter.export([cut(span) for span in spans])

        def shutdown(self) -> None:
            exporter.shutdown()

    def cut(span: "ReadableSpan") -> "ReadableSpan":
        attributes = {name: value for name, value in (span.attributes or {}).items() if name in ALLOWED}
        return ReadableSpan(
            span.name.split(" ")[0] if "db.system" in attributes else span.name,  # without the database's address
            span.context,
            span.parent,
            span.resource,
            attributes,
            kind=span.kind,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )

    return AllowedAttributes()
