"""A promise as a card: in a channel for everyone, in direct messages for one person, and with its history."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import State
from bot.domain.promise import Promise, Proposal, UserId
from bot.domain.transitions import HistoryEntry
from bot.language import _, ngettext
from bot.ports import Message
from bot.views.blocks import Block, context, divider, section
from bot.views.buttons import all_buttons, public_buttons
from bot.views.limits import MESSAGE_CHARACTERS, compact_json
from bot.views.phrases import NOTE_SHOWN, change, headline, permalink, quote, standing, status, undone
from bot.views.story import history_lines
from bot.views.weight import facts
from bot.views.words import due_of, mid_sentence, name_of, named, one_line, opening, person, quoted

#: Most characters of a section, and characters a message reserves for the part below the history.
SECTION_ROOM, FOOT_ROOM = 2800, 1500


def promise_card(promise: Promise, viewer: UserId | None, now: datetime) -> Message:
    """Return the current promise with the acts open to `viewer`; the public card of a channel if that is None."""
    if promise.state is State.UNDONE:
        return undone(promise)
    buttons = all_buttons(promise, viewer, now) if viewer else public_buttons(promise)
    return Message(_text(promise, viewer, now), [*_face(promise, viewer, now), *buttons])


def promise_details(
    promise: Promise,
    history: Sequence[HistoryEntry],
    viewer: UserId,
    now: datetime,
    needs: Sequence[Promise] = (),
    private_lines: Sequence[Block] = (),
) -> Message:
    """Return the card with its history, the oldest first, and its dependencies.

    `private_lines` are shown to the viewer alone below it.
    """
    if promise.state is State.UNDONE:
        return undone(promise)
    needed = ", ".join(_named_with_state(each, now) for each in needs[:20])
    stands_on = [context(_("Depends on {promises}").format(promises=needed))] if needed else []
    blocks = [*_face(promise, viewer, now), *stands_on, *all_buttons(promise, viewer, now), divider()]
    room = MESSAGE_CHARACTERS - len(compact_json([*blocks, *private_lines])) - FOOT_ROOM
    blocks += [section(lines) for lines in _packed(history_lines(promise, history, viewer), room)]
    foot = [context(link)] if (link := permalink(promise)) else []
    return Message(_text(promise, viewer, now), [*blocks, *foot, *private_lines])


def _named_with_state(promise: Promise, now: datetime) -> str:
    stands = standing(promise, None, now)
    return f"*{name_of(promise)}* {quoted(promise.terms.what, 60)} ({mid_sentence(stands)})"


def outcome_post(promise: Promise, now: datetime) -> Message:
    """Return the outcome, for the thread of the message that it was made from."""
    if promise.state is State.UNDONE:
        return undone(promise)
    what = quoted(promise.terms.what)
    text = f"{name_of(promise)} {what}: {standing(promise, None, now)}."
    return Message(text, [section(f"{status(promise, None, now)} · *{name_of(promise)}* {what}")])


def _text(promise: Promise, viewer: UserId | None, now: datetime) -> str:
    return f"{card_text(promise)} {standing(promise, viewer, now)}."


def card_text(promise: Promise) -> str:
    """Return the whole promise as one sentence."""
    what = one_line(promise.terms.what, 300)
    if promise.is_own:
        words = _("{number}: {owner} promised “{what}” by {due}.")
    elif promise.state in (State.REQUESTED, State.DECLINED, State.WITHDRAWN):
        words = _("{number}: {requester} asked {owner} “{what}” by {due}.")
    else:
        words = _("{number}: {owner} promised {requester} “{what}” by {due}.")
    owner, requester = person(promise.owner_id), person(promise.requester_id)
    return words.format(number=name_of(promise), owner=owner, requester=requester, what=what, due=due_of(promise))


def _face(promise: Promise, viewer: UserId | None, now: datetime) -> list[Block]:
    lines = [headline(promise, viewer), quote(promise.terms.what)]
    blocks = [section("\n".join(lines))]
    line = facts(_("*Due* {due}").format(due=due_of(promise)), status(promise, viewer, now), weight=promise.weight)
    blocks += [*done_when(promise), context(line)]
    if promise.proposal and promise.state.is_open:
        blocks += _open_proposal(promise, promise.proposal, viewer)
    if promise.watchers:
        named_ones = ", ".join(person(watcher) for watcher in promise.watchers[:20])
        follow = ngettext("{people} follows it", "{people} follow it", len(promise.watchers))
        blocks.append(context(follow.format(people=named_ones)))
    return blocks


def done_when(promise: Promise) -> list[Block]:
    """Return the definition of done, if there is one."""
    words = promise.terms.done_when.strip()
    return [section(_("*Done when* {words}").format(words=one_line(words, NOTE_SHOWN)))] if words else []


def _open_proposal(promise: Promise, proposal: Proposal, viewer: UserId | None) -> list[Block]:
    """Return an open proposal: old → new, why, and whose answer is awaited."""
    by, to = named(proposal.by, viewer), named(proposal.to, viewer)
    words = _("{by} asked {to} to take this over") if proposal.heir else _("{by} proposed a change")
    asks = f"*{opening(words.format(by=by, to=to))}*"
    blocks = [section("\n".join([asks, *map(opening, change(promise.terms, proposal))]))]
    if proposal.reason.strip():
        blocks.append(section(_("Why: {words}").format(words=quoted(proposal.reason, NOTE_SHOWN))))
    holds = _("{due} holds until you answer.") if proposal.to == viewer else _("{due} holds until {to} answers.")
    if proposal.heir:
        holds = _("Until they do, {owner} owes it, due {due}.")
    elif promise.state is State.REQUESTED:
        holds = _("Nothing is owed until both agree.")
    return [
        *blocks,
        context(holds.format(due=due_of(promise), to=to, owner=person(promise.owner_id))),
    ]


def _packed(lines: Sequence[str], room: int) -> list[str]:
    """Return the lines in as few sections as hold them; lines left out after the first are counted."""
    shown, rest = list(lines[:1]), list(lines[1:])
    room -= sum(len(compact_json(line)) for line in shown)
    latest: list[str] = []
    while rest and room >= len(compact_json(rest[-1])):
        latest.insert(0, rest.pop())
        room -= len(compact_json(latest[0]))
    gap = [_("… {count} more …").format(count=len(rest))] if rest else []
    sections: list[str] = []
    for line in [*shown, *gap, *latest]:
        if sections and len(sections[-1]) + len(line) < SECTION_ROOM:
            sections[-1] += f"\n{line}"
        else:
            sections.append(line)
    return sections
