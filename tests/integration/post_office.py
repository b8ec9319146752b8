"""Deliveries over a real database, into a Slack that says no on demand."""

import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.drafts import Draft
from bot.domain.people import Person
from bot.domain.promise import ChannelId, Due, Origin, Promise, TeamId, UserId
from bot.holidays_of import Holidays
from bot.ports import Delivery, Fault, Message, Messenger, Meter, Outcome, Refused, Store, Unknown
from bot.services import Services, build_services
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.delivery.deliveries import Deliveries
from bot.use_cases.delivery.pacing import UNPACED, Pace
from bot.use_cases.delivery.settings import LEASE, DeliverySettings
from bot.use_cases.digests import Digests
from bot.use_cases.promises import Promises
from bot.views.renderer import BlockKitRenderer
from tests.fakes import FakeMessenger, Post, SetClock
from tests.integration.agendas import say
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, TEAM


def refused(fault: Fault, error: str, wait: timedelta | None = None, method: str = "chat.postMessage") -> Refused:
    return Refused(fault, error, wait, method)


@dataclass
class MoodySlack(FakeMessenger):
    """Answers each post as `moods` says of its recipient, the first mood first; a mood is used up by its answer.

    After a Sent mood the message arrives, though whoever posted it hears Unknown.
    """

    moods: dict[str, list[Outcome]] = field(default_factory=dict)
    always: dict[str, Outcome] = field(default_factory=dict)
    tried: list[tuple[TeamId, str]] = field(default_factory=list)
    #: What arrives only later, with the message that it will be.
    late: list[Callable[[], None]] = field(default_factory=list)
    is_late: bool = False
    works_now: bool = True

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        self.tried.append((team_id, to))
        mood = self.moods[to].pop(0) if self.moods.get(to) else self.always.get(to)
        if isinstance(mood, Refused | Unknown):
            return mood
        if mood is not None and self.is_late:
            place = len(self.posts) + len(self.late)
            self.late.append(lambda: self._arrive(place, to, message, mark))
            return Unknown("TimeoutError")
        sent = await super().post(team_id, to, message, mark, thread_ts)
        return Unknown("TimeoutError") if mood is not None else sent

    async def works(self, team_id: TeamId) -> bool:
        return self.works_now

    def arrive(self) -> None:
        for each in self.late:
            each()
        self.late.clear()

    def _arrive(self, place: int, to: str, message: Message, mark: str) -> None:
        self.posts[f"1800000000.{place:06d}"] = Post(to, message, mark)

    @property
    def doubled(self) -> list[str]:
        """Marks that stand more than once."""
        return [mark for mark, times in Counter(post.mark for post in self.posts.values()).items() if times > 1]


class NeverLooks:
    """The broken twin: whatever may have arrived is simply sent again."""

    def __init__(self, slack: MoodySlack) -> None:
        self._slack = slack

    def __getattr__(self, name: str) -> object:
        return getattr(self._slack, name)

    async def find(self, *_: object, **__: object) -> Outcome:
        return Refused(Fault.MESSAGE_GONE, "message_not_found")


@dataclass
class PostOffice:
    store: Store
    slack: MoodySlack
    clock: SetClock
    services: Services
    deliveries: Deliveries
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def promises(self) -> Promises:
        return self.services.promises

    @property
    def digests(self) -> Digests:
        return self.services.digests

    async def make(
        self, what: str = "send the deck", team: TeamId = TEAM, private: bool = True, due_at: datetime = FRIDAY
    ) -> Promise:
        """Alice promises Bob something; its notice to Bob is due immediately."""
        place = Origin(ChannelId("C1"), is_private=private)
        draft = Draft(what, Due(due_at, "UTC"), requester_id=BOB)
        return (await self.promises.make(team, ALICE, draft, place, f"key-{next(self.ids)}")).promise

    async def send(self, after: timedelta = timedelta()) -> None:
        self.clock.move(after)
        await say(replace(self.services, deliveries=self.deliveries))

    async def rows(self, team: TeamId = TEAM) -> tuple[Delivery, ...]:
        """The messages still to be sent."""
        found = await self.store.planned(MONDAY - timedelta(days=365), 1000)
        return tuple(row for row in found if row.team_id == team)

    def texts_to(self, to: str) -> list[str]:
        return [message.text for message in self.slack.sent_to(to)]

    def another(
        self,
        messenger: Messenger | None = None,
        pace: Pace = UNPACED,
        lease: timedelta = LEASE,
        meter: Meter | None = None,
    ) -> Deliveries:
        """One more sender over the same books."""
        context = Context(self.store, self.clock, self.new_id)
        sending = DeliverySettings("s", pace, meter or Meter(), lease)
        return Deliveries(context, messenger or self.slack, BlockKitRenderer(), self.digests, sending)

    def new_id(self) -> str:
        return f"N{next(self.ids)}"


def people_of_teams(clock: SetClock, *teams: TeamId) -> list[Person]:
    names = {ALICE: "alice", BOB: "bob", CHARLIE: "charlie", DAVE: "dave"}
    return [Person(team, UserId(id_), name, clock.now()) for team in teams for id_, name in names.items()]


async def open_office(store: Store, *teams: TeamId) -> PostOffice:
    clock, slack, ids = SetClock(MONDAY), MoodySlack(), itertools.count(1)
    for person in people_of_teams(clock, *(teams or (TEAM,))):
        slack.know([person])
        await store.write(person.team_id, lambda tx, person=person: tx.people.save(person))

    def new_id() -> str:
        return f"N{next(ids)}"

    services = build_services(Context(store, clock, new_id), slack, Holidays(clock), DeliverySettings("s"))
    return PostOffice(store, slack, clock, services, services.deliveries, ids)


@contextlib.asynccontextmanager
async def post_office(url: str, *teams: TeamId) -> AsyncIterator[PostOffice]:
    store = await open_store(url)
    try:
        yield await open_office(store, *teams)
    finally:
        await store.close()
