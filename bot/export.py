"""`kept export`: one person's promises as CSV, straight from the books."""

from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.promise import TeamId, UserId
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.exports import Exports
from bot.views.files import csv_of


async def run(settings: Settings, team: str, person: str) -> str:
    store = await open_store(settings.database)
    try:
        exports = Exports(Context(store, SystemClock()))
        return csv_of(await exports.table(TeamId(team), UserId(person)))
    finally:
        await store.close()
