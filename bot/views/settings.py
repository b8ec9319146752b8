"""Settings modals, one's own and the defaults for everyone, and their confirmations."""

from bot.domain.people import Person
from bot.domain.preferences import MAX_A_DAY, MAX_LEAD_DAYS, Preferences
from bot.language import N_, _, offered, weekday_name
from bot.ports import Message
from bot.views.blocks import (
    Block,
    boxes_input,
    clock_input,
    context,
    input_block,
    modal,
    number_input,
    select_input,
    text_input,
)
from bot.views.own_data import own_data_blocks
from bot.views.phrases import hours_line
from bot.views.replies import sentence
from bot.views.tokens import tokens_blocks
from bot.views.words import city_of, clean, one_line

#: The choice of no language, as the form's value.
AS_IN_SLACK = "slack"
_COUNTRY = N_("A country or a part of it, by name or by code: Germany, Bavaria, US, GB-SCT. Empty for none.")
_AHEAD = N_("How early I check in about what you owe and what you wait for. A promise may have its own.")
_CAP = N_("More than that waits for the next morning, unless it is urgent.")
_BRIEF = N_("What you owe and wait for that day, and what is late.")
_ROOM = N_("They see “that week is full; Thu 3 Dec has room”. What you owe, and to whom, stays yours.")
_QUIET = N_("I write nothing then, even in your working hours. Leave both empty for none.")


def settings_form(person: Person, private: str) -> Block:
    """Return the settings form; each field is named like the preference."""
    zone = _("In {city} time, as in your Slack profile. Change it there.").format(city=clean(city_of(person.zone)))
    away = _("Days off: `/promise away 24 Dec – 2 Jan`.")
    if not person.has_chosen:
        away += " " + _("Until you save, your workspace’s settings apply.")
    return modal(
        "settings",
        _("Settings"),
        _("Save"),
        [*_fields(person.preferences, zone), context(away), *tokens_blocks(), *own_data_blocks()],
        private,
    )


def defaults_form(chosen: Preferences, private: str) -> Block:
    """Return the form of the defaults; it lacks the morning brief, which each person asks for."""
    lead = context(_("This applies to everybody in the workspace without settings of their own."))
    zone = _("In each person’s own time zone.")
    return modal(
        "defaults",
        _("Settings for everybody"),
        _("Save"),
        [lead, *_fields(chosen, zone, is_own=False), *tokens_blocks(is_own=False)],
        private,
    )


def _fields(chosen: Preferences, zone: str, *, is_own: bool = True) -> list[Block]:
    days = boxes_input(
        ((str(number), weekday_name(number, short=False)) for number in range(7)), map(str, sorted(chosen.days))
    )
    brief = boxes_input([("yes", _("A message in the morning"))], ["yes"] if chosen.has_brief else [])
    hush, ends = chosen.quiet or (None, None)
    ahead, most = number_input(chosen.lead_days, MAX_LEAD_DAYS), number_input(chosen.daily_cap, MAX_A_DAY)
    return [
        input_block("days", _("Which days do you work?"), days),
        input_block("start", _("From"), clock_input(chosen.start)),
        input_block("end", _("To"), clock_input(chosen.end), zone),
        input_block(
            "country", _("Whose public holidays?"), text_input(60, chosen.country, "DE-BY"), _(_COUNTRY), optional=True
        ),
        input_block("lead_days", _("Working days before a deadline"), ahead, _(_AHEAD)),
        *(
            [input_block("has_brief", _("Morning brief"), brief, _(_BRIEF), optional=True), _room(chosen)]
            if is_own
            else []
        ),
        input_block("quiet", _("Quiet hours from"), clock_input(hush), optional=True),
        input_block("quiet_end", _("Quiet hours to"), clock_input(ends), _(_QUIET), optional=True),
        input_block("daily_cap", _("Reminders a day, at most"), most, _(_CAP)),
        *_language(chosen),
    ]


def _language(chosen: Preferences) -> list[Block]:
    """Return the choice of a language; no block while there is only one."""
    names = offered()
    if len(names) == 1:
        return []
    options = [(AS_IN_SLACK, _("As in Slack")), *names.items()]
    initial = chosen.language if chosen.language in names else AS_IN_SLACK
    return [input_block("language", _("Language"), select_input(options, initial))]


def _room(chosen: Preferences) -> Block:
    boxes = boxes_input([("yes", _("Show whether I have room"))], ["yes"] if chosen.shows_room else [])
    return input_block("shows_room", _("People who ask me for something"), boxes, _(_ROOM), optional=True)


def settings_saved(person: Person, calendar: str) -> Message:
    """Return the confirmation of saved settings; `calendar` is the name of their public holidays."""
    off = [_("Holidays: {country}.").format(country=one_line(calendar, 80))] if calendar else []
    return sentence(" ".join([_("Saved."), hours_line(person.hours), *off, _("Your check-ins follow these settings.")]))


def defaults_saved() -> Message:
    """Return the confirmation of saved defaults for the admin."""
    return sentence(_("Saved for everybody without settings of their own. Their check-ins follow these settings."))
