"""The button of every act: what it says, how it looks, and when it asks again."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.deciding import allowed_acts
from bot.domain.promise import Promise, UserId
from bot.domain.rights import ANSWERS, question
from bot.views.blocks import Block, actions, button, confirmation

#: The most useful first: what waits for an answer, what ends well, what warns, what ends otherwise, second thoughts.
LABELS: dict[Act, str] = {
    Act.ACCEPT_REQUEST: "Accept",
    Act.ACCEPT_PROPOSAL: "Agree to the change",
    Act.COUNTER: "Suggest another",
    Act.REJECT_PROPOSAL: "Keep it as it was",
    Act.ACCEPT_DELIVERY: "Yes, that’s it",
    Act.REOPEN: "Something is missing",
    Act.RATE: "Rate it and say thanks",
    Act.REPORT: "Done",
    Act.ADD_NOTE: "Add a note",
    Act.ON_TRACK: "On track",
    Act.AT_RISK: "At risk",
    Act.PROPOSE: "Propose a change",
    Act.DECLINE: "Decline",
    Act.RETRACT: "Take the proposal back",
    Act.WITHDRAW: "Withdraw the request",
    Act.HAND_OVER: "Hand over",
    Act.RELEASE: "No longer needed",
    Act.REVOKE: "Cancel the promise",
    Act.EDIT: "Edit",
    Act.UNDO: "Undo",
}
_HAND_OVER_LABELS = {Act.ACCEPT_PROPOSAL: "Take it over", Act.REJECT_PROPOSAL: "Not me, sorry"}
_PRIMARY = frozenset({Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL, Act.ACCEPT_DELIVERY, Act.REPORT})
#: Rarely wanted: they stand in a row of their own.
_RARE = frozenset({Act.HAND_OVER, Act.RELEASE, Act.REVOKE, Act.EDIT, Act.UNDO})
#: What a card in a channel leaves to each one's own messages.
_PRIVATE = _RARE - {Act.RELEASE} | {Act.ON_TRACK, Act.RETRACT, Act.ADD_NOTE, Act.RATE}
_PUBLIC_BUTTONS, _ONE_ROW = 4, 5
#: How the block_id of a row begins whose buttons answer a question: ":" and the question follow the number.
QUESTION = "asks."
_CONFIRMATIONS = {
    Act.WITHDRAW: ("Withdraw this request?", "Nothing will be owed any more.", "Withdraw"),
    Act.RELEASE: ("No longer needed?", "It closes, and counts for nobody.", "Release it"),
}


def act_button(act: Act, promise: Promise, *, loud: bool = False) -> Block:
    """One act's button: `act.<act>` with the promise's id and nothing else; `loud` for the one to press."""
    handing_over = promise.proposal is not None and promise.proposal.heir is not None
    label = _HAND_OVER_LABELS.get(act, LABELS[act]) if handing_over else LABELS[act]
    confirm = _CONFIRMATIONS.get(act)
    style = "primary" if loud and act in _PRIMARY else "danger" if act is Act.REVOKE else ""
    return button(f"act.{act}", label, promise.id, style, confirmation(*confirm) if confirm else None)


def ordered(acts: Collection[Act]) -> list[Act]:
    return [act for act in LABELS if act in acts]


def row(acts: Sequence[Act], promise: Promise) -> list[Block]:
    """One row of buttons; the first is the loud one. A row with an answer in it says in its block_id to what."""
    blocks = actions(act_button(act, promise, loud=place == 0) for place, act in enumerate(acts))
    for block in blocks if ANSWERS.intersection(acts) else ():
        block["block_id"] = f"{QUESTION}{promise.number}:{question(promise)}"
    return blocks


def apart(blocks: Iterable[Block]) -> list[Block]:
    """The same blocks where one promise may stand in several places: Slack takes a block_id once."""
    return [
        {**block, "block_id": f"{QUESTION}{place}:{block['block_id'].partition(':')[2]}"}
        if str(block.get("block_id", "")).startswith(QUESTION)
        else block
        for place, block in enumerate(blocks)
    ]


def open_acts(promise: Promise, viewer: UserId, now: datetime) -> frozenset[Act]:
    """What this person could do now; once the promise is closed, only what still may be said of it."""
    may = allowed_acts(promise, viewer, now)
    return may if promise.state.is_open else may & {Act.RATE}


def all_buttons(promise: Promise, viewer: UserId, now: datetime) -> list[Block]:
    """Exactly the acts this person may do, in a row for every day and one for rare occasions."""
    acts = ordered(open_acts(promise, viewer, now))
    if len(acts) <= _ONE_ROW:
        return row(acts, promise)
    daily, rare = [act for act in acts if act not in _RARE], [act for act in acts if act in _RARE]
    return [*row(daily, promise), *row(rare, promise)]


def public_buttons(promise: Promise, now: datetime) -> list[Block]:
    """The few acts most useful to either party, for a card that everybody in a channel sees."""
    either = open_acts(promise, promise.owner_id, now) | open_acts(promise, promise.requester_id, now)
    if promise.proposal:
        either |= open_acts(promise, promise.proposal.to, now)
    return row(ordered(either - _PRIVATE)[:_PUBLIC_BUTTONS], promise)


def some_buttons(wanted: Iterable[Act], promise: Promise, viewer: UserId, now: datetime) -> list[Block]:
    """Those of `wanted` that are still open to this person, in the order given."""
    may = open_acts(promise, viewer, now)
    return row([act for act in wanted if act in may], promise)
