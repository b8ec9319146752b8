"""`/promise …`: which words are a command, and which are a promise."""

import re
from collections.abc import Awaitable, Callable

from bot.domain.drafts import Draft
from bot.ports import Side
from bot.services import Services
from bot.views.asides import aside_lines
from bot.views.lists import promise_list
from bot.views.promise_card import promise_details
from bot.views.recurring import beside_list
from bot.views.replies import help_message
from handlers import away, chains, digest_commands, recurring
from handlers.answering import Reply
from handlers.export import on_export
from handlers.filling import open_form
from handlers.listening import on_listening_asked, on_listening_off, on_listening_on
from handlers.making import make_from_words, person_meant
from handlers.need_by import NEED, on_need
from handlers.numbered import VERBS, on_handing_over, on_move, on_words_about
from handlers.payloads import Call
from handlers.settings import on_settings_asked
from handlers.stats import on_stats

PERSON = r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>|@[\w.-]+"


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
    other = whose if words["who"] else None
    listed = promise_list(promises, Side(side), call.user_id, doors.clock.now(), other)
    if side == Side.ALL and not other:
        listed = beside_list(listed, await doors.recurring.of_person(call.team_id, call.user_id))
    return Reply(listed)


async def on_show(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    shown = await doors.promises.show(call.team_id, int(words["number"]), call.user_id)
    beside = aside_lines(await doors.asides.beside(shown.promise, call.user_id), shown.promise)
    now = doors.clock.now()
    details = promise_details(shown.promise, shown.history, call.user_id, now, shown.needs, beside)
    if shown.series:
        details = await recurring.with_rule(doors, call, details, shown.promise, shown.series)
    return Reply(details)


async def on_ask(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    return await make_from_words(doors, call, words["rest"], asks=True)


Answer = Callable[[Services, Call, "re.Match[str]"], Awaitable[Reply]]


def _route(words: str, answer: Answer) -> tuple[re.Pattern[str], Answer]:
    return re.compile(words, re.IGNORECASE | re.DOTALL), answer


_NUMBER = r"\s+(?P<hash>#?)(?P<number>[0-9]{1,9})"
_WORDS = r"(?:[\s,;:.!]+(?P<rest>.*))?"

#: What records at once: words that were not typed as a command do not.
ASK = on_ask
#: The first that fits the whole text answers it.
ROUTES: tuple[tuple[re.Pattern[str], Answer], ...] = (
    _route(r"help|\?", on_help),
    _route(recurring.LIST, recurring.on_list_asked),
    _route(recurring.END, recurring.on_end),
    _route(rf"list(?:\s+(?:(?P<side>owed|owing|missed|all)|(?P<who>{PERSON})))?", on_list),
    _route(rf"show{_NUMBER}", on_show),
    _route(rf"(?P<verb>{'|'.join(VERBS)}){_NUMBER}{_WORDS}", on_words_about),
    _route(rf"move{_NUMBER}\s+to\s+(?P<when>.+)", on_move),
    _route(rf"hand{_NUMBER}\s+(?:over\s+)?to\s+(?P<who>{PERSON}){_WORDS}", on_handing_over),
    _route(rf"ask\s+(?P<rest>(?:{PERSON}).*)", on_ask),
    _route(r"listen\s+on", on_listening_on),
    _route(r"listen\s+off", on_listening_off),
    _route(r"listen", on_listening_asked),
    _route(chains.NEEDS, chains.on_needs),
    _route(NEED, on_need),
    _route(r"export(?P<off>\s+off)?", on_export),
    _route(r"settings(?P<all>\s+(?:workspace|team|everybody|everyone))?", on_settings_asked),
    _route(away.AWAY, away.on_away),
    _route(away.BACK, away.on_back),
    _route(rf"stats(?:\s+(?:(?P<scope>here|open|close)|(?P<who>{PERSON})))?", on_stats),
    _route(digest_commands.HERE, digest_commands.on_digest_here),
    _route(digest_commands.PREVIEW, digest_commands.on_digest_preview),
    _route(digest_commands.SWITCH, digest_commands.on_digest_switch),
    _route(digest_commands.UNCLEAR, digest_commands.on_digest_unclear),
)
