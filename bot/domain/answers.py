"""Classify replies in the thread under a message of Kept: done, at risk, move to a date, or unclear."""

import re
from dataclasses import dataclass
from enum import StrEnum


class AnswerKind(StrEnum):
    """The classes of replies. Kept asks back on MAYBE_DONE and UNCLEAR.

    An AGREEMENT ("no problem") answers an offer; unlike a YES, it says nothing about the work.
    """

    DONE = "done"
    MAYBE_DONE = "maybe_done"
    YES = "yes"
    AGREEMENT = "agreement"
    NO = "no"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MOVE = "move"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ThreadAnswer:
    """A classified reply. `note` holds the words after the keyword; `when` the words of a date, for MOVE."""

    kind: AnswerKind
    note: str = ""
    when: str = ""


_MARK = r"[\s,;:.!–—-]"
_DONE_WORD = (
    r"(?:(?:it['’]s|it\s+is|all|that['’]s|is|i['’]m|i\s+am|we['’]re|we\s+are|(?:ich\s+)?bin|wir\s+sind|ist|alles|yes|yep|ja)\s+|yes,\s+|ja,\s+)?(?P<core>done|delivered|sent|shipped"
    r"|finished|completed?|submitted|erledigt|fertig|geschickt|gesendet|abgegeben|✅|☑️?|:white_check_mark:|:heavy_check_mark:)"
)
_DONE = re.compile(rf"{_DONE_WORD}(?:{_MARK}|[?]|$)", re.IGNORECASE)
#: Words that may follow "done" directly, without punctuation, in a report.
_GOES_ON = frozenset(
    "it its it's here see link in attached as and thanks thank today now just already yesterday this that over"
    " https http the es hier siehe im heute gestern danke ist liegt it’s"
    " done sent delivered finished fertig erledigt ✅".split()
)
#: Words that make "done" something else than a report: half done, not yet, or a question.
_HEDGES = frozenset(
    "by tomorrow until till except but not isn't almost nearly half partly partially mostly wrong mess need needs more"
    " missing still if when once soon later next most some only will should would could can maybe probably hopefully"
    " apart never after before without besides unless can't haven't didn't won't to-do todo"
    " morgen außer aber nicht noch bis fast gleich bald fehlt fehlen teilweise halb nur ohne wenn sobald"
    " monday tuesday wednesday thursday friday saturday sunday"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag"
    " yet isn’t can’t haven’t didn’t won’t ready ish 50% 80% 90%".split()
)
_WORDS = re.compile(r"[^\s,;:.!?–—()]+")
_NOT = re.compile(
    r"(?:i['’]m\s+|it['’]s\s+|we['’]re\s+)?(?:not|nicht|no\s+longer)\s+(?:really\s+|quite\s+)?(?:on\s+track|im\s+plan)\b",
    re.IGNORECASE,
)
_ON_TRACK = re.compile(
    r"(?:(?:yes|yep|ja|still|all|we['’]re|i['’]m|it['’]s|it\s+is|everything\s+is)[,\s]+){0,3}(?:on\s+track|on\s+schedule|im\s+plan|läuft)\b",
    re.IGNORECASE,
)
_AT_RISK = re.compile(
    r"(?:(?:it['’]s|it\s+is|i['’]m|we['’]re|it|this|i|we|das|es|wird|might|may|will|be|could|sorry,?|running|a\s+bit|bit)\s+){0,5}"
    r"(?P<core>at\s+risk|late|slip|slipping|slips|behind|delayed|gefährdet|verspätet|später|knapp|⚠️?|⏳|:warning:|:hourglass_flowing_sand:|:hourglass:)(?:\s|[,;:.!–—-]|$)",
    re.IGNORECASE,
)
_YES = frozenset(
    "yes yep yeah yup sure ok okay fine agreed agree accepted accept approved good great perfect ja jo klar"
    " passt super 👍 ✔️ ✔ +1 :+1: :thumbsup: :ok_hand: lgtm works".split()
)
_POLITE = frozenset("thanks thx thank you please danke bitte that’s that's it works for me that all with suits".split())
_THANKS = frozenset("thanks thx thank you danke".split())
_NO = frozenset("no nope nah nein nö nee 👎 :-1: :thumbsdown: disagree rejected decline".split())
#: Whole replies that agree, in the words that a reply is split into. Several begin with "no".
_AGREEMENTS = frozenset(
    tuple(phrase.split())
    for phrase in (
        "no problem, no worries, no objection, no objections, not a problem, sounds good, sounds great, sounds fine, "
        "sure thing, of course, fine by me, fine with me, that works, all good, all right, i agree, that is fine, "
        "that's fine, kein problem, alles klar, geht klar, alles gut, einverstanden, in ordnung, gerne, passt so"
    ).split(", ")
)
#: Behind a "no" these make it unclear what is refused: "no, no problem".
_RELIEVES = frozenset("problem problems worries worry rush hurry objection objections matter needed".split())
#: The colour of a hand, in a reply that is an emoji.
_SKIN_TONE = re.compile(r":skin-tone-[2-6]:|[\U0001f3fb-\U0001f3ff]")
_MOVE = re.compile(
    r"(?:(?:i|we|please|can|could|let['’]s|ich|wir|sorry,?|will|would|['’]?ll|i['’]ll|we['’]ll|i['’]d|have|to|it|this|that|the|is|was|be|"
    r"deadline|date|like)\s+){0,6}"
    r"(?:need(?:s|ed)?(?:\s+(?:it|this|time|more\s+time|some\s+time|longer))?\s+(?:until|till|to|by)"
    r"|(?:moved?|moving|postponed?|pushed?|delayed?|shift(?:ed)?|rescheduled?|extend(?:ed)?|change[d]?)(?:\s+(?:it|this|that|the\s+date))?"
    r"\s+(?:to|until|till|by)"
    r"|brauche(?:n)?(?:\s+(?:es|noch|zeit))?\s+bis|erst(?:\s+am)?|verschoben\s+auf|verschieben\s+auf)\s+(?P<when>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: Maximum length of a reply, in characters; a longer one is UNCLEAR.
LONGEST = 600


def read_answer(text: str) -> ThreadAnswer:
    """Classify a reply in the thread about a promise.

    >>> read_answer("Done! It is in the folder").note, read_answer("need until Monday").when
    ('It is in the folder', 'Monday')
    >>> [read_answer(text).kind.value for text in ("done", "done by friday", "done?", "not on track", "hm")]
    ['done', 'maybe_done', 'maybe_done', 'at_risk', 'unclear']
    """
    text = " ".join(_SKIN_TONE.sub("", text).split())
    if len(text) > LONGEST:
        return ThreadAnswer(AnswerKind.UNCLEAR)
    if moved := _MOVE.fullmatch(text):
        return ThreadAnswer(AnswerKind.MOVE, when=moved["when"].rstrip(" .!"))
    if done := _DONE.match(text):
        return (
            ThreadAnswer(AnswerKind.DONE, _note(text, done.end("core")))
            if is_report(text, done.end("core"))
            else _maybe(text)
        )
    if denied := _NOT.match(text):
        return ThreadAnswer(AnswerKind.AT_RISK, _note(text, denied.end()))
    for pattern, kind in ((_ON_TRACK, AnswerKind.ON_TRACK), (_AT_RISK, AnswerKind.AT_RISK)):
        if found := pattern.match(text):
            end = found.end("core") if kind is AnswerKind.AT_RISK else found.end()
            return ThreadAnswer(AnswerKind.UNCLEAR if "?" in text else kind, _note(text, end))
    words = [word.lower() for word in re.split(r"[\s,;.!–—]+", text) if word]
    if "?" in text or not words:
        return ThreadAnswer(AnswerKind.UNCLEAR)
    if _agrees(words):
        return ThreadAnswer(AnswerKind.AGREEMENT)
    if not _YES.isdisjoint(words) and all(word in _YES | _POLITE for word in words):
        return ThreadAnswer(AnswerKind.YES, _thanks_in(text, words))
    if words[0] in _NO and _refuses(text[len(words[0]) :], words[1:]):
        return ThreadAnswer(AnswerKind.NO, _note(text, len(words[0])))
    return ThreadAnswer(AnswerKind.UNCLEAR)


def _agrees(words: list[str]) -> bool:
    """Return whether the words are one of the agreements, after a "yes" or before thanks too."""
    size = len(words)
    while size and words[size - 1] in _THANKS:
        size -= 1
    core = tuple(words[:size])
    return core in _AGREEMENTS or (core[:1] != () and core[0] in _YES and core[1:] in _AGREEMENTS)


def _thanks_in(text: str, words: list[str]) -> str:
    """Return what follows a "yes" where it thanks, to be passed on."""
    return _note(text, len(words[0])) if words[0] in _YES and not _THANKS.isdisjoint(words) else ""


def _refuses(rest: str, words: list[str]) -> bool:
    """Return whether what follows a "no" is its reason or a courtesy: "no, too late", and not "no way to tell"."""
    if not _RELIEVES.isdisjoint(words):
        return False
    return rest.lstrip()[:1] in tuple(",;:.!–—-") or all(word in _POLITE | _NO | {"sorry"} for word in words)


def is_report(text: str, end: int) -> bool:
    """Return whether a text whose word for "done" ends at `end` reports delivery, without hedge or question."""
    rest = text[end:]
    if "?" in rest:
        return False
    words = [word.lower() for word in _WORDS.findall(rest)]
    if not _HEDGES.isdisjoint(words):
        return False
    return not words or rest.lstrip()[:1] in ".,;:!–—-" or rest[:1] in ".,;:!–—" or words[0] in _GOES_ON


def _maybe(text: str) -> ThreadAnswer:
    return ThreadAnswer(AnswerKind.MAYBE_DONE, text)


def _note(text: str, end: int) -> str:
    return text[end:].strip(" ,;:.!–—-") if len(text) > end else ""
