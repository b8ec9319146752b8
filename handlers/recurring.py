"""Recurring promises: the list of them, and ending one by command or button."""

import re

from bot.domain.errors import NotAllowedError, TooLateError
from bot.domain.promise import Due, Promise, PromiseId
from bot.domain.recurring import Series, first_due
from bot.ports import Message
from bot.services import Services
from bot.views.recurring import series_ended, series_list, with_series
from bot.views.replies import sentence
from handlers.payloads import Call
from handlers.replies import Reply

LIST = r"list\s+(?:recurring|series|repeating)"
END = r"(?:end\s+|(?:end|stop|cancel|release)\s+(?:the\s+)?series\s+(?:of\s+)?)#?(?P<number>[0-9]{1,9})[.!]?"


async def on_list_asked(services: Services, call: Call, words: re.Match[str]) -> Reply:
    return Reply(series_list(await services.recurring.of_person(call.team_id, call.user_id), call.user_id))


async def on_end(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`end 12`: end the series of that promise."""
    ended = await services.recurring.end(call.team_id, int(words["number"]), call.user_id)
    return Reply(series_ended(ended, call.user_id))


async def on_end_clicked(services: Services, call: Call) -> Reply:
    """End a series by the button of one of its promises."""
    try:
        ended = await services.recurring.end(call.team_id, PromiseId(call.action_value), call.user_id)
    except (NotAllowedError, TooLateError) as error:
        return Reply(sentence(str(error)), home=call.home)
    return Reply(series_ended(ended, call.user_id), home=call.home)


async def with_rule(services: Services, call: Call, message: Message, promise: Promise, series: Series) -> Message:
    """Return the message with the recurrence rule, and the next date by the owner's cached calendar."""
    owner = await services.people.of(call.team_id, series.owner_id)
    then = Due(series.wakes_at, series.rule.zone) if series.wakes_at else None
    if then and promise.number == series.number:
        then = first_due(series.rule, then.at, owner.hours)
    return with_series(message, series, may_end=call.user_id in series.parties, then=then)
