"""The settings of one person, as a modal, and what is said once they are saved."""

from bot.domain.people import Person
from bot.domain.preferences import MOST_A_DAY, MOST_LEAD_DAYS
from bot.ports import Message
from bot.views.blocks import Block, boxes_input, clock_input, input_block, modal, number_input
from bot.views.phrases import hours_line
from bot.views.replies import sentence
from bot.views.words import clean

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def settings_form(person: Person, private: str) -> Block:
    """What Kept goes by when it speaks to somebody; each field's name is that of the preference."""
    chosen = person.preferences
    days = boxes_input(((str(number), day) for number, day in enumerate(_DAYS)), map(str, sorted(chosen.days)))
    zone = f"The time zone is that of your Slack profile: {clean(person.hours.zone)}. Change it there."
    ahead = "When you are asked about what you owe, and hear about what you wait for."
    not_yet = "Not in use yet: your choice is kept, and until then every message comes."
    blocks = [
        input_block("days", "Which days do you work?", days),
        input_block("start", "From", clock_input(chosen.start)),
        input_block("end", "To", clock_input(chosen.end), zone),
        input_block(
            "lead_days", "Working days before a deadline", number_input(chosen.lead_days, MOST_LEAD_DAYS), ahead
        ),
        input_block("daily_cap", "Reminders a day, at most", number_input(chosen.daily_cap, MOST_A_DAY), not_yet),
    ]
    return modal("settings", "Settings", "Save", blocks, private)


def settings_saved(person: Person) -> Message:
    """What holds from now on."""
    return sentence(f"Saved. {hours_line(person.hours)} The reminders of your open promises are planned anew by that.")
