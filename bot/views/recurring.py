"""Recurring promises: the rule, a line under each occurrence, the list, and the end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.drafts import Draft
from bot.domain.due_dates import Unread
from bot.domain.promise import CLOCK, WHAT_LIMIT, Due, UserId
from bot.domain.recurring import OnDayOff, RecurrencePace, RecurrenceRule, Series
from bot.ports import Message
from bot.views.blocks import Block, actions, button, confirmation, context, header, section, verbatim
from bot.views.drafts import encode_draft
from bot.views.words import city_of, named, one_line, opening, person, plain_when, quoted, when

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
#: Most rules offered, most single times offered, and most of both.
CHOICES, MOMENTS, ALL_CHOICES = 3, 1, 3
TYPED_ROOM = 1300
CAN_READ = (
    "I can keep: every Friday at 5pm, every 2 weeks on Tuesday, every working day at 9, every month on the 1st. "
    "Also “starting …” and “until …”."
)
NOT_ASKED = (
    "Only the person who keeps it can promise what comes again, so nothing was recorded. Ask for the first one "
    "with a date, or ask them to type `/promise @you every Friday …`."
)


def every(rule: RecurrenceRule, *, zone: bool = True) -> str:
    """Return the rule as a phrase.

    >>> from datetime import date, time
    >>> every(RecurrenceRule(RecurrencePace.WEEKLY, time(17), "Europe/Berlin", date(2026, 12, 1), frozenset({4})))
    'every Friday at 17:00 Europe/Berlin'
    >>> every(RecurrenceRule(RecurrencePace.MONTHLY, time(9), "UTC", date(2026, 12, 1), day=31, every=3), zone=False)
    'on the last day of every 3rd month at 09:00'
    """
    match rule.pace:
        case RecurrencePace.DAILY:
            days = "every working day"
        case RecurrencePace.WEEKLY:
            named_days = _joined([DAYS[day] for day in sorted(rule.weekdays)])
            days = f"every {named_days}" if rule.every == 1 else f"every {rule.every} weeks on {named_days}"
        case RecurrencePace.MONTHLY:
            month = "month" if rule.every == 1 else f"{_ordinal(rule.every)} month"
            days = f"on the {_day_of_month(rule)} of every {month}"
    where = f" ({one_line(city_of(rule.zone), 60)} time)" if zone else ""
    return f"{days} at {rule.at:%H:%M}{where}{''.join(_provisos(rule))}"


def _provisos(rule: RecurrenceRule) -> Iterator[str]:
    if rule.on_day_off is OnDayOff.DAY_BEFORE and len(rule.weekdays) < 2:
        yield ", or on the working day before"
    if rule.ends_on:
        yield f", until {rule.ends_on.day} {rule.ends_on:%b %Y}"


def _day_of_month(rule: RecurrenceRule) -> str:
    if not rule.nth:
        return "last day" if rule.day == 31 else _ordinal(rule.day)
    if len(rule.weekdays) > 1:
        return "last working day"
    return f"{_NTH[rule.nth]} {DAYS[next(iter(rule.weekdays))]}"


def _ordinal(number: int) -> str:
    """
    >>> [_ordinal(number) for number in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    ending = "th" if number // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def with_series(message: Message, series: Series, *, may_end: bool, then: Due | None = None) -> Message:
    """Return the message with a line on its recurrence, and the button that ends the series if `may_end`.

    `then` is the due time after the occurrence that the message is about.
    """
    if series.ended_at:
        return Message(message.text, [*message.blocks, context("↻ The series has ended.")])
    line = f"↻ {opening(every(series.rule))}"
    line += f". Next: {when(then.at, then.zone)}." if then else "."
    if not may_end:
        return Message(message.text, [*message.blocks, context(line)])
    line += " Days off are left out." if series.rule.on_day_off is OnDayOff.SKIP else ""
    text = f"{message.text} It comes again: {every(series.rule)}."
    return Message(text, [*message.blocks, context(line), *actions([_end_button(series)])])


def _end_button(series: Series) -> Block:
    sure = confirmation("End it for good?", "No further one is made. What is open stays open.", "End it")
    return button("series.end", "End the series", series.id, "", sure)


def series_ended(series: Series, by: UserId) -> Message:
    """Return the reply to the person who ended the series."""
    text = f"Ended the series {quoted(series.what)}. #{series.number} stays as it is."
    verb = "cancel" if by == series.owner_id else "release"
    return Message(
        text,
        [
            section(text),
            context(f"{opening(every(series.rule))}. `/promise {verb} {series.number}` ends that one too."),
        ],
    )


def series_over(series: Series, reader: UserId) -> Message:
    """Return the message to the others on who ended the series, or why it ended."""
    what, rule = quoted(series.what), opening(every(series.rule))
    if series.ended_by != CLOCK:
        text = f"{person(series.ended_by)} ended a series: {what}."
    elif series.rule.ends_on:
        text = f"That was the last one: {what}."
    else:
        other = series.requester_id if reader == series.owner_id else series.owner_id
        text = f"{person(other)} has left, so this series ends: {what}."
    stays = f"What is open stays open: `/promise show {series.number}` shows the last one."
    return Message(f"{text} {rule}.", [section(text), context(f"↻ {rule}."), context(stays)])


def series_list(series: Sequence[Series], viewer: UserId) -> Message:
    """Return a person's recurring promises, the next first."""
    if not series:
        text = "You have no promise that comes again."
        return Message(text, [section(text), context("`/promise @colleague every Friday send the status` makes one.")])
    title = f"Promises that come again ({len(series)})"
    rows = [section("\n".join(_row(each, viewer))) for each in series[:20]]
    foot = context(f"`/promise end {series[0].number}` ends one of them, by the number of any of its promises.")
    return Message(f"{title}.", [header(title), *rows, foot])


def _row(series: Series, viewer: UserId) -> Iterator[str]:
    owner = opening(named(series.owner_id, viewer))
    to = "" if series.is_own else f" {named(series.requester_id, viewer)}"
    yield f"*#{series.number}* · {owner} promised{to}: {one_line(series.what, 160)}"
    now_due = f" · #{series.number} is due {when(series.wakes_at, series.rule.zone)}" if series.wakes_at else ""
    yield f"↻ {opening(every(series.rule))}{now_due}"


def with_recurring(message: Message, series: Sequence[Series]) -> Message:
    """Return a list of promises with a line on recurring ones."""
    if not series:
        return message
    word = context(f"↻ What comes again ({len(series)}): `/promise list recurring`.")
    return Message(message.text, [*message.blocks, word])


def which_rule(draft: Draft, unread: Unread, rules: Sequence[RecurrenceRule], now: datetime) -> Message:
    """Ask which recurrence rule is meant; typed text is kept."""
    words = quoted(unread.understood, 200)
    asks = f"{words} comes again. Which do you mean?"
    choices = [(every(rule, zone=False), replace(draft, rule=rule)) for rule in rules[:CHOICES]]
    for moment in unread.candidates[:MOMENTS]:
        once = f"Once: {plain_when(moment.at, moment.zone, now)}"
        choices.append((once, replace(draft, due=Due(moment.at, moment.zone))))
    if not rules:
        asks = f"{words} comes again in a way that I can’t keep. {CAN_READ}"
    is_long = len(draft.what) > WHAT_LIMIT
    buttons = [
        button(f"make.candidate.{place}", opening(label), encode_draft(meant))
        for place, (label, meant) in enumerate(() if is_long else choices[-ALL_CHOICES:])
    ]
    if not rules:
        buttons = [button("make.form", "Open the form", encode_draft(draft))]
    to = [context(f"Promised to {person(draft.requester_id)}:")] if draft.requester_id else []
    foot = [context(CAN_READ)] if rules else []
    text = f"Nothing is recorded yet. {asks}"
    return Message(text, [section(text), *to, *verbatim(draft.what, TYPED_ROOM), *actions(buttons), *foot])
