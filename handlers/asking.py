"""`/promise ask @who …`: a request, which binds once they accept it."""

import re
from dataclasses import replace

from bot.domain.addressing import several_asked
from bot.domain.chains import split_needs
from bot.services import Services
from bot.views.guesses import which_owes
from handlers.making import make_from_words, read_words
from handlers.parties import draft_read
from handlers.payloads import Call
from handlers.replies import Reply


async def on_ask(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """Record the request; if it names two people, ask which one is meant."""
    if not several_asked(words["rest"]):
        return await make_from_words(services, call, words["rest"], asks=True)
    me = await services.people.of(call.team_id, call.user_id)
    text, needs = split_needs(words["rest"])
    wording = read_words(text, services.clock.now(), me)
    draft = replace(await draft_read(services, call, wording, text, asks=True), needs=needs)
    if draft.due is None or draft.owner_id is None or not draft.watchers:
        return await make_from_words(services, call, words["rest"], asks=True)
    second, *more = draft.watchers
    other = replace(draft, owner_id=second, watchers=(draft.owner_id, *more))
    names = [(await services.people.colleague(call.team_id, person)).name for person in (draft.owner_id, second)]
    return Reply(which_owes([(names[0], draft), (names[1], other)]))
