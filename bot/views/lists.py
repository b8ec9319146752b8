"""A person's promises, one line each."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.promise import Promise, UserId
from bot.ports import Message, Side
from bot.views.blocks import context, header, section
from bot.views.phrases import headline, status
from bot.views.words import due_of, person, said

SHOWN, WHAT_SHOWN = 20, 160


def promise_list(
    promises: Sequence[Promise],
    side: Side,
    viewer: UserId,
    now: datetime,
    whose: UserId | None = None,
    titles: tuple[str, str] | None = None,
) -> Message:
    """The promises in the order given; what does not fit is counted. `whose` are somebody else's than the viewer's.

    `titles` stand in place of the side's: one for a list, one for an empty one.
    """
    title, empty = titles or _titles(side)
    if whose and whose != viewer:
        empty = f"{person(whose)} has no open promise that you can see."
    if not promises:
        return Message(empty, [section(empty), context("`/promise @colleague send the deck by Friday 5pm` makes one.")])
    count = f"{len(promises)} promise{'s' if len(promises) > 1 else ''}"
    rows = [section(_row(promise, viewer, now)) for promise in promises[:SHOWN]]
    more = f"… and {len(promises) - SHOWN} more; my Home tab has them all. " if len(promises) > SHOWN else ""
    foot = context(f"{more}`/promise show {promises[0].number}` tells the whole story of one.")
    about = [context(f"What {person(whose)} owes and is owed, as far as you may see it.")] if whose else []
    return Message(f"{title}: {count}.", [header(f"{title} ({len(promises)})"), *about, *rows, foot])


def _row(promise: Promise, viewer: UserId, now: datetime) -> str:
    what = said(promise.terms.what, WHAT_SHOWN)
    return f"{headline(promise, viewer)}: {what}\nDue {due_of(promise)} · {status(promise, viewer, now)}"


def _titles(side: Side) -> tuple[str, str]:
    match side:
        case Side.OWING:
            return "You owe", "You owe nobody anything."
        case Side.OWED:
            return "Owed to you", "Nobody owes you anything."
        case Side.MISSED:
            return "Past their deadline", "Nothing is past its deadline."
        case Side.ALL:
            return "Open promises", "There is no open promise."
        case _:
            assert_never(side)
