"""The form for a new promise: opening, extending and submitting it."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.asides import checked_obstacle
from bot.domain.drafts import Draft, Source
from bot.domain.errors import KeptError, NotFoundError, UnreadableError
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import Due, PromiseId, UserId
from bot.domain.recurring import RecurrenceRule, Repeat
from bot.domain.speech import sounds_like_a_request
from bot.domain.weight import UNWEIGHED
from bot.language import _
from bot.services import Services
from bot.views.drafts import decode_draft
from bot.views.forms import promise_form, terms_form, with_room
from bot.views.obstacles import FIELD as OBSTACLE
from bot.views.realism import ROOM, room_before
from bot.views.recurring import NOT_ASKED
from bot.views.repeats import FIELD
from handlers.acting import act_named, due_meant
from handlers.chains import with_what_stands_on
from handlers.field_errors import FieldErrors
from handlers.making import TEXT_LIMIT, read_words, record
from handlers.modals import View, open_modal, was_updated
from handlers.parties import draft_read
from handlers.payloads import Call, Inputs, numbers_in, text_at
from handlers.replies import Reply
from handlers.weights import weight_of


async def on_form_wanted(services: Services, call: Call) -> Reply:
    """Open the form with the draft parsed so far."""
    return await open_form(services, call, decode_draft(call.action_value).settled())


async def on_blank_form_wanted(services: Services, call: Call) -> Reply:
    """Open an empty form, from a shortcut or the Home tab."""
    return await open_form(services, call, Draft())


async def open_form(services: Services, call: Call, draft: Draft) -> Reply:
    """Open the form immediately from cached data; the zone of a person not cached is filled in afterwards."""
    call.progress.opens_form = True
    known, now = services.people.cached(call.team_id, call.user_id), services.clock.now()
    private = call.modal_context(asks=draft.asks, source=draft.source, is_private=draft.is_private)
    view = promise_form(draft, known.zone if known else "", now, private)
    opened = await call.client.views_open(trigger_id=call.trigger_id, view=view)

    async def complete() -> Reply:
        try:
            zone = known.zone if known else (await services.people.of(call.team_id, call.user_id)).zone
        except KeptError:
            return Reply()  # the form works without it
        whole, view_id = view if known else promise_form(draft, zone, now, private), text_at(opened.data, "view", "id")
        if not known:
            await was_updated(call, view_id, whole)
        if draft.asks and draft.owner_id:
            shown = {**whole, "id": view_id}
            await show_room(services, call, shown, draft.owner_id, draft.due, draft.weight.estimate)
        return Reply()

    return Reply() if known and not draft.asks else Reply(then=complete)


async def on_more_fields(services: Services, call: Call) -> Reply:
    """“More…”: show the other fields; values stay, as the fields keep their names."""
    view = call.body.get("view")
    private, value = text_at(view, "private_metadata"), call.action_value
    if call.callback_id == "make":
        me = await services.people.of(call.team_id, call.user_id)
        whole = promise_form(decode_draft(value), me.hours.zone, services.clock.now(), private, is_whole=True)
    else:
        name, _, promise_id = value.partition(":")
        act = act_named(name)
        promise = await services.promises.offered(call.team_id, PromiseId(promise_id), act, call.user_id)
        whole = await with_what_stands_on(services, call, promise, terms_form(promise, act, private, is_whole=True))
    await call.client.views_update(view_id=call.view_id, hash=text_at(view, "hash") or None, view=whole)
    return Reply()


async def on_asked_chosen(services: Services, call: Call) -> Reply:
    """Show in the open form whether the person to be asked has room by its date, where they let others see it."""
    view, inputs = call.body.get("view"), Inputs(call.body)
    if call.callback_id != "make" or not isinstance(view, Mapping):
        return Reply()
    who, due_at = inputs.person("owner" if "owner" in inputs.names else "requester"), inputs.instant("due")
    estimate = None
    with contextlib.suppress(UnreadableError):  # half typed
        estimate = weight_of(inputs).estimate
    await show_room(services, call, view, who, await due_meant(services, call, due_at) if due_at else None, estimate)
    return Reply()


async def show_room(
    services: Services,
    call: Call,
    view: Mapping[str, Any],
    who: UserId | None,
    due: Due | None,
    estimate: timedelta | None,
) -> None:
    """Update an open form with the room of the person to be asked; one that has changed meanwhile stays as it is."""
    is_other = who is not None and who != call.user_id
    room = await services.asides.room(call.team_id, who, due, estimate) if who and is_other else None
    if room is None and ROOM not in [text_at(block, "block_id") for block in view["blocks"]]:
        return
    shown = with_room(view, room_before(room, is_dated=due is not None) if room else None)
    await was_updated(call, text_at(view, "id"), shown, text_at(view, "hash"))


async def on_message_shortcut(services: Services, call: Call) -> Reply:
    """“Track as a promise”, on one's own message or on another person's."""

    async def contents() -> View:
        draft = await draft_of_message(services, call)
        me = await services.people.of(call.team_id, call.user_id)
        private = call.modal_context(source=draft.source)
        return promise_form(draft, me.zone, services.clock.now(), private)

    return await open_modal(call, contents())


async def draft_of_message(services: Services, call: Call) -> Draft:
    """Return the draft for a message: what is promised, by whom and to whom.

    One's own message is a promise to the first person named. Another person's is their promise to the reader; if it
    asks for something, it is the reader's promise to them.
    """
    text = text_at(call.body, "message", "text")[:TEXT_LIMIT]
    author = UserId(text_at(call.body, "message", "user"))
    is_persons = bool(author) and not text_at(call.body, "message", "bot_id")
    is_own = author == call.user_id or not is_persons
    writer = await _writer(services, call, call.user_id if is_own else author)
    wording = read_words(text, services.clock.now(), writer)
    read = await draft_read(services, call, wording, text)
    ts = text_at(call.body, "message", "ts")
    draft = replace(
        read,
        requester_id=None,
        watchers=(),
        owner_id=call.user_id,
        doubt=None,
        source=Source(ts, text_at(call.body, "message", "thread_ts") or ts),
    )
    if is_own:
        return replace(draft, requester_id=read.settled().requester_id, watchers=read.watchers)
    if text_at(call.body, "message", "team") not in ("", call.team_id):
        return draft  # written in another workspace, so its writer cannot be chosen here
    if sounds_like_a_request(text):
        return replace(draft, requester_id=author)
    return replace(draft, owner_id=author, requester_id=call.user_id, rule=None)


async def _writer(services: Services, call: Call, author: UserId) -> Person:
    """Return the person whose zone and language apply to the message; the reader if its writer is unknown here."""
    try:
        return await services.people.of(call.team_id, author)
    except KeptError:
        return await services.people.of(call.team_id, call.user_id)


async def on_promise_form(services: Services, call: Call) -> Reply:
    """Record the submitted form, or show all its errors. Submitted twice, it records once."""
    inputs = Inputs(call.body)
    errors = FieldErrors(inputs)
    obstacle = errors.caught("", lambda: checked_obstacle(inputs.text(OBSTACLE)))
    me = await services.people.of(call.team_id, call.user_id)
    due_at = inputs.instant("due")
    owner, requester = errors.caught((None, None), lambda: _sides(call, inputs))
    due = Due(due_at, me.zone) if due_at else None
    draft = Draft(
        what=inputs.text("what"),
        due=due,
        requester_id=requester,
        owner_id=owner,
        watchers=inputs.people("watchers"),
        done_when=inputs.text("done_when"),
        asks=owner is not None,
        needs=errors.caught((), lambda: numbers_in(inputs.text("needs"))),
        lead_days=errors.caught(None, lambda: _lead_days(inputs)),
        weight=errors.caught(UNWEIGHED, lambda: weight_of(inputs)),
        source=call.modal.source,
        rule=errors.caught(None, lambda: _rule(inputs, due, owner)),
    )
    if not errors:
        try:
            return await record(services, call, draft, f"view:{call.view_id}", obstacle)
        except (NotFoundError, UnreadableError) as error:
            errors.add(error)
    errors.extend(await services.promises.errors_of(call.team_id, draft))
    return Reply(fields=errors.fields())


def _rule(inputs: Inputs, due: Due | None, owner: UserId | None) -> RecurrenceRule | None:
    """Return the recurrence rule of the form; None if it has none.

    Raises UnreadableError for a recurring request.
    """
    chosen = inputs.choice(FIELD)
    rule = Repeat(chosen).rule(due) if due and chosen in set(Repeat) else None
    if rule and owner:
        raise UnreadableError(NOT_ASKED, FIELD)
    return rule


def _lead_days(inputs: Inputs) -> int | None:
    """Return the number of days for the heads-up, if one was entered.

    Raises UnreadableError for text that is no number, or a number too large.
    """
    if not inputs.text("lead_days"):
        return None
    days = inputs.number("lead_days")
    if fault := Preferences(lead_days=days).faults().get("lead_days"):
        raise UnreadableError(fault, "lead_days")
    return days


def _sides(call: Call, inputs: Inputs) -> tuple[UserId | None, UserId | None]:
    """Return the person asked, or else the person promised to.

    Raises UnreadableError for a promise between two other people.
    """
    other, owner = inputs.person("requester"), inputs.person("owner")
    if call.modal.asks:
        if other is None:
            raise UnreadableError(_("Choose the person you ask."), "requester")
        return other, None
    if owner is None or owner == call.user_id:
        return None, other
    if other not in (None, call.user_id):
        raise UnreadableError(_("You can ask for what is owed to you: choose yourself here, or nobody."), "requester")
    return owner, None
