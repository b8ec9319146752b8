"""A deadline on a day off: the message, and the nearest days that suit both as one click each."""

from bot.domain.acts import State
from bot.domain.clashes import Clash, Off, Reason
from bot.domain.promise import Promise, UserId
from bot.language import _
from bot.ports import Message
from bot.views.blocks import Block, actions, button, context, section
from bot.views.phrases import days_shown
from bot.views.words import day_of, due_of, name_of, named, opening, quoted

#: Prefix of the buttons that open a proposal with the date filled in; "earlier" or "later" follows.
SHIFT = "clash."
WHAT_SHOWN = 200


def clash_word(promise: Promise, found: Clash, viewer: UserId) -> Message:
    """Return the clash as a message of its own."""
    what = quoted(promise.terms.what, WHAT_SHOWN)
    text = _("{number} {what} is due {due}. {off_line}").format(
        number=name_of(promise), what=what, due=due_of(promise), off_line=off_line(found, viewer)
    )
    subject = section(
        _("*{number}* {what} is due {due}.").format(number=name_of(promise), what=what, due=due_of(promise))
    )
    why = _("`/promise away` and `/promise settings` say which days are off.")
    return Message(text, [subject, *clash_blocks(promise, found, viewer), context(why)])


def clash_blocks(promise: Promise, found: Clash, viewer: UserId) -> list[Block]:
    """Return whose day off it is, and the days to propose; the deadline stays until both agree."""
    label = _("Move it to {day}") if promise.is_own else _("Propose {day}")
    shifts = []
    for side, due in (("earlier", found.earlier), ("later", found.later)):
        if due:
            shifts.append(button(f"{SHIFT}{side}", label.format(day=day_of(due)), promise.id))
    holds = "" if promise.is_own else _(" The date holds until you both agree on another.")
    return [section(f"△ {off_line(found, viewer)}{holds}"), *(actions(shifts) if _may_propose(promise) else [])]


def off_line(found: Clash, viewer: UserId) -> str:
    """Return a sentence per person whose day off it is."""
    return " ".join(f"{opening(_off(each, viewer))}." for each in found.off)


def _off(off: Off, viewer: UserId) -> str:
    who, days = named(off.who, viewer), days_shown(off.first_on, off.last_on)
    if off.reason is Reason.ABSENCE:
        away = _("you are away then ({days})") if off.who == viewer else _("{who} is away then ({days})")
        return away.format(who=who, days=days)
    return _("that is a holiday for {who} ({days})").format(who=who, days=days)


def _may_propose(promise: Promise) -> bool:
    """Return whether a proposal is possible: an open one has to be answered first."""
    return promise.proposal is None and promise.state in (State.ACTIVE, State.REQUESTED)
