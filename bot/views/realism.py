"""Doubts about a date, and the load of a week, as a private line."""

from datetime import timedelta

from bot.domain.load import AHEAD_DAYS, Load, Room
from bot.domain.promise import Promise
from bot.domain.realism import Doubt
from bot.language import _, ngettext
from bot.views.blocks import Block, context
from bot.views.weight import estimate_words
from bot.views.words import day_of, opening, person, when

#: The block_id of the line in a form that says whether the person to be asked has room.
ROOM = "room"


def doubt_words(doubt: Doubt, promise: Promise) -> str:
    """Return the line under a receipt; it blocks nothing."""
    reasons = []
    if doubt.others:
        reasons.append(_("you already owe {load}").format(load=_in_week(doubt.others, doubt.estimated)))
    if doubt.ratio:
        reasons.append(
            _("your last {deliveries} took {ratio:.1f} × the promised time").format(
                deliveries=doubt.deliveries, ratio=doubt.ratio
            )
        )
    sentences = (
        [_("{estimate} of work do not fit before then").format(estimate=estimate_words(doubt.estimate))]
        if doubt.estimate
        else []
    )
    sentences += [_(", and ").join(reasons)] if reasons else []
    why = ". ".join([*sentences[:1], *map(opening, sentences[1:])])
    return _("Only you see this: {why}. Would {when} be safer?").format(
        why=why, when=when(doubt.better.at, doubt.better.zone)
    )


def load_words(load: Load) -> str:
    """Return the load to show before a person accepts."""
    return _("Only you see this: you owe {load}. {room}").format(
        load=_in_week(load.others, load.estimated), room=_first(load.room)
    )


def room_words(room: Room) -> str:
    """Return the other side's free time, if they share it, without anything they owe."""
    who = person(room.owner)
    if room.first is None:
        return _("{who} has no day with room in the next {count} working days.").format(who=who, count=AHEAD_DAYS)
    if _is_in_time(room):
        return _("{who} has room for it by then.").format(who=who)
    full = (
        _("That week is full for {who}; {day} has room.")
        if room.week_is_full
        else _("That day is full for {who}; {day} has room.")
    )
    return full.format(who=who, day=day_of(room.first))


def room_before(room: Room, *, is_dated: bool) -> Block:
    """Return the line of a form with the other side's room; without a date yet, the first day with room."""
    words = room_words(room)
    if room.first and not is_dated:
        words = _("The first day on which {owner} has room is {day}.").format(
            owner=person(room.owner), day=day_of(room.first)
        )
    return {**context(words), "block_id": ROOM}


def _first(room: Room) -> str:
    if room.first is None:
        return _("None of the next {count} days has room.").format(count=AHEAD_DAYS)
    return (
        _("There is room for it by then.")
        if _is_in_time(room)
        else _("The first day with room is {day}.").format(day=day_of(room.first))
    )


def _is_in_time(room: Room) -> bool:
    return room.first is not None and room.first.at <= room.asked.at


def _in_week(count: int, estimated: timedelta) -> str:
    if not count:
        return _("nothing else that week")
    hours = _(" ({estimate} by estimate)").format(estimate=estimate_words(estimated)) if estimated else ""
    return ngettext("{count} other that week", "{count} others that week", count) + hours
