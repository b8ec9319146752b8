"""The page in a real browser, by mouse and by keyboard."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.browsers import animations_end, pytestmark
from tests.patience import PATIENCE_S

from .conftest import Sandbox

__all__ = ["pytestmark"]
PICTURES = os.environ.get("SANDBOX_PICTURES")


async def visit(browser: Browser, sandbox: Sandbox, who: str = "alice", where: str = "general", **more: Any) -> Page:
    """A person's own browser, looking at a place."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, **more)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    await page.goto(f"{sandbox.url}/?as={who}&c={where}")
    await page.wait_for_selector("body.loaded[data-live=yes]")
    return page


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer").fill(text)
    await page.get_by_test_id("composer").press("Enter")


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")


async def test_the_other_person_sees_a_message_immediately(browser: Browser, sandbox: Sandbox) -> None:
    alice = await visit(browser, sandbox, "alice", "@client")
    carla = await visit(browser, sandbox, "client", "general")
    await say(alice, "hello *you*")
    await expect(carla.get_by_test_id("dm-alice")).to_contain_text("1")
    await carla.get_by_test_id("dm-alice").click()
    await expect(carla.get_by_test_id("message").locator("strong").last).to_have_text("you")
    await say(carla, "and you")
    await expect(alice.get_by_test_id("message").last).to_contain_text("and you")


async def test_a_command_is_completed_and_its_answer_is_only_mine(browser: Browser, sandbox: Sandbox) -> None:
    alice, bob = await visit(browser, sandbox, "alice"), await visit(browser, sandbox, "bob")
    composer = alice.get_by_test_id("composer")
    await composer.press_sequentially("/pro")
    await composer.press("Tab")
    await composer.press_sequentially("@cl")
    await expect(alice.get_by_role("option")).to_have_count(1)
    await composer.press("Enter")
    await composer.press_sequentially("send it")
    await composer.press("Enter")
    await expect(alice.get_by_text("Only visible to you")).to_be_visible()
    await alice.get_by_role("button", name="Done").click()
    await expect(alice.get_by_test_id("message")).to_contain_text("done p1")
    await expect(bob.get_by_test_id("message")).to_have_count(0)


async def test_text_of_people_never_becomes_markup(browser: Browser, sandbox: Sandbox) -> None:
    alice = await visit(browser, sandbox)
    await say(alice, '<img src=x onerror="document.title=1"> <script>alert(1)</script> <https://x|"y>')
    message = alice.get_by_test_id("message")
    await expect(message).to_contain_text("<script>alert(1)</script>")
    assert await message.locator("img, script").count() == 0


async def test_every_block_is_drawn_and_every_control_works(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox)
    await say(page, "/promise everything")
    message = page.get_by_test_id("message").first
    await expect(message.locator("svg rect")).to_have_count(6)
    await expect(message.get_by_text("and <b>no markup</b>")).to_be_visible()
    await expect(message.locator("time").last).to_have_text("Friday, November 27th 17:00")
    await picture(page, "blocks")
    await message.get_by_role("button", name="Plain").click()
    await expect(page.get_by_text("plain: 1")).to_be_visible()
    await message.get_by_role("combobox").select_option("late")
    await expect(page.get_by_text("pick: late")).to_be_visible()
    await message.get_by_test_id("control-more").get_by_label("More actions").click()
    await message.get_by_role("button", name="Never").click()
    await expect(page.get_by_text("more: never")).to_be_visible()
    await message.get_by_role("button", name="Bad").click()
    await page.get_by_role("button", name="No, go back").click()
    await message.get_by_role("button", name="Bad").click()
    await page.get_by_role("button", name="Do it").click()
    await expect(page.get_by_text("bad: None")).to_have_count(1)


async def test_a_menu_that_the_app_fills_offers_what_was_typed(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox)
    await say(page, "/promise search")
    await page.get_by_role("searchbox", name="Search").press_sequentially("send")
    menu = page.get_by_role("combobox", name="Which promise?")
    await expect(menu.get_by_role("option")).to_have_text(["Choose of 2…", "send the deck", "send the list"])
    await menu.select_option(label="send the list")
    await expect(page.get_by_text("find: list")).to_be_visible()


async def test_a_reaction_is_seen_by_everybody_and_taken_back(browser: Browser, sandbox: Sandbox) -> None:
    alice, bob = await visit(browser, sandbox, "alice"), await visit(browser, sandbox, "bob")
    await say(alice, "done!")
    await bob.get_by_test_id("message").hover()
    await bob.get_by_label("React", exact=True).click()
    await bob.get_by_role("button", name="tada").click()
    await alice.get_by_role("button", name="tada, 1").click()
    await bob.get_by_role("button", name="tada, 2").click()
    await expect(alice.get_by_role("button", name="tada, 1")).to_have_attribute("aria-pressed", "true")


async def test_every_input_of_a_form_arrives_as_it_was_filled(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox)
    await say(page, "/promise every input")
    form = page.get_by_test_id("modal")
    await form.get_by_label("Words").fill("some words")
    await form.get_by_label("Lines").fill("two\nlines")
    await form.get_by_role("combobox", name="Person").select_option("U0000BOB")
    await form.get_by_role("group", name="Persons").get_by_label("Dave Doi").check()
    await form.get_by_role("combobox", name="Place").select_option("C0PROJECT")
    await form.get_by_label("Moment").fill("2027-01-08T17:00")
    await form.get_by_label("Day").fill("2027-01-09")
    await form.get_by_label("Hour").fill("08:30")
    await form.get_by_role("group", name="Boxes").get_by_label("Early").check()
    await form.get_by_role("radiogroup", name="Rating").get_by_label("Late").check()
    await form.get_by_label("Amount").fill("42")
    await picture(page, "form")
    await form.get_by_test_id("submit").click()
    await expect(form).to_have_count(0)
    values = json.loads(sandbox.get("/control/dms", user="alice")["messages"][-1]["text"])
    held = {name: next((v for key, v in value.items() if key != "type"), None) for name, value in values.items()}
    late = {"text": {"type": "plain_text", "text": "Late"}, "value": "late"}
    assert held == {
        "words": "some words",
        "lines": "two\nlines",
        "person": "U0000BOB",
        "persons": ["U000DAVE"],
        "place": "C0PROJECT",
        "moment": 1799424000,
        "day": "2027-01-09",
        "hour": "08:30",
        "choice": late,
        "boxes": [late | {"text": {"type": "plain_text", "text": "Early"}, "value": "early"}],
        "rating": late,
        "amount": "42",
        "mail": None,
    }


async def test_errors_stand_beneath_their_fields_and_what_was_typed_stays(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox)
    await say(page, "/promise")
    form = page.get_by_test_id("modal")
    await form.get_by_label("What").fill("nothing")
    await form.get_by_label("What").press("Enter")
    await expect(form.get_by_test_id("field-due").get_by_role("alert")).to_have_text(
        "Please complete this required field."
    )
    await form.get_by_label("Due").fill("2027-01-08T17:00")
    await form.get_by_test_id("submit").click()
    await expect(form.get_by_test_id("field-what").get_by_role("alert")).to_have_text("Promise something.")
    await expect(form.get_by_label("What")).to_have_value("nothing")
    await picture(page, "errors")


async def test_escape_closes_a_form_and_the_app_is_notified_of_it(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox, where="dm")
    await say(page, "/promise every input")
    await page.get_by_test_id("modal").get_by_label("Words").press("Escape")
    await expect(page.get_by_test_id("modal")).to_have_count(0)
    await expect(page.get_by_test_id("message").get_by_text("you closed it")).to_be_visible()


async def test_the_home_tab_is_published_when_it_is_opened(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox, "dave", "dm")
    await page.get_by_test_id("tab-home").click()
    await expect(page.get_by_test_id("home").get_by_role("heading", name="Yours")).to_be_visible()


async def test_a_thread_is_opened_and_answered(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox)
    await say(page, "who is in?")
    await page.get_by_test_id("message").hover()
    await page.get_by_role("button", name="Reply in thread").click()
    answer = page.get_by_test_id("thread-composer").get_by_role("textbox")
    await answer.fill("I am")
    await answer.press("Enter")
    await expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(page.get_by_role("complementary", name="Thread").get_by_text("I am")).to_be_visible()


async def test_the_clock_moves_for_everybody_in_their_own_zone(browser: Browser, sandbox: Sandbox) -> None:
    alice, dave = await visit(browser, sandbox, "alice"), await visit(browser, sandbox, "dave")
    before = await dave.get_by_test_id("clock-now").inner_text()
    await alice.get_by_test_id("clock-1d").click()
    await expect(dave.get_by_test_id("clock-real")).to_be_visible()
    assert await dave.get_by_test_id("clock-now").inner_text() != before
    await dave.get_by_test_id("clock-real").click()
    await expect(alice.get_by_test_id("clock-real")).to_have_count(0)


async def test_the_inspector_shows_and_filters_the_messages(browser: Browser, sandbox: Sandbox) -> None:
    page = await visit(browser, sandbox)
    await page.get_by_role("button", name="Inspector").click()
    await say(page, "/promise every input")
    await page.get_by_test_id("modal").get_by_label("Words").press("Escape")
    calls = page.get_by_test_id("inspector").locator("[data-call]")
    await page.get_by_label("Filter").fill("views.open")
    await expect(calls.filter(visible=True)).to_have_count(1)
    await page.get_by_label("Filter").fill("/promise")
    await calls.filter(visible=True).locator("summary").click()
    await expect(page.get_by_text("X-Slack-Signature: v0=").filter(visible=True)).to_be_visible()


async def test_a_long_place_stays_whole_and_in_order_whatever_comes_goes_or_changes(
    browser: Browser, sandbox: Sandbox
) -> None:
    shown = [
        sandbox.api("chat.postMessage", channel="C0GENERAL", text=f"message *{n}* of &lt;many>") for n in range(100)
    ]
    page = await visit(browser, sandbox)
    messages = page.get_by_test_id("message")
    await expect(messages).to_have_count(100)
    sandbox.api("chat.delete", channel="C0GENERAL", ts=shown[20]["ts"])
    sandbox.post("/control/message", {"user": "dave", "channel": "general", "text": "the newest"})
    await expect(messages.last).to_contain_text("the newest")
    await expect(page.get_by_text("message 20 of")).to_have_count(0)
    expected = [f"message {number} of" for number in range(100) if number != 20] + ["the newest"]
    await expect(messages).to_contain_text(expected)
    sandbox.post("/clock", {"advance_s": 86400})  # all of the list is drawn again
    await expect(page.get_by_text("Yesterday", exact=True)).to_be_attached()
    await expect(messages).to_contain_text(expected)
    await messages.nth(48).scroll_into_view_if_needed()
    await messages.nth(48).hover()
    await messages.nth(48).get_by_label("React", exact=True).click()
    await messages.nth(48).get_by_role("button", name="tada").click()
    await expect(messages.nth(48).get_by_role("button", name="tada, 1")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_no_serious_fault(browser: Browser, sandbox: Sandbox, theme: Any) -> None:
    page = await visit(browser, sandbox, color_scheme=theme)
    await say(page, "/promise hello")
    await say(page, "/promise everything")
    await expect(page.get_by_role("button", name="Good")).to_be_visible()
    await page.get_by_role("button", name="What is planned").click()
    faults = await serious(page)
    await page.get_by_role("button", name="Inspector").click()
    faults += await serious(page)
    await say(page, "/promise every input")
    await expect(page.get_by_test_id("modal")).to_be_visible()
    assert faults + await serious(page) == []


async def serious(page: Page) -> list[str]:
    """Return each serious or critical fault that axe finds, with the place it found it first.

    A row that is still fading in has paler colours than it will have, so axe looks when every animation has ended.
    """
    await animations_end(page)
    found = await Axe().run(page)
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:160]} ({fault['nodes'][0].get('failureSummary', '')[:200]})"
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
