"""Find the language in which a deadline is written: people type "by Friday 5pm" in whatever language their Slack is."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.due_dates import Unread, candidates_of, view_of, views_elsewhere
from bot.domain.reading.answer import Refusal
from bot.domain.reading.kinds import PREFIXES, Token
from bot.domain.reading.lexicon import lexicon
from bot.domain.reading.meaning import View
from bot.domain.reading.sentence import Found, find_deadline, is_part
from bot.domain.reading.tokens import tokenize
from bot.domain.working_time import WorkingHours


def written_in(text: str, now: datetime, hours: WorkingHours, locale: str) -> str:
    """Return the locale in which a sentence's deadline is written.

    That is another one if a word like "by" or "bis", which the reader's language lacks, announces a deadline of which
    the reader's language finds a part at most.
    """
    view = view_of(now, hours, locale)
    for there, tokens, theirs in _elsewhere(text, view):
        if _is_announced(tokens, theirs, view) and _says_more(
            theirs, find_deadline(tokenize(text, view.language), view)
        ):
            return there.language.code
    return locale


def asked_elsewhere(text: str, view: View, mine: Found) -> Found | None:
    """Return what a text says in another language, as a question; None if it does not say more there than in mine."""
    for _, _, theirs in _elsewhere(text, view):
        if _says_more(theirs, mine):
            return Found(Unread(Refusal.AMBIGUOUS, candidates_of(theirs.answer)), theirs.places, theirs.sources)
    return None


def _is_announced(tokens: list[Token], theirs: Found, view: View) -> bool:
    first = next((token for token in tokens if theirs.sources and token.start == theirs.sources[0][0]), None)
    return first is not None and not PREFIXES.isdisjoint(first.means) and first.text not in lexicon(view.language)


def _says_more(theirs: Found, mine: Found) -> bool:
    return bool(candidates_of(theirs.answer)) and is_part(mine.sources or mine.places, theirs.sources)


def _elsewhere(text: str, view: View) -> Iterator[tuple[View, list[Token], Found]]:
    for there in views_elsewhere(text, view):
        tokens = tokenize(text, there.language)
        yield there, tokens, find_deadline(tokens, there)
