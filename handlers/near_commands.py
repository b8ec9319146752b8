"""Text similar to a command, or with the number of a promise: ask what is meant instead of recording it."""

import re

from bot.domain.acts import State
from bot.domain.addressing import GIVING
from bot.domain.answers import AnswerKind, read_answer
from bot.domain.chains import split_needs
from bot.domain.commands import COMMANDS, NUMBERED, Typed, marked_number, number_with, typed
from bot.domain.due_dates import Deadline
from bot.domain.errors import NotFoundError
from bot.domain.promise import Promise
from bot.domain.transitions import allowed_acts
from bot.domain.wording import MENTION
from bot.ports import Side
from bot.services import Services
from bot.views.guesses import Guess, did_you_mean, either, fitting, guess_of_move, is_it_new, small_talk, unknown
from handlers.making import make_from_words
from handlers.moments import has_date, moment_in
from handlers.numbered import act_meant
from handlers.parties import as_due
from handlers.payloads import Call
from handlers.replies import Reply
from handlers.routes import routed

#: Commands that name an act; the others fit any promise of one's own.
ACTING = frozenset("done risk accept decline cancel release reopen undo".split())
#: Shortest word that identifies a promise by its text.
TELLING = 4
_WITH = re.compile(r"\b(?:with|mit|on|about|bei)(?:\s+(?:number|no\.?|nr\.?))?\s+", re.IGNORECASE)
#: Whole sentences that ask for a list, or greet.
_ASKED = (
    (
        re.compile(
            r"what\s+do\s+(?:i|we)\s+owe(?:\s+\S+)?|what\s+(?:have|did)\s+i\s+promised?|who(?:\s+is|['’]s)?\s+wait(?:s|ing)\s+for\s+me"
            r"|was\s+schulde\s+ich|was\s+habe\s+ich\s+(?:zugesagt|versprochen)|wer\s+wartet\s+auf\s+mich",
            re.IGNORECASE,
        ),
        "list owing",
    ),
    (
        re.compile(
            r"(?:who|what)\s+(?:owes\s+me|am\s+i\s+(?:waiting|owed)).*|what\s+is\s+owed\s+to\s+me|wer\s+schuldet\s+mir(?:\s+was)?"
            r"|worauf\s+warte\s+ich",
            re.IGNORECASE,
        ),
        "list owed",
    ),
    (re.compile(r"what(?:['’]s|\s+is)\s+(?:late|overdue)", re.IGNORECASE), "list late"),
    (
        re.compile(
            r"what\s+can\s+(?:you|i)\s+do|how\s+does\s+(?:this|it)\s+work|help\s+me|was\s+kannst\s+du", re.IGNORECASE
        ),
        "help",
    ),
)
_SETTINGS = re.compile(
    r"(?:please\s+)?(?:stop|quit|don['’]t)\s+(?:messag|bother|ask|remind|notify|writ|ping|disturb|DM)(?:e|ing)?(?:\s+to)?\s+me"
    r"|mute(?:\s+me)?|unsubscribe|be\s+quiet|(?:hör\s+auf|nerv\s+nicht|sei\s+still|stumm)"
    r"|(?:(?:set|change)\s+)?(?:my\s+)?(?:language|time\s?zone|(?:(?:working|quiet)\s*)?hours|quiet|sprache|zeitzone|arbeitszeit(?:en)?|ruhezeit(?:en)?)"
    r"(?:\s+(?:to\s+|auf\s+)?[\w:./–-]+(?:\s*(?:-|–|to|bis)\s*[\d:.]+)?(?:\s*(?:am|pm|h|hours?|uhr|stunden?))?)?",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"(?:hi|hello|hey|hallo|moin|good\s+(?:morning|afternoon|evening)|guten\s+(?:morgen|tag)|thanks|thank\s+you|thx|danke|cheers|great|ok|okay|got\s+it|perfect|super"
    r"|bye|cool|nice|good\s+bot|👋|🙏)(?:[\s,]+(?:kept|there|a\s+lot|so\s+much|very\s+much|all|you|bot|you\?|how\s+are\s+you))*",
    re.IGNORECASE,
)
#: What people type to leave out one occurrence of a series, or some.
_SKIPS = re.compile(r"\b(?:skip(?:ping)?|pause|suspend|überspringen?|pausieren?)\b", re.IGNORECASE)
#: The same as a command about a series that is named by its words, or as a series.
_SKIP_FIRST = re.compile(
    r"(?:please\s+|bitte\s+)?(?:skip|pause|suspend|überspringe?|pausiere?)\s+(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)
_SERIES = re.compile(r"(?:the\s+|my\s+|die\s+|meine\s+)?(?:series|recurring\s+\w+|serien?)", re.IGNORECASE)
_REMIND = re.compile(
    rf"(?:please\s+|bitte\s+)?(?:remind\s+(?P<who>me|{MENTION.pattern})\s+(?:to\s+|about\s+|of\s+)?"
    r"|erinnere?\s+mich\s+(?:daran,?\s+|an\s+)?)(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)


async def near_command(services: Services, call: Call, text: str) -> Reply | None:
    """Return the reply or a question; None for text that is no command and similar to none."""
    if MENTION.match(text.strip()):
        return None
    bare = text.strip().rstrip(" .!?")
    if (command := next((command for asked, command in _ASKED if asked.fullmatch(bare)), None)) and (
        reply := await routed(services, call, command)
    ):
        return reply
    if _SETTINGS.fullmatch(bare):
        return await routed(services, call, "settings")
    if _SMALL_TALK.fullmatch(bare):
        return await _small_talk(services, call)
    if reminded := _REMIND.fullmatch(text.strip()):
        return await _reminded(services, call, text, reminded["who"] or "me", reminded["rest"])
    found = typed(text)
    if found and found.number is not None and (reply := await _about_number(services, call, text, found)):
        return reply
    number = marked_number(split_needs(text)[0])
    if number is not None and (promise := await visible(services, call, number)):
        return await _about(services, call, text, promise)
    number = number_with(text)
    promise = await visible(services, call, number) if number is not None else None
    if promise and (guesses := await _guesses(services, call, text, promise)):
        return Reply(did_you_mean(guesses, text))
    if (skipped := _SKIP_FIRST.fullmatch(bare)) and (
        reply := await _about_series(services, call, text, skipped["rest"])
    ):
        return reply
    if found and found.number is None:
        return await _about_word(services, call, text, found)
    if found and found.verb and not found.is_sure:
        return Reply(unknown(text, Guess(found.verb, "list")))
    return None


async def visible(services: Services, call: Call, number: int) -> Promise | None:
    """Return the promise with that number if the person may see it."""
    try:
        return (await services.promises.show(call.team_id, number, call.user_id)).promise
    except NotFoundError:
        return None


async def _small_talk(services: Services, call: Call) -> Reply:
    owing = await services.promises.listed(call.team_id, call.user_id, Side.OWING, call.user_id)
    owed = await services.promises.listed(call.team_id, call.user_id, Side.OWED, call.user_id)
    mine = [promise for promise in owing if promise.owner_id == call.user_id]
    asked = [promise for promise in mine if promise.state is State.REQUESTED]
    mine = [promise for promise in mine if promise not in asked]
    return Reply(small_talk(call.user_id, mine, len([promise for promise in owed if not promise.is_own]), asked))


async def _reminded(services: Services, call: Call, text: str, who: str, rest: str) -> Reply:
    """`remind me to …` is a promise to oneself; `remind @who to …` may be a request, so ask."""
    if who.lower() == "me":
        return await make_from_words(services, call, rest, for_oneself=True)
    ask = Guess("ask", f"ask {who} {rest}")
    return Reply(is_it_new(text, [ask]))


async def _about_number(services: Services, call: Call, text: str, found: Typed) -> Reply | None:
    """Handle text that begins with a command or another word before a number, or with a number."""
    assert found.number is not None  # noqa: S101  the caller saw to it
    promise = await visible(services, call, found.number)
    if promise is None:
        is_command = found.verb and found.is_sure and (found.marked or found.is_own_word or not found.rest)
        if not is_command:
            return None
        if found.rest and not found.marked and await has_date(services, call, text):
            return Reply(is_it_new(text))
        return await routed(services, call, found.canonical)
    if not found.verb:
        is_meant = found.marked or promise.state.is_open
        return await _about(services, call, text, promise) if is_meant else None
    if not found.is_sure:
        return await _ask(services, call, text, found, promise)
    if not (found.is_own_word or found.marked) and found.verb != "move" and await has_date(services, call, found.rest):
        command = Guess(found.verb, f"{found.verb} #{promise.number}", promise)
        return Reply(either(promise, [command, *await moved(services, call, promise, found.rest)], text))
    return await routed(services, call, found.canonical) or await _ask(services, call, text, found, promise)


async def _ask(services: Services, call: Call, text: str, found: Typed, promise: Promise) -> Reply:
    """Ask whether the nearest command was meant."""
    if found.verb == "move":
        dated = await moved(services, call, promise, found.rest)
        command = dated[0] if dated else Guess("move", f"move #{promise.number}", promise)
    else:
        command = Guess(found.verb, f"{found.verb} #{promise.number} {found.rest}".strip(), promise)
    return Reply(did_you_mean([command], text))


async def _about(services: Services, call: Call, text: str, promise: Promise) -> Reply:
    """Handle a sentence that names a promise as `#4`: offer what its other words mean, and to show it."""
    guesses = [each for each in await _guesses(services, call, text, promise) if each.verb != "show"]
    return Reply(did_you_mean([*guesses, shown(promise)], text))


def shown(promise: Promise) -> Guess:
    return Guess("show", f"show {promise.number}", promise)


async def _guesses(services: Services, call: Call, text: str, promise: Promise) -> list[Guess]:
    """Return the command that the other words of a sentence about a promise mean, if any."""
    words = re.sub(rf"#?\b{promise.number}\b", " ", text, count=1)
    if promise.series_id and _SKIPS.search(words):
        return _skipping(promise)
    answer = read_answer(_WITH.sub(" ", words).rstrip("? "))
    if answer.kind is AnswerKind.MOVE:
        return await moved(services, call, promise, answer.when)
    if answer.kind in (AnswerKind.DONE, AnswerKind.MAYBE_DONE):
        is_open = fits(services, call, promise, "done")
        return [Guess("done", f"done #{promise.number}", promise) if is_open else shown(promise)]
    if answer.kind is AnswerKind.AT_RISK:
        return [Guess("risk", f"risk #{promise.number}", promise)]
    return []


def _skipping(promise: Promise) -> list[Guess]:
    """Return what to skip a promise of a series may mean: this one, or all of them."""
    ends = Guess("end", f"end #{promise.number}", promise)
    return [Guess("cancel", f"cancel #{promise.number}", promise), ends] if promise.state.is_open else [ends]


async def _about_series(services: Services, call: Call, text: str, rest: str) -> Reply | None:
    """Handle text that skips or pauses a series; None if its words name none of this person's."""
    if MENTION.search(text):
        return None
    promises = await services.promises.listed(call.team_id, call.user_id, Side.ALL, call.user_id)
    newest = {each.series_id: each for each in sorted(promises, key=lambda each: each.number) if each.series_id}
    named = [each for each in newest.values() if is_about(each, rest)]
    if _SERIES.fullmatch(rest):
        named = list(newest.values())
    elif not named:
        return None
    return Reply(did_you_mean(_skipping(named[0]), text) if len(named) == 1 else fitting("end", named))


async def moved(services: Services, call: Call, promise: Promise, words: str) -> list[Guess]:
    """Return the proposal of the date in the text as the one guess; none if no date is certain."""
    read, reason = await moment_in(services, call, promise, words)
    return [guess_of_move(promise, as_due(read), reason)] if isinstance(read, Deadline) else []


async def _about_word(services: Services, call: Call, text: str, found: Typed) -> Reply | None:
    """Handle text that begins with a command, or a misspelt one, and has no number."""
    if found.verb in NUMBERED:
        return await _without_number(services, call, text, found)
    if found.is_sure and not found.rest:
        return await routed(services, call, found.verb)
    if found.verb == "ask" and (asked := await _asked(services, call, found.rest)):
        return Reply(did_you_mean(asked, text))
    if found.is_sure and found.verb == "ask":
        return Reply(is_it_new(text, [Guess("ask", "help")])) if await has_date(services, call, text) else None
    is_longer = found.verb == "list" and len(found.rest) < len(call.text)
    guess = Guess(found.verb, found.canonical if is_longer else found.verb)
    if await has_date(services, call, text):
        return Reply(did_you_mean([guess], text) if not found.is_sure else is_it_new(text, [guess]))
    return Reply(unknown(text, guess))


async def _asked(services: Services, call: Call, rest: str) -> list[Guess]:
    """Return the requests that "ask" before a person may mean, who may be named without an @."""
    if MENTION.match(rest):
        return [Guess("ask", f"ask {rest}")]
    name, _blank, words = rest.partition(" ")
    people = await services.people.with_first_name(call.team_id, name.rstrip(",:"))
    return [Guess("ask", f"ask <@{who}|{called}> {words}") for who, called in people.items() if who != call.user_id][:2]


async def _without_number(services: Services, call: Call, text: str, found: Typed) -> Reply:
    """Handle a command without a number: offer the promises that it fits."""
    promises = await services.promises.listed(call.team_id, call.user_id, Side.ALL, call.user_id)
    fit = [each for each in promises if fits(services, call, each, found.verb)]
    named = [each for each in fit if is_about(each, found.rest)]
    if not found.rest and found.is_sure:
        return Reply(fitting(found.verb, fit))
    guesses = [
        guess
        for promise in named[:2]
        for guess in (await moved(services, call, promise, date_tail(found.rest)) if found.verb == "move" else [])
        or [Guess(found.verb, f"{found.verb} #{promise.number}", promise)]
    ]
    is_dated = await has_date(services, call, text)
    if guesses:
        return Reply(did_you_mean(guesses, text if is_dated else ""))
    if is_dated:
        return Reply(is_it_new(text, [Guess("list", "list")]))
    if found.is_sure and fit:
        return Reply(fitting(found.verb, fit))
    return Reply(unknown(text, Guess("list", "list") if found.is_sure else None))


def fits(services: Services, call: Call, promise: Promise, verb: str) -> bool:
    """Return whether this person may do now what a command means for a promise."""
    may = allowed_acts(promise, call.user_id, services.clock.now())
    if verb == "end":
        return promise.series_id is not None
    return verb not in ACTING or act_meant(verb, promise, call.user_id) in may


def is_about(promise: Promise, words: str) -> bool:
    """Return whether a text has a word of a promise that identifies it."""
    found = re.findall(r"[^\W\d_]+", words.casefold())
    identifying = {word for word in found if len(word) >= TELLING} - COMMANDS - GIVING
    return bool(identifying) and not identifying.isdisjoint(re.findall(r"[^\W\d_]+", promise.terms.what.casefold()))


def date_tail(words: str) -> str:
    """Return the text after the last "to": the date in "move the deck to Friday"."""
    return words[words.lower().rfind(" to ") + 4 :] if " to " in words.lower() else words
