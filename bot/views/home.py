"""The Home tab: promises one owes and is owed, and those that need attention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import UnreadableError
from bot.domain.figures import Record
from bot.domain.overview import Groups, Overview, Section, Show
from bot.domain.people import Person, is_person
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.rights import ANSWERS
from bot.language import N_, _
from bot.ports import Delivery
from bot.views.blocks import Block, actions, button, context, divider, header, section
from bot.views.buttons import apart, open_acts, ordered, quiet, row, row_menu
from bot.views.phrases import away_line, hours_line, how_kept, row_text
from bot.views.record import record_line
from bot.views.refusals import why
from bot.views.words import name_of, named, numbered, one_line

#: A row is two blocks at most.
ROW_BUTTONS, WHAT_SHOWN = 2, 240
#: Most undelivered messages listed.
UNDELIVERED_SHOWN = 3
#: Most kept promises shown, and the longest quotation of each.
KEPT_SHOWN, KEPT_WHAT = 3, 120


_TITLES = {
    Show.ALL: N_("Everything"),
    Show.OWING: N_("I owe"),
    Show.OWED: N_("I wait for"),
    Show.AT_RISK: N_("At risk"),
}


@dataclass(frozen=True, slots=True)
class HomeContent:
    """The Home tab's promises and what surrounds them.

    `record` is the person's own, shown once it has enough outcomes; `undelivered` are messages about what they owe that
    Slack refused; `kept` are promises kept lately; `is_new` adds the welcome.
    """

    overview: Overview
    record: Record | None = None
    undelivered: Sequence[Delivery] = ()
    kept: Sequence[Promise] = ()
    is_new: bool = False


def home(person: Person, content: HomeContent, now: datetime, show: Show = Show.ALL, page: int = 0) -> Block:
    """Return the view to publish; each group in order of urgency and date, `page` counted from 0 within one group."""
    groups, promises = content.overview.groups, content.overview.promises
    blocks = [
        *(_welcome() if content.is_new else ()),
        *_top(groups, show),
        *_undelivered(content.undelivered, {each.id: each.number for each in groups[Show.OWING]}, person.id),
    ]
    if not any(groups.values()):
        blocks += _empty()
    else:
        for part in content.overview.sections:
            rows = [block for each in part.drawn for block in _row(promises[each.id], person.id, now)]
            blocks += _overview(part, rows) if show is Show.ALL else _page(part, rows)
    if show is Show.ALL:
        blocks += _kept_lately(content.kept, person.id, now)
    blocks += _foot(person, content.record, now)
    return {"type": "home", "callback_id": "home", "private_metadata": place(show, page), "blocks": apart(blocks)}


def _welcome() -> list[Block]:
    """Return the welcome with three examples, for the first visit."""
    examples = (
        _("`/promise @colleague send the Q3 deck by Friday 5pm` – you owe it; I check in before it is due"),
        _("`/promise ask @colleague review the PR by Tuesday` – they owe it once they accept"),
        _("*Track as a promise*, in the ⋮ menu of any message – makes a promise of what it says"),
    )
    return [
        header(_("Welcome. I remember promises and check in before they are due")),
        section("\n".join(f"• {example}" for example in examples)),
        *actions([button("home.welcome.over", _("Don’t show this again"), "over")]),
        divider(),
    ]


def _undelivered(rows: Sequence[Delivery], owing: Mapping[PromiseId, int], viewer: UserId) -> list[Block]:
    """Return messages that were given up, so that the owner can contact people personally.

    `owing` has the numbers of the promises that the viewer owes.
    """
    listed = [(row, owing[row.promise_id]) for row in rows if row.promise_id and row.promise_id in owing and row.to]
    lines = [
        _("• *{number}*, to {recipient}: {reason}.").format(
            number=numbered(number), recipient=_recipient(row.to, viewer), reason=why(row.error, row.to).reason
        )
        for row, number in listed[:UNDELIVERED_SHOWN]
    ]
    if len(listed) > UNDELIVERED_SHOWN:
        lines.append(_("… and {count} more.").format(count=len(listed) - UNDELIVERED_SHOWN))
    cure = _("Please say it yourself, and tell the person who runs Kept: `kept doctor` shows the same.")
    return [section("\n".join([_("*Slack did not accept these messages of mine.*"), *lines, cure]))] if listed else []


def _recipient(to: str, viewer: UserId) -> str:
    return named(UserId(to), viewer) if is_person(to) else f"<#{to}>"


def _kept_lately(kept: Sequence[Promise], viewer: UserId, now: datetime) -> list[Block]:
    """Return the promises this person kept lately."""
    lines = [
        f"✓ *{name_of(promise)}* {one_line(promise.terms.what, KEPT_WHAT)}"
        + ("" if promise.is_own else _(" for {requester}").format(requester=named(promise.requester_id, viewer)))
        + how_kept(promise, now)
        for promise in kept[:KEPT_SHOWN]
    ]
    return [section("\n".join([_("*Kept lately*"), *lines])), divider()] if lines else []


def _foot(person: Person, record: Record | None, now: datetime) -> list[Block]:
    """Return one's own record, and the hours and days in which Kept sends messages."""
    lines = (
        [_("Your record: {record} Only you see this. `/promise stats` shows more.").format(record=record_line(record))]
        if record
        else []
    )
    if away := away_line(person.absences, person.hours.local(now).date()):
        lines.append(away)
    lines.append(f"{hours_line(person.hours)} {_('`/promise help` shows what I understand.')}")
    return [context(*lines), *actions([button("home.settings", _("Settings"), "settings")])]


def place(show: Show, page: int) -> str:
    """Return the value of a link in the Home tab: its filter and page."""
    return f"{show}:{page}"


def read_place(value: str) -> tuple[Show, int]:
    """Parse the filter and page of a link.

    Raises UnreadableError for an invalid value.
    """
    show, _sep, page = value.partition(":")
    if show not in set(Show) or not page.isascii() or not page.isdigit() or len(page) > 6:
        raise UnreadableError(_("That link is from an older version of this page. Open the tab again."))
    return Show(show), int(page)


def _top(groups: Groups, show: Show) -> list[Block]:
    make = button("home.make", _("Make a promise"), style="primary")
    filters = []
    for each, title in _TITLES.items():
        count = f" ({len(groups[each])})" if each in groups else ""
        mark = "● " if each is show else ""
        filters.append(button(f"home.show.{each}", f"{mark}{_(title)}{count}", place(each, 0)))
    return actions([make, *filters]) if any(groups.values()) else actions([make])


def _empty() -> list[Block]:
    return [
        section(_("*You have no open promise.* Make one, and I check in with both of you before it is due:")),
        section(_("`/promise @colleague send the Q3 deck by Friday 5pm`")),
    ]


def _overview(part: Section, rows: Sequence[Block]) -> list[Block]:
    """Return the first rows of a group, without those already listed under “At risk”."""
    above = _(" – {count} above").format(count=part.above) if part.above else ""
    blocks = [header(f"{_(_TITLES[part.group])} ({part.count}){above}"), *rows]
    if part.is_cut:
        more = button(f"home.more.{part.group}", _("All {count}").format(count=part.count), place(part.group, 0))
        blocks += actions([more])
    return [*blocks, divider()]


def _page(part: Section, rows: Sequence[Block]) -> list[Block]:
    show, page, pages = part.group, part.page, part.pages
    blocks = [header(f"{_(_TITLES[show])} ({part.count})"), *rows]
    if not rows:
        blocks.append(section(_("Nothing here.")))
    earlier = [button("home.page.previous", _("Earlier"), place(show, page - 1))] if page else []
    later = [button("home.page.next", _("Later"), place(show, page + 1))] if page < pages - 1 else []
    foot = [context(_("Page {page} of {pages}").format(page=page + 1, pages=pages))] if pages > 1 else []
    return [*blocks, *foot, *actions([*earlier, *later])]


def _row(promise: Promise, viewer: UserId, now: datetime) -> list[Block]:
    answers = [act for act in ordered(open_acts(promise, viewer, now)) if act in ANSWERS][:ROW_BUTTONS]
    blocks = [section(row_text(promise, viewer, now, WHAT_SHOWN), row_menu(promise, viewer, now, but=answers))]
    return [*blocks, *(quiet(block) for block in row(answers, promise))]
