"""The list of coming messages and why, passing time, and the guided start: with an app that publishes its plan."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browsers import pytestmark

from .conftest import Sandbox, a_sandbox, free_port, until
from .test_page import serious
from .test_two_sides import latest, open_page, side

__all__ = ["pytestmark"]


class Planner:
    """An app that only reports its plans and counts; `once` is returned for its plans a single time."""

    def __init__(self) -> None:
        self.planned: list[dict[str, str]] = []
        self.once: list[dict[str, str]] = []
        self.so_far: dict[str, dict[str, int]] = {"acts": {}, "said": {}}

    def plans(self) -> list[dict[str, str]]:
        shown, self.once = self.once or self.planned, []
        return shown

    def answers(self) -> type[BaseHTTPRequestHandler]:
        pages = {"/planned": self.plans, "/so-far": lambda: self.so_far}

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(pages[self.path]()).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        return Answer


@pytest.fixture(scope="module")
def planning() -> Iterator[tuple[Planner, Sandbox]]:
    planner = Planner()
    server = ThreadingHTTPServer(("127.0.0.1", 0), planner.answers())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = f"http://127.0.0.1:{server.server_port}"
    options = ("--planned-url", f"{app}/planned", "--progress-url", f"{app}/so-far", "--event-retries", "")
    with a_sandbox(free_port(), *options) as sandbox:
        yield planner, sandbox
    server.shutdown()


@pytest.fixture
def planner(planning: tuple[Planner, Sandbox]) -> Planner:
    planner, sandbox = planning
    planner.planned, planner.so_far = [], {"acts": {}, "said": {}}
    sandbox.post("/control/reset", {})
    sandbox.post("/clock", {"to": "2027-01-04T09:00:00+00:00"})
    return planner


@pytest.fixture
def sandbox(planning: tuple[Planner, Sandbox]) -> Sandbox:
    return planning[1]


def question(at: str, held: str = "") -> dict[str, str]:
    why = "asks {to} whether it is on track"
    return {"at": at, "kind": "check_in", "to": "U00ALICE", "about": "#1 send the deck", "why": why, "held": held}


async def test_the_clock_says_what_comes_next_and_the_list_says_the_rest(
    browser: Browser, sandbox: Sandbox, planner: Planner
) -> None:
    planner.planned = [
        question("2027-01-04T12:00:00+00:00"),
        {"at": "2027-01-05T15:00:00+00:00", "to": "C0PROJECT", "what": "the digest"},
    ]
    page = await open_page(browser, sandbox)
    upcoming = page.get_by_label("What comes next")
    await expect(upcoming).to_have_text("Next 13:00 · Kept asks @alice whether it is on track · #1 send the deck")
    await page.get_by_role("button", name="What is planned").click()
    await expect(page.get_by_text("Kept writes to #project-deck")).to_be_visible()
    planner.planned = []
    sandbox.post("/clock", {"advance_s": 60})
    await expect(upcoming).to_have_text("Next nothing is planned.")


async def test_a_message_that_does_not_come_is_accounted_for(
    browser: Browser, sandbox: Sandbox, planner: Planner
) -> None:
    planner.planned = [question("2027-01-04T12:00:00+00:00")]
    page = await open_page(browser, sandbox)
    await page.keyboard.press("Alt+n")
    until(lambda: sandbox.get("/clock")["now"] > "2027-01-04T12:00:00")
    planner.planned = [question("2027-01-05T08:00:00+00:00", held="{to} is not at work before")]
    await expect(latest(page)).to_have_text(
        "13:00 · Nothing was sent: it is planned for Tue 5 Jan, 09:00 now: @alice is not at work before."
    )
    await expect(page.get_by_label("What comes next")).to_contain_text(
        "#1 send the deck · @alice is not at work before"
    )
    await page.keyboard.press("Alt+n")
    until(lambda: sandbox.get("/clock")["now"] > "2027-01-05T08:00:00")
    planner.planned = []
    await expect(latest(page)).to_contain_text("it is no longer planned")
    sandbox.api("chat.postMessage", channel="U00ALICE", text="Still on track?")
    await expect(latest(page)).to_contain_text("Kept wrote to @alice")


@pytest.mark.parametrize(("through", "stops"), [(True, 2), (False, 1)])
def test_a_move_of_the_clock_stops_on_the_way_or_leaps(
    sandbox: Sandbox, planner: Planner, through: bool, stops: int
) -> None:
    before = sandbox.get("/clock")
    planner.once = [{"at": "2027-01-04T09:30:00+00:00", "kind": "look", "to": ""}]
    after = sandbox.post("/clock", {"to": "2027-01-04T10:00:00+00:00", "through": through})
    assert after["version"] == before["version"] + stops
    assert after["now"] >= "2027-01-04T10:00:00"


def test_a_look_at_an_agenda_is_no_message(sandbox: Sandbox, planner: Planner) -> None:
    planner.planned = [{"at": "2027-01-04T09:30:00+00:00", "kind": "look", "to": ""}]
    assert sandbox.get("/planned") == []
    planner.once, planner.planned = [*planner.planned, question("2027-01-04T12:00:00+00:00")], []
    sandbox.post("/clock", {"next": True})
    assert sandbox.get("/clock")["now"] >= "2027-01-04T12:00:00"


async def test_time_passes_an_hour_a_second_until_it_is_paused(
    browser: Browser, sandbox: Sandbox, planner: Planner
) -> None:
    page = await open_page(browser, sandbox)
    began = datetime.fromisoformat(sandbox.get("/clock")["now"])
    await page.keyboard.press("Alt+p")
    until(lambda: datetime.fromisoformat(sandbox.get("/clock")["now"]) - began > timedelta(hours=1))
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("button", name="Play: an hour a second")).to_be_visible()
    assert planner.planned == []
    stands = sandbox.get("/clock")["version"]
    await page.keyboard.press("Alt+h")
    until(lambda: sandbox.get("/clock")["version"] != stands)
    assert sandbox.get("/clock")["version"] == stands + 1


async def test_the_clock_is_three_keys_from_the_message_box(
    browser: Browser, sandbox: Sandbox, planner: Planner
) -> None:
    assert planner.planned == []
    page = await open_page(browser, sandbox)
    composer = side(page, "Alice Auer").get_by_role("combobox", name="Message project-deck")
    await composer.focus()
    for _ in range(2):
        await page.keyboard.press("F6")
    await expect(page.get_by_role("button", name="Play: an hour a second")).to_be_focused()
    await page.keyboard.press("F6")
    await expect(composer).to_be_focused()


async def test_a_step_of_the_guide_ticks_itself_however_it_was_done(
    browser: Browser, sandbox: Sandbox, planner: Planner
) -> None:
    page = await open_page(browser, sandbox)
    guide = page.get_by_role("complementary", name="Guided start")
    await expect(guide.get_by_role("button", name="/promise @client send the deck by Wednesday 5pm")).to_be_visible()
    planner.so_far = {"acts": {"promise": 1, "report": 1}, "said": {"check_in": 1}}
    sandbox.api("chat.postMessage", channel="U00ALICE", text="Still on track?")
    await expect(guide.get_by_text("2 of 6")).to_be_visible()
    await expect(guide.get_by_role("heading", name="Deliver (done)")).to_be_visible()
    await expect(guide.get_by_role("button", name="To the next message")).to_be_visible()
    assert await serious(page) == []


async def test_the_guide_is_left_resumed_and_begun_again(browser: Browser, sandbox: Sandbox, planner: Planner) -> None:
    page = await open_page(browser, sandbox)
    guide = page.get_by_role("complementary", name="Guided start")
    await guide.get_by_role("button", name="Leave the guide").click()
    await page.reload()
    await expect(guide).to_be_hidden()
    acts = ("promise", "propose", "accept_proposal", "report", "accept_delivery")
    planner.so_far = {"acts": dict.fromkeys(acts, 1), "said": dict.fromkeys(("check_in", "heads_up", "digest"), 1)}
    await page.get_by_role("button", name="Guided start").click()
    sandbox.api("chat.postMessage", channel="U00ALICE", text="Done.")
    await guide.get_by_role("button", name="Begin again").click()
    await expect(guide.get_by_text("0 of 6")).to_be_visible()
