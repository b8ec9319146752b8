"""`kept export` and `kept forget`: one person's data, read directly from the database."""

from collections.abc import Awaitable, Callable

from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.errors import NotFoundError
from bot.domain.promise import TeamId, UserId
from bot.ports.progress import Progress, unseen
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.exports import Exports
from bot.use_cases.own_data import UNKNOWN, OwnData
from bot.views.files import csv_of


async def export_person(
    settings: Settings, team: str, person: str, progress: Progress = unseen, *, everything: bool = False
) -> str:
    """Return the promises a person ever owed as CSV, or everything stored about them as JSON.

    Raises NotFoundError when nothing is stored.
    """

    async def work(context: Context) -> str:
        if everything:
            return await OwnData(context).everything(TeamId(team), UserId(person), progress)
        if not await context.store.everything_of(TeamId(team), UserId(person), progress):
            raise NotFoundError(UNKNOWN.format(person=person, team=team))
        return csv_of(await Exports(context).table(TeamId(team), UserId(person)))

    return await _with_books(settings, work)


async def delete_person(settings: Settings, team: str, person: str) -> str:
    """Delete a person; return a sentence with the number of rows changed.

    Raises NotFoundError when nothing is stored about them.
    """

    async def work(context: Context) -> str:
        rows = await OwnData(context).forget(TeamId(team), UserId(person))
        return f"Forgot {person}: {rows} rows were deleted or changed. The other sides are told that they left."

    return await _with_books(settings, work)


async def _with_books(settings: Settings, work: Callable[[Context], Awaitable[str]]) -> str:
    store = await open_store(settings.database)
    try:
        return await work(Context(store, SystemClock()))
    finally:
        await store.close()
