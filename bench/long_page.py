"""The sandbox's page with 5,000 messages on each of its two sides against the same page with 20, in a real browser."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright

from bench.figures import Figure
from bench.load import wait_until_up
from bench.promise_path import free_port

FEW, MANY, ROUNDS, MAX_MS = 20, 5_000, 15, 100
CHANNEL = "project-deck"
AUTHORS = ("U0000BOB", "U000DAVE")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
#: From the key that sends a message to the frame in which both sides show it.
SAYS = """
async (words) => {
  const field = document.querySelector("[data-main-composer]");
  field.value = words;
  const began = performance.now();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  const shown = () => [...document.querySelectorAll('[data-list="messages"]')].every(
    (list) => list.lastElementChild.textContent.includes(words));
  while (!shown()) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}
"""
#: From a leap to another part of the list to the second frame after it, which shows what is there.
SCROLLS = """
async (part) => {
  const list = document.querySelector("[data-scroll]");
  const began = performance.now();
  list.scrollTop = part * list.scrollHeight;
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}
"""


async def figures() -> Sequence[Figure]:
    async with _page(FEW) as few, _page(MANY) as many:
        return [
            await _figure("a message that is sent is seen after", few, many, lambda n: (SAYS, f"words {n} end")),
            await _figure("a leap through the list is drawn after", few, many, lambda n: (SCROLLS, n / ROUNDS)),
        ]


async def _figure(name: str, few: Page, many: Page, script: Callable[[int], tuple[str, object]]) -> Figure:
    """Both pages in turn, the quickest fifth of each: what disturbs the machine meanwhile is not the page's."""
    taken: dict[Page, list[float]] = {few: [], many: []}
    for number in range(ROUNDS):
        for page, found in taken.items():
            await page.bring_to_front()
            found.append(await page.evaluate(*script(number)))
    peers, ours = (round(sorted(found)[ROUNDS // 5], 1) for found in taken.values())
    name = f"{name}, {MANY:,} messages on both sides against {FEW}"
    return Figure(name, "ms", ours, peers, round(ours / peers, 2), f"≤ {MAX_MS} ms", ours <= MAX_MS)


@asynccontextmanager
async def _sandbox() -> AsyncIterator[str]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "sandbox", "--port", str(port))
    try:
        await asyncio.to_thread(wait_until_up, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _page(count: int) -> AsyncIterator[Page]:
    """Two people at a channel with so many messages, all of them drawn."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    async with _sandbox() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await _fill(page, url, count)
        limits = f"limit={count * 2}&dlimit={count * 2}"
        await page.goto(f"{url}/?as=alice&c={CHANNEL}&with=client&d={CHANNEL}&{limits}")
        await page.wait_for_selector("body.loaded[data-live=yes]")
        yield page


async def _fill(page: Page, url: str, count: int) -> None:
    world = await (await page.request.get(f"{url}/control/world")).json()
    began = world["last_ts"][0] - count
    (channel,) = (each for each in world["channels"] if each["name"] == CHANNEL)
    channel["messages"] = [
        {"user": AUTHORS[n % len(AUTHORS)], "ts": f"{began + n}.000000", "text": f"message *{n}* of `many`"}
        for n in range(count)
    ]
    await page.request.post(f"{url}/control/world", data=world)
