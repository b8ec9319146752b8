"""A person's promises, one line each."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.promise import Promise, UserId
from bot.language import N_, _, ngettext
from bot.ports import Message, Side
from bot.views.blocks import context, header, section
from bot.views.buttons import row_menu
from bot.views.phrases import row_text
from bot.views.words import person

#: Most rows with menus, and the longest quotation; Slack takes some 13,000 characters a message.
SHOWN, WHAT_SHOWN = 14, 160
_MAKE = N_("Make one with `/promise @colleague send the deck by Friday 5pm`.")
_ASK = N_("Ask for one with `/promise ask @colleague send the deck by Friday 5pm`.")
_EXAMPLES = {Side.OWING: _MAKE, Side.OWED: _ASK, Side.MISSED: N_("See all with `/promise list`."), Side.ALL: _MAKE}


def promise_list(
    promises: Sequence[Promise],
    side: Side,
    viewer: UserId,
    now: datetime,
    whose: UserId | None = None,
    titles: tuple[str, str] | None = None,
) -> Message:
    """Return the promises in the order given; those left out are counted. `whose` is set for another person's list.

    `titles` replace the side's: one for a list, one for an empty one.
    """
    title, empty = titles or _titles(side)
    if whose and whose != viewer:
        empty = _("{person} has no open promise that you can see.").format(person=person(whose))
    if not promises:
        return Message(empty, [section(empty), context(_(_EXAMPLES[side]))])
    count = ngettext("{count} promise", "{count} promises", len(promises))
    rows = [section(row_text(each, viewer, now, WHAT_SHOWN), row_menu(each, viewer, now)) for each in promises[:SHOWN]]
    more = (
        [context(_("{count} more are on the Home tab.").format(count=len(promises) - SHOWN))]
        if len(promises) > SHOWN
        else []
    )
    about = (
        [context(_("What {person} owes and waits for, as far as you may see it.").format(person=person(whose)))]
        if whose
        else []
    )
    return Message(f"{title}: {count}.", [header(f"{title} ({len(promises)})"), *about, *rows, *more])


def _titles(side: Side) -> tuple[str, str]:
    match side:
        case Side.OWING:
            return _("You owe"), _("You owe nothing.")
        case Side.OWED:
            return _("You wait for"), _("You wait for nothing.")
        case Side.MISSED:
            return _("Late"), _("Nothing is late.")
        case Side.ALL:
            return _("Open promises"), _("You have no open promise.")
        case _:
            assert_never(side)
