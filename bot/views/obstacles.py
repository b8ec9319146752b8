"""“What could stop this?”: an optional question to the owner once a promise is made; the answer is shown half-way."""

from bot.domain.promise import NOTE_LIMIT, Promise
from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import Block, button, context, input_block, modal, section, text_input, text_message
from bot.views.phrases import quote
from bot.views.words import due_of, name_of, person, quoted

#: The button's action_id, the form's callback_id, and the name of its field.
ASK, FORM, FIELD = "obstacle.ask", "obstacle", "obstacle"
LABEL, EXAMPLE = N_("What could stop this?"), N_("The figures come from finance, and may be late")
HINT = N_("Only for you. I’ll ask about it half-way.")


def obstacle_button(promise: Promise) -> Block:
    return button(ASK, _(LABEL), promise.id)


def obstacle_field(words: str = "") -> Block:
    return input_block(
        FIELD, _(LABEL), text_input(NOTE_LIMIT, words, _(EXAMPLE), multiline=True), _(HINT), optional=True
    )


def obstacle_form(promise: Promise, words: str, private: str) -> Block:
    """Return the form behind the button; submitted empty, it deletes the note."""
    subject = section(
        _("*{number}* · due {due}").format(number=name_of(promise), due=due_of(promise))
        + f"\n{quote(promise.terms.what)}"
    )
    return modal(FORM, _(LABEL), _("Note it"), [subject, obstacle_field(words)], private)


def obstacle_noted(promise: Promise, words: str) -> Message:
    """Return the confirmation of the owner's private note."""
    if not words:
        text = _("Your note on {number} is gone.").format(number=name_of(promise))
        return text_message(text)
    text = _("Noted, only for you: what could stop {number}. I’ll ask about it half-way.").format(
        number=name_of(promise)
    )
    return text_message(text, context(quoted(words)))


def taken_on(promise: Promise) -> Message:
    """Return the reply to accepting a request, with doubts about the date if any."""
    whom = person(promise.requester_id)
    text = _("You promised {requester}: *{number}* is due {due}.").format(
        requester=whom, number=name_of(promise), due=due_of(promise)
    )
    asks = [{"type": "actions", "elements": [obstacle_button(promise)]}]
    face = section(f"{text}\n{quote(promise.terms.what, 300)}")
    return Message(text, [face, *asks, context(_("I’ll check in with you before then."))])
