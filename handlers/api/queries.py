"""Endpoints that read promises, records and digests."""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import datetime

from bot.domain.acts import OPEN_STATES, State
from bot.domain.errors import NotFoundError, UnreadableError
from bot.domain.promise import ChannelId, Promise, PromiseId, UserId
from bot.domain.transitions import HistoryEntry
from bot.language import _
from bot.ports import Audience
from bot.ports.pages import PageQuery
from bot.services import Services
from bot.use_cases.access import Holder
from bot.use_cases.digests import NONE_HERE
from bot.use_cases.promises import PromiseDetails
from handlers.api.inputs import YEARS, PromisesAsked
from handlers.api.outputs import DigestOut, PageOut, RecordOut, digest_out, promise_out, record_out

_STATES = {"open": OPEN_STATES, "closed": frozenset(State) - OPEN_STATES, "any": frozenset[State]()}


async def page_of(services: Services, holder: Holder, asked: PromisesAsked) -> PageOut:
    """Return a page of promises: one's own, another person's or a channel's, as far as the holder may see them."""
    states = _STATES.get(asked.state)
    wanted = PageQuery(
        person=_whose(holder, asked),
        limit=asked.limit,
        side=asked.side,
        states=frozenset({State(asked.state)}) if states is None else states,
        after=read_cursor(asked.cursor),
        channel=ChannelId(asked.channel) if asked.channel else None,
        due_from=asked.due_from,
        due_before=asked.due_before,
        words=asked.words,
    )
    page, now = await services.listings.page(holder.team_id, holder.person, wanted), services.clock.now()
    shown = [promise_out(each, holder.person, now) for each in page.promises]
    names = await services.people.names(holder.team_id, people_in(page.promises))
    return PageOut(promises=shown, next=written_cursor(*page.after) if page.after else None, people=names)


def people_in(promises: Iterable[Promise], history: Iterable[HistoryEntry] = ()) -> list[UserId]:
    """Return the people who occur in promises and their history, each once."""
    parties = [each for promise in promises for each in (promise.owner_id, promise.requester_id, *promise.watchers)]
    actors = [each for entry in history for each in (entry.by, entry.heir)]
    return list(dict.fromkeys(each for each in (*parties, *actors) if each))


def _whose(holder: Holder, asked: PromisesAsked) -> UserId | None:
    """Return whose promises are listed; None for all public ones, of a channel or for a workspace's token."""
    if asked.person:
        return UserId(asked.person)
    return None if asked.channel else holder.person


async def shown_to(services: Services, holder: Holder, ref: PromiseId | int) -> PromiseDetails:
    """Return one promise with its history, as far as the holder may see it. Raises NotFoundError."""
    if holder.person is None:
        return await services.listings.in_public(holder.team_id, ref)
    return await services.promises.show(holder.team_id, ref, holder.person)


async def record_of_person(services: Services, holder: Holder, person: UserId) -> RecordOut:
    """Return one's own record."""
    zone = (await services.people.of(holder.team_id, person)).zone
    return record_out(await services.records.of(holder.team_id, person, person, zone))


async def digest_of(services: Services, holder: Holder, channel: str) -> DigestOut:
    """Return a channel's digest as it would be posted now.

    Raises NotFoundError where there is none, or none that the holder may read.
    """
    place, team_id = ChannelId(channel), holder.team_id
    setting = await services.digests.setting(team_id, place)
    if setting is None or not await _may_read(services, holder, place):
        raise NotFoundError(_(NONE_HERE))
    content = await services.digests.preview(setting)
    return digest_out(setting, content, holder.person, services.clock.now())


async def _may_read(services: Services, holder: Holder, place: ChannelId) -> bool:
    """Return whether the holder may read the channel: guests only channels they are in, as in Slack."""
    if await services.messenger.audience(holder.team_id, place) is Audience.MEMBERS:
        return False
    if holder.person is None or not (await services.people.of(holder.team_id, holder.person)).is_guest:
        return True
    return holder.person in await services.messenger.members(holder.team_id, place)


def written_cursor(due_at: datetime, number: int) -> str:
    """Return the cursor of the end of a page, where the next page begins.

    >>> from datetime import UTC
    >>> read_cursor(written_cursor(datetime(2026, 11, 27, tzinfo=UTC), 12))[1]
    12
    """
    return base64.urlsafe_b64encode(json.dumps([due_at.isoformat(), number]).encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, int] | None:
    """Return the position in a cursor; None for an empty one. Raises UnreadableError for an invalid cursor."""
    if not cursor:
        return None
    try:
        due_at, number = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(due_at)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        moment, number = None, None
    is_moment = moment is not None and moment.tzinfo is not None and YEARS[0] <= moment.year <= YEARS[1]
    if moment is None or not is_moment or type(number) is not int or not 0 <= number < 2**31:
        raise UnreadableError("That is no cursor of mine. Start without one, and pass on what `next` says.", "cursor")
    return moment, number
