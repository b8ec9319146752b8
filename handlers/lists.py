"""`/promise list …`: by side, person, channel, days or text."""

import re

from bot.domain.due_dates import Deadline
from bot.domain.listing import Listing, held, read_listing
from bot.domain.ordering import in_order
from bot.domain.promise import Promise
from bot.domain.wording import read_promise
from bot.language import _
from bot.ports import Side
from bot.services import Services
from bot.views.guesses import Guess, is_it_new
from bot.views.lists import promise_list
from bot.views.recurring import with_recurring
from bot.views.words import one_line
from handlers.parties import person_meant
from handlers.payloads import Call
from handlers.replies import Reply

#: From this many words with a date on, text is taken for a promise: "list the open bugs by Friday".
LIKE_A_PROMISE = 2


async def on_list(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`list`, `list owing`, `list owed`, `list missed`, `list @who`."""
    side, whose = (words["side"] or "all").lower(), call.user_id
    if words["who"]:
        side, whose = "all", await person_meant(services, call, words["who"])
    me = await services.people.of(call.team_id, call.user_id)
    promises = in_order(await services.promises.listed(call.team_id, whose, Side(side), call.user_id), me.hours)
    other = whose if words["who"] else None
    listed = promise_list(promises, Side(side), call.user_id, services.clock.now(), other)
    if side == Side.ALL and not other:
        listed = with_recurring(listed, await services.recurring.of_person(call.team_id, call.user_id))
    return Reply(listed)


async def on_list_of(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`list today`, `list late`, `list #channel`, `list deck`; ask about text that may be a promise."""
    me, now, rest = await services.people.of(call.team_id, call.user_id), services.clock.now(), words["rest"]
    read = read_promise(rest, now, me.hours, me.reading_locale)
    listing = read_listing(rest, now, me.hours)
    is_dated = isinstance(read.deadline, Deadline) and len(read.what.split()) >= LIKE_A_PROMISE
    if listing is None or (is_dated and not listing.days):
        return Reply(is_it_new(call.text, [Guess("list", "list")]))
    found = held(await _all_of(services, call, listing), listing, me.hours)
    found = found if listing.side == "closed" else in_order(found, me.hours)
    side = Side(listing.side) if listing.side in set(Side) else Side.ALL
    return Reply(promise_list(found, side, call.user_id, now, titles=_titles(listing)))


def _titles(listing: Listing) -> tuple[str, str] | None:
    """Return a title for the list and a sentence for an empty one; None if the side gives them."""
    if listing.words:
        words = one_line(" ".join(listing.words), 60)
        return _("With “{words}”").format(words=words), _("None of your open promises says “{words}”.").format(
            words=words
        )
    if listing.days:
        return _("Due {due}").format(due=listing.title), _("Nothing is due {title}.").format(title=listing.title)
    if listing.channel:
        return _("In that channel"), _("No promise is open in that channel.")
    return (_("Closed lately"), _("None of your promises has ended yet.")) if listing.side == "closed" else None


async def _all_of(services: Services, call: Call, listing: Listing) -> tuple[Promise, ...]:
    if listing.side == "closed":
        return await services.records.closed(call.team_id, call.user_id)
    if listing.channel:
        return await services.records.open_in(call.team_id, listing.channel)
    return await services.promises.listed(call.team_id, call.user_id, Side(listing.side), call.user_id)
