"""Text that is no promise of its writer as it stands: a refusal, days off, or news of a promise that it names."""

import contextlib
import re

from bot.domain.absences import read_absence
from bot.domain.acts import State
from bot.domain.commands import typed
from bot.domain.errors import UnreadableError
from bot.domain.promise import Promise
from bot.domain.speech import absence_in, refuses
from bot.domain.wording import MENTION
from bot.ports import Side
from bot.services import Services
from bot.views.guesses import Guess, did_you_mean, either, fitting, no_promise
from handlers.moments import has_date
from handlers.near_commands import date_tail, fits, is_about, moved, shown, visible
from handlers.payloads import Call
from handlers.replies import Reply

#: News of a promise by its words, and the command that it means.
_NEWS = (
    (
        re.compile(
            r"\A(?:(?:(?:i|we|ich|wir)\s+(?:have\s+|habe\s+|haben\s+)?)?(?:just\s+)?(?:sent|finished|delivered|completed|submitted)\s.+"
            r"|.+\s(?:is|are|ist|sind)\s+(?:done|ready|finished|sent|delivered|complete|fertig|erledigt|raus)"
            r"|(?:\w+\s+){1,3}(?:done|fertig|erledigt))",
            re.IGNORECASE | re.DOTALL,
        ),
        "done",
    ),
    (
        re.compile(
            r"\A(?:.+\s(?:is|are|will\s+be|wird|werden)\s+(?:late|delayed|later|später)(?:\s.*)?"
            r"|(?:(?:i['’]?m|i\s+am|i\s+may\s+be|i\s+might\s+be|i['’]?ll\s+be|i\s+will\s+be)\s+)?(?:running\s+)?late\s+(?:with|on)\s.+)",
            re.IGNORECASE | re.DOTALL,
        ),
        "risk",
    ),
    (
        re.compile(
            r"\A(?:please\s+|bitte\s+|(?:can|could)\s+we\s+|let['’]?s\s+)?"
            r"(?:push|postpone|reschedule|delay|shift|defer|extend|bump|move|(?:ver)?schieb\w*)\s.+",
            re.IGNORECASE | re.DOTALL,
        ),
        "move",
    ),
)
#: A text that begins with a number that is no time: it may be that of a promise.
_NUMBER_FIRST = re.compile(
    r"\A(?P<number>[0-9]{1,9})\s+(?:->|→|=>)?\s*(?:to\s+|auf\s+)?(?P<rest>"
    r"(?!(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)|(?:am|pm|uhr|o['’]clock|h|hours?|hrs?|days?|weeks?|minutes?|mins?)\b).+)",
    re.IGNORECASE | re.DOTALL,
)
#: Most promises of which one is offered.
MAX_NAMED = 2


async def unpromised(services: Services, call: Call, text: str) -> Reply | None:
    """Ask what such a text means; None for any other."""
    words = text.strip()
    if refuses(MENTION.sub("@", words)):
        return await _refused(services, call, text)
    if MENTION.match(words):
        return None
    bare = words.rstrip(" .!")
    if (when := absence_in(bare)) and await _names_days(services, call, when):
        return Reply(did_you_mean([Guess("away", f"away {when}")], text))
    if typed(words) is None and (numbered := _NUMBER_FIRST.fullmatch(words)):
        return await _of_a_number(services, call, text, numbered)
    for pattern, verb in _NEWS:
        if pattern.fullmatch(bare) and (reply := await _of_one_named(services, call, text, verb)):
            return reply
    return None


async def _refused(services: Services, call: Call, text: str) -> Reply:
    """Offer to say that a promise may slip, or to decline a request: those that the text names, or all."""
    listed = await services.promises.listed(call.team_id, call.user_id, Side.OWING, call.user_id)
    mine = [each for each in listed if each.owner_id == call.user_id]
    named = [each for each in mine if is_about(each, text)] or mine
    owed = [each for each in named if each.state is State.ACTIVE and fits(services, call, each, "risk")]
    asked = [each for each in named if each.state is State.REQUESTED]
    if len(owed) == 1:
        (promise,) = owed
        risk, move = (Guess(verb, f"{verb} #{promise.number}", promise) for verb in ("risk", "move"))
        return Reply(did_you_mean([risk, move], text))
    if not (owed or asked):
        return Reply(no_promise(text))
    return Reply(fitting("risk", owed, text) if owed else fitting("decline", asked, text))


async def _names_days(services: Services, call: Call, when: str) -> bool:
    me = await services.people.of(call.team_id, call.user_id)
    with contextlib.suppress(UnreadableError):
        read_absence(when, services.clock.now(), me.hours, me.reading_locale)
        return True
    return False


async def _of_a_number(services: Services, call: Call, text: str, words: "re.Match[str]") -> Reply | None:
    """Ask whether text that begins with the number of an open promise is about it; None for any other number."""
    promise = await visible(services, call, int(words["number"]))
    if promise is None or not promise.state.is_open or call.user_id not in promise.parties:
        return None
    return Reply(either(promise, await moved(services, call, promise, words["rest"]) or [shown(promise)], text))


async def _of_one_named(services: Services, call: Call, text: str, verb: str) -> Reply | None:
    """Offer the command for the promises that the text names by their words; None if it names none, or many."""
    promises = await services.promises.listed(call.team_id, call.user_id, Side.ALL, call.user_id)
    named = [each for each in promises if is_about(each, text) and fits(services, call, each, verb)]
    if not 0 < len(named) <= MAX_NAMED:
        return None
    guesses = [guess for promise in named for guess in await _guesses(services, call, promise, verb, text)]
    return Reply(did_you_mean(guesses, text if await has_date(services, call, text) else ""))


async def _guesses(services: Services, call: Call, promise: Promise, verb: str, text: str) -> list[Guess]:
    found = await moved(services, call, promise, date_tail(text)) if verb == "move" else []
    return found or [Guess(verb, f"{verb} #{promise.number}", promise)]
