"""Commands, clicks, modals and events reach the app, and its answers reach people, over HTTP and Socket Mode."""

import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import connect

from tests.patience import PATIENCE_S

from .conftest import Sandbox, until


def texts(sandbox: Sandbox, user: str = "alice", channel: str = "general") -> list[str]:
    return [message["text"] for message in sandbox.messages(user, channel)]


def open_form(sandbox: Sandbox) -> str:
    sandbox.command("")
    views: list[dict[str, Any]] = until(lambda: sandbox.get("/control/views", user="alice")["views"])
    return str(views[0]["id"])


def test_a_command_names_teammates_and_places_as_references(either: Sandbox) -> None:
    answer = either.command("@client send it & tell #general, @nobody")
    expected = "heard: <@U0CLIENT|client> send it &amp; tell <#C0GENERAL|general>, @nobody"
    assert answer["ack"]["text"] == expected


def test_an_answer_in_the_acknowledgement_is_seen_by_one_person_only(either: Sandbox) -> None:
    either.command("hello")
    assert texts(either, "alice") == ["heard: hello"]
    assert texts(either, "bob") == []


def test_an_answer_in_channel_is_seen_by_everybody(either: Sandbox) -> None:
    either.command("public")
    assert texts(either, "bob") == ["heard: public"]


def test_an_answer_by_response_url_arrives(either: Sandbox) -> None:
    either.command("later")
    until(lambda: texts(either) == ["said later"])


def test_a_click_replaces_the_message_that_held_the_button(either: Sandbox) -> None:
    either.command("hello")
    ts = either.messages()[0]["ts"]
    click = {"user": "alice", "channel": "general", "ts": ts, "action_id": "act.report"}
    assert either.post("/control/click", click)["status"] == 200
    until(lambda: texts(either) == ["done p1"])


def test_a_modal_opens_and_its_submission_arrives_in_the_persons_zone(either: Sandbox) -> None:
    view_id = open_form(either)
    state = {"what": "send it", "due": "2027-01-08T17:00"}
    answer = either.post("/control/submit", {"user": "alice", "view_id": view_id, "state": state})
    assert answer["response_action"] == "close"
    until(lambda: texts(either, "alice", "dm") == ["send it due 1799424000"])  # 17:00 in Berlin
    assert either.get("/control/views", user="alice")["views"] == []


def test_the_apps_errors_are_shown_by_field_and_the_modal_stays(either: Sandbox) -> None:
    view_id = open_form(either)
    state = {"what": "nothing", "due": 1799424000}
    answer = either.post("/control/submit", {"user": "alice", "view_id": view_id, "state": state})
    assert answer["errors"] == {"what": "Promise something."}
    assert len(either.get("/control/views", user="alice")["views"]) == 1


def test_an_empty_required_field_is_refused_before_the_app_is_asked(either: Sandbox) -> None:
    answer = either.post("/control/submit", {"user": "alice", "view_id": open_form(either), "state": {"what": "x"}})
    assert (answer["sent"], list(answer["errors"])) == (False, ["due"])


def test_opening_home_makes_the_app_publish_it(either: Sandbox) -> None:
    either.post("/control/home", {"user": "bob"})
    home = until(lambda: either.get("/control/views", user="bob")["home"])
    assert home["blocks"][0]["text"]["text"] == "Yours"


def test_a_mention_reaches_the_app_which_answers_in_the_thread(either: Sandbox) -> None:
    shown = either.post("/control/message", {"user": "bob", "channel": "general", "text": "hi @kept"})
    answer = until(lambda: [m for m in either.messages() if m.get("bot_id")])
    assert (answer[0]["text"], answer[0]["thread_ts"]) == ("you said hi <@U0000BOT>", shown["ts"])


def test_silence_of_the_app_is_shown_in_slacks_words(hasty_sandbox: Sandbox) -> None:
    assert hasty_sandbox.command("slow")["failure"] == "operation_timeout"
    assert texts(hasty_sandbox) == ['/promise failed with the error "operation_timeout"']


def test_an_app_that_is_asked_to_disconnect_comes_back(socket_sandbox: Sandbox) -> None:
    socket_sandbox.post("/control/reset", {})
    opened = [call["name"] for call in socket_sandbox.get("/control/calls")["calls"]].count("apps.connections.open")
    assert socket_sandbox.post("/control/disconnect", {"reason": "refresh_requested"})["sockets"] == 1
    until(
        lambda: (
            [call["name"] for call in socket_sandbox.get("/control/calls")["calls"]].count("apps.connections.open")
            > opened
        )
    )
    until(lambda: socket_sandbox.command("public")["failure"] is None)


def test_a_socket_that_was_asked_to_disconnect_is_closed_though_its_app_stays(socket_sandbox: Sandbox) -> None:
    opened = socket_sandbox.api("apps.connections.open", "xapp-sandbox")
    with connect(opened["url"]) as idle:
        assert json.loads(idle.recv())["type"] == "hello"
        socket_sandbox.post("/control/disconnect", {"reason": "refresh_requested"})
        assert json.loads(idle.recv())["type"] == "disconnect"
        with pytest.raises(ConnectionClosedOK):
            idle.recv(timeout=PATIENCE_S)
    until(lambda: socket_sandbox.command("public")["failure"] is None)
