"""Find the language in which a deadline is written: people type "by Friday 5pm" in whatever language their Slack is."""

from collections.abc import Iterable

from bot.domain.due_dates import Unread, candidates_of
from bot.domain.reading.answer import Refusal
from bot.domain.reading.kinds import PREFIXES, Token
from bot.domain.reading.lexicon import lexicon
from bot.domain.reading.meaning import View
from bot.domain.reading.sentence import Found, find_deadline, is_part
from bot.domain.reading.tokens import tokenize


def written_in(text: str, mine: View, others: Iterable[View]) -> View:
    """Return the view whose language a sentence's deadline is written in.

    That is another one if a word like "by" or "bis", which the reader's language lacks, announces a deadline of which
    the reader's language finds a part at most.
    """
    for other in others:
        tokens = tokenize(text, other.language)
        theirs = find_deadline(tokens, other)
        if _is_announced(tokens, theirs, mine):
            found = find_deadline(tokenize(text, mine.language), mine)
            if _says_more(theirs, found):
                return other
    return mine


def asked_elsewhere(text: str, found: Found, others: Iterable[View]) -> Found:
    """Return a question for what a text says in another language, if it says more there than was found; else that."""
    for other in others:
        theirs = find_deadline(tokenize(text, other.language), other)
        if _says_more(theirs, found):
            return Found(Unread(Refusal.AMBIGUOUS, candidates_of(theirs.answer)), theirs.places, theirs.sources)
    return found


def _is_announced(tokens: list[Token], theirs: Found, mine: View) -> bool:
    first = next((token for token in tokens if theirs.sources and token.start == theirs.sources[0][0]), None)
    return first is not None and not PREFIXES.isdisjoint(first.means) and first.text not in lexicon(mine.language)


def _says_more(theirs: Found, mine: Found) -> bool:
    return bool(candidates_of(theirs.answer)) and is_part(mine.sources or mine.places, theirs.sources)
