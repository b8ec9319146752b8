"""Every situation a promise can be in, how to come to it by the door, and what each act's form asks for."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.acts import BY_CLOCK, MAKING, Act
from bot.domain.drafts import Draft
from bot.domain.promise import ChannelId, Due, Origin, Promise, UserId
from bot.use_cases.promises import PromiseDetails
from tests.integration.front import Front
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, TEAM, entry

#: How to come to each situation: who does what after the promise (or the request) was made.
SITUATIONS: dict[str, tuple[bool, tuple[tuple[Act, UserId], ...]]] = {
    "requested": (True, ()),
    "requested, the owner proposed": (True, ((Act.PROPOSE, ALICE),)),
    "requested, the requester countered": (True, ((Act.PROPOSE, ALICE), (Act.COUNTER, BOB))),
    "active": (False, ()),
    "active, at risk": (False, ((Act.AT_RISK, ALICE),)),
    "active, the owner proposed": (False, ((Act.PROPOSE, ALICE),)),
    "active, the requester proposed": (False, ((Act.PROPOSE, BOB),)),
    "active, to be handed over": (False, ((Act.HAND_OVER, ALICE),)),
    "reported": (False, ((Act.REPORT, ALICE),)),
    "reported, with a note": (False, ((Act.REPORT, ALICE), (Act.ADD_NOTE, ALICE))),
    "reopened": (False, ((Act.REPORT, ALICE), (Act.REOPEN, BOB))),
    "kept": (False, ((Act.REPORT, ALICE), (Act.ACCEPT_DELIVERY, BOB))),
    "kept, and rated": (False, ((Act.REPORT, ALICE), (Act.ACCEPT_DELIVERY, BOB), (Act.RATE, BOB))),
    "declined": (True, ((Act.DECLINE, ALICE),)),
    "withdrawn": (True, ((Act.WITHDRAW, BOB),)),
    "revoked": (False, ((Act.REVOKE, ALICE),)),
    "released": (False, ((Act.RELEASE, BOB),)),
    "undone": (False, ((Act.UNDO, ALICE),)),
}
ACTS = [act for act in Act if act not in MAKING | BY_CLOCK]
MODAL_VALUES: dict[Act, dict[str, Any]] = {
    Act.PROPOSE: {"due": {"selected_date_time": int((FRIDAY + timedelta(days=2)).timestamp())}},
    Act.COUNTER: {"due": {"selected_date_time": int((FRIDAY + timedelta(days=5)).timestamp())}},
    Act.EDIT: {"what": {"value": "send the whole deck"}},
    Act.ADJUST: {"hours": {"value": "3"}, "priority": {"selected_option": {"value": "urgent"}}},
    Act.HAND_OVER: {"heir": {"selected_user": CHARLIE}},
    Act.REOPEN: {"note": {"value": "page 7 is empty"}},
    Act.ADD_NOTE: {"note": {"value": "it is in the shared folder"}},
    Act.RATE: {"rating": {"selected_option": {"value": "exceeded"}}, "note": {"value": "thank you!"}},
    Act.REVOKE: {"reason": {"value": "the client has gone"}},
}


async def arranged(front: Front, situation: str) -> Promise:
    asked, steps = SITUATIONS[situation]
    by = BOB if asked else ALICE
    draft = Draft("send the deck", Due(FRIDAY, "Europe/Berlin"), None if asked else BOB, ALICE if asked else None)
    draft, place = replace(draft, asks=asked), Origin(ChannelId("C1"))
    promise = (await front.services.promises.make(TEAM, by, draft, place, front.trigger())).promise
    for act, who in steps:
        promise = await front.services.promises.act(TEAM, promise.id, entry(act, who, front.clock.now()))
    return promise


async def shown(front: Front, promise: Promise) -> PromiseDetails:
    def read(tx: Any) -> PromiseDetails:
        return PromiseDetails(tx.promises.get(promise.id), tx.promises.history(promise.id))

    return await front.store.read(TEAM, read)


async def done(front: Front, act: Act, promise: Promise, who: UserId) -> None:
    """The click, and whatever the form that it opens asks for."""
    views = len(front.api.views)
    answer = await front.click(f"act.{act}", promise.id, who)
    assert (answer.status, answer.body) == (200, "")
    if len(front.api.views) > views:
        sent = await front.submit(front.api.views[-1], MODAL_VALUES.get(act, {}), who)
        assert (sent.status, sent.body) == (200, "")
