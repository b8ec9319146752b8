"""Modals. Each field's block_id and action_id are its name: what, due, requester, watchers, done_when …"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.act_errors import NEED_WORDS
from bot.domain.acts import Act, State
from bot.domain.drafts import Draft
from bot.domain.preferences import MAX_LEAD_DAYS
from bot.domain.promise import NOTE_LIMIT, WHAT_LIMIT, Due, Promise, Proposal
from bot.domain.weight import UNWEIGHED
from bot.language import N_, _
from bot.views.blocks import (
    Block,
    actions,
    button,
    choice_input,
    dispatches_change,
    input_block,
    modal,
    moment_input,
    number_input,
    people_input,
    person_input,
    text_input,
    text_object,
)
from bot.views.drafts import encode_draft
from bot.views.obstacles import obstacle_field
from bot.views.phrases import RATINGS, subject
from bot.views.realism import ROOM
from bot.views.repeats import repeats_field
from bot.views.weight import weight_fields
from bot.views.words import city_of, opening


@dataclass(frozen=True, slots=True)
class _Note:
    """The note field of one act's form."""

    title: str
    submit: str
    name: str
    label: str
    placeholder: str = ""


_NOTES = {
    Act.AT_RISK: _Note(
        N_("This may slip"), N_("Tell them"), "note", N_("What stands in the way?"), N_("Waiting for the figures")
    ),
    Act.DECLINE: _Note(
        N_("Decline the request"), N_("Decline"), "reason", N_("Why not?"), N_("Fully booked until Thursday")
    ),
    Act.REVOKE: _Note(N_("Cancel the promise"), N_("Cancel it"), "reason", N_("Why?")),
    Act.REOPEN: _Note(N_("Something is missing"), N_("Reopen it"), "note", N_("What is missing?")),
    Act.REPORT: _Note(
        N_("Done"), N_("Report it"), "note", N_("What was delivered, and where?"), N_("A link or a few words")
    ),
    Act.ADD_NOTE: _Note(
        N_("Say more"), N_("Tell them"), "note", N_("What was delivered, and where?"), N_("A link, or a word")
    ),
    Act.RELEASE: _Note(N_("No longer needed"), N_("Close it"), "reason", N_("Why?")),
    Act.WITHDRAW: _Note(N_("Take the request back"), N_("Take it back"), "reason", N_("Why?")),
    Act.RATE: _Note(N_("Say thanks"), N_("Tell them"), "note", N_("A word of thanks")),
}
_AHEAD = N_("How early I check in about this one. Leave it empty to use each person’s settings.")
_ASK = N_("To ask a colleague for it, choose them here. They owe nothing until they accept.")
_WHY = N_("A reason makes a yes easier")
#: Fields of an open form that an update sends again, with its blocks.
_PARTS = ("type", "callback_id", "title", "submit", "close", "private_metadata")
#: The button that shows the other fields of a form.
MORE_FIELDS = "form.more"
#: Hint of the field for dependencies.
NEEDS_HINT = N_("Numbers of promises that must be done first.")
_TITLES = {Act.PROPOSE: N_("Propose a change"), Act.COUNTER: N_("Suggest another"), Act.EDIT: N_("Correct it")}


def loading_form() -> Block:
    """Return the placeholder that opens immediately, before anything has been looked up."""
    return modal("loading", _("One moment"), "", [{"type": "section", "text": text_object(_("Looking it up …"))}])


def promise_form(draft: Draft, zone: str, now: datetime, private: str, *, is_whole: bool = False) -> Block:
    """Return the form for a new promise, or a request when the draft asks: what, to whom, by when, and *More…*.

    `zone` is that of the person who fills it in. A draft from a message leaves open who promises to whom. With
    `is_whole`, or if the draft has more values, all fields are shown.
    """
    whom = draft.owner_id if draft.asks else draft.requester_id
    label = _("Whom do you ask?") if draft.asks else _("To whom?")
    title, submit = (_("Ask for a promise"), _("Ask")) if draft.asks else (_("Make a promise"), _("Promise"))
    owner = []
    if draft.source:
        whom, label, title, submit = draft.requester_id, _("To whom?"), _("Track as a promise"), _("Track it")
        who_hint = _("A colleague is asked first. They owe nothing until they accept.")
        owner = [input_block("owner", _("Who promises?"), person_input(draft.owner_id), who_hint)]
    hint = "" if draft.asks else _("Leave it empty to promise it to yourself, or to the channel.")
    due = draft.due.at if draft.due and draft.due.at > now else None
    in_zone = _("In {city} time.").format(city=city_of(zone)) if zone else _("In your own time zone.")
    to = input_block("requester", label, person_input(whom), hint, optional=bool(owner) or not draft.asks)
    by = input_block("due", _("By when?"), moment_input(due), in_zone)
    may_ask = draft.asks or bool(owner) or is_whole
    blocks = [
        input_block("what", _("What?"), _what_input(draft.what), _what_hint(draft.what)),
        *map(dispatches_change, owner),
        dispatches_change(to) if draft.asks else to,
        dispatches_change(by) if may_ask else by,
    ]
    says_more = draft.rule or draft.watchers or draft.done_when or draft.needs or draft.lead_days
    says_more = says_more or draft.weight != UNWEIGHED
    blocks += _more_fields(draft) if is_whole or says_more else [_more(encode_draft(draft))]
    return modal("make", title, submit, blocks, private)


def with_room(view: Mapping[str, Any], line: Block | None) -> Block:
    """Return an open form with the other side's room under the field that names them, or without that line."""
    blocks = [block for block in view["blocks"] if block.get("block_id") != ROOM]
    names = [block.get("block_id") for block in blocks]
    place = names.index("owner" if "owner" in names else "requester") + 1
    parts = {name: view[name] for name in _PARTS if view.get(name)}
    return {**parts, "blocks": [*blocks[:place], *([line] if line else []), *blocks[place:]]}


def _more(value: str) -> Block:
    """Return the button that shows the other fields, with the data needed to draw them."""
    return actions([button(MORE_FIELDS, _("More…"), value)])[0]


def _more_fields(draft: Draft) -> list[Block]:
    """Return the rarer fields."""
    by = (
        []
        if draft.asks or draft.source
        else [dispatches_change(input_block("owner", _("Who promises?"), person_input(), _(_ASK), optional=True))]
    )
    return [
        *by,
        *([] if draft.asks else [repeats_field(draft)]),
        input_block("watchers", _("Who else should know?"), people_input(draft.watchers), optional=True),
        _done_when(draft.done_when),
        _needs(draft.needs),
        *weight_fields(draft.weight),
        *([] if draft.asks or draft.source else [obstacle_field()]),
        input_block(
            "lead_days",
            _("Working days ahead"),
            number_input(draft.lead_days, MAX_LEAD_DAYS),
            _(_AHEAD),
            optional=True,
        ),
    ]


def terms_form(
    promise: Promise,
    act: Act,
    private: str,
    due: Due | None = None,
    needs: Sequence[int] = (),
    *,
    is_whole: bool = False,
) -> Block:
    """Return the form for new terms: by when and why; text and a part on demand or with `is_whole`.

    A counter-proposal starts from the proposal, an edit from the terms in force, except for `due`. `needs` are the
    numbers of the dependencies, to be edited, too.
    """
    terms = promise.proposed_terms() if act is Act.COUNTER else promise.terms
    what = input_block("what", _("What?"), _what_input(terms.what), _what_hint(terms.what))
    by = input_block("due", _("By when?"), moment_input((due or terms.due).at), _("In your own time zone."))
    if act is Act.EDIT:
        more = [_done_when(terms.done_when), _needs(needs), *weight_fields(promise.weight)]
        blocks = [subject(promise), by, what, *more]
        return modal(f"act.{act}", _(_TITLES[act]), _("Correct it"), blocks, private)
    is_whole = is_whole or (promise.proposal is not None and _offers_more(promise.proposal))
    whole = [what, _done_when(terms.done_when), *_rest(promise, act), *weight_fields(promise.weight)]
    rest = whole if is_whole else [_more(f"{act}:{promise.id}")]
    return modal(f"act.{act}", _(_TITLES[act]), _("Propose"), [subject(promise), by, _reason(promise), *rest], private)


def _offers_more(proposal: Proposal) -> bool:
    return bool(proposal.what or proposal.rest or proposal.done_when is not None)


def _reason(promise: Promise) -> Block:
    hold = _("The date in force holds until the other side answers.")
    if promise.state is State.REQUESTED:
        hold = _("Nothing is owed until both agree.")
    return input_block("reason", _("Why?"), text_input(NOTE_LIMIT, "", _(_WHY), multiline=True), hold, optional=True)


def _rest(promise: Promise, act: Act) -> list[Block]:
    """Return the fields for a part now and the rest later, with the values of an open proposal."""
    offered = promise.proposal.rest if act is Act.COUNTER and promise.proposal else None
    part = _("Only a part by then? Shorten “What?” to it, and say here what comes later.")
    rest = text_input(WHAT_LIMIT, offered.what if offered else "", _("The charts"), multiline=True)
    return [
        input_block("rest", _("The rest, later"), rest, part, optional=True),
        input_block(
            "rest_due", _("The rest by when?"), moment_input(offered.due.at if offered else None), optional=True
        ),
    ]


def note_form(promise: Promise, act: Act, private: str) -> Block:
    """Return the form for an act's note; required to cancel, to reopen and to add a note, optional for other acts."""
    asked = _NOTES[act]
    words = text_input(NOTE_LIMIT, "", _(asked.placeholder) if asked.placeholder else "", multiline=True)
    blocks = [subject(promise)]
    if act is Act.RATE:
        ratings = choice_input((value, opening(_(label))) for value, label in RATINGS.items())
        blocks.append(input_block("rating", _("How was it?"), ratings))
    blocks.append(input_block(asked.name, _(asked.label), words, optional=act not in NEED_WORDS))
    return modal(f"act.{act}", _(asked.title), _(asked.submit), blocks, private)


def weight_form(promise: Promise, private: str) -> Block:
    """Return the form for estimate and priority; neither changes the terms."""
    return modal(
        f"act.{Act.ADJUST}",
        _("Estimate, priority"),
        _("Save"),
        [subject(promise), *weight_fields(promise.weight)],
        private,
    )


def hand_over_form(promise: Promise, private: str) -> Block:
    """Return the form to choose a new owner, who has to accept."""
    hint = _("They are asked first. Until they accept, you owe it.")
    blocks = [
        subject(promise),
        input_block("heir", _("To whom?"), person_input(), hint),
        input_block("reason", _("Why?"), text_input(NOTE_LIMIT, multiline=True), optional=True),
    ]
    return modal(f"act.{Act.HAND_OVER}", _("Hand it over"), _("Ask them"), blocks, private)


def _needs(numbers: Sequence[int]) -> Block:
    element = text_input(300, ", ".join(f"#{number}" for number in numbers), "#12, #15")
    return input_block("needs", _("What does it depend on?"), element, _(NEEDS_HINT), optional=True)


def _done_when(words: str) -> Block:
    element = text_input(NOTE_LIMIT, words, _("The client has the file and can open it"), multiline=True)
    return input_block("done_when", _("Done when …"), element, optional=True)


def _what_input(what: str) -> Block:
    return text_input(WHAT_LIMIT, what, _("Send the Q3 deck"), multiline=True)


def _what_hint(what: str) -> str:
    return (
        _("{count:,} characters; {most} fit. Shorten it here.").format(count=len(what), most=WHAT_LIMIT)
        if len(what) > WHAT_LIMIT
        else ""
    )
