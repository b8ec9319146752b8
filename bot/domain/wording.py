"""Parse a promise from one line of text: recipients, task, deadline."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from bot.domain.due_dates import Deadline, Unread, view_of, views_elsewhere
from bot.domain.mixed_languages import asked_elsewhere, written_in
from bot.domain.reading.language import Language
from bot.domain.reading.meaning import View
from bot.domain.reading.sentence import find_deadline
from bot.domain.reading.spans import MASK
from bot.domain.reading.tokens import tokenize
from bot.domain.reading.weighing import weight_in
from bot.domain.recurring import RecurrenceRule
from bot.domain.weight import UNWEIGHED, Weight
from bot.domain.working_time import WorkingHours

#: Text that is not searched for dates: code, quotations, links, Slack's tokens and emoji, escaped marks.
#: No alternative backtracks over its text.
OPAQUE = re.compile(
    r"```.*?```|`[^`\n]*`|\"[^\"\n]*\"|“[^“”\n]*”|«[^«»\n]*»"
    r"|<[@#!][^<>\s]*(?:\|[^<>]*)?>|<(?:https?|mailto):[^<>]*>|https?://\S+"
    r"|(?<!\w):[a-z0-9_+'-]+:|&(?:lt|gt|amp);|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}",
    re.IGNORECASE | re.DOTALL,
)
MENTION = re.compile(
    r"<@[A-Z0-9]+(?:\|[^<>]*)?>|<!subteam\^[A-Z0-9]+(?:\|[^<>]*)?>|@[^\W\d](?:[\w.-]*[^\W_])?(?![\w'’])"
)
POSSESSIVES = ("'s", "’s")
QUOTES = ('"', "“")
ANNOUNCERS = (" by", " due", " before", " until", " bis")
#: Marks before the task: after a recipient or a deadline. A colon that opens an emoji is excluded.
MARKS = re.compile(r"(?:[\s,;–—•◦‣▪-]|:(?!\S))+")
#: Bold and italics, at the edge of a word.
EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\w)|(?<=[\w.!])[*_](?![\w*])")
EMPHASES = ("*", "_", "~", '"')
WHOLE_QUOTED = re.compile(r"\*([^*]+)\*|_([^_]+)_|\"([^\"]+)\"|“([^“”]+)”")
#: Characters that databases refuse: NUL and lone surrogates.
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
#: Full-width digits, letters and marks of a keyboard for Chinese or Japanese, as their plain ones; none that Slack's
#: markup is made of.
HALF_WIDTH = {ord(wide): plain for wide, plain in zip("\u3000＃，－．／：＠", " #,-./:@", strict=True)} | {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()
}
#: Characters that end an introductory word: "sure, I'll …".
BREAKS = " ,:;–—"
#: Marks left after the task.
LOOSE_ENDS = " \t\n,;–—→([-"
#: Number of characters at the head and at the tail of a longer text in which the deadline is searched.
HEAD, TAIL = 400, 1_000


@dataclass(frozen=True, slots=True)
class Wording:
    """A parsed promise.

    `people` are the leading recipients as written, `<@U123|name>` or `@name`. `rules` are its recurrence, if any
    (bot.domain.repeating): one with the first deadline, or candidates with a refusal.
    """

    what: str
    people: tuple[str, ...]
    deadline: Deadline | Unread
    rules: tuple[RecurrenceRule, ...] = ()
    weight: Weight = UNWEIGHED


def read_promise(text: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Wording:
    """Parse recipients, task and deadline. A deadline may be written in another language than the locale's."""
    text = plain_text(text)
    here = view_of(now, hours, locale)
    others = tuple(views_elsewhere(text, here))
    view = written_in(masked(text), here, others) if others else here
    text, weight = weighed(text, view)
    people, task = addressed(text, view.language)
    shown = masked(task)
    found = find_deadline(tokenize(shown, view.language), view)
    if others and view is here:
        found = asked_elsewhere(shown, found, others)
    what = without(task, found.places)
    more, what = addressed(what, view.language)
    answer = found.answer
    if isinstance(answer, Unread):
        words = (task[start:end].strip(" ,;") for start, end in found.places or found.sources)
        answer = replace(answer, understood=" ".join(words))
    return Wording(what, (*people, *more), answer, weight=weight)


def weighed(text: str, view: View) -> tuple[str, Weight]:
    """Split off the estimate and the priority that the text certainly names; return the rest and both."""
    named = weight_in(masked(text), view)
    if not named.places:
        return text, UNWEIGHED
    return without(text, named.places), UNWEIGHED.changed(named.estimate, named.priority)


def plain_text(text: str) -> str:
    """Return the text without characters that cannot be stored, bold, italics and enclosing quotation marks.

    Full-width digits, letters and marks become their plain ones.

    >>> plain_text("*send it by １７：００*")
    'send it by 17:00'
    """
    text = UNWRITABLE.sub("", text).translate(HALF_WIDTH).strip()
    whole = WHOLE_QUOTED.fullmatch(text)
    return text[1:-1].strip() if whole else text


def masked(text: str) -> str:
    """Mask text that is not searched, keeping all positions; in a long text the middle, too."""
    shown = OPAQUE.sub(lambda match: _hidden(match.group(), text[: match.start()]), text)
    if "*" in shown or "_" in shown:
        shown = EMPHASIS.sub(" ", shown)
    middle = len(text) - HEAD - TAIL
    return shown if middle <= 0 else shown[:HEAD] + MASK.ljust(middle) + shown[-TAIL:]


def _hidden(opaque: str, before: str) -> str:
    """Return the mask of a match; a quotation after "by" is the deadline and stays."""
    if opaque[0] in QUOTES and before.rstrip().lower().endswith(ANNOUNCERS):
        return f" {opaque[1:-1]} "
    return MASK.ljust(len(opaque))


def without(text: str, places: tuple[tuple[int, int], ...]) -> str:
    """Remove the places of the deadline from the text, with the marks left over."""
    parts, at = [], 0
    for start, end in sorted(places):
        start, end = _with_marks(text, start, end)
        parts.append(_trimmed(text[at:start]))
        at = end
    rest = text[at:].lstrip(",;.!?)]…") if places else text[at:]
    parts.append(_trimmed(rest))
    return " ".join(part for part in parts if part)


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a place by the marks of bold or italics around it, or around its end: "by *Thursday*"."""
    mark = text[end : end + 1]
    if mark == "”" and "“" in text[start:end]:
        return start, end + 1
    if mark in EMPHASES and text[start - 1 : start] == mark:
        return start - 1, end + 1
    return start, end + (mark in EMPHASES and text.count(mark, start, end) % 2)


def _trimmed(text: str) -> str:
    text = _after_marks(text).rstrip(LOOSE_ENDS)
    return text.removesuffix(" :").rstrip(LOOSE_ENDS)


def _after_marks(text: str) -> str:
    match = MARKS.match(text)
    return text[match.end() :] if match else text


def addressed(text: str, language: Language) -> tuple[tuple[str, ...], str]:
    """Split the recipients off the head of a text; return them and the text without them and without "I will"."""
    people: list[str] = []
    rest = _without_lead(text, language)
    while found := _mention(rest, language, first=not people):
        person, rest = found
        people.append(person)
    return tuple(people), _without_lead(_after_marks(rest), language, joined=bool(people))


def _mention(text: str, language: Language, *, first: bool) -> tuple[str, str] | None:
    """Split off the recipient that the text begins with; None if there is none."""
    text = _after_marks(text)
    for word in language.recipient_words if first else language.joins:
        if text[: len(word)].lower() == word and not text[len(word) : len(word) + 1].isalnum():
            text = _after_marks(text[len(word) :])
            break
    match = MENTION.match(text)
    if match is None or text[match.end() : match.end() + 2] in POSSESSIVES:
        return None
    return match.group(), text[match.end() :]


def _without_lead(text: str, language: Language, *, joined: bool = False) -> str:
    """Return the text without "I promise to", "I will" … at its head."""
    while (lead := _leads(language, joined).match(text)) and _leads_in(text, lead.group()):
        text, joined = _after_marks(text[lead.end() :]), True
    return text.strip()


@cache
def _leads(language: Language, joined: bool) -> re.Pattern[str]:
    words = (*language.leads, *(language.lead_joins if joined else ()))
    either = "|".join(re.escape(one).replace("'", "['’]") for one in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?:{either})(?=[{BREAKS}])(?!\s+know\b)", re.IGNORECASE)  # "let me know" is the task


def _leads_in(text: str, lead: str) -> bool:
    """Return whether the text begins with a lead; a single word must not look like a name ("Will Smith's contract")."""
    return not lead.isalpha() or text[len(lead)] == "," or lead.islower()
