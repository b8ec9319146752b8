"""A story: what a team did over some weeks, read from a file and played on the sandbox's clock in seconds."""

import asyncio
import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import yaml

from sandbox import acting, modals
from sandbox.errors import UnknownHereError
from sandbox.places import find_channel, find_user
from sandbox.plans import instant, settled
from sandbox.posting import interactive
from sandbox.seed import add_teammate
from sandbox.settings import BOT_USER_ID
from sandbox.telling import Telling
from sandbox.workspace import Channel, Message, User, visible
from sandbox.world import World

STORIES = Path(__file__).parent / "stories"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PACE_S = 0.5  # a step takes no less, so that people can follow
_NUMBER = re.compile(r"\{#(.+?)\}")
_HASH = re.compile(r"#(\d+)")


def start(world: World, name: str = "three_weeks", pace_s: float = PACE_S) -> Telling:
    """Begins to tell a story in the background. Raises: UnknownHereError when there is none, or one is being told."""
    if world.telling.running:
        raise UnknownHereError("A story is being told already.")
    path = STORIES / f"{name}.yaml"
    if not name.isidentifier() or not path.exists():
        raise UnknownHereError(f"There is no story “{name}”.")
    story = yaml.safe_load(path.read_text(encoding="utf-8"))
    world.telling = Telling(story["title"], story["place"], of=len(story["steps"]), running=True, pace_s=pace_s)
    world.telling.task = asyncio.get_running_loop().create_task(_tell(world, story, world.telling))
    return world.telling


async def tell_when_ready(world: World, name: str) -> None:
    """Begins as soon as the app says what it plans, which it does when it is up."""
    while world.settings.planned_url:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
            await world.link.ask(world.settings.planned_url)
            start(world, name)
            return
        await asyncio.sleep(0.5)


async def _tell(world: World, story: Mapping[str, Any], telling: Telling) -> None:
    for teammate in story.get("team", ()):
        add_teammate(world.workspace, User(**teammate), world.clock.seconds())
    world.feed.publish("story")
    calendar = Calendar.of(story, world.clock.now())
    try:
        await world.clock.move_to(calendar.instant("1 Mon 08:55"))
        for number, step in enumerate(story["steps"], start=1):
            await _reach(world, calendar.instant(step["at"]))
            telling.step = number
            telling.caption = _caption(step)
            world.feed.publish("story")
            async with asyncio.TaskGroup() as both:
                both.create_task(asyncio.sleep(telling.pace_s))
                both.create_task(_do(world, story, step, calendar))
            await settled(world)
    except* (UnknownHereError, acting.NotPossibleError) as faults:
        telling.fault = f"Step {telling.step} ({telling.caption}): {faults.exceptions[0]}"
    finally:
        await world.clock.back_to_real_time()
        telling.running = False
        world.feed.publish("clock")
        world.feed.publish("story")


@dataclass(frozen=True)
class Calendar:
    """Turns "2 Wed 09:30" into an instant; `monday` is the first day of the first week."""

    zone: ZoneInfo
    monday: datetime

    @classmethod
    def of(cls, story: Mapping[str, Any], now: datetime) -> "Calendar":
        zone = ZoneInfo(story["zone"])
        today = now.astimezone(zone).date()
        first = today - timedelta(days=today.weekday(), weeks=story["weeks"])
        return cls(zone, datetime.combine(first, time(), zone))

    def instant(self, words: str) -> datetime:
        if words == "now":
            return datetime.now(self.zone)
        week, day, clock = words.split()
        date = self.monday.date() + timedelta(weeks=int(week) - 1, days=_DAYS.index(day))
        return datetime.combine(date, time.fromisoformat(clock), self.zone)


async def _reach(world: World, goal: datetime) -> None:
    """Moves the clock to that instant, stopping at everything that the app planned on the way."""
    while True:
        now = world.clock.now()
        planned = [instant(each["at"]) for each in await world.planned()]
        stops = [at for at in planned if now < at < goal]
        await world.clock.move_to(max(now, stops[0] + timedelta(seconds=1) if stops else goal))
        world.feed.publish("clock")
        await settled(world)
        if not stops:
            return


async def _do(world: World, story: Mapping[str, Any], step: Mapping[str, Any], calendar: Calendar) -> None:
    user = find_user(world, step["who"])
    place = find_channel(world, user, step.get("where", story["place"]))
    if "say" in step:
        command, _, text = str(step["say"]).partition(" ")
        if not command.startswith("/"):
            acting.say(world, user, place, step["say"])
            return
        numbered = _NUMBER.sub(lambda found: _number(world, user, place, found[1]), text)
        await acting.type_command(world, user, place, command, numbered)
        await settled(world)
        await _fill(world, user, {**step.get("fill", {})}, calendar)
        return
    channel, message, value = _held(world, user, place, step)
    await acting.click(world, user, acting.Click(step["press"], None, value, channel, message))
    await settled(world)
    await _fill(world, user, {**step.get("fill", {})}, calendar)


def _held(world: World, user: User, place: Channel, step: Mapping[str, Any]) -> tuple[Channel, Message, Any]:
    """The latest message with that button about the matter: of the app to that person, or else in the place."""
    for channel in (find_channel(world, user, BOT_USER_ID), place):
        for message in reversed(channel.messages):
            if visible(message, user.id) and step["about"] in f"{message.text} {message.blocks}":
                for block in message.blocks:
                    for element in interactive(block):
                        if element["action_id"] == step["press"]:
                            return channel, message, element.get("value")
    raise UnknownHereError(f"@{user.name} sees no “{step['press']}” about “{step['about']}”.")


def _number(world: World, user: User, place: Channel, about: str) -> str:
    for channel in (place, find_channel(world, user, BOT_USER_ID)):
        for message in reversed(channel.messages):
            numbered = _HASH.search(message.text)
            if numbered and about in message.text and visible(message, user.id):
                return numbered[1]
    raise UnknownHereError(f"@{user.name} sees no number of “{about}”.")


async def _fill(world: World, user: User, values: dict[str, Any], calendar: Calendar) -> None:
    """Submits the form that the button opened, if it opened one."""
    stack = world.workspace.modals.get(user.id)
    if not stack:
        return
    if "due" in values:
        values["due"] = int(calendar.instant(values["due"]).timestamp())
    result = await modals.submit(world, user, stack[-1], values)
    if result.response_action == "errors":
        await modals.close(world, user, stack[-1], everything=True)
        raise UnknownHereError(f"The form was refused: {result.problem or result.errors}")


def _caption(step: Mapping[str, Any]) -> str:
    week, _, day = str(step["at"]).partition(" ")
    when = f"Week {week}, {day[:3]}" if day else "Today"
    return f"{when} · @{step['who']}: {step.get('say') or _words(step)}"


def _words(step: Mapping[str, Any]) -> str:
    act = str(step["press"]).removeprefix("act.").replace("_", " ")
    note = next((f" – {text}" for name, text in step.get("fill", {}).items() if name in ("note", "reason")), "")
    return f"{act}, {step['about']}{note}"
