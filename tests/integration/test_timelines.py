"""Golden timelines: ten promises between two zones, with three kinds of owner, and what must hold in all of them.

What is expected stands in tests/timelines, a page a promise. KEPT_WRITE_TIMELINES=1 writes the pages anew: read them
aloud before committing them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.simulated_workspace import MessageEntry, ReceivedMessage
from bot.domain.acts import Act
from bot.domain.promise import UserId
from tests.integration.timelines import NORA, OWNERS, RAVI, SCENARIOS, Done, Scenario, Story, page, play

PAGES = Path(__file__).parents[1] / "timelines"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT_FROM, NIGHT_TO = time(22), time(7)
BEFORE = frozenset({"midway", "check_in", "ask_again", "last_call", "call_again", "heads_up", "no_word"})
QUESTIONS = frozenset({"check_in", "ask_again"})
AFTER = frozenset({"due_now", "overdue", "let_go", "notice miss"})
#: What the owner says of the promise; making it and agreeing to terms are words, too.
WORDS = frozenset({Act.PROMISE, Act.ON_TRACK, Act.PROPOSE, Act.REPORT})
#: Acts of which the other side is notified within a minute, in their hours.
NEWS = {Act.PROPOSE: RAVI, Act.REPORT: RAVI, Act.ACCEPT_PROPOSAL: NORA}


def night_end(local: datetime) -> datetime | None:
    """Return the end of the night that an instant falls into; None by day."""
    if NIGHT_TO <= local.time() < NIGHT_FROM:
        return None
    day = local.date() if local.time() < NIGHT_TO else local.date() + timedelta(days=1)
    return datetime.combine(day, NIGHT_TO, local.tzinfo)


def at_night_or_on_a_day_off(story: Story) -> Iterator[str]:
    """Rule 2: outside working hours comes only what needs an answer before the next, at night only for that night."""
    for received in story.received:
        habits, due_at = story.habits(received.to), story.due_at(received.at)
        is_due_now = [entry.kind for entry in received.entries] == ["due_now"] and received.at < due_at + MINUTE
        ends = night_end(received.at.astimezone(ZoneInfo(habits.hours.zone)))
        if habits.is_listening(received.at) or (is_due_now and ends is None):
            continue
        limit = habits.next_moment(received.at) if ends is None else ends
        is_after = any(entry.kind in AFTER for entry in received.entries)
        if is_after or not received.at <= due_at <= limit:
            yield f"{received.entries} to {received.to} at {received.at}, due {due_at}"


def twice(story: Story) -> Iterator[str]:
    for person in (NORA, RAVI):
        entry = story.entries_to(person)
        seen = [(kind, story.due_at(each.at)) for each, kind in entry if kind in BEFORE | {"due_now", "notice miss"}]
        seen += [(kind, each.at.date()) for each, kind in entry if kind in {"overdue", "let_go"}]
        yield from (f"{each} to {person}" for each in set(seen) if seen.count(each) > 1 + (each[0] == "call_again"))
        times = [received.at for received in story.received if received.to == person]
        yield from (f"to {person} at {b}" for a, b in pairwise(times) if b - a < MINUTE)
        about = [
            [entry.promise_id for entry in received.entries] for received in story.received if received.to == person
        ]
        yield from (f"{each} in one message" for each in about if len(each) != len(set(each)))


def untrue(story: Story) -> Iterator[str]:
    """Yield the messages that assume a state which was not true when they were sent."""
    for received in story.received:
        due_at, kinds = story.due_at(received.at), {entry.kind for entry in received.entries}
        done = [each for each in story.done if each.at <= received.at]
        is_reported = any(each.act is Act.REPORT for each in done)
        if (kinds & BEFORE and received.at >= due_at) or (kinds & AFTER and received.at < due_at):
            yield f"{kinds} at {received.at}, due {due_at}"
        if kinds & (BEFORE | AFTER) and is_reported:
            yield f"{kinds} at {received.at}, though it was delivered"
        if kinds & {"ask_again", "no_word"} and not _is_unanswered(story, received, HOUR):
            yield f"{kinds} at {received.at}, though nothing was asked and read, or an answer came"
        if "call_again" in kinds and not _is_unanswered(story, received, HOUR / 2):
            yield f"{kinds} at {received.at}, though nothing was asked and read, or an answer came"
        if "without word" in received.text and any(each.act is Act.ON_TRACK for each in done):
            yield f"“{received.text}” at {received.at}, after a word"


def _is_unanswered(story: Story, received: ReceivedMessage, length: timedelta) -> bool:
    """Return whether the first question was read for so much working time, and the owner did nothing since the last."""
    due_at, owner = story.due_at(received.at), story.habits(NORA)
    asked = [
        each.at for each, kind in story.entries_to(NORA) if kind in QUESTIONS | {"last_call"} and each.at < received.at
    ]
    asked = [at for at in asked if story.due_at(at) == due_at]
    if not asked or any(each.by == NORA and each.at >= asked[-1] and each.at <= received.at for each in story.done):
        return False
    return owner.hours.after(owner.next_moment(asked[0]), length) <= received.at


def asked_too_soon(story: Story) -> Iterator[str]:
    """Rule 3: an owner is not asked within a working day of their word, unless the last call is due."""
    hours = story.habits(NORA).hours
    for received, kind in story.entries_to(NORA):
        words = [
            each
            for each in story.done
            if each.at < received.at and (each.by == NORA or each.act is Act.ACCEPT_PROPOSAL)
        ]
        if kind in {"check_in", "midway"} and hours.after(words[-1].at, hours.working_day) > received.at:
            yield f"{kind} at {received.at}, a word at {words[-1].at}"
        if kind in BEFORE and words[-1].act is Act.PROPOSE and words[-1].at > received.at - HOUR:
            yield f"{kind} at {received.at}, just after they proposed another date"


def silence_untold(story: Story) -> Iterator[str]:
    """Rule 6: silence is reported before the deadline if the owner can be asked and the requester has an hour left."""
    if story.owner != "silent":
        return
    scenario, owner, requester = story.scenario, story.habits(NORA).hours, story.habits(RAVI).hours
    asked_at = owner.after(scenario.made_at, owner.working_day)
    silent_at = owner.after(asked_at, 2 * HOUR)
    could = silent_at < scenario.due_at and requester.working_time(silent_at, scenario.due_at) >= 2 * HOUR
    if could and not any(kind == "no_word" for _, kind in story.entries_to(RAVI)):
        yield f"asked from {asked_at} on, due {scenario.due_at}"


def unwarned(story: Story) -> Iterator[str]:
    """Rule 6: both sides are spoken to before the deadline, the requester apart from the announcement.

    The announcement is enough where none of their working time follows it.
    """
    due_at = story.scenario.due_at
    if story.owner == "renegotiates":
        return
    if not any(kind in BEFORE for _, kind in story.entries_to(NORA)):
        yield "the owner"
    announced = [received.at for received, kind in story.entries_to(RAVI) if kind == "notice promise"]
    warned = [
        received.at
        for received, kind in story.entries_to(RAVI)
        if kind in {"heads_up", "no_word"} and received.at < due_at
    ]
    hours = story.habits(RAVI).hours
    if announced and not hours.working_time(announced[0], due_at):
        return
    if not announced or not warned:
        yield f"the requester: announced {announced}, warned {warned}"
        return
    apart, left = warned[0] - announced[0], due_at - announced[0]
    worked, workable = (hours.working_time(announced[0], until) for until in (warned[0], due_at))
    if apart < left / 3 - MINUTE and worked < workable / 3 - MINUTE:
        yield f"the requester: announced {announced}, warned {warned}"


def missed_wrongly(story: Story) -> Iterator[str]:
    """Rules 5 and 7: the owner is asked first, the requester notified in their hours, and a miss asked about again."""
    if story.owner != "silent":
        return
    owner, requester, due_at = story.habits(NORA).hours, story.habits(RAVI).hours, story.scenario.due_at
    asked = [received.at for received, kind in story.entries_to(NORA) if kind in {"due_now", "overdue"}]
    (was_sent_at,) = [received.at for received, kind in story.entries_to(RAVI) if kind == "notice miss"]
    read_at = story.habits(NORA).next_moment(asked[0])
    longest = requester.next_opening(requester.after(due_at, requester.working_day))
    if owner.working_time(read_at, was_sent_at) < 15 * MINUTE and was_sent_at < longest:
        yield f"asked at {asked[0]}, told at {was_sent_at}"
    later = [owner.working_time(due_at, at) / owner.working_day for at in asked if at > due_at + HOUR]
    for days in (1, 3, 7, 12, 17):
        if not any(days - 1.01 <= each <= days + 0.01 for each in later):
            yield f"not asked {days} working days after: {later}"
    for person in (NORA, RAVI):
        if [kind for _, kind in story.entries_to(person)][-1] != "let_go":
            yield f"no end for {person}"


def late_news(story: Story) -> Iterator[str]:
    """Rule 2: what a colleague did comes within a minute in the reader's hours, else when these begin."""
    for done in story.done:
        reader = NEWS.get(done.act)
        if reader is None:
            continue
        entry = [
            received.at
            for received, kind in story.entries_to(reader)
            if kind == f"notice {done.act.value}" and received.at >= done.at
        ]
        if not entry or entry[0] > story.habits(reader).next_moment(done.at) + MINUTE:
            yield f"{done.act} at {done.at}, told at {entry[:1]}"


INVARIANTS: tuple[Callable[[Story], Iterator[str]], ...] = (
    at_night_or_on_a_day_off,
    twice,
    untrue,
    asked_too_soon,
    silence_untold,
    unwarned,
    missed_wrongly,
    late_news,
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_a_promise_between_two_zones_is_shown_as_its_page_says(scenario: Scenario) -> None:
    stories = [await play(scenario, owner) for owner in OWNERS]
    found = [
        f"{story.owner}: {check.__name__}: {fault}"
        for story in stories
        for check in INVARIANTS
        for fault in check(story)
    ]
    written = page(scenario, stories)
    path = PAGES / f"{scenario.name.lower().replace(', ', '_').replace(' ', '_').replace(':', '')}.txt"
    if os.environ.get("KEPT_WRITE_TIMELINES"):
        path.write_text(written, encoding="utf-8")
    assert found == []
    assert written == path.read_text(encoding="utf-8")


def moved(story: Story, kind: str, to: UserId, at: datetime) -> Story:
    """The story with one message at another time."""
    received = [
        replace(each, at=at) if each.to == to and kind in {entry.kind for entry in each.entries} else each
        for each in story.received
    ]
    return replace(story, received=tuple(sorted(received, key=lambda each: each.at)))


def without(story: Story, kind: str) -> Story:
    return replace(
        story, received=tuple(each for each in story.received if kind not in {entry.kind for entry in each.entries})
    )


def also(story: Story, kind: str, to: UserId, at: datetime, text: str = "") -> Story:
    received = ReceivedMessage(at, to, text, (MessageEntry(kind, story.promise_id),), frozenset())
    return replace(story, received=tuple(sorted((*story.received, received), key=lambda each: each.at)))


async def test_each_thing_that_must_hold_is_seen_to_be_broken() -> None:
    story = await play(SCENARIOS[0], "silent")
    due_at, made_at = story.scenario.due_at, story.scenario.made_at
    friday = due_at - 6 * HOUR
    answered = replace(story, done=(*story.done, Done(friday - HOUR, NORA, Act.ON_TRACK)))
    broken: dict[Callable[[Story], Iterator[str]], Story] = {
        at_night_or_on_a_day_off: moved(story, "notice miss", RAVI, due_at),
        twice: also(story, "check_in", NORA, friday),
        untrue: also(answered, "no_word", RAVI, friday),
        asked_too_soon: moved(story, "check_in", NORA, made_at + HOUR),
        silence_untold: without(story, "no_word"),
        unwarned: without(story, "no_word"),
        missed_wrongly: moved(story, "notice miss", RAVI, due_at + MINUTE),
        late_news: replace(story, done=(*story.done, Done(friday, NORA, Act.REPORT))),
    }
    assert set(broken) == set(INVARIANTS)
    for check, spoilt in broken.items():
        assert list(check(story)) == []
        assert list(check(spoilt)), check.__name__
