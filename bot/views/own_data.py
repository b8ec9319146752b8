"""A person's own data: export and deletion."""

from bot.domain.promise import UserId
from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import Block, actions, button, confirmation, context, section, text_message
from bot.views.words import person

_WHAT = N_(
    "Your name, your words, settings, days off and private addresses are deleted, and your open promises end for the "
    "other side as if you had left. This cannot be undone."
)
_EXPORT = N_("`/promise export` gives you a calendar, a table and everything as JSON.")


def own_data_blocks() -> list[Block]:
    """Return the last part of the settings: export of all data, and its deletion."""
    return [section(f"{_('*My data*')}\n{_(_EXPORT)}"), *actions([_forget_button(_("Forget me"), "")])]


def forget_question(whose: UserId) -> Message:
    """Return the confirmation question to an admin before a person's data is deleted."""
    text = _("Forget {person}?").format(person=person(whose))
    return text_message(text, *actions([_forget_button(_("Forget them"), whose)]), context(_(_FOR_OTHERS)))


_FOR_OTHERS = N_(
    "Their name, words and settings are deleted. Their promises stay in the other side's record, without a name."
)


def forgotten(*, is_own: bool) -> Message:
    """Return the confirmation that a person's data was deleted."""
    text = (
        _("Done. Your name, words and settings are deleted. If you use Kept again, you start from scratch.")
        if is_own
        else _("Done. Their name, words and settings are deleted.")
    )
    return text_message(text)


def _forget_button(label: str, whose: str) -> Block:
    sure = confirmation(_("Forget everything?"), _(_WHAT if not whose else _FOR_OTHERS), _("Yes, forget"))
    return button("data.forget", label, whose or "me", "danger", sure)
