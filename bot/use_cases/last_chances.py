"""Last-chance messages that were posted, with the current state of all they name."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.digests import LastChance
from bot.domain.occasions import OfPost
from bot.domain.promise import PromiseId, UserId
from bot.ports import Delivery, Transaction
from bot.use_cases.people import hours_of


def chances_naming(
    tx: Transaction, promises: Collection[PromiseId]
) -> Mapping[PromiseId, Sequence[tuple[Delivery, LastChance]]]:
    """Return for each promise the posted last-chance messages that name it, with the current state of all they name."""
    found = tx.digests.chances_naming(promises)
    return {each: [(row, _current_chance(tx, row)) for row in rows] for each, rows in found.items()}


def _current_chance(tx: Transaction, delivery: Delivery) -> LastChance:
    post = OfPost.read(delivery.occasion)
    setting = tx.digests.get(post.channel_id)
    named = [promise for each in tx.digests.named_in(delivery.id) if (promise := tx.promises.get(each))]
    promises = sorted(named, key=lambda promise: (promise.terms.due.at, promise.number))
    zone = setting.zone if setting else hours_of(tx, UserId(delivery.to)).zone
    held = setting.left_out_at(post.post_at) if setting else frozenset()
    return LastChance(UserId(delivery.to), post.channel_id, zone, post.post_at, tuple(promises), held)
