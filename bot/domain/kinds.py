"""The kinds of messages as one table: recipient, side of the deadline, buttons, and rank."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.acts import Act
from bot.domain.open_question import ANSWERS_TO_OFFER, ANSWERS_TO_REQUEST
from bot.domain.people import is_person


class Kind(StrEnum):
    """The kind of a delivery."""

    MIDWAY = "midway"
    CHECK_IN = "check_in"
    ASK_AGAIN = "ask_again"
    HEADS_UP = "heads_up"
    NO_WORD = "no_word"
    LAST_CALL = "last_call"
    CALL_AGAIN = "call_again"
    SIDE_QUESTION = "beside"
    OFFER_OPEN = "offer_open"
    DUE_NOW = "due_now"
    OVERDUE = "overdue"
    LET_GO = "let_go"
    SNOOZED = "snoozed"
    ASKED = "asked"
    NOTICE = "notice"
    CHAIN = "chain"
    CLASH = "clash"
    SERIES = "series"
    TROUBLE = "trouble"
    AWAY = "away"
    LAST_CHANCE = "last_chance"
    BUNDLE = "bundle"
    CATCH_UP = "catch_up"
    BRIEF = "brief"
    RECEIPT = "receipt"
    CARD = "card"
    OUTCOME = "outcome"
    DIGEST = "digest"
    DETAILS = "details"
    REFRESH = "refresh"

    @property
    def rule(self) -> "KindRule":
        return KINDS[self]

    @property
    def is_nudge(self) -> bool:
        """Return whether it is about one promise still owed, sent at a time or after a click."""
        return self.rule.phase is not Phase.NONE


class Reader(StrEnum):
    """The recipient of a kind. EITHER: one of the two sides; CONCERNED: anyone affected by a promise or an event."""

    OWNER = "owner"
    REQUESTER = "requester"
    EITHER = "either side"
    CONCERNED = "concerned"
    CHANNEL = "channel"
    NONE = "none"


class Phase(StrEnum):
    """On which side of the deadline a nudge makes sense; NONE for everything that is no nudge."""

    BEFORE = "before the deadline"
    AFTER = "after the deadline"
    EITHER = "on either side"
    NONE = "no nudge"


class Way(StrEnum):
    """How a message is sent.

    The agenda decides about JOINS, which may share a message with others, and ALONE, which needs its own.
    GATHERED is such a shared message; DIRECT follows a click or is posted in a channel, without the agenda.
    """

    JOINS = "joins"
    ALONE = "alone"
    GATHERED = "gathered"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class KindRule:
    """`rank` orders the kinds about one promise: the lowest represents the others.

    `asks`: a question to the owner. `may_come_early`: may join a message up to TOGETHER ahead of its time.
    `is_about_one`: about one promise.
    """

    to: Reader
    way: Way
    rank: int
    phase: Phase = Phase.NONE
    offers: tuple[Act, ...] = ()
    asks: bool = False
    may_come_early: bool = False
    is_about_one: bool = False


_ANSWERS = (Act.ON_TRACK, Act.PROPOSE, Act.REPORT, Act.AT_RISK)


def _question(rank: int, phase: Phase, offers: tuple[Act, ...] = _ANSWERS, **more: bool) -> KindRule:
    return KindRule(Reader.OWNER, Way.JOINS, rank, phase, offers, asks=True, is_about_one=True, **more)


def _to_requester(rank: int, **more: bool) -> KindRule:
    offers = (Act.PROPOSE, Act.RELEASE)
    return KindRule(Reader.REQUESTER, Way.JOINS, rank, Phase.BEFORE, offers, is_about_one=True, **more)


KINDS: dict[Kind, KindRule] = {
    Kind.NOTICE: KindRule(Reader.CONCERNED, Way.JOINS, 0, is_about_one=True),
    Kind.CLASH: KindRule(Reader.EITHER, Way.ALONE, 1),
    Kind.CHAIN: KindRule(Reader.OWNER, Way.ALONE, 2),
    Kind.SERIES: KindRule(Reader.CONCERNED, Way.ALONE, 3),
    Kind.OFFER_OPEN: KindRule(
        Reader.EITHER,
        Way.JOINS,
        4,
        Phase.EITHER,
        (*ANSWERS_TO_OFFER, *ANSWERS_TO_REQUEST),
        may_come_early=True,
        is_about_one=True,
    ),
    Kind.LET_GO: KindRule(
        Reader.EITHER,
        Way.JOINS,
        5,
        Phase.AFTER,
        (Act.REPORT, Act.PROPOSE, Act.REVOKE, Act.RELEASE),
        may_come_early=True,
        is_about_one=True,
    ),
    Kind.OVERDUE: _question(6, Phase.AFTER, (Act.REPORT, Act.PROPOSE, Act.REVOKE), may_come_early=True),
    Kind.DUE_NOW: _question(7, Phase.AFTER, (Act.REPORT, Act.PROPOSE)),
    Kind.LAST_CALL: _question(8, Phase.BEFORE, may_come_early=True),
    Kind.CALL_AGAIN: _question(9, Phase.BEFORE),
    Kind.NO_WORD: _to_requester(10),
    Kind.ASKED: _question(11, Phase.EITHER),
    Kind.ASK_AGAIN: _question(12, Phase.BEFORE),
    Kind.SNOOZED: _question(13, Phase.EITHER, may_come_early=True),
    Kind.CHECK_IN: _question(14, Phase.BEFORE, may_come_early=True),
    Kind.HEADS_UP: _to_requester(15, may_come_early=True),
    Kind.MIDWAY: _question(16, Phase.BEFORE, may_come_early=True),
    Kind.SIDE_QUESTION: _question(17, Phase.BEFORE),
    Kind.TROUBLE: KindRule(Reader.CONCERNED, Way.ALONE, 18),
    Kind.AWAY: KindRule(Reader.CONCERNED, Way.ALONE, 19),
    Kind.LAST_CHANCE: KindRule(Reader.OWNER, Way.ALONE, 20),
    Kind.BUNDLE: KindRule(Reader.CONCERNED, Way.GATHERED, 21),
    Kind.CATCH_UP: KindRule(Reader.CONCERNED, Way.GATHERED, 22),
    Kind.BRIEF: KindRule(Reader.CONCERNED, Way.GATHERED, 23),
    Kind.RECEIPT: KindRule(Reader.CONCERNED, Way.DIRECT, 24, is_about_one=True),
    Kind.CARD: KindRule(Reader.CHANNEL, Way.DIRECT, 25, is_about_one=True),
    Kind.OUTCOME: KindRule(Reader.CHANNEL, Way.DIRECT, 26, is_about_one=True),
    Kind.DIGEST: KindRule(Reader.CHANNEL, Way.DIRECT, 27),
    Kind.DETAILS: KindRule(Reader.CHANNEL, Way.DIRECT, 28),
    Kind.REFRESH: KindRule(Reader.NONE, Way.DIRECT, 29),
}


#: Messages about a single act, drawn from the promise's history.
NEEDS_HISTORY = frozenset({Kind.NOTICE})
#: Messages about a promise that are not redrawn when it changes.
NOT_REDRAWN = frozenset({Kind.CHAIN, Kind.SERIES, Kind.CLASH})


def is_for_agenda(kind: Kind, to: str) -> bool:
    """Return whether the recipient's agenda decides when a message is sent.

    A last chance is first addressed to its channel, from which its recipients are determined.
    """
    return kind.rule.way in (Way.JOINS, Way.ALONE) and is_person(to)


def is_look(kind: Kind, to: str) -> bool:
    """Return whether a row sends nothing itself, but finds those who get a message: a last chance to a channel."""
    return kind is Kind.LAST_CHANCE and not is_person(to)


@dataclass(frozen=True, slots=True)
class Planned:
    """A message to send. (promise, kind, recipient, occasion) is unique, so planning it twice has no effect."""

    kind: Kind
    to: str
    at: datetime
    occasion: str
