"""Replies that one person sees: what was recorded, what could not be parsed, and what to do next."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.due_dates import Refusal, Unread
from bot.domain.promise import WHAT_LIMIT, Due, Promise, UserId
from bot.domain.recurring import Repeat
from bot.domain.transitions import allowed_acts
from bot.language import _, ngettext
from bot.ports import Message
from bot.views.blocks import actions, button, context, section, text_message, verbatim
from bot.views.buttons import act_button
from bot.views.drafts import encode_draft
from bot.views.obstacles import obstacle_button
from bot.views.phrases import other_side_line, quote
from bot.views.promise_card import card_text, done_when
from bot.views.recurring import every
from bot.views.weight import also, weight_words
from bot.views.words import by_due, clean, name_of, one_line, opening, person, plain_when, quoted

#: Characters reserved for typed text and for a promise's text; Slack takes some 13,000 characters a message.
TYPED_ROOM, WHAT_ROOM = 9000, 1300
CANDIDATES = 3


def sentence(text: str) -> Message:
    """Return a reply of one fixed sentence."""
    line = one_line(text, 2900)
    return text_message(line)


def recorded(promise: Promise, now: datetime) -> Message:
    """Return the confirmation of a new promise, with undo and edit for five minutes."""
    may = allowed_acts(promise, promise.made_by, now)
    buttons = [act_button(act, promise) for act in (Act.UNDO, Act.EDIT) if act in may]
    is_seen = promise.is_own and not promise.origin.is_private and bool(promise.origin.channel_id)
    if is_seen and Act.UNDO in may:
        buttons.append(button("make.alone", _("Only for me"), promise.id))
    elif promise.made_by == promise.owner_id and promise.state.is_open:
        buttons.append(obstacle_button(promise))
    if promise.is_own:
        who = (
            _("you promised {channel}").format(channel=f"<#{promise.origin.channel_id}>")
            if is_seen
            else _("you promised yourself")
        )
    elif promise.made_by == promise.owner_id:
        who = _("you promised {requester}").format(requester=person(promise.requester_id))
    else:
        who = _("you asked {owner}").format(owner=person(promise.owner_id))
    follows = (
        _("I’ll tell you when they answer.")
        if promise.made_by != promise.owner_id
        else _("I’ll check in with you before then.")
    )
    if is_seen:
        follows = f"{_('Everybody in the channel sees it.')} {follows}"
    if promise.watchers:
        people = ", ".join(person(watcher) for watcher in promise.watchers[:5])
        follow = ngettext("{people} follows it.", "{people} follow it.", len(promise.watchers))
        follows = f"{follow.format(people=people)} {follows}"
    lead = _("Recorded as *{number}*: {who}").format(number=name_of(promise), who=who)
    blocks = [
        section(f"{lead}\n{quote(promise.terms.what)}\n{by_due(promise.terms.due)}{also(promise.weight)}."),
        *done_when(promise),
        *actions(buttons),
        context(follows),
    ]
    return Message(f"{_('Recorded.')} {card_text(promise)}", blocks)


def offer(draft: Draft, listening_since: UserId | None = None) -> Message:
    """Offer to record the promise in a message to its writer.

    `listening_since` names the person who turned listening on in the channel.
    """
    by = f" {by_due(draft.due)}" if draft.due else ""
    if draft.rule:
        by = f", {every(draft.rule)}"
    asked = _("Did you promise {requester} {words}?") if draft.requester_id else _("Did you promise {words}?")
    to = person(draft.requester_id) if draft.requester_id else ""
    text = f"{asked.format(requester=to, words=quoted(draft.what) + by)} {_('Shall I remember it?')}"
    due = f"\n{by_due(draft.due)}" if draft.due else ""
    if draft.rule:
        due = f"\n{every(draft.rule)}"
    due += also(draft.weight)
    value = encode_draft(draft)
    # the form offers only common rules
    change = [button("make.form", _("Change it first"), value)] if Repeat.of(draft.rule, draft.due) else []
    buttons = [
        button("make.candidate.0", _("Record it"), value, "primary"),
        *change,
        button("make.decline", _("Not now"), "decline"),
    ]
    why = _("Only you see this, and nothing is recorded unless you say so.")
    if listening_since:
        why += " " + _("{person} let me listen here; `/promise listen off` ends it.").format(
            person=person(listening_since)
        )
    lead = _("Did you promise {requester}").format(requester=to) if to else _("Did you promise")
    asks = section(f"{lead}\n{quote(draft.what, 1300)}{due}?")
    return Message(text, [asks, *actions(buttons), context(why)])


def question(draft: Draft, unread: Unread, now: datetime) -> Message:
    """Ask which due time is meant; typed text is kept.

    Text too long for a promise gets only the form, in which to shorten it.
    """
    asks = _asks(unread, now)
    choices = []
    is_long = len(draft.what) > WHAT_LIMIT
    for place, moment in enumerate(() if is_long else unread.candidates[:CANDIDATES]):
        meant = replace(draft, due=Due(moment.at, moment.zone))
        choices.append(button(f"make.candidate.{place}", plain_when(moment.at, moment.zone, now), encode_draft(meant)))
    form = button("make.form", _("Open the form"), encode_draft(draft))
    blocks = [section(f"{_('Nothing is recorded yet.')} {asks}"), *other_side_line(draft)]
    blocks += verbatim(draft.what, TYPED_ROOM if is_long else WHAT_ROOM)
    if weight := weight_words(draft.weight):
        blocks.append(context(opening(", ".join(weight))))
    rows = ([*choices, form],) if len(choices) < CANDIDATES else (choices, [form])
    blocks += [block for row in rows for block in actions(row)]
    return Message(f"{_('Nothing is recorded yet.')} {asks}", blocks)


def _asks(unread: Unread, now: datetime) -> str:
    words = quoted(unread.understood, 200) if unread.understood.strip() else _("the date")
    match unread.refusal:
        case Refusal.NO_DEADLINE:
            return _("I found no date. By when? For example: … by Friday 5pm.")
        case Refusal.AMBIGUOUS if len(unread.candidates) == 1:
            (one,) = unread.candidates
            return _("By {words}, do you mean {when}?").format(words=words, when=plain_when(one.at, one.zone, now))
        case Refusal.AMBIGUOUS:
            return _("{words} can mean more than one moment. Which one?").format(words=opening(words))
        case Refusal.PAST:
            return _("{words} has passed. Which moment do you mean?").format(words=opening(words))
        case Refusal.IMPOSSIBLE:
            return _("There is no such moment as {words}. By when?").format(words=words)
        case Refusal.RECURRING:
            return _("{words} repeats. When first?").format(words=opening(words))
        case Refusal.RANGE:
            return _("{words} is a span of time. Which moment in it counts?").format(words=opening(words))
        case _:
            assert_never(unread.refusal)


def listening_on(set_by: UserId) -> Message:
    """Return the announcement to a channel that Kept listens there."""
    text = _(
        "{person} let me listen in this channel. When a message here sounds like a promise with a date, "
        "I offer its writer, and nobody else, to remember it. Nothing is stored unless they say so. "
        "`/promise listen off` ends it. I read only channels that I was invited to: `/invite @Kept`."
    ).format(person=person(set_by))
    return text_message(text)


def apology(reference: str) -> Message:
    """Return the apology for a bug of ours; its reference is in the log."""
    text = _(
        "Something went wrong on my side, and nothing was changed. Please try again. (Reference: {reference})"
    ).format(reference=one_line(reference, 60))
    return text_message(text)


def refused(error: Exception, typed: str) -> Message:
    """Return a refusal with its reason, and everything that was typed, to copy."""
    text = one_line(str(error), 2900)
    return to_copy(text_message(text), typed)


def to_copy(message: Message, typed: str) -> Message:
    """Return the message with what was typed under it, where something was."""
    back = [context(_("What you typed, to copy:")), *verbatim(typed, TYPED_ROOM)] if clean(typed) else []
    return Message(message.text, [*message.blocks, *back])
