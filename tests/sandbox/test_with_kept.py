"""The whole story with the real bot: two people in two browsers, one with the keyboard and one with the mouse."""

import json
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen

import pytest
import pytest_asyncio
import yaml
from playwright.async_api import Browser, Page, expect

from bot.domain.acts import Act
from sandbox.story import STORIES, Calendar
from tests.browsers import pytestmark
from tests.patience import PATIENCE_S

from .conftest import REPOSITORY, Sandbox, free_port, listens, until
from .test_page import picture, say, visit

__all__ = ["pytestmark"]


@contextmanager
def running_kept(*options: str) -> Iterator[Sandbox]:
    """Kept and its sandbox, started as a newcomer starts them."""
    port, bot_port = free_port(), free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DATABASE_", "KEPT_"))}
    environ = clean | {"SANDBOX_PORT": str(port), "PORT": str(bot_port)}
    environ |= {"SANDBOX_ANSWER_WITHIN_S": str(PATIENCE_S), "SANDBOX_LATENCY_MS": "0"}
    process = Popen([sys.executable, "-m", "bot", "run", *options], cwd=REPOSITORY, env=environ)
    try:
        until(lambda: listens(port) and listens(bot_port))
        yield Sandbox(port, process)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@pytest.fixture
def kept() -> Iterator[Sandbox]:
    with running_kept() as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def owner(browser: Browser, kept: Sandbox) -> AsyncIterator[Page]:
    yield await visit(browser, kept, "alice", "project-deck")


@pytest_asyncio.fixture(loop_scope="session")
async def requester(browser: Browser, kept: Sandbox) -> AsyncIterator[Page]:
    yield await visit(browser, kept, "client", "dm")


async def go_on_until(page: Page, kept: Sandbox, words: str, who: str, where: str) -> None:
    """Moves the clock from message to message until these words are to be read on that person's page."""
    for _ in range(30):
        async with page.expect_response("**/clock"):
            await page.get_by_test_id("clock-next").click()
        kept.get("/control/settled")
        if re.search(words, json.dumps(kept.messages(who, where), ensure_ascii=False)):
            return await expect(page.get_by_test_id("message").get_by_text(re.compile(words)).last).to_be_visible()
    raise AssertionError(f"“{words}” was never said")


async def choose_by_keyboard(page: Page, menu: str, option: str) -> None:
    """Walks to the last menu of that name with the keyboard alone, and chooses by the first letter of the option."""
    await page.get_by_role("combobox").filter(has_text=option).last.wait_for()
    for _ in range(80):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.options?.[0].textContent") == menu:
            return await page.keyboard.press(option[0])
    raise AssertionError(f"the keyboard does not reach “{menu}”")


async def press_by_keyboard(page: Page, button: str) -> None:
    """Walks to the last button of that name with the keyboard alone, and presses it."""
    await page.get_by_role("button", name=button, exact=True).last.wait_for()
    for _ in range(80):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == button:
            return await page.keyboard.press("Enter")
    raise AssertionError(f"the keyboard does not reach “{button}”")


async def test_a_promise_is_spoken_of_renegotiated_missed_and_reported(
    owner: Page, requester: Page, kept: Sandbox
) -> None:
    kept.post("/clock", {"to": "2027-01-04T10:00:00+00:00"})  # a Monday on which both are at work
    await say(owner, "/promise digest here weekly 16:30")
    await say(owner, "/promise @client send the deck by Friday 5pm")
    await expect(owner.get_by_text("Recorded as")).to_be_visible()
    await expect(requester.get_by_test_id("message").last).to_contain_text("send the deck")
    await picture(owner, "promise")

    await go_on_until(requester, kept, "Does that still suit you", "client", "dm")
    await owner.get_by_test_id("app-kept").click()
    await expect(owner.get_by_test_id("message").get_by_text("Still on track for").first).to_be_visible()
    await picture(owner, "check-in")

    await choose_by_keyboard(owner, "Later…", "Another date")
    form = owner.get_by_test_id("modal")
    await form.get_by_label("By when?", exact=True).fill("2027-01-25T15:00")
    await form.get_by_label("Why?", exact=True).fill("Finance is late.")
    await picture(owner, "propose")
    await form.get_by_test_id("submit").press("Enter")
    await press_by_keyboard(requester, "Agree")
    await go_on_until(owner, kept, "agreed to the change", "alice", "dm")

    await go_on_until(requester, kept, "The deadline passed", "client", "dm")
    await picture(requester, "missed")
    await owner.get_by_test_id("channel-project-deck").click()
    await go_on_until(owner, kept, r"1 missed|Missed \(1\)", "alice", "project-deck")
    await picture(owner, "digest")


@pytest.mark.skipif(not os.environ.get("KEPT_LONG"), reason="KEPT_LONG=1 tells eight weeks, too")
def test_the_story_of_eight_weeks_is_played_to_its_end(kept: Sandbox) -> None:
    kept.post("/control/story", {"story": "eight_weeks", "pace_s": 0})
    until(lambda: not kept.get("/control/story")["running"])
    sent = kept.get("/control/story")
    assert (sent["fault"], sent["step"]) == (None, sent["of"])
    shown = [message["text"] for message in kept.messages("alice", "project-deck")]
    assert sum(text.startswith("Promises in this channel") for text in shown) == 8
    assert any("promises made here" in text for text in shown)


@pytest.mark.parametrize("path", sorted(STORIES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_story_goes_forward_and_presses_buttons_that_there_are(path: Path) -> None:
    story = yaml.safe_load(path.read_text(encoding="utf-8"))
    calendar = Calendar.of(story, datetime.now(UTC))
    steps = story["steps"]
    moments = [calendar.instant(step["at"]) for step in steps if step["at"] != "now"]
    assert moments == sorted(moments)
    known = {f"act.{act}" for act in Act} | {"chain.propose", "obstacle.ask"}
    assert {step["press"] for step in steps if "press" in step} <= known


def test_the_story_of_three_weeks_is_played_to_its_end(kept: Sandbox) -> None:
    kept.post("/control/story", {"pace_s": 0})
    until(lambda: not kept.get("/control/story")["running"])
    sent = kept.get("/control/story")
    assert (sent["fault"], sent["step"]) == (None, sent["of"])
    digests = [
        m["text"] for m in kept.messages("bob", "project-deck") if m["text"].startswith("Promises in this channel")
    ]
    assert len(digests) == 3
    assert "1 missed" in digests[1]
