"""The form's field for a recurrence rule."""

from bot.domain.drafts import Draft
from bot.domain.recurring import Repeat
from bot.language import N_, _
from bot.views.blocks import Block, input_block, select_input

FIELD = "repeats"
_LABELS = {
    Repeat.ONCE: N_("Once"),
    Repeat.DAILY: N_("Every working day, at that hour"),
    Repeat.WEEKLY: N_("Every week, on that day"),
    Repeat.FORTNIGHTLY: N_("Every two weeks, on that day"),
    Repeat.MONTHLY: N_("Every month, on that date"),
}
_HINT = N_("Each time is a promise of its own. Your days off are skipped. “/promise end 12” ends it.")


def repeats_field(draft: Draft) -> Block:
    """Return the field; “once” unless the draft has a rule that the form offers."""
    chosen = Repeat.of(draft.rule, draft.due) or Repeat.ONCE
    element = select_input(((each.value, _(label)) for each, label in _LABELS.items()), chosen)
    return input_block(FIELD, _("How often?"), element, _(_HINT))
