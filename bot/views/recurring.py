"""Recurring promises: the rule, a line under each occurrence, the list, and the end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.drafts import Draft
from bot.domain.due_dates import Unread
from bot.domain.promise import CLOCK, WHAT_LIMIT, Due, UserId
from bot.domain.recurring import OnDayOff, RecurrencePace, RecurrenceRule, Series
from bot.language import ENGLISH, N_, _, current, day_text, weekday_name
from bot.ports import Message
from bot.views.blocks import Block, actions, button, confirmation, context, header, section, text_message, verbatim
from bot.views.drafts import encode_draft
from bot.views.phrases import other_side_line
from bot.views.words import city_of, named, one_line, opening, person, plain_when, quoted, when

_NTH = {1: N_("first"), 2: N_("second"), 3: N_("third"), 4: N_("fourth"), -1: N_("last")}
#: Most rules offered, most single times offered, and most of both.
CHOICES, MOMENTS, ALL_CHOICES = 3, 1, 3
TYPED_ROOM = 1300
CAN_READ = N_(
    "I understand: every Friday at 5pm, every 2 weeks on Tuesday, every working day at 9, every month on the 1st. "
    "Also “starting …” and “until …”."
)
NOT_ASKED = N_(
    "Only the person who keeps a recurring promise can make it, so nothing was recorded. Ask for the first one "
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
            days = _("every working day")
        case RecurrencePace.WEEKLY:
            named_days = _joined([weekday_name(day, short=False) for day in sorted(rule.weekdays)])
            weeks = _("every {weekday}") if rule.every == 1 else _("every {count} weeks on {weekday}")
            days = weeks.format(count=rule.every, weekday=named_days)
        case RecurrencePace.MONTHLY:
            months = _("on the {day} of every month") if rule.every == 1 else _("on the {day} of every {nth} month")
            days = months.format(day=_day_of_month(rule), nth=_ordinal(rule.every))
    where = _(" ({city} time)").format(city=one_line(city_of(rule.zone), 60)) if zone else ""
    return _("{days} at {at:%H:%M}").format(days=days, at=rule.at) + where + "".join(_provisos(rule))


def _provisos(rule: RecurrenceRule) -> Iterator[str]:
    if rule.on_day_off is OnDayOff.DAY_BEFORE and len(rule.weekdays) < 2:
        yield _(", or on the working day before")
    if rule.ends_on:
        yield _(", until {day}").format(day=day_text(rule.ends_on, year=True, weekday=False))


def _day_of_month(rule: RecurrenceRule) -> str:
    if not rule.nth:
        return _("last day") if rule.day == 31 else _ordinal(rule.day)
    if len(rule.weekdays) > 1:
        return _("last working day")
    return f"{_(_NTH[rule.nth])} {weekday_name(next(iter(rule.weekdays)), short=False)}"


def _ordinal(number: int) -> str:
    """
    >>> [_ordinal(number) for number in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    if current() != ENGLISH:
        return _("{number}th").format(number=number)
    ending = "th" if number // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _joined(words: Sequence[str]) -> str:
    return _(" and ").join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def with_series(message: Message, series: Series, *, may_end: bool, then: Due | None = None) -> Message:
    """Return the message with a line on its recurrence, and the button that ends the series if `may_end`.

    `then` is the due time after the occurrence that the message is about.
    """
    if series.ended_at:
        return Message(message.text, [*message.blocks, context(_("↻ The series has ended."))])
    line = f"↻ {opening(every(series.rule))}"
    line += "."
    line += " " + _("Next: {when}.").format(when=when(then.at, then.zone)) if then else ""
    if not may_end:
        return Message(message.text, [*message.blocks, context(line)])
    line += " " + _("Days off are skipped.") if series.rule.on_day_off is OnDayOff.SKIP else ""
    text = f"{message.text} {_('It repeats: {rule}.').format(rule=every(series.rule))}"
    return Message(text, [*message.blocks, context(line), *actions([_end_button(series)])])


def _end_button(series: Series) -> Block:
    sure = confirmation(_("End it for good?"), _("No more are made. What is open stays open."), _("End it"))
    return button("series.end", _("End the series"), series.id, "", sure)


def series_ended(series: Series, by: UserId) -> Message:
    """Return the reply to the person who ended the series."""
    text = _("Ended the series {words}. {name} stays as it is.").format(
        words=quoted(series.what), name=f"#{series.number}"
    )
    verb = "cancel" if by == series.owner_id else "release"
    return text_message(
        text,
        context(
            _("{rule}. `/promise {verb} {number}` ends that one too.").format(
                rule=opening(every(series.rule)), verb=verb, number=series.number
            )
        ),
    )


def series_over(series: Series, reader: UserId) -> Message:
    """Return the message to the others on who ended the series, or why it ended."""
    what, rule = quoted(series.what), opening(every(series.rule))
    if series.ended_by != CLOCK:
        text = _("{person} ended a series: {what}.").format(person=person(series.ended_by), what=what)
    elif series.rule.ends_on:
        text = _("That was the last one: {what}.").format(what=what)
    else:
        other = series.requester_id if reader == series.owner_id else series.owner_id
        text = _("{other} has left, so this series ends: {what}.").format(other=person(other), what=what)
    stays = _("What is open stays open: `/promise show {number}` shows the last one.").format(number=series.number)
    return Message(f"{text} {rule}.", [section(text), context(f"↻ {rule}."), context(stays)])


def series_list(series: Sequence[Series], viewer: UserId) -> Message:
    """Return a person's recurring promises, the next first."""
    if not series:
        text = _("You have no recurring promise.")
        return text_message(text, context(_("`/promise @colleague every Friday send the status` makes one.")))
    title = _("Recurring promises ({count})").format(count=len(series))
    rows = [section("\n".join(_row(each, viewer))) for each in series[:20]]
    foot = context(
        _("`/promise end {number}` ends one of them, by the number of any of its promises.").format(
            number=series[0].number
        )
    )
    return Message(f"{title}.", [header(title), *rows, foot])


def _row(series: Series, viewer: UserId) -> Iterator[str]:
    owner, requester = named(series.owner_id, viewer), named(series.requester_id, viewer)
    words = _("{owner} promised") if series.is_own else _("{owner} promised {requester}")
    who = opening(words.format(owner=owner, requester=requester))
    yield f"*#{series.number}* · {who}: {one_line(series.what, 160)}"
    now_due = (
        " · "
        + _("latest: {number}, for {when}").format(
            number=f"#{series.number}", when=when(series.wakes_at, series.rule.zone)
        )
        if series.wakes_at
        else ""
    )
    yield f"↻ {opening(every(series.rule))}{now_due}"


def with_recurring(message: Message, series: Sequence[Series]) -> Message:
    """Return a list of promises with a line on recurring ones."""
    if not series:
        return message
    word = context(_("↻ Recurring promises ({count}): `/promise list recurring`.").format(count=len(series)))
    return Message(message.text, [*message.blocks, word])


def which_rule(draft: Draft, unread: Unread, rules: Sequence[RecurrenceRule], now: datetime) -> Message:
    """Ask which recurrence rule is meant; typed text is kept."""
    words = quoted(unread.understood, 200)
    asks = _("{words} repeats. Which do you mean?").format(words=words)
    choices = [(every(rule, zone=False), replace(draft, rule=rule)) for rule in rules[:CHOICES]]
    for moment in unread.candidates[:MOMENTS]:
        once = _("Once: {when}").format(when=plain_when(moment.at, moment.zone, now))
        choices.append((once, replace(draft, due=Due(moment.at, moment.zone))))
    if not rules:
        asks = _("{words} repeats in a way that I can’t follow.").format(words=words) + f" {_(CAN_READ)}"
    is_long = len(draft.what) > WHAT_LIMIT
    buttons = [
        button(f"make.candidate.{place}", opening(label), encode_draft(meant))
        for place, (label, meant) in enumerate(() if is_long else choices[-ALL_CHOICES:])
    ]
    if not rules:
        buttons = [button("make.form", _("Open the form"), encode_draft(draft))]
    foot = [context(_(CAN_READ))] if rules else []
    text = f"{_('Nothing is recorded yet.')} {asks}"
    return text_message(text, *other_side_line(draft), *verbatim(draft.what, TYPED_ROOM), *actions(buttons), *foot)
