"""Asides under a message, for its reader only: risks, an obstacle, a latest useful date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, assert_never

from bot.domain.asides import Aside, LaterMoments, Obstacle, OwnerAsked, OwnerAway
from bot.domain.clashes import ClashSeen
from bot.domain.load import Load, Room
from bot.domain.promise import Due, Promise
from bot.domain.realism import Doubt
from bot.domain.risk import NeedBy, Risk
from bot.language import _, day_text, ngettext
from bot.ports import Message
from bot.views.blocks import Block, button, context, overflow, select, text_message
from bot.views.buttons import IN_MENU, MORE
from bot.views.clashes import clash_blocks
from bot.views.phrases import days_shown
from bot.views.realism import doubt_words, load_words, room_words
from bot.views.words import day_of, name_of, person, quoted, when

#: Longest quotation of an obstacle.
OBSTACLE_SHOWN = 500
#: Most dependencies named as uncertain.
SHAKY_SHOWN = 5
#: A row with one of these buttons answers a question to the owner.
_ANSWERING = frozenset({"act.on_track", "act.report", "act.propose", "act.at_risk"})
#: A row with one of these asks for an answer that may be another date.
_ANOTHER_DATE = frozenset({"act.propose", "act.counter"})
#: The asides that are one or more lines of text.
Spoken = Risk | NeedBy | Doubt | Load | Room | Obstacle | ClashSeen | OwnerAsked | OwnerAway


def with_asides(message: Message, asides: Iterable[Aside | None], promise: Promise) -> Message:
    """Return the message with a line per aside, and the dates to propose."""
    asides = [aside for aside in asides if aside]
    first = [aside for aside in asides if isinstance(aside, Load)]
    blocks = _above_buttons(message.blocks, aside_lines(first, promise))
    blocks += aside_lines((aside for aside in asides if aside not in first), promise)
    for aside in asides:
        if isinstance(aside, LaterMoments):
            blocks = _with_menu(blocks, later_menu(aside.moments, promise))
        elif isinstance(aside, Load) and aside.room.first and aside.room.first.at > aside.room.asked.at:
            blocks = _with_first_day(blocks, aside.room.first, promise)
    return replace(message, blocks=blocks) if asides else message


def _above_buttons(blocks: Sequence[Mapping[str, Any]], lines: Sequence[Block]) -> list[Mapping[str, Any]]:
    """Return the blocks with lines inserted above the buttons."""
    at = next((place for place, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    return [*blocks[:at], *lines, *blocks[at:]]


def _with_menu(blocks: list[Mapping[str, Any]], menu: Block) -> list[Mapping[str, Any]]:
    """Return the blocks with a menu in place of *Propose a change* in the row that answers the question.

    Blocks without such a row are returned unchanged.
    """
    for place, block in enumerate(blocks):
        names = [element.get("action_id") for element in block.get("elements", ())]
        if block["type"] == "actions" and _ANSWERING.intersection(names):
            first, *others = [each for each in block["elements"] if each["action_id"] != "act.propose"]
            return [*blocks[:place], {**block, "elements": [first, menu, *others]}, *blocks[place + 1 :]]
    return blocks


def _with_first_day(blocks: list[Mapping[str, Any]], first: Due, promise: Promise) -> list[Mapping[str, Any]]:
    """Return the blocks with a button that proposes the first day with room, and the other answers in the ⋯ menu.

    Blocks without a row of answers that has another date among them are returned unchanged.
    """
    for place, block in enumerate(blocks):
        elements = block.get("elements", ())
        names = [element.get("action_id") for element in elements]
        if block["type"] != "actions" or not _ANOTHER_DATE.intersection(names):
            continue
        propose = button(
            "act.propose_at", _("Propose {day}").format(day=day_of(first)), f"{first.at.isoformat()}:{promise.id}"
        )
        rest: list[tuple[str, str]] = []
        for element in elements[1:]:
            act = str(element["action_id"]).removeprefix("act.")
            options = element.get("options") or ({"value": f"{act}:{promise.id}", "text": element["text"]},)
            rest += [(each["value"], each["text"]["text"]) for each in options]
        row = {**block, "elements": [elements[0], propose, overflow(MORE, rest[:IN_MENU])]}
        return [*blocks[:place], row, *blocks[place + 1 :]]
    return blocks


def later_menu(moments: Iterable[Due], promise: Promise) -> Block:
    """Return *Later…*: a menu of the next dates to propose, and the form for another one."""
    dates = [
        (f"{due.at.isoformat()}:{promise.id}", f"{day_text(local)}, {local.hour:02}:{local.minute:02}")
        for due, local in ((due, due.local) for due in moments)
    ]
    return select("act.propose_at", _("Later…"), [*dates, (f"another:{promise.id}", _("Another date"))])


def aside_lines(asides: Iterable[Aside | None], promise: Promise) -> list[Block]:
    shown = (aside for aside in asides if aside and not isinstance(aside, LaterMoments))
    return [block for aside in shown for block in _blocks(aside, promise)]


def _blocks(aside: Spoken, promise: Promise) -> list[Block]:
    if isinstance(aside, ClashSeen):
        return clash_blocks(promise, aside.clash, aside.reader)
    return [context(_words(aside, promise))]


def _words(aside: Risk | NeedBy | Doubt | Load | Room | Obstacle | OwnerAsked | OwnerAway, promise: Promise) -> str:
    match aside:
        case Risk():
            return risk_words(aside, promise)
        case NeedBy():
            return need_by_words(aside)
        case Doubt():
            return doubt_words(aside, promise)
        case Load():
            return load_words(aside)
        case Room():
            return room_words(aside)
        case Obstacle():
            return obstacle_words(aside)
        case OwnerAway():
            last = days_shown(aside.last_on, aside.last_on)
            return _("{owner} is away until {last}.").format(owner=person(aside.owner), last=last)
        case OwnerAsked() if aside.at is None:
            return _("I have not been able to ask {owner} about it yet.").format(owner=person(aside.owner))
        case OwnerAsked():
            asked = when(aside.at or promise.terms.due.at, promise.terms.due.zone)
            return _("I asked {owner} whether it is done: {asked}. No answer yet.").format(
                owner=person(aside.owner), asked=asked
            )
        case _:
            assert_never(aside)


def obstacle_words(obstacle: Obstacle) -> str:
    """Return the owner's noted obstacle as a question."""
    words = quoted(obstacle.words, OBSTACLE_SHOWN)
    return _("Only you see this. You noted what could stop it: {words}. Is that out of the way?").format(words=words)


def risk_words(risk: Risk, promise: Promise) -> str:
    """Return the reasons for a risk in one sentence, addressed to the owner."""
    zone = promise.terms.due.zone
    reasons = [_("due {due}").format(due=when(risk.due_at, zone))]
    if risk.silent_since:
        reasons.insert(0, _("no update since {when}").format(when=when(risk.silent_since, zone)))
    if risk.same_day:
        reasons.append(
            ngettext("{count} other promise the same day", "{count} other promises the same day", risk.same_day)
        )
    if risk.moves:
        reasons.append(
            ngettext("its terms changed once already", "its terms changed {count} times already", risk.moves)
        )
    if risk.shaky:
        named = ", ".join(f"#{number}" for number in risk.shaky[:SHAKY_SHOWN])
        more = (
            _(" and {count} more").format(count=len(risk.shaky) - SHAKY_SHOWN) if len(risk.shaky) > SHAKY_SHOWN else ""
        )
        reasons.append(_("{named}{more}, which it depends on, may come too late").format(named=named, more=more))
    return _("Only you see this. It may slip: {reasons}.").format(reasons=", ".join(reasons))


def need_by_words(aside: NeedBy) -> str:
    latest = when(aside.latest.at, aside.latest.zone)
    if aside.fits:
        return _("Only you see this: the date still fits. You noted {latest} as the latest that helps.").format(
            latest=latest
        )
    return _("Only you see this: the date comes too late. You noted {latest} as the latest that helps.").format(
        latest=latest
    )


def need_by_noted(promise: Promise, latest: Due | None) -> Message:
    """Return the confirmation of the requester's private note."""
    if latest is None:
        text = _("The note on {number} is gone.").format(number=name_of(promise))
        return text_message(text)
    text = _("Noted, only for you: you need {number} by {when}.").format(
        number=name_of(promise), when=when(latest.at, latest.zone)
    )
    return text_message(text, context(_("If another date is proposed, I’ll tell you whether it still fits.")))


def repair(promise: Promise) -> list[Block]:
    """Return the introduction of the form for new terms after a miss."""
    if promise.missed_at is None or promise.is_own:
        return []
    who = person(promise.requester_id)
    steps = _("Ask {who} what they need now, and offer a date you can keep. Then it counts as repaired.").format(
        who=who
    )
    lead = _("{number} was missed. {steps}").format(number=name_of(promise), steps=steps)
    return [context(lead)]
