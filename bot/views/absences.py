"""Days off: confirmations, their effect on deadlines, and the question about a Slack status."""

from collections.abc import Sequence

from bot.domain.clashes import Clash
from bot.domain.habits import Absence
from bot.domain.promise import Promise, UserId
from bot.language import N_, _, ngettext
from bot.ports import Message
from bot.views.blocks import Block, actions, button, context, divider, section, text_message
from bot.views.clashes import clash_blocks
from bot.views.phrases import days_shown
from bot.views.words import due_of, name_of, quoted

#: The buttons of the question about a status, and the one that removes an absence.
YES, NO, OFF = "away.yes", "away.no", "away.off"
SHOWN, WHAT_SHOWN = 8, 200
HOW_TO = N_(
    "`/promise away 24 Dec – 2 Jan` adds days off, `/promise back` ends them today, `/promise away off` removes all."
)


def away_list(absences: Sequence[Absence]) -> Message:
    """Return the list of a person's days off."""
    if not absences:
        text = _("You have no days off noted.")
        return text_message(text, context(_(HOW_TO)))
    days = ", ".join(_days(each) for each in absences)
    rows = [_row(each) for each in absences]
    return Message(
        _("You are away {days}.").format(days=days), [section(_("*You are away:*")), *rows, context(_(HOW_TO))]
    )


def _row(absence: Absence) -> Block:
    off = button(OFF, _("Remove"), absence.first_on.isoformat())
    from_status = _(", by your Slack status") if absence.why == "status" else ""
    return section(f"{_days(absence)}{from_status}", off)


def absence_noted(absence: Absence, clashes: Sequence[tuple[Promise, Clash]], viewer: UserId) -> Message:
    """Return the confirmation of an absence, with the deadlines that fall into it."""
    text = _("Noted: you are away {days}. People waiting on you see the dates, not the reason.").format(
        days=_days(absence)
    )
    follows = _("Before you leave, I’ll ask about what is due then or soon after.")
    blocks = [section(text), context(f"{follows} {_(HOW_TO)}")]
    if clashes:
        falls = ngettext("One deadline falls into it.", "{count} deadlines fall into it.", len(clashes))
        text = f"{text} {falls}"
        blocks.append(section(f"*{falls}* {_('I’ll tell the other side, too.')}"))
    for promise, found in clashes[:SHOWN]:
        subject = section(
            _("*{number}* {words}, due {due}").format(
                number=name_of(promise), words=quoted(promise.terms.what, WHAT_SHOWN), due=due_of(promise)
            )
        )
        blocks += [divider(), subject, *clash_blocks(promise, found, viewer)]
    if len(clashes) > SHOWN:
        blocks.append(
            context(_("… and {count} more: `/promise list` shows them all.").format(count=len(clashes) - SHOWN))
        )
    return Message(text, blocks)


def taken_away(gone: Sequence[Absence]) -> Message:
    """Return the confirmation that an absence was removed."""
    if not gone:
        text = _("You had no days off noted, so nothing was changed.")
        return text_message(text, context(_(HOW_TO)))
    days = [_days(each) for each in gone[:SHOWN]] + (
        [_("and {count} more").format(count=len(gone) - SHOWN)] if len(gone) > SHOWN else []
    )
    text = _("Removed: {days}.").format(days="; ".join(days))
    shown = text if len(days) == 1 else "\n• ".join([_("Removed:"), *days])
    return Message(text, [section(shown), context(_("Your check-ins go on."))])


def welcome_back(gone: Sequence[Absence]) -> Message:
    text = _("You were not noted as away today, so nothing was changed.")
    if gone:
        text = _("Welcome back. Your check-ins go on from today.")
    return text_message(text)


def status_question(absence: Absence, mark: str) -> Message:
    """Return the question whether a status means time off."""
    text = _("Your Slack status says that you are away until {last}. Shall I go by that?").format(last=_last(absence))
    then = _("If so, I ask before you leave or once you are back, and tell both sides of deadlines that fall into it.")
    buttons = [button(YES, _("Yes, I am away"), mark, "primary"), button(NO, _("No"), mark)]
    why = _("I ask once for each status, and keep the days, not its words.")
    return Message(text, [section(f"{text}\n{then}"), *actions(buttons), context(why)])


def not_away() -> Message:
    text = _("Good, nothing changes. `/promise away` notes days off whenever you want.")
    return text_message(text)


def _days(absence: Absence) -> str:
    return days_shown(absence.first_on, absence.last_on)


def _last(absence: Absence) -> str:
    return days_shown(absence.last_on, absence.last_on)
