"""Every view of many things with five hundred of them, in the longest words there are: Slack refuses none."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.asides import Obstacle
from bot.domain.brief import Brief
from bot.domain.chains import UpstreamChange
from bot.domain.digests import Cadence, DigestContent, DigestSetting, LastChance
from bot.domain.figures import WEEKS, Record, RecordAccess, RecordSeen, Week
from bot.domain.kinds import Kind
from bot.domain.outcomes import Outcome, Past
from bot.domain.overview import Show
from bot.domain.people import Person
from bot.domain.promise import CLOCK, NOTE_LIMIT, WHAT_LIMIT, ChannelId, Due, Origin, Promise, PromiseId, Terms, UserId
from bot.domain.realism import Doubt
from bot.domain.recurring import RecurrencePace, RecurrenceRule, Series
from bot.domain.risk import NeedBy, Risk
from bot.domain.satisfaction import Trend
from bot.domain.transitions import HistoryEntry
from bot.ports import Delivery, DeliveryId, Gathering, IncludedRow, Message, Side
from bot.views.asides import aside_lines, repair, with_asides
from bot.views.blocks import context
from bot.views.bundle import bundle
from bot.views.chains import chain_word, dependents, may_break
from bot.views.digest import channel_digest, digest_details, last_chance
from bot.views.forms import terms_form
from bot.views.home import HomeContent, home
from bot.views.limits import MESSAGE_BLOCKS, MESSAGE_CHARACTERS, compact_json
from bot.views.lists import promise_list
from bot.views.nudges import nudge
from bot.views.obstacles import obstacle_form, obstacle_noted, taken_on
from bot.views.promise_card import promise_details
from bot.views.record import record_message, team_message
from bot.views.recurring import with_series
from bot.views.replies import recorded
from bot.views.trouble import trouble
from sandbox.block_kit import check_message, check_view
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, TEAM, promised
from tests.unit.overviews import overview
from tests.unit.slack_limits import within_limits
from tests.unit.test_views_limits import LONGEST

MANY = 500
ZONE = "America/Argentina/ComodRivadavia"
NOW, LATER = FRIDAY + timedelta(days=2), Due(FRIDAY + timedelta(days=30), ZONE)
SOON = MONDAY + timedelta(minutes=1)
SIX = tuple(UserId(f"U{number:010}") for number in range(6))


def many(words: str, **changes: Any) -> list[Promise]:
    """Five hundred promises of Alice's with everything in them that a promise can hold."""
    terms = Terms(words[:WHAT_LIMIT] or "x", Due(FRIDAY, ZONE), words[:NOTE_LIMIT])
    origin = Origin(ChannelId("C1"), permalink="https://acme.slack.com/archives/C0123456789/p1700000000000000")
    return [
        promised(
            **{
                "id": PromiseId(f"{number:032}"),
                "number": 10**8 + number,
                "terms": terms,
                "origin": origin,
                "watchers": SIX,
                "missed_at": FRIDAY,
                **changes,
            }
        )
        for number in range(MANY)
    ]


def history(promise: Promise, words: str) -> tuple[HistoryEntry, ...]:
    """A promise that was spoken of five hundred times."""
    terms = promise.terms
    first = HistoryEntry(Act.PROMISE, ALICE, MONDAY, what=terms.what, due=terms.due, done_when=terms.done_when)
    word = HistoryEntry(Act.AT_RISK, ALICE, MONDAY + timedelta(hours=1), note=words[:NOTE_LIMIT])
    return (first, *[word] * (MANY - 2), HistoryEntry(Act.MISS, CLOCK, FRIDAY))


def asides(words: str) -> tuple[Any, ...]:
    risk = Risk(FRIDAY, MONDAY, MANY, MANY, tuple(range(10**8, 10**8 + MANY)))
    return (risk, Obstacle(words[:NOTE_LIMIT] or "x"), Doubt(MANY, 4.9, MANY, LATER), NeedBy(LATER, LATER))


def messages(words: str) -> Iterator[tuple[str, Message]]:
    every = many(words)
    first, sent = every[0], history(every[0], words)
    accessory = asides(words)
    for side in Side:
        yield f"list {side}", promise_list(every, side, ALICE, NOW, BOB)
    rule = RecurrenceRule(RecurrencePace.WEEKLY, time(17), ZONE, MONDAY.date(), frozenset(range(7)))
    series = Series(ALICE, BOB, words[:WHAT_LIMIT], rule, wakes_at=LATER.at)
    for viewer, seen in ((ALICE, accessory[:2]), (BOB, accessory[3:])):
        details = promise_details(first, sent, viewer, NOW, every[:20], aside_lines(seen, first))
        yield f"show, {viewer}", details
        yield f"show, of a series, {viewer}", with_series(details, series, may_end=True, then=LATER)
    for kind in (Kind.MIDWAY, Kind.CHECK_IN):
        yield f"{kind}, with all that stands beside it", with_asides(nudge(kind, first, ALICE, SOON), accessory, first)
    yield "receipt", with_asides(recorded(first, SOON), accessory, first)
    yield "taken on", with_asides(taken_on(first), accessory, first)
    yield "obstacle", obstacle_noted(first, words[:NOTE_LIMIT])
    yield "chain", chain_word(UpstreamChange(first, every[1], Act.ACCEPT_PROPOSAL, LATER))
    for act in (Act.PROPOSE, Act.COUNTER):
        yield f"move, {act}", may_break(first, act, LATER, every, MANY)
    for kind in (Kind.CATCH_UP, Kind.BRIEF):
        late = tuple(IncludedRow(_delivery(Kind.OVERDUE, number), promise) for number, promise in enumerate(every))
        brief = Brief(tuple(every), tuple(every), tuple(every)) if kind is Kind.BRIEF else None
        yield kind, bundle(Gathering(_delivery(kind, MANY), late, brief), NOW)
    gone = replace(_delivery(Kind.TROUBLE, 0), occasion=f"person:{BOB}")
    yield "trouble", trouble(gone, every, NOW)
    yield from _digests(words, every)
    yield from _records()


def _delivery(kind: Kind, number: int) -> Delivery:
    return Delivery(TEAM, DeliveryId(f"D{number}"), kind, None, ALICE, "v1", MONDAY)


def _digests(words: str, every: list[Promise]) -> Iterator[tuple[str, Message]]:
    sent = history(every[0], words)
    pasts = tuple(Past(promise, (sent[0], sent[1], sent[-1])) for promise in every)
    setting = DigestSetting(TEAM, ChannelId("C1"), Cadence.WEEKLY, time(16), ZONE, CHARLIE, MONDAY, MONDAY)
    content = DigestContent(pasts, pasts, pasts, pasts, pasts, pasts, _weeks())
    post = channel_digest(content, replace(setting, of_members=True), NOW)
    yield "digest", post
    yield "digest, preview", Message(post.text, [context("A preview: only you see it."), *post.blocks])
    yield "digest, details", digest_details(content, NOW)
    for answered in (0, 5, MANY):
        mixed = (*many(words, owner_id=DAVE)[:answered], *every[answered:])
        for post_at in (SOON, NOW + timedelta(days=1)):
            chance = LastChance(ALICE, ChannelId("C1"), ZONE, post_at, mixed)
            yield f"last chance, {answered} answered, {post_at}", last_chance(chance, NOW)


def _weeks() -> tuple[Week, ...]:
    first = MONDAY.date()
    return tuple(Week(first + timedelta(weeks=n), dict.fromkeys(Outcome, MANY)) for n in range(WEEKS))


def _records() -> Iterator[tuple[str, Message]]:
    record = Record(dict.fromkeys(Outcome, MANY), Fraction(7 * MANY, 2), timedelta(hours=MANY), MANY)
    ratings = Trend({"met": MANY, "exceeded": MANY, "not_needed": MANY}, -1)
    for view in RecordAccess:
        yield f"stats, {view}", record_message(RecordSeen(ALICE, view, record, _weeks(), True, ratings), BOB)
    yield "stats, own", record_message(RecordSeen(ALICE, RecordAccess.WHOLE, record, _weeks(), False, ratings), ALICE)
    yield "stats of a channel", team_message((record, _weeks()))


def views(words: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    every, private = many(words), "x" * 3000
    me = Person(TEAM, ALICE, words[:80], MONDAY)
    record = Record({Outcome.ON_TIME: MANY}, Fraction(MANY), None, 0)
    lost = [
        Delivery(TEAM, DeliveryId(each.id), Kind.NOTICE, each.id, BOB, "a1", NOW, error=words[:255]) for each in every
    ]
    for show in Show:
        for page in (0, 19, 10_000):
            content = HomeContent(overview(every, every, every, show, page), record, lost, is_new=True)
            view = home(me, content, NOW, show, page)
            yield f"home, {show}, {page}", view
    yield "obstacle", obstacle_form(every[0], words[:NOTE_LIMIT], private)
    yield "edit", terms_form(every[0], Act.EDIT, private, needs=[each.number for each in every[:20]])
    for act in (Act.PROPOSE, Act.COUNTER):
        subject, *fields = terms_form(every[0], act, private)["blocks"]
        blocks = [subject, *repair(every[0]), *dependents(every, MANY), *fields]
        yield f"{act}, with what stands on it", {**terms_form(every[0], act, private), "blocks": blocks}


@pytest.mark.parametrize("words", LONGEST.values(), ids=LONGEST.keys())
def test_slack_takes_every_message_about_five_hundred(words: str) -> None:
    for name, message in messages(words):
        assert within_limits(message.blocks) == [], name
        check_message(json.loads(json.dumps(message.blocks)))
        assert 0 < len(message.text) <= 4000, name


@pytest.mark.parametrize("words", LONGEST.values(), ids=LONGEST.keys())
def test_slack_takes_every_view_of_five_hundred(words: str) -> None:
    for name, view in views(words):
        assert within_limits(view) == [], name
        check_view(json.loads(json.dumps(view)), "modal", "home")


@pytest.mark.parametrize("words", LONGEST.values(), ids=LONGEST.keys())
def test_a_gathered_message_holds_as_many_entries_as_slack_takes(words: str) -> None:
    blocks = _catch_up(words).blocks
    longer = [*blocks, *blocks[1:3]]  # the lead comes first, and then the lines and buttons of each entry
    assert len(longer) > MESSAGE_BLOCKS or len(compact_json(longer)) > MESSAGE_CHARACTERS


def test_letters_that_are_escaped_on_the_way_take_no_more_room() -> None:
    """Slack counts the characters that it reads."""
    plain, marked = (len(_catch_up(letter * 150).blocks) for letter in ("o", "ö"))
    assert plain == marked


def _catch_up(words: str) -> Message:
    return next(message for name, message in messages(words) if name == Kind.CATCH_UP)


def test_what_is_left_out_is_counted() -> None:
    sent = dict(messages("send the deck"))
    for name, more in (("list owing", "486 more"), ("digest", "495 more")):
        assert more in str(sent[name].blocks), name
    chance = next(message for name, message in sent.items() if name.startswith("last chance, 0"))
    assert "490 more" in str(chance.blocks)
    assert "492 more of what you see; something else may break" in sent["move, propose"].text
