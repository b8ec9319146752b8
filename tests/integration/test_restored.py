"""A backup taken while people and time go on restores to a Kept that loses nothing up to it and says nothing twice.

KEPT_LONG=1 does it with 100,000 promises, or with KEPT_PROMISES of them.
"""

import asyncio
import contextlib
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, select

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.errors import KeptError
from bot.domain.people import Person
from bot.domain.promise import CLOCK, ChannelId, Due, Origin, PromiseId, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.ports import Fault, Message, Outcome, Refused, Sent
from bot.services import Services, build_services
from bot.storage.backup import back_up, restore_backup
from bot.storage.engine import open_store
from bot.storage.restore_record import restores
from bot.storage.tables import acts, promises
from bot.use_cases.context import Context
from bot.use_cases.delivery import DeliverySettings
from tests.databases import Databases, SqliteFiles
from tests.fakes import FakeMessenger, SetClock
from tests.integration.agendas import say
from tests.integration.test_store_opening import on_connection
from tests.patience import IS_LONG
from tests.unit.factories import MONDAY, TEAM

PROMISES = int(os.environ.get("KEPT_PROMISES", "100000")) if IS_LONG else 24
#: So many of them fall due while the test looks, and have a requester; the rest are people's own, due in weeks.
SOON = 300
#: Each owes a few, so that some of them are gathered in one message.
PEOPLE = [UserId(f"U{number}") for number in range(max(8, PROMISES // 5) if IS_LONG else 8)]
CONCURRENT = 200
#: A question with other news and the last call have these words in common, so only their marks differ.
SHARED = "Still on track? If it will be later, say so now."
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
#: From Monday at nine to the backup on Tuesday morning; how long the Kept that is lost goes on after it, and how long
#: the restored one is watched.
BEFORE, GAP, AFTER = timedelta(hours=24, minutes=30), timedelta(hours=2), timedelta(hours=6)


@dataclass
class Slack(FakeMessenger):
    """Remembers each message as it was posted, and finds it by any of its marks."""

    shown: list[tuple[str, str]] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)
    marked: dict[tuple[str, str], str] = field(default_factory=dict)

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        outcome = await super().post(team_id, to, message, mark, thread_ts)
        assert isinstance(outcome, Sent)
        self.shown.append((to, message.text))
        self.marks.update(mark.split())
        self.marked |= {(to, each): outcome.ts for each in mark.split()}
        return outcome

    async def find(self, team_id: TeamId, to: str, mark: str, *_: object) -> Outcome:
        ts = self.marked.get((to, mark))
        return Sent(ChannelId(to), ts) if ts else Refused(Fault.MESSAGE_GONE, "message_not_found")


async def kept(url: str, clock: SetClock, slack: Slack) -> Services:
    store = await open_store(url)
    return build_services(Context(store, clock), slack, Holidays(clock), DeliverySettings("the same secret"))


async def promise(services: Services, number: int) -> PromiseId:
    """Promise something to the next person, due within days; where there are many, most to oneself and for later."""
    is_soon = number < SOON or number >= PROMISES
    owner, requester = PEOPLE[number % len(PEOPLE)], PEOPLE[(number + 1) % len(PEOPLE)] if is_soon else None
    days = 1 + number % 4 if is_soon else 30 + number % 20
    place = Origin(ChannelId("C1")) if is_soon else Origin(ChannelId("D1"), is_private=True)
    due_at = services.clock.now() + timedelta(days=days, hours=number % 7, minutes=10 * (number % 5))
    draft = Draft(f"the deck {number}", Due(due_at, "UTC"), requester_id=requester)
    made = await services.promises.make(TEAM, owner, draft, place, f"click {number}")
    return made.promise.id


async def ticks(services: Services, clock: SetClock, until: Callable[[], bool], at_most: timedelta = HOUR) -> None:
    """Let time go by, from one thing that is due to the next, until something is so."""
    while not until():
        due_at = await services.store.next_due() or clock.now() + at_most
        clock.move(max(SECOND, min(due_at - clock.now(), at_most)))
        await services.promises.run_due()
        await say(services)


async def go_on(services: Services, made: list[PromiseId], until: Callable[[], bool]) -> None:
    """Make promises and answer questions until a condition holds, as people do between ticks."""
    while not until():
        made.append(await promise(services, len(made)))
        number = (len(made) * 7) % PROMISES
        answer = HistoryEntry(
            Act.ON_TRACK, PEOPLE[number % len(PEOPLE)], services.clock.now(), origin=f"answer {len(made)}"
        )
        with contextlib.suppress(KeptError):  # it was missed
            await services.promises.act(TEAM, made[number], answer)


def _is_about(words: str, whats: set[str]) -> bool:
    return any(f"“{what}”" in words for what in whats)


def told_in(text: str, lost: set[str]) -> list[str]:
    """Return what a message says of each promise, but those of which an answer was lost: they are asked about again."""
    parts = re.split(r"(?=#\d+[ :])", text)[1:]
    sent = [re.sub(r" And \d+ more\.$", "", each.strip()) for each in parts if not _is_about(each, lost)]
    return [each for each in sent if not each.endswith(SHARED)]


def done_by_people(connection: Connection) -> dict[str, int]:
    """Return how many acts of people each promise has, by what it is."""
    joined = select(promises.c.what, func.count()).join(acts, acts.c.promise_id == promises.c.id)
    return {row[0]: row[1] for row in connection.execute(joined.where(acts.c.by != CLOCK).group_by(promises.c.what))}


async def backed_up_under_load(url: str, file: Path, clock: SetClock, slack: Slack) -> list[PromiseId]:
    """Fill a database, back it up while people and time go on, and let them go on after it; return what was made."""
    services = await kept(url, clock, slack)
    slack.know([Person(TEAM, person, person, clock.now(), "UTC") for person in PEOPLE])
    made: list[PromiseId] = []
    for start in range(0, PROMISES, CONCURRENT):
        batch = range(start, min(start + CONCURRENT, PROMISES))
        made += await asyncio.gather(*(promise(services, number) for number in batch))
    began = clock.now()
    await ticks(services, clock, lambda: clock.now() >= began + BEFORE)
    copying = asyncio.create_task(asyncio.to_thread(back_up, url, file, lambda done, total: None))
    await asyncio.gather(ticks(services, clock, copying.done, SECOND), go_on(services, made, copying.done))
    await copying
    ended = clock.now()
    await ticks(services, clock, lambda: clock.now() >= ended + GAP)
    await services.store.close()
    return made


async def test_a_kept_restored_from_a_backup_under_load_says_nothing_twice(
    databases: Databases, tmp_path: Path
) -> None:
    assert await duplicates_after_restore(databases, tmp_path) == set()


async def test_without_looking_in_slack_it_would(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    if IS_LONG:
        pytest.skip("its small form shows it")
    assert await duplicates_after_restore(sqlite_files, tmp_path, is_recalled=False)


async def duplicates_after_restore(
    databases: Databases, tmp_path: Path, *, is_recalled: bool = True
) -> set[tuple[str, str]]:
    """Lose a Kept after its backup, continue with the restored one; return both's messages, by reader and promise."""
    source, target = await asyncio.to_thread(databases.empty), await asyncio.to_thread(databases.empty)
    clock, slack, file = SetClock(MONDAY), Slack(), tmp_path / "kept.backup"
    made = await backed_up_under_load(source, file, clock, slack)
    before = list(slack.shown)

    await asyncio.to_thread(restore_backup, target, file, lambda done, total: None, clock.now())
    there, here = await on_connection(source, done_by_people), await on_connection(target, done_by_people)
    assert PROMISES <= len(here) <= len(made)
    assert min(here.values()) == 1, "a promise and its first act are one transaction"
    lost = {what for what, times in there.items() if times > here.get(what, 0)}
    if not is_recalled:  # a Kept that does not look
        await on_connection(target, lambda connection: connection.execute(delete(restores)))

    services = await kept(target, clock, slack)
    began = clock.now()
    await ticks(services, clock, lambda: clock.now() >= began + AFTER)
    await services.store.close()
    assert len(slack.shown) > len(before), "it went on"
    first, again = (
        {(to, each) for to, text in sent for each in told_in(text, lost)}
        for sent in (before, slack.shown[len(before) :])
    )
    return (first & again) | {("mark", mark) for mark, times in slack.marks.items() if times > 1}
