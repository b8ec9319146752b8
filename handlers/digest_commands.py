"""`/promise digest …`: set, preview, pause or stop a channel's digest."""

import re
from dataclasses import replace
from datetime import time, timedelta

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.errors import UnreadableError
from bot.domain.people import Person
from bot.language import N_, _
from bot.ports import Audience, Message
from bot.services import Services
from bot.views.blocks import context
from bot.views.digest import channel_digest
from bot.views.replies import sentence
from bot.views.words import plain_when
from handlers.payloads import Call
from handlers.replies import Reply

#: The first letters of the weekdays from Monday on, in English and in German.
WEEKDAYS = (("mon",), ("tue", "die"), ("wed", "mit"), ("thu", "don"), ("fri", "fre"), ("sat", "sam"), ("sun", "son"))
NOON = 12
USAGE = N_(
    "Say when: `/promise digest here weekly 16:00 friday` or `/promise digest here daily 9:00`. With `members` at the "
    "end it covers what the channel’s members promise in every public channel. Also: `/promise digest preview`, "
    "`digest pause`, `digest resume` and `digest off`."
)
#: In place of the line that says who set a digest up, where it is not set up yet.
NOT_SET = N_("No digest is set up in this channel. `/promise digest here weekly 16:00 friday` sets one up.")


async def on_digest_here(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """Set the channel's digest, at a time in the caller's zone."""
    await _check_public(services, call)
    if words["members"]:
        await _check_colleagues(services, call)
    me = await services.people.of(call.team_id, call.user_id)
    day = (words["day"] or words["day2"] or "friday").lower()[:3]
    setting = replace(
        _usual(services, call, me),
        cadence=Cadence(words["cadence"].lower()),
        at=_time(words["hour"], words["minute"], words["half"]),
        weekday=next(number for number, names in enumerate(WEEKDAYS) if day in names),
        of_members=bool(words["members"]),
    )
    first_at = plain_when(await services.digests.set(setting), setting.zone, services.clock.now())
    scope = _(", and what its members promise in other public channels") if setting.of_members else ""
    return Reply(
        sentence(
            _(
                "The digest of this channel is {cadence}, first on {first_at}. It lists what was kept, moved "
                "and missed{scope}. If it would name somebody’s promise as missed, I tell them some hours "
                "before. If I am not in this channel yet, type `/invite @Kept`."
            ).format(cadence=_(setting.cadence), first_at=first_at, scope=scope)
        )
    )


async def on_digest_preview(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """Show the caller what the digest would contain now, with default settings if there is none."""
    await _check_public(services, call)
    me, now = await services.people.of(call.team_id, call.user_id), services.clock.now()
    setting = await services.digests.setting(call.team_id, call.channel_id)
    is_set = setting is not None
    setting = setting or replace(_usual(services, call, me), covered_to=now - timedelta(weeks=1))
    message = channel_digest(await services.digests.preview(setting), setting, now)
    blocks = message.blocks if is_set else [*message.blocks[:-1], context(_(NOT_SET))]
    return Reply(Message(message.text, [context(_("A preview: only you see it.")), *blocks]))


async def on_digest_switch(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`pause`, `resume`, `off`."""
    match words["switch"].lower():
        case "pause":
            await services.digests.pause(call.team_id, call.channel_id)
            return Reply(sentence(_("The digest of this channel is paused. `/promise digest resume` starts it again.")))
        case "resume":
            setting = await services.digests.resume(call.team_id, call.channel_id)
            return Reply(
                sentence(
                    _("The digest of this channel is {cadence} again, from now on.").format(cadence=_(setting.cadence))
                )
            )
        case _:
            await services.digests.stop(call.team_id, call.channel_id)
            return Reply(sentence(_("The digest of this channel is off.")))


async def on_digest_unclear(services: Services, call: Call, words: re.Match[str]) -> Reply:
    raise UnreadableError(_(USAGE))


def _time(hour: str, minute: str | None, half: str | None) -> time:
    """Return the time of day of a digest. Raises UnreadableError for an hour that may be morning or evening."""
    number, half = int(hour), (half or "").lower()
    if half in ("am", "pm") and 0 < number <= NOON:
        number = number % NOON + (NOON if half == "pm" else 0)
    elif half in ("am", "pm") or not (minute or half):
        raise UnreadableError(_(USAGE))
    return time(number, int(minute or 0))


async def _check_public(services: Services, call: Call) -> None:
    """Raise UnreadableError in a private channel: promises made there never appear in a digest."""
    if await services.messenger.is_private(call.team_id, call.channel_id, call.channel_name):
        raise UnreadableError(
            _(
                "Promises made in a private place are seen only by their parties, so a digest here would stay empty. "
                "Set it in a public channel."
            )
        )


async def _check_colleagues(services: Services, call: Call) -> None:
    """Check that only colleagues read the channel, before their other channels are included.

    Raises UnreadableError if another company reads it.
    """
    if await services.messenger.audience(call.team_id, call.channel_id, just_now=True) is not Audience.COLLEAGUES:
        raise UnreadableError(
            _(
                "This channel is shared with people outside this workspace, so its digest can only show "
                "what was promised here. Set it without `members`."
            )
        )


def _usual(services: Services, call: Call, me: Person) -> DigestSetting:
    """Return the default: Fridays at four, from now on."""
    now = services.clock.now()
    return DigestSetting(
        call.team_id, call.channel_id, Cadence.WEEKLY, time(16), me.zone, call.user_id, now, covered_to=now
    )


_DAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?"
    r"|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?)"
)
_TIME = r"(?P<hour>[01]?[0-9]|2[0-3])(?::(?P<minute>[0-5][0-9]))?\s?(?P<half>am(?!\s+\w+(?:tag|woch))|pm|uhr)?"
HERE = (
    rf"digest\s+here\s+(?P<cadence>weekly|daily)(?:\s+(?:on\s+|am\s+)?(?P<day>{_DAY}))?\s+(?:at\s+|um\s+)?{_TIME}"
    rf"(?:\s+(?:on\s+|am\s+)?(?P<day2>{_DAY}))?(?P<members>\s+members)?"
)
PREVIEW, SWITCH = r"digest\s+preview", r"digest\s+(?P<switch>off|pause|resume)"
UNCLEAR = r"digest|digest\s+(?:here|weekly|daily|members)\b.*"
