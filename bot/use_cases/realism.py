"""What an owner should know about a date they promise: read after it was recorded, told to them alone."""

from bot.domain.promise import Promise, UserId
from bot.domain.realism import LAST, Doubt, doubt
from bot.ports import Side, Store, Transaction
from bot.use_cases.people import hours_of

#: How many open promises are looked at, and how many closed ones: some were cancelled.
OWED, CLOSED = 200, 3 * LAST


class Realism:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def doubt(self, promise: Promise, viewer: UserId) -> Doubt | None:
        """None for anybody but the owner, and when nothing speaks against the date."""
        if viewer != promise.owner_id or not promise.state.is_open:
            return None

        def work(tx: Transaction) -> Doubt | None:
            owed = tx.promises.concerning(viewer, Side.OWING, OWED)
            return doubt(promise, owed, tx.records.closed_of(viewer, CLOSED), hours_of(tx, viewer))

        return await self._store.read(promise.team_id, work)
