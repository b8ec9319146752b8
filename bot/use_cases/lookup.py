"""Find one promise by its id or its number."""

from bot.domain.errors import NotFoundError
from bot.domain.promise import Promise, PromiseId
from bot.language import _
from bot.ports import Transaction


def find(tx: Transaction, ref: PromiseId | int, *, for_change: bool = False) -> Promise:
    """Return the promise with that id or number.

    Raises NotFoundError when there is none.
    """
    if isinstance(ref, int):
        promise = tx.promises.numbered(ref, for_change=for_change)
    else:
        promise = tx.promises.get(ref, for_change=for_change)
    if promise is None:
        raise unknown_promise(ref)
    return promise


def unknown_promise(ref: PromiseId | int) -> NotFoundError:
    """Return the error for a promise that does not exist. A promise that must stay hidden gets the same."""
    if isinstance(ref, int):
        unseen = _("There is no promise #{number} that you can see. `/promise list` shows yours.")
        return NotFoundError(unseen.format(number=ref))
    return NotFoundError(_("There is no such promise that you can see. `/promise list` shows yours."))
