"""Make promises and requests and perform acts for the person of a token, by the use cases that a click calls."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.act_errors import without_words
from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.errors import UnreadableError
from bot.domain.promise import Due, Promise, PromiseId, Rest, TeamId, UserId
from bot.domain.rights import ANSWERS
from bot.domain.transitions import HistoryEntry
from bot.domain.weight import Weight
from bot.services import Services
from handlers.api.inputs import Moment, NewAct, NewPromise, NewRequest, NewTerms
from handlers.api.places import place_for_tool
from handlers.api.problems import Problem

UNREAD = (
    "This act answers something that may have changed. Send If-Match with the ETag of the promise as you read it, so "
    "that nothing is agreed to unseen."
)
REUSED = "This Idempotency-Key came with another request before. Use a new key for each request."


@dataclass(frozen=True, slots=True)
class Author:
    """The person making the request; `key` identifies it, so that it is performed once."""

    team_id: TeamId
    person: UserId
    key: str


async def make_promise(services: Services, author: Author, wanted: NewPromise) -> Promise:
    """Record a promise of this person, once per key. It binds only them."""
    requester = await _person(services, author, wanted.requester) if wanted.requester else None
    draft = Draft(requester_id=requester, **await _terms(services, author, wanted))  # type: ignore[arg-type]
    return await _made(services, author, draft, wanted.channel)


async def ask_for_promise(services: Services, author: Author, wanted: NewRequest) -> Promise:
    """Record a request, once per key; it binds its owner once they accept it.

    Raises UnreadableError for a request to oneself.
    """
    owner = await _person(services, author, wanted.owner)
    if owner == author.person:
        raise UnreadableError("Ask a colleague. What you do yourself is a promise.", "owner")
    terms = await _terms(services, author, wanted)
    draft = Draft(owner_id=owner, requester_id=author.person, asks=True, **terms)  # type: ignore[arg-type]
    return await _made(services, author, draft, wanted.channel)


async def do_act(
    services: Services, author: Author, ref: PromiseId | int, wanted: NewAct, seqs: Collection[int] | None
) -> Promise:
    """Perform one act, once per key; with `seqs`, only if the promise's `seq` is one of them.

    Raises Problem for an act that answers something and comes without `seqs` (None), and for a key that came with
    another act; and what the act itself raises.
    """
    act = Act(wanted.act)
    if act in ANSWERS and seqs is None:
        raise Problem(428, "unread", UNREAD)
    entry = await _entry(services, author, wanted)
    if error := without_words(entry):
        raise error
    promise = await services.promises.act(author.team_id, ref, entry, seqs=seqs or ())
    history = await services.store.read(author.team_id, lambda tx: tx.promises.history(promise.id))
    done = next(each for each in history if each.origin == author.key)
    if (done.act, done.note, done.what, done.due) != (entry.act, entry.note, entry.what, entry.due):
        raise Problem(422, "reused-key", REUSED)
    return promise


async def _entry(services: Services, author: Author, wanted: NewAct) -> HistoryEntry:
    """Return the history entry of the act."""
    me = await services.people.of(author.team_id, author.person)
    due = Due(wanted.due_at, me.zone) if wanted.due_at else None
    rest = Rest(wanted.rest.what, Due(wanted.rest.due_at, me.zone)) if wanted.rest else None
    return HistoryEntry(
        Act(wanted.act),
        author.person,
        services.clock.now(),
        note=wanted.note,
        what=wanted.what or None,
        due=due,
        done_when=wanted.done_when,
        heir=UserId(wanted.heir) if wanted.heir else None,
        rest=rest,
        rating=wanted.rating or "",
        origin=author.key,
        estimate=None if wanted.estimate_minutes is None else timedelta(minutes=wanted.estimate_minutes),
        priority=wanted.priority,
    )


def origin_of(token_id: str, key: str) -> str:
    """Return the unique origin of a request: the same key of the same token is performed once."""
    return f"api:{token_id}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


async def _made(services: Services, author: Author, draft: Draft, channel: str | None) -> Promise:
    place = await place_for_tool(services, author.team_id, author.person, channel)
    promise = (await services.promises.make(author.team_id, author.person, draft, place, author.key)).promise
    history = await services.store.read(author.team_id, lambda tx: tx.promises.history(promise.id))
    expected = (Act.REQUEST if draft.asks else Act.PROMISE, draft.what.strip(), draft.due)
    if (history[0].act, history[0].what, history[0].due) != expected:
        raise Problem(422, "reused-key", REUSED)
    return promise


async def _terms(services: Services, author: Author, wanted: NewTerms) -> dict[str, object]:
    return {
        "what": wanted.what,
        "due": await _due(services, author, wanted.due_at),
        "watchers": tuple(dict.fromkeys(UserId(each) for each in wanted.watchers)),
        "done_when": wanted.done_when,
        "weight": Weight(
            timedelta(minutes=wanted.estimate_minutes) if wanted.estimate_minutes else None, wanted.priority
        ),
    }


async def _person(services: Services, author: Author, named: str) -> UserId:
    """Return the person with an id or a handle. Raises NotFoundError for an unknown handle."""
    return await services.people.with_handle(author.team_id, named[1:]) if named.startswith("@") else UserId(named)


async def _due(services: Services, author: Author, at: Moment) -> Due:
    return Due(at, (await services.people.of(author.team_id, author.person)).zone)
