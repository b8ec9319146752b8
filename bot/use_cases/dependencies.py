"""Dependencies between promises: others that must be kept first."""

from collections.abc import Iterable

from bot.domain.acts import State
from bot.domain.errors import UnreadableError
from bot.domain.promise import Promise, PromiseId, UserId
from bot.language import _
from bot.ports import Transaction

#: Most promises that one may depend on.
MAX_NEEDS = 20


def add_dependencies(tx: Transaction, promise_id: PromiseId, numbers: Iterable[int], by: UserId) -> None:
    """Record that a promise depends on others, given by number.

    Raises UnreadableError for one that this person cannot see, and for a cycle.
    """
    wanted = tuple(numbers)
    if wanted and len(wanted) + len(tx.links.dependencies_of(promise_id)) > MAX_NEEDS:
        raise UnreadableError(
            _("A promise can depend on at most {most_needs} others. Name the most important ones.").format(
                most_needs=MAX_NEEDS
            ),
            "needs",
        )
    for number in wanted:
        needed = tx.promises.numbered(number)
        if needed is None or needed.state is State.UNDONE or not needed.is_visible_to(by):
            raise UnreadableError(_("There is no promise #{number} that you can see.").format(number=number), "needs")
        if needed.id == promise_id:
            raise UnreadableError(_("#{number} can’t depend on itself.").format(number=number), "needs")
        if promise_id in _all_dependencies(tx, needed.id):
            raise UnreadableError(
                _("#{number} depends on this one already, so neither could be kept first.").format(number=number),
                "needs",
            )
        tx.links.add(promise_id, needed.id)


def replace_dependencies(tx: Transaction, promise_id: PromiseId, numbers: Iterable[int], by: UserId) -> None:
    """Replace the dependencies of a promise that this person may see.

    Raises what `add_dependencies` raises.
    """
    wanted = dict.fromkeys(numbers)
    before = {needed.number: needed for needed in visible_dependencies(tx, promise_id, by)}
    for number in before.keys() - wanted.keys():
        tx.links.remove(promise_id, before[number].id)
    add_dependencies(tx, promise_id, (number for number in wanted if number not in before), by)


def visible_dependencies(tx: Transaction, promise_id: PromiseId, viewer: UserId) -> tuple[Promise, ...]:
    """Return the promises that one depends on, as far as this person may see them."""
    found = (tx.promises.get(needed) for needed in tx.links.dependencies_of(promise_id))
    return tuple(each for each in found if each and each.state is not State.UNDONE and each.is_visible_to(viewer))


def _all_dependencies(tx: Transaction, promise_id: PromiseId) -> set[PromiseId]:
    """Return all direct and indirect dependencies of a promise."""
    seen: set[PromiseId] = set()
    waiting = [promise_id]
    while waiting:
        for needed in tx.links.dependencies_of(waiting.pop()):
            if needed not in seen:
                seen.add(needed)
                waiting.append(needed)
    return seen
