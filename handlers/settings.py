"""One's own settings: the modal, from the command or the Home tab, and what becomes of it when sent in."""

import re
from dataclasses import replace

from bot.domain.errors import UnreadableError
from bot.domain.preferences import Preferences
from bot.views.settings import settings_form, settings_saved
from handlers.answering import Reply
from handlers.modals import View, open_modal
from handlers.payloads import Call, Inputs
from handlers.services import Services


async def on_settings_asked(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    """`/promise settings`."""
    return await on_settings_wanted(doors, call)


async def on_settings_wanted(doors: Services, call: Call) -> Reply:
    async def contents() -> View:
        me = await doors.people.of(call.team_id, call.user_id)
        return settings_form(me, call.from_here().written())

    await open_modal(call, contents())
    return Reply()


async def on_form(doors: Services, call: Call) -> Reply:
    """Saves them for whoever sent them in; the Home tab, where they were opened there, says so itself."""
    me = await doors.people.of(call.team_id, call.user_id)
    chosen = _chosen(Inputs(call.body), me.preferences)
    if faults := chosen.faults():
        return Reply(fields=faults)
    await doors.preferring.choose(call.team_id, call.user_id, chosen)
    if call.home:
        return Reply(home=call.home)
    return Reply(settings_saved(await doors.people.of(call.team_id, call.user_id)))


def _chosen(inputs: Inputs, before: Preferences) -> Preferences:
    """The form's fields over what stood before.

    Raises UnreadableError for a time of day that is none.
    """
    start, end = inputs.clock("start"), inputs.clock("end")
    if start is None or end is None:
        raise UnreadableError("Choose a time of day, like 09:00.", "end" if start else "start")
    return replace(
        before,
        days=frozenset(int(day) for day in inputs.choices("days") if day in "0123456"),
        start=start,
        end=end,
        lead_days=inputs.number("lead_days"),
        daily_cap=inputs.number("daily_cap"),
    )
