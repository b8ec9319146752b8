# ruff: noqa: S310 (every URL here is our own, on loopback)
"""Things that work for a while or a few times only, faults on demand, and the movable clock."""

import json
import signal
import time
from datetime import datetime, timedelta
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from sandbox.settings import Settings
from tests.patience import PATIENCE_S

from .conftest import HASTE_S, Sandbox, a_sandbox, free_port, running, until
from .tiny_app import FORM


class Recorder(BaseHTTPRequestHandler):
    """An app that only writes down what it is sent, and answers with a set status."""

    requests: ClassVar[list[tuple[dict[str, str], str]]] = []
    status = 200
    planned: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self._answer(200, json.dumps(self.planned).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        Recorder.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self._answer(self.status, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        return


@pytest.fixture(scope="module")
def recorded() -> Any:
    """A sandbox whose app is the recorder."""
    port = free_port()
    server = HTTPServer(("127.0.0.1", port), Recorder)
    Thread(target=server.serve_forever, daemon=True).start()
    options = ("--event-retries", "0,0.05,0.05", "--planned-url", f"http://127.0.0.1:{port}/planned")
    with a_sandbox(port, *options) as sandbox:
        yield sandbox
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _fresh(recorded: Sandbox) -> None:
    recorded.post("/control/reset", {})
    Recorder.requests, Recorder.status, Recorder.planned = [], 200, []


def command_fields(sandbox: Sandbox) -> dict[str, str]:
    sandbox.command("x")
    to_app = [call for call in sandbox.get("/control/calls")["calls"] if "trigger_id" in (call["request"] or {})]
    return {name: str(value) for name, value in to_app[-1]["request"].items()}


def respond(url: str, body: dict[str, Any]) -> int:
    try:
        with urlopen(Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code


def test_a_trigger_works_once(recorded: Sandbox) -> None:
    trigger = command_fields(recorded)["trigger_id"]
    assert recorded.api("views.open", trigger_id=trigger, view=FORM)["ok"]
    assert recorded.api("views.open", trigger_id=trigger, view=FORM)["error"] == "exchanged_trigger_id"
    assert recorded.api("views.open", trigger_id="1.2.3", view=FORM)["error"] == "invalid_trigger_id"


def test_a_trigger_expires(hasty_sandbox: Sandbox) -> None:
    late = command_fields(hasty_sandbox)["trigger_id"]
    time.sleep(HASTE_S)  # the lifetime itself is what is tested, and a slow machine only waits longer
    assert hasty_sandbox.api("views.open", trigger_id=late, view=FORM)["error"] == "expired_trigger_id"


def test_by_default_an_app_has_slacks_three_seconds() -> None:
    assert Settings().answer_within_s == 3.0


def test_a_response_url_works_five_times(recorded: Sandbox) -> None:
    url = command_fields(recorded)["response_url"]
    assert [respond(url, {"text": str(n)}) for n in range(6)] == [200] * 5 + [404]
    assert [m["text"] for m in recorded.messages()] == ["0", "1", "2", "3", "4"]


def test_at_most_three_modals_lie_on_each_other(recorded: Sandbox) -> None:
    triggers = [command_fields(recorded)["trigger_id"] for _ in range(4)]
    opened = recorded.api("views.open", trigger_id=triggers[0], view=FORM)["view"]
    pushed = [recorded.api("views.push", trigger_id=trigger, view=FORM) for trigger in triggers[1:]]
    assert [each.get("error") for each in pushed] == [None, None, "push_limit_reached"]
    assert pushed[1]["view"]["root_view_id"] == opened["id"]
    assert pushed[1]["view"]["previous_view_id"] == pushed[0]["view"]["id"]


def test_an_update_with_an_old_hash_conflicts(recorded: Sandbox) -> None:
    view = recorded.api("views.open", trigger_id=command_fields(recorded)["trigger_id"], view=FORM)["view"]
    first = recorded.api("views.update", view_id=view["id"], hash=view["hash"], view=FORM)
    second = recorded.api("views.update", view_id=view["id"], hash=view["hash"], view=FORM)
    assert (first["ok"], second["error"]) == (True, "hash_conflict")


def test_an_event_that_fails_is_sent_again_three_times(recorded: Sandbox) -> None:
    Recorder.status = 500
    recorded.post("/control/home", {"user": "bob"})
    until(lambda: len(Recorder.requests) == 4)
    retries = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in Recorder.requests]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in Recorder.requests}) == 1


def test_every_request_is_signed_in_real_time(recorded: Sandbox) -> None:
    from slack_sdk.signature import SignatureVerifier

    recorded.post("/clock", {"advance_s": 86_400})
    recorded.command("x")
    headers, body = Recorder.requests[-1]
    assert SignatureVerifier("sandbox-signing-secret").is_valid_request(body, headers)


def test_a_failing_app_is_shown_in_slacks_words(recorded: Sandbox) -> None:
    Recorder.status = 500
    assert recorded.command("x")["failure"] == "dispatch_failed"
    assert recorded.messages()[-1]["text"] == '/promise failed with the error "dispatch_failed"'


def test_rate_limits_and_server_errors_come_on_demand_and_pass(recorded: Sandbox) -> None:
    fault = {"method": "chat.postMessage", "fault": "ratelimited", "times": 2, "retry_after": 7}
    recorded.post("/control/faults", fault)
    answers = [recorded.api("chat.postMessage", channel="C0GENERAL", text=str(n)) for n in range(3)]
    assert [each.get("http_status") for each in answers] == [429, 429, None]
    recorded.post("/control/faults", fault)
    with pytest.raises(HTTPError) as limited:
        urlopen(Request(f"{recorded.url}/api/chat.postMessage", b"{}"))
    assert limited.value.headers["Retry-After"] == "7"


@pytest.mark.parametrize(("fault", "done"), [("drop", 0), ("drop_after", 1)])
def test_a_connection_breaks_on_demand_before_or_after_the_work(recorded: Sandbox, fault: str, done: int) -> None:
    recorded.post("/control/faults", {"method": "chat.postMessage", "fault": fault})
    connection = HTTPConnection("127.0.0.1", recorded.port, timeout=PATIENCE_S)
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}
    connection.request("POST", "/api/chat.postMessage", json.dumps({"channel": "C0GENERAL", "text": "x"}), headers)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    assert len(recorded.messages()) == done


def test_a_timeout_on_demand_answers_nothing(recorded: Sandbox) -> None:
    recorded.post("/control/faults", {"method": "auth.test", "fault": "timeout"})
    with pytest.raises(TimeoutError):
        urlopen(Request(f"{recorded.url}/api/auth.test", b"{}"), timeout=HASTE_S)


def test_the_clock_moves_and_wakes_who_waits(recorded: Sandbox) -> None:
    before = recorded.get("/clock")
    waited: list[Any] = []
    waiter = Thread(target=lambda: waited.append(recorded.get("/clock", after=before["version"])))
    waiter.start()
    recorded.post("/clock", {"advance_s": 3600})
    waiter.join(PATIENCE_S)
    moved = datetime.fromisoformat(waited[0]["now"]) - datetime.fromisoformat(before["now"])
    assert timedelta(hours=1) <= moved < timedelta(hours=2)
    assert float(recorded.api("chat.postMessage", channel="C0GENERAL", text="x")["ts"]) > time.time() + 3500


def test_the_clock_jumps_to_the_next_planned_message(recorded: Sandbox) -> None:
    start = datetime.fromisoformat(recorded.get("/clock")["now"])
    Recorder.planned = [
        {"at": start.replace(year=start.year - 1).isoformat(), "kind": "past", "to": "U1", "what": ""},
        {"at": start.replace(year=start.year + 1, day=1).isoformat(), "kind": "check_in", "to": "U1", "what": ""},
    ]
    moved = datetime.fromisoformat(recorded.post("/clock", {"next": True})["now"])
    assert timedelta(seconds=1) <= moved - start.replace(year=start.year + 1, day=1) < timedelta(hours=1)
    Recorder.planned = []
    assert recorded.post("/clock", {"next": True})["http_status"] == 404


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_other_hosts_and_pages_are_kept_out(recorded: Sandbox, headers: dict[str, str]) -> None:
    with pytest.raises(HTTPError) as refusal:
        urlopen(Request(f"{recorded.url}/control/reset", b"{}", headers))
    assert refusal.value.code == 403


def test_it_ends_cleanly_on_request_and_when_its_parent_ends() -> None:
    with a_sandbox(free_port()) as sandbox:
        sandbox.process.send_signal(signal.SIGTERM)
        assert sandbox.process.wait(PATIENCE_S) == 0
    with running(["-c", "input()"]) as parent, a_sandbox(free_port(), "--with-parent", str(parent.pid)) as child:
        parent.kill()
        parent.wait()
        assert child.process.wait(PATIENCE_S) == 0
