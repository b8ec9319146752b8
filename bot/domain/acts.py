"""The loop as data: every act, who may do it, from where, and where it leads.

The conversation for action of Winograd and Flores (1986), with the renegotiation of Sull and Spinosa (2007).
docs/loop.md is generated from this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.language import N_


class State(StrEnum):
    REQUESTED = "requested"
    ACTIVE = "active"
    REPORTED = "reported"
    KEPT = "kept"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    RELEASED = "released"
    UNDONE = "undone"

    @property
    def is_open(self) -> bool:
        return self in OPEN_STATES


OPEN_STATES = frozenset({State.REQUESTED, State.ACTIVE, State.REPORTED})


class Act(StrEnum):
    PROMISE = "promise"
    REQUEST = "request"
    ACCEPT_REQUEST = "accept_request"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFFER_HELP = "offer_help"
    PROPOSE = "propose"
    COUNTER = "counter"
    ACCEPT_PROPOSAL = "accept_proposal"
    REJECT_PROPOSAL = "reject_proposal"
    RETRACT = "retract"
    EXPIRE = "expire"
    HAND_OVER = "hand_over"
    REPORT = "report"
    ADD_NOTE = "add_note"
    ACCEPT_DELIVERY = "accept_delivery"
    RATE = "rate"
    REOPEN = "reopen"
    UNREPORT = "unreport"
    SETTLE = "settle"
    REVOKE = "revoke"
    RELEASE = "release"
    MISS = "miss"
    UNDO = "undo"
    EDIT = "edit"
    ADJUST = "adjust"


class Role(StrEnum):
    """The roles in which a person acts on a promise; one person may have several."""

    OWNER = N_("the person who owes it")
    REQUESTER = N_("the person it is owed to")
    PROPOSER = N_("the person who proposed the change")
    ANSWERER = N_("the person the change was proposed to")
    MAKER = N_("the person who recorded it")
    WATCHER = N_("somebody who follows it")
    CLOCK = N_("the clock")


class Pending(StrEnum):
    """A rule's condition on the open proposal."""

    ANY = "any"
    NONE = "none"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ActRule:
    """One row of the loop. `to` is None where the state stays; `words` complete "Only … can …"."""

    act: Act
    frm: frozenset[State]
    by: frozenset[Role]
    to: State | None
    words: str
    pending: Pending = Pending.ANY
    clears_proposal: bool = False


def _rule(
    act: Act,
    frm: set[State] | frozenset[State],
    by: set[Role],
    to: State | None,
    words: str,
    pending: Pending = Pending.ANY,
    *,
    clears: bool = False,
) -> ActRule:
    return ActRule(act, frozenset(frm), frozenset(by), to, words, pending, clears)


_REQUESTED, _ACTIVE, _REPORTED = {State.REQUESTED}, {State.ACTIVE}, {State.REPORTED}
_TALKING = _REQUESTED | _ACTIVE
_EITHER = {Role.OWNER, Role.REQUESTER}

RULES: tuple[ActRule, ...] = (
    _rule(Act.PROMISE, set(), {Role.OWNER}, State.ACTIVE, N_("make the promise")),
    _rule(Act.REQUEST, set(), {Role.REQUESTER}, State.REQUESTED, N_("ask for it")),
    _rule(Act.ACCEPT_REQUEST, _REQUESTED, {Role.OWNER}, State.ACTIVE, N_("accept the request"), Pending.NONE),
    _rule(Act.DECLINE, _REQUESTED, {Role.OWNER}, State.DECLINED, N_("decline the request"), clears=True),
    _rule(Act.WITHDRAW, _REQUESTED, {Role.REQUESTER}, State.WITHDRAWN, N_("take the request back"), clears=True),
    _rule(Act.ON_TRACK, _ACTIVE, {Role.OWNER}, None, N_("say that it is on track")),
    _rule(Act.AT_RISK, _ACTIVE, {Role.OWNER}, None, N_("say that it is at risk")),
    _rule(Act.OFFER_HELP, _ACTIVE, {Role.REQUESTER, Role.WATCHER}, None, N_("offer help")),
    _rule(Act.PROPOSE, _TALKING, _EITHER, None, N_("propose a change"), Pending.NONE),
    _rule(Act.COUNTER, _TALKING, {Role.ANSWERER}, None, N_("suggest another date"), Pending.OPEN),
    _rule(
        Act.ACCEPT_PROPOSAL,
        _TALKING,
        {Role.ANSWERER},
        State.ACTIVE,
        N_("agree to the change"),
        Pending.OPEN,
        clears=True,
    ),
    _rule(Act.REJECT_PROPOSAL, _TALKING, {Role.ANSWERER}, None, N_("keep it as it was"), Pending.OPEN, clears=True),
    _rule(Act.RETRACT, _TALKING, {Role.PROPOSER}, None, N_("take the proposal back"), Pending.OPEN, clears=True),
    _rule(Act.EXPIRE, _TALKING, {Role.CLOCK}, None, N_("let the proposal expire"), Pending.OPEN, clears=True),
    _rule(Act.HAND_OVER, _ACTIVE, {Role.OWNER}, None, N_("hand it over"), Pending.NONE),
    _rule(Act.REPORT, _ACTIVE, {Role.OWNER}, State.REPORTED, N_("report it as delivered"), clears=True),
    _rule(Act.ADD_NOTE, _REPORTED, {Role.OWNER}, None, N_("add a note to the delivery")),
    _rule(
        Act.ACCEPT_DELIVERY, _ACTIVE | _REPORTED, {Role.REQUESTER}, State.KEPT, N_("accept the delivery"), clears=True
    ),
    _rule(Act.RATE, {State.KEPT}, {Role.REQUESTER}, None, N_("say how the delivery was")),
    _rule(Act.REOPEN, _REPORTED, {Role.REQUESTER}, State.ACTIVE, N_("say that something is missing")),
    _rule(Act.UNREPORT, _REPORTED, {Role.OWNER}, State.ACTIVE, N_("say that it is not done yet")),
    _rule(Act.SETTLE, _REPORTED, {Role.CLOCK}, State.KEPT, N_("close it after silence")),
    _rule(Act.REVOKE, OPEN_STATES, {Role.OWNER}, State.REVOKED, N_("cancel it"), clears=True),
    _rule(
        Act.RELEASE, OPEN_STATES, {Role.REQUESTER}, State.RELEASED, N_("say that it is no longer needed"), clears=True
    ),
    _rule(Act.MISS, _ACTIVE, {Role.CLOCK}, None, N_("mark it as missed")),
    _rule(
        Act.UNDO,
        frozenset(State) - {State.UNDONE},
        {Role.MAKER},
        State.UNDONE,
        N_("undo it"),
        clears=True,
    ),
    _rule(Act.EDIT, OPEN_STATES, {Role.MAKER}, None, N_("correct it"), clears=True),
    _rule(Act.ADJUST, _TALKING, _EITHER, None, N_("set its estimate and its priority")),
)

RULE_OF: dict[Act, ActRule] = {rule.act: rule for rule in RULES}
MAKING = frozenset({Act.PROMISE, Act.REQUEST})
BY_CLOCK = frozenset(rule.act for rule in RULES if Role.CLOCK in rule.by)
