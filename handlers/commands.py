"""`/promise …`: which words are a command, and which are a promise."""

import re
from collections.abc import Awaitable, Callable
from datetime import time

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.drafts import Draft
from bot.domain.errors import UnreadableError
from bot.ports import Side
from bot.views.lists import promise_list
from bot.views.promise_card import promise_details
from bot.views.replies import help_message, sentence
from bot.views.words import plain_when
from handlers.answering import Reply
from handlers.filling import open_form
from handlers.making import make_from_words, person_meant
from handlers.numbered import VERBS, on_handing_over, on_move, on_words_about
from handlers.payloads import Call
from handlers.services import Services
from handlers.stats import on_stats

PERSON = r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>|@[\w.-]+"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DIGEST_USAGE = "Say it like this: `/promise digest here weekly 16:00 friday`, `daily 9:00`, or `/promise digest off`."


async def on_command(doors: Services, call: Call) -> Reply:
    """Routes the words; what is no command is a promise, and what is neither gets help."""
    if not call.text:
        return await open_form(doors, call, Draft())
    for pattern, answer in ROUTES:
        words = pattern.fullmatch(call.text)
        if words:
            return await answer(doors, call, words)
    return await make_from_words(doors, call, call.text)


async def on_help(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    return Reply(help_message())


async def on_list(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    """`list`, `list owing`, `list owed`, `list missed`, `list @who`."""
    side, whose = (words["side"] or "all").lower(), call.user_id
    if words["who"]:
        side, whose = "all", await person_meant(doors, call, words["who"])
    promises = await doors.promises.listed(call.team_id, whose, Side(side), call.user_id)
    return Reply(promise_list(promises, Side(side), call.user_id, doors.clock.now()))


async def on_show(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    shown = await doors.promises.show(call.team_id, int(words["number"]), call.user_id)
    return Reply(promise_details(shown.promise, shown.history, call.user_id, doors.clock.now(), shown.needs))


async def on_ask(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    return await make_from_words(doors, call, words["rest"], asks=True)


async def on_digest_off(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    await doors.digests.stop(call.team_id, call.channel_id)
    return Reply(sentence("The digest of this channel is off."))


async def on_digest_here(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    """Sets the channel's digest, at a time in the zone of whoever sets it.

    Raises UnreadableError in a private place: what is promised there is never told in a post.
    """
    if await doors.messenger.is_private(call.team_id, call.channel_id, call.channel_name):
        raise UnreadableError(
            "What is promised in a private place is seen by its parties alone, so a digest here would stay empty. "
            "Set it in a public channel."
        )
    me, now = await doors.people.of(call.team_id, call.user_id), doors.clock.now()
    day = (words["day"] or words["day2"] or "friday").lower()[:3]
    setting = DigestSetting(
        team_id=call.team_id,
        channel_id=call.channel_id,
        cadence=Cadence(words["cadence"].lower()),
        at=time(int(words["hour"]), int(words["minute"])),
        zone=me.hours.zone,
        set_by=call.user_id,
        set_at=now,
        covered_to=now,
        weekday=next(number for number, name in enumerate(WEEKDAYS) if name.startswith(day)),
    )
    first_at = plain_when(await doors.digests.set(setting), setting.zone, now)
    return Reply(
        sentence(
            f"The digest of this channel is {setting.cadence}: missed, moved and kept promises, first on {first_at}. "
            "If I am not in this channel yet, invite me with /invite @Kept."
        )
    )


async def on_digest_unclear(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    raise UnreadableError(DIGEST_USAGE)


Answer = Callable[[Services, Call, "re.Match[str]"], Awaitable[Reply]]


def _route(words: str, answer: Answer) -> tuple[re.Pattern[str], Answer]:
    return re.compile(words, re.IGNORECASE | re.DOTALL), answer


_NUMBER = r"\s+(?P<hash>#?)(?P<number>[0-9]{1,9})"
_WORDS = r"(?:[\s,;:.!]+(?P<rest>.*))?"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_TIME = r"(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])"

#: The first that fits the whole text answers it.
ROUTES: tuple[tuple[re.Pattern[str], Answer], ...] = (
    _route(r"help|\?", on_help),
    _route(rf"list(?:\s+(?:(?P<side>owed|owing|missed|all)|(?P<who>{PERSON})))?", on_list),
    _route(rf"show{_NUMBER}", on_show),
    _route(rf"(?P<verb>{'|'.join(VERBS)}){_NUMBER}{_WORDS}", on_words_about),
    _route(rf"move{_NUMBER}\s+to\s+(?P<when>.+)", on_move),
    _route(rf"hand{_NUMBER}\s+(?:over\s+)?to\s+(?P<who>{PERSON}){_WORDS}", on_handing_over),
    _route(rf"ask\s+(?P<rest>(?:{PERSON}).*)", on_ask),
    _route(rf"stats(?:\s+(?:(?P<scope>here|open|close)|(?P<who>{PERSON})))?", on_stats),
    _route(r"digest\s+off", on_digest_off),
    _route(
        rf"digest\s+here\s+(?P<cadence>weekly|daily)(?:\s+(?:on\s+)?(?P<day>{_DAY}))?\s+(?:at\s+)?{_TIME}"
        rf"(?:\s+(?:on\s+)?(?P<day2>{_DAY}))?",
        on_digest_here,
    ),
    _route(r"digest|digest\s+(?:here|weekly|daily)\b.*", on_digest_unclear),
)
