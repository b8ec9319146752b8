"""`/promise away`, `/promise back`, and the answers about a Slack status."""

import re
from datetime import UTC, date, datetime

from bot.domain.absences import read_absence
from bot.domain.due_dates import Deadline
from bot.domain.errors import NotFoundError, UnreadableError
from bot.domain.statuses import SlackStatus
from bot.domain.wording import read_promise
from bot.language import _
from bot.services import Services
from bot.use_cases.absences import AddedAbsence
from bot.views.absences import absence_noted, away_list, not_away, taken_away, welcome_back
from handlers.making import FEW_WORDS, make_from_words
from handlers.payloads import Call, at, text_at
from handlers.replies import Reply

AWAY = r"away(?:\s+(?P<when>.+))?"
BACK = r"(?:i[’']?m\s+)?back"
_NONE = re.compile(r"off|none|clear|cancel|no", re.IGNORECASE)


async def on_away(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`away 24 Dec – 2 Jan` adds an absence, bare `away` lists them, `away off` removes them all.

    Raises UnreadableError if no days can be parsed.
    """
    when = words["when"]
    if when is None:
        return Reply(away_list(await services.absences.of(call.team_id, call.user_id)))
    if _NONE.fullmatch(when):
        return Reply(taken_away(await services.absences.remove(call.team_id, call.user_id)))
    me, now = await services.people.of(call.team_id, call.user_id), services.clock.now()
    try:
        absence = read_absence(when, now, me.hours, me.reading_locale)
    except UnreadableError:
        wording = read_promise(call.text, now, me.hours, me.reading_locale)
        is_promise = isinstance(wording.deadline, Deadline) and len(wording.what.split()) > FEW_WORDS
        if is_promise and text_at(call.body, "command"):  # text in a message is never recorded without a question
            return await make_from_words(services, call, call.text)
        raise
    return _noted(call, await services.absences.add(call.team_id, call.user_id, absence))


async def on_back(services: Services, call: Call, words: re.Match[str]) -> Reply:
    return Reply(welcome_back(await services.absences.come_back(call.team_id, call.user_id)))


async def on_taken_away(services: Services, call: Call) -> Reply:
    """Remove an absence from the list and show the rest."""
    try:
        first_on = date.fromisoformat(call.action_value)
    except ValueError as error:
        raise NotFoundError(_("I no longer know that button. `/promise away` lists your days off.")) from error
    await services.absences.remove(call.team_id, call.user_id, first_on)
    left = await services.absences.of(call.team_id, call.user_id)
    return Reply(away_list(left), replaces=call.is_own_copy or call.is_direct)


async def on_status_answered(services: Services, call: Call) -> Reply:
    """Answer “your status says that you are away” for the person who clicked."""
    yes = call.action_id == "away.yes"
    answered = await services.absences.answer(call.team_id, call.user_id, call.action_value, yes=yes)
    return _noted(call, answered, replaces=True) if yes else Reply(not_away(), replaces=True)


def status_in(body: object) -> SlackStatus:
    """Return the status in the profile of a `user_change` event."""
    profile = at(body, "event", "user", "profile")
    ends = at(profile, "status_expiration")
    try:
        ends_at = datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and ends > 0 else None
    except (OverflowError, OSError, ValueError):
        ends_at = None
    return SlackStatus(text_at(profile, "status_text"), text_at(profile, "status_emoji"), ends_at)


def _noted(call: Call, answered: AddedAbsence, *, replaces: bool = False) -> Reply:
    return Reply(absence_noted(answered.absence, answered.clashes, call.user_id), replaces=replaces)
