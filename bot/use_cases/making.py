"""A promise's first row: alone, as the rest of another, or as one occurrence of a series."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.acts import Act, State
from bot.domain.deciding import Entry, begin
from bot.domain.drafts import Draft
from bot.domain.limits import WINDOW, Limits
from bot.domain.promise import Promise
from bot.domain.recurring import series_of
from bot.ports import DeliveryId, Transaction
from bot.use_cases.announcing import shown_where_made
from bot.use_cases.linking import stand_on
from bot.use_cases.owing import notices_of, owe

NewDelivery = Callable[[], DeliveryId]


def record_drafted(tx: Transaction, blank: Promise, entry: Entry, draft: Draft, new_id: NewDelivery) -> Promise:
    """Records what somebody made; with a rule it is the first of a series."""
    promise = record_new(tx, blank, entry, new_id, draft.needs)
    if draft.rule:
        tx.series.add(series_of(promise, draft.rule))
    return promise


def check_limits(tx: Transaction, promise: Promise, entry: Entry, limits: Limits) -> None:
    """Raise TooManyError when this promise, just recorded, is one too many for its maker or its channel."""
    if limits.are_set:
        place = "" if promise.origin.is_private else promise.origin.channel_id
        limits.check(*tx.promises.made_since(entry.at - WINDOW, entry.by, place))


def record_new(
    tx: Transaction,
    blank: Promise,
    entry: Entry,
    new_id: NewDelivery,
    needs: tuple[int, ...] = (),
    *,
    quietly: bool = False,
) -> Promise:
    """Records a promise; `quietly` announces it to nobody.

    Raises BusyError when one was made from the same origin before.
    """
    begun = begin(blank, entry)
    promise = replace(begun, number=tx.promises.next_number())
    tx.promises.add(promise, entry)
    stand_on(tx, promise.id, needs, entry.by)
    messages = [] if quietly else [*notices_of(tx, None, promise, entry), *shown_where_made(promise, entry)]
    owe(tx, promise.id, messages, new_id, concerned={promise.owner_id, promise.requester_id}, at=entry.at)
    return promise


def follow_first(tx: Transaction, first: Promise, entry: Entry) -> None:
    """Second thoughts about the first of a series are about the series: undone or corrected with it."""
    if first.series_id != first.id or entry.act not in (Act.UNDO, Act.EDIT, Act.ADJUST):
        return
    series = tx.series.get(first.id, for_change=True)
    if series is None or series.ended_at:
        return
    if first.state is State.UNDONE:
        tx.series.save(series.ended(entry.by, entry.at))
    else:
        terms, weight = first.terms, first.weight
        tx.series.save(replace(series, what=terms.what, done_when=terms.done_when, weight=weight))
