"""Doubts about a date, and the load of a week, as a private line."""

from datetime import timedelta

from bot.domain.load import AHEAD_DAYS, Load, Room
from bot.domain.promise import Promise
from bot.domain.realism import Doubt
from bot.views.blocks import Block, context
from bot.views.weight import estimate_words
from bot.views.words import day_of, opening, person, when

#: The block_id of the line in a form that says whether the person to be asked has room.
ROOM = "room"


def doubt_words(doubt: Doubt, promise: Promise) -> str:
    """Return the line under a receipt; it blocks nothing."""
    reasons = []
    if doubt.others:
        reasons.append(f"you already owe {_in_week(doubt.others, doubt.estimated)}")
    if doubt.ratio:
        reasons.append(f"your last {doubt.deliveries} took {doubt.ratio:.1f} × the promised time")
    sentences = [f"{estimate_words(doubt.estimate)} of work do not fit before then"] if doubt.estimate else []
    sentences += [", and ".join(reasons)] if reasons else []
    why = ". ".join([*sentences[:1], *map(opening, sentences[1:])])
    return f"Only you see this: {why}. Would {when(doubt.better.at, doubt.better.zone)} be safer?"


def load_words(load: Load) -> str:
    """Return the load to show before a person accepts."""
    return f"Only you see this: you owe {_in_week(load.others, load.estimated)}. {_first(load.room)}"


def room_words(room: Room) -> str:
    """Return the other side's free time, if they share it, without anything they owe."""
    who = person(room.owner)
    if room.first is None:
        return f"{who} has no day with room in the next {AHEAD_DAYS} working days."
    if _is_in_time(room):
        return f"{who} has room for it by then."
    full = "That week" if room.week_is_full else "That day"
    return f"{full} is full for {who}; {day_of(room.first)} has room."


def room_before(room: Room, *, is_dated: bool) -> Block:
    """Return the line of a form with the other side's room; without a date yet, the first day with room."""
    words = room_words(room)
    if room.first and not is_dated:
        words = f"The first day on which {person(room.owner)} has room is {day_of(room.first)}."
    return {**context(words), "block_id": ROOM}


def _first(room: Room) -> str:
    if room.first is None:
        return f"No day of the next {AHEAD_DAYS} has room."
    return "There is room for it by then." if _is_in_time(room) else f"The first day with room is {day_of(room.first)}."


def _is_in_time(room: Room) -> bool:
    return room.first is not None and room.first.at <= room.asked.at


def _in_week(count: int, estimated: timedelta) -> str:
    if not count:
        return "nothing else that week"
    hours = f" ({estimate_words(estimated)} by estimate)" if estimated else ""
    return f"{count} other{'s' if count > 1 else ''} that week{hours}"
