"""The layout on a wide and on a narrow screen: one scrollbar, a clock in reach, nothing over a button."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from sandbox.__main__ import _settings
from tests.browsers import pytestmark
from tests.patience import lasts_at_least

from .conftest import Sandbox, a_sandbox, free_port
from .test_page import say, serious, visit

__all__ = ["pytestmark"]
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
#: The class of each box of a form, the fields aside, that scrolls.
SCROLLERS = """form => [form.closest("dialog"), form, ...form.querySelectorAll(":not(textarea, select)")]
    .filter(each => ["auto", "scroll"].includes(getComputedStyle(each).overflowY))
    .filter(each => each.scrollHeight > each.clientHeight + 1)
    .map(each => each.className)"""
#: The words of each button of a message of which something else lies over the middle.
COVERED = """message => [...message.querySelectorAll(".blocks .button")].filter(button => {
    const {left, top, width, height} = button.getBoundingClientRect();
    return !button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  }).map(button => button.textContent)"""


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_form_has_one_scrollbar_and_its_buttons_in_sight(
    browser: Browser, sandbox: Sandbox, screen: Any
) -> None:
    page = await visit(browser, sandbox)
    await page.set_viewport_size(screen)
    await say(page, "/promise every input")
    form = page.get_by_test_id("modal")
    assert await form.evaluate(SCROLLERS) == ["modal-body"]
    await expect(form.get_by_test_id("submit")).to_be_in_viewport(ratio=1)
    await expect(form.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_nothing_lies_over_the_buttons_of_a_message(browser: Browser, sandbox: Sandbox, screen: Any) -> None:
    names = ["On track", "At risk, and here is why", "Done", "Propose a change", "Not now"]
    row = [{"type": "button", "action_id": each, "text": {"type": "plain_text", "text": each}} for each in names]
    for text in ("first", "second, without a heading of its own"):
        blocks = [{"type": "actions", "elements": row}]
        sandbox.api("chat.postMessage", channel="C0GENERAL", text=text, blocks=blocks)
    page = await visit(browser, sandbox)
    await page.set_viewport_size(screen)
    for message in await page.get_by_test_id("message").all():
        await message.get_by_role("button", name="On track").hover()
        await expect(message.get_by_label("React", exact=True)).to_be_in_viewport(ratio=1)
        assert await message.evaluate(COVERED) == []


async def test_every_move_of_the_clock_is_in_reach_on_a_narrow_screen(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox)
    await page.set_viewport_size(NARROW)
    await page.get_by_test_id("clock-10m").click()
    moves = page.get_by_role("group", name="Move the clock").get_by_role("button")
    await expect(moves).to_have_count(6)
    for move in await moves.all():
        await expect(move).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="Back to real time").click()
    await expect(moves).to_have_count(5)
    assert await serious(page) == []


def test_slacks_answers_take_as_long_as_they_are_set_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX_LATENCY_MS")
    assert _settings([]).latency_s == 0.15
    with a_sandbox(free_port(), "--latency-ms", "200") as slow:
        assert lasts_at_least(0.2, lambda: slow.api("auth.test"))
