"""The form's field for a recurrence rule."""

from bot.domain.drafts import Draft
from bot.domain.recurring import Repeat
from bot.views.blocks import Block, input_block, text_object

FIELD = "repeats"
_LABELS = {
    Repeat.ONCE: "Once",
    Repeat.DAILY: "Every working day, at that hour",
    Repeat.WEEKLY: "Every week, on that day",
    Repeat.FORTNIGHTLY: "Every two weeks, on that day",
    Repeat.MONTHLY: "Every month, on that date",
}
_HINT = "Each time is a promise of its own. Your days off are left out. “/promise end 12” ends it."


def repeats_field(draft: Draft) -> Block:
    """Return the field; “once” unless the draft has a rule that the form offers."""
    options = {each: {"value": each.value, "text": text_object(label)} for each, label in _LABELS.items()}
    chosen = Repeat.of(draft.rule, draft.due) or Repeat.ONCE
    element = {"type": "static_select", "options": list(options.values()), "initial_option": options[chosen]}
    return input_block(FIELD, "How often?", element, _HINT)
