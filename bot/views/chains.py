"""Messages about dependencies: which promises depend on one, and what changed in a dependency."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.acts import Act
from bot.domain.chains import UpstreamChange
from bot.domain.errors import UnreadableError
from bot.domain.promise import Due, Promise, PromiseId
from bot.domain.rights import question_id
from bot.language import _
from bot.ports import Message
from bot.views.blocks import Block, actions, button, context, section, text_message
from bot.views.buttons import QUESTION, act_button
from bot.views.words import due_of, name_of, person, quoted, when

#: The button that opens a proposal with the date filled in.
ASK = "chain.propose"
#: The button that opens a proposal with the date that was typed.
MOVE = "chain.move"
_MOVES = {str(act): act for act in (Act.PROPOSE, Act.COUNTER)}
SHOWN, WHAT_SHOWN = 8, 200


def chain_word(change: UpstreamChange) -> Message:
    """Return the message to the owner of a dependent promise; about a private promise, only that it changed."""
    promise, due = change.downstream, change.suggested
    text = _("{what_moved} {number} {words} depends on it.").format(
        what_moved=_what_moved(change), number=name_of(promise), words=quoted(promise.terms.what, WHAT_SHOWN)
    )
    asks = _("{number} is due {due}. Does that still hold?").format(number=name_of(promise), due=due_of(promise))
    if due:
        later = when(due.at, due.zone)
        asks = _("{number} is due {due}, before that. A working day after it is {later}.").format(
            number=name_of(promise), due=due_of(promise), later=later
        )
    offers = [act_button(Act.AT_RISK, promise), act_button(Act.ON_TRACK, promise)]
    whom = (
        ""
        if promise.is_own
        else _(" I don’t tell {requester} unless you say so.").format(requester=person(promise.requester_id))
    )
    prefilled = button(ASK, _("Propose that date") if due else _("Propose a date"), value_of(change), "primary")
    why = context(_("You noted what {number} depends on.{whom}").format(number=name_of(promise), whom=whom))
    return Message(text, [section(f"*{text}*"), section(asks), *actions([prefilled, *offers]), why])


def value_of(change: UpstreamChange) -> str:
    return f"{change.downstream.id}:{change.upstream.id}:{change.act}"


def dependents(seen: Sequence[Promise], others: int) -> list[Block]:
    """Return the dependent promises that another date would put at risk, for the proposal's form."""
    if not (seen or others):
        return []
    breaks = _("A later date may break what depends on it: {named_or_counted}.").format(
        named_or_counted=_named_or_counted(seen, others)
    )
    return [context(f"{breaks} {_('Their owners are told once it is agreed.')}")]


def may_break(promise: Promise, act: Act, due: Due, seen: Sequence[Promise], others: int) -> Message:
    """Return the dependent promises that a typed date would break, and the form to propose it anyway."""
    text = _("Nothing is proposed yet: with {when}, {named_or_counted} may break.").format(
        when=when(due.at, due.zone), named_or_counted=_named_or_counted(seen, others)
    )
    value = f"{act}:{promise.id}:{int(due.at.timestamp())}:{due.zone}"
    row = actions([button(MOVE, _("Propose it with a reason"), value, "primary")])
    if act is Act.COUNTER:
        row[0]["block_id"] = f"{QUESTION}{promise.number}:{question_id(promise)}"
    who = _("Their owners are told once it is agreed.")
    return Message(
        text,
        [
            section(f"{text}\n{_('{number} is due {due}.').format(number=name_of(promise), due=due_of(promise))}"),
            *row,
            context(who),
        ],
    )


def read_move(value: str) -> tuple[Act, PromiseId, Due]:
    """Parse the value of that button.

    Raises UnreadableError for an invalid value.
    """
    try:
        act, promise_id, at, zone = value.split(":", 3)
        due = Due(datetime.fromtimestamp(int(at), ZoneInfo(zone)).astimezone(UTC), zone)
        return _MOVES[act], PromiseId(promise_id), due
    except (ValueError, KeyError, OverflowError, OSError) as fault:
        raise UnreadableError(_("That button no longer works. Type the command again.")) from fault


def _named_or_counted(seen: Sequence[Promise], others: int) -> str:
    named = [
        _("{number} of {owner}, due {due}").format(number=name_of(each), owner=person(each.owner_id), due=due_of(each))
        for each in seen[:SHOWN]
    ]
    rest = len(seen) - len(named)
    named += [_("{count} more of what you see").format(count=rest)] if rest else []
    named += [_("something else")] if others else []
    return "; ".join(named)


def linked(promise: Promise, needs: Sequence[int]) -> Message:
    """Return the confirmation of new dependencies."""
    numbers = ", ".join(f"#{number}" for number in needs)
    text = _("{number} depends on {numbers}. I’ll tell you first when that moves.").format(
        number=name_of(promise), numbers=numbers
    )
    return text_message(text)


def _what_moved(change: UpstreamChange) -> str:
    if change.is_hidden:
        return _("Something you depend on has moved.")
    upstream, who = change.upstream, person(change.upstream.owner_id)
    name = _("{number} of {owner}").format(number=name_of(upstream), owner=who)
    match change.act:
        case Act.AT_RISK:
            return _("{name} is at risk.").format(name=name)
        case Act.MISS:
            return _("{name} is past its deadline.").format(name=name)
        case Act.REVOKE:
            return _("{name} was cancelled.").format(name=name)
        case Act.RELEASE:
            return _("{name} was let go.").format(name=name)
        case _:
            return _("{name} moved to {due}.").format(name=name, due=due_of(upstream))
