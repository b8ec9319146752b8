"""Every view there is, filled with one and the same words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

from bot.domain.acts import Act
from bot.domain.brief import Brief
from bot.domain.clashes import Clash, Off, Reason
from bot.domain.digests import Cadence, DigestContent, DigestSetting, LastChance
from bot.domain.drafts import Draft
from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread
from bot.domain.errors import UnreadableError
from bot.domain.figures import Record, weeks
from bot.domain.habits import Absence
from bot.domain.kinds import Kind, Phase, Way
from bot.domain.outcomes import Outcome, Past, accounts_of
from bot.domain.overview import Show
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import CLOCK, NOTE_LIMIT, WHAT_LIMIT, ChannelId, Due, Promise, PromiseId, Rest, Terms, UserId
from bot.domain.recurring import OnDayOff, RecurrencePace, RecurrenceRule, series_of
from bot.domain.transitions import HistoryEntry, perform
from bot.ports import Delivery, DeliveryId, Gathering, IncludedRow, Message, Side
from bot.views.absences import absence_noted, away_list, not_away, status_question, taken_away, welcome_back
from bot.views.bundle import bundle
from bot.views.clashes import clash_word
from bot.views.did import answer, lead, not_yours
from bot.views.digest import channel_digest, digest_details, last_chance
from bot.views.files import feed_links
from bot.views.forms import hand_over_form, loading_form, note_form, promise_form, terms_form, weight_form
from bot.views.help import short_help
from bot.views.home import HomeContent, home
from bot.views.lists import promise_list
from bot.views.notices import notice
from bot.views.nudges import nudge
from bot.views.promise_card import promise_card, promise_details
from bot.views.recurring import series_ended, series_list, series_over, which_rule, with_series
from bot.views.refusing import refusal_form
from bot.views.replies import apology, listening_on, offer, question, recorded, refused, sentence
from bot.views.settings import defaults_form, settings_form
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, TEAM, entry, promised, requested, visible
from tests.unit.overviews import overview
from tests.unit.texts import texts_in as texts_in
from tests.unit.views_tokens import tokens

SOON = MONDAY + timedelta(minutes=1)
VIEWERS = (ALICE, BOB, CHARLIE, DAVE)
LATER = Due(FRIDAY + timedelta(days=3), "Europe/Berlin")
NOTED = (Act.AT_RISK, Act.DECLINE, Act.REVOKE, Act.REOPEN, Act.REPORT, Act.ADD_NOTE, Act.RELEASE, Act.RATE)
NUDGES = {kind: "v1:check_in:0" if kind.rule.phase is Phase.EITHER else "v1" for kind in Kind if kind.is_nudge}
_SENT_TEXTS = NUDGES | {Kind.NOTICE: "a1"}
Stage = tuple[str, Promise, tuple[HistoryEntry, ...]]


def _story(name: str, start: Promise, first: Act, *rest: HistoryEntry) -> Stage:
    terms = start.terms
    made = entry(first, start.made_by, MONDAY, what=terms.what, due=terms.due, done_when=terms.done_when)
    promise = start
    for each in rest:
        promise = perform(promise, each)
    return name, promise, (made, *rest)


def stages(words: str = "send the deck") -> Iterator[Stage]:
    """A promise at every stage of the loop, each with how it came there."""
    what, note = words[:WHAT_LIMIT] or "x", words[:NOTE_LIMIT]
    terms = Terms(what, Due(FRIDAY, "Europe/Berlin"), note)
    own, active = promised(terms=terms, requester_id=ALICE), promised(terms=terms, watchers=(CHARLIE,))
    asked = requested(terms=terms, watchers=(CHARLIE,))
    new = {"what": f"{what[:-1]}!", "due": LATER, "note": note, "rest": Rest(f"{what[:-1]}…", LATER)}
    new["done_when"] = f"{note[:-1]}?"
    offer, counter = entry(Act.PROPOSE, ALICE, **new), entry(Act.COUNTER, BOB, SOON + timedelta(minutes=1), **new)
    heir, report = entry(Act.HAND_OVER, ALICE, note=note), entry(Act.REPORT, ALICE, note=note, settles_at=LATER.at)
    yield _story("requested", asked, Act.REQUEST)
    yield _story("requested, a change proposed", asked, Act.REQUEST, offer)
    yield _story("accepted", asked, Act.REQUEST, entry(Act.ACCEPT_REQUEST, ALICE))
    yield _story("declined", asked, Act.REQUEST, entry(Act.DECLINE, ALICE, note=note))
    yield _story("withdrawn", asked, Act.REQUEST, entry(Act.WITHDRAW, BOB, note=note))
    yield _story("active", active, Act.PROMISE)
    yield _story("one's own", own, Act.PROMISE)
    yield _story("on track", active, Act.PROMISE, entry(Act.ON_TRACK, ALICE, note=note))
    yield _story("at risk", active, Act.PROMISE, entry(Act.AT_RISK, ALICE, note=note))
    helps = entry(Act.OFFER_HELP, CHARLIE)
    yield _story("at risk, help offered", active, Act.PROMISE, entry(Act.AT_RISK, ALICE, note=note), helps)
    yield _story("proposed by Alice", active, Act.PROMISE, offer)
    yield _story("proposed by Bob", active, Act.PROMISE, entry(Act.PROPOSE, BOB, **new))
    yield _story("countered", active, Act.PROMISE, offer, counter)
    yield _story("agreed", active, Act.PROMISE, offer, entry(Act.ACCEPT_PROPOSAL, BOB, note=note))
    yield _story("rejected", active, Act.PROMISE, offer, entry(Act.REJECT_PROPOSAL, BOB, note=note))
    yield _story("retracted", active, Act.PROMISE, offer, entry(Act.RETRACT, ALICE))
    yield _story("expired", active, Act.PROMISE, offer, HistoryEntry(Act.EXPIRE, CLOCK, LATER.at))
    yield _story("handing over", active, Act.PROMISE, heir)
    yield _story("handed over", active, Act.PROMISE, heir, entry(Act.ACCEPT_PROPOSAL, DAVE))
    yield _story("not handed over", active, Act.PROMISE, heir, entry(Act.REJECT_PROPOSAL, DAVE, note=note))
    yield from _endings(active, report, what, note)


def _endings(active: Promise, report: HistoryEntry, what: str, note: str) -> Iterator[Stage]:
    yield _story("missed", active, Act.PROMISE, HistoryEntry(Act.MISS, CLOCK, FRIDAY))
    yield _story("reported", active, Act.PROMISE, report)
    yield _story("reopened", active, Act.PROMISE, report, entry(Act.REOPEN, BOB, note=note))
    yield _story("not done yet", active, Act.PROMISE, report, entry(Act.UNREPORT, ALICE))
    thanks = entry(Act.ACCEPT_DELIVERY, BOB, rating="exceeded", note=note)
    more = entry(Act.ADD_NOTE, ALICE, note=visible(note))
    yield _story("said more", active, Act.PROMISE, report, more)
    accepted, rated = entry(Act.ACCEPT_DELIVERY, BOB), entry(Act.RATE, BOB, rating="exceeded", note=note)
    yield _story("accepted", active, Act.PROMISE, report, accepted)
    yield _story("had by Bob", active, Act.PROMISE, accepted)
    yield _story("rated", active, Act.PROMISE, report, accepted, rated)
    yield _story("kept", active, Act.PROMISE, report, thanks)
    yield _story("settled", active, Act.PROMISE, report, HistoryEntry(Act.SETTLE, CLOCK, LATER.at))
    yield _story("revoked", active, Act.PROMISE, entry(Act.REVOKE, ALICE, note=note))
    yield _story("released", active, Act.PROMISE, entry(Act.RELEASE, BOB, note=note))
    three_hours = entry(Act.ADJUST, BOB, estimate=timedelta(hours=3))
    yield _story("adjusted", active, Act.PROMISE, three_hours)
    yield _story("edited", active, Act.PROMISE, entry(Act.EDIT, ALICE, what=visible(what), due=LATER))
    yield _story("undone", active, Act.PROMISE, entry(Act.UNDO, ALICE))
    yield _story("long", active, Act.PROMISE, *[entry(Act.ON_TRACK, ALICE, note=note)] * 40)


def messages(words: str) -> Iterator[tuple[str, Message]]:
    """Every message, for every stage and either side."""
    for name, promise, history in stages(words):
        for viewer, now in ((ALICE, SOON), (BOB, FRIDAY + timedelta(days=40))):
            yield f"card in a channel, {name}", promise_card(promise, None, now)
            yield from _for_one(f"{name}, {viewer}", promise, history, viewer, now)
    yield from _digests_and_lists(words)
    yield from _gatherings(words)
    yield from _replies(words)
    yield from days_off(words)


def days_off(words: str) -> Iterator[tuple[str, Message]]:
    """Return the messages about absences, holidays and the deadlines that fall into them."""
    away = Absence(FRIDAY.date(), LATER.at.date(), "status")
    offs = (Off(ALICE, Reason.ABSENCE, away.first_on, away.last_on), Off(BOB, Reason.HOLIDAY, *[away.first_on] * 2))
    found = Clash(offs, LATER, LATER)
    clashes = [(promise, found) for _, promise, _ in stages(words)]
    for name, promise, _ in stages(words):
        for viewer in (ALICE, BOB):
            yield f"clash, {name}, {viewer}", clash_word(promise, found, viewer)
    yield "away, noted", absence_noted(away, clashes, ALICE)
    yield "away, noted, nothing in it", absence_noted(away, (), ALICE)
    for some in ([], [away] * 20):
        yield f"away, {len(some)}", away_list(some)
        yield f"away off, {len(some)}", taken_away(some)
        yield f"back, {len(some)}", welcome_back(some)
    yield "status", status_question(away, "0123456789abcdef")
    yield "not away", not_away()


def _for_one(name: str, promise: Promise, history: Sequence[HistoryEntry], viewer: UserId, now: Any) -> Iterator[Any]:
    yield f"card, {name}", promise_card(promise, viewer, now)
    yield f"details, {name}", promise_details(promise, history, viewer, now)
    yield f"recorded, {name}", recorded(promise, now)
    for act in Act:
        if lead(act, promise, viewer):
            yield f"answer to {act}, {name}", answer(act, promise, viewer, now, promise.terms.done_when)
        yield f"not yours to {act}, {name}", not_yours(promise, act, viewer, now)
    for kind in NUDGES:
        yield f"{kind}, {name}", nudge(kind, promise, viewer, now, "D1")
    for seq in range(1, min(len(history), 4) + 2):
        yield f"notice a{seq}, {name}", notice(promise, history, f"a{seq}", viewer, now)


def _digests_and_lists(words: str) -> Iterator[tuple[str, Message]]:
    every = [promise for _, promise, _ in stages(words)] * 20
    setting = DigestSetting(TEAM, ChannelId("C1"), Cadence.WEEKLY, time(16), "Europe/Berlin", CHARLIE, MONDAY, MONDAY)
    now = FRIDAY + timedelta(days=2)
    pasts = tuple(Past(promise, history) for _, promise, history in stages(words)) * 20
    sent = weeks(accounts_of(pasts), now, "Europe/Berlin")
    full = DigestContent(pasts, pasts, pasts, pasts, pasts, pasts, sent)
    yield "digest, details", digest_details(full, now)
    for post_at in (SOON, now):
        chance = LastChance(ALICE, setting.channel_id, setting.zone, post_at, tuple(past.promise for past in pasts))
        yield f"digest, last chance before {post_at}", last_chance(chance, SOON)
    for cadence in Cadence:
        yield f"{cadence} digest", channel_digest(full, replace(setting, cadence=cadence), now)
        yield f"{cadence} digest, empty", channel_digest(DigestContent(), replace(setting, cadence=cadence), now)
    for side in Side:
        yield f"list {side}", promise_list(every, side, ALICE, now)
        yield f"list {side}, empty", promise_list([], side, ALICE, now)
        yield f"list {side} of another", promise_list(every, side, ALICE, now, BOB)


def _gatherings(words: str) -> Iterator[tuple[str, Message]]:
    """Return messages with everything that several rows could owe one person."""
    for viewer in (ALICE, BOB):
        rows = [
            IncludedRow(_row(kind, occasion, viewer, promise), replace(promise, id=PromiseId(f"P{place}")), history)
            for place, (_, promise, history) in enumerate(stages(words))
            for kind, occasion in _SENT_TEXTS.items()
        ]
        promises = tuple(one.promise for one in rows)
        for kind in [each for each in Kind if each.rule.way is Way.GATHERED]:
            day = Brief(promises, promises, promises) if kind is Kind.BRIEF else None
            for sent in (tuple(rows), tuple(rows[:1])):
                message = bundle(Gathering(_row(kind, "2026-11-23", viewer, None), sent, day), SOON)
                yield f"{kind}, {viewer}, of {len(sent)}", message
    yield "brief with nothing to ask", bundle(Gathering(_row(Kind.BRIEF, "", ALICE, None), (), Brief(promises)), SOON)


def _row(kind: Kind, occasion: str, to: UserId, promise: Promise | None) -> Delivery:
    return Delivery(TEAM, DeliveryId("D1"), kind, promise.id if promise else None, to, occasion, SOON)


def _replies(words: str) -> Iterator[tuple[str, Message]]:
    draft = Draft(words, Due(FRIDAY, "Europe/Berlin"), BOB, None, (CHARLIE, DAVE), words)
    moment = Deadline(FRIDAY, "America/Argentina/ComodRivadavia", Granularity.MINUTE)
    for refusal in Refusal:
        yield f"question {refusal}", question(draft, Unread(refusal, (moment,) * 8, words), SOON)
        yield (
            f"question of a request {refusal}",
            question(Draft(words, owner_id=ALICE, asks=True), Unread(refusal), SOON),
        )
    yield "help", short_help()
    yield from recurring(words, draft, moment)
    for listening_since in (None, CHARLIE):
        yield f"offer, listening_since={listening_since}", offer(draft, listening_since)
    yield "listening", listening_on(CHARLIE)
    yield "sentence", sentence(f"I know nobody called {words}.")
    yield "apology", apology(words)
    yield "export", feed_links("https://kept.test/mine/T1/secret")
    yield "refused", refused(UnreadableError(f"I cannot read {words}."), words)


def recurring(words: str, draft: Draft, moment: Deadline) -> Iterator[tuple[str, Message]]:
    """Yield a recurring promise with the longest rule there is."""
    _, promise, history = next(stages(words))
    zone, days = "America/Argentina/ComodRivadavia", frozenset(range(7))
    rule = RecurrenceRule(RecurrencePace.WEEKLY, time(17), zone, MONDAY.date(), days, every=60, ends_on=FRIDAY.date())
    monthly = replace(
        rule, pace=RecurrencePace.MONTHLY, nth=-1, weekdays=frozenset({4}), on_day_off=OnDayOff.DAY_BEFORE
    )
    for each in (rule, monthly):
        series = series_of(promise, each)
        over = replace(series, ended_at=MONDAY)
        details = promise_details(promise, history, ALICE, SOON)
        yield "details with a rule", with_series(details, series, may_end=True, then=LATER)
        yield "details with a rule that ended", with_series(details, over, may_end=True)
        yield "series ended", series_ended(series, BOB)
        for ended in (over, replace(over, ended_by=BOB), replace(over, rule=replace(each, ends_on=None))):
            yield "series over", series_over(ended, ALICE)
        yield "list recurring", series_list([series] * 50, ALICE)
        yield "offer again", offer(replace(draft, rule=each), CHARLIE)
        unread = Unread(Refusal.RECURRING, (moment,) * 8, words)
        for rules in ((), (each,), (each,) * 8):
            yield f"which of {len(rules)} rules", which_rule(draft, unread, rules, SOON)
    yield "list recurring, empty", series_list([], ALICE)


def modals(words: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every modal and the Home tab."""
    private = "x" * 3000
    yield "loading", loading_form()
    for asks in (False, True):
        draft = Draft(words, Due(FRIDAY, "UTC"), BOB, ALICE if asks else None, (CHARLIE,), words, asks)
        yield f"make, asks={asks}", promise_form(draft, "Europe/Berlin", SOON, private)
        yield f"make, empty, asks={asks}", promise_form(Draft(asks=asks), "Europe/Berlin", SOON, private)
    for name, promise, _ in stages(words):
        for act in (Act.PROPOSE, Act.COUNTER, Act.EDIT):
            yield f"{act}, {name}", terms_form(promise, act, private)
        for act in NOTED:
            yield f"{act}, {name}", note_form(promise, act, private)
        yield f"hand over, {name}", hand_over_form(promise, private)
        for viewer in (ALICE, BOB):
            yield f"refuse, {name}, {viewer}", refusal_form(promise, viewer, private)
        yield f"adjust, {name}", weight_form(promise, private)
    yield from homes(words)


def homes(words: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    me, every = Person(TEAM, ALICE, words[:80], MONDAY), [promise for _, promise, _ in stages(words)]
    many = [replace(each, id=f"{each.id}-{turn}") for turn in range(40) for each in every if each.state.is_open]
    yield "home, empty", home(me, HomeContent(overview()), SOON)
    yield "settings", settings_form(me, "x" * 3000)
    chosen = Preferences(country="DE-Augsburg", has_brief=True, quiet=(time(20), time(8)))
    yield "settings for everybody", defaults_form(chosen, "x" * 3000)
    yield from tokens(words)
    record = Record({Outcome.ON_TIME: 7}, Fraction(6), None, 0)
    for show, page in product(Show, (0, 1, 10_000)):
        full = HomeContent(overview(many, many, many[:9], show, page), record, is_new=True)
        owing = HomeContent(overview(many, (), (), show, page))
        yield f"home, {show} {page}", home(me, full, SOON, show, page)
        yield f"home, {show} {page}, others empty", home(me, owing, SOON, show, page)


def stage(name: str) -> tuple[Promise, tuple[HistoryEntry, ...]]:
    return next((promise, history) for each, promise, history in stages() if each == name)
