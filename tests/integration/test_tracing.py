"""Traces: the libraries' spans where OTEL_* asks for them, without a word of people; nothing imported elsewhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.tracing import is_asked_for
from tests.integration.test_refused_start import HTTP, environment

#: Sends a command and asks for a private link, with everything that may be traced imported after the tracing began.
TRACED = """
import asyncio, json, sys
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from bot.tracing import traced

spans = InMemorySpanExporter()

async def main(folder):
    from pathlib import Path
    from urllib.parse import urlencode
    from tests.integration.front import front_door, request
    from tests.integration.slack_api import slack_api
    from tests.unit.factories import ALICE, BOB, TEAM
    from slack_sdk.web.async_client import AsyncWebClient
    import aiohttp
    words = {"command": "/promise", "team_id": TEAM, "user_id": ALICE, "channel_id": "C1"}
    async with front_door(Path(folder)) as front:
        said = urlencode(words | {"text": f"<@{BOB}> send the ZEBRA deck by Friday 5pm"})
        assert (await front.sent(said)).status == 200
        await request(front.app, "GET", "/mine/T1/GIRAFFE-secret.csv?also=LION")
    async with slack_api() as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=f"{slack.url}/api/", session=session, token="xoxb-TIGER")
        await client.auth_test()

with traced({"OTEL_TRACES_EXPORTER": "otlp"}, spans):
    asyncio.run(main(sys.argv[1]))
print(json.dumps([[span.name, dict(span.attributes), span.status.description] for span in spans.get_finished_spans()]))
"""


def run(folder: Path, code: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, str(folder)]
    return subprocess.run(command, env=environment(**settings), capture_output=True, text=True, check=False)


def test_requests_sql_and_calls_to_slack_are_traced_without_a_word_of_people(tmp_path: Path) -> None:
    ended = run(tmp_path, TRACED)
    assert ended.returncode == 0, ended.stderr
    spans = json.loads(ended.stdout.splitlines()[-1])
    names = {name for name, *_ in spans}
    assert {"POST /slack/events", "GET /mine/{team}/{secret}.{kind}", "Slack auth.test", "INSERT"} <= names
    assert any("INSERT" in str(shown) for _, shown, _ in spans), "SQL is traced"
    for canary in ("ZEBRA", "GIRAFFE", "LION", "TIGER", "UALICE", str(tmp_path)):
        assert canary not in ended.stdout


@pytest.mark.parametrize(
    ("environ", "is_asked"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "kept"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "console"}, False),
    ],
)
def test_traces_are_made_where_an_exporter_is_named(environ: dict[str, str], is_asked: bool) -> None:
    assert is_asked_for(environ) is is_asked


def test_nothing_of_it_is_imported_where_it_is_off(tmp_path: Path) -> None:
    code = "import sys; from bot.tracing import traced\nwith traced({}): import bot.process\n"
    ended = run(tmp_path, code + "print([name for name in sys.modules if name.startswith(('opentelemetry', 'mcp'))])")
    assert (ended.returncode, ended.stdout.strip()) == (0, "[]"), ended.stderr


def test_where_its_libraries_are_missing_the_start_is_refused_in_a_sentence(tmp_path: Path) -> None:
    code = "import sys; sys.modules['opentelemetry.sdk.resources'] = None\nfrom bot.cli import main\n"
    settings = HTTP | {"OTEL_TRACES_EXPORTER": "console"}
    ended = run(tmp_path, code + "sys.argv = ['kept', 'run']; main()", **settings)
    assert ended.returncode == 2
    assert "install it as kept[otel]" in ended.stderr
    assert "Traceback" not in ended.stderr
