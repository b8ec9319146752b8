"""The morning brief: promises due today, awaited today, and overdue."""

from collections.abc import Iterator, Sequence

from bot.domain.brief import Brief
from bot.domain.promise import Promise, UserId
from bot.language import N_, _
from bot.views.blocks import Block, section
from bot.views.weight import facts
from bot.views.words import due_of, name_of, person, quoted

#: Most promises per list, and the longest quotation of each; the same for the notification.
LISTED, WHAT_LISTED, NAMED, WHAT_NAMED = 8, 100, 3, 60
WHY = N_("You get this on working mornings because you asked for it. `/promise settings` ends it.")


def brief_blocks(brief: Brief, viewer: UserId) -> list[Block]:
    return [section("\n".join([f"*{title}*", *_lines(promises, viewer)])) for title, promises in _lists(brief)]


def brief_text(brief: Brief) -> str:
    """Return the notification text of a brief."""
    parts = []
    for title, promises in _lists(brief):
        named_ones = ", ".join(
            f"{name_of(each)} {quoted(each.terms.what, WHAT_NAMED)} ({due_of(each)})" for each in promises[:NAMED]
        )
        more = _(" and {count} more").format(count=len(promises) - NAMED) if len(promises) > NAMED else ""
        parts.append(f"{title}: {named_ones}{more}.")
    return " ".join(parts)


def _lists(brief: Brief) -> Iterator[tuple[str, Sequence[Promise]]]:
    lists = (
        (_("Today you owe"), brief.owes),
        (_("Today you wait for"), brief.waits_for),
        (_("Late, and yours"), brief.late),
    )
    return ((title, promises) for title, promises in lists if promises)


def _lines(promises: Sequence[Promise], viewer: UserId) -> Iterator[str]:
    for each in promises[:LISTED]:
        other = each.other(viewer)
        whom = _(" · to {person}") if viewer == each.owner_id else _(" · from {person}")
        line = f"• *{name_of(each)}* {quoted(each.terms.what, WHAT_LISTED)}"
        line += "" if each.is_own else whom.format(person=person(other))
        yield facts(line, _("due {due}").format(due=due_of(each)), weight=each.weight)
    if len(promises) > LISTED:
        yield _("… and {count} more: `/promise list` shows all of them.").format(count=len(promises) - LISTED)
