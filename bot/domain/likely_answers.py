"""Guess the meaning of a reply in a thread that `read_answer` is not certain of, so that Kept can ask about it."""

from collections.abc import Iterator
from enum import StrEnum

from bot.domain.acts import Act, State
from bot.domain.promise import Promise, UserId


class Likely(StrEnum):
    """The likely meanings, the most telling first: the first that fits the reader's role is asked about."""

    ENDED = "ended"
    OTHER = "other"
    PART = "part"
    MISSING = "missing"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    DONE = "done"
    RECEIVED = "received"
    THANKS = "thanks"


#: Words and phrases, by what they suggest. A word that ends in "n't" is negative, too.
PHRASES = {
    Likely.ENDED: (
        "cancel, cancelled, canceled, forget it, forget about it, never mind, nevermind, no longer need, no "
        "longer needed, not needed, don't need it, don't need this, drop it, take it back, leave it, scrap it, "
        "absagen, abgesagt, vergiss es, nicht mehr nötig, nicht mehr, hat sich erledigt, lass es, zurückziehen"
    ),
    Likely.OTHER: "someone else, somebody else, anyone else, hand it over, jemand anders, übergeben, übernehmen",
    Likely.PART: "half, part, parts, partly, partial, partially, first, hälfte, teil, teile, teilweise, ersten teil",
    Likely.MISSING: (
        "missing, wrong, incomplete, broken, empty, fehlt, fehlen, falsch, falsche, falschen, unvollständig, leer"
    ),
    Likely.NEGATIVE: (
        "more time, mehr zeit, no, nope, nah, not, cannot, cant, wont, stuck, blocked, blocker, waiting, sick, "
        "ill, impossible, late, later, spät, behind, delay, delayed, delays, problem, problems, trouble, busy, "
        "unfortunately, nein, nee, nö, nicht, leider, kein, keine, krank, warte, warten, schaffe, schaff, "
        "schaffen, hänge, verspätet, verspätung, später, unmöglich, 👎, :-1:, :thumbsdown:, 😬, :grimacing:, 🤒, 😕"
    ),
    Likely.POSITIVE: (
        "no problem, no worries, no rush, no hurry, take your time, lass dir zeit, kein problem, keine eile, all "
        "good, all fine, will do, on it, working on it, almost, nearly, soon, should be, happy to, sounds good, "
        "alles gut, alles klar, bin dran, mach ich, mache ich, wird gemacht, klappt, fast, gleich, bald, gerne, "
        "passt, sure, yes, yep, yeah, ok, okay, ja, klar, 👌, 💪, 🙂, 😊, :ok_hand:, :muscle:"
    ),
    Likely.DONE: (
        "done, sent, delivered, shipped, submitted, finished, uploaded, attached, in your inbox, went out, is out, "
        "fertig, erledigt, geschickt, gesendet, verschickt, abgeschickt, abgegeben, hochgeladen, ist raus, liegt im, "
        "liegt in, ✅, ☑, :white_check_mark:"
    ),
    Likely.RECEIVED: "received, have it, looks good, bekommen, erhalten, angekommen, hab es, habe es, hab's",
    Likely.THANKS: (
        "thanks, thank you, thx, cheers, got it, perfect, great, nice, awesome, danke, super, prima, "
        "🙏, 🎉, 👏, ❤, :tada:, :pray:, :clap:, :heart:"
    ),
}
#: What a person may mean, by their role and the state of the promise.
_OWNER = {
    Likely.ENDED: Act.REVOKE,
    Likely.OTHER: Act.HAND_OVER,
    Likely.PART: Act.PROPOSE,
    Likely.NEGATIVE: Act.AT_RISK,
    Likely.POSITIVE: Act.ON_TRACK,
    Likely.DONE: Act.REPORT,
}
_ASKED = {
    Likely.ENDED: Act.DECLINE,
    Likely.PART: Act.PROPOSE,
    Likely.NEGATIVE: Act.DECLINE,
    Likely.POSITIVE: Act.ACCEPT_REQUEST,
}
_ANSWERER = {
    Likely.PART: Act.COUNTER,
    Likely.ENDED: Act.REJECT_PROPOSAL,
    Likely.NEGATIVE: Act.REJECT_PROPOSAL,
    Likely.POSITIVE: Act.ACCEPT_PROPOSAL,
    Likely.THANKS: Act.ACCEPT_PROPOSAL,
}
_REQUESTER = {
    Likely.ENDED: Act.RELEASE,
    Likely.PART: Act.PROPOSE,
    Likely.DONE: Act.ACCEPT_DELIVERY,
    Likely.RECEIVED: Act.ACCEPT_DELIVERY,
}
_RECEIVER = {
    Likely.MISSING: Act.REOPEN,
    Likely.NEGATIVE: Act.REOPEN,
    **dict.fromkeys((Likely.POSITIVE, Likely.DONE, Likely.RECEIVED, Likely.THANKS), Act.ACCEPT_DELIVERY),
}
#: Words around the date in a reply that is about a date alone.
_BEFORE = frozenset(
    "sorry oh hmm hm well ok okay yes yeah no nope nah nö nee sure fine but only if is it it's it'll i'll we'll "
    "i'd i i'm we you do be will can could would should may might shall let let's us say make have get send "
    "finish deliver give me till until to by for on at the a bit running late slightly how what about maybe "
    "perhaps possibly probably rather more like better please pls move push shift instead need done ready there "
    "earliest latest hopefully around not before and earlier sooner leider vielleicht lieber eher besser ginge "
    "geht auch passt können könnten kann wir ich es das bis zum am erst doch wäre wird schicke mache machen sagen "
    "bitte später wie wär's wärs mit dann ja nein noch zu früher fertig brauche brauchen".split()
)
_BEHIND = frozenset(
    "please pls instead ok okay works better would be is fine good for me us then at the earliest latest thanks "
    "possible if maybe sorry too werden besser passt bitte ginge geht auch noch dann gehen möglich spätestens".split()
)
_CHANGES = frozenset("instead rather move push shift earlier sooner lieber eher stattdessen verschieben früher".split())
_ASKING = [[word] for word in "who what where when why which how wer was wo wann warum welche welcher wie".split()]
#: With these a "yes" has a condition.
_LIMITS = frozenset("but only unless except if aber nur außer wenn falls".split())
#: How many words before the date are taken back in: the "a" of "a day later".
_TAKEN_BACK = 3
#: Longest reply that is guessed at, in characters and in words.
LONGEST, MAX_WORDS = 300, 40
#: Maximum number of words in a direct message that is taken for a reply.
SHORT_REPLY = 6
_ENDS = '.,;!?…–—()"“”„'
#: Skin tones and the sign that a character is drawn as an emoji do not count; an apostrophe is one.
_PLAINLY = {0x2019: "'", 0xFE0F: None, **dict.fromkeys(range(0x1F3FB, 0x1F400))}


def _words(text: str) -> list[str]:
    """Return the words in lower case, without the marks around them; "✅✅" is "✅"."""
    found = [word for each in text.casefold().translate(_PLAINLY).split() if (word := each.strip(_ENDS))]
    return [word[0] if not word[0].isalnum() and len(set(word)) == 1 else word.rstrip(":") or word for word in found]


_TABLE = {kind: tuple(tuple(_words(each)) for each in words.split(",")) for kind, words in PHRASES.items()}


def likely_act(text: str, promise: Promise, person: UserId) -> Act | None:
    """Return the act that a person may mean by an unclear reply about a promise; None if nothing suggests one.

    Whether they may do it is for the caller to check.
    """
    table = _meanings(promise, person)
    return next((table[kind] for kind in suggested_by(text) if kind in table), None)


def _meanings(promise: Promise, person: UserId) -> dict[Likely, Act]:
    proposal, is_owner = promise.proposal, promise.owner_id == person
    if proposal and proposal.to == person:
        return _ANSWERER
    if promise.state is State.REPORTED:
        return {Likely.NEGATIVE: Act.UNREPORT} if is_owner else _RECEIVER
    if promise.state is State.REQUESTED:
        table = _ASKED if is_owner else {Likely.ENDED: Act.WITHDRAW}
    else:
        table = _OWNER if is_owner else _REQUESTER
    return {**table, Likely.ENDED: Act.RETRACT} if proposal and proposal.by == person else table


def suggested_by(text: str) -> list[Likely]:
    """Return what the words of a reply suggest, the most telling first.

    >>> [[kind.value for kind in suggested_by(text)] for text in ("sorry, I can't make it", "no problem")]
    [['negative'], ['positive']]
    """
    words = _words(text[: LONGEST + 1])
    if len(text) > LONGEST or len(words) > MAX_WORDS or (text.rstrip().endswith("?") and words[:1] in _ASKING):
        return []
    found = {kind for kind, phrases in _TABLE.items() if any(_places(words, phrase) for phrase in phrases)}
    rest = _without(words, [phrase for phrase in _TABLE[Likely.POSITIVE] if len(phrase) > 1])
    is_negative = any(word.endswith("n't") for word in rest) or any(
        _places(rest, phrase) for phrase in _TABLE[Likely.NEGATIVE]
    )
    found = found | {Likely.NEGATIVE} if is_negative else found - {Likely.NEGATIVE}
    if not _LIMITS.isdisjoint(words):
        found.discard(Likely.POSITIVE)
    return [kind for kind in Likely if kind in found]


def _places(words: list[str], phrase: tuple[str, ...]) -> list[int]:
    size = len(phrase)
    return [at for at in range(len(words) - size + 1) if tuple(words[at : at + size]) == phrase]


def _without(words: list[str], phrases: list[tuple[str, ...]]) -> list[str]:
    """Return the words that are in none of the phrases: not the "no" of "no problem"."""
    inside = {at + i for phrase in phrases for at in _places(words, phrase) for i in range(len(phrase))}
    return [word for at, word in enumerate(words) if at not in inside]


def asks_for_a_change(text: str) -> bool:
    """Return whether a reply about a date asks for another one: "can we say Thursday instead"."""
    return not _CHANGES.isdisjoint(_words(text))


def is_short_reply(text: str) -> bool:
    """Return whether a few words alone answer something: "sent it yesterday", and more than thanks.

    >>> [is_short_reply(text) for text in ("sent it yesterday", "thanks!", "the deck")]
    [True, False, False]
    """
    found = suggested_by(text)
    return found not in ([], [Likely.THANKS]) and len(_words(text)) <= SHORT_REPLY


def dates_in(text: str) -> Iterator[str]:
    """Yield the parts of a reply that may be the words of a date, if the rest is only what people say around one.

    >>> next(dates_in("sorry, running late, maybe tomorrow?")), next(dates_in("can we say Thursday instead"))
    ('tomorrow', 'Thursday')
    """
    words = [word for each in text[:LONGEST].split() if (word := each.strip(_ENDS))]
    plain = _words(text)
    if len(words) > MAX_WORDS or len(plain) != len(words):
        return
    start, end = 0, len(words)
    while start < end and plain[start] in _BEFORE:
        start += 1
    while end > start and plain[end - 1] in _BEHIND:
        end -= 1
    if start < end:
        for first in range(start, max(start - _TAKEN_BACK, 0) - 1, -1):
            yield " ".join(words[first:end])
