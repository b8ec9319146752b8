"""What was held up, told at once: one message for each person, the nearest deadline first."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.promise import Promise, UserId
from bot.ports import Delivery, Message
from bot.views.blocks import Block, context, section
from bot.views.buttons import some_buttons
from bot.views.phrases import status
from bot.views.words import due_of, name_of, quoted

#: So many promises are told one by one, each with its buttons; the rest is counted. Two blocks a promise, 50 a message.
SHOWN = 12
WHAT_SHOWN = 200
_OWNER_MAY = (Act.REPORT, Act.ON_TRACK, Act.AT_RISK, Act.PROPOSE)
_REQUESTER_MAY = (Act.PROPOSE, Act.RELEASE)


def catch_up(told: Sequence[tuple[Delivery, Promise]], now: datetime) -> Message:
    """One line and the useful buttons for each promise, however many nudges it was owed."""
    viewer = UserId(told[0][0].to)
    promises = sorted({promise.id: promise for _, promise in told}.values(), key=lambda each: each.terms.due.at)
    names = ", ".join(name_of(promise) for promise in promises[:SHOWN])
    more = f" and {len(promises) - SHOWN} more" if len(promises) > SHOWN else ""
    text = f"I was away for a while. {'This needs' if len(promises) == 1 else 'These need'} a look: {names}{more}."
    blocks: list[Block] = [section("*I was away for a while.* Here is what I would have said, all at once:")]
    for promise in promises[:SHOWN]:
        blocks.append(section(_line(promise, viewer, now)))
        acts = _OWNER_MAY if viewer == promise.owner_id else _REQUESTER_MAY
        blocks += some_buttons(acts, promise, viewer, now)
    rest = f"… and {len(promises) - SHOWN} more: `/promise list` shows all of them. " if more else ""
    return Message(text, [*blocks, context(f"{rest}Whatever was settled meanwhile is left out.")])


def _line(promise: Promise, viewer: UserId, now: datetime) -> str:
    asks = "Still on track?" if viewer == promise.owner_id else "Do you still need it then?"
    if promise.terms.due.at <= now:
        asks = "Is it done, or which date is realistic?" if viewer == promise.owner_id else "Ask, or move the date."
    stands = f"due {due_of(promise)} · {status(promise, viewer, now)}"
    return f"*{name_of(promise)}* {quoted(promise.terms.what, WHAT_SHOWN)}\n{stands}. {asks}"
