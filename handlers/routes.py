"""The table of typed commands: patterns and their handlers."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from bot.domain.promise import PromiseId
from bot.services import Services
from bot.views.asides import aside_lines
from bot.views.help import short_help
from bot.views.promise_card import promise_details
from bot.views.timeline import next_line
from handlers import admin, away, chains, digest_commands, recurring
from handlers.asking import on_ask
from handlers.export import on_export
from handlers.listening import on_listening_asked, on_listening_off, on_listening_on
from handlers.lists import on_list, on_list_of
from handlers.need_by import NEED, on_need
from handlers.numbered import VERBS, on_edit, on_handing_over, on_move, on_words_about
from handlers.own_data import on_forgetting_asked
from handlers.payloads import Call
from handlers.replies import Reply
from handlers.settings import on_settings_asked, on_settings_wanted
from handlers.stats import on_stats
from handlers.tokens import TOKENS, on_tokens_asked
from handlers.webhooks import WEBHOOKS, on_webhooks_asked

#: Text that asks for deletion; it opens the settings.
FORGET_ME = r"(?:delete|forget|erase|remove)\s+(?:all\s+)?my\s+(?:own\s+)?data|(?:forget|delete)\s+me"
PERSON = r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>|@[\w.-]+|<!(?:subteam\^)?[\w]+(?:\|[^>]*)?>"


async def on_help(services: Services, call: Call, words: re.Match[str]) -> Reply:
    return Reply(short_help())


async def on_show(services: Services, call: Call, words: re.Match[str]) -> Reply:
    return await details(services, call, int(words["number"]))


async def details(services: Services, call: Call, ref: PromiseId | int) -> Reply:
    """Return one promise with its history, and this person's asides."""
    shown = await services.promises.show(call.team_id, ref, call.user_id)
    asides, coming = await asyncio.gather(
        services.asides.of_promise(shown.promise, call.user_id),
        services.agenda.next_about(shown.promise, call.user_id),
    )
    now = services.clock.now()
    private_lines = [*aside_lines(asides, shown.promise), *next_line(coming, shown.promise.terms.due.zone)]
    details = promise_details(shown.promise, shown.history, call.user_id, now, shown.needs, private_lines)
    if shown.series:
        details = await recurring.with_rule(services, call, details, shown.promise, shown.series)
    return Reply(details)


async def on_data_asked(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`delete my data`: open the settings."""
    return await on_settings_wanted(services, call)


Answer = Callable[[Services, Call, "re.Match[str]"], Awaitable[Reply]]


def _route(words: str, answer: Answer) -> tuple[re.Pattern[str], Answer]:
    return re.compile(words, re.IGNORECASE | re.DOTALL), answer


_NUMBER = r"\s+(?P<hash>#?)(?P<number>[0-9]{1,9})"
#: A colon that opens an emoji belongs to the words.
_WORDS = r"(?:(?:[\s,;.!]|:(?![\w+-]+:))+(?P<rest>.*))?"

#: Commands that record something directly: text that was not typed as a command never runs them.
ASK = on_ask
#: The first pattern that matches the whole text wins.
ROUTES: tuple[tuple[re.Pattern[str], Answer], ...] = (
    _route(r"help|\?", on_help),
    _route(recurring.LIST, recurring.on_list_asked),
    _route(recurring.END, recurring.on_end),
    _route(rf"list(?:\s+(?:(?P<side>owed|owing|missed|all)|(?P<who>{PERSON})))?", on_list),
    _route(r"list\s+(?P<rest>.+)", on_list_of),
    _route(rf"show{_NUMBER}", on_show),
    _route(rf"(?P<verb>{'|'.join(VERBS)}){_NUMBER}{_WORDS}", on_words_about),
    _route(rf"move{_NUMBER}(?:[\s,;:]+(?P<rest>.+))?", on_move),
    _route(rf"edit{_NUMBER}(?:[\s,;:]+(?P<rest>.+))?", on_edit),
    _route(rf"hand{_NUMBER}\s+(?:over\s+)?(?:to\s+)?(?P<who>{PERSON}){_WORDS}", on_handing_over),
    _route(rf"ask\s+(?P<rest>(?:{PERSON}).*)", on_ask),
    _route(r"listen\s+on", on_listening_on),
    _route(r"listen\s+off", on_listening_off),
    _route(r"listen", on_listening_asked),
    _route(chains.NEEDS, chains.on_needs),
    _route(NEED, on_need),
    _route(FORGET_ME, on_data_asked),
    _route(rf"forget\s+(?P<who>{PERSON})", on_forgetting_asked),
    _route(r"export(?P<off>\s+off)?", on_export),
    _route(admin.RETENTION, admin.on_retention),
    _route(admin.LISTENING, admin.on_listening),
    _route(admin.DIGESTS, admin.on_digests),
    _route(admin.AUDIT, admin.on_audit),
    _route(TOKENS, on_tokens_asked),
    _route(WEBHOOKS, on_webhooks_asked),
    _route(r"settings(?P<all>\s+(?:workspace|team|everybody|everyone))?", on_settings_asked),
    _route(away.AWAY, away.on_away),
    _route(away.BACK, away.on_back),
    _route(rf"stats(?:\s+(?:(?P<scope>here|open|close)|(?P<who>{PERSON})))?", on_stats),
    _route(digest_commands.HERE, digest_commands.on_digest_here),
    _route(digest_commands.PREVIEW, digest_commands.on_digest_preview),
    _route(digest_commands.SWITCH, digest_commands.on_digest_switch),
    _route(digest_commands.UNCLEAR, digest_commands.on_digest_unclear),
)


async def routed(services: Services, call: Call, text: str) -> Reply | None:
    """Return the reply to text that is a command as it stands; None for any other. No command begins with a person."""
    if text.startswith(("<", "@")):
        return None
    for pattern, answer in ROUTES:
        words = pattern.fullmatch(text)
        if words:
            return await answer(services, call, words)
    return None
