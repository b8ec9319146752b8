"""Buttons of acts: at most three and one ⋯ menu, with labels and confirmations."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.domain.acts import Act, State
from bot.domain.promise import Promise, UserId
from bot.domain.rights import ANSWERS, question_id
from bot.domain.transitions import allowed_acts
from bot.language import N_, _
from bot.views.blocks import Block, actions, button, confirmation, overflow

#: In order of usefulness: answers, endings, warnings, other endings, corrections.
LABELS: dict[Act, str] = {
    Act.ACCEPT_REQUEST: N_("Accept"),
    Act.ACCEPT_PROPOSAL: N_("Agree"),
    Act.COUNTER: N_("Suggest another"),
    Act.REJECT_PROPOSAL: N_("Keep it as it was"),
    Act.ACCEPT_DELIVERY: N_("Yes, that’s it"),
    Act.REOPEN: N_("Something is missing"),
    Act.RATE: N_("Say thanks"),
    Act.REPORT: N_("Done"),
    Act.ADD_NOTE: N_("Add a note"),
    Act.UNREPORT: N_("Not done yet"),
    Act.ON_TRACK: N_("On track"),
    Act.AT_RISK: N_("At risk"),
    Act.OFFER_HELP: N_("Offer help"),
    Act.PROPOSE: N_("Propose a change"),
    Act.DECLINE: N_("Decline"),
    Act.RETRACT: N_("Take the proposal back"),
    Act.WITHDRAW: N_("Take the request back"),
    Act.HAND_OVER: N_("Hand over"),
    Act.RELEASE: N_("No longer needed"),
    Act.REVOKE: N_("Cancel the promise"),
    Act.ADJUST: N_("Estimate, priority"),
    Act.EDIT: N_("Edit"),
    Act.UNDO: N_("Undo"),
}
_HAND_OVER_LABELS = {Act.ACCEPT_PROPOSAL: N_("Take it over"), Act.REJECT_PROPOSAL: N_("Not me, sorry")}
_PRIMARY = frozenset(
    {Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL, Act.ACCEPT_DELIVERY, Act.REPORT, Act.ON_TRACK, Act.OFFER_HELP}
)
#: The action_id of the ⋯ menu, whose options carry `<act>:<promise id>`.
MORE = "act.more"
#: The option that shows a promise with its history.
DETAILS = "show"
#: The action_id of the button that shows the promise to the person who clicks, as `show` does.
OPEN = "promise.open"
#: Most buttons in a row next to the menu, and most options of a menu in Slack.
VISIBLE, IN_MENU = 3, 5
#: How many acts a row of a list offers next to its details.
IN_ROW = 3
#: Prefix of a row's block_id if its buttons answer a question: ":" and the question follow the number.
QUESTION = "asks."
_CONFIRMATIONS = {
    Act.WITHDRAW: (N_("Take the request back?"), N_("Then nothing is owed."), N_("Take it back")),
    Act.RELEASE: (N_("No longer needed?"), N_("This closes it. It won’t count against anybody."), N_("Close it")),
}
#: From a menu these open a form instead, because an option has no confirmation dialog.
ASKED_AGAIN = frozenset(_CONFIRMATIONS)


def act_button(act: Act, promise: Promise, *, loud: bool = False) -> Block:
    """Return one act's button: `act.<act>` with only the promise's id; `loud` makes it primary."""
    confirm = _CONFIRMATIONS.get(act)
    is_early = act is Act.ACCEPT_DELIVERY and promise.state is State.ACTIVE
    style = "primary" if loud and act in _PRIMARY and not is_early else "danger" if act is Act.REVOKE else ""
    return button(
        f"act.{act}", _label(act, promise), promise.id, style, confirmation(*map(_, confirm)) if confirm else None
    )


def _label(act: Act, promise: Promise) -> str:
    if act is Act.ACCEPT_DELIVERY and promise.state is State.ACTIVE:
        return _("I have it")
    handing_over = promise.proposal is not None and promise.proposal.heir is not None
    return _(_HAND_OVER_LABELS.get(act, LABELS[act]) if handing_over else LABELS[act])


def menu(acts: Sequence[Act], promise: Promise) -> Block:
    """Return the ⋯ menu of as many acts as it holds."""
    return overflow(MORE, [(f"{act}:{promise.id}", _label(act, promise)) for act in acts[:IN_MENU]])


def row_menu(promise: Promise, viewer: UserId, now: datetime, but: Collection[Act] = ()) -> Block:
    """Return the ⋯ menu of a list row: the most useful acts, and the details."""
    acts = [act for act in ordered(open_acts(promise, viewer, now)) if act not in but][:IN_ROW]
    options = [(f"{act}:{promise.id}", _label(act, promise)) for act in acts]
    return overflow(MORE, [*options, (f"{DETAILS}:{promise.id}", _("Details"))])


def ordered(acts: Collection[Act]) -> list[Act]:
    return [act for act in LABELS if act in acts]


def row(
    acts: Sequence[Act],
    promise: Promise,
    *,
    before: Sequence[Block] = (),
    after: Sequence[Block] = (),
) -> list[Block]:
    """Return one row: `before`, buttons (the first is primary), `after`, and the rest in a ⋯ menu of two or more.

    If a button answers a question, block_id records which.
    """
    visible = max(VISIBLE - len(before) - len(after), 0)
    acts = acts[: visible + IN_MENU]
    shown = list(acts) if len(acts) <= visible else list(acts[: visible - (len(acts) == visible + 1)])
    rest = acts[len(shown) :]
    elements = [act_button(act, promise, loud=place == 0 and not before) for place, act in enumerate(shown)]
    blocks = actions([*before, *elements, *after, *([menu(rest, promise)] if rest else [])])
    for block in blocks if ANSWERS.intersection(acts) else ():
        block["block_id"] = f"{QUESTION}{promise.number}:{question_id(promise)}"
    return blocks


def apart(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with distinct block_ids: Slack refuses a repeated one, and a promise may appear twice."""
    return [
        {**block, "block_id": f"{QUESTION}{place}:{block['block_id'].partition(':')[2]}"}
        if str(block.get("block_id", "")).startswith(QUESTION)
        else block
        for place, block in enumerate(blocks)
    ]


def open_acts(promise: Promise, viewer: UserId, now: datetime) -> frozenset[Act]:
    """Return the acts open to this person; once the promise is closed, only notes and ratings."""
    may = allowed_acts(promise, viewer, now)
    if promise.is_own:
        may -= {Act.RELEASE}  # for a promise without another side, cancelling is enough
    if Act.EDIT in may or len(may) <= VISIBLE + 1:
        may -= {Act.ADJUST}  # the edit form has both fields; and rare acts are only ever in a menu
    return may if promise.state.is_open else may & {Act.RATE}


def all_buttons(promise: Promise, viewer: UserId, now: datetime) -> list[Block]:
    """Return the acts open to this person: the most useful as buttons, the others in the menu."""
    return row(ordered(open_acts(promise, viewer, now)), promise)


def public_buttons(promise: Promise) -> list[Block]:
    """Return the one button of a card in a channel, where Slack shows the same to everyone.

    Clicking it shows the person who clicks the acts open to them.
    """
    return actions([button(OPEN, _("View or update"), promise.id)]) if promise.state.is_open else []


def quiet(block: Block) -> Block:
    """Return the row without a primary button."""
    elements = [{name: value for name, value in each.items() if name != "style"} for each in block["elements"]]
    return {**block, "elements": elements}


def some_buttons(
    wanted: Iterable[Act], promise: Promise, viewer: UserId, now: datetime, before: Sequence[Block] = ()
) -> list[Block]:
    """Return the `wanted` acts that are still open to this person, in the order given and after `before`."""
    may = open_acts(promise, viewer, now)
    return row([act for act in wanted if act in may], promise, before=before)
