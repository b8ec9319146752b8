"""Two people side by side on one page: what the app writes to either is seen arriving, each free of the other."""

from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browsers import pytestmark
from tests.patience import PATIENCE_S, until_true

from .conftest import Sandbox
from .test_page import serious

__all__ = ["pytestmark"]


async def open_page(browser: Browser, sandbox: Sandbox, address: str = "/", **more: Any) -> Page:
    page = await (await browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **more})).new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    await page.goto(sandbox.url + address)
    await page.wait_for_selector("body.loaded[data-live=yes]")
    return page


def side(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=f"{name}'s side")


def composer(within: Any, place: str) -> Any:
    return within.get_by_role("combobox", name=f"Message {place}")


async def writes(within: Any, place: str, words: str) -> None:
    await composer(within, place).fill(words)
    await composer(within, place).press("Enter")


async def drawn(page: Page, sandbox: Sandbox) -> None:
    """Wait until the app is silent and the page shows all messages."""
    text_shown = sandbox.get("/control/settled")["news"]

    async def shown() -> bool:
        return int(await page.locator("body").get_attribute("data-drawn") or 0) >= text_shown

    await until_true(shown)


def latest(page: Page) -> Any:
    return page.get_by_role("status", name="What just happened")


async def test_a_page_without_a_person_in_its_address_shows_the_owner_and_the_requester(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await open_page(browser, sandbox)
    alice, carla = side(page, "Alice Auer"), side(page, "Carla Client")
    await carla.get_by_role("link", name="project-deck").click()
    await writes(alice, "project-deck", "hello *you*")
    await expect(carla.get_by_test_id("message")).to_contain_text("hello you")
    await writes(carla, "project-deck", "and you")
    await expect(alice.get_by_test_id("message").last).to_contain_text("and you")


async def test_a_side_opens_what_the_app_writes_to_its_person(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(browser, sandbox, "/?as=alice&c=project-deck&with=client&d=general")
    sandbox.api("chat.postMessage", channel="U00ALICE", text="Still on track?")
    sandbox.api("chat.postMessage", channel="U0CLIENT", text="Still needed?")
    await expect(side(page, "Alice Auer").get_by_text("Still on track?")).to_be_visible()
    await expect(side(page, "Carla Client").get_by_text("Still needed?")).to_be_visible()
    await page.reload()
    await expect(side(page, "Carla Client").get_by_text("Still needed?")).to_be_visible()


async def test_a_side_in_which_words_are_being_written_stays_where_it_is(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(browser, sandbox)
    writing = side(page, "Alice Auer").get_by_role("combobox", name="Message project-deck")
    await writing.fill("half a sen")
    sandbox.api("chat.postMessage", channel="U00ALICE", text="Still on track?")
    await expect(latest(page)).to_contain_text("Kept wrote to @alice: “Still on track?”")
    await expect(side(page, "Alice Auer").get_by_role("link", name="Kept 1 unread")).to_be_visible()
    await expect(writing).to_have_value("half a sen")


async def test_messages_to_people_not_shown_are_counted_named_and_one_click_away(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await open_page(browser, sandbox)
    sandbox.api("chat.postMessage", channel="U0000BOB", text="Something for <@U0000BOB> & you")
    await expect(side(page, "Alice Auer").get_by_role("link", name="Act as @bob, 1 unread")).to_be_visible()
    await expect(latest(page)).to_contain_text("Kept wrote to @bob: “Something for @bob & you”")
    await page.get_by_role("button", name="See what @bob was sent").click()
    await expect(side(page, "Bob Brown").get_by_text("Something for @bob & you")).to_be_visible()
    await expect(page.get_by_role("link", name="Act as @bob, 1 unread")).to_have_count(0)


async def test_a_form_of_one_person_leaves_the_other_free_to_act(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(browser, sandbox, "/?as=alice&c=general&with=client&d=general")
    alice, carla = side(page, "Alice Auer"), side(page, "Carla Client")
    await writes(alice, "general", "/promise")
    form = alice.get_by_role("dialog")
    await form.get_by_label("What").fill("the deck")
    await writes(carla, "general", "meanwhile")
    await expect(carla.get_by_test_id("message").last).to_contain_text("meanwhile")
    await composer(carla, "general").press("Escape")
    await expect(form.get_by_label("What")).to_have_value("the deck")
    await form.get_by_label("What").press("Escape")
    await expect(form).to_have_count(0)


async def test_a_message_that_is_changed_or_removed_is_so_on_both_sides(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(browser, sandbox, "/?as=alice&c=general&with=client&d=general")
    text_shown = sandbox.api("chat.postMessage", channel="C0GENERAL", text="first words")
    other = sandbox.api("chat.postMessage", channel="C0GENERAL", text="second words")
    for name in ("Alice Auer", "Carla Client"):
        await expect(side(page, name).get_by_test_id("message")).to_contain_text(["first words", "second words"])
    sandbox.api("chat.update", channel="C0GENERAL", ts=text_shown["ts"], text="other words")
    sandbox.api("chat.delete", channel="C0GENERAL", ts=other["ts"])
    for name in ("Alice Auer", "Carla Client"):
        await expect(side(page, name).get_by_test_id("message")).to_have_count(1)
        await expect(side(page, name).get_by_test_id("message")).to_contain_text("other words")


async def test_a_narrow_screen_shows_one_side_and_says_what_waits_on_the_other(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await open_page(browser, sandbox, viewport={"width": 390, "height": 800})
    await expect(side(page, "Carla Client")).to_be_hidden()
    sandbox.api("chat.postMessage", channel="U0CLIENT", text="Still needed?")
    await page.get_by_role("button", name="Carla Client, 1 unread").click()
    await expect(side(page, "Carla Client").get_by_text("Still needed?")).to_be_visible()
    await expect(page.get_by_role("button", name="Carla Client", exact=True)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert await serious(page) == []


async def test_two_sides_become_one_and_two_again(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(browser, sandbox)
    split = page.get_by_role("button", name="Two people side by side")
    await split.click()
    await expect(page.get_by_role("region")).to_have_count(1)
    await split.click()
    await expect(side(page, "Carla Client")).to_be_visible()
    assert await serious(page) == []
