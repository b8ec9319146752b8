"""A story: what a team did over some weeks, read from a file and played on the sandbox's clock in seconds."""

import asyncio
import contextlib
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import yaml

from sandbox import modals, user_actions
from sandbox.clock import in_hours
from sandbox.errors import UnknownHereError
from sandbox.guide import Counts, workday_ahead
from sandbox.messages import interactive
from sandbox.places import find_channel, find_user
from sandbox.plans import instant, settled
from sandbox.seed import add_teammate
from sandbox.story_progress import StoryProgress
from sandbox.workspace import Channel, User, visible
from sandbox.world import World

STORIES = Path(__file__).parent / "stories"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PACE_S = 0.8  # a step takes no less, so that people can follow
_NUMBER = re.compile(r"\{#(.+?)\}")
_HASH = re.compile(r"#(\d+)")
#: The words of the closing card for the acts that the app counted: for one, and for several.
_CARD_WORDS = {
    "promise": ("promise was made", "promises were made"),
    "accept_delivery": ("was delivered and confirmed", "were delivered and confirmed"),
    "accept_proposal": ("was renegotiated", "were renegotiated"),
    "revoke": ("was cancelled in time", "were cancelled in time"),
    "miss": ("passed its deadline without a word", "passed their deadlines without a word"),
}
_OPENS = ("promise", "request")
_ENDS = ("accept_delivery", "settle", "decline", "withdraw", "revoke", "release", "undo")


def read_story(name: str) -> dict[str, Any]:
    """Raises: UnknownHereError when there is none of that name."""
    path = STORIES / f"{name}.yaml"
    if not name.isidentifier() or not path.exists():
        raise UnknownHereError(f"There is no story “{name}”. There are: {', '.join(name for name, _ in listed())}.")
    story: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return story


@functools.cache
def listed() -> tuple[tuple[str, str], ...]:
    """Every story by name, with its title, the shortest first."""
    stories = [(path.stem, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in STORIES.glob("*.yaml")]
    return tuple((name, story["title"]) for name, story in sorted(stories, key=lambda each: len(each[1]["steps"])))


def start(world: World, name: str = "three_weeks", pace_s: float = PACE_S) -> StoryProgress:
    """Start playing a story in the background. Raises UnknownHereError for an unknown one, or while one is playing."""
    if world.progress.running:
        raise UnknownHereError("A story is playing already.")
    story = read_story(name)
    paused = world.progress.paused  # one can ask for that before it begins
    world.progress = StoryProgress(
        story["title"], story["place"], of=len(story["steps"]), running=True, paused=paused, pace_s=pace_s
    )
    world.progress.task = asyncio.get_running_loop().create_task(_play_story(world, story, world.progress))
    return world.progress


async def play_when_ready(world: World, name: str) -> None:
    """Begins as soon as the app says what it plans, which it does when it is up, and a page is open to show it."""
    while world.settings.planned_url:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
            await world.link.ask(world.settings.planned_url)
            await world.feed.watched()
            start(world, name)
            return
        await asyncio.sleep(0.5)


async def _play_story(world: World, story: Mapping[str, Any], progress: StoryProgress) -> None:
    for teammate in story.get("team", ()):
        add_teammate(world.workspace, User(**teammate), world.clock.seconds())
    world.feed.publish("story")
    before = await world.so_far()
    calendar = Calendar.of(story, datetime.now(UTC))
    try:
        await world.clock.move_to(calendar.begin)
        for number, step in enumerate(story["steps"], start=1):
            await _reach(world, progress, calendar.instant(step["at"]))
            await progress.turn()
            progress.step, progress.caption = number, _caption(step)
            _show(world, progress, step["who"], step.get("where", story["place"]))
            async with asyncio.TaskGroup() as both:
                both.create_task(asyncio.sleep(progress.pace_s))
                both.create_task(_do(world, story, step, calendar))
            await settled(world)
    except* (UnknownHereError, user_actions.NotPossibleError) as faults:
        progress.fault = f"Step {progress.step} ({progress.caption}): {faults.exceptions[0]}"
    finally:
        await world.clock.move_to(
            max(calendar.end, world.clock.now()) if progress.step == progress.of else calendar.end
        )
        progress.running = progress.paused = False
        world.feed.publish("clock", **world.clock.reading())
        world.feed.publish("story")
    progress.card = _card(before, await world.so_far())
    await world.begin_guide()
    world.feed.publish("story")


def _show(world: World, progress: StoryProgress, who: str, where: str) -> None:
    """Has the left side of the page show who acts, and where."""
    user = find_user(world, who)
    progress.who, progress.where = user.name, find_channel(world, user, where).id
    world.feed.publish("story", who=progress.who, where=progress.where)


def _card(before: Counts, after: Counts) -> list[str]:
    """Return sentences about the acts of a story, by the app's own count."""
    sentences = []
    for act, (one, several) in _CARD_WORDS.items():
        count = after.get("acts", {}).get(act, 0) - before.get("acts", {}).get(act, 0)
        if count > 0:
            sentences.append(f"{count} {one if count == 1 else several}")
    opened, ended = (sum(after.get("acts", {}).get(act, 0) for act in acts) for acts in (_OPENS, _ENDS))
    return [*sentences, f"{opened - ended} {'is' if opened - ended == 1 else 'are'} still open"]


@dataclass(frozen=True)
class Calendar:
    """Turns "2 Wed 09:30" into an instant, or "+5" into one so many minutes after the story's begin.

    `monday` is the first day of the first week; `end` is "now", or when people are next at work.
    """

    zone: ZoneInfo
    monday: datetime
    begin: datetime
    end: datetime

    @classmethod
    def of(cls, story: Mapping[str, Any], now: datetime) -> "Calendar":
        zone = ZoneInfo(story["zone"])
        today, end = now.astimezone(zone).date(), in_hours(now)
        first = today - timedelta(days=today.weekday(), weeks=story.get("weeks", 0))
        monday = datetime.combine(first, time(), zone)
        begin = datetime.combine(first, time(8, 55), zone) if "weeks" in story else end
        return cls(zone, monday, begin, end)

    def instant(self, words: str) -> datetime:
        if words == "now":
            return self.end
        if str(words).startswith("+"):
            return self.begin + timedelta(minutes=float(words))
        week, day, clock = words.split()
        date = self.monday.date() + timedelta(weeks=int(week) - 1, days=_DAYS.index(day))
        return datetime.combine(date, time.fromisoformat(clock), self.zone)

    def deadline(self, words: str) -> datetime:
        """An instant, or "{day} 12:00" for a working day two days ahead of the end."""
        if not words.startswith("{day}"):
            return self.instant(words)
        day = workday_ahead(self.end.astimezone(self.zone)).date() + timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return datetime.combine(day, time.fromisoformat(words.split()[1]), self.zone)


async def _reach(world: World, progress: StoryProgress, goal: datetime) -> None:
    """Moves the clock to that instant, stopping at everything that the app planned on the way."""
    while True:
        now = world.clock.now()
        planned = [instant(each["at"]) for each in await world.planned()]
        stops = [at for at in planned if now < at < goal]
        if stops:
            await progress.turn()
        await world.clock.move_to(max(now, stops[0] + timedelta(seconds=1) if stops else goal))
        world.feed.publish("clock", **world.clock.reading())
        count_before = world.happenings.count
        await settled(world)
        if world.happenings.count > count_before:
            await asyncio.sleep(progress.pace_s)
        if not stops:
            return


async def _do(world: World, story: Mapping[str, Any], step: Mapping[str, Any], calendar: Calendar) -> None:
    user = find_user(world, step["who"])
    place = find_channel(world, user, step.get("where", story["place"]))
    if "say" in step:
        command, _, text = str(step["say"]).partition(" ")
        if not command.startswith("/"):
            user_actions.say(world, user, place, step["say"])
            return
        text = text.replace("{day}", f"{workday_ahead(world.clock.now()):%A}")
        numbered = _NUMBER.sub(lambda found: _number(world, user, place, found[1]), text)
        await user_actions.type_command(world, user, place, command, numbered)
        await settled(world)
        await _fill(world, user, {**step.get("fill", {})}, calendar)
        return
    held = await _reached(world, story, user, place, step)
    assert held.channel is not None  # noqa: S101  it stands in one
    _show(world, world.progress, user.name, held.channel.id)
    await user_actions.click(world, user, held)
    await settled(world)
    await _fill(world, user, {**step.get("fill", {})}, calendar)


async def _reached(
    world: World, story: Mapping[str, Any], user: User, place: Channel, step: Mapping[str, Any]
) -> user_actions.Click:
    """Return the click of a step; where its button is not in sight, press the story's `opens` button first."""
    about, press = step["about"], step["press"]
    held = _held(world, user, place, about, press)
    card = _held(world, user, place, about, story["opens"]) if held is None and "opens" in story else None
    if card is not None:
        await user_actions.click(world, user, card)
        await settled(world)
        held = _held(world, user, place, about, press)
    if held is None:
        raise UnknownHereError(f"@{user.name} sees no “{press}” about “{about}”.")
    return held


def _held(world: World, user: User, place: Channel, about: str, press: str) -> user_actions.Click | None:
    """Return the click on the latest message with that button, or that option of a ⋯ menu, about the matter.

    Of the app to that person, or else in the place; None where there is none.
    """
    option = f"{press.removeprefix('act.')}:"
    for channel in (find_channel(world, user, "dm"), place):
        for message in reversed(channel.messages):
            if visible(message, user.id) and about in f"{message.text} {message.blocks}":
                for block in message.blocks:
                    for element in interactive(block):
                        name, options = element["action_id"], element.get("options", ())
                        values = [each["value"] for each in options if str(each["value"]).startswith(option)]
                        if name == press or (element["type"] == "overflow" and values):
                            value = values[0] if values else element.get("value")
                            return user_actions.Click(name, block["block_id"], value, channel, message)
    return None


def _number(world: World, user: User, place: Channel, about: str) -> str:
    for channel in (place, find_channel(world, user, "dm")):
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
        values["due"] = int(calendar.deadline(values["due"]).timestamp())
    result = await modals.submit(world, user, stack[-1], values)
    if result.response_action == "errors":
        await modals.close(world, user, stack[-1], everything=True)
        raise UnknownHereError(f"The form was refused: {result.problem or result.errors}")


def _caption(step: Mapping[str, Any]) -> str:
    week, _, day = str(step["at"]).partition(" ")
    when = f"Week {week}, {day[:3]}" if day else "Now"
    return f"{when} · @{step['who']}: {step.get('say') or _words(step)}"


def _words(step: Mapping[str, Any]) -> str:
    act = str(step["press"]).removeprefix("act.").replace("_", " ")
    note = next((f" – {text}" for name, text in step.get("fill", {}).items() if name in ("note", "reason")), "")
    return f"{act}, {step['about']}{note}"
