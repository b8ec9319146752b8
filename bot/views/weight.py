"""Estimate and priority as text, and as the fields of a form."""

from datetime import timedelta

from bot.domain.weight import Priority, Weight
from bot.language import N_, _
from bot.views.blocks import Block, input_block, select_input, text_input

#: The fields' names in every form.
HOURS, PRIORITY = "hours", "priority"
PRIORITIES = {Priority.URGENT: N_("Urgent"), Priority.NORMAL: N_("Normal"), Priority.WHENEVER: N_("When you can")}
_HINT = N_("Working time, like 3, 1.5 or half a day. I count hours instead of promises then.")


def estimate_words(estimate: timedelta) -> str:
    """Return an estimate as text.

    >>> estimate_words(timedelta(hours=3)), estimate_words(timedelta(minutes=90)), estimate_words(timedelta(minutes=20))
    ('about 3 h', 'about 1.5 h', 'about 20 min')
    """
    hours = round(estimate / timedelta(hours=1), 2)
    return (
        _("about {hours:g} h").format(hours=hours)
        if hours >= 1
        else _("about {minutes} min").format(minutes=estimate // timedelta(minutes=1))
    )


def weight_words(weight: Weight) -> list[str]:
    """Return estimate and priority as text, the priority first; empty if there is neither."""
    words = [] if weight.priority is Priority.NORMAL else [_(PRIORITIES[weight.priority]).lower()]
    return [*words, estimate_words(weight.estimate)] if weight.estimate else words


def also(weight: Weight) -> str:
    """Return the text after a date in a sentence, with its commas; empty if there is neither.

    >>> also(Weight(timedelta(hours=3), Priority.URGENT)), also(Weight())
    (', urgent, about 3 h', '')
    """
    return "".join(f", {words}" for words in weight_words(weight))


def facts(*parts: str, weight: Weight) -> str:
    """Return the parts of a line, with estimate and priority last."""
    return " · ".join([*parts, *weight_words(weight)])


def weight_fields(weight: Weight) -> list[Block]:
    """Return the two fields, with the current values."""
    hours = f"{weight.estimate / timedelta(hours=1):.2f}".rstrip("0").rstrip(".") if weight.estimate else ""
    priority = select_input(((each.value, _(label)) for each, label in PRIORITIES.items()), weight.priority)
    return [
        input_block(HOURS, _("Estimate in hours"), text_input(40, hours, "3"), _(_HINT), optional=True),
        input_block(PRIORITY, _("Priority"), priority),
    ]
