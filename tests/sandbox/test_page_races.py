"""News and typing between the request for a part of the page and its answer: neither is lost."""

import asyncio
from collections.abc import Awaitable, Callable

from playwright.async_api import Browser, Page, Route, expect

from tests.browsers import pytestmark

from .conftest import Sandbox
from .test_two_sides import composer, drawn, latest, open_page, side

__all__ = ["pytestmark"]


async def before_the_answer(page: Page, address: str, does: Callable[[], Awaitable[None]]) -> None:
    """Has `does` happen once, after the server has answered a request and before the page gets the answer."""

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        await does()
        await route.fulfill(response=answer)

    await page.route(address, hold, times=1)


async def post_and_wait(page: Page, sandbox: Sandbox, text: str) -> None:
    """Has the app say something in a channel, and waits until the page has drawn that news."""
    sandbox.api("chat.postMessage", channel="C0PROJECT", text=text)
    await drawn(page, sandbox)


async def test_a_message_that_arrives_while_its_place_is_being_opened_is_shown(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await open_page(browser, sandbox)
    carla = side(page, "Carla Client")
    await before_the_answer(page, "**/part/column*", lambda: post_and_wait(page, sandbox, "meanwhile"))
    await carla.get_by_role("link", name="project-deck").click()
    await expect(carla.get_by_test_id("message")).to_contain_text("meanwhile")


async def test_a_message_that_arrives_while_the_page_loads_is_shown(browser: Browser, sandbox: Sandbox) -> None:
    context = await browser.new_context()
    page = await context.new_page()

    async def shown() -> None:
        sandbox.api("chat.postMessage", channel="C0PROJECT", text="meanwhile")

    await before_the_answer(page, f"{sandbox.url}/", shown)
    await page.goto(sandbox.url)
    await expect(side(page, "Alice Auer").get_by_test_id("message")).to_contain_text("meanwhile")


async def test_words_that_are_begun_while_a_side_turns_to_its_news_stay_where_they_were_typed(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await open_page(browser, sandbox)
    writing = composer(side(page, "Alice Auer"), "project-deck")
    await before_the_answer(page, "**/part/column*", lambda: writing.fill("half a sen"))
    sandbox.api("chat.postMessage", channel="U00ALICE", text="Still on track?")
    await expect(writing).to_have_value("half a sen")
    await expect(latest(page)).to_contain_text("Still on track?")
    await expect(side(page, "Alice Auer").get_by_role("link", name="Kept 1 unread")).to_be_visible()
    await expect(writing).to_be_focused()


async def test_of_two_places_the_one_that_was_chosen_last_is_shown(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(browser, sandbox)
    alice = side(page, "Alice Auer")
    first_came = asyncio.Event()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        if "c=C0GENERAL" in route.request.url:
            await alice.get_by_role("link", name="quiet").click()
            await route.fulfill(response=answer)
            first_came.set()
        else:
            await first_came.wait()
            await route.fulfill(response=answer)

    await page.route("**/part/column*", hold)
    await alice.get_by_role("link", name="general").click()
    await expect(composer(alice, "quiet")).to_be_visible()


async def test_the_clock_takes_no_focus_from_who_has_gone_on_to_write(browser: Browser, sandbox: Sandbox) -> None:
    page = await open_page(browser, sandbox)
    writing = composer(side(page, "Alice Auer"), "project-deck")
    await before_the_answer(page, "**/part/clock*", lambda: writing.fill("half a sen"))
    await page.get_by_test_id("clock-play").focus()
    sandbox.post("/clock", {"advance_s": 600})
    await expect(page.get_by_test_id("clock-real")).to_be_visible()
    await expect(writing).to_be_focused()
