"""Warm-up: run what the first `/promise` runs once at the start, without storing anything.

Slow the first time: the parser's grammar (0.1 s), compiling statements, opening connections, loading a holiday calendar
(0.5 s).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import Person
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.ports import Audience, Clock, Message, Outcome, Sent
from bot.services import Services, build_services
from bot.use_cases.delivery.settings import DeliverySettings
from handlers.commands import on_command
from handlers.languages import read_as_person
from handlers.payloads import Call, ModalContext

log = structlog.get_logger("kept")

#: How long the warm-up may take.
WITHIN_S = 5.0
TEAM, OWNER, REQUESTER, PLACE = TeamId("T0"), UserId("U0"), UserId("U1"), ChannelId("C0")
#: A weekday so many days ahead is never today's or tomorrow's, which would be asked about instead of recorded.
DAYS_AHEAD = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class SilentMessenger:
    """A Messenger that knows everyone and sends nothing."""

    clock: Clock

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        return Person(team_id, person, person, self.clock.now(), "Europe/London")

    async def people_of(self, team_id: TeamId) -> Sequence[Person]:
        return ()

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        return None

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        return False

    async def lacks(self, team_id: TeamId, scope: str) -> bool:
        return False

    async def guests(self, team_id: TeamId) -> frozenset[UserId]:
        return frozenset()

    async def audience(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        return Audience.COLLEAGUES

    def forget(self, team_id: TeamId, channel_id: str = "") -> None:
        return None

    async def members(self, team_id: TeamId, channel_id: ChannelId) -> frozenset[UserId]:
        return frozenset()

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        return None

    async def works(self, team_id: TeamId) -> bool:
        return True

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        return Sent(ChannelId(to), "")

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome:
        return Sent(channel_id, ts)

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        return Sent(ChannelId(to), "")


def made_up_texts(now: datetime) -> tuple[str, ...]:
    """Return what is typed: a promise with a certain deadline, one without, and two commands."""
    task = f"<@{REQUESTER}|sam> send the deck"
    return (f"{task} by {now + DAYS_AHEAD:%A} 5pm", task, "list", "help")


async def warm_up(services: Services, client: AsyncWebClient) -> None:
    """Run a made-up promise and a list, and load the holidays that people chose. Never raises."""
    try:
        async with asyncio.timeout(WITHIN_S):
            await _run_once(services, client)
            for country in await services.store.countries():
                await asyncio.to_thread(services.calendars.days_off, country)
    except Exception as fault:  # noqa: BLE001  the first request will be slower, and reports what is wrong
        log.info("not warmed up", error=type(fault).__name__)


async def _run_once(services: Services, client: AsyncWebClient) -> None:
    async with services.store.dry_run() as store:
        context = replace(services.context, store=store, wake=lambda: None)
        pretended = build_services(
            context, SilentMessenger(context.clock), services.calendars, DeliverySettings("warm-up")
        )
        for text in made_up_texts(context.clock.now()):
            body = {"text": text, "channel_id": PLACE, "channel_name": "general", "trigger_id": "T0.0"}
            call = Call(client, TEAM, OWNER, body, ModalContext())
            await read_as_person(pretended, call)
            await on_command(pretended, call)
