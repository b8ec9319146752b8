"""Parse the people of a promise, owner, requester and watchers, from commands, messages and shortcuts."""

import re
from dataclasses import replace

from bot.domain.addressing import bare_name, copied_in, named_within
from bot.domain.drafts import Draft, RequesterDoubt
from bot.domain.due_dates import Deadline
from bot.domain.errors import NotFoundError, UnreadableError
from bot.domain.promise import Due, TeamId, UserId
from bot.domain.wording import Wording
from bot.language import N_, _
from bot.services import Services
from bot.views.markup import MENTION, plain, unnamed
from handlers.payloads import Call

GROUP = N_(
    "A group cannot owe a promise or wait for one: nobody would feel asked. Name one person, then the others: "
    "they follow it."
)
_GROUPS = re.compile(
    r"<!(?:subteam\^[A-Z0-9]+|here|channel|everyone)(?:\|[^<>]*)?>|@(?:here|channel|everyone)\b", re.IGNORECASE
)
#: Maximum number of people of one name that are asked about.
MAX_CALLED = 4
#: Where a group would be owner or requester: at the start, and after "ask", "to" or "for".
_GROUP_IN_PLACE = re.compile(rf"(?:^|\b(?:ask|to|for|an|für)\s+)\s*(?:{_GROUPS.pattern})", re.IGNORECASE)


async def draft_read(services: Services, call: Call, wording: Wording, text: str, *, asks: bool = False) -> Draft:
    """Return the draft of the text: the first person named is the other side, or may be it; those after are watchers.

    Raises NotFoundError for an unknown name, UnreadableError for a group, or a request without a person.
    """
    if _GROUP_IN_PLACE.search(text):
        raise UnreadableError(_(GROUP), "requester")
    people = list(dict.fromkeys([await person_meant(services, call, written) for written in wording.people]))
    due = as_due(wording.deadline) if isinstance(wording.deadline, Deadline) else None
    if asks:
        return await _asked(services, call, wording, people, due)
    rule = wording.rules[0] if due and wording.rules else None
    weight = wording.weight
    if people:
        what, copies = copied_in(wording.what)
        known = [await _known(services, call, name) for name in copies]
        what = await readable(services, call.team_id, what)
        first, *others = dict.fromkeys([*people, *(each for each in known if each)])
        draft = Draft(what=what, due=due, requester_id=first, watchers=tuple(others), rule=rule, weight=weight)
        return _to_oneself(draft, call)
    named = named_within(wording.what)
    if not (named.to or named.doubtful) and (bare := await _bare(services, call, wording.what)):
        return Draft(what=wording.what, due=due, rule=rule, weight=weight, doubt=bare)
    to = await person_meant(services, call, named.to) if named.to else None
    doubtful = await _known(services, call, named.doubtful) if named.doubtful else None
    watchers = [each for each in [await _known(services, call, name) for name in named.watchers] if each]
    what = await readable(services, call.team_id, named.what)
    follow = tuple(dict.fromkeys(watchers))
    doubt = RequesterDoubt(doubtful, what) if doubtful and doubtful != call.user_id else None
    draft = Draft(what=what, due=due, requester_id=to, watchers=follow, rule=rule, weight=weight, doubt=doubt)
    return _to_oneself(draft, call)


async def _bare(services: Services, call: Call, what: str) -> RequesterDoubt | None:
    """Return the colleagues with whose name the task begins, without an @, and the task without it."""
    name, rest = bare_name(what)
    people = (
        [each for each in await services.people.with_first_name(call.team_id, name) if each != call.user_id]
        if name
        else []
    )
    return RequesterDoubt(people[0], rest, tuple(people[1:MAX_CALLED])) if people else None


async def _asked(services: Services, call: Call, wording: Wording, people: list[UserId], due: Due | None) -> Draft:
    """Return a request; one to oneself becomes a promise to oneself."""
    what = await readable(services, call.team_id, wording.what)
    if not people:
        raise UnreadableError(_("Say whom you ask: `/promise ask @who what by when`."))
    first, *others = people
    if first == call.user_id:
        return Draft(what=what, due=due, watchers=tuple(others), weight=wording.weight)
    return Draft(what=what, due=due, owner_id=first, watchers=tuple(others), asks=True, weight=wording.weight)


def _to_oneself(draft: Draft, call: Call) -> Draft:
    return replace(draft, requester_id=None) if draft.requester_id == call.user_id else draft


async def person_meant(services: Services, call: Call, written: str) -> UserId:
    """Return the person behind `<@U123|name>` or `@name`.

    Raises NotFoundError for an unknown name, UnreadableError for a group.
    """
    if _GROUPS.fullmatch(written):
        raise UnreadableError(_(GROUP), "requester")
    mention = MENTION.fullmatch(written)
    return UserId(mention[1]) if mention else await services.people.with_handle(call.team_id, written.lstrip("@"))


async def _known(services: Services, call: Call, written: str) -> UserId | None:
    """Return a person mentioned in passing; an @ before an unknown name is ordinary text."""
    try:
        return await person_meant(services, call, written)
    except (NotFoundError, UnreadableError):
        return None


async def readable(services: Services, team_id: TeamId, text: str) -> str:
    """Return the text as its writer saw it, with a name for each mention."""
    names = {person: (await services.people.of(team_id, person)).name for person in unnamed(text)}
    return plain(text, names)


def as_due(deadline: Deadline) -> Due:
    return Due(deadline.at, deadline.zone)
