"""Settings modals: one's own, and an admin's defaults for everyone."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from bot.domain.errors import UnreadableError
from bot.domain.preferences import Preferences
from bot.language import _, read_in
from bot.services import Services
from bot.views.settings import AS_IN_SLACK, defaults_form, defaults_saved, settings_form, settings_saved
from handlers.field_errors import FieldErrors
from handlers.modals import View, open_modal
from handlers.payloads import Call, Inputs
from handlers.replies import Reply


async def on_settings_asked(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`/promise settings`, and `/promise settings workspace` for admins."""
    if not words["all"]:
        return await on_settings_wanted(services, call)

    async def contents() -> View:
        for_all = await services.preference_changes.for_all(call.team_id, call.user_id)
        return defaults_form(for_all, call.modal_context())

    return await open_modal(call, contents())


async def on_settings_wanted(services: Services, call: Call) -> Reply:
    async def contents() -> View:
        me = await services.people.of(call.team_id, call.user_id)
        return settings_form(me, call.modal_context())

    return await open_modal(call, contents())


async def on_settings_form(services: Services, call: Call) -> Reply:
    """Save the settings of the person who submitted them; if opened from the Home tab, the tab shows the result."""
    chosen, faults = await _chosen(services, Inputs(call.body))
    if faults:
        return Reply(fields=faults)
    await services.preference_changes.choose(call.team_id, call.user_id, chosen)
    me = await services.people.of(call.team_id, call.user_id)
    read_in(me.language)  # the answer is in the language just chosen
    return (
        Reply(home=call.home)
        if call.home
        else Reply(settings_saved(me, services.calendars.title(me.preferences.country)))
    )


async def on_form_for_all(services: Services, call: Call) -> Reply:
    """Save the defaults for everyone without settings of their own, if the person is an admin now."""
    chosen, faults = await _chosen(services, Inputs(call.body))
    if faults:
        return Reply(fields=faults)
    await services.preference_changes.choose_for_all(call.team_id, call.user_id, chosen)
    return Reply(defaults_saved())


async def _chosen(services: Services, inputs: Inputs) -> tuple[Preferences, Mapping[str, str]]:
    """Return the preferences of the form's fields, and a sentence for each faulty field."""
    errors = FieldErrors(inputs)
    start, end = errors.caught(None, lambda: _time(inputs, "start")), errors.caught(None, lambda: _time(inputs, "end"))
    try:  # in a thread: the first call loads a country's calendar
        country = await asyncio.to_thread(services.calendars.named, inputs.text("country"))
    except UnreadableError as error:
        errors.add(error)
        country = ""
    chosen = Preferences(
        days=frozenset(int(day) for day in inputs.choices("days") if day in "0123456"),
        country=country,
        lead_days=inputs.number("lead_days"),
        daily_cap=inputs.number("daily_cap"),
        has_brief="yes" in inputs.choices("has_brief"),
        shows_room="yes" in inputs.choices("shows_room"),
        quiet=errors.caught(None, lambda: _quiet(inputs)),
        language=inputs.choice("language").replace(AS_IN_SLACK, ""),
    )
    if start and end:
        chosen = replace(chosen, start=start, end=end)
    return chosen, {**chosen.faults(), **errors.fields()}


def _time(inputs: Inputs, name: str) -> time:
    """Return a field's time of day. Raises UnreadableError if there is none."""
    if (found := inputs.clock(name)) is None:
        raise UnreadableError(_("Choose a time of day, like 09:00."), name)
    return found


def _quiet(inputs: Inputs) -> tuple[time, time] | None:
    """Return the quiet hours, if there are any. Raises UnreadableError for half of them, and for none in them."""
    hush, ends = inputs.clock("quiet"), inputs.clock("quiet_end")
    if (hush is None) != (ends is None):
        raise UnreadableError(_("Quiet hours need a beginning and an end; leave both empty for none."), "quiet_end")
    if hush is None or ends is None:
        return None
    if hush == ends:
        raise UnreadableError(
            _("Beginning and end are the same. Choose another end, or leave both empty for no quiet hours."),
            "quiet_end",
        )
    return hush, ends
