"""A bot as one builds it in an afternoon from the same parts: the peer of `python -m bench.servers literal PORT URL`.

Bolt, SQLAlchemy's ORM on aiosqlite, dateparser, and an APScheduler date job for each reminder, in a job store of its
own (in the same file the two lock each other out). Its promise is as durable as Kept's: the row and both jobs are
committed before the acknowledgement.
"""

import re
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>\s*")
#: How long before the deadline the owner is asked, and the requester is notified.
ASKED, SENT = timedelta(hours=24), timedelta(hours=2)


class Base(DeclarativeBase):
    pass


class Promise(Base):
    __tablename__ = "promises"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    requester: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    channel: Mapped[str]
    due: Mapped[datetime]


async def remind(promise_id: int, person: str) -> None:
    """Nothing is sent here: sending is another bench."""


async def connect(app: AsyncApp, url: str) -> None:
    """Have the app record promises in a SQLite file."""
    search: Any = import_module("dateparser.search").search_dates
    patient = {"timeout": 60}  # with the default of 5 s some requests fail with "database is locked"
    engine = create_async_engine(url.replace("sqlite://", "sqlite+aiosqlite://"), connect_args=patient)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    session = async_sessionmaker(engine, expire_on_commit=False)
    scheduler = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url=url.replace(".db", "-jobs.db"))})
    scheduler.start()

    @app.command("/promise")
    async def on_promise(ack: AsyncAck, command: dict[str, Any]) -> None:
        text = command["text"]
        mention = MENTION.match(text)
        found = search(text, languages=["en"], settings={"PREFER_DATES_FROM": "future", "TIMEZONE": "UTC"})
        if mention is None or not found:
            await ack("Say to whom and by when.")
            return
        due = found[-1][1]
        async with session() as books:
            await _record(books, scheduler, command, mention[1], due)
        await ack(f"Recorded: {MENTION.sub('', text)}")


async def _record(
    books: AsyncSession, scheduler: AsyncIOScheduler, command: dict[str, Any], requester: str, due: datetime
) -> None:
    promise = Promise(
        owner=command["user_id"], requester=requester, text=command["text"], channel=command["channel_id"], due=due
    )
    books.add(promise)
    await books.commit()
    for person, at in ((promise.owner, due - ASKED), (requester, due - SENT)):
        scheduler.add_job(remind, "date", run_date=at, args=[promise.id, person], misfire_grace_time=None)
